//! The library crates, called as their documentation shows.

use p256::ecdsa::signature::Verifier;
use sha2::Sha256;
use wasm_bindgen::prelude::wasm_bindgen;

/// `key` is x and y.
#[wasm_bindgen]
pub fn crate_es256(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    verify_es256(key, message, signature).is_some()
}

fn verify_es256(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let (x, y) = key.split_at_checked(32)?;
    let point = p256::Sec1Point::from_affine_coordinates(x.try_into().ok()?, y.try_into().ok()?, false);
    let key = p256::ecdsa::VerifyingKey::from_sec1_point(&point).ok()?;
    let signature = p256::ecdsa::Signature::from_der(signature).ok()?;
    key.verify(message, &signature).ok()
}

/// `key` is x.
#[wasm_bindgen]
pub fn crate_eddsa(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    verify_eddsa(key, message, signature).is_some()
}

fn verify_eddsa(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify(message, &signature).ok()
}

/// `key` is the modulus; the exponent is 65537.
#[wasm_bindgen]
pub fn crate_rs256(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    verify_rs256(key, message, signature).is_some()
}

fn verify_rs256(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let modulus = rsa::BoxedUint::from_be_slice_vartime(key);
    let key = rsa::RsaPublicKey::new(modulus, rsa::BoxedUint::from(65_537_u32)).ok()?;
    let signature = rsa::pkcs1v15::Signature::try_from(signature).ok()?;
    rsa::pkcs1v15::VerifyingKey::<Sha256>::new(key)
        .verify(message, &signature)
        .ok()
}
