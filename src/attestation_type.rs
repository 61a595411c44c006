//! The attestation types. A statement proves one of them; the metadata list the types of a model. Spec: 6.5.3.

/// What the attestation proves about the authenticator. Spec: 6.5.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AttestationType {
    /// Nothing.
    None,
    /// That the authenticator holds the credential's private key.
    SelfAttestation,
    /// Its model, by a key that many authenticators of the model share, or by a certificate of its own. A statement
    /// does not tell these apart.
    Basic,
    /// Its model, by a key that an attestation CA certified for this authenticator.
    AttCa,
    /// Its model, by a key that a CA certified for this credential alone.
    AnonCa,
}

impl AttestationType {
    /// The name of the type in other languages.
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
