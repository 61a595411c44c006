//! The form of a BLOB, its signer and its dates.

use super::*;

#[test]
fn verifies_a_blob() {
    let entry = model(AAGUID);
    let blob = Draft::of(&[&entry]).verified().unwrap();
    assert_eq!(blob.number(), 7);
    assert_eq!(blob.next_update(), 1_751_328_000);
    assert_eq!(blob.entry(&AAGUID_BYTES).unwrap(), Some(entry.as_str()));
    assert_eq!(blob.entry(&[0; 16]).unwrap(), None);
}

#[test]
fn refuses_text_that_is_not_a_compact_jws() {
    let jws = Draft::of(&[]).signed();
    for text in [
        "",
        ".",
        "..",
        "...",
        &jws.replace('.', ""),
        &jws.replacen('.', "", 1),
        &format!("{jws}.e30"),
    ] {
        assert_eq!(
            MetadataBlob::verify(text, &policy())
                .unwrap_err()
                .field
                .split('.')
                .next(),
            Some("metadata")
        );
    }
    let padded = format!("{jws}==");
    assert_refused(
        MetadataBlob::verify(&padded, &policy()),
        ErrorCode::EncodingMalformed,
        SIGNATURE,
    );
    let broken = format!("{jws}\n");
    assert_refused(
        MetadataBlob::verify(&broken, &policy()),
        ErrorCode::EncodingMalformed,
        SIGNATURE,
    );
}

#[test]
fn refuses_unsupported_headers() {
    let header = |more| {
        let mut draft = Draft::of(&[]);
        draft.more = more;
        draft.verified().map(|_| ())
    };
    assert_eq!(header(""), Ok(()));
    assert_eq!(header(r#","typ":"jwt","x5u":"https://example.org","kid":1"#), Ok(()));
    for more in [
        r#","typ":"JOSE""#,
        r#","crit":["b64"],"b64":false"#,
        r#","crit":[]"#,
        r#","typ":7"#,
        r#","alg":"RS256""#,
    ] {
        assert_refused(header(more), ErrorCode::MetadataMalformed, "metadata.header");
    }
    for text in [
        "",
        "[]",
        "null",
        "{}",
        r#"["ES256"]"#,
        r#"{"alg":"ES256""#,
        r#"{"alg":"ES256","x5c":"AA"}"#,
    ] {
        let jws = Draft::of(&[]).signed_under(text, es256);
        assert_refused(
            MetadataBlob::verify(&jws, &policy()),
            ErrorCode::MetadataMalformed,
            "metadata.header",
        );
    }
}

fn with_certificates(x5c: &[Vec<u8>]) -> Result<MetadataBlob> {
    let mut draft = Draft::of(&[]);
    draft.x5c = x5c.to_vec();
    draft.verified()
}

#[test]
fn refuses_certificates_that_lead_to_no_anchor() {
    let leaf = leaf_of(&leaf_builder(&Key::p256(LEAF)));
    assert_refused(with_certificates(&[]), ErrorCode::MetadataMalformed, X5C);
    assert_refused(
        with_certificates(core::slice::from_ref(&leaf)),
        ErrorCode::MetadataUntrusted,
        X5C,
    );
    assert_refused(
        with_certificates(&[leaf.clone(), root()]),
        ErrorCode::MetadataUntrusted,
        X5C,
    );
    assert_refused(
        with_certificates(&[b"no certificate".to_vec()]),
        ErrorCode::CertificateMalformed,
        X5C,
    );
    let many = alloc::vec![leaf.clone(); 7];
    assert_refused(with_certificates(&many), ErrorCode::CertificateTooLarge, X5C);
    // A certificate in base64url instead of base64. They differ for these bytes.
    let jws = Draft::of(&[]).signed_under(r#"{"alg":"ES256","x5c":["__-_"]}"#, es256);
    assert_refused(MetadataBlob::verify(&jws, &policy()), ErrorCode::EncodingMalformed, X5C);
    // An intermediate certificate with the right name that the root did not sign.
    let stranger = Builder::authority("intermediate", &Key::p256(INTERMEDIATE)).signed_by("root", &Key::p256(LEAF));
    assert_refused(
        with_certificates(&[leaf, stranger]),
        ErrorCode::CertificateSignatureInvalid,
        X5C,
    );
}

#[test]
fn refuses_certificates_that_are_not_the_signer_s() {
    let refused = |builder: &Builder, code| {
        assert_refused(with_certificates(&[leaf_of(builder), intermediate()]), code, X5C);
    };
    let builder = leaf_builder(&Key::p256(LEAF));
    refused(
        &builder.clone().validity("200101000000Z", "250101000000Z"),
        ErrorCode::CertificateExpired,
    );
    let unnamed = builder.clone().without(SUBJECT_ALT_NAME);
    refused(&unnamed, ErrorCode::MetadataUntrusted);
    for name in [
        "",
        "example.org",
        "mds.example.org.",
        "*.example.org",
        "xmds.example.org",
        "mds.example.org.net",
    ] {
        let named = unnamed.clone().extension(SUBJECT_ALT_NAME, false, &alt_name(name));
        refused(&named, ErrorCode::MetadataUntrusted);
    }
    // The common name is not a host name.
    refused(
        &unnamed.clone().subject(&[("2.5.4.3", SIGNER)]),
        ErrorCode::MetadataUntrusted,
    );
    // A certificate that may only sign certificates.
    let authority = builder.extension("2.5.29.15", true, &crate::certificates::key_usage(5));
    refused(&authority, ErrorCode::CertificateUseForbidden);

    let upper = unnamed
        .clone()
        .extension(SUBJECT_ALT_NAME, false, &alt_name("MDS.Example.ORG"));
    with_certificates(&[leaf_of(&upper), intermediate()]).unwrap();
    let mut draft = Draft::of(&[]);
    draft.x5c = [leaf_of(&unnamed), intermediate()].to_vec();
    let any = BlobPolicy {
        signer: None,
        ..policy()
    };
    MetadataBlob::verify(&draft.signed(), &any).unwrap();
}

#[test]
fn refuses_a_policy_without_anchors_or_with_an_empty_name() {
    let jws = Draft::of(&[]).signed();
    let verify = |policy: &BlobPolicy| MetadataBlob::verify(&jws, policy);
    let no_anchors = BlobPolicy {
        trust_anchors: Vec::new(),
        ..policy()
    };
    assert_refused(verify(&no_anchors), ErrorCode::PolicyMalformed, "trustAnchors");
    let no_name = BlobPolicy {
        signer: Some(String::new()),
        ..policy()
    };
    assert_refused(verify(&no_name), ErrorCode::PolicyMalformed, "signer");
    // Another root, and a name that only the default policy requires.
    let key = Key::p256(8);
    let other = TrustAnchor::from_der(&Builder::authority("other", &key).signed_by("other", &key)).unwrap();
    let other = BlobPolicy {
        trust_anchors: [other].to_vec(),
        ..policy()
    };
    assert_refused(verify(&other), ErrorCode::MetadataUntrusted, X5C);
    let fido = BlobPolicy::new(policy().trust_anchors, NOW);
    assert_refused(verify(&fido), ErrorCode::MetadataUntrusted, X5C);
}

#[test]
fn refuses_an_older_blob_than_the_last() {
    let jws = Draft::of(&[]).signed();
    let verify = |last| {
        let policy = BlobPolicy {
            last_number: Some(last),
            ..policy()
        };
        MetadataBlob::verify(&jws, &policy)
    };
    assert!(verify(0).is_ok() && verify(7).is_ok());
    assert_refused(verify(8), ErrorCode::MetadataNumberMismatch, "metadata.payload.no");
    assert_refused(
        verify(u64::MAX),
        ErrorCode::MetadataNumberMismatch,
        "metadata.payload.no",
    );
}

#[test]
fn the_day_of_the_next_update_counts() {
    let verify = |date, now| {
        let jws = Draft::new(&payload(1, date, &[])).signed();
        MetadataBlob::verify(&jws, &BlobPolicy { now, ..policy() })
    };
    let end = 1_749_945_600 + 24 * 60 * 60;
    assert!(verify(TODAY, NOW).is_ok() && verify(TODAY, end - 1).is_ok());
    assert_refused(
        verify(TODAY, end),
        ErrorCode::MetadataExpired,
        "metadata.payload.nextUpdate",
    );
    assert_refused(
        verify("2025-06-14", NOW),
        ErrorCode::MetadataExpired,
        "metadata.payload.nextUpdate",
    );
    assert_refused(
        verify("15 June", NOW),
        ErrorCode::MetadataMalformed,
        "metadata.payload.nextUpdate",
    );
}

#[test]
fn refuses_other_payloads() {
    let verify = |payload: &str| Draft::new(payload).verified();
    for json in [
        "",
        "null",
        "[]",
        r#"[1,"2025-07-01",[]]"#,
        "{}",
        r#"{"nextUpdate":"2025-07-01","entries":[]}"#,
        r#"{"no":1,"entries":[]}"#,
        r#"{"no":1,"nextUpdate":"2025-07-01"}"#,
        r#"{"no":-1,"nextUpdate":"2025-07-01","entries":[]}"#,
        r#"{"no":"1","nextUpdate":"2025-07-01","entries":[]}"#,
        r#"{"no":1,"no":2,"nextUpdate":"2025-07-01","entries":[]}"#,
        r#"{"no":1,"nextUpdate":"2025-07-01","entries":{}}"#,
        r#"{"no":1,"nextUpdate":"2025-07-01","entries":[]}x"#,
        r#"{"no":1,"nextUpdate":"2025-07-01","entries":[}"#,
    ] {
        assert_refused(verify(json), ErrorCode::MetadataMalformed, "metadata.payload");
    }
    for entry in [
        "1",
        "null",
        "[]",
        r#""aaguid""#,
        r#"{"aaguid":1}"#,
        r#"{"aaguid":"","aaguid":""}"#,
    ] {
        let refused = Draft::of(&[entry]).verified();
        assert_refused(refused, ErrorCode::MetadataMalformed, "metadata.payload.entries");
    }
}

#[test]
fn refuses_input_that_is_too_large() {
    let long = "A".repeat(BLOB_LEN + 1);
    assert_refused(
        MetadataBlob::verify(&long, &policy()),
        ErrorCode::MetadataTooLarge,
        "metadata",
    );
    let header = format!("{}.e30.", "A".repeat(200_000));
    assert_refused(
        MetadataBlob::verify(&header, &policy()),
        ErrorCode::MetadataTooLarge,
        "metadata.header",
    );
    let signature = format!("{}A", Draft::of(&[]).signed_with(|_| [0; 5 * 1024].to_vec()));
    assert_refused(
        MetadataBlob::verify(&signature, &policy()),
        ErrorCode::MetadataTooLarge,
        SIGNATURE,
    );

    let entries = |count| Draft::of(&alloc::vec!["{}"; count]).verified();
    assert!(entries(BLOB_ENTRIES).is_ok());
    assert_refused(
        entries(BLOB_ENTRIES + 1),
        ErrorCode::MetadataTooLarge,
        "metadata.payload.entries",
    );
}

#[test]
fn survives_deep_nesting() {
    let deep = format!(r#"{{"statusReports":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    // The JSON reader may accept or refuse this, but it must return.
    let _ = Draft::of(&[&deep]).verified();
    let _ = MetadataEntry::parse(&deep);
}

/// The anchor is the signing certificate itself, so that each of the 9,000 tries verifies at most one signature.
#[test]
fn no_truncation_and_no_flipped_bit_is_accepted() {
    let entry = model(AAGUID);
    let mut draft = Draft::of(&[&entry]);
    draft.x5c.truncate(1);
    let jws = draft.signed();
    let policy = BlobPolicy {
        trust_anchors: [TrustAnchor::from_der(&draft.x5c[0]).unwrap()].to_vec(),
        ..policy()
    };
    MetadataBlob::verify(&jws, &policy).unwrap();
    for len in 0..jws.len() {
        assert!(MetadataBlob::verify(jws.get(..len).unwrap(), &policy).is_err(), "{len}");
    }
    for place in 0..jws.len() {
        for bit in 0..7 {
            let mut bytes = jws.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let text = String::from_utf8(bytes).unwrap();
            assert!(MetadataBlob::verify(&text, &policy).is_err(), "{place} {bit}");
        }
    }
}
