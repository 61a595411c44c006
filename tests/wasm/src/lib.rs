//! The crate's vectors in wasm, in Node and in a browser: `make test-wasm`.
//!
//! Each is verified twice: by the functions of the crate, and by what the crate exports to JavaScript.

#![cfg(all(test, target_arch = "wasm32"))]

#[path = "../../common/case.rs"]
#[allow(dead_code, reason = "not all of it is used here")]
mod case;
mod ceremonies;
mod decoders;
mod exports;
mod metadata;
