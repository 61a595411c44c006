//! The payload of a BLOB: finds its entries once, and reads no more of them than the index needs. Spec: FIDO MDS 3.1
//! section 3.1.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::blob::Index;
use super::{BLOB_ENTRIES, FIELD, MetadataBlob, malformed, read, too_large};
use crate::error::{Error, ErrorCode, Result};
use crate::json::{self, Value, set};

const PAYLOAD: &str = "metadata.payload";

/// The members of the payload that are read. `legalHeader` is for people; later versions may add others.
struct Payload<'a> {
    no: u64,
    next_update: String,
    entries: Entries<'a>,
}

impl<'a> Payload<'a> {
    fn read(json: &'a str) -> Option<Self> {
        let (mut no, mut next_update, mut entries) = (None, None, None);
        json::members(json, &mut |name, value| match name {
            "no" => set(&mut no, value.unsigned()),
            "nextUpdate" => set(&mut next_update, value.string()),
            "entries" => set(&mut entries, Entries::read(value)),
            _ => Some(()),
        })?;
        Some(Self {
            no: no?,
            next_update: next_update?,
            entries: entries?,
        })
    }
}

/// The JSON of each entry.
#[derive(Default)]
struct Entries<'a> {
    json: Vec<&'a str>,
    too_many: bool,
}

impl<'a> Entries<'a> {
    fn read(value: Value<'_, 'a>) -> Option<Self> {
        let mut entries = Self::default();
        value.elements(&mut |entry| {
            // Entries beyond the limit are read to the end, so that malformed JSON has its own error.
            if entries.json.len() < BLOB_ENTRIES {
                entries.json.push(entry.raw()?);
            } else {
                entries.too_many = true;
            }
            Some(())
        })?;
        Some(entries)
    }
}

/// Decodes the payload, with room for the index behind it.
pub(super) fn decode(payload: &str) -> Result<Vec<u8>> {
    let estimate = base64::decoded_len_estimate(payload.len());
    // Each of FIDO's entries has kilobytes, and its index row a few dozen bytes. A larger index costs a copy.
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
    let payload = Payload::read(json).ok_or_else(|| malformed(PAYLOAD))?;
    if payload.entries.too_many {
        return Err(too_large("metadata.payload.entries"));
    }
    let next_update = read::date(&payload.next_update).ok_or_else(|| malformed("metadata.payload.nextUpdate"))?;
    let number = payload.no;
    let mut index = Index::default();
    for entry in &payload.entries.json {
        add(&mut index, json, entry).ok_or_else(|| malformed("metadata.payload.entries"))?;
    }
    MetadataBlob::build(bytes, index, number, next_update)
}

/// Adds the keys of one entry. A malformed identifier is skipped: no authenticator has it, and one vendor's mistake
/// does not affect the other entries.
fn add(index: &mut Index, payload: &str, entry: &str) -> Option<()> {
    // Both point into the same text, because the reader borrows from it.
    let begin = entry.as_ptr().addr().checked_sub(payload.as_ptr().addr())?;
    let begin = u32::try_from(begin).ok()?;
    let len = u32::try_from(entry.len()).ok()?;
    // `aaid` belongs to UAF and not to WebAuthn.
    let (mut aaguid, mut identifiers) = (None, None);
    json::members(entry, &mut |name, value| match name {
        "aaguid" => set(&mut aaguid, value.nullable(Value::string)),
        "attestationCertificateKeyIdentifiers" => set(&mut identifiers, value.nullable(Value::strings)),
        _ => Some(()),
    })?;
    if let Some(aaguid) = aaguid.flatten().as_deref().and_then(read::aaguid) {
        index.aaguids.push((aaguid, begin, len));
    }
    let identifiers: Vec<String> = identifiers.flatten().unwrap_or_default();
    let identifiers = identifiers.iter().filter_map(|text| read::hex(text));
    index
        .keys
        .extend(identifiers.map(|identifier| (identifier, begin, len)));
    Some(())
}

/// Refuses a JWS above the limit.
pub(super) fn check_len(jws: &str) -> Result<()> {
    if jws.len() > super::BLOB_LEN {
        Err(too_large(FIELD))
    } else {
        Ok(())
    }
}
