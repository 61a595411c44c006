//! A pair as vectors: the multiplication of [`Element`](super::super::field::Element) for both elements at
//! once.
//!
//! There are two differences. Limbs are `i32`, because wasm multiplies two such lanes in one instruction. And 64-bit
//! vectors have no shift that keeps the sign, so an offset makes each sum positive: 2^63 is added to a sum before it is
//! split, 2^34 of that goes to the next sum, and so on to the last limb, from which 2^34 is subtracted again.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "the numbers of limbs and vectors are fixed"
)]

use super::super::field::{BITS, Element, LIMBS, MASK, each_limb, of_limbs};
use super::lanes::{I32x4, I64x2};

/// Vector k has limb 2k of the first and of the second element, then limb 2k + 1 of both. The last vector has the
/// highest limbs twice.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Pair([I32x4; VECTORS]);

const VECTORS: usize = 5;

/// Makes vectors from an expression, written out like limbs.
macro_rules! vectors {
    ($k:ident => $vector:expr) => { vectors!($k => $vector, 0 1 2 3 4) };
    ($k:ident => $vector:expr, $($place:literal)*) => { [$({
        let $k: usize = $place;
        $vector
    }),*] };
}

const ZERO: I32x4 = I32x4::new([0; 4]);
const SHIFT: u32 = BITS as u32;
const MASK_32: i32 = MASK as i32;

const OFFSET: i64 = i64::MIN;
/// The part of [`OFFSET`] that goes to the next sum.
const CARRIED_OFFSET: i64 = 1 << (63 - BITS);
const NEXT_OFFSET: i64 = OFFSET.wrapping_sub(CARRIED_OFFSET);

impl Pair {
    pub(in super::super) const ZERO: Self = Self([ZERO; VECTORS]);

    /// Takes elements whose limbs fit `i32`. Those of all tight elements do.
    #[inline(always)]
    pub(in super::super) fn new(first: Element, second: Element) -> Self {
        let (a, b) = (first.limbs(), second.limbs());
        Self(vectors!(k => {
            let (low, high) = (2 * k, if 2 * k + 1 < LIMBS { 2 * k + 1 } else { 2 * k });
            I32x4::new([a[low] as i32, b[low] as i32, a[high] as i32, b[high] as i32])
        }))
    }

    #[inline(always)]
    pub(in super::super) fn first(&self) -> Element {
        Element::from_limbs(of_limbs!(i => {
            let v = self.0[i / 2];
            i64::from(if i % 2 == 1 { v.lane::<2>() } else { v.lane::<0>() })
        }))
    }

    #[inline(always)]
    pub(in super::super) fn swapped(&self) -> Self {
        Self(vectors!(k => self.0[k].pick::<1, 0, 3, 2>(self.0[k])))
    }

    /// The first element in both places.
    #[inline(always)]
    pub(in super::super) fn first_twice(&self) -> Self {
        Self(vectors!(k => self.0[k].pick::<0, 0, 2, 2>(self.0[k])))
    }

    /// The first element of this pair with the second of another.
    #[inline(always)]
    pub(in super::super) fn with(&self, other: &Self) -> Self {
        self.zip(other, I32x4::pick::<0, 5, 2, 7>)
    }

    #[inline(always)]
    pub(in super::super) fn add(&self, other: &Self) -> Self {
        self.zip(other, I32x4::add)
    }

    #[inline(always)]
    pub(in super::super) fn sub(&self, other: &Self) -> Self {
        self.zip(other, I32x4::sub)
    }

    /// Times 2^`BITS`.
    #[inline(always)]
    pub(in super::super) fn shl<const BITS: u32>(&self) -> Self {
        Self(vectors!(k => self.0[k].shl(BITS)))
    }

    #[inline(always)]
    fn zip(&self, other: &Self, operation: impl Fn(I32x4, I32x4) -> I32x4) -> Self {
        Self(vectors!(k => operation(self.0[k], other.0[k])))
    }

    #[inline(never)]
    pub(in super::super) fn mul(&self, other: &Self) -> Self {
        let exchanged = self.limbs_exchanged();
        let mut sums = Sums::new();
        each_limb!(i => {
            each_limb!(j => { sums.add(j, product(i, j, self, &exchanged, other)); });
            sums.reduce_row(i);
        });
        sums.carried()
    }

    #[inline(never)]
    pub(in super::super) fn square(&self) -> Self {
        let (exchanged, twice) = (self.limbs_exchanged(), self.shl::<1>());
        let mut sums = Sums::new();
        // Row i has each product with limb i that no earlier row has; products with later limbs count twice.
        each_limb!(i => {
            sums.add(i, product(i, i, self, &exchanged, self));
            each_limb!(j => { if j > i { sums.add(j, product(i, j, self, &exchanged, &twice)); } });
            sums.reduce_row(i);
        });
        sums.carried()
    }

    /// Exchanges each even limb with the next odd one.
    ///
    /// Never inlined: the compiler would combine the shuffle and the multiplication of low lanes into a multiplication
    /// of high lanes with low ones. Wasm has no instruction for that, and the compiler emits eight.
    #[inline(never)]
    fn limbs_exchanged(&self) -> Self {
        Self(vectors!(k => self.0[k].pick::<2, 3, 0, 1>(self.0[k])))
    }

    /// The same values with tight limbs. Every limb passes its excess to the next one, all at once.
    #[inline(always)]
    pub(in super::super) fn carried(&self) -> Self {
        Self(self.carried_below(self.0[4]))
    }

    /// The same numbers with tight limbs and values between about zero and p, as in pairs of elements. The replacement
    /// is added last, because the limbs may fill their lanes.
    #[inline(always)]
    pub(in super::super) fn reduced(&self) -> Self {
        let excess = self.0[4].shr(24);
        let minus_18 = ZERO.sub(excess.shl(18));
        let [a, b, c, d, e] = self.carried_below(self.0[4].and((1 << 24) - 1));
        Self([
            a.add(excess.pick::<0, 1, 6, 7>(ZERO)),
            b.sub(ZERO.pick::<0, 1, 6, 7>(excess.shl(9))),
            c,
            d.add(minus_18.pick::<0, 1, 6, 7>(excess.shl(21))),
            e,
        ])
    }

    /// The limbs after a carry. `highest` has the highest limbs before it.
    #[inline(always)]
    fn carried_below(&self, highest: I32x4) -> [I32x4; VECTORS] {
        let v = &self.0;
        let own = |k: usize| v[k].and(MASK_32);
        let excess = |k: usize| v[k].shr(SHIFT);
        [
            own(0).add(ZERO.pick::<2, 3, 4, 5>(excess(0))),
            own(1).add(excess(0).pick::<2, 3, 4, 5>(excess(1))),
            own(2).add(excess(1).pick::<2, 3, 4, 5>(excess(2))),
            own(3).add(excess(2).pick::<2, 3, 4, 5>(excess(3))),
            highest.add(excess(3).pick::<2, 3, 2, 3>(excess(3))),
        ]
    }
}

/// Limb `i` of `a` times limb `j` of `b`. Only limbs in the same half of a vector can be multiplied; otherwise `a` is
/// used with its limbs exchanged.
#[inline(always)]
fn product(i: usize, j: usize, a: &Pair, exchanged: &Pair, b: &Pair) -> I64x2 {
    let is_highest = |limb| limb == LIMBS - 1;
    // The highest limb is in both halves.
    let high = if is_highest(j) { i % 2 == 1 } else { j % 2 == 1 };
    let own = is_highest(i) || high == (i % 2 == 1);
    let (a, b) = (if own { a } else { exchanged }.0[i / 2], b.0[j / 2]);
    if high { a.mul_high(b) } else { a.mul_low(b) }
}

/// The sums of products. Each has the offset that it needs when it becomes the lowest.
struct Sums([I64x2; LIMBS]);

impl Sums {
    #[inline(always)]
    fn new() -> Self {
        let mut sums = [I64x2::splat(NEXT_OFFSET); LIMBS];
        sums[0] = I64x2::splat(OFFSET);
        Self(sums)
    }

    #[inline(always)]
    fn add(&mut self, j: usize, product: I64x2) {
        self.0[j] = self.0[j].add(product);
    }

    /// One row of Montgomery's reduction: adds the multiple of p that makes the lowest limb zero, and shifts it out.
    #[inline(always)]
    fn reduce_row(&mut self, row: usize) {
        let sums = &self.0;
        let factor = sums[0].and(MASK);
        let carry = sums[0].shr(SHIFT);
        let new = if row == LIMBS - 1 { -CARRIED_OFFSET } else { NEXT_OFFSET };
        self.0 = [
            sums[1].add(carry),
            sums[2],
            sums[3].add(factor.shl(9)),
            sums[4],
            sums[5],
            sums[6].add(factor.shl(18)),
            sums[7].sub(factor.shl(21)),
            sums[8].add(factor.shl(24)),
            I64x2::splat(new),
        ];
    }

    /// The limbs. All except the highest are between 0 and 2^29.
    #[inline(always)]
    fn carried(self) -> Pair {
        let mut sums = self.0;
        each_limb!(i => { if i < LIMBS - 1 { sums[i + 1] = sums[i + 1].add(sums[i].shr(SHIFT)); } });
        Pair([
            sums[0].low_halves(sums[1]).and(MASK_32),
            sums[2].low_halves(sums[3]).and(MASK_32),
            sums[4].low_halves(sums[5]).and(MASK_32),
            sums[6].low_halves(sums[7]).and(MASK_32),
            sums[8].low_halves(sums[8]),
        ])
    }
}
