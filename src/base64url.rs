//! base64url: no padding, no other alphabet, no leftover bits. Spec: 3.

#[cfg(feature = "wasm")]
use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, ErrorCode, Result};

pub(crate) fn decode(field: &'static str, text: &str) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Error::new(ErrorCode::EncodingMalformed, field))
}

#[cfg(feature = "wasm")]
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
