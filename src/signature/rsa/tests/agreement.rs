//! The kernel and the library agree on every signature, valid or almost valid. Sizes, exponents, messages and salts are
//! random, and every encoded message is signed.

use ::rsa::hazmat::rsa_encrypt;
use ::rsa::traits::SignatureScheme;

use super::pkcs1_padding::{SHA1_INFO, SHA256_INFO, SHA384_INFO, SHA512_INFO, padded};
use super::pss_padding::Pss;
use super::quick::{Quick, at_bounds};
use super::*;

struct Scheme {
    key: Constructor,
    hash: Hash,
    padding: Padding,
}

const fn scheme(key: Constructor, hash: Hash, padding: Padding) -> Scheme {
    Scheme { key, hash, padding }
}

const SCHEMES: [Scheme; 7] = [
    scheme(Key::rs256, Hash::Sha256, Padding::Pkcs1V1_5),
    scheme(Key::ps256, Hash::Sha256, Padding::Pss),
    scheme(Key::rs384, Hash::Sha384, Padding::Pkcs1V1_5),
    scheme(Key::ps384, Hash::Sha384, Padding::Pss),
    scheme(Key::rs512, Hash::Sha512, Padding::Pkcs1V1_5),
    scheme(Key::ps512, Hash::Sha512, Padding::Pss),
    scheme(Key::rs1, Hash::Sha1, Padding::Pkcs1V1_5),
];

impl Scheme {
    /// The encoding for a modulus of `bits`.
    fn encode(&self, message: &[u8], salt: &[u8], bits: usize) -> Vec<u8> {
        let len = bits.div_ceil(8);
        let encoded = match self.padding {
            Padding::Pkcs1V1_5 => padded(&[0, 1], &[&[0], self.digest_info(), &self.hash.digest(&[message])], len),
            Padding::Pss => Pss::new(self.hash, message, salt).encode(bits - 1),
        };
        [vec![0; len - encoded.len()], encoded].concat()
    }

    fn digest_info(&self) -> &'static [u8] {
        match self.hash {
            Hash::Sha1 => SHA1_INFO,
            Hash::Sha256 => SHA256_INFO,
            Hash::Sha384 => SHA384_INFO,
            Hash::Sha512 => SHA512_INFO,
        }
    }

    /// The verdict of the library.
    fn oracle(&self, key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
        let digest = self.hash.digest(&[message]);
        let verified = match (self.padding, self.hash) {
            (Padding::Pkcs1V1_5, _) => pkcs1v15::Pkcs1v15Sign {
                hash_len: Some(digest.len()),
                prefix: self.digest_info().into(),
            }
            .verify(key, &digest, signature),
            (Padding::Pss, Hash::Sha256) => pss::Pss::<Sha256>::new().verify(key, &digest, signature),
            (Padding::Pss, Hash::Sha384) => pss::Pss::<Sha384>::new().verify(key, &digest, signature),
            (Padding::Pss, _) => pss::Pss::<Sha512>::new().verify(key, &digest, signature),
        };
        verified.is_ok()
    }
}

/// A size in use or any other size; half of the latter are just above the minimum.
fn size(random: &mut Random) -> usize {
    match random.below(4) {
        0 => [2048, 2048, 3072, 4096][pick(random, 4)],
        1 => 2048 + pick(random, 2049),
        _ => 2048 + pick(random, 30),
    }
}

/// Mostly 3, the cheapest one for the library. The tests of the modulus compare powers with all of them.
fn exponent(random: &mut Random) -> u32 {
    match random.below(16) {
        0 => [u32::MAX, u32::try_from(random.next() >> 32).unwrap() | 3][pick(random, 2)],
        1..4 => 65_537,
        _ => 3,
    }
}

/// Changes part of a valid encoding, or replaces all of it.
fn bend(random: &mut Random, encoded: &mut Vec<u8>, bits: usize) {
    let len = encoded.len();
    // Both ends have more parts that are checked than the middle.
    let place = match random.below(3) {
        0 => pick(random, 4),
        1 => len - 1 - pick(random, 90),
        _ => pick(random, len),
    };
    let run = (place + 1 + pick(random, 16)).min(len);
    match random.below(7) {
        0 | 1 => encoded[place] ^= 1 << random.below(8),
        2 => encoded[place..run].fill(0),
        3 => encoded[place..run].fill(0xff),
        4 => encoded[place..run].fill_with(|| random.next().to_le_bytes()[0]),
        5 => encoded[place..].rotate_left(1),
        _ => *encoded = at_bounds(random, bits),
    }
}

/// A signature by the key, one of a changed encoding, and a random number.
fn agrees(random: &mut Random, quick: &Quick, oracle: &RsaPublicKey, scheme: &Scheme) {
    let key = (scheme.key)(&quick.n, &quick.exponent.to_be_bytes()[leading_zeros(quick.exponent)..]).unwrap();
    let message = &random.bytes::<40>()[..pick(random, 41)];
    let digest_len = scheme.hash.digest(&[]).len();
    let salt = &random.bytes::<64>()[..digest_len];

    let mut encoded = scheme.encode(message, salt, quick.bits);
    let signature = quick.sign_encoded(&encoded);
    assert_eq!(key.modulus.power(&signature, quick.exponent).as_ref(), Some(&encoded));
    assert!(key.verify(message, &signature) && scheme.oracle(oracle, message, &signature));

    match random.below(8) {
        0 => encoded = scheme.encode(message, &salt[1..], quick.bits),
        1 => encoded = SCHEMES[pick(random, SCHEMES.len())].encode(message, &salt[..20], quick.bits),
        _ => bend(random, &mut encoded, quick.bits),
    }
    let bent = quick.sign_encoded(&encoded);
    assert_eq!(key.verify(message, &bent), scheme.oracle(oracle, message, &bent));

    let number = at_bounds(random, quick.bits);
    let expected = (number < quick.n).then(|| {
        let number = BoxedUint::from_be_slice(&number, oracle.n().bits_precision()).unwrap();
        let power = rsa_encrypt(oracle, &number).unwrap().to_be_bytes();
        power[power.len() - quick.n.len()..].to_vec()
    });
    assert_eq!(key.modulus.power(&number, quick.exponent), expected);
    assert!(!key.verify(message, &number));
}

fn leading_zeros(exponent: u32) -> usize {
    usize::try_from(exponent.leading_zeros() / 8).unwrap()
}

#[test]
fn agrees_with_the_library_on_signatures_and_near_misses() {
    const CASES_OF_A_KEY: usize = 20;
    let mut random = Random::new(12);
    for _ in 0..Random::cases(2_000, 100_000) / CASES_OF_A_KEY {
        let (bits, exponent) = (size(&mut random), exponent(&mut random));
        let quick = Quick::new(&mut random, bits, exponent);
        let n = BoxedUint::from_be_slice_vartime(&quick.n);
        let oracle = RsaPublicKey::new(n, BoxedUint::from(exponent)).unwrap();
        for case in 0..CASES_OF_A_KEY {
            agrees(&mut random, &quick, &oracle, &SCHEMES[case % SCHEMES.len()]);
        }
    }
}
