//! Certificates for tests. They are written byte by byte, because most of them must be wrong in one point. The unit
//! tests in `src` mount this folder too.
//!
//! ```ignore
//! let (root, leaf) = (Key::p256(1), Key::p256(2));
//! let anchor = Builder::authority("root", &root).signed_by("root", &root);
//! let x5c = Builder::leaf("leaf", &leaf).extension("2.5.29.19", true, &sequence(&[])).signed_by("root", &root);
//! let signature = (leaf.sign)(b"what the statement signs");
//! ```

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "not every build of the tests needs all of it"
)]

use std::boxed::Box;
use std::vec::Vec;

use p256::ecdsa::signature::Signer;
use x509_cert::der::oid::ObjectIdentifier;

pub(crate) mod algorithms;
pub(crate) mod statements;

/// June 2025: certificates are valid then unless a test says otherwise.
pub(crate) const NOW: u64 = 1_750_000_000;

pub(crate) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub(crate) const KEY_USAGE: &str = "2.5.29.15";

/// The parts of a key pair that a certificate needs.
pub(crate) struct Key {
    /// `SubjectPublicKeyInfo`, DER.
    pub(crate) public: Vec<u8>,
    /// The `AlgorithmIdentifier` of its signatures, DER.
    pub(crate) algorithm: Vec<u8>,
    pub(crate) sign: Box<Sign>,
}

/// Returns the signature of a message.
type Sign = dyn Fn(&[u8]) -> Vec<u8>;

impl Key {
    /// ECDSA on P-256 with SHA-256; each number is another key.
    pub(crate) fn p256(number: u8) -> Self {
        let key = p256_key(number);
        Self {
            public: ec_public("1.2.840.10045.3.1.7", &p256_point(number)),
            algorithm: sequence(&[&oid("1.2.840.10045.4.3.2")]),
            sign: Box::new(move |message| {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }),
        }
    }

    pub(crate) fn ed25519(number: u8) -> Self {
        use ed25519_dalek::ed25519::signature::Signer;
        let key = ed25519_dalek::SigningKey::from_bytes(&[number; 32]);
        let algorithm = sequence(&[&oid("1.3.101.112")]);
        Self {
            public: sequence(&[&algorithm, &bit_string(key.verifying_key().as_bytes())]),
            algorithm,
            sign: Box::new(move |message| key.sign(message).to_bytes().to_vec()),
        }
    }
}

pub(crate) fn p256_key(number: u8) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[number; 32]).unwrap()
}

/// The public key as SEC 1 writes it: 04, x, y.
pub(crate) fn p256_point(number: u8) -> Vec<u8> {
    p256_key(number)
        .verifying_key()
        .to_sec1_point(false)
        .as_bytes()
        .to_vec()
}

/// The `SubjectPublicKeyInfo` of a point of a named curve.
pub(crate) fn ec_public(curve: &str, point: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid(curve)]);
    sequence(&[&algorithm, &bit_string(point)])
}

/// A certificate before it is signed. Its fields are DER; the methods set what tests change most.
#[derive(Clone)]
pub(crate) struct Builder {
    /// 0 is version 1, 2 is version 3.
    pub(crate) version: u8,
    pub(crate) serial: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) public: Vec<u8>,
    /// In the form that `time` reads.
    pub(crate) validity: [&'static str; 2],
    pub(crate) extensions: Vec<(&'static str, Vec<u8>)>,
    /// The algorithm inside the signed part, if it differs from the outer one.
    pub(crate) inner_algorithm: Option<Vec<u8>>,
}

impl Builder {
    /// A certificate of version 3 without extensions.
    pub(crate) fn leaf(common_name: &str, key: &Key) -> Self {
        Self {
            version: 2,
            serial: tlv(2, &[&[1]]),
            subject: name(&[("2.5.4.3", common_name)]),
            public: key.public.clone(),
            validity: ["200101000000Z", "400101000000Z"],
            extensions: Vec::new(),
            inner_algorithm: None,
        }
    }

    /// A certificate with critical basicConstraints, CA true, and keyUsage keyCertSign.
    pub(crate) fn authority(common_name: &str, key: &Key) -> Self {
        Self::leaf(common_name, key)
            .extension(BASIC_CONSTRAINTS, true, &constraints(true, None))
            .extension(KEY_USAGE, true, &key_usage(5))
    }

    /// Attributes of the subject in their order: type and value. None is the empty name.
    pub(crate) fn subject(mut self, attributes: &[(&str, &str)]) -> Self {
        self.subject = name(attributes);
        self
    }

    /// Begin and end as UTCTime, `250101000000Z`, or as GeneralizedTime, `20250101000000Z`.
    pub(crate) fn validity(mut self, begin: &'static str, end: &'static str) -> Self {
        self.validity = [begin, end];
        self
    }

    /// Adds an extension: its value is the DER that the OCTET STRING holds.
    pub(crate) fn extension(mut self, kind: &'static str, critical: bool, value: &[u8]) -> Self {
        let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
        let extension = sequence(&[&oid(kind), critical, &tlv(4, &[value])]);
        self.extensions.push((kind, extension));
        self
    }

    pub(crate) fn without(mut self, kind: &str) -> Self {
        self.extensions.retain(|(known, _)| *known != kind);
        self
    }

    /// The certificate, signed by an issuer with this common name.
    pub(crate) fn signed_by(&self, issuer: &str, key: &Key) -> Vec<u8> {
        self.signed_by_name(&name(&[("2.5.4.3", issuer)]), key)
    }

    pub(crate) fn signed_by_name(&self, issuer: &[u8], key: &Key) -> Vec<u8> {
        let version = tlv(0xa0, &[&[2, 1, self.version]]);
        let version: &[u8] = if self.version == 0 { &[] } else { &version };
        let extensions: Vec<u8> = self.extensions.iter().flat_map(|(_, der)| der.clone()).collect();
        let extensions = tlv(0xa3, &[&sequence(&[&extensions])]);
        let extensions: &[u8] = if self.extensions.is_empty() { &[] } else { &extensions };
        let signed = sequence(&[
            version,
            &self.serial,
            self.inner_algorithm.as_ref().unwrap_or(&key.algorithm),
            issuer,
            &sequence(&[&time(self.validity[0]), &time(self.validity[1])]),
            &self.subject,
            &self.public,
            extensions,
        ]);
        sequence(&[&signed, &key.algorithm, &bit_string(&(key.sign)(&signed))])
    }
}

/// The value of basicConstraints.
pub(crate) fn constraints(authority: bool, path_len: Option<u8>) -> Vec<u8> {
    let authority: &[u8] = if authority { &[1, 1, 0xff] } else { &[] };
    let path_len = path_len.map_or(Vec::new(), |len| tlv(2, &[&[len]]));
    sequence(&[authority, &path_len])
}

/// The value of keyUsage with one bit: 0 is digitalSignature, 5 is keyCertSign.
pub(crate) fn key_usage(bit: u8) -> Vec<u8> {
    tlv(3, &[&[7_u8.saturating_sub(bit), 0x80 >> bit]])
}

/// A name with attributes in UTF-8, each in its own RDN.
pub(crate) fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
    let relative = |(kind, value): &(&str, &str)| {
        let attribute = sequence(&[&oid(kind), &tlv(0x0c, &[value.as_bytes()])]);
        tlv(0x31, &[&attribute])
    };
    sequence(&[&attributes.iter().flat_map(relative).collect::<Vec<u8>>()])
}

fn time(text: &str) -> Vec<u8> {
    let tag = if text.len() == 13 { 0x17 } else { 0x18 };
    tlv(tag, &[text.as_bytes()])
}

pub(crate) fn oid(text: &str) -> Vec<u8> {
    tlv(6, &[ObjectIdentifier::new_unwrap(text).as_bytes()])
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, parts)
}

pub(crate) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], bytes])
}

/// A tag, the length in as few bytes as possible, and the parts.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let [high, low] = u16::try_from(contents.len()).unwrap().to_be_bytes();
    let header: &[u8] = match (high, low) {
        (0, ..=0x7f) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [header, &contents].concat()
}
