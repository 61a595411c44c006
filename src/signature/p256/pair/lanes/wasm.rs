use core::arch::wasm32::{
    i32x4, i32x4_add, i32x4_extract_lane, i32x4_shl, i32x4_shr, i32x4_shuffle, i32x4_splat, i32x4_sub, i64x2_add,
    i64x2_extmul_high_i32x4, i64x2_extmul_low_i32x4, i64x2_shl, i64x2_splat, i64x2_sub, u64x2_shr, v128, v128_and,
};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct I32x4(v128);

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct I64x2(v128);

impl I32x4 {
    pub(in super::super) const fn new([a, b, c, d]: [i32; 4]) -> Self {
        Self(i32x4(a, b, c, d))
    }

    pub(in super::super) fn lane<const I: usize>(self) -> i32 {
        i32x4_extract_lane::<I>(self.0)
    }

    pub(in super::super) fn add(self, other: Self) -> Self {
        Self(i32x4_add(self.0, other.0))
    }

    pub(in super::super) fn sub(self, other: Self) -> Self {
        Self(i32x4_sub(self.0, other.0))
    }

    pub(in super::super) fn and(self, mask: i32) -> Self {
        Self(v128_and(self.0, i32x4_splat(mask)))
    }

    pub(in super::super) fn shl(self, bits: u32) -> Self {
        Self(i32x4_shl(self.0, bits))
    }

    /// Shifts and keeps the sign.
    pub(in super::super) fn shr(self, bits: u32) -> Self {
        Self(i32x4_shr(self.0, bits))
    }

    /// Picks four of eight lanes: 0 to 3 are this vector's, 4 to 7 the other's.
    pub(in super::super) fn pick<const A: usize, const B: usize, const C: usize, const D: usize>(
        self,
        other: Self,
    ) -> Self {
        Self(i32x4_shuffle::<A, B, C, D>(self.0, other.0))
    }

    /// The products of lanes 0 and 1.
    pub(in super::super) fn mul_low(self, other: Self) -> I64x2 {
        I64x2(i64x2_extmul_low_i32x4(self.0, other.0))
    }

    /// The products of lanes 2 and 3.
    pub(in super::super) fn mul_high(self, other: Self) -> I64x2 {
        I64x2(i64x2_extmul_high_i32x4(self.0, other.0))
    }
}

impl I64x2 {
    pub(in super::super) fn splat(value: i64) -> Self {
        Self(i64x2_splat(value))
    }

    pub(in super::super) fn add(self, other: Self) -> Self {
        Self(i64x2_add(self.0, other.0))
    }

    pub(in super::super) fn sub(self, other: Self) -> Self {
        Self(i64x2_sub(self.0, other.0))
    }

    pub(in super::super) fn and(self, mask: i64) -> Self {
        Self(v128_and(self.0, i64x2_splat(mask)))
    }

    pub(in super::super) fn shl(self, bits: u32) -> Self {
        Self(i64x2_shl(self.0, bits))
    }

    /// Shifts without regard to the sign.
    pub(in super::super) fn shr(self, bits: u32) -> Self {
        Self(u64x2_shr(self.0, bits))
    }

    /// The low halves of both lanes of this vector and of the other one.
    pub(in super::super) fn low_halves(self, other: Self) -> I32x4 {
        I32x4(i32x4_shuffle::<0, 2, 4, 6>(self.0, other.0))
    }
}
