//! Two elements of the field, worked on at once: a point's formulas are written as operations of pairs.
//!
//! In wasm with vectors a pair takes little more time than one element alone ([`vectors`]); elsewhere it is two elements
//! one after the other ([`elements`]), which is faster there than vectors that the machine may not have.
//!
//! Bounds are those of [`super::field`], and limbs of a vector have to fit `i32`.

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
