use alloc::format;
use alloc::string::String;
use core::iter;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::certificates::algorithms::NULL;
use crate::certificates::{BASIC_CONSTRAINTS, Builder, KEY_USAGE, Key, bit_string, constraints, oid, sequence};

fn root(name: &str) -> Vec<u8> {
    let key = Key::p256(1);
    Builder::authority(name, &key).signed_by(name, &key)
}

/// PEM with lines of `width` characters, each with this end.
fn pem(der: &[u8], width: usize, end: &str) -> String {
    let base64 = STANDARD.encode(der);
    let lines = base64
        .as_bytes()
        .chunks(width)
        .map(|line| core::str::from_utf8(line).unwrap());
    let lines: Vec<_> = iter::once("-----BEGIN CERTIFICATE-----")
        .chain(lines)
        .chain(["-----END CERTIFICATE-----", ""])
        .collect();
    lines.join(end)
}

fn malformed<T>(result: Result<T>) -> bool {
    result.is_err_and(|error| error == Error::new(ErrorCode::PolicyMalformed, FIELD))
}

#[test]
fn der_and_pem_are_the_same_anchor() {
    let der = root("root");
    let anchor = TrustAnchor::from_der(&der).unwrap();
    assert_eq!(anchor.der(), der);
    for text in [
        pem(&der, 64, "\n"),
        pem(&der, 64, "\r\n"),
        pem(&der, 76, "\n"),
        pem(&der, 5000, "\n"),
        pem(&der, 64, " \n\t "),
        format!("Subject: root\n\n{}\nsome more text", pem(&der, 64, "\n")),
        pem(&der, 5000, ""),
    ] {
        assert_eq!(TrustAnchor::from_pem(&text), Ok(alloc::vec![anchor.clone()]), "{text}");
    }
}

#[test]
fn a_file_of_several_keeps_their_order() {
    let (one, two) = (root("one"), root("two"));
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let text = format!("{}{key}{}", pem(&two, 64, "\n"), pem(&one, 64, "\n"));
    let anchors = TrustAnchor::from_pem(&text).unwrap();
    let ders: Vec<_> = anchors.iter().map(TrustAnchor::der).collect();
    assert_eq!(ders, [two, one]);
}

#[test]
fn incomplete_text_is_refused() {
    let whole = pem(&root("root"), 64, "\n");
    assert!(TrustAnchor::from_pem(&whole).is_ok());
    for (what, text) in [
        ("nothing", String::new()),
        ("other text", String::from("root")),
        ("base64 without its lines", STANDARD.encode(root("root"))),
        ("of another kind", whole.replace("CERTIFICATE", "TRUSTED CERTIFICATE")),
        ("without its end", whole.replace("-----END CERTIFICATE-----", "")),
        (
            "its end before its begin",
            whole.replace("BEGIN", "X").replace("END", "BEGIN").replace('X', "END"),
        ),
        (
            "with another in it",
            whole.replacen('\n', "\n-----BEGIN CERTIFICATE-----\n", 1),
        ),
        ("with a character that is not base64", whole.replacen('\n', "\n!", 1)),
        ("with headers", whole.replacen('\n', "\nProc-Type: 4,ENCRYPTED\n\n", 1)),
        ("cut short", whole.replacen("\nMI", "\n", 1)),
        (
            "empty",
            String::from("-----BEGIN CERTIFICATE----------END CERTIFICATE-----"),
        ),
        (
            "good and bad",
            format!("{whole}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"),
        ),
    ] {
        assert!(malformed(TrustAnchor::from_pem(&text)), "{what}");
    }
}

#[test]
fn der_that_is_not_a_certificate_is_refused() {
    let der = root("root");
    for len in 0..der.len() {
        assert!(malformed(TrustAnchor::from_der(&der[..len])), "its first {len} bytes");
    }
    assert!(
        malformed(TrustAnchor::from_der(&[&der[..], &[0]].concat())),
        "a byte after it"
    );
    assert!(malformed(TrustAnchor::from_der(&alloc::vec![0x30; 20_000])), "too long");
    assert!(malformed(TrustAnchor::from_der(pem(&der, 64, "\n").as_bytes())), "PEM");
}

#[test]
fn the_parts_that_a_path_reads_must_be_well_formed() {
    let key = Key::p256(1);
    let root = || Builder::authority("root", &key);
    let with_key = |public| Builder { public, ..root() };
    let p256 = oid("1.2.840.10045.3.1.7");
    for (what, builder, good) in [
        ("no constraints", Builder::leaf("leaf", &key), true),
        (
            "an unknown critical extension",
            root().extension("1.2.3.4", true, NULL),
            true,
        ),
        (
            "a key of another kind",
            with_key(sequence(&[&sequence(&[&oid("1.2.3.4")]), &bit_string(&[1])])),
            true,
        ),
        (
            "a key of no form",
            with_key(sequence(&[
                &sequence(&[&oid("1.2.840.10045.2.1"), &p256]),
                &bit_string(&[4, 1]),
            ])),
            false,
        ),
        (
            "constraints of no form",
            root()
                .without(BASIC_CONSTRAINTS)
                .extension(BASIC_CONSTRAINTS, true, NULL),
            false,
        ),
        (
            "constraints with bytes after them",
            root().without(BASIC_CONSTRAINTS).extension(
                BASIC_CONSTRAINTS,
                true,
                &[&constraints(true, None)[..], NULL].concat(),
            ),
            false,
        ),
        (
            "a use of no form",
            root().without(KEY_USAGE).extension(KEY_USAGE, true, NULL),
            false,
        ),
    ] {
        let anchor = TrustAnchor::from_der(&builder.signed_by("root", &key));
        assert!(if good { anchor.is_ok() } else { malformed(anchor) }, "{what}");
    }
}
