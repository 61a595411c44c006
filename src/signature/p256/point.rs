//! Points of P-256, y^2 = x^3 - 3 x + b, and the sum of a multiple of the generator and a multiple of another point.

use super::field::{Element, of_limbs};
use super::generator::ODD_MULTIPLES;
use super::pair::Pair;
use super::scalar::{DIGITS, non_adjacent_form};

const B: [u8; 32] = [
    0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc, 0x65, 0x1d, 0x06,
    0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
];

/// The width of the digits of the generator's factor. Its 64 odd multiples are in a table.
const GENERATOR_WIDTH: usize = 8;
/// The width of the digits of the other factor. Its 8 odd multiples are computed for each key.
const POINT_WIDTH: usize = 5;
const POINT_MULTIPLES: usize = 1 << (POINT_WIDTH - 2);

/// A point by its coordinates, which are tight. It is never infinity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    pub(super) x: Element,
    pub(super) y: Element,
}

/// The point (X / Z^2, Y / Z^3), or infinity if Z is zero. X and Y are tight and between about 0 and p; Z is tight.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jacobian {
    xy: Pair,
    /// Z. The second element is a leftover of the last formula.
    z: Pair,
}

/// A point that is added several times, with the square and the cube of its Z.
#[derive(Clone, Copy)]
struct Multiple {
    point: Jacobian,
    powers: Pair,
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

    /// An odd multiple of the generator.
    fn generator(digit: i8) -> Self {
        let [x, y] = &ODD_MULTIPLES[usize::from(digit.unsigned_abs() / 2)];
        Self {
            x: Element::from_limbs(of_limbs!(i => i64::from(x[i]))),
            y: Element::from_limbs(of_limbs!(i => i64::from(y[i]))),
        }
    }

    fn pair(&self) -> Pair {
        Pair::new(self.x, self.y)
    }
}

/// The coordinates of a multiple, with the sign of the digit.
fn signed(xy: &Pair, digit: i8) -> Pair {
    if digit < 0 { xy.with(&Pair::ZERO.sub(xy)) } else { *xy }
}

impl Jacobian {
    const INFINITY: Self = Self {
        xy: Pair::ZERO,
        z: Pair::ZERO,
    };

    #[inline(always)]
    pub(super) fn is_infinity(&self) -> bool {
        self.z.first().is_zero()
    }

    #[cfg(test)]
    pub(super) fn coordinates(&self) -> [Element; 3] {
        [self.xy.first(), self.xy.swapped().first(), self.z.first()]
    }

    /// Whether the affine x of this point is this number. The point must not be infinity.
    pub(super) fn has_x(&self, x: &Element) -> bool {
        x.mul(&self.z.first().square()).sub(&self.xy.first()).is_zero()
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
                sum = sum.add_affine(&signed(&Affine::generator(digit).pair(), digit));
            }
        }
        sum
    }

    /// A point from affine coordinates, which may be negative.
    fn from_affine(xy: &Pair) -> Self {
        Self {
            xy: xy.reduced(),
            z: Pair::new(Element::ONE, Element::ONE),
        }
    }

    /// Also works for infinity, whose Z stays zero. No point has y = 0, because the group's order is odd.
    fn double(&self) -> Self {
        let Self { xy, z } = self;
        let xx = xy.first_twice();
        // Z^2 and Y^2, called delta and gamma.
        let powers = z.with(xy).square();
        // m = (X - delta) (X + delta), a third of 3 (X^4 - Z^4) / Z^4 for a = -3; and 2 beta = X (2 gamma).
        let m_beta = xx.sub(&powers).with(&xx).mul(&powers.add(&xx.with(&powers)));
        // alpha = 3 m, and 2 gamma.
        let m_gamma = m_beta.with(&powers);
        let alpha = m_gamma.shl::<1>().add(&m_gamma.with(&Pair::ZERO)).carried();
        let squares = alpha.square();
        // X = alpha^2 - 8 beta. alpha^2 is not negative, so the difference is above -2^31 in each limb.
        let x = squares.sub(&m_beta.swapped().shl::<2>()).reduced();
        // Z = Z (2 Y), and alpha (4 beta - X).
        let z = z
            .with(&alpha.swapped())
            .mul(&xy.swapped().shl::<1>().with(&m_beta.shl::<1>().sub(&x.first_twice())));
        // Y = alpha (4 beta - X) - 8 gamma^2.
        let y = z.sub(&squares.shl::<1>()).reduced();
        Self { xy: x.with(&y), z }
    }

    fn add_affine(&self, other: &Pair) -> Self {
        if self.is_infinity() {
            return Self::from_affine(other);
        }
        self.add_from(&self.xy, &self.z.square(), &self.z, other)
    }

    /// Adds a multiple, or its negative if the digit is negative.
    fn add(&self, other: &Multiple, digit: i8) -> Self {
        let Multiple { point, powers } = other;
        let other = signed(&point.xy, digit);
        if self.is_infinity() {
            return Self {
                xy: other.reduced(),
                z: point.z,
            };
        }
        // Z1^2 and Z1 Z2.
        let zz = self.z.first_twice();
        let z2_zz = zz.mul(&zz.with(&point.z.first_twice()));
        self.add_from(&self.xy.mul(powers), &z2_zz, &z2_zz.swapped(), &other)
    }

    /// The sum, computed from this point's coordinates at the common Z (`us`: u and s), its Z squared (first element of
    /// `z2`), the product of both Z (first element of `zz`), and the other point's coordinates.
    fn add_from(&self, us: &Pair, z2: &Pair, zz: &Pair, other: &Pair) -> Self {
        // The other's x at the common Z, and Z1^3.
        let x_z3 = z2.first_twice().mul(&other.with(&self.z.first_twice()));
        let h = x_z3.sub(us);
        // Z = Z1 Z2 h, and the other's y.
        let z = h.with(&x_z3).mul(&zz.with(other));
        let hr = h.with(&z.sub(us));
        if hr.first().is_zero() {
            // The same point, or its negative.
            return if hr.swapped().first().is_zero() {
                self.double()
            } else {
                Self::INFINITY
            };
        }
        let su = us.swapped();
        let squares = hr.square();
        // h^3 and v = u h^2.
        let h3_v = squares.first_twice().mul(&hr.with(&su));
        // X = r^2 - h^3 - 2 v, here the second element.
        let x = squares.sub(&h3_v.swapped()).sub(&h3_v.shl::<1>()).reduced();
        // s h^3 and r (v - X). Their difference is Y.
        let products = su.with(&hr).mul(&h3_v.with(&h3_v.sub(&x)));
        let y = products.sub(&products.swapped()).reduced();
        Self {
            xy: x.swapped().with(&y),
            z,
        }
    }
}

/// 1, 3, 5, … times the point.
fn odd_multiples(point: &Affine) -> [Multiple; POINT_MULTIPLES] {
    let multiple = |point: Jacobian| {
        let zz = point.z.first_twice();
        let z2 = zz.square();
        Multiple {
            point,
            powers: z2.with(&z2.mul(&zz)),
        }
    };
    let first = Jacobian::from_affine(&point.pair());
    let twice = multiple(first.double());
    let mut multiples = [multiple(first); POINT_MULTIPLES];
    for i in 1..POINT_MULTIPLES {
        multiples[i] = multiple(multiples[i - 1].point.add(&twice, 1));
    }
    multiples
}
