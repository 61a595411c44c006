//! Bounded CBOR: `ciborium`'s decoder under the rules of CTAP2's canonical form.
//!
//! Authenticators write CBOR in exactly one way (CTAP 2.2 section 8). Everything else is refused: indefinite lengths,
//! integers and lengths in more bytes than they need, floats, tags, duplicate keys. The order of keys is not checked,
//! because platforms order them differently (`docs/decisions/crate/cbor-subset.md`).

use alloc::string::String;
use alloc::vec::Vec;

use ciborium::Value;
use ciborium::value::Integer;
use ciborium_ll::{Decoder, Header};

use crate::error::{ErrorCode, Result};
use crate::limits;
use crate::reader::Reader;

/// Parses `bytes` as one CBOR item and nothing else.
pub(crate) fn parse(field: &'static str, bytes: &[u8]) -> Result<Value> {
    Reader::all(
        field,
        bytes,
        [ErrorCode::CborMalformed, ErrorCode::CborTrailingData],
        read,
    )
}

/// Reads one CBOR item. Time and memory are bounded by the length of the input and by `limits`.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Value> {
    let mut items_left = limits::CBOR_ITEMS;
    read_item(reader, limits::CBOR_DEPTH, &mut items_left)
}

fn read_item(reader: &mut Reader<'_>, depth_left: usize, items_left: &mut usize) -> Result<Value> {
    let too_large = reader.error(ErrorCode::CborTooLarge);
    *items_left = items_left.checked_sub(1).ok_or(too_large)?;
    match read_header(reader)? {
        Header::Positive(n) => Ok(Value::Integer(n.into())),
        // A negative integer is written as the complement of its value.
        Header::Negative(n) => Integer::try_from(!i128::from(n))
            .map(Value::Integer)
            .map_err(|_| reader.error(ErrorCode::CborMalformed)),
        Header::Bytes(Some(len)) => reader.take(len).map(|bytes| Value::Bytes(bytes.to_vec())),
        Header::Text(Some(len)) => read_text(reader, len).map(Value::Text),
        Header::Array(Some(len)) => {
            let depth_left = depth_left.checked_sub(1).ok_or(too_large)?;
            let mut items = Vec::new();
            for _ in 0..len {
                items.push(read_item(reader, depth_left, items_left)?);
            }
            Ok(Value::Array(items))
        }
        Header::Map(Some(len)) => {
            let depth_left = depth_left.checked_sub(1).ok_or(too_large)?;
            let mut entries: Vec<(Value, Value)> = Vec::new();
            for _ in 0..len {
                let duplicate = reader.error(ErrorCode::CborDuplicate);
                let key = read_item(reader, depth_left, items_left)?;
                if entries.iter().any(|(known, _)| *known == key) {
                    return Err(duplicate);
                }
                entries.push((key, read_item(reader, depth_left, items_left)?));
            }
            Ok(Value::Map(entries))
        }
        Header::Simple(20) => Ok(Value::Bool(false)),
        Header::Simple(21) => Ok(Value::Bool(true)),
        Header::Simple(22) => Ok(Value::Null),
        // Floats, tags, other simple values, indefinite lengths and their break.
        _ => Err(reader.error(ErrorCode::CborUnsupported)),
    }
}

fn read_text(reader: &mut Reader<'_>, len: usize) -> Result<String> {
    let malformed = reader.error(ErrorCode::CborMalformed);
    let bytes = reader.take(len)?;
    core::str::from_utf8(bytes).map(String::from).map_err(|_| malformed)
}

/// Reads an item's first byte and its argument, which must be as short as possible (RFC 8949 section 4.2.1).
fn read_header(reader: &mut Reader<'_>) -> Result<Header> {
    let malformed = reader.error(ErrorCode::CborMalformed);
    let mut decoder = Decoder::from(reader.rest());
    let header = decoder.pull().map_err(|_| malformed)?;
    let consumed = decoder.offset();
    if shortest_len(&header).is_some_and(|shortest| shortest != consumed) {
        return Err(malformed);
    }
    reader.take(consumed)?;
    Ok(header)
}

/// The length of the shortest encoding of a header, for headers with an argument.
fn shortest_len(header: &Header) -> Option<usize> {
    let argument = match *header {
        Header::Positive(n) | Header::Negative(n) | Header::Tag(n) => n,
        Header::Simple(n) => n.into(),
        Header::Bytes(len) | Header::Text(len) | Header::Array(len) | Header::Map(len) => {
            u64::try_from(len?).unwrap_or(u64::MAX)
        }
        Header::Float(_) | Header::Break => return None,
    };
    Some(match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    })
}

#[cfg(test)]
mod tests;
