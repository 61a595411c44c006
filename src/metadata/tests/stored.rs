//! A BLOB in the caller's store.

use super::*;

const OTHER: &str = "ffffffff-0506-0708-090a-0b0c0d0e0f10";
const KEY: &str = "564df7c0f8c655b6a11f6c4d19f3bf41e2fd0179";

fn key_bytes() -> [u8; 20] {
    read::hex(KEY).unwrap()
}

fn by_key(identifiers: &str) -> String {
    format!(r#"{{"attestationCertificateKeyIdentifiers":[{identifiers}],"statusReports":[]}}"#)
}

#[test]
fn finds_the_same_entries_after_storing() {
    let (first, second) = (model(OTHER), model(AAGUID));
    let third = by_key(&format!(r#""{KEY}","00""#));
    let blob = Draft::of(&[&first, &second, r#"{"aaid":"4e4e#4005"}"#, &third])
        .verified()
        .unwrap();
    let stored = MetadataBlob::from_bytes(blob.as_bytes().to_vec()).unwrap();
    assert_eq!(stored, blob);
    assert_eq!((stored.number(), stored.next_update()), (7, 1_751_328_000));
    assert_eq!(stored.entry(&AAGUID_BYTES).unwrap(), Some(second.as_str()));
    assert_eq!(
        stored.entry_by_key_identifier(&key_bytes()).unwrap(),
        Some(third.as_str())
    );
    assert_eq!(stored.entry_by_key_identifier(&[0; 20]).unwrap(), None);
    assert_eq!(blob.into_bytes(), stored.into_bytes());
}

#[test]
fn tells_when_the_next_blob_is_due() {
    let blob = Draft::of(&[]).verified().unwrap();
    assert_eq!(blob.check_next_update(NOW), Ok(()));
    let later = blob.check_next_update(NOW + 30 * 24 * 60 * 60);
    assert_refused(later, ErrorCode::MetadataExpired, "metadata.payload.nextUpdate");
}

#[test]
fn finds_models_by_aaguid_or_certificate() {
    let leaf = root();
    let identifier = key_identifier(&leaf).unwrap();
    let hex: String = identifier.iter().map(|byte| format!("{byte:02X}")).collect();
    let blob = Draft::of(&[&model(AAGUID), &by_key(&format!(r#""{hex}""#))])
        .verified()
        .unwrap();

    let found = blob.require(&AAGUID_BYTES, &[]).unwrap();
    assert_eq!(found.description.as_deref(), Some("A key"));
    assert!(found.describes(&AAGUID_BYTES, &[]) && !found.describes(&[9; 16], &[]) && !found.describes(&[0; 16], &[]));
    let certificates = [leaf];
    let found = blob.require(&[0; 16], &certificates).unwrap();
    assert_eq!(found.key_identifiers, [identifier]);
    assert!(found.describes(&[0; 16], &certificates) && !found.describes(&[0; 16], &[intermediate()]));
    // The certificate is used only if there is no AAGUID.
    assert!(!found.describes(&[9; 16], &certificates));
    assert_refused(blob.require(&[9; 16], &certificates), ErrorCode::MetadataMissing, ENTRY);
    assert_refused(blob.require(&[0; 16], &[]), ErrorCode::MetadataMissing, ENTRY);
    assert_refused(
        blob.find(&[0; 16], &[Vec::new()]),
        ErrorCode::CertificateMalformed,
        "response.attestationObject.attStmt.x5c",
    );
}

/// SHA-1 of the key's point, by its definition.
#[test]
fn the_key_identifier_hashes_the_bits_of_the_key() {
    use sha1::{Digest, Sha1};
    let expected: [u8; 20] = Sha1::digest(crate::certificates::p256_point(ROOT)).into();
    assert_eq!(key_identifier(&root()), Ok(expected));
    let long = alloc::vec![0; 13 * 1024];
    assert_eq!(key_identifier(&long).unwrap_err().code, ErrorCode::CertificateTooLarge);
}

#[test]
fn an_identifier_that_two_entries_claim_finds_neither() {
    let twice = by_key(&format!(r#""{KEY}","{}""#, KEY.to_uppercase()));
    let blob = Draft::of(&[&model(AAGUID), &model(AAGUID), &model(OTHER), &twice])
        .verified()
        .unwrap();
    assert_refused(blob.entry(&AAGUID_BYTES), ErrorCode::MetadataMalformed, ENTRY);
    // The other entries can be found, even the one that repeats an identifier.
    assert!(blob.entry(&read::aaguid(OTHER).unwrap()).unwrap().is_some());
    assert_eq!(
        blob.entry_by_key_identifier(&key_bytes()).unwrap(),
        Some(twice.as_str())
    );
    let blob = Draft::of(&[&twice, &by_key(&format!(r#""{KEY}""#))])
        .verified()
        .unwrap();
    assert_refused(
        blob.entry_by_key_identifier(&key_bytes()),
        ErrorCode::MetadataMalformed,
        ENTRY,
    );
}

#[test]
fn skips_malformed_identifiers() {
    let blob = Draft::of(&[r#"{"aaguid":"my key"}"#, &by_key(r#""","x y""#), &model(AAGUID)])
        .verified()
        .unwrap();
    assert!(blob.entry(&AAGUID_BYTES).unwrap().is_some());
}

#[test]
fn refuses_cut_bytes_and_other_versions() {
    let bytes = Draft::of(&[&model(AAGUID)]).verified().unwrap().into_bytes();
    for len in 0..bytes.len() {
        assert!(MetadataBlob::from_bytes(bytes[..len].to_vec()).is_err(), "{len}");
    }
    let mut other = bytes.clone();
    *other.last_mut().unwrap() = 2;
    assert_refused(
        MetadataBlob::from_bytes(other),
        ErrorCode::MetadataMalformed,
        "metadata",
    );
    assert_refused(
        MetadataBlob::from_bytes([&[0], &bytes[..]].concat()),
        ErrorCode::MetadataMalformed,
        "metadata",
    );
}

/// The store is trusted, but it may be damaged.
#[test]
fn other_bytes_do_not_panic() {
    let blob = Draft::of(&[&model(AAGUID), &by_key(&format!(r#""{KEY}""#))])
        .verified()
        .unwrap();
    let bytes = blob.into_bytes();
    for place in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[place] ^= flip;
            let Ok(blob) = MetadataBlob::from_bytes(bytes) else {
                continue;
            };
            let _ = blob.check_next_update(u64::MAX);
            let _ = blob.entry_by_key_identifier(&key_bytes());
            let _ = blob.entry(&AAGUID_BYTES);
            let _ = blob.find(&AAGUID_BYTES, &[]);
        }
    }
    // Lengths whose sum overflows.
    let full = [[0xff; 28].as_slice(), b"MDS\x01"].concat();
    assert!(MetadataBlob::from_bytes(full).is_err());
}
