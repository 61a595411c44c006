use alloc::vec;
use alloc::vec::Vec;

use ed25519_dalek::Signer as _;

use super::*;

fn ec2(x: &[u8], y: &[u8]) -> Option<PublicKey> {
    PublicKey::new(
        -7,
        &KeyParameters::Ec2 {
            curve: 1,
            x: x.to_vec(),
            y: y.to_vec(),
        },
    )
    .ok()
}

fn okp(x: &[u8]) -> Option<PublicKey> {
    PublicKey::new(
        -8,
        &KeyParameters::Okp {
            curve: 6,
            x: x.to_vec(),
        },
    )
    .ok()
}

fn rsa(n: &[u8], e: &[u8]) -> Option<PublicKey> {
    PublicKey::new(
        -257,
        &KeyParameters::Rsa {
            n: n.to_vec(),
            e: e.to_vec(),
        },
    )
    .ok()
}

fn valid(key: &PublicKey, signature: &[u8]) -> bool {
    key.verify("signature", b"message", signature).is_ok()
}

fn es256() -> (PublicKey, ::p256::ecdsa::Signature) {
    let private = ::p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
    let point = private.verifying_key().to_sec1_point(false);
    (
        ec2(point.x().unwrap(), point.y().unwrap()).unwrap(),
        private.sign(b"message"),
    )
}

#[test]
fn es256_accepts_only_strict_der() {
    let (key, signature) = es256();
    let der = signature.to_der().as_bytes().to_vec();
    assert!(valid(&key, &der));
    assert!(key.verify("signature", b"massage", &der).is_err());

    let [tag, len, body @ ..] = &der[..] else {
        panic!("no header")
    };
    for (what, bent) in [
        ("raw r and s", signature.to_bytes().to_vec()),
        ("a byte after it", [&der[..], &[0]].concat()),
        ("a byte inside after s", [&[*tag, len + 1][..], body, &[0]].concat()),
        ("its length in two bytes", [&[*tag, 0x81, *len][..], body].concat()),
        ("an indefinite length", [&[*tag, 0x80][..], body, &[0, 0]].concat()),
        (
            "r with a needless zero",
            [&[*tag, len + 1, 2, body[1] + 1, 0][..], &body[2..]].concat(),
        ),
        ("the last byte lost", der[..der.len() - 1].to_vec()),
        ("nothing", Vec::new()),
        ("zeros", vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
    ] {
        // r needs a zero before it if its highest bit is set. Here the bit must be clear, so that the zero is an error.
        if what != "r with a needless zero" || body[2] < 0x80 && body[2] != 0 {
            assert!(!valid(&key, &bent), "accepted {what}");
        }
    }
}

#[test]
fn es256_accepts_only_points_of_the_curve() {
    assert!(ec2(&[0; 32], &[0; 32]).is_none());
    assert!(ec2(&[0xff; 32], &[1; 32]).is_none());
    assert!(ec2(&[1; 31], &[1; 32]).is_none());
    assert!(ec2(&[1; 33], &[1; 32]).is_none());
}

#[test]
fn ed25519_accepts_one_signature_per_message() {
    let private = ed25519_dalek::SigningKey::from_bytes(&[6; 32]);
    let key = okp(private.verifying_key().as_bytes()).unwrap();
    let signature = private.sign(b"message").to_bytes();
    assert!(valid(&key, &signature));

    // S + L is the same number modulo the group's order (RFC 8032 section 5.1.7 requires S < L).
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut malleated = signature;
    let mut carry = 0;
    for (byte, order) in malleated[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        let [low, high] = sum.to_le_bytes();
        *byte = low;
        carry = u16::from(high);
    }
    assert!(!valid(&key, &malleated));
    assert!(!valid(&key, &signature[..63]));
    assert!(!valid(&key, &[&signature[..], &[0]].concat()));
    // With a key of small order, every message has a valid signature, so such keys are refused.
    assert!(okp(&[0; 32]).is_none());
    assert!(okp(&[1; 31]).is_none());
}

#[test]
fn rs256_keys_have_a_modulus_of_sound_size_and_an_odd_exponent() {
    let mut n = vec![0xff; 256];
    assert!(rsa(&n, &[1, 0, 1]).is_some());
    assert!(rsa(&n, &[3]).is_some());
    for exponent in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[0, 1, 0, 1],
        &[1, 0, 0],
        &[1, 0, 0, 0, 0, 0, 0, 0, 1],
    ] {
        assert!(rsa(&n, exponent).is_none(), "{exponent:?}");
    }
    assert!(rsa(&n[..255], &[1, 0, 1]).is_none());
    assert!(rsa(&[&[0], &n[..]].concat(), &[1, 0, 1]).is_none());
    assert!(rsa(&[0xff; 513], &[1, 0, 1]).is_none());
    n[255] = 0xfe;
    assert!(rsa(&n, &[1, 0, 1]).is_none());
}
