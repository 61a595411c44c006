//! A valid BLOB of a made-up service. Each test makes one part of it wrong.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Signer;

use super::*;
use crate::certificates::{Builder, Key, NOW, p256_key, sequence, tlv};
use crate::error::ErrorCode;

mod entries;
mod large;
mod signatures;
mod stored;
mod vector;
mod verification;

const SIGNER: &str = "mds.example.org";
const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const AAGUID: &str = "01020304-0506-0708-090a-0b0c0d0e0f10";
const AAGUID_BYTES: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
/// NOW is in the middle of this day.
const TODAY: &str = "2025-06-15";

const ROOT: u8 = 1;
const INTERMEDIATE: u8 = 2;
const LEAF: u8 = 3;

/// The extension value that names the signer.
fn alt_name(name: &str) -> Vec<u8> {
    sequence(&[&tlv(0x82, &[name.as_bytes()])])
}

fn root() -> Vec<u8> {
    let key = Key::p256(ROOT);
    Builder::authority("root", &key).signed_by("root", &key)
}

fn intermediate() -> Vec<u8> {
    Builder::authority("intermediate", &Key::p256(INTERMEDIATE)).signed_by("root", &Key::p256(ROOT))
}

fn leaf_builder(key: &Key) -> Builder {
    Builder::leaf("signer", key).extension(SUBJECT_ALT_NAME, false, &alt_name(SIGNER))
}

fn leaf_of(builder: &Builder) -> Vec<u8> {
    builder.signed_by("intermediate", &Key::p256(INTERMEDIATE))
}

fn policy() -> BlobPolicy {
    let anchors = [TrustAnchor::from_der(&root()).unwrap()].to_vec();
    BlobPolicy {
        signer: Some(SIGNER.into()),
        ..BlobPolicy::new(anchors, NOW)
    }
}

/// A BLOB before it is signed.
struct Draft {
    alg: &'static str,
    /// Further members of the header, with a comma before each.
    more: &'static str,
    x5c: Vec<Vec<u8>>,
    payload: String,
}

impl Draft {
    fn new(payload: &str) -> Self {
        Self {
            alg: "ES256",
            more: r#","typ":"JWT""#,
            x5c: [leaf_of(&leaf_builder(&Key::p256(LEAF))), intermediate()].to_vec(),
            payload: payload.into(),
        }
    }

    /// A BLOB of these entries.
    fn of(entries: &[&str]) -> Self {
        Self::new(&payload(7, "2025-07-01", entries))
    }

    fn header(&self) -> String {
        let certificates: Vec<_> = self
            .x5c
            .iter()
            .map(|der| format!("{:?}", STANDARD.encode(der)))
            .collect();
        let (alg, more) = (self.alg, self.more);
        format!(r#"{{"alg":"{alg}"{more},"x5c":[{}]}}"#, certificates.join(","))
    }

    /// The BLOB with a signature by any key.
    fn signed_with(&self, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        self.signed_under(&self.header(), sign)
    }

    fn signed_under(&self, header: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let header = URL_SAFE_NO_PAD.encode(header);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(&self.payload));
        let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn signed(&self) -> String {
        self.signed_with(es256)
    }

    fn verified(&self) -> Result<MetadataBlob> {
        MetadataBlob::verify(&self.signed(), &policy())
    }
}

/// A JWS signature by the leaf's key.
fn es256(message: &[u8]) -> Vec<u8> {
    let signature: Signature = p256_key(LEAF).sign(message);
    signature.to_bytes().to_vec()
}

fn payload(number: u64, next_update: &str, entries: &[&str]) -> String {
    let entries = entries.join(",");
    format!(r#"{{"legalHeader":"none","no":{number},"nextUpdate":"{next_update}","entries":[{entries}]}}"#)
}

/// The entry of a model without any statement about it.
fn model(aaguid: &str) -> String {
    format!(r#"{{"aaguid":"{aaguid}","metadataStatement":{{"description":"A key"}},"statusReports":[]}}"#)
}

#[track_caller]
fn assert_refused<T: core::fmt::Debug>(result: Result<T>, code: ErrorCode, field: &str) {
    let error = result.expect_err("accepted");
    assert_eq!((error.code, error.field), (code, field));
}
