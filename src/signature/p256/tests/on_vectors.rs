//! Runs the formulas of points on vectors with every verification of a test. Natively, nothing else uses them.

use super::super::pair::vectors as pair;
use super::super::{field, generator, scalar};

#[expect(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::duplicate_mod,
    reason = "mounted a second time, only for its sum"
)]
#[path = "../point.rs"]
mod point;

/// Asserts that vectors compute the same sum.
pub(in super::super) fn assert_same_sum(
    u1: &[u8; 32],
    u2: &[u8; 32],
    other: &super::Affine,
    expected: &super::Jacobian,
) {
    let other = point::Affine { x: other.x, y: other.y };
    let sum = point::Jacobian::generator_and_point(u1, u2, &other);
    for (coordinate, expected) in sum.coordinates().iter().zip(expected.coordinates()) {
        assert!(coordinate.sub(&expected).is_zero(), "{u1:?} {u2:?} {other:?}");
    }
}
