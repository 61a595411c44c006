use alloc::vec;
use alloc::vec::Vec;

use ciborium::Value;
use sha2::{Digest, Sha256};

use super::*;
use crate::attestation::TpmManufacturers;
use crate::attestation::sample::Sample;
use crate::certificates::statements::{map, x5c};
use crate::certificates::{BASIC_CONSTRAINTS, Builder, Key, constraints, name, oid, p256_point, sequence, tlv};

mod certificate;
mod public_area;
mod rsa;

/// The parts of a statement. [`Quote::new`] is valid; each test makes one part wrong.
struct Quote {
    sample: Sample,
    algorithm: i64,
    public_area: Vec<u8>,
    /// Magic, type and qualifiedSigner.
    head: Vec<u8>,
    extra_data: Vec<u8>,
    /// clockInfo and firmwareVersion.
    clock: [u8; 25],
    name: Vec<u8>,
    /// qualifiedName.
    tail: Vec<u8>,
    certificate: Builder,
}

impl Quote {
    fn new() -> Self {
        let sample = Sample::new();
        let public_area = ecc_area(CREDENTIAL);
        let certificate = Builder::leaf("", &Key::p256(ATTESTATION))
            .subject(&[])
            .extension(BASIC_CONSTRAINTS, true, &constraints(false, None))
            .extension(USAGE, false, &usage(&[AIK]))
            .extension(NAME, true, &alternative_name(&MODEL));
        Self {
            algorithm: -7,
            head: vec![0xff, 0x54, 0x43, 0x47, 0x80, 0x17, 0, 0],
            extra_data: Sha256::digest(sample.attested().signed_data()).to_vec(),
            clock: [7; 25],
            name: [&[0, 0x0b], Sha256::digest(&public_area).as_slice()].concat(),
            tail: vec![0, 0],
            public_area,
            certificate,
            sample,
        }
    }

    fn cert_info(&self) -> Vec<u8> {
        [
            &*self.head,
            &sized(&self.extra_data),
            &self.clock,
            &sized(&self.name),
            &self.tail,
        ]
        .concat()
    }

    fn members(&self) -> Vec<(&'static str, Value)> {
        let signature = sign(ATTESTATION, &self.cert_info());
        vec![
            ("ver", Value::Text("2.0".into())),
            ("alg", self.algorithm.into()),
            ("x5c", x5c(&[issue(&self.certificate)])),
            ("sig", Value::Bytes(signature)),
            ("certInfo", Value::Bytes(self.cert_info())),
            ("pubArea", Value::Bytes(self.public_area.clone())),
        ]
    }

    fn refusal(&self) -> Option<ErrorCode> {
        self.sample.refusal("tpm", map(&self.members()))
    }

    /// The verdict with another value of a member.
    fn refusal_with(&self, member: &str, value: Value) -> Option<ErrorCode> {
        let mut members = self.members();
        members.iter_mut().find(|(key, _)| *key == member).unwrap().1 = value;
        self.sample.refusal("tpm", map(&members))
    }
}

/// The number of the credential's key pair in samples.
const CREDENTIAL: u8 = 1;

/// The number of the attestation certificate's key pair.
const ATTESTATION: u8 = 2;

fn sign(key: u8, message: &[u8]) -> Vec<u8> {
    (Key::p256(key).sign)(message)
}

/// The certificate, issued by a CA.
fn issue(certificate: &Builder) -> Vec<u8> {
    certificate.signed_by("CA", &Key::p256(9))
}

/// A TPM2B.
fn sized(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// A signing key on P-256 with a SHA-256 name. symmetric, scheme and kdf are NULL.
fn ecc_area(key: u8) -> Vec<u8> {
    let point = p256_point(key);
    let (x, y) = point[1..].split_at(32);
    let head = [0, 0x23, 0, 0x0b, 0, 4, 4, 0x72, 0, 0, 0, 0x10, 0, 0x10, 0, 3, 0, 0x10];
    [&head[..], &sized(x), &sized(y)].concat()
}

const USAGE: &str = "2.5.29.37";
const NAME: &str = "2.5.29.17";
const AIK: &str = "2.23.133.8.3";

/// A model of Infineon.
const MODEL: [(&str, &str); 3] = [
    ("2.23.133.2.1", "id:49465800"),
    ("2.23.133.2.2", "Model"),
    ("2.23.133.2.3", "id:13"),
];

fn usage(usages: &[&str]) -> Vec<u8> {
    sequence(&[&usages.iter().flat_map(|usage| oid(usage)).collect::<Vec<u8>>()])
}

/// A directoryName, each attribute in its own relative distinguished name.
fn alternative_name(attributes: &[(&str, &str)]) -> Vec<u8> {
    sequence(&[&tlv(0xa4, &[&name(attributes)])])
}

#[test]
fn accepts_what_a_tpm_certified() {
    let quote = Quote::new();
    let evidence = quote.sample.verify("tpm", map(&quote.members())).unwrap();
    assert_eq!(evidence.attestation_type, AttestationType::AttCa);
    assert_eq!(evidence.certificates, [issue(&quote.certificate)]);
}

#[test]
fn requires_every_member_and_no_other() {
    let quote = Quote::new();
    for missing in 0..6 {
        let mut members = quote.members();
        members.remove(missing);
        let refusal = quote.sample.refusal("tpm", map(&members));
        assert_eq!(refusal, Some(ErrorCode::AttestationStatementMalformed), "{missing}");
    }
    let mut members = quote.members();
    members.push(("ecdaaKeyId", Value::Bytes(vec![])));
    let refusal = quote.sample.refusal("tpm", map(&members));
    assert_eq!(refusal, Some(ErrorCode::AttestationStatementMalformed));
}

#[test]
fn the_version_is_the_text_2_0() {
    let quote = Quote::new();
    for version in [Value::Text("1.2".into()), Value::Text("2".into()), Value::Float(2.0)] {
        let refusal = quote.refusal_with("ver", version);
        assert_eq!(refusal, Some(ErrorCode::AttestationStatementMalformed));
    }
}

#[test]
fn magic_and_type_are_those_of_a_certified_key() {
    for place in 0..6 {
        let mut quote = Quote::new();
        quote.head[place] ^= 1;
        assert_eq!(
            quote.refusal(),
            Some(ErrorCode::AttestationStatementMalformed),
            "{place}"
        );
    }
}

#[test]
fn cert_info_is_read_to_its_end_and_no_further() {
    let quote = Quote::new();
    let cert_info = quote.cert_info();
    let longer = [&*cert_info, &[0]].concat();
    let shorter = (0..cert_info.len()).map(|len| cert_info[..len].to_vec());
    for cert_info in shorter.chain([longer]) {
        let refusal = quote.refusal_with("certInfo", Value::Bytes(cert_info));
        assert_eq!(refusal, Some(ErrorCode::AttestationStatementMalformed));
    }
}

#[test]
fn signer_clock_firmware_and_qualified_name_are_ignored() {
    let mut quote = Quote::new();
    quote.head.splice(6.., sized(b"signer"));
    quote.clock = [0xff; 25];
    quote.tail = sized(b"name");
    assert_eq!(quote.refusal(), None);
}

#[test]
fn extra_data_is_the_hash_of_this_registration() {
    let mut quote = Quote::new();
    quote.sample.authenticator_data.push(0);
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));

    let mut quote = Quote::new();
    quote.sample.client_data_hash[0] ^= 1;
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));

    let mut quote = Quote::new();
    quote.extra_data.pop();
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));
}

#[test]
fn extra_data_is_hashed_as_the_algorithm_says() {
    let mut quote = Quote::new();
    quote.algorithm = -35;
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));
    quote.extra_data = sha2::Sha384::digest(quote.sample.attested().signed_data()).to_vec();
    // An algorithm on P-384 does not match a key on P-256.
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationAlgorithmMismatch));
    quote.algorithm = -8;
    assert_eq!(quote.refusal(), Some(ErrorCode::AlgorithmUnsupported));
}

#[test]
fn the_name_is_that_of_the_public_area() {
    let mut quote = Quote::new();
    quote.name[5] ^= 1;
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));

    // objectAttributes, which only the name covers.
    let mut quote = Quote::new();
    quote.public_area[7] ^= 1;
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));

    // The hash function of the name is a part of it.
    let mut quote = Quote::new();
    quote.name[1] = 0x0c;
    assert_eq!(quote.refusal(), Some(ErrorCode::AttestationDataMismatch));
}

#[test]
fn the_certificate_signs_cert_info() {
    let quote = Quote::new();
    let by_credential = sign(CREDENTIAL, &quote.cert_info());
    let over_other = sign(ATTESTATION, &quote.public_area);
    for signature in [by_credential, over_other, vec![]] {
        let refusal = quote.refusal_with("sig", Value::Bytes(signature));
        assert_eq!(refusal, Some(ErrorCode::SignatureInvalid));
    }
}
