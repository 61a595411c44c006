//! A BLOB of a size that may come.

use std::time::Instant;

use super::*;

const ENTRIES: u32 = 5_000;

fn aaguid(number: u32) -> [u8; 16] {
    // Scattered, so that their order in the BLOB differs from the index.
    let [a, b, c, d] = number.wrapping_mul(0x9e37_79b1).to_be_bytes();
    [a, b, c, d, 0, 0, 0x40, 0, 0x80, 0, 0, 0, a, b, c, d]
}

fn entry(number: u32) -> String {
    let [a, b, c, d, ..] = aaguid(number);
    let filler = "A".repeat(1_850);
    format!(
        r#"{{"aaguid":"{a:02x}{b:02x}{c:02x}{d:02x}-0000-4000-8000-0000{a:02x}{b:02x}{c:02x}{d:02x}","metadataStatement":{{"description":"Key {number}","icon":"data:image/png;base64,{filler}"}},"statusReports":[{{"status":"FIDO_CERTIFIED_L1"}}]}}"#
    )
}

/// 10 MB with 5,000 entries. `make test` shows neither time nor memory; to see both, run this test alone with
/// `--nocapture` under `/usr/bin/time -v`.
#[test]
fn verifies_ten_megabytes_and_finds_every_model() {
    let entries: Vec<String> = (0..ENTRIES).map(entry).collect();
    let mut draft = Draft::of(&entries.iter().map(String::as_str).collect::<Vec<_>>());
    drop(entries);
    let jws = draft.signed();
    assert!(draft.payload.len() > 9_900_000, "{}", draft.payload.len());
    draft.payload = String::new();

    let begin = Instant::now();
    let blob = MetadataBlob::verify(&jws, &policy()).unwrap();
    let verified = begin.elapsed();
    // Only the payload and its index are kept, in one allocation that did not have to grow.
    let held = blob.as_bytes().len();
    assert!(held < jws.len() * 3 / 4 + 200_000, "{held}");
    assert!(blob.bytes.capacity() < held + held / 16);

    let begin = Instant::now();
    let stored = MetadataBlob::from_bytes(blob.into_bytes()).unwrap();
    for number in 0..ENTRIES {
        let json = stored.entry(&aaguid(number)).unwrap().expect("no entry");
        assert!(json.contains(&format!("\"Key {number}\"")));
    }
    assert_eq!(stored.entry(&[0xff; 16]).unwrap(), None);
    let found = begin.elapsed();
    std::println!(
        "{} of JWS: verified in {verified:?}, {ENTRIES} entries found in {found:?}",
        jws.len()
    );
}
