use rsa::hazmat::rsa_encrypt;
use rsa::{BoxedUint, RsaPublicKey};

use super::*;
use crate::signature::random::Random;

/// The power that the library computes.
fn oracle(n: &[u8], base: &[u8], exponent: u32) -> Vec<u8> {
    let key = RsaPublicKey::new(BoxedUint::from_be_slice_vartime(n), BoxedUint::from(exponent)).unwrap();
    let base = BoxedUint::from_be_slice(base, 8 * u32::try_from(n.len()).unwrap()).unwrap();
    let power = rsa_encrypt(&key, &base).unwrap().to_be_bytes();
    power[power.len() - n.len()..].to_vec()
}

/// As many bytes as `bits` need. Half of the limbs are at their bounds, or there are runs of equal bytes.
fn number(random: &mut Random, bits: usize) -> Vec<u8> {
    let len = bits.div_ceil(8);
    let mut number = if random.below(2) == 0 {
        random.bytes::<512>()[..len].to_vec()
    } else {
        let limbs: Vec<u32> = (0..MAX_LIMBS)
            .map(|_| match random.below(6) {
                0 => 0,
                1 => 1,
                2 => MASK as u32 - 1,
                3 => MASK as u32,
                _ => (random.next() & MASK) as u32,
            })
            .collect();
        bytes(&limbs, len)
    };
    number[0] &= 0xff >> (8 * len - bits);
    number
}

fn modulus(random: &mut Random) -> Vec<u8> {
    let bits = match random.below(4) {
        0 => 2048,
        1 => [3072, 4096][usize::try_from(random.below(2)).unwrap()],
        _ => 2048 + usize::try_from(random.below(2049)).unwrap(),
    };
    let mut n = number(random, bits);
    n[0] |= 1 << ((bits - 1) % 8);
    *n.last_mut().unwrap() |= 1;
    n
}

/// `n` - 1 for an odd n.
fn minus_one(n: &[u8]) -> Vec<u8> {
    let mut less = n.to_vec();
    *less.last_mut().unwrap() -= 1;
    less
}

fn small(value: u8, len: usize) -> Vec<u8> {
    let mut number = vec![0; len];
    number[len - 1] = value;
    number
}

#[test]
fn agrees_with_the_library_on_numbers_at_their_bounds() {
    let mut random = Random::new(6);
    for case in 0..Random::cases(2_000, 100_000) {
        let n = modulus(&mut random);
        let modulus = Modulus::parse(&n).unwrap();
        let base = number(&mut random, modulus.bits());
        let exponent = match random.below(8) {
            0 => 3,
            1 => u32::MAX,
            2 => 3 | (random.next() & 0xffff_ffff) as u32,
            _ => 65_537,
        };
        let expected = (base < n).then(|| oracle(&n, &base, exponent));
        assert_eq!(modulus.power(&base, exponent), expected, "case {case}");
    }
}

#[test]
fn numbers_that_are_their_own_power() {
    let mut random = Random::new(7);
    for _ in 0..Random::cases(20, 2_000) {
        let n = modulus(&mut random);
        let modulus = Modulus::parse(&n).unwrap();
        for base in [small(0, n.len()), small(1, n.len()), minus_one(&n)] {
            for exponent in [3, 65_537, u32::MAX] {
                assert_eq!(modulus.power(&base, exponent).as_ref(), Some(&base));
            }
        }
    }
}

#[test]
fn sums_stay_in_range_for_the_largest_limbs() {
    // A column that overflows panics here. If the modulus is all ones, so are all its limbs and those of n - 1.
    for bits in [2048_usize, 2049, 2050, 2051, 3072, 4095, 4096] {
        let mut n = vec![0xff; bits.div_ceil(8)];
        n[0] >>= 8 * n.len() - bits;
        let modulus = Modulus::parse(&n).unwrap();
        for exponent in [3, 65_537, u32::MAX] {
            assert_eq!(modulus.power(&minus_one(&n), exponent), Some(minus_one(&n)), "{bits}");
        }
        // The largest possible factor: the limbs above the modulus' bits are ones too.
        let mut columns = vec![0; 2 * modulus.limbs.len()];
        let mut number = vec![MASK as u32; modulus.limbs.len()];
        modulus.square(&mut number, &mut columns);
        let mut number = vec![MASK as u32; modulus.limbs.len()];
        let other = number.clone();
        modulus.multiply(&mut number, &other, &mut columns);
    }
}

#[test]
fn the_base_is_below_n() {
    let n = [&[0x80][..], &[0; 254], &[1]].concat();
    let modulus = Modulus::parse(&n).unwrap();
    assert!(modulus.power(&minus_one(&n), 3).is_some());
    assert!(modulus.power(&n, 3).is_none());
    assert!(modulus.power(&[0xff; 256], 3).is_none());
    assert!(modulus.power(&[&[0][..], &minus_one(&n)].concat(), 3).is_none());
}

#[test]
fn times_r_is_below_twice_n_and_the_same_number() {
    let mut random = Random::new(8);
    for _ in 0..Random::cases(2_000, 20_000) {
        let modulus = Modulus::parse(&modulus(&mut random)).unwrap();
        let base = limbs(&number(&mut random, modulus.bits()), modulus.limbs.len());
        if !is_less(&base, &modulus.limbs) {
            continue;
        }
        let mut number = modulus.times_r(&base);
        let mut one = vec![0; modulus.limbs.len()];
        one[0] = 1;
        modulus.multiply(&mut number, &one, &mut vec![0; 2 * modulus.limbs.len()]);
        // 2 n - 1 leaves at most n.
        assert_eq!(number, base);
    }
}

#[test]
fn bytes_convert_back_to_the_same_limbs() {
    let mut random = Random::new(9);
    for len in [256, 257, 384, 511, 512] {
        let number = number(&mut random, 8 * len);
        assert_eq!(bytes(&limbs(&number, limbs_for(8 * len)), len), number);
    }
}

#[test]
fn the_inverse_is_one_for_each_odd_limb() {
    let mut random = Random::new(10);
    for _ in 0..1000 {
        let n = (random.next() & MASK) as u32 | 1;
        assert_eq!((u64::from(n) * negated_inverse(n)) & MASK, MASK);
    }
}

#[test]
fn a_modulus_is_odd_and_of_2048_to_4096_bits() {
    let with = |first: u8, len: usize, last: u8| {
        let mut n = vec![0x55; len];
        n[0] = first;
        n[len - 1] = last;
        Modulus::parse(&n).map(|modulus| (modulus.bits(), modulus.byte_len()))
    };
    assert_eq!(with(0x80, 256, 1), Some((2048, 256)));
    assert_eq!(with(1, 257, 1), Some((2049, 257)));
    assert_eq!(with(0xff, 512, 0xff), Some((4096, 512)));
    assert_eq!(with(0x7f, 256, 1), None);
    assert_eq!(with(1, 513, 1), None);
    assert_eq!(with(0, 257, 1), None);
    assert_eq!(with(0x80, 256, 2), None);
    assert!(Modulus::parse(&[]).is_none());
}
