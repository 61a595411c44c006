//! A verified BLOB as bytes: what the caller stores and what lookups read.
//!
//! ```text
//! payload            the JSON as it was signed
//! AAGUIDs            rows of 24 bytes, sorted: AAGUID, where its entry begins in the payload, how long it is
//! key identifiers    rows of 28 bytes, sorted: identifier, begin, length
//! tail               32 bytes: number, nextUpdate, length of the payload, rows of each index, "MDS", version
//! ```
//!
//! Integers are little-endian: `no` and `nextUpdate` have 8 bytes, the others 4. The index follows the payload, so that
//! the payload's 10 MB are not moved.

use alloc::vec::Vec;

use super::{ENTRY, FIELD, MetadataBlob, malformed};
use crate::error::Result;

const MAGIC: [u8; 4] = *b"MDS\x01";
const TAIL: usize = 32;
const AAGUID_ROW: usize = 24;
const KEY_ROW: usize = 28;

/// The contents of the tail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Layout {
    pub(super) number: u64,
    pub(super) next_update: u64,
    payload_len: u32,
    aaguids: u32,
    keys: u32,
}

/// A key and the position of its entry in the payload: begin and length.
pub(super) type Row<const N: usize> = ([u8; N], u32, u32);

/// The rows of both tables, in any order.
#[derive(Default)]
pub(super) struct Index {
    pub(super) aaguids: Vec<Row<16>>,
    pub(super) keys: Vec<Row<20>>,
}

impl MetadataBlob {
    /// Appends the index to the payload.
    pub(super) fn build(payload: Vec<u8>, index: Index, number: u64, next_update: u64) -> Result<Self> {
        let Index { mut aaguids, mut keys } = index;
        // An entry that repeats an identifier makes a duplicate row.
        aaguids.sort_unstable();
        aaguids.dedup();
        keys.sort_unstable();
        keys.dedup();
        let count = |len: usize| u32::try_from(len).map_err(|_| malformed(FIELD));
        let layout = Layout {
            number,
            next_update,
            payload_len: count(payload.len())?,
            aaguids: count(aaguids.len())?,
            keys: count(keys.len())?,
        };
        let mut bytes = payload;
        bytes.reserve_exact(layout.behind_payload().ok_or_else(|| malformed(FIELD))?);
        append(&mut bytes, &aaguids);
        append(&mut bytes, &keys);
        layout.append_to(&mut bytes);
        Ok(Self { bytes, layout })
    }

    /// Loads the bytes of [`Self::as_bytes`]. They are not verified again, because the store belongs to the caller.
    /// Wrong bytes do no other harm than wrong entries or none.
    ///
    /// # Errors
    ///
    /// `METADATA_MALFORMED` if the bytes have another version or are truncated.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        let layout = Layout::read(&bytes).ok_or_else(|| malformed(FIELD))?;
        Ok(Self { bytes, layout })
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes to store, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The JSON of a model's entry, for [`super::MetadataEntry::parse`].
    ///
    /// # Errors
    ///
    /// `METADATA_MALFORMED` if two entries claim the AAGUID. The crate does not guess which one is right; other models
    /// are not affected.
    pub fn entry(&self, aaguid: &[u8; 16]) -> Result<Option<&str>> {
        let (aaguids, _) = self.indices();
        self.look_up::<AAGUID_ROW>(aaguids, aaguid)
    }

    /// The JSON of the entry of an attestation key. The identifier is the [`super::key_identifier`] of the attestation
    /// certificate.
    ///
    /// # Errors
    ///
    /// The same as [`Self::entry`].
    pub fn entry_by_key_identifier(&self, identifier: &[u8; 20]) -> Result<Option<&str>> {
        let (_, keys) = self.indices();
        self.look_up::<KEY_ROW>(keys, identifier)
    }

    fn indices(&self) -> (&[u8], &[u8]) {
        let lens = self.layout.lens();
        let (_, behind) = lens
            .and_then(|[payload, ..]| self.bytes.split_at_checked(payload))
            .unwrap_or_default();
        let (aaguids, behind) = lens
            .and_then(|[_, aaguids, _]| behind.split_at_checked(aaguids))
            .unwrap_or_default();
        let keys = lens.and_then(|[.., keys]| behind.get(..keys)).unwrap_or_default();
        (aaguids, keys)
    }

    /// Searches rows of `ROW` bytes: key, begin and length.
    fn look_up<const ROW: usize>(&self, table: &[u8], key: &[u8]) -> Result<Option<&str>> {
        let (rows, _) = table.as_chunks::<ROW>();
        let before = rows.partition_point(|row| row.as_slice() < key);
        let mut found = rows.iter().skip(before).take_while(|row| row.starts_with(key));
        let Some(row) = found.next() else {
            return Ok(None);
        };
        if found.next().is_some() {
            return Err(malformed(ENTRY));
        }
        let place = row.get(key.len()..).unwrap_or_default();
        self.at(place).map(Some).ok_or_else(|| malformed(ENTRY))
    }

    fn at(&self, place: &[u8]) -> Option<&str> {
        let (begin, len) = place.split_first_chunk::<4>()?;
        let begin = usize::try_from(u32::from_le_bytes(*begin)).ok()?;
        let len = usize::try_from(u32::from_le_bytes(len.try_into().ok()?)).ok()?;
        let payload = self.bytes.get(..usize::try_from(self.layout.payload_len).ok()?)?;
        core::str::from_utf8(payload.get(begin..begin.checked_add(len)?)?).ok()
    }
}

fn append<const N: usize>(bytes: &mut Vec<u8>, rows: &[Row<N>]) {
    for (key, begin, len) in rows {
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(&begin.to_le_bytes());
        bytes.extend_from_slice(&len.to_le_bytes());
    }
}

impl Layout {
    /// The lengths of the payload and of both tables in bytes.
    fn lens(&self) -> Option<[usize; 3]> {
        let rows = |count: u32, row: usize| usize::try_from(count).ok()?.checked_mul(row);
        Some([
            usize::try_from(self.payload_len).ok()?,
            rows(self.aaguids, AAGUID_ROW)?,
            rows(self.keys, KEY_ROW)?,
        ])
    }

    fn behind_payload(&self) -> Option<usize> {
        let [_, aaguids, keys] = self.lens()?;
        aaguids.checked_add(keys)?.checked_add(TAIL)
    }

    fn append_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.next_update.to_le_bytes());
        for len in [self.payload_len, self.aaguids, self.keys] {
            bytes.extend_from_slice(&len.to_le_bytes());
        }
        bytes.extend_from_slice(&MAGIC);
    }

    /// None if the lengths in the tail do not match the bytes.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (_, tail) = bytes.split_last_chunk::<TAIL>()?;
        let (number, tail) = tail.split_first_chunk::<8>()?;
        let (next_update, tail) = tail.split_first_chunk::<8>()?;
        let (payload_len, tail) = tail.split_first_chunk::<4>()?;
        let (aaguids, tail) = tail.split_first_chunk::<4>()?;
        let (keys, magic) = tail.split_first_chunk::<4>()?;
        let layout = Self {
            number: u64::from_le_bytes(*number),
            next_update: u64::from_le_bytes(*next_update),
            payload_len: u32::from_le_bytes(*payload_len),
            aaguids: u32::from_le_bytes(*aaguids),
            keys: u32::from_le_bytes(*keys),
        };
        let [payload_len, ..] = layout.lens()?;
        let len = payload_len.checked_add(layout.behind_payload()?)?;
        (*magic == MAGIC && len == bytes.len()).then_some(layout)
    }
}
