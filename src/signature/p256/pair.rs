//! Two elements of the field that are processed together. The formulas of points are written as operations on pairs.
//!
//! In wasm with vectors, a pair takes little more time than one element ([`vectors`]). Elsewhere it is two elements,
//! one after the other ([`elements`]), which is faster there.
//!
//! The bounds are those of [`super::field`]. The limbs of a vector must also fit `i32`.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod elements;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes;
#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) mod vectors;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use elements::Pair;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use vectors::Pair;

#[cfg(test)]
mod tests;
