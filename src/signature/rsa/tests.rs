#![expect(clippy::arithmetic_side_effects, reason = "numbers for tests")]

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use core::convert::Infallible;

use ::rsa::hazmat::rsa_decrypt;
use ::rsa::pkcs8::DecodePrivateKey;
use ::rsa::rand_core::{TryCryptoRng, TryRng};
use ::rsa::signature::{RandomizedSigner, SignatureEncoding, Signer, Verifier};
use ::rsa::traits::PublicKeyParts;
use ::rsa::{BoxedUint, RsaPrivateKey, RsaPublicKey, pkcs1v15, pss};
use sha2::{Sha256, Sha384, Sha512};

use super::*;
use crate::signature::random::Random;

mod agreement;
mod pkcs1_padding;
mod pss_padding;
mod quick;

const MESSAGE: &[u8] = b"message";

type Constructor = fn(&[u8], &[u8]) -> Option<Key>;

/// A private key with the parts of its public key.
struct Private {
    key: RsaPrivateKey,
    n: Vec<u8>,
}

impl Private {
    /// The key with a modulus of these bits.
    fn new(bits: u32) -> Self {
        let path = format!("{}/tests/vectors/keys/rsa-{bits}.pem", env!("CARGO_MANIFEST_DIR"));
        let key = RsaPrivateKey::read_pkcs8_pem_file(path).unwrap();
        assert_eq!(key.n().bits(), bits);
        let n = key.n_bytes().to_vec();
        Self { key, n }
    }

    fn all() -> [Self; 5] {
        [2048, 2049, 2051, 3072, 4096].map(Self::new)
    }

    fn public(&self, scheme: Constructor) -> Key {
        scheme(&self.n, &[1, 0, 1]).unwrap()
    }

    /// The signature with any encoded message.
    fn sign_encoded(&self, encoded: &[u8]) -> Vec<u8> {
        let encoded = BoxedUint::from_be_slice(encoded, self.key.n().bits_precision()).unwrap();
        let signature = rsa_decrypt(None::<&mut Random>, &self.key, &encoded)
            .unwrap()
            .to_be_bytes();
        signature[signature.len() - self.n.len()..].to_vec()
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::try_from(self.next() >> 32).unwrap())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill_with(|| self.next().to_le_bytes()[0]);
        Ok(())
    }
}

impl TryCryptoRng for Random {}

/// Our code verifies the library's signatures. If a bit is changed, both give the same verdict.
macro_rules! agrees {
    ($private:expr, $random:expr, $scheme:ident, $padding:ident<$hash:ty>, |$signer:ident| $sign:expr) => {{
        let $signer = $padding::SigningKey::<$hash>::new($private.key.clone());
        let signature = $sign.to_vec();
        let key = $private.public(Key::$scheme);
        assert!(key.verify(MESSAGE, &signature), "{}", stringify!($scheme));
        assert!(!key.verify(b"massage", &signature));
        assert!(!key.verify(MESSAGE, &signature[1..]));
        assert!(!key.verify(MESSAGE, &[&[0], &signature[..]].concat()));

        let mut other = signature;
        let bit = pick(&mut $random, 8 * other.len());
        other[bit / 8] ^= 1 << (bit % 8);
        let oracle = $padding::VerifyingKey::<$hash>::new(RsaPublicKey::from(&$private.key));
        let oracle = oracle.verify(MESSAGE, &$padding::Signature::try_from(&other[..]).unwrap());
        assert_eq!(key.verify(MESSAGE, &other), oracle.is_ok());
    }};
}

fn sha256(message: &[u8]) -> Vec<u8> {
    Hash::Sha256.digest(&[message])
}

/// A random position below `len`.
fn pick(random: &mut Random, len: usize) -> usize {
    usize::try_from(random.below(u64::try_from(len).unwrap())).unwrap()
}

#[test]
fn agrees_with_the_library_on_its_own_signatures() {
    let mut random = Random::new(11);
    for private in Private::all() {
        agrees!(private, random, rs256, pkcs1v15<Sha256>, |key| key.sign(MESSAGE));
        agrees!(private, random, rs384, pkcs1v15<Sha384>, |key| key.sign(MESSAGE));
        agrees!(private, random, rs512, pkcs1v15<Sha512>, |key| key.sign(MESSAGE));
        agrees!(private, random, ps256, pss<Sha256>, |key| key
            .sign_with_rng(&mut random, MESSAGE));
        agrees!(private, random, ps384, pss<Sha384>, |key| key
            .sign_with_rng(&mut random, MESSAGE));
        agrees!(private, random, ps512, pss<Sha512>, |key| key
            .sign_with_rng(&mut random, MESSAGE));
    }
}

#[test]
fn schemes_do_not_accept_each_other() {
    let private = Private::new(2048);
    let pss = private.sign_encoded(&pss_padding::Pss::GOOD.encode(2047));
    let pkcs1 = private.sign_encoded(&padding::pkcs1_v1_5(Hash::Sha256, MESSAGE, 256));
    assert!(private.public(Key::ps256).verify(MESSAGE, &pss));
    assert!(private.public(Key::rs256).verify(MESSAGE, &pkcs1));
    for other in [Key::rs256, Key::rs384, Key::ps384, Key::ps512] {
        assert!(!private.public(other).verify(MESSAGE, &pss));
    }
    for other in [Key::ps256, Key::rs384, Key::rs1] {
        assert!(!private.public(other).verify(MESSAGE, &pkcs1));
    }
}

#[test]
fn a_signature_is_a_number_below_n_of_its_length() {
    let private = Private::new(2049);
    let key = private.public(Key::rs256);
    let len = private.n.len();
    let signature = private.sign_encoded(&padding::pkcs1_v1_5(Hash::Sha256, MESSAGE, len));
    assert!(key.verify(MESSAGE, &signature));

    // The same number modulo n, which fits in the same number of bytes.
    let sum = BoxedUint::from_be_slice_vartime(&signature).concatenating_add(private.key.n().as_ref());
    let sum = sum.to_be_bytes();
    let plus_n = sum[sum.len() - len..].to_vec();
    let mut minus_one = private.n.clone();
    minus_one[len - 1] -= 1;
    let one = [vec![0; len - 1], vec![1]].concat();
    for (what, bad) in [
        ("s + n", plus_n),
        ("0", vec![0; len]),
        ("1", one),
        ("n - 1", minus_one),
        ("n", private.n.clone()),
        ("the highest", vec![0xff; len]),
        ("a zero before it", [&[0], &signature[..]].concat()),
        ("a zero after it", [&signature[..], &[0]].concat()),
        ("its first byte lost", signature[1..].to_vec()),
        ("nothing", Vec::new()),
    ] {
        for scheme in [Key::rs256, Key::ps256] {
            assert!(!private.public(scheme).verify(MESSAGE, &bad), "accepted {what}");
        }
    }
}

#[test]
fn exponents_are_odd_from_3_to_2_to_the_32nd() {
    let n = [0xff; 256];
    for good in [&[3][..], &[5], &[1, 1], &[1, 0, 1], &[0xff; 4]] {
        assert!(Key::ps512(&n, good).is_some(), "{good:?}");
    }
    for bad in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[1, 0, 0],
        &[0, 3],
        &[0, 1, 0, 1],
        &[1, 0, 0, 0, 1],
        &[0xff; 9],
    ] {
        assert!(Key::rs256(&n, bad).is_none(), "{bad:?}");
    }
}
