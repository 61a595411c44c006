use alloc::vec::Vec;

use p256::elliptic_curve::bigint::{ArrayEncoding, NonZero, U256, U512};

use super::*;
use crate::signature::random::Random;

const MODULUS: U256 = U256::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

/// The value of the limbs modulo p, computed with the big integers of another crate.
pub(in super::super) fn value(limbs: &Limbs) -> U256 {
    let modulus = NonZero::new(U512::from(&MODULUS)).unwrap();
    let sum = |positive: bool| {
        let mut sum = U512::ZERO;
        for (i, limb) in limbs.iter().enumerate().filter(|(_, limb)| (**limb > 0) == positive) {
            let shift = u32::try_from(BITS * i).unwrap();
            sum = sum.wrapping_add(&U512::from(limb.unsigned_abs()).shl_vartime(shift));
        }
        sum.rem_vartime(&modulus)
    };
    let difference = sum(true).wrapping_add(&U512::from(&MODULUS)).wrapping_sub(&sum(false));
    difference.rem_vartime(&modulus).resize()
}

fn product(a: U256, b: U256) -> U256 {
    let modulus = NonZero::new(U512::from(&MODULUS)).unwrap();
    let wide: U512 = a.concatenating_mul(&b);
    wide.rem_vartime(&modulus).resize()
}

/// 2^-261 modulo p: the factor that a Montgomery product adds.
fn r_inverse() -> U256 {
    let r = value(&power_of_two(261));
    r.invert_odd_mod_vartime(&p256::elliptic_curve::bigint::Odd::new(MODULUS).unwrap())
        .unwrap()
}

/// Elements of which most limbs are at their bounds.
pub(in super::super) fn elements(random: &mut Random, bound: i64, count: usize) -> Vec<Element> {
    let mut limb = |top: bool| {
        let bound = if top { bound >> 5 } else { bound };
        match random.below(6) {
            0 => bound,
            1 => -bound,
            2 => 0,
            3 => random.below(3) as i64 - 1,
            _ => random.below(2 * bound as u64 + 1) as i64 - bound,
        }
    };
    (0..count)
        .map(|_| Element(core::array::from_fn(|i| limb(i == LIMBS - 1))))
        .collect()
}

pub(in super::super) const TIGHT: i64 = (1 << BITS) + (1 << 25);

pub(in super::super) fn assert_tight(element: &Element) {
    assert!(element.0.iter().all(|limb| limb.abs() <= TIGHT), "{element:?}");
}

#[test]
fn constants_are_what_they_say() {
    assert_eq!(value(&P), U256::ZERO);
    assert_eq!(
        value(&Element::R_SQUARED.0),
        product(value(&Element::ONE.0), value(&Element::ONE.0))
    );
    assert_eq!(value(&power_of_two(256)), U256::ZERO.wrapping_sub(&MODULUS));
}

#[test]
fn multiplies_as_big_integers_do_up_to_the_bounds_of_limbs() {
    let mut random = Random::new(1);
    let inverse = r_inverse();
    let cases = Random::cases(2_000, 100_000);
    let (tight, loose) = (
        elements(&mut random, TIGHT, cases),
        elements(&mut random, 3 * TIGHT, cases),
    );
    for (a, b) in tight.iter().zip(&loose) {
        let expected = product(product(value(&a.0), value(&b.0)), inverse);
        assert_eq!(value(&a.mul(b).0), expected, "{a:?} {b:?}");
        assert_eq!(value(&b.mul(a).0), expected, "{b:?} {a:?}");
        assert_tight(&a.mul(b));
        let squared = product(product(value(&a.0), value(&a.0)), inverse);
        assert_eq!(value(&a.square().0), squared, "{a:?}");
        assert_tight(&a.square());
    }
}

#[test]
fn carrying_keeps_the_number() {
    let mut random = Random::new(2);
    for element in elements(&mut random, 4 * TIGHT, Random::cases(2_000, 100_000)) {
        let carried = element.carried();
        assert_eq!(value(&carried.0), value(&element.0), "{element:?}");
        assert_tight(&carried);
    }
}

#[test]
fn knows_every_multiple_of_p_in_its_range() {
    for k in -8..=8 {
        let mut limbs = P.map(|limb| limb * k);
        carry(&mut limbs);
        assert!(Element(limbs).is_zero(), "{k}");
        limbs[0] += 1;
        assert!(!Element(limbs).is_zero(), "{k}");
        limbs[0] -= 2;
        assert!(!Element(limbs).is_zero(), "{k}");
    }
}

#[test]
fn accepts_only_coordinates_below_p() {
    let bytes = |number: U256| -> [u8; 32] { number.to_be_byte_array().into() };
    let parse = |number: U256| Element::parse(&bytes(number));
    assert!(parse(U256::ZERO).is_some());
    assert!(parse(MODULUS.wrapping_sub(&U256::ONE)).is_some());
    assert!(parse(MODULUS).is_none());
    assert!(parse(MODULUS.wrapping_add(&U256::ONE)).is_none());
    assert!(parse(U256::MAX).is_none());
}
