//! TPMT_PUBLIC: a key as its TPM describes it. Spec: TPM 2.0 Library part 2, 12.2.4.
//!
//! Numbers are big-endian. A TPM2B is a UINT16 length and that many bytes. `+` marks what may be TPM_ALG_NULL.
//!
//! ```text
//! TPMT_PUBLIC       { TPMI_ALG_PUBLIC type; TPMI_ALG_HASH nameAlg; TPMA_OBJECT objectAttributes (UINT32);
//!                     TPM2B_DIGEST authPolicy; TPMU_PUBLIC_PARMS parameters; TPMU_PUBLIC_ID unique }
//! TPMS_RSA_PARMS    { TPMT_SYM_DEF_OBJECT+ symmetric; TPMT_RSA_SCHEME+ scheme; UINT16 keyBits; UINT32 exponent }
//! TPMS_ECC_PARMS    { TPMT_SYM_DEF_OBJECT+ symmetric; TPMT_ECC_SCHEME+ scheme; UINT16 curveID;
//!                     TPMT_KDF_SCHEME+ kdf }
//! TPMT_SYM_DEF_OBJECT { TPM_ALG_ID algorithm; UINT16 keyBits; UINT16 mode }      the last two not if NULL
//! TPMT_..._SCHEME   { TPM_ALG_ID scheme; details }         a hash, a hash and a count, or nothing, by the scheme
//! unique            TPM2B_PUBLIC_KEY_RSA, or TPMS_ECC_POINT { TPM2B x; TPM2B y }
//! ```

use alloc::vec;
use alloc::vec::Vec;

use crate::error::{ErrorCode, Result};
use crate::reader::Reader;
use crate::signature::{Hash, KeyParameters};

const FIELD: &str = "response.attestationObject.attStmt.pubArea";
const MALFORMED: ErrorCode = ErrorCode::AttestationStatementMalformed;

const NULL: u16 = 0x0010;

/// The parts of a public area that the attestation is about. The rest is parsed, but 8.3 does not let the relying party
/// judge it.
pub(super) struct Public {
    name_algorithm: u16,
    name_hash: Hash,
    /// None for a curve that COSE does not define.
    pub(super) key: Option<KeyParameters>,
}

impl Public {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        Reader::all(FIELD, bytes, [MALFORMED; 2], |reader| {
            let key_type = read_u16(reader)?;
            let name_algorithm = read_u16(reader)?;
            let name_hash = hash(name_algorithm).ok_or_else(|| reader.error(MALFORMED))?;
            let _object_attributes: [u8; 4] = reader.take_array()?;
            let _auth_policy = read_sized(reader)?;
            let key = match key_type {
                0x0001 => Some(read_rsa(reader)?),
                0x0023 => read_ecc(reader)?,
                _ => return Err(reader.error(MALFORMED)),
            };
            Ok(Self {
                name_algorithm,
                name_hash,
                key,
            })
        })
    }

    /// The Name of the key with this public area: nameAlg and the hash. Spec: TPM 2.0 Library part 1, Names.
    pub(super) fn name(&self, public_area: &[u8]) -> Vec<u8> {
        let hash = self.name_hash.digest(&[public_area]);
        [self.name_algorithm.to_be_bytes().as_slice(), &hash].concat()
    }
}

/// TPMI_ALG_HASH, as far as this build has the hash functions.
const fn hash(algorithm: u16) -> Option<Hash> {
    match algorithm {
        0x0004 => Some(Hash::Sha1),
        0x000B => Some(Hash::Sha256),
        0x000C => Some(Hash::Sha384),
        0x000D => Some(Hash::Sha512),
        _ => None,
    }
}

/// TPMS_RSA_PARMS and TPM2B_PUBLIC_KEY_RSA. The modulus has exactly keyBits bits.
fn read_rsa(reader: &mut Reader<'_>) -> Result<KeyParameters> {
    read_symmetric(reader)?;
    match read_u16(reader)? {
        // RSAES.
        NULL | 0x0015 => {}
        // RSASSA, RSAPSS, OAEP: a hash.
        0x0014 | 0x0016 | 0x0017 => skip(reader, 2)?,
        _ => return Err(reader.error(MALFORMED)),
    }
    let key_bits = read_u16(reader)?;
    let exponent = match u32::from_be_bytes(reader.take_array()?) {
        // The TPM's default.
        0 => 65537,
        exponent => exponent,
    };
    let modulus = without_leading_zeros(read_sized(reader)?);
    if modulus.len().checked_mul(8) != Some(usize::from(key_bits)) {
        return Err(reader.error(MALFORMED));
    }
    Ok(KeyParameters::Rsa {
        n: modulus.to_vec(),
        e: without_leading_zeros(&exponent.to_be_bytes()).to_vec(),
    })
}

/// TPMS_ECC_PARMS and TPMS_ECC_POINT.
fn read_ecc(reader: &mut Reader<'_>) -> Result<Option<KeyParameters>> {
    read_symmetric(reader)?;
    match read_u16(reader)? {
        NULL => {}
        // ECDSA, ECDH, SM2, ECSCHNORR, ECMQV: a hash.
        0x0018 | 0x0019 | 0x001B..=0x001D => skip(reader, 2)?,
        // ECDAA: a hash and a count.
        0x001A => skip(reader, 4)?,
        _ => return Err(reader.error(MALFORMED)),
    }
    // TPM_ECC_NIST_P256, _P384 and _P521; the COSE curve, and the length of its coordinates.
    let curve = match read_u16(reader)? {
        0x0003 => Some((1, 32)),
        0x0004 => Some((2, 48)),
        0x0005 => Some((3, 66)),
        _ => None,
    };
    match read_u16(reader)? {
        NULL => {}
        // MGF1, KDF1_SP800_56A, KDF2, KDF1_SP800_108: a hash.
        0x0007 | 0x0020..=0x0022 => skip(reader, 2)?,
        _ => return Err(reader.error(MALFORMED)),
    }
    let (x, y) = (read_sized(reader)?, read_sized(reader)?);
    let Some((curve, len)) = curve else { return Ok(None) };
    let coordinate = |bytes| fixed_len(bytes, len).ok_or_else(|| reader.error(MALFORMED));
    Ok(Some(KeyParameters::Ec2 {
        curve,
        x: coordinate(x)?,
        y: coordinate(y)?,
    }))
}

/// TPMT_SYM_DEF_OBJECT+: only keys that wrap others have one.
fn read_symmetric(reader: &mut Reader<'_>) -> Result<()> {
    match read_u16(reader)? {
        NULL => Ok(()),
        // TDES, AES, SM4, CAMELLIA: keyBits and mode.
        0x0003 | 0x0006 | 0x0013 | 0x0026 => skip(reader, 4),
        _ => Err(reader.error(MALFORMED)),
    }
}

fn skip(reader: &mut Reader<'_>, len: usize) -> Result<()> {
    reader.take(len).map(drop)
}

fn read_u16(reader: &mut Reader<'_>) -> Result<u16> {
    reader.take_array().map(u16::from_be_bytes)
}

/// A TPM2B.
pub(super) fn read_sized<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8]> {
    let len = read_u16(reader)?;
    reader.take(usize::from(len))
}

fn without_leading_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// A coordinate in COSE's length. Early TPMs leave out leading zeros, so the number counts and not its padding.
fn fixed_len(number: &[u8], len: usize) -> Option<Vec<u8>> {
    let number = without_leading_zeros(number);
    let mut bytes = vec![0; len.checked_sub(number.len())?];
    bytes.extend_from_slice(number);
    Some(bytes)
}
