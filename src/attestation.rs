//! Attestation: what an authenticator proves of itself. Spec: 6.5, 8.

use alloc::string::String;
use alloc::vec::Vec;

use ciborium::Value;

use crate::cbor;
use crate::error::{Error, ErrorCode, Result};
use crate::signature::PublicKey;

mod none;
mod packed;

const FIELD: &str = "response.attestationObject";

/// Parsed attestation object.
///
/// ```cddl
/// attObj = { fmt: text, attStmt: map, authData: bytes }
/// ```
///
/// Spec: 6.5.4.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AttestationObject {
    /// The attestation statement format identifier.
    pub format: String,
    /// The bytes of the authenticator data.
    pub authenticator_data: Vec<u8>,
    pub(crate) statement: Statement,
}

impl AttestationObject {
    /// Parses all of `bytes`. Safe on untrusted input; time and memory are bounded by its length and by
    /// [`crate::limits`].
    ///
    /// # Errors
    ///
    /// `ATTESTATION_OBJECT_MALFORMED` and those of CBOR.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let malformed = Error::new(ErrorCode::AttestationObjectMalformed, FIELD);
        let mut object = Statement(cbor::parse(FIELD, bytes)?.into_map().map_err(|_| malformed)?);
        let format = object
            .take("fmt")
            .and_then(|fmt| fmt.into_text().ok())
            .ok_or(malformed)?;
        let statement = object
            .take("attStmt")
            .and_then(|statement| statement.into_map().ok())
            .ok_or(malformed)?;
        let authenticator_data = object
            .take("authData")
            .and_then(|data| data.into_bytes().ok())
            .ok_or(malformed)?;
        if !object.is_empty() {
            return Err(malformed);
        }
        Ok(Self {
            format,
            authenticator_data,
            statement: Statement(statement),
        })
    }
}

/// The members of a CBOR map with text keys that were not asked for yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement(Vec<(Value, Value)>);

impl Statement {
    fn take(&mut self, key: &str) -> Option<Value> {
        let place = self.0.iter().position(|(known, _)| known.as_text() == Some(key))?;
        Some(self.0.swap_remove(place).1)
    }

    #[cfg(feature = "wasm")]
    pub(crate) fn into_entries(self) -> Vec<(Value, Value)> {
        self.0
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What the attestation proves of the authenticator. Spec: 6.5.3.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AttestationType {
    /// Nothing.
    None,
    /// That the authenticator holds the credential's private key.
    SelfAttestation,
}

impl AttestationType {
    /// The name as it crosses into other languages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::SelfAttestation => "self",
        }
    }
}

/// What every statement is checked against.
pub(crate) struct Attested<'a> {
    pub(crate) authenticator_data: &'a [u8],
    pub(crate) client_data_hash: &'a [u8; 32],
    pub(crate) algorithm: i64,
    pub(crate) public_key: &'a PublicKey,
}

impl Attested<'_> {
    /// The concatenation that most formats sign.
    fn signed_data(&self) -> Vec<u8> {
        [self.authenticator_data, self.client_data_hash].concat()
    }
}

/// Verifies an attestation statement by its format. Spec: 7.1 steps 21 and 22.
pub(crate) fn verify(format: &str, statement: Statement, attested: &Attested<'_>) -> Result<AttestationType> {
    // 7.1 step 21: the format is found by a case-sensitive match.
    match format {
        "none" => none::verify(&statement),
        "packed" => packed::verify(statement, attested),
        _ => Err(Error::new(
            ErrorCode::AttestationFormatUnsupported,
            "response.attestationObject.fmt",
        )),
    }
}

const STATEMENT: &str = "response.attestationObject.attStmt";

#[cold]
fn malformed() -> Error {
    Error::new(ErrorCode::AttestationStatementMalformed, STATEMENT)
}
