//! The payload of a BLOB: found out once where its entries are, and not more. Spec: FIDO MDS 3.1 section 3.1.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::blob::Index;
use super::{BLOB_ENTRIES, FIELD, MetadataBlob, malformed, read, too_large};
use crate::error::{Error, ErrorCode, Result};

const PAYLOAD: &str = "metadata.payload";

/// What is read of the payload. `legalHeader` is for people, and other members are to come.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    no: u64,
    next_update: String,
    #[serde(borrow)]
    entries: Entries<'a>,
}

/// What is read of an entry for the index. `aaid` is of UAF, which is not WebAuthn.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keys {
    #[serde(default)]
    aaguid: Option<String>,
    #[serde(default)]
    attestation_certificate_key_identifiers: Option<Vec<String>>,
}

/// The entries' own JSON.
#[derive(Default)]
struct Entries<'a> {
    json: Vec<&'a RawValue>,
    too_many: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> core::result::Result<Self::Value, A::Error> {
        let mut entries = Entries::default();
        while let Some(json) = array.next_element()? {
            // What is too much is read to its end, so that the error can be told from those of the JSON.
            if entries.json.len() < BLOB_ENTRIES {
                entries.json.push(json);
            } else {
                entries.too_many = true;
            }
        }
        Ok(entries)
    }
}

/// The bytes of the payload, with room for the index behind them.
pub(super) fn decode(payload: &str) -> Result<Vec<u8>> {
    let estimate = base64::decoded_len_estimate(payload.len());
    // FIDO's entries have kilobytes each and their index some dozens of bytes; a larger index makes a copy.
    let room = estimate.div_euclid(32).saturating_add(4096);
    let mut bytes = Vec::new();
    bytes.reserve_exact(estimate.saturating_add(room));
    URL_SAFE_NO_PAD
        .decode_vec(payload, &mut bytes)
        .map_err(|_| Error::new(ErrorCode::EncodingMalformed, PAYLOAD))?;
    Ok(bytes)
}

/// Finds the entries of a payload.
pub(super) fn index(bytes: Vec<u8>) -> Result<MetadataBlob> {
    let json = core::str::from_utf8(&bytes).map_err(|_| malformed(PAYLOAD))?;
    let payload: Payload<'_> = read::object(json).ok_or_else(|| malformed(PAYLOAD))?;
    if payload.entries.too_many {
        return Err(too_large("metadata.payload.entries"));
    }
    let next_update = read::date(&payload.next_update).ok_or_else(|| malformed("metadata.payload.nextUpdate"))?;
    let number = payload.no;
    let mut index = Index::default();
    for entry in &payload.entries.json {
        add(&mut index, json, entry.get()).ok_or_else(|| malformed("metadata.payload.entries"))?;
    }
    MetadataBlob::build(bytes, index, number, next_update)
}

/// Adds the keys of one entry. An identifier that is not of its form is one that no authenticator has: it is passed
/// over, so that one vendor's slip does not take the others' entries away.
fn add(index: &mut Index, payload: &str, entry: &str) -> Option<()> {
    // Both are of one piece of memory: the reader borrows what it does not read.
    let begin = entry.as_ptr().addr().checked_sub(payload.as_ptr().addr())?;
    let begin = u32::try_from(begin).ok()?;
    let len = u32::try_from(entry.len()).ok()?;
    let keys: Keys = read::object(entry)?;
    if let Some(aaguid) = keys.aaguid.as_deref().and_then(read::aaguid) {
        index.aaguids.push((aaguid, begin, len));
    }
    let identifiers = keys.attestation_certificate_key_identifiers.unwrap_or_default();
    let identifiers = identifiers.iter().filter_map(|text| read::hex(text));
    index
        .keys
        .extend(identifiers.map(|identifier| (identifier, begin, len)));
    Some(())
}

/// Refuses what is longer than any BLOB.
pub(super) fn check_len(jws: &str) -> Result<()> {
    if jws.len() > super::BLOB_LEN {
        Err(too_large(FIELD))
    } else {
        Ok(())
    }
}
