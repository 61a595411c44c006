//! The field of P-256: nine signed limbs of 29 bits, in Montgomery form with R = 2^261.
//!
//! This suits 32-bit machines and wasm: products of limbs are summed in 64 bits without carries, and signed limbs allow
//! a subtraction limb by limb. The prime is -1 in its lowest 96 bits, so a row of Montgomery's reduction needs no
//! multiplication: the factor is the lowest limb itself, and p times it is four shifts.
//!
//! Two bounds keep the sums below 2^63. The limbs of a *tight* element are below 2^29 + 2^25 in magnitude;
//! [`Element::mul`], [`Element::square`] and [`Element::carried`] return tight elements. In the results of the first
//! two, only the highest limb can be negative, so their differences are tight too. One of two factors may have limbs up
//! to three times as large: 27 (2^29 + 2^25)^2 < 31 * 2^58, and the reduction adds less than 2^58. Values are within 8
//! p of zero.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "the bounds above; the number of limbs is fixed"
)]

use super::scalar::Bits;

pub(super) const LIMBS: usize = 9;
pub(super) const BITS: usize = 29;
pub(super) const MASK: i64 = (1 << BITS) - 1;

pub(super) type Limbs = [i64; LIMBS];

/// p = 2^256 - 2^224 + 2^192 + 2^96 - 1.
const P: Limbs = [
    MASK,
    MASK,
    MASK,
    (1 << 9) - 1,
    0,
    0,
    1 << 18,
    (1 << 29) - (1 << 21),
    (1 << 24) - 1,
];

/// Repeats the body for each limb. A compiler that optimizes for size does not unroll loops, and limbs that are indexed
/// by a variable stay in memory, which takes three times as long.
macro_rules! each_limb {
    ($i:ident => $body:block) => { each_limb!($i => $body 0 1 2 3 4 5 6 7 8) };
    ($i:ident => $body:block $($limb:literal)*) => { $({
        let $i: usize = $limb;
        $body
    })* };
}

/// Makes limbs from an expression, written out for the same reason.
macro_rules! of_limbs {
    ($i:ident => $limb:expr) => { of_limbs!($i => $limb, 0 1 2 3 4 5 6 7 8) };
    ($i:ident => $limb:expr, $($place:literal)*) => { [$({
        let $i: usize = $place;
        $limb
    }),*] };
}

#[cfg(any(test, all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use each_limb;
pub(super) use of_limbs;

/// A number modulo p, times R. The representation is not unique.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element(Limbs);

impl Element {
    pub(super) const ONE: Self = Self(power_of_two(261));
    const R_SQUARED: Self = Self(power_of_two(522));

    /// Takes limbs that are already in Montgomery form.
    pub(super) const fn from_limbs(limbs: Limbs) -> Self {
        Self(limbs)
    }

    pub(super) const fn limbs(&self) -> &Limbs {
        &self.0
    }

    /// Parses a coordinate. It must be below p.
    pub(super) fn parse(bytes: &[u8; 32]) -> Option<Self> {
        is_negative(&subtract_p(&limbs(bytes))).then(|| Self::from_bytes(bytes))
    }

    /// A number below 2^256, modulo p.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(limbs(bytes)).mul(&Self::R_SQUARED)
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        Self(of_limbs!(i => self.0[i] + other.0[i]))
    }

    pub(super) fn sub(&self, other: &Self) -> Self {
        Self(of_limbs!(i => self.0[i] - other.0[i]))
    }

    pub(super) fn times(&self, factor: i64) -> Self {
        Self(of_limbs!(i => self.0[i] * factor))
    }

    #[inline(never)]
    pub(super) fn mul(&self, other: &Self) -> Self {
        let (a, b) = (&self.0, &other.0);
        let mut sums = [0; LIMBS];
        each_limb!(i => {
            each_limb!(j => { sums[j] += a[i] * b[j]; });
            reduce_row(&mut sums);
        });
        carry(&mut sums);
        Self(sums)
    }

    #[inline(never)]
    pub(super) fn square(&self) -> Self {
        let a = &self.0;
        let mut sums = [0; LIMBS];
        // Row i has each product with limb i that no earlier row has; products with later limbs count twice.
        each_limb!(i => {
            sums[i] += a[i] * a[i];
            let twice = 2 * a[i];
            each_limb!(j => { if j > i { sums[j] += twice * a[j]; } });
            reduce_row(&mut sums);
        });
        carry(&mut sums);
        Self(sums)
    }

    /// The same value with tight limbs, for limbs up to 2^32. Every limb passes its excess to the next one, all at
    /// once.
    pub(super) fn carried(&self) -> Self {
        let limbs = &self.0;
        Self(of_limbs!(i => {
            let own = if i == LIMBS - 1 { limbs[i] } else { limbs[i] & MASK };
            own + if i == 0 { 0 } else { limbs[i - 1] >> BITS }
        }))
    }

    /// Whether the number is zero modulo p.
    #[inline(always)]
    pub(super) fn is_zero(&self) -> bool {
        // p is -1 in the lowest limb, so the multiples of p in the range of values are -8 to 8 there. Hardly any other
        // element passes this check.
        (self.0[0] + 8) & MASK <= 16 && self.canonical() == [0; LIMBS]
    }

    /// For the table of the generator.
    #[cfg(test)]
    pub(super) fn canonical_limbs(&self) -> [i32; LIMBS] {
        self.canonical().map(|limb| i32::try_from(limb).unwrap())
    }

    /// The limbs of the unique representative between 0 and p.
    #[inline(never)]
    fn canonical(&self) -> Limbs {
        let mut limbs: Limbs = core::array::from_fn(|i| self.0[i] + 8 * P[i]);
        carry(&mut limbs);
        loop {
            let less = subtract_p(&limbs);
            if is_negative(&less) {
                return limbs;
            }
            limbs = less;
        }
    }
}

/// One row of Montgomery's reduction: adds the multiple of p that makes the lowest limb zero, and shifts it out.
#[inline(always)]
fn reduce_row(sums: &mut Limbs) {
    let factor = sums[0] & MASK;
    // The lowest limb of factor * p is -factor, so the rest of the lowest sum goes to the next one.
    let carry = sums[0] >> BITS;
    *sums = [
        sums[1] + carry,
        sums[2],
        sums[3] + (factor << 9),
        sums[4],
        sums[5],
        sums[6] + (factor << 18),
        sums[7] - (factor << 21),
        sums[8] + (factor << 24),
        0,
    ];
}

/// Brings all limbs except the highest between 0 and 2^29, one after the other.
#[inline(always)]
const fn carry(limbs: &mut Limbs) {
    each_limb!(i => {
        if i < LIMBS - 1 {
            limbs[i + 1] += limbs[i] >> BITS;
            limbs[i] &= MASK;
        }
    });
}

const fn subtract_p(limbs: &Limbs) -> Limbs {
    let mut less = *limbs;
    let mut i = 0;
    while i < LIMBS {
        less[i] -= P[i];
        i += 1;
    }
    carry(&mut less);
    less
}

/// Whether the number is negative, after a carry.
const fn is_negative(limbs: &Limbs) -> bool {
    limbs[LIMBS - 1] < 0
}

fn limbs(bytes: &[u8; 32]) -> Limbs {
    let bits = Bits::new(bytes);
    // 29 bits fit.
    of_limbs!(i => bits.at(BITS * i, BITS) as i64)
}

/// 2^`exponent` modulo p.
const fn power_of_two(exponent: usize) -> Limbs {
    let mut limbs = [0; LIMBS];
    limbs[0] = 1;
    let mut doubled = 0;
    while doubled < exponent {
        let mut i = 0;
        while i < LIMBS {
            limbs[i] *= 2;
            i += 1;
        }
        carry(&mut limbs);
        let less = subtract_p(&limbs);
        if !is_negative(&less) {
            limbs = less;
        }
        doubled += 1;
    }
    limbs
}

#[cfg(test)]
pub(super) mod tests;
