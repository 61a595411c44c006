//! The manufacturers of TPMs. Source: TCG TPM Vendor ID Registry, version 1.07.

use crate::attestation::TpmManufacturers;

/// The four bytes by which a TPM names its manufacturer (TPM_PT_MANUFACTURER).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in super::super) struct Manufacturer([u8; 4]);

const REGISTERED: &[&[u8; 4]] = &[
    b"AMD\0", b"ANT\0", b"ATML", b"BRCM", b"CSCO", b"FLYS", b"GOOG", b"HISI", b"HPE\0", b"HPI\0", b"IBM\0", b"IFX\0",
    b"INTC", b"LEN\0", b"MSFT", b"NSG\0", b"NSM ", b"NTC\0", b"NTZ\0", b"QCOM", b"ROCC", b"SEAL", b"SECE", b"SMSC",
    b"SMSN", b"SNS\0", b"STM ", b"TXN\0", b"WEC\0",
];

impl Manufacturer {
    /// `id:` and eight hexadecimal digits, as in certificates.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("id:")?;
        // from_str_radix would also accept a sign.
        if digits.len() != 8 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok().map(u32::to_be_bytes).map(Self)
    }
}

impl TpmManufacturers {
    pub(super) fn accept(&self, manufacturer: Manufacturer) -> bool {
        let registered = REGISTERED.contains(&&manufacturer.0);
        match self {
            Self::Registered => registered,
            Self::RegisteredAnd(more) => {
                registered || more.iter().any(|more| Manufacturer::parse(more) == Some(manufacturer))
            }
            Self::Any => true,
        }
    }

    /// Whether each one could equal a manufacturer in a certificate.
    pub(in super::super) fn are_well_formed(&self) -> bool {
        match self {
            Self::Registered | Self::Any => true,
            Self::RegisteredAnd(more) => more.iter().all(|more| Manufacturer::parse(more).is_some()),
        }
    }
}
