//! The attestation types. Statements prove one of them, and the metadata list those of a model. Spec: 6.5.3.

/// What the attestation proves of the authenticator. Spec: 6.5.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AttestationType {
    /// Nothing.
    None,
    /// That the authenticator holds the credential's private key.
    SelfAttestation,
    /// Its model, by a key that many authenticators of the model have; or by a certificate of its own, which the
    /// statement does not tell apart.
    Basic,
    /// Its model, by a key that an attestation CA certified for this authenticator.
    AttCa,
    /// Its model, by a key that a CA certified for this credential alone.
    AnonCa,
}

impl AttestationType {
    /// The name as it crosses into other languages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SelfAttestation => "self",
            Self::Basic => "basic",
            Self::AttCa => "attca",
            Self::AnonCa => "anonca",
        }
    }
}
