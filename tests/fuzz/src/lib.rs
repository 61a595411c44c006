//! Targets for a fuzzer: functions of bytes that panic if the crate panics or breaks a promise.
//!
//! They run under libFuzzer (`make fuzz`), and on mutated seeds in an ordinary test (`make fuzz-smoke`).

extern crate alloc;

pub mod mutate;
pub mod seeds;

mod blobs;
mod ceremonies;
mod certificates;
mod input;
mod p256_kernel;
mod parsers;
mod rsa_kernel;
mod statements;

/// The crate's sources, mounted module by module as in `src/lib.rs`, because most of the interesting parts are private.
/// They name each other as `crate::…`, so this crate has these names too.
#[path = "../../../src"]
#[allow(
    dead_code,
    unfulfilled_lint_expectations,
    unused_imports,
    reason = "mounted sources of which only a part is used"
)]
mod touchstone {
    pub(crate) mod attestation;
    pub(crate) mod attestation_type;
    pub(crate) mod authentication;
    pub(crate) mod authenticator_data;
    pub(crate) mod base64url;
    pub(crate) mod cbor;
    pub(crate) mod client_data;
    pub(crate) mod cose;
    pub(crate) mod credential;
    pub(crate) mod error;
    pub(crate) mod json;
    pub(crate) mod jws;
    pub(crate) mod limits;
    pub(crate) mod metadata;
    pub(crate) mod origin;
    pub(crate) mod policy;
    pub(crate) mod reader;
    pub(crate) mod registration;
    pub(crate) mod signature;
    pub(crate) mod x509;
}

use touchstone::{
    attestation, attestation_type, authentication, authenticator_data, base64url, cbor, client_data, cose, credential,
    error, json, jws, limits, metadata, origin, policy, reader, registration, signature, x509,
};

#[path = "../../../src/signature/random.rs"]
#[allow(dead_code, reason = "mounted source of which only a part is used")]
mod random;

/// The kernels without their entry, whose keys are COSE and whose modules are private.
#[path = "../../../src/signature"]
#[allow(
    dead_code,
    unfulfilled_lint_expectations,
    unused_imports,
    reason = "mounted sources of which only a part is used"
)]
mod kernels {
    mod hash;
    mod p256;
    mod rsa;

    /// The public operation alone.
    #[path = "rsa"]
    mod rsa_parts {
        mod modulus;

        pub(crate) fn power(n: &[u8], base: &[u8], exponent: u32) -> Option<Vec<u8>> {
            modulus::Modulus::parse(n)?.power(base, exponent)
        }
    }

    pub(crate) use rsa_parts::power;

    pub(crate) fn es256(x: &[u8], y: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        p256::Key::new(x, y).map(|key| key.verify(message, signature))
    }

    /// Verifies with the scheme of this number in `rsa_kernel::SCHEMES`.
    pub(crate) fn rsa(scheme: usize, n: &[u8], e: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
        use rsa::Key;
        let key = match scheme {
            0 => Key::pkcs1_v1_5(n, e, hash::Hash::Sha1),
            1 => Key::rs256(n, e),
            2 => Key::rs384(n, e),
            3 => Key::rs512(n, e),
            4 => Key::ps256(n, e),
            5 => Key::ps384(n, e),
            _ => Key::ps512(n, e),
        };
        key.map(|key| key.verify(message, signature))
    }
}

pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// The number of mutated seeds in the ordinary test; it depends on the cost of one.
    pub cases: usize,
}

const fn target(name: &'static str, run: fn(&[u8]), cases: usize) -> Target {
    Target { name, run, cases }
}

pub const TARGETS: [Target; 23] = [
    target("p256", p256_kernel::run, 2_000),
    target("rsa", rsa_kernel::run, 1_000),
    target("cbor", parsers::cbor, 20_000),
    target("cose", parsers::cose, 10_000),
    target("client-data", parsers::client_data, 20_000),
    target("credential", parsers::credential, 10_000),
    target("authenticator-data", parsers::authenticator_data, 20_000),
    target("attestation-object", parsers::attestation_object, 20_000),
    target("registration", ceremonies::registration, 10_000),
    target("authentication", ceremonies::authentication, 10_000),
    target("packed", statements::packed, 1_500),
    target("tpm", statements::tpm, 1_500),
    target("android-key", statements::android_key, 1_500),
    target("apple", statements::apple, 1_500),
    target("fido-u2f", statements::fido_u2f, 1_500),
    target("android-safetynet", statements::android_safetynet, 1_500),
    target("compound", statements::compound, 1_500),
    target("certificate", certificates::certificate, 5_000),
    target("certificate-path", certificates::chain, 2_000),
    target("metadata-payload", blobs::payload, 1_000),
    target("metadata-jws", blobs::jws, 2_000),
    target("metadata-stored", blobs::stored, 5_000),
    target("metadata-entry", blobs::entry, 5_000),
];

/// The target with this name.
pub fn find(name: &str) -> &'static Target {
    let names = TARGETS.map(|target| target.name).join(", ");
    TARGETS
        .iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| panic!("no target {name:?}; there are: {names}"))
}
