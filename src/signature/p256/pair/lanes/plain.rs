//! Does the same as `wasm.rs`, as the instructions are specified, but panics if a sum overflows its lane. In these
//! formulas nothing may wrap except 64-bit sums, whose offset wraps on purpose.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "for tests, in which an overflow must panic"
)]

use core::array::from_fn;

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct I32x4([i32; 4]);

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct I64x2([i64; 2]);

impl I32x4 {
    pub(in super::super) const fn new(lanes: [i32; 4]) -> Self {
        Self(lanes)
    }

    pub(in super::super) const fn lane<const I: usize>(self) -> i32 {
        self.0[I]
    }

    pub(in super::super) fn add(self, other: Self) -> Self {
        Self(from_fn(|i| self.0[i] + other.0[i]))
    }

    pub(in super::super) fn sub(self, other: Self) -> Self {
        Self(from_fn(|i| self.0[i] - other.0[i]))
    }

    pub(in super::super) fn and(self, mask: i32) -> Self {
        Self(self.0.map(|lane| lane & mask))
    }

    pub(in super::super) fn shl(self, bits: u32) -> Self {
        Self(self.0.map(|lane| lane << bits))
    }

    pub(in super::super) fn shr(self, bits: u32) -> Self {
        Self(self.0.map(|lane| lane >> bits))
    }

    pub(in super::super) fn pick<const A: usize, const B: usize, const C: usize, const D: usize>(
        self,
        other: Self,
    ) -> Self {
        Self([A, B, C, D].map(|i| if i < 4 { self.0[i] } else { other.0[i - 4] }))
    }

    pub(in super::super) fn mul_low(self, other: Self) -> I64x2 {
        I64x2([0, 1].map(|i: usize| i64::from(self.0[i]) * i64::from(other.0[i])))
    }

    pub(in super::super) fn mul_high(self, other: Self) -> I64x2 {
        I64x2([2, 3].map(|i: usize| i64::from(self.0[i]) * i64::from(other.0[i])))
    }
}

impl I64x2 {
    pub(in super::super) const fn splat(value: i64) -> Self {
        Self([value; 2])
    }

    pub(in super::super) fn add(self, other: Self) -> Self {
        Self(from_fn(|i| self.0[i].wrapping_add(other.0[i])))
    }

    pub(in super::super) fn sub(self, other: Self) -> Self {
        Self(from_fn(|i| self.0[i].wrapping_sub(other.0[i])))
    }

    pub(in super::super) fn and(self, mask: i64) -> Self {
        Self(self.0.map(|lane| lane & mask))
    }

    pub(in super::super) fn shl(self, bits: u32) -> Self {
        Self(self.0.map(|lane| lane << bits))
    }

    pub(in super::super) fn shr(self, bits: u32) -> Self {
        Self(self.0.map(|lane| ((lane as u64) >> bits) as i64))
    }

    pub(in super::super) fn low_halves(self, other: Self) -> I32x4 {
        let [a, b] = self.0;
        let [c, d] = other.0;
        I32x4([a as i32, b as i32, c as i32, d as i32])
    }
}
