//! Checks encoded messages: PKCS#1 v1.5 is encoded again and compared, PSS is decoded with every byte checked.

use alloc::vec;
use alloc::vec::Vec;

use super::super::hash::Hash;

/// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2) in `len` bytes: 0, 1, as many 0xff as fit, 0, `DigestInfo`.
pub(super) fn pkcs1_v1_5(hash: Hash, message: &[u8], len: usize) -> Vec<u8> {
    let digest = hash.digest(&[message]);
    let end = [&[0], digest_info(hash), &digest].concat();
    let mut encoded = vec![0, 1];
    // Even a modulus of 2,048 bits has room for 170 of them.
    encoded.resize(len.saturating_sub(end.len()), 0xff);
    encoded.extend_from_slice(&end);
    encoded
}

/// The DER of a `DigestInfo` up to the digest: the algorithm identifier with NULL parameters, and the header of the
/// octet string (RFC 8017 section 9.2, note 1).
const fn digest_info(hash: Hash) -> &'static [u8] {
    match hash {
        #[cfg(any(test, feature = "attestation"))]
        Hash::Sha1 => &[0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 20],
        Hash::Sha256 => &[
            0x30, 0x31, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32,
        ],
        Hash::Sha384 => &[
            0x30, 0x41, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 48,
        ],
        Hash::Sha512 => &[
            0x30, 0x51, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 64,
        ],
    }
}

/// EMSA-PSS-VERIFY (RFC 8017 section 9.1.2) with MGF1 of the same hash and a salt as long as the digest (RFC 8230
/// section 2). `bits` is one less than the modulus has, and `encoded` has as many bytes as it needs.
pub(super) fn is_pss(hash: Hash, message: &[u8], encoded: &[u8], bits: usize) -> bool {
    verify_pss(hash, message, encoded, bits).is_some()
}

fn verify_pss(hash: Hash, message: &[u8], encoded: &[u8], bits: usize) -> Option<()> {
    let require = |holds: bool| holds.then_some(());
    // Step 2.
    let message_digest = hash.digest(&[message]);
    let digest_len = message_digest.len();
    // Steps 3 to 5: a masked block, the digest, 0xbc. Every modulus is long enough for step 3; the split below checks
    // it.
    let (trailer, encoded) = encoded.split_last()?;
    require(*trailer == 0xbc)?;
    let (masked, digest) = encoded.split_at_checked(encoded.len().checked_sub(digest_len)?)?;
    // Step 6: the unused bits are zero.
    let unused = bits.next_multiple_of(8).saturating_sub(bits);
    let in_use = u8::MAX.checked_shr(u32::try_from(unused).ok()?)?;
    require(masked.first()? & !in_use == 0)?;
    // Steps 7 to 9.
    let mut block = mask(hash, digest, masked.len());
    for (byte, masked) in block.iter_mut().zip(masked) {
        *byte ^= masked;
    }
    *block.first_mut()? &= in_use;
    // Step 10: zeros, 1, and the rest is the salt.
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(digest_len)?)?;
    let (one, zeros) = padding.split_last()?;
    require(*one == 1 && zeros.iter().all(|byte| *byte == 0))?;
    // Steps 11 to 14.
    require(hash.digest(&[&[0; 8], &message_digest, salt]) == digest)
}

/// MGF1 (RFC 8017 appendix B.2.1).
fn mask(hash: Hash, seed: &[u8], len: usize) -> Vec<u8> {
    let mut mask = Vec::new();
    for counter in 0_u32.. {
        if mask.len() >= len {
            break;
        }
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()]));
    }
    mask.truncate(len);
    mask
}
