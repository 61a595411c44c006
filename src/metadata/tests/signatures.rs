//! The algorithms of a BLOB's signature.

use super::*;

/// Verifies a signature of one kind: a leaf with the key `public`, in SPKI, and the function that signs.
fn assert_verifies(alg: &'static str, public: Vec<u8>, sign: impl Fn(&[u8]) -> Vec<u8>) {
    let key = Key {
        public,
        ..Key::p256(LEAF)
    };
    let mut draft = Draft::of(&[]);
    draft.alg = alg;
    draft.x5c = [leaf_of(&leaf_builder(&key)), intermediate()].to_vec();
    let jws = draft.signed_with(&sign);
    MetadataBlob::verify(&jws, &policy()).unwrap_or_else(|error| panic!("{alg}: {error}"));

    let other = |message: &[u8]| sign(&[message, b"x"].concat());
    let error = MetadataBlob::verify(&draft.signed_with(other), &policy()).expect_err(alg);
    assert_eq!(error.code, ErrorCode::SignatureInvalid, "{alg}");
}

/// Salt for RSA-PSS. A verifier accepts any salt; with zeros, the library would search for a better number forever.
struct Ones;

impl rsa::rand_core::TryRng for Ones {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> core::result::Result<u32, Self::Error> {
        Ok(1)
    }

    fn try_next_u64(&mut self) -> core::result::Result<u64, Self::Error> {
        Ok(1)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> core::result::Result<(), Self::Error> {
        bytes.fill(1);
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Ones {}

#[test]
fn verifies_rsa() {
    use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
    use rsa::signature::{RandomizedSigner, SignatureEncoding};
    let pem = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/keys/rsa-2048.pem");
    let key = rsa::RsaPrivateKey::read_pkcs8_pem_file(pem).unwrap();
    let public = key.to_public_key().to_public_key_der().unwrap().into_vec();
    macro_rules! verifies {
        ($hash:ident $pkcs1:literal $pss:literal) => {
            let signer = rsa::pkcs1v15::SigningKey::<sha2::$hash>::new(key.clone());
            assert_verifies($pkcs1, public.clone(), |message| signer.sign(message).to_vec());
            let signer = rsa::pss::SigningKey::<sha2::$hash>::new(key.clone());
            assert_verifies($pss, public.clone(), |message| {
                signer.sign_with_rng(&mut Ones, message).to_vec()
            });
        };
    }
    verifies!(Sha256 "RS256" "PS256");
    verifies!(Sha384 "RS384" "PS384");
    verifies!(Sha512 "RS512" "PS512");
}

#[test]
fn verifies_ed25519_by_both_names() {
    let key = Key::ed25519(9);
    assert_verifies("EdDSA", key.public.clone(), &key.sign);
    assert_verifies("Ed25519", key.public.clone(), &key.sign);
}

#[cfg(feature = "es384")]
#[test]
fn verifies_es384() {
    let key = p384::ecdsa::SigningKey::from_slice(&[5; 48]).unwrap();
    let point = key.verifying_key().to_sec1_point(false);
    let public = crate::certificates::ec_public("1.3.132.0.34", point.as_bytes());
    assert_verifies("ES384", public, |message| {
        let signature: p384::ecdsa::Signature = key.sign(message);
        signature.to_bytes().to_vec()
    });
}

#[cfg(feature = "es512")]
#[test]
fn verifies_es512() {
    let key = p521::ecdsa::SigningKey::from_slice(&[&[0], &[5; 65][..]].concat()).unwrap();
    let point = p521::ecdsa::VerifyingKey::from(&key).to_sec1_point(false);
    let public = crate::certificates::ec_public("1.3.132.0.35", point.as_bytes());
    assert_verifies("ES512", public, |message| {
        let signature: p521::ecdsa::Signature = key.sign(message);
        signature.to_bytes().to_vec()
    });
}

#[test]
fn refuses_other_signatures() {
    let draft = Draft::of(&[]);
    let refused = |jws: &str| {
        assert_refused(
            MetadataBlob::verify(jws, &policy()),
            ErrorCode::SignatureInvalid,
            SIGNATURE,
        );
    };
    refused(&draft.signed_with(|_| Vec::new()));
    refused(&draft.signed_with(|_| [0; 64].to_vec()));
    // A signature by another key, and a valid one in the encoding of certificates.
    refused(&draft.signed_with(|message| {
        let signature: Signature = p256_key(ROOT).sign(message);
        signature.to_bytes().to_vec()
    }));
    refused(&draft.signed_with(|message| (Key::p256(LEAF).sign)(message)));
    refused(&draft.signed_with(|message| [&[0], &es256(message)[..]].concat()));
    refused(&draft.signed_with(|message| [&es256(message)[..], &[0]].concat()));
}

#[test]
fn refuses_unknown_algorithms_and_those_of_other_keys() {
    let with = |alg| {
        let mut draft = Draft::of(&[]);
        draft.alg = alg;
        draft.verified()
    };
    for alg in ["none", "HS256", "", "es256", "ES256K", "RS1"] {
        assert_refused(with(alg), ErrorCode::AlgorithmUnsupported, "metadata.header.alg");
    }
    for alg in ["RS256", "EdDSA", "ES384"] {
        assert_refused(with(alg), ErrorCode::CoseKeyMismatch, SIGNATURE);
    }
}
