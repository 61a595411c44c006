//! Authenticator data: what the authenticator says about the ceremony and signs. Spec: 6.1.
//!
//! | bytes | what |
//! |---|---|
//! | 32 | SHA-256 of the RP ID |
//! | 1 | flags: UP, -, UV, BE, BS, -, AT, ED from the lowest bit |
//! | 4 | signature counter, big-endian |
//! | variable, if AT | attested credential data: AAGUID (16), length (2, big-endian), credential ID, COSE key |
//! | variable, if ED | extension outputs, a CBOR map |

use alloc::string::String;
use alloc::vec::Vec;

use ciborium::Value;

use crate::cbor;
use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::origin;
use crate::policy::{Policy, Requirement};
use crate::reader::Reader;

/// The flags byte. Reserved bits are ignored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Flags(u8);

impl Flags {
    /// Takes the flags byte of the authenticator data.
    #[must_use]
    pub const fn new(bits: u8) -> Self {
        Self(bits)
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    /// UP: the user was present.
    #[must_use]
    pub const fn user_present(self) -> bool {
        self.has(0b0000_0001)
    }

    /// UV: the authenticator verified the user.
    #[must_use]
    pub const fn user_verified(self) -> bool {
        self.has(0b0000_0100)
    }

    /// BE: the credential may be backed up. This never changes.
    #[must_use]
    pub const fn backup_eligible(self) -> bool {
        self.has(0b0000_1000)
    }

    /// BS: the credential is backed up now.
    #[must_use]
    pub const fn backed_up(self) -> bool {
        self.has(0b0001_0000)
    }

    /// AT: attested credential data follows.
    #[must_use]
    pub const fn attested_credential_data(self) -> bool {
        self.has(0b0100_0000)
    }

    /// ED: extension data follows.
    #[must_use]
    pub const fn extension_data(self) -> bool {
        self.has(0b1000_0000)
    }
}

/// The credential that an authenticator made. Spec: 6.5.1.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AttestedCredentialData<'a> {
    /// The model of the authenticator. Zeros if it does not tell its model.
    pub aaguid: [u8; 16],
    /// The credential ID.
    pub credential_id: &'a [u8],
    /// The COSE key: the bytes as they were received.
    pub credential_public_key: &'a [u8],
    pub(crate) credential_public_key_value: Value,
}

/// Outputs of authenticator extensions by their identifiers. Spec: 9.5.
pub type Extensions = Vec<(String, Value)>;

/// Parsed authenticator data.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthenticatorData<'a> {
    /// SHA-256 of the RP ID that the credential is scoped to.
    pub rp_id_hash: [u8; 32],
    /// The flags.
    pub flags: Flags,
    /// The signature counter.
    pub sign_count: u32,
    /// The credential, in registrations.
    pub attested_credential_data: Option<AttestedCredentialData<'a>>,
    /// The outputs of authenticator extensions.
    pub extensions: Option<Extensions>,
}

const FIELD: &str = "response.authenticatorData";

impl<'a> AuthenticatorData<'a> {
    /// Parses all of `bytes`. Safe on untrusted input; time and memory are bounded by its length. Only the length of
    /// the COSE key is determined; its contents are not checked.
    ///
    /// # Errors
    ///
    /// `AUTHENTICATOR_DATA_MALFORMED`, `AUTHENTICATOR_DATA_TRAILING_DATA`, `CREDENTIAL_ID_TOO_LARGE`,
    /// `EXTENSIONS_MALFORMED`, and the `CBOR_` codes.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let codes = [
            ErrorCode::AuthenticatorDataMalformed,
            ErrorCode::AuthenticatorDataTrailingData,
        ];
        Reader::all(FIELD, bytes, codes, |reader| {
            let rp_id_hash = reader.take_array()?;
            let [flags] = reader.take_array()?;
            let flags = Flags(flags);
            let sign_count = u32::from_be_bytes(reader.take_array()?);
            let attested_credential_data = flags
                .attested_credential_data()
                .then(|| read_credential(reader))
                .transpose()?;
            let extensions = flags.extension_data().then(|| read_extensions(reader)).transpose()?;
            Ok(Self {
                rp_id_hash,
                flags,
                sign_count,
                attested_credential_data,
                extensions,
            })
        })
    }

    /// The steps that both ceremonies share: 7.1 steps 14 to 17 are 7.2 steps 15 to 18.
    ///
    /// Returns the expected RP ID that matched.
    pub(crate) fn verify<'p>(&self, policy: &'p Policy, user_presence: Requirement) -> Result<&'p String> {
        let refused = |code| Error::new(code, FIELD);
        // 7.1 step 14, 7.2 step 15: rpIdHash is the SHA-256 of the RP ID.
        let rp_id =
            origin::find_rp_id(&policy.rp_ids, &self.rp_id_hash).ok_or_else(|| refused(ErrorCode::RpIdMismatch))?;
        // 7.1 step 15, 7.2 step 16: the user was present.
        if user_presence == Requirement::Required && !self.flags.user_present() {
            return Err(refused(ErrorCode::UserPresenceMissing));
        }
        // 7.1 step 16, 7.2 step 17: the user was verified, if that is required.
        if policy.user_verification == Requirement::Required && !self.flags.user_verified() {
            return Err(refused(ErrorCode::UserVerificationMissing));
        }
        // 7.1 step 17, 7.2 step 18: only an eligible credential is backed up.
        if self.flags.backed_up() && !self.flags.backup_eligible() {
            return Err(refused(ErrorCode::BackupStateMismatch));
        }
        Ok(rp_id)
    }
}

fn read_credential<'a>(reader: &mut Reader<'a>) -> Result<AttestedCredentialData<'a>> {
    let aaguid = reader.take_array()?;
    let len = usize::from(u16::from_be_bytes(reader.take_array()?));
    // 7.1 step 25 checks this later; a credential ID that is too long is refused before reading on.
    if len > limits::CREDENTIAL_ID_LEN {
        return Err(reader.error(ErrorCode::CredentialIdTooLarge));
    }
    if len == 0 {
        return Err(reader.error(ErrorCode::AuthenticatorDataMalformed));
    }
    let credential_id = reader.take(len)?;
    // The key has no length field: it ends where its CBOR ends.
    let (credential_public_key_value, credential_public_key) = reader.measure(cbor::read)?;
    Ok(AttestedCredentialData {
        aaguid,
        credential_id,
        credential_public_key,
        credential_public_key_value,
    })
}

fn read_extensions(reader: &mut Reader<'_>) -> Result<Extensions> {
    let malformed = reader.error(ErrorCode::ExtensionsMalformed);
    let entries = cbor::read(reader)?.into_map().map_err(|_| malformed)?;
    entries
        .into_iter()
        .map(|(key, value)| key.into_text().map(|key| (key, value)).map_err(|_| malformed))
        .collect()
}

#[cfg(test)]
mod tests;
