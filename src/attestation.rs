//! Attestation: what an authenticator proves about itself. Spec: 6.5, 8.

use alloc::string::String;
use alloc::vec::Vec;

use ciborium::Value;

#[cfg(all(feature = "attestation", feature = "wasm"))]
use crate::authenticator_data::AuthenticatorData;
use crate::cbor;
use crate::cose::CredentialPublicKey;
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::signature::PublicKey;

#[cfg(feature = "attestation")]
mod android_key;
#[cfg(feature = "attestation")]
mod android_safetynet;
#[cfg(feature = "attestation")]
mod apple;
#[cfg(feature = "attestation")]
mod certificate;
#[cfg(feature = "attestation")]
mod compound;
#[cfg(feature = "attestation")]
mod fido_u2f;
mod none;
mod packed;
mod policy;
#[cfg(feature = "attestation")]
#[cfg(test)]
mod sample;
#[cfg(feature = "attestation")]
mod tpm;

pub use crate::attestation_type::AttestationType;
pub use policy::AttestationPolicy;
#[cfg(feature = "attestation")]
pub use policy::{AndroidKeySecurity, ModelMetadata, Rs1, TpmManufacturers};

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
    /// A map, or the array of a compound statement.
    pub(crate) statement: Value,
}

impl AttestationObject {
    /// Parses all of `bytes`. Safe on untrusted input; time and memory are bounded by its length and by
    /// [`crate::limits`].
    ///
    /// # Errors
    ///
    /// `ATTESTATION_OBJECT_MALFORMED` and the `CBOR_` codes.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let malformed = Error::new(ErrorCode::AttestationObjectMalformed, FIELD);
        let mut object = Statement(cbor::parse(FIELD, bytes)?.into_map().map_err(|_| malformed)?);
        let format = object
            .take("fmt")
            .and_then(|fmt| fmt.into_text().ok())
            .ok_or(malformed)?;
        let statement = object
            .take("attStmt")
            .filter(|statement| statement.is_map() || statement.is_array())
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
            statement,
        })
    }
}

/// The members of a CBOR map with text keys that have not been read yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement(Vec<(Value, Value)>);

impl Statement {
    fn new(value: Value) -> Result<Self> {
        value.into_map().map(Self).map_err(|_| malformed())
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        let place = self.0.iter().position(|(known, _)| known.as_text() == Some(key))?;
        Some(self.0.swap_remove(place).1)
    }

    /// A required member: a COSE algorithm identifier.
    fn algorithm(&mut self) -> Result<i64> {
        self.take("alg")
            .and_then(|alg| i64::try_from(alg.into_integer().ok()?).ok())
            .ok_or_else(malformed)
    }

    /// A required member: a byte string.
    fn bytes(&mut self, key: &str) -> Result<Vec<u8>> {
        self.take(key)
            .and_then(|bytes| bytes.into_bytes().ok())
            .ok_or_else(malformed)
    }

    /// The certificates of `x5c`, at least one, leaf first. None if the member is missing.
    fn certificates(&mut self) -> Result<Option<Vec<Vec<u8>>>> {
        let Some(chain) = self.take("x5c") else {
            return Ok(None);
        };
        let chain = chain
            .into_array()
            .ok()
            .filter(|chain| !chain.is_empty())
            .ok_or_else(malformed)?;
        if chain.len() > limits::CERTIFICATES {
            return Err(Error::new(ErrorCode::CertificateTooLarge, X5C));
        }
        let certificate = |value: Value| value.into_bytes().map_err(|_| malformed());
        chain.into_iter().map(certificate).collect::<Result<_>>().map(Some)
    }

    /// Refuses members that the format does not define.
    fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(malformed()) }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What an attestation statement proved.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Attestation {
    /// The attestation statement format.
    pub format: String,
    /// The attestation type. It is proved if [`Self::trusted`], and only claimed otherwise.
    pub attestation_type: AttestationType,
    /// Whether its certificates lead to one of the policy's trust anchors.
    pub trusted: bool,
    /// That trust anchor, DER.
    pub anchor: Option<Vec<u8>>,
    /// The statement's certificates, DER, leaf first. They prove nothing unless [`Self::trusted`].
    pub certificates: Vec<Vec<u8>>,
}

/// The registration that a statement is checked against.
#[cfg_attr(
    not(feature = "attestation"),
    expect(dead_code, reason = "the formats without certificates do not need all of it")
)]
pub(crate) struct Attested<'a> {
    pub(crate) authenticator_data: &'a [u8],
    pub(crate) client_data_hash: &'a [u8; 32],
    pub(crate) rp_id_hash: &'a [u8; 32],
    pub(crate) aaguid: &'a [u8; 16],
    pub(crate) credential_id: &'a [u8],
    pub(crate) key: &'a CredentialPublicKey,
    pub(crate) public_key: &'a PublicKey,
    pub(crate) policy: &'a AttestationPolicy,
}

impl Attested<'_> {
    /// The concatenation that most formats sign.
    fn signed_data(&self) -> Vec<u8> {
        [self.authenticator_data, self.client_data_hash].concat()
    }
}

/// What a format's verification procedure returns: the attestation type and the trust path (6.5.3).
pub(crate) struct Evidence {
    attestation_type: AttestationType,
    /// The `x5c` of the statement, leaf first. Empty for none and self attestation.
    certificates: Vec<Vec<u8>>,
    /// Whether the signature covers the AAGUID.
    covers_aaguid: bool,
}

impl Evidence {
    const fn without_certificates(attestation_type: AttestationType) -> Self {
        Self::by_certificates(attestation_type, Vec::new())
    }

    const fn by_certificates(attestation_type: AttestationType, certificates: Vec<Vec<u8>>) -> Self {
        Self {
            attestation_type,
            certificates,
            covers_aaguid: true,
        }
    }
}

/// The keys by which an authenticator's metadata are found.
#[cfg(all(feature = "attestation", feature = "wasm"))]
pub(crate) struct Model {
    /// Zeros if the statement's format does not sign an AAGUID.
    pub(crate) aaguid: [u8; 16],
    /// The key identifier of the attestation certificate.
    pub(crate) key_identifier: Option<[u8; 20]>,
}

/// Reads the model that an attestation object claims, unverified. Metadata found by it are used only if the verified
/// statement proves the same model.
#[cfg(all(feature = "attestation", feature = "wasm"))]
pub(crate) fn model(attestation_object: &[u8]) -> Result<Model> {
    let object = AttestationObject::parse(attestation_object)?;
    let data = AuthenticatorData::parse(&object.authenticator_data)?;
    let credential = data.attested_credential_data.as_ref();
    let aaguid = credential.map_or([0; 16], |credential| credential.aaguid);
    let mut statement = Statement(object.statement.into_map().unwrap_or_default());
    let leaf = statement.certificates()?.unwrap_or_default().into_iter().next();
    Ok(Model {
        aaguid: if object.format == "fido-u2f" { [0; 16] } else { aaguid },
        key_identifier: leaf.and_then(|leaf| crate::metadata::key_identifier(&leaf).ok()),
    })
}

/// Verifies an attestation statement by its format and decides whether it is trusted. Spec: 7.1 steps 21 to 24.
pub(crate) fn verify(format: String, statement: Value, attested: &Attested<'_>) -> Result<Attestation> {
    let policy = attested.policy;
    // 7.1 step 21: find the format by a case-sensitive match.
    // 7.1 step 22: verify the statement with the format's procedure.
    let evidence = match format.as_str() {
        #[cfg(feature = "attestation")]
        "compound" => compound::verify(statement, attested)?,
        format => alloc::vec![evidence(format, statement, attested)?],
    };
    // 7.1 step 23: the policy has the trust anchors.
    // 7.1 step 24: check that the statement is as trustworthy as the policy requires.
    policy.assess(format, evidence, attested.aaguid)
}

/// Verifies one statement that is not a compound.
fn evidence(format: &str, statement: Value, attested: &Attested<'_>) -> Result<Evidence> {
    attested.policy.check_format(format)?;
    let statement = Statement::new(statement)?;
    match format {
        "none" => none::verify(&statement),
        "packed" => packed::verify(statement, attested),
        #[cfg(feature = "attestation")]
        "tpm" => tpm::verify(statement, attested),
        #[cfg(feature = "attestation")]
        "android-key" => android_key::verify(statement, attested),
        #[cfg(feature = "attestation")]
        "apple" => apple::verify(statement, attested),
        #[cfg(feature = "attestation")]
        "fido-u2f" => fido_u2f::verify(statement, attested),
        #[cfg(feature = "attestation")]
        "android-safetynet" => android_safetynet::verify(statement, attested),
        _ => Err(Error::new(ErrorCode::AttestationFormatUnsupported, FORMAT)),
    }
}

const FORMAT: &str = "response.attestationObject.fmt";
const STATEMENT: &str = "response.attestationObject.attStmt";
const SIGNATURE: &str = "response.attestationObject.attStmt.sig";
const X5C: &str = "response.attestationObject.attStmt.x5c";

#[cold]
fn malformed() -> Error {
    Error::new(ErrorCode::AttestationStatementMalformed, STATEMENT)
}

#[cfg(feature = "attestation")]
#[cold]
fn mismatch(code: ErrorCode) -> Error {
    Error::new(code, STATEMENT)
}
