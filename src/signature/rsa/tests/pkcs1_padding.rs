//! Almost valid PKCS#1 v1.5 encodings, each signed with a real key.

use ::p256::elliptic_curve::bigint::{ConcatenatingMul, Resize};

use super::*;

/// The DER of `DigestInfo`, spelled out.
pub(super) const SHA1_INFO: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\0\x04\x14";

pub(super) const SHA256_INFO: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";

pub(super) const SHA384_INFO: &[u8] = b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30";

pub(super) const SHA512_INFO: &[u8] = b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40";

/// `before`, as many 0xff as fit, and `after`.
pub(super) fn padded(before: &[u8], after: &[&[u8]], len: usize) -> Vec<u8> {
    let after = after.concat();
    [before, &vec![0xff; len - before.len() - after.len()], &after].concat()
}

#[test]
fn pkcs1_v1_5_accepts_only_one_encoded_message() {
    let private = Private::new(2048);
    let key = private.public(Key::rs256);
    let digest = sha256(MESSAGE);
    let info = SHA256_INFO;
    let good = padded(&[0, 1], &[&[0], info, &digest], 256);
    assert!(key.verify(MESSAGE, &private.sign_encoded(&good)));

    let edited = |i: usize, byte: u8| {
        let mut edited = good.clone();
        edited[i] = byte;
        edited
    };
    let short = |ones: usize| [&[0, 1][..], &vec![0xff; ones], &[0], info, &digest].concat();
    let zeros = |len: usize| vec![0; len];
    for (what, bad) in [
        ("a first byte that is not 0", edited(0, 1)),
        ("block type 0", edited(1, 0)),
        ("block type 2", edited(1, 2)),
        ("padding with another byte", edited(2, 0xfe)),
        ("padding with a 0", edited(100, 0)),
        ("padding with another last byte", edited(203, 0)),
        ("no 0 after the padding", edited(204, 0xff)),
        (
            "another digest",
            padded(&[0, 1], &[&[0], info, &sha256(b"massage")], 256),
        ),
        ("a shorter digest", padded(&[0, 1], &[&[0], info, &digest[..31]], 256)),
        ("no DigestInfo", padded(&[0, 1], &[&[0], &digest], 256)),
        ("another algorithm", edited(219, 2)),
        (
            "the DigestInfo of SHA-512",
            padded(&[0, 1], &[&[0], SHA512_INFO, &digest], 256),
        ),
        (
            "parameters missing",
            padded(
                &[0, 1],
                &[b"\0\x30\x2f\x30\x0b", &info[4..15], &info[17..], &digest],
                256,
            ),
        ),
        ("parameters that are not NULL", edited(220, 4)),
        (
            "parameters with content",
            padded(
                &[0, 1],
                &[
                    b"\0\x30\x33\x30\x0f",
                    &info[4..15],
                    b"\x05\x02\0\0",
                    &info[17..],
                    &digest,
                ],
                256,
            ),
        ),
        (
            "a length in two bytes",
            padded(&[0, 1], &[b"\0\x30\x81\x31", &info[2..], &digest], 256),
        ),
        (
            "bytes after the digest, counted",
            padded(&[0, 1], &[b"\0\x30\x33", &info[2..], &digest, b"\x05\0"], 256),
        ),
        (
            "bytes after the digest, not counted",
            padded(&[0, 1], &[&[0], info, &digest, &[0, 0]], 256),
        ),
        ("padding of 8 bytes, then zeros", [short(8), zeros(194)].concat()),
        ("no padding, then zeros", [short(0), zeros(202)].concat()),
        ("zeros before padding of 8 bytes", [zeros(194), short(8)].concat()),
        ("zeros", zeros(256)),
        ("one", [zeros(255), vec![1]].concat()),
    ] {
        assert_eq!(bad.len(), 256, "{what}");
        assert!(!key.verify(MESSAGE, &private.sign_encoded(&bad)), "accepted {what}");
    }
}

#[test]
fn each_hash_has_its_own_digest_info() {
    let private = Private::new(2048);
    let schemes: [(Constructor, Hash, &[u8]); 4] = [
        (Key::rs1, Hash::Sha1, SHA1_INFO),
        (Key::rs256, Hash::Sha256, SHA256_INFO),
        (Key::rs384, Hash::Sha384, SHA384_INFO),
        (Key::rs512, Hash::Sha512, SHA512_INFO),
    ];
    for (i, (_, hash, info)) in schemes.iter().enumerate() {
        let signature = private.sign_encoded(&padded(&[0, 1], &[&[0], info, &hash.digest(&[MESSAGE])], 256));
        for (j, (scheme, ..)) in schemes.iter().enumerate() {
            assert_eq!(private.public(*scheme).verify(MESSAGE, &signature), i == j, "{i} {j}");
        }
    }
}

#[test]
fn refuses_a_forgery_by_a_cube_root() {
    // Bleichenbacher, 2006: with e = 3, and if bytes after the digest are allowed, a cube root is a forgery. It needs
    // no private key.
    let n = Private::new(2048).n;
    let wanted = [&[0, 1][..], &[0xff; 8], &[0], SHA256_INFO, &sha256(MESSAGE)].concat();
    let highest = BoxedUint::from_be_slice_vartime(&[&wanted[..], &vec![0xff; 256 - wanted.len()]].concat());
    let mut root = vec![0_u8; 256];
    for bit in (0..683).rev() {
        let (byte, mask) = (255 - bit / 8, 1 << (bit % 8));
        root[byte] |= mask;
        let candidate = BoxedUint::from_be_slice_vartime(&root);
        let cube = candidate.concatenating_mul(&candidate).concatenating_mul(&candidate);
        if cube > highest.clone().resize(cube.bits_precision()) {
            root[byte] &= !mask;
        }
    }
    let key = Key::rs256(&n, &[3]).unwrap();
    let encoded = key.modulus.power(&root, 3).unwrap();
    assert_eq!(encoded[..wanted.len()], wanted);
    assert!(!key.verify(MESSAGE, &root));
}
