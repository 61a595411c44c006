//! The extension in which Android describes a key. Spec: 8.4.1, Android's key and ID attestation.
//!
//! ```asn1
//! KeyDescription ::= SEQUENCE {
//!     attestationVersion        INTEGER,
//!     attestationSecurityLevel  SecurityLevel,
//!     keymintVersion            INTEGER,
//!     keymintSecurityLevel      SecurityLevel,
//!     attestationChallenge      OCTET STRING,
//!     uniqueId                  OCTET STRING,
//!     softwareEnforced          AuthorizationList,
//!     hardwareEnforced          AuthorizationList }
//!
//! SecurityLevel ::= ENUMERATED { Software (0), TrustedEnvironment (1), StrongBox (2) }
//!
//! AuthorizationList ::= SEQUENCE {
//!     purpose          [1]   EXPLICIT SET OF INTEGER OPTIONAL,
//!     allApplications  [600] EXPLICIT NULL OPTIONAL,
//!     origin           [702] EXPLICIT INTEGER OPTIONAL,
//!     ... }                                -- other fields, all [n] EXPLICIT and OPTIONAL
//! ```

use alloc::vec::Vec;

use x509_cert::der::asn1::{AnyRef, Null, OctetStringRef, SetOfVec};
use x509_cert::der::oid::{AssociatedOid, ObjectIdentifier};
use x509_cert::der::{Decode, Error, Reader, Result, Tag, Tagged};

pub(super) struct KeyDescription<'a> {
    /// The levels of the attestation and of the key.
    pub(super) security_levels: [SecurityLevel; 2],
    pub(super) attestation_challenge: &'a [u8],
    pub(super) software_enforced: AuthorizationList,
    pub(super) hardware_enforced: AuthorizationList,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SecurityLevel {
    Software,
    TrustedEnvironment,
    StrongBox,
}

/// The fields that 8.4 uses; the others are skipped.
#[derive(Debug, Default)]
pub(super) struct AuthorizationList {
    pub(super) purposes: Vec<u32>,
    pub(super) all_applications: bool,
    pub(super) origin: Option<u32>,
}

impl AssociatedOid for KeyDescription<'_> {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");
}

impl<'a> Decode<'a> for KeyDescription<'a> {
    type Error = Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> Result<Self> {
        reader.sequence(|reader| {
            let _attestation_version = u32::decode(reader)?;
            let attestation_security_level = SecurityLevel::decode(reader)?;
            let _keymint_version = u32::decode(reader)?;
            let keymint_security_level = SecurityLevel::decode(reader)?;
            let attestation_challenge = <&OctetStringRef>::decode(reader)?.as_bytes();
            let _unique_id = <&OctetStringRef>::decode(reader)?;
            Ok(Self {
                security_levels: [attestation_security_level, keymint_security_level],
                attestation_challenge,
                software_enforced: AuthorizationList::decode(reader)?,
                hardware_enforced: AuthorizationList::decode(reader)?,
            })
        })
    }
}

impl<'a> Decode<'a> for SecurityLevel {
    type Error = Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> Result<Self> {
        let level = AnyRef::decode(reader)?;
        level.tag().assert_eq(Tag::Enumerated)?;
        match level.value() {
            [0] => Ok(Self::Software),
            [1] => Ok(Self::TrustedEnvironment),
            [2] => Ok(Self::StrongBox),
            _ => Err(Tag::Enumerated.value_error().into()),
        }
    }
}

impl<'a> Decode<'a> for AuthorizationList {
    type Error = Error;

    fn decode<R: Reader<'a>>(reader: &mut R) -> Result<Self> {
        let mut list = Self::default();
        for (number, value) in fields_in_any_order(reader)? {
            match number {
                1 => list.purposes = value.decode_as::<SetOfVec<u32>>()?.into_vec(),
                600 => list.all_applications = value.decode_as::<Null>().map(|_| true)?,
                702 => list.origin = Some(value.decode_as()?),
                _ => {}
            }
        }
        Ok(list)
    }
}

/// The fields by number. They should be in ascending order, but Google's own verifier only logs a violation. Duplicates
/// are refused.
fn fields_in_any_order<'a, R: Reader<'a>>(reader: &mut R) -> Result<Vec<(u32, AnyRef<'a>)>> {
    let list = AnyRef::decode(reader)?;
    list.sequence(|reader| {
        let mut fields = Vec::new();
        while !reader.is_finished() {
            let field = AnyRef::decode(reader)?;
            let Tag::ContextSpecific {
                constructed: true,
                number,
            } = field.tag()
            else {
                return Err(field.tag().unexpected_error(None).into());
            };
            if fields.iter().any(|(known, _)| *known == number.value()) {
                return Err(field.tag().value_error().into());
            }
            fields.push((number.value(), AnyRef::from_der(field.value())?));
        }
        Ok(fields)
    })
}
