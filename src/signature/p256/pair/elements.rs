//! A pair as two elements.

#![expect(clippy::arithmetic_side_effects, reason = "the bounds of the field's limbs")]

use super::super::field::{Element, LIMBS};

const ZERO: Element = Element::from_limbs([0; LIMBS]);

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Pair(Element, Element);

impl Pair {
    pub(in super::super) const ZERO: Self = Self(ZERO, ZERO);

    pub(in super::super) const fn new(first: Element, second: Element) -> Self {
        Self(first, second)
    }

    pub(in super::super) const fn first(&self) -> Element {
        self.0
    }

    pub(in super::super) const fn swapped(&self) -> Self {
        Self(self.1, self.0)
    }

    /// The first element in both places.
    pub(in super::super) const fn first_twice(&self) -> Self {
        Self(self.0, self.0)
    }

    /// The first element of this pair with the second of another.
    pub(in super::super) const fn with(&self, other: &Self) -> Self {
        Self(self.0, other.1)
    }

    pub(in super::super) fn add(&self, other: &Self) -> Self {
        Self(self.0.add(&other.0), self.1.add(&other.1))
    }

    pub(in super::super) fn sub(&self, other: &Self) -> Self {
        Self(self.0.sub(&other.0), self.1.sub(&other.1))
    }

    /// Times 2^`BITS`.
    pub(in super::super) fn shl<const BITS: u32>(&self) -> Self {
        Self(self.0.times(1 << BITS), self.1.times(1 << BITS))
    }

    pub(in super::super) fn mul(&self, other: &Self) -> Self {
        Self(self.0.mul(&other.0), self.1.mul(&other.1))
    }

    pub(in super::super) fn square(&self) -> Self {
        Self(self.0.square(), self.1.square())
    }

    /// The same values with tight limbs.
    pub(in super::super) fn carried(&self) -> Self {
        Self(self.0.carried(), self.1.carried())
    }

    /// The same numbers with tight limbs and values between about zero and p.
    pub(in super::super) fn reduced(&self) -> Self {
        Self(reduced(&self.0), reduced(&self.1))
    }
}

/// The same number with tight limbs and a value between about zero and p. The part above 2^256 is replaced with 2^224 -
/// 2^192 - 2^96 + 1 times it.
fn reduced(element: &Element) -> Element {
    let [
        mut limb0,
        limb1,
        limb2,
        mut limb3,
        limb4,
        limb5,
        mut limb6,
        mut limb7,
        mut limb8,
    ] = *element.limbs();
    let excess = limb8 >> 24;
    limb8 -= excess << 24;
    limb7 += excess << 21;
    limb6 -= excess << 18;
    limb3 -= excess << 9;
    limb0 += excess;
    Element::from_limbs([limb0, limb1, limb2, limb3, limb4, limb5, limb6, limb7, limb8]).carried()
}
