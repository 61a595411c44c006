//! Keys of further signature algorithms of certificates.

use core::convert::Infallible;
use std::boxed::Box;
use std::format;
use std::vec::Vec;

use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer};
use sha2::{Digest, Sha256};

use super::{Key, bit_string, ec_public, oid, sequence, tlv};

pub(crate) const NULL: &[u8] = &[5, 0];
const SHA256: &str = "2.16.840.1.101.3.4.2.1";

/// ECDSA with the crate of a curve and a hash of any length.
macro_rules! ecdsa {
    ($name:ident $library:ident $len:literal $curve:literal $digest:ident $algorithm:literal) => {
        pub(crate) fn $name(number: u8) -> Key {
            use $library::ecdsa::signature::hazmat::PrehashSigner;
            let mut scalar = [0; $len];
            scalar[$len - 1] = number;
            let key = $library::ecdsa::SigningKey::from_slice(&scalar).unwrap();
            Key {
                public: ec_public($curve, key.verifying_key().to_sec1_point(false).as_bytes()),
                algorithm: sequence(&[&oid($algorithm)]),
                sign: Box::new(move |message| {
                    let signature: $library::ecdsa::Signature =
                        key.sign_prehash(&sha2::$digest::digest(message)).unwrap();
                    signature.to_der().as_bytes().to_vec()
                }),
            }
        }
    };
}

ecdsa!(p256_sha512 p256 32 "1.2.840.10045.3.1.7" Sha512 "1.2.840.10045.4.3.4");
#[cfg(feature = "es384")]
ecdsa!(p384_sha384 p384 48 "1.3.132.0.34" Sha384 "1.2.840.10045.4.3.3");
// The combination that Apple and Google use.
#[cfg(feature = "es384")]
ecdsa!(p384_sha256 p384 48 "1.3.132.0.34" Sha256 "1.2.840.10045.4.3.2");
#[cfg(feature = "es512")]
ecdsa!(p521_sha512 p521 66 "1.3.132.0.35" Sha512 "1.2.840.10045.4.3.4");
#[cfg(feature = "es256k")]
ecdsa!(k256_sha256 k256 32 "1.3.132.0.10" Sha256 "1.2.840.10045.4.3.2");

#[cfg(feature = "ml-dsa")]
pub(crate) fn ml_dsa_44(number: u8) -> Key {
    use ml_dsa::{KeyExport, Keypair, MlDsa44, SigningKey};
    let key = SigningKey::<MlDsa44>::from_seed(&[number; 32].into());
    let algorithm = sequence(&[&oid("2.16.840.1.101.3.4.3.17")]);
    Key {
        public: sequence(&[&algorithm, &bit_string(&key.verifying_key().to_bytes())]),
        algorithm,
        sign: Box::new(move |message| {
            let signature: ml_dsa::Signature<MlDsa44> = key.sign(message);
            signature.encode().to_vec()
        }),
    }
}

fn rsa_private(bits: u32) -> RsaPrivateKey {
    let path = format!("{}/tests/vectors/keys/rsa-{bits}.pem", env!("CARGO_MANIFEST_DIR"));
    RsaPrivateKey::read_pkcs8_pem_file(path).unwrap()
}

fn rsa_public(key: &RsaPrivateKey) -> Vec<u8> {
    let public = key.to_public_key().to_pkcs1_der().unwrap();
    let algorithm = sequence(&[&oid("1.2.840.113549.1.1.1"), NULL]);
    sequence(&[&algorithm, &bit_string(public.as_bytes())])
}

/// PKCS#1 v1.5 with SHA-256 and the key of this size in `tests/vectors/keys`.
pub(crate) fn rsa(bits: u32) -> Key {
    let key = rsa_private(bits);
    Key {
        public: rsa_public(&key),
        algorithm: sequence(&[&oid("1.2.840.113549.1.1.11"), NULL]),
        sign: Box::new(move |message| {
            rsa::pkcs1v15::SigningKey::<Sha256>::new(key.clone())
                .sign(message)
                .to_vec()
        }),
    }
}

/// PKCS#1 v1.5 with SHA-1.
pub(crate) fn rsa_sha1(bits: u32) -> Key {
    let key = rsa_private(bits);
    Key {
        public: rsa_public(&key),
        algorithm: sequence(&[&oid("1.2.840.113549.1.1.5"), NULL]),
        sign: Box::new(move |message| {
            // RFC 8017 section 9.2, note 1.
            let padding = rsa::Pkcs1v15Sign {
                hash_len: Some(20),
                prefix: (*b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\0\x04\x14").into(),
            };
            key.sign(padding, &sha1::Sha1::digest(message)).unwrap()
        }),
    }
}

/// PSS with SHA-256.
pub(crate) fn rsa_pss(bits: u32) -> Key {
    let key = rsa_private(bits);
    Key {
        public: rsa_public(&key),
        algorithm: pss_algorithm(&[SHA256, SHA256], 32),
        sign: Box::new(move |message| {
            let key = rsa::pss::SigningKey::<Sha256>::new(key.clone());
            key.sign_with_rng(&mut Numbers(1), message).to_vec()
        }),
    }
}

/// The `AlgorithmIdentifier` of PSS with the hash functions of message and mask.
pub(crate) fn pss_algorithm([message, mask]: &[&str; 2], salt_len: u8) -> Vec<u8> {
    let mask = sequence(&[&oid("1.2.840.113549.1.1.8"), &sequence(&[&oid(mask), NULL])]);
    let parameters = sequence(&[
        &tlv(0xa0, &[&sequence(&[&oid(message), NULL])]),
        &tlv(0xa1, &[&mask]),
        &tlv(0xa2, &[&tlv(2, &[&[salt_len]])]),
    ]);
    sequence(&[&oid("1.2.840.113549.1.1.10"), &parameters])
}

/// Numbers for salt and blinding. They come from xorshift, because blinding searches for one that is not zero.
struct Numbers(u64);

impl TryRng for Numbers {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|number| u32::try_from(number >> 32).unwrap())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            [*byte, ..] = self.try_next_u64()?.to_le_bytes();
        }
        Ok(())
    }
}

impl TryCryptoRng for Numbers {}
