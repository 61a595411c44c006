//! Certificates as they occur in the field, and bytes that are not certificates.

use alloc::vec;

use super::*;
use crate::certificates::algorithms::NULL;
use crate::certificates::{Builder, Key, name, oid, sequence, tlv};

fn signed(builder: &Builder) -> Vec<u8> {
    builder.signed_by("issuer", &Key::p256(1))
}

fn leaf() -> Builder {
    Builder::leaf("leaf", &Key::p256(2))
}

#[track_caller]
fn assert_form(what: &str, good: bool, der: &[u8]) {
    let certificate = Certificate::parse("x5c", der);
    if good {
        assert_eq!(certificate.unwrap().der(), der, "{what}");
    } else {
        let expected = Error::new(ErrorCode::CertificateMalformed, "x5c");
        assert_eq!(certificate.unwrap_err(), expected, "{what}");
    }
}

#[test]
fn serial_numbers() {
    for (what, good, serial) in [
        ("zero", true, vec![0]),
        ("negative", true, vec![0x80, 1]),
        ("20 bytes", true, vec![0x7f; 20]),
        (
            "20 bytes and a zero for the sign",
            true,
            [&[0][..], &[0xff; 20]].concat(),
        ),
        ("22 bytes", false, vec![0x7f; 22]),
        ("none", false, vec![]),
        ("a needless zero", false, vec![0, 1]),
    ] {
        let serial = tlv(2, &[&serial]);
        assert_form(what, good, &signed(&Builder { serial, ..leaf() }));
    }
}

#[test]
fn names() {
    let attribute = |tag, value: &[u8]| sequence(&[&tlv(0x31, &[&sequence(&[&oid("2.5.4.3"), &tlv(tag, &[value])])])]);
    let (cn, ou) = (
        sequence(&[&oid("2.5.4.3"), &tlv(0x0c, &[b"a"])]),
        sequence(&[&oid("2.5.4.11"), &tlv(0x0c, &[b"a"])]),
    );
    for (what, good, subject) in [
        ("empty", true, name(&[])),
        ("PrintableString", true, attribute(0x13, b"leaf")),
        (
            "PrintableString with other characters",
            true,
            attribute(0x13, b"leaf@_*"),
        ),
        ("IA5String", true, attribute(0x16, b"leaf")),
        ("T61String", true, attribute(0x14, b"l\xe9af")),
        ("BMPString", true, attribute(0x1e, b"\0l\0e")),
        ("UTF-8 that is none", true, attribute(0x0c, b"\xff")),
        ("an empty value", true, attribute(0x0c, b"")),
        (
            "two attributes in one place",
            true,
            sequence(&[&tlv(0x31, &[&cn, &ou])]),
        ),
        (
            "two attributes in the other order",
            true,
            sequence(&[&tlv(0x31, &[&ou, &cn])]),
        ),
        ("a set without its attribute", true, sequence(&[&tlv(0x31, &[])])),
        ("no set", false, sequence(&[&cn])),
        ("a string", false, tlv(0x0c, &[b"leaf"])),
    ] {
        assert_form(what, good, &signed(&Builder { subject, ..leaf() }));
    }
}

#[test]
fn dates() {
    for (what, good, end) in [
        ("UTCTime", true, "491231235959Z"),
        ("UTCTime of 1970", true, "700101000000Z"),
        ("UTCTime of 1950, which is past all the same", false, "500101000000Z"),
        ("GeneralizedTime", true, "20500101000000Z"),
        ("GeneralizedTime where UTCTime would do", true, "20300101000000Z"),
        ("without end", true, "99991231235959Z"),
        ("without seconds", false, "4912312359Z"),
        ("in a time zone", false, "491231235959+0100"),
        ("with fractions", false, "20500101000000.0Z"),
        ("in month 13", false, "491301000000Z"),
    ] {
        assert_form(what, good, &signed(&leaf().validity("200101000000Z", end)));
    }
}

#[test]
fn extensions() {
    let explicit = sequence(&[&oid("1.2.3.4"), &[1, 1, 0], &tlv(4, &[NULL])]);
    let not_der = sequence(&[&oid("1.2.3.4"), &[1, 1, 1], &tlv(4, &[NULL])]);
    let with = |extension: &[u8]| Builder {
        extensions: vec![("1.2.3.4", extension.to_vec())],
        ..leaf()
    };
    assert_form("critical FALSE, which DER leaves out", true, &signed(&with(&explicit)));
    assert_form("TRUE as 1", false, &signed(&with(&not_der)));
    assert_form("none", true, &signed(&leaf()));
    assert_form(
        "twice",
        false,
        &signed(&with(&explicit).extension("1.2.3.4", false, NULL)),
    );
    for (version, good) in [(0, false), (1, false), (2, true), (3, false)] {
        let builder = leaf().extension("1.2.3.4", false, NULL);
        assert_form(
            "a version with extensions",
            good,
            &signed(&Builder { version, ..builder }),
        );
    }
    assert_form("version 1", true, &signed(&Builder { version: 0, ..leaf() }));
}

#[test]
fn both_algorithms_must_be_equal() {
    let inner = |algorithm| Builder {
        inner_algorithm: Some(algorithm),
        ..leaf()
    };
    assert_form("the same", true, &signed(&inner(Key::p256(1).algorithm)));
    assert_form("another", false, &signed(&inner(Key::ed25519(1).algorithm)));
    let with_null = sequence(&[&oid("1.2.840.10045.4.3.2"), NULL]);
    assert_form("with another parameter", false, &signed(&inner(with_null)));
}

#[test]
fn every_byte_is_read() {
    let der = signed(&leaf());
    for len in 0..der.len() {
        assert_form("cut short", false, &der[..len]);
    }
    assert_form("a byte more", false, &[&der[..], &[0]].concat());
    // Two bytes of length follow the tag and 82, one byte follows 81.
    let contents = if der[1] == 0x82 { &der[4..] } else { &der[3..] };
    assert_form("the same again", true, &tlv(0x30, &[contents]));
    assert_form("a member more", false, &tlv(0x30, &[contents, NULL]));
    let too_long = Certificate::parse("x5c", &vec![0x30; limits::CERTIFICATE_LEN + 1]).unwrap_err();
    assert_eq!(too_long, Error::new(ErrorCode::CertificateTooLarge, "x5c"));
}
