//! Statements of a TPM.

use ciborium::Value as Cbor;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::registration::{Registration, rsa_modulus};
use super::{ATTESTATION, CREDENTIAL, chain};
use crate::common::certificates::statements::{map, x5c};
use crate::common::certificates::{
    BASIC_CONSTRAINTS, Builder, Key, algorithms, constraints, name, oid, p256_point, sequence, tlv,
};

/// What a TPM certifies. It is valid unless a part is replaced.
pub(super) struct Quote {
    pub(super) algorithm: i64,
    pub(super) signer: Key,
    pub(super) public_area: Vec<u8>,
    pub(super) magic: [u8; 4],
    pub(super) extra_data: Vec<u8>,
    /// Replaces the name of the public area.
    pub(super) name: Option<Vec<u8>>,
}

impl Quote {
    /// About a key on P-256, signed with one.
    pub(super) fn es256(registration: &Registration) -> Self {
        Self {
            algorithm: -7,
            signer: Key::p256(ATTESTATION),
            public_area: ecc_area(CREDENTIAL),
            magic: [0xff, 0x54, 0x43, 0x47],
            extra_data: Sha256::digest(registration.signed_data()).to_vec(),
            name: None,
        }
    }

    /// About an RSA key, signed with another.
    pub(super) fn rs256(registration: &Registration) -> Self {
        Self {
            algorithm: -257,
            signer: algorithms::rsa(3072),
            public_area: rsa_area(),
            ..Self::es256(registration)
        }
    }

    /// The form that Windows uses with most TPMs.
    pub(super) fn rs1(registration: &Registration) -> Self {
        Self {
            algorithm: -65535,
            signer: algorithms::rsa_sha1(3072),
            extra_data: Sha1::digest(registration.signed_data()).to_vec(),
            ..Self::rs256(registration)
        }
    }

    pub(super) fn leaf(&self) -> Builder {
        self.leaf_by("id:49465800")
    }

    pub(super) fn leaf_by(&self, manufacturer: &str) -> Builder {
        let model = name(&[
            ("2.23.133.2.1", manufacturer),
            ("2.23.133.2.2", "Model"),
            ("2.23.133.2.3", "id:13"),
        ]);
        Builder::leaf("", &self.signer)
            .subject(&[])
            .extension(BASIC_CONSTRAINTS, true, &constraints(false, None))
            .extension("2.5.29.37", false, &sequence(&[&oid("2.23.133.8.3")]))
            .extension("2.5.29.17", true, &sequence(&[&tlv(0xa4, &[&model])]))
    }

    pub(super) fn statement(&self) -> Cbor {
        self.statement_by(&chain(&self.leaf()))
    }

    pub(super) fn statement_by(&self, certificates: &[Vec<u8>]) -> Cbor {
        let of_area = || [&[0, 0x0b], Sha256::digest(&self.public_area).as_slice()].concat();
        let name = self.name.clone().unwrap_or_else(of_area);
        let cert_info = [
            &self.magic[..],
            // TPM_ST_ATTEST_CERTIFY, and a qualifiedSigner.
            &[0x80, 0x17],
            &sized(b"signer"),
            &sized(&self.extra_data),
            // clockInfo and firmwareVersion.
            &[7; 25],
            &sized(&name),
            &sized(b"qualified name"),
        ]
        .concat();
        map(&[
            ("ver", Cbor::Text("2.0".into())),
            ("alg", self.algorithm.into()),
            ("x5c", x5c(certificates)),
            ("sig", Cbor::Bytes((self.signer.sign)(&cert_info))),
            ("certInfo", Cbor::Bytes(cert_info)),
            ("pubArea", Cbor::Bytes(self.public_area.clone())),
        ])
    }
}

/// A TPM2B.
fn sized(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// A signing key on P-256 with a SHA-256 name.
pub(super) fn ecc_area(key: u8) -> Vec<u8> {
    let point = p256_point(key);
    let (x, y) = point[1..].split_at(32);
    let head = [0, 0x23, 0, 0x0b, 0, 4, 4, 0x72, 0, 0, 0, 0x10, 0, 0x10, 0, 3, 0, 0x10];
    [&head[..], &sized(x), &sized(y)].concat()
}

/// A signing key of 2048 bits with a SHA-256 name and the default exponent.
fn rsa_area() -> Vec<u8> {
    let head = [0, 1, 0, 0x0b, 0, 6, 4, 0x72, 0, 0, 0, 0x10, 0, 0x10, 8, 0, 0, 0, 0, 0];
    [&head[..], &sized(&rsa_modulus())].concat()
}
