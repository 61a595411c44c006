//! The vector operations of [`super::vectors`]: each is one instruction of wasm. Tests run natively and use the same
//! operations on plain numbers, so that everything except this file is tested there.

#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "wasm32")]
pub(super) use wasm::{I32x4, I64x2};

#[cfg(not(target_arch = "wasm32"))]
mod plain;
#[cfg(not(target_arch = "wasm32"))]
pub(super) use plain::{I32x4, I64x2};
