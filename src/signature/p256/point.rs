//! Points of P-256, y^2 = x^3 - 3 x + b, and the sum of a multiple of the generator and a multiple of another point.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "digits are odd and below the width's bound, which halved is below the tables' length"
)]

use super::field::Element;
use super::generator::ODD_MULTIPLES;
use super::scalar::{DIGITS, non_adjacent_form};

const B: [u8; 32] = [
    0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc, 0x65, 0x1d, 0x06,
    0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
];

/// Digits of the generator's factor: its 64 odd multiples are in a table.
const GENERATOR_WIDTH: usize = 8;
/// Digits of the other factor: 8 odd multiples have to be made for each key.
const POINT_WIDTH: usize = 5;
const POINT_MULTIPLES: usize = 1 << (POINT_WIDTH - 2);

/// A point by its coordinates, which are tight; never infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    pub(super) x: Element,
    pub(super) y: Element,
}

/// The point (X / Z^2, Y / Z^3), or infinity where Z is zero. X, Y and Z are tight, X and Y about between 0 and p.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jacobian {
    x: Element,
    y: Element,
    z: Element,
}

/// A point that is added several times, with the powers of its Z.
#[derive(Clone, Copy)]
struct Multiple {
    point: Jacobian,
    z2: Element,
    z3: Element,
}

impl Affine {
    /// None if the point is not on the curve.
    pub(super) fn new(x: Element, y: Element) -> Option<Self> {
        let right = x
            .square()
            .sub(&Element::ONE.times(3))
            .carried()
            .mul(&x)
            .add(&Element::from_bytes(&B));
        y.square().sub(&right).is_zero().then_some(Self { x, y })
    }

    fn generator(digit: i8) -> Self {
        let [x, y] = &ODD_MULTIPLES[usize::from(digit.unsigned_abs() / 2)];
        Self {
            x: Element::from_montgomery(x),
            y: signed(Element::from_montgomery(y), digit),
        }
    }
}

/// The y of a multiple, for a digit's sign.
fn signed(y: Element, digit: i8) -> Element {
    if digit < 0 { y.times(-1) } else { y }
}

impl Jacobian {
    const INFINITY: Self = Self {
        x: Element::ONE,
        y: Element::ONE,
        z: Element::ZERO,
    };

    pub(super) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// Whether the affine x of this point, which is not infinity, is this number.
    pub(super) fn has_x(&self, x: &Element) -> bool {
        x.mul(&self.z.square()).sub(&self.x).is_zero()
    }

    /// `u1` times the generator and `u2` times the point: one chain of doublings for both.
    pub(super) fn generator_and_point(u1: &[u8; 32], u2: &[u8; 32], point: &Affine) -> Self {
        let generator_digits = non_adjacent_form::<GENERATOR_WIDTH>(u1);
        let point_digits = non_adjacent_form::<POINT_WIDTH>(u2);
        let multiples = odd_multiples(point);
        let mut sum = Self::INFINITY;
        for i in (0..DIGITS).rev() {
            sum = sum.double();
            let digit = point_digits[i];
            if digit != 0 {
                sum = sum.add(&multiples[usize::from(digit.unsigned_abs() / 2)], digit);
            }
            let digit = generator_digits[i];
            if digit != 0 {
                sum = sum.add_affine(&Affine::generator(digit));
            }
        }
        sum
    }

    /// Of infinity too, whose Z stays zero. No point has y = 0, since the group's order is odd.
    fn double(&self) -> Self {
        let delta = self.z.square();
        let gamma = self.y.square();
        let four_gamma = gamma.times(4).carried();
        let four_beta = self.x.mul(&four_gamma);
        // 3 (X^4 - Z^4) with a = -3, as 3 (X - Z^2) (X + Z^2).
        let alpha = self.x.sub(&delta).mul(&self.x.add(&delta)).times(3).carried();
        let x = alpha.square().sub(&four_beta.times(2)).reduced();
        let y = alpha
            .mul(&four_beta.sub(&x))
            .sub(&gamma.times(2).mul(&four_gamma))
            .reduced();
        Self {
            x,
            y,
            z: self.y.times(2).mul(&self.z),
        }
    }

    fn add_affine(&self, other: &Affine) -> Self {
        if self.is_infinity() {
            return Self {
                x: other.x,
                y: other.y,
                z: Element::ONE,
            };
        }
        let z2 = self.z.square();
        let h = other.x.mul(&z2).sub(&self.x);
        let r = other.y.mul(&z2.mul(&self.z)).sub(&self.y);
        self.add_by(&self.x, &self.y, &h, &r, &self.z)
    }

    /// Adds a multiple, or its negative where the digit is.
    fn add(&self, other: &Multiple, digit: i8) -> Self {
        let other_y = signed(other.point.y, digit);
        if self.is_infinity() {
            return Self {
                y: other_y,
                ..other.point
            };
        }
        let z2 = self.z.square();
        let u = self.x.mul(&other.z2);
        let s = self.y.mul(&other.z3);
        let h = other.point.x.mul(&z2).sub(&u);
        let r = other_y.mul(&z2.mul(&self.z)).sub(&s);
        self.add_by(&u, &s, &h, &r, &self.z.mul(&other.point.z))
    }

    /// The sum, from both points brought to one Z: this point's coordinates `u` and `s` there, the other's differences
    /// `h` and `r` from them, and that `z`.
    fn add_by(&self, u: &Element, s: &Element, h: &Element, r: &Element, z: &Element) -> Self {
        if h.is_zero() {
            // The same point, or its negative.
            return if r.is_zero() { self.double() } else { Self::INFINITY };
        }
        let h2 = h.square();
        let h3 = h.mul(&h2);
        let v = u.mul(&h2);
        let x = r.square().sub(&h3).sub(&v.times(2)).reduced();
        let y = r.mul(&v.sub(&x)).sub(&s.mul(&h3)).reduced();
        Self { x, y, z: z.mul(h) }
    }
}

/// 1, 3, 5, … times the point.
fn odd_multiples(point: &Affine) -> [Multiple; POINT_MULTIPLES] {
    let multiple = |point: Jacobian| {
        let z2 = point.z.square();
        Multiple {
            point,
            z2,
            z3: z2.mul(&point.z),
        }
    };
    let first = Jacobian {
        x: point.x,
        y: point.y,
        z: Element::ONE,
    };
    let twice = multiple(first.double());
    let mut multiples = [multiple(first); POINT_MULTIPLES];
    for i in 1..POINT_MULTIPLES {
        multiples[i] = multiple(multiples[i - 1].point.add(&twice, 1));
    }
    multiples
}
