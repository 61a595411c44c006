//! Both kinds of pairs compute the same and stay within the same bounds.

use alloc::vec::Vec;

use super::super::field::tests::{TIGHT, assert_tight, elements, value};
use super::super::field::{Element, LIMBS};
use super::{elements, vectors};
use crate::signature::random::Random;

type Both = (elements::Pair, vectors::Pair);

fn both(first: Element, second: Element) -> Both {
    (elements::Pair::new(first, second), vectors::Pair::new(first, second))
}

/// Both elements of the vectors. They must equal the elements of the other kind.
fn assert_same((elements, vectors): Both) -> [Element; 2] {
    let pairs = [
        (elements.first(), vectors.first()),
        (elements.swapped().first(), vectors.swapped().first()),
    ];
    pairs.map(|(element, vector)| {
        assert_eq!(value(element.limbs()), value(vector.limbs()), "{element:?} {vector:?}");
        vector
    })
}

/// Pairs of which most limbs are at their bounds.
fn pairs(seed: u64, bound: i64) -> Vec<Both> {
    let mut random = Random::new(seed);
    let cases = Random::cases(2_000, 100_000);
    let firsts = elements(&mut random, bound, cases);
    let seconds = elements(&mut random, bound, cases);
    firsts
        .into_iter()
        .zip(seconds)
        .map(|(first, second)| both(first, second))
        .collect()
}

fn assert_no_negative_limb(element: &Element) {
    assert!(
        element.limbs()[..LIMBS - 1].iter().all(|limb| *limb >= 0),
        "{element:?}"
    );
}

#[test]
fn multiplies_alike_up_to_the_bounds_of_limbs() {
    for (tight, loose) in pairs(11, TIGHT).into_iter().zip(pairs(12, 3 * TIGHT)) {
        let products = [
            (tight.0.mul(&loose.0), tight.1.mul(&loose.1)),
            (loose.0.mul(&tight.0), loose.1.mul(&tight.1)),
            (tight.0.square(), tight.1.square()),
        ];
        for product in products.into_iter().flat_map(assert_same) {
            assert_tight(&product);
            assert_no_negative_limb(&product);
        }
    }
}

#[test]
fn carries_and_reduces_alike() {
    for pair in pairs(13, 3 * TIGHT) {
        let same = [
            (pair.0.carried(), pair.1.carried()),
            (pair.0.reduced(), pair.1.reduced()),
        ];
        for element in same.into_iter().flat_map(assert_same) {
            assert_tight(&element);
        }
    }
}

#[test]
fn adds_and_exchanges_alike() {
    for (a, b) in pairs(14, TIGHT).into_iter().zip(pairs(15, TIGHT)) {
        for same in [
            (a.0.add(&b.0), a.1.add(&b.1)),
            (a.0.sub(&b.0), a.1.sub(&b.1)),
            (a.0.shl::<1>(), a.1.shl::<1>()),
            (a.0.with(&b.0), a.1.with(&b.1)),
            (a.0.first_twice(), a.1.first_twice()),
            (elements::Pair::ZERO, vectors::Pair::ZERO),
        ] {
            assert_same(same);
        }
    }
}

#[test]
fn reduces_to_about_between_zero_and_p() {
    for pair in pairs(16, 3 * TIGHT) {
        for element in assert_same((pair.0.reduced(), pair.1.reduced())) {
            // The highest limb of p is 2^24 - 1, and a carry into it is small.
            assert!(
                (-8..=(1 << 24) + 8).contains(&element.limbs()[LIMBS - 1]),
                "{element:?}"
            );
        }
    }
}
