//! Compares the RSA kernel with the library `rsa`: the public operation on any numbers, and the padding of any encoded
//! message.

use alloc::vec;
use alloc::vec::Vec;
use std::sync::LazyLock;

use rsa::hazmat::rsa_encrypt;
use rsa::traits::{PublicKeyParts, SignatureScheme};
use rsa::{BoxedUint, RsaPublicKey, pkcs1v15, pss};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::input::Input;
use crate::kernels;
use crate::random::Random;
use quick::Quick;

#[path = "../../../src/signature/rsa/tests/quick.rs"]
#[allow(dead_code, reason = "mounted source of which only a part is used")]
mod quick;

fn pick(random: &mut Random, len: usize) -> usize {
    random.next() as usize % len
}

struct Key {
    quick: Quick,
    oracle: RsaPublicKey,
}

/// Sizes that end at different bits of a byte and of a limb, with cheap exponents.
static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let mut random = Random::new(1);
    let sizes = [
        (2048, 3),
        (2049, 3),
        (2051, 3),
        (2055, 3),
        (2056, 65_537),
        (3072, 3),
        (4096, 3),
    ];
    let key = |(bits, exponent)| {
        let quick = Quick::new(&mut random, bits, exponent);
        let oracle = oracle(&quick.n, exponent).expect("a modulus of a size that the library takes");
        Key { quick, oracle }
    };
    sizes.map(key).into()
});

/// The hash of a scheme, the DER before its digest, and whether it is PSS, in the order of `kernels::rsa`.
struct Scheme {
    digest: fn(&[u8]) -> Vec<u8>,
    info: &'static [u8],
    pss: bool,
}

fn digest<D: Digest>(bytes: &[u8]) -> Vec<u8> {
    D::digest(bytes).to_vec()
}

const SHA1: &[u8] = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\0\x04\x14";
const SHA256: &[u8] = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\0\x04\x20";
const SHA384: &[u8] = b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\0\x04\x30";
const SHA512: &[u8] = b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\0\x04\x40";

const fn scheme(digest: fn(&[u8]) -> Vec<u8>, info: &'static [u8], pss: bool) -> Scheme {
    Scheme { digest, info, pss }
}

const SCHEMES: [Scheme; 7] = [
    scheme(digest::<Sha1>, SHA1, false),
    scheme(digest::<Sha256>, SHA256, false),
    scheme(digest::<Sha384>, SHA384, false),
    scheme(digest::<Sha512>, SHA512, false),
    scheme(digest::<Sha256>, SHA256, true),
    scheme(digest::<Sha384>, SHA384, true),
    scheme(digest::<Sha512>, SHA512, true),
];

pub(crate) fn run(data: &[u8]) {
    let mut input = Input(data);
    match input.choice(4) {
        0 => any_numbers(&mut input),
        _ => any_encoding(&mut input),
    }
}

fn oracle(n: &[u8], exponent: u32) -> Option<RsaPublicKey> {
    RsaPublicKey::new(BoxedUint::from_be_slice_vartime(n), BoxedUint::from(exponent)).ok()
}

/// The power of any numbers. The first byte of the modulus is not zero; the input decides whether it is odd.
fn any_numbers(input: &mut Input<'_>) {
    let exponent = [3, 3, 3, 65_537, u32::MAX][input.choice(5)];
    let bits = 2040 + input.u16() % 2064;
    let len = bits.div_ceil(8);
    // Short input is repeated.
    let fill = |bytes: &[u8]| bytes.iter().chain(&[0xff]).copied().cycle().take(len).collect();
    let (mut n, mut base): (Vec<u8>, Vec<u8>) = (fill(input.counted()), fill(input.0));
    let above = 8 * len - bits;
    n[0] = n[0] & 0xff >> above | 0x80 >> above;
    base[0] &= 0xff >> above;
    let ours = kernels::power(&n, &base, exponent);
    if n[len - 1] % 2 == 0 || !(2048..=4096).contains(&bits) || base >= n {
        return assert_eq!(ours, None);
    }
    let oracle = oracle(&n, exponent).expect("a modulus that the library takes");
    let base = BoxedUint::from_be_slice(&base, oracle.n().bits_precision()).expect("a number below it");
    let power = rsa_encrypt(&oracle, &base).expect("its power").to_be_bytes();
    assert_eq!(ours.as_deref(), Some(&power[power.len() - len..]));
}

/// A valid encoding with the changes of the input. It is signed, and both verify it.
fn any_encoding(input: &mut Input<'_>) {
    let key = &KEYS[input.choice(KEYS.len())];
    let number = input.choice(SCHEMES.len());
    let scheme = &SCHEMES[number];
    let message: [u8; 4] = input.array();
    let edits_of_block = input.choice(4);
    let edits = input.choice(8);
    let bits = key.quick.bits;

    let mut encoded = if scheme.pss {
        pss(scheme, &message, bits - 1, |block| edit(input, edits_of_block, block))
    } else {
        pkcs1_v1_5(scheme, &message, bits.div_ceil(8))
    };
    edit(input, edits, &mut encoded);
    let signature = key.quick.sign_encoded(&encoded);
    let e = key.quick.exponent.to_be_bytes();
    let e = &e[e.iter().position(|byte| *byte != 0).unwrap_or(0)..];
    let ours = kernels::rsa(number, &key.quick.n, e, &message, &signature);
    assert_eq!(ours, Some(says_oracle(scheme, &key.oracle, &message, &signature)));
    let untouched = edits == 0 && (edits_of_block == 0 || !scheme.pss);
    assert!(ours == Some(true) || !untouched, "refused what is good by construction");
}

/// Sets, flips, or moves bytes.
fn edit(input: &mut Input<'_>, edits: usize, bytes: &mut [u8]) {
    for _ in 0..edits {
        let place = input.u16() % bytes.len();
        match input.choice(4) {
            0 => bytes[place] = input.byte(),
            1 => bytes[place] ^= 1 << input.choice(8),
            2 => bytes[place..].rotate_left(1),
            _ => {
                let value = input.byte();
                let end = (place + usize::from(input.byte())).min(bytes.len());
                bytes[place..end].fill(value);
            }
        }
    }
}

fn pkcs1_v1_5(scheme: &Scheme, message: &[u8], len: usize) -> Vec<u8> {
    let end = [&[0], scheme.info, &(scheme.digest)(message)].concat();
    [&[0, 1], &vec![0xff; len - 2 - end.len()][..], &end].concat()
}

/// `edit` changes zeros, 1 and the salt before they are masked.
fn pss(scheme: &Scheme, message: &[u8], bits: usize, edit: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let hashed = (scheme.digest)(message);
    let salt = vec![7; hashed.len()];
    let digest = (scheme.digest)(&[&[0; 8][..], &hashed, &salt].concat());
    let len = bits.div_ceil(8);
    let mut block = [&vec![0; len - 2 * digest.len() - 2][..], &[1], &salt].concat();
    edit(&mut block);
    for (i, chunk) in block.chunks_mut(digest.len()).enumerate() {
        let mask = (scheme.digest)(&[&digest[..], &(i as u32).to_be_bytes()].concat());
        chunk.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    block[0] &= 0xff >> (8 * len - bits);
    // As long as the modulus, which may be one byte longer.
    let above = vec![0; (bits + 1).div_ceil(8) - len];
    [&above[..], &block, &digest, &[0xbc]].concat()
}

fn says_oracle(scheme: &Scheme, key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    let digest = (scheme.digest)(message);
    let verified = match (scheme.pss, digest.len()) {
        (false, len) => pkcs1v15::Pkcs1v15Sign {
            hash_len: Some(len),
            prefix: scheme.info.into(),
        }
        .verify(key, &digest, signature),
        (true, 32) => pss::Pss::<Sha256>::new().verify(key, &digest, signature),
        (true, 48) => pss::Pss::<Sha384>::new().verify(key, &digest, signature),
        (true, _) => pss::Pss::<Sha512>::new().verify(key, &digest, signature),
    };
    verified.is_ok()
}

/// Each scheme and size, unchanged and with one byte changed, and powers of a few numbers.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for key in 0..7 {
        for scheme in 0..7 {
            seeds.push([&[1, key, scheme][..], b"text", &[0, 0]].concat());
            seeds.push([&[1, key, scheme][..], b"text", &[1, 1, 0, 90, 0, 1, 0, 1, 0, 1]].concat());
        }
    }
    for exponent in 0..5 {
        for bits in [8_u16, 9, 11, 1032, 2056] {
            let numbers = [&[0, 2, 0xff, 0xfb][..], &[0x7f, 0xff, 0, 0, 1, 3]].concat();
            seeds.push([&[0, exponent][..], &bits.to_be_bytes(), &numbers].concat());
        }
    }
    seeds
}
