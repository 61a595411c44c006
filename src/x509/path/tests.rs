#![expect(
    clippy::cloned_ref_to_slice_refs,
    reason = "a chain is a list even if it has one member"
)]

use alloc::vec::Vec;

use super::*;
use crate::certificates::algorithms::{self, NULL};
use crate::certificates::{BASIC_CONSTRAINTS, Builder, KEY_USAGE, Key, NOW, constraints, key_usage, oid, sequence};

mod anchors;

/// The end of a period before [`NOW`], and the begin of one after it.
const PAST: &str = "240101000000Z";
const FUTURE: &str = "300101000000Z";
const EARLY: &str = "200101000000Z";
const LATE: &str = "400101000000Z";

/// A root, an intermediate certificate and a leaf. Tests change any of them.
struct Chain {
    root: Builder,
    middle: Builder,
    leaf: Builder,
    keys: [Key; 3],
}

impl Chain {
    fn new() -> Self {
        let keys = [1, 2, 3].map(Key::p256);
        Self {
            root: Builder::authority("root", &keys[0]),
            middle: Builder::authority("middle", &keys[1]),
            leaf: Builder::leaf("leaf", &keys[2]),
            keys,
        }
    }

    fn root(&self) -> Vec<u8> {
        self.root.signed_by("root", &self.keys[0])
    }

    fn middle(&self) -> Vec<u8> {
        self.middle.signed_by("root", &self.keys[0])
    }

    fn leaf(&self) -> Vec<u8> {
        self.leaf.signed_by("middle", &self.keys[1])
    }

    fn verdict(&self) -> Result<()> {
        verdict(&[self.leaf(), self.middle()], &[self.root()])
    }
}

/// The verdict at [`NOW`].
fn verdict(chain: &[Vec<u8>], anchors: &[Vec<u8>]) -> Result<()> {
    verdict_at(NOW, chain, anchors)
}

fn verdict_at(now: u64, chain: &[Vec<u8>], anchors: &[Vec<u8>]) -> Result<()> {
    let anchors: Vec<_> = anchors.iter().map(|der| TrustAnchor::from_der(der).unwrap()).collect();
    find(chain, &anchors, now).map(|found| assert!(anchors.contains(found)))
}

#[track_caller]
fn assert_refused(verdict: Result<()>, code: ErrorCode, what: &str) {
    assert_eq!(verdict.map_err(|error| error.code), Err(code), "{what}");
}

#[test]
fn a_path_leads_from_the_leaf_to_the_anchor() {
    let chain = Chain::new();
    assert_eq!(chain.verdict(), Ok(()));
    let direct = chain.leaf.signed_by("root", &chain.keys[0]);
    assert_eq!(verdict(&[direct], &[chain.root()]), Ok(()));
}

type Change = fn(Builder) -> Builder;

/// Changes that are refused at every level.
const FORBIDDEN_ANYWHERE: &[(&str, Change)] = &[
    ("unknown critical extension", |it| it.extension("1.2.3.4", true, NULL)),
    ("constraints of names", |it| {
        it.extension("2.5.29.30", true, &sequence(&[]))
    }),
    ("constraints of policies", |it| {
        it.extension("2.5.29.36", true, &sequence(&[]))
    }),
];

const FORBIDDEN_ABOVE: &[(&str, Change)] = &[
    ("no authority", |it| {
        replace(it, BASIC_CONSTRAINTS, &constraints(false, None))
    }),
    ("silent on being one", |it| it.without(BASIC_CONSTRAINTS)),
    ("to sign no certificates", |it| replace(it, KEY_USAGE, &key_usage(0))),
    ("to sign lists only", |it| replace(it, KEY_USAGE, &key_usage(6))),
    ("a format's extension", |it| {
        it.extension("1.2.840.113635.100.8.2", true, NULL)
    }),
];

const EXPIRED: &[(&str, Change)] = &[
    ("over", |it| it.validity(EARLY, PAST)),
    ("not begun", |it| it.validity(FUTURE, LATE)),
    ("never", |it| it.validity(FUTURE, PAST)),
];

const MALFORMED_ABOVE: &[(&str, Change)] = &[
    ("basicConstraints of no form", |it| replace(it, BASIC_CONSTRAINTS, NULL)),
    ("keyUsage of no form", |it| replace(it, KEY_USAGE, NULL)),
    ("an extension twice", |it| it.extension(KEY_USAGE, true, &key_usage(5))),
    ("a key of no form", |it| Builder {
        public: sequence(&[&sequence(&[&oid("1.2.840.10045.2.1"), NULL]), &[3, 1, 0]]),
        ..it
    }),
    ("two algorithms", |it| Builder {
        inner_algorithm: Some(Key::ed25519(1).algorithm),
        ..it
    }),
];

fn replace(builder: Builder, kind: &'static str, value: &[u8]) -> Builder {
    builder.without(kind).extension(kind, true, value)
}

#[test]
fn each_rule_refuses_alone() {
    type Level = fn(&mut Chain) -> &mut Builder;
    let levels: [(&str, Level); 3] = [
        ("leaf", |chain| &mut chain.leaf),
        ("middle", |chain| &mut chain.middle),
        ("root", |chain| &mut chain.root),
    ];
    let [_, middle, root] = levels;
    for (changes, levels, code) in [
        (FORBIDDEN_ANYWHERE, &levels[..], ErrorCode::CertificateUseForbidden),
        (FORBIDDEN_ABOVE, &[middle, root], ErrorCode::CertificateUseForbidden),
        (EXPIRED, &levels[..2], ErrorCode::CertificateExpired),
        (MALFORMED_ABOVE, &[middle], ErrorCode::CertificateMalformed),
    ] {
        for (what, change) in changes {
            for (level, builder) in levels {
                let mut chain = Chain::new();
                let changed = change(builder(&mut chain).clone());
                *builder(&mut chain) = changed;
                assert_refused(chain.verdict(), code, &alloc::format!("{level}: {what}"));
            }
        }
    }
}

#[test]
fn known_extensions_may_be_critical_and_others_may_be_present() {
    let mut chain = Chain::new();
    for kind in ["2.5.29.37", "2.5.29.17", "2.5.29.32"] {
        chain.root = chain.root.extension(kind, true, NULL);
        chain.middle = chain.middle.extension(kind, true, NULL);
        chain.leaf = chain.leaf.extension(kind, true, NULL);
    }
    for kind in [
        "1.3.6.1.4.1.45724.1.1.4",
        "1.3.6.1.4.1.11129.2.1.17",
        "1.2.840.113635.100.8.2",
    ] {
        chain.leaf = chain.leaf.extension(kind, true, NULL);
    }
    chain.middle = chain.middle.extension("1.2.3.4", false, NULL);
    assert_eq!(chain.verdict(), Ok(()));
}

#[test]
fn key_usage_is_optional() {
    let mut chain = Chain::new();
    chain.root = chain.root.without(KEY_USAGE);
    chain.middle = chain.middle.without(KEY_USAGE);
    assert_eq!(chain.verdict(), Ok(()));
}

#[test]
fn both_dates_belong_to_the_period() {
    let mut chain = Chain::new();
    chain.leaf = chain.leaf.validity("250101000000Z", "20250101000001Z");
    let (x5c, anchors) = ([chain.leaf(), chain.middle()], [chain.root()]);
    let begin = 1_735_689_600;
    for (now, valid) in [(begin - 1, false), (begin, true), (begin + 1, true), (begin + 2, false)] {
        assert_eq!(verdict_at(now, &x5c, &anchors).is_ok(), valid, "{now}");
    }
    assert_refused(verdict_at(0, &x5c, &anchors), ErrorCode::CertificateExpired, "1970");
    assert_refused(
        verdict_at(u64::MAX, &x5c, &anchors),
        ErrorCode::CertificateExpired,
        "the end of time",
    );
}

/// A root, certificates below it, each with its length constraint, and a leaf.
fn ladder(constraints_of: &[Option<u8>], own_names: bool) -> Vec<Vec<u8>> {
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let key = Key::p256(9);
    let mut ladder: Vec<_> = constraints_of
        .iter()
        .zip(names)
        .scan("a", |issuer, (most, subject)| {
            let subject = if own_names { "a" } else { subject };
            let builder = replace(
                Builder::authority(subject, &key),
                BASIC_CONSTRAINTS,
                &constraints(true, *most),
            );
            let certificate = builder.signed_by(issuer, &key);
            *issuer = subject;
            Some((subject, certificate))
        })
        .collect();
    let issuer = ladder.last().unwrap().0;
    ladder.push(("leaf", Builder::leaf("leaf", &key).signed_by(issuer, &key)));
    ladder.into_iter().map(|(_, certificate)| certificate).rev().collect()
}

#[test]
fn a_constraint_of_length_counts_the_certificates_between() {
    for (lens, valid) in [
        (&[Some(0)][..], true),
        (&[Some(0), None], false),
        (&[Some(1), None], true),
        (&[Some(1), Some(0)], true),
        (&[Some(1), None, None], false),
        (&[None, Some(0), None], false),
        (&[Some(2), Some(1), Some(0)], true),
        // A lower constraint does not relax a higher one.
        (&[Some(1), Some(7), Some(7)], false),
    ] {
        let chain = ladder(lens, false);
        let (root, x5c) = chain.split_last().unwrap();
        let verdict = verdict(x5c, &[root.clone()]);
        if valid {
            assert_eq!(verdict, Ok(()), "{lens:?}");
        } else {
            assert_refused(verdict, ErrorCode::CertificateUseForbidden, &alloc::format!("{lens:?}"));
        }
    }
}

#[test]
fn self_issued_certificates_do_not_lengthen_a_path() {
    let chain = ladder(&[Some(0), Some(0), Some(0)], true);
    let (root, x5c) = chain.split_last().unwrap();
    // All have the root's name and key, so the anchor is tried for each.
    assert_eq!(verdict(x5c, &[root.clone()]), Ok(()));
}

#[test]
fn at_most_four_certificates_are_between_leaf_and_anchor() {
    let chain = ladder(&[None; 5], false);
    let (root, x5c) = chain.split_last().unwrap();
    assert_eq!(x5c.len(), 5);
    assert_eq!(verdict(x5c, &[root.clone()]), Ok(()));
    assert_eq!(verdict(&chain, &[root.clone()]), Ok(()), "with the root in x5c");

    let chain = ladder(&[None; 6], false);
    let (root, x5c) = chain.split_last().unwrap();
    assert_refused(
        verdict(x5c, &[root.clone()]),
        ErrorCode::CertificateTooLarge,
        "five between",
    );
    assert_refused(
        verdict(&chain, &[root.clone()]),
        ErrorCode::CertificateTooLarge,
        "seven in x5c",
    );
    assert_eq!(verdict(&x5c[..1], &[x5c[1].clone()]), Ok(()));
}

#[test]
fn each_certificate_is_signed_by_the_next_key() {
    let chain = Chain::new();
    let stranger = Key::p256(7);
    let by_stranger = [
        [chain.leaf.signed_by("middle", &stranger), chain.middle()],
        [chain.leaf(), chain.middle.signed_by("root", &stranger)],
    ];
    for x5c in by_stranger {
        let verdict = verdict(&x5c, &[chain.root()]);
        assert_refused(verdict, ErrorCode::CertificateSignatureInvalid, "a stranger's");
    }
}

#[test]
fn no_changed_bit_is_accepted() {
    let chain = Chain::new();
    let (x5c, anchors) = ([chain.leaf(), chain.middle()], [chain.root()]);
    for (place, der) in x5c.iter().enumerate() {
        for i in 0..der.len() {
            let mut changed = x5c.clone();
            changed[place][i] ^= 1 << (i % 8);
            assert!(verdict(&changed, &anchors).is_err(), "byte {i} of certificate {place}");
        }
    }
}

#[test]
fn every_algorithm_signs_certificates() {
    let keys = [
        ("ECDSA on P-256 with SHA-512", algorithms::p256_sha512(1)),
        #[cfg(feature = "es384")]
        ("ECDSA on P-384", algorithms::p384_sha384(1)),
        #[cfg(feature = "es384")]
        ("ECDSA on P-384 with SHA-256", algorithms::p384_sha256(1)),
        #[cfg(feature = "es512")]
        ("ECDSA on P-521", algorithms::p521_sha512(1)),
        #[cfg(feature = "es256k")]
        ("ECDSA on secp256k1", algorithms::k256_sha256(1)),
        ("Ed25519", Key::ed25519(1)),
        #[cfg(feature = "ml-dsa")]
        ("ML-DSA-44", algorithms::ml_dsa_44(1)),
        ("RSA", algorithms::rsa(2048)),
        ("RSA of 4096 bits", algorithms::rsa(4096)),
        ("PSS", algorithms::rsa_pss(2048)),
    ];
    for (what, key) in keys {
        let root = Builder::authority("root", &key).signed_by("root", &key);
        let leaf = Builder::leaf("leaf", &Key::p256(1)).signed_by("root", &key);
        assert_eq!(verdict(&[leaf.clone()], &[root.clone()]), Ok(()), "{what}");
        let other = Builder::authority("root", &Key::p256(2)).signed_by("root", &Key::p256(2));
        let verdict = verdict(&[leaf], &[other]);
        assert_refused(verdict, ErrorCode::CertificateSignatureInvalid, what);
    }
}

#[test]
fn refuses_certificates_signed_with_sha_1() {
    let key = algorithms::rsa_sha1(2048);
    let root = Builder::authority("root", &key).signed_by("root", &key);
    let leaf = Builder::leaf("leaf", &Key::p256(1)).signed_by("root", &key);
    assert_refused(verdict(&[leaf], &[root]), ErrorCode::AlgorithmUnsupported, "SHA-1");
}
