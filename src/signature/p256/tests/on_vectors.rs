//! The formulas of points on vectors, which natively run here alone: with every verification that a test makes.

use super::super::pair::vectors as pair;
use super::super::{field, generator, scalar};

#[expect(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::duplicate_mod,
    reason = "a second time, and there for its sum alone"
)]
#[path = "../point.rs"]
mod point;

/// Computes the same sum, step by step of the same values.
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
