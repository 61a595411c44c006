//! The crate's vectors in wasm, in Node and in a browser: `make test-wasm`.
//!
//! Each vector is verified twice: with the functions of the crate, and with its exports to JavaScript.

#![cfg(all(test, target_arch = "wasm32"))]

#[path = "../../common/case.rs"]
#[allow(dead_code, reason = "mounted source of which only a part is used")]
mod case;
mod ceremonies;
mod decoders;
mod exports;
mod metadata;
