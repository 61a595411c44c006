//! The vector operations that [`super::vectors`] is made of, instructions of wasm each. Tests, which run natively, have
//! the same operations on plain numbers, so that all but this file is tested there.

#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(target_arch = "wasm32")]
pub(super) use wasm::{I32x4, I64x2};

#[cfg(not(target_arch = "wasm32"))]
mod plain;
#[cfg(not(target_arch = "wasm32"))]
pub(super) use plain::{I32x4, I64x2};
