use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{SigningKey, VerifyingKey};
use p256::elliptic_curve::group::Group;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::{PrimeField, sec1::ToSec1Point};
use p256::{ProjectivePoint, Scalar};

use super::*;
use crate::signature::random::Random;

pub(super) mod on_vectors;

fn coordinates(point: &ProjectivePoint) -> [[u8; 32]; 2] {
    let point = point.to_affine().to_sec1_point(false);
    [(*point.x().unwrap()).into(), (*point.y().unwrap()).into()]
}

fn key(point: &ProjectivePoint) -> Key {
    let [x, y] = coordinates(point);
    Key::new(&x, &y).unwrap()
}

/// A number modulo n from any bytes.
fn scalar(bytes: [u8; 32]) -> Scalar {
    <Scalar as Reduce<p256::FieldBytes>>::reduce(&bytes.into())
}

fn bytes(scalar: &Scalar) -> [u8; 32] {
    scalar.to_repr().into()
}

fn number(value: u64) -> [u8; 32] {
    bytes(&Scalar::from(value))
}

/// The verdict of the library.
fn oracle(point: &ProjectivePoint, digest: &[u8; 32], r: &[u8; 32], s: &[u8; 32]) -> bool {
    let key = VerifyingKey::from_affine(point.to_affine()).unwrap();
    Signature::from_scalars(*r, *s).is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
}

#[test]
fn agrees_with_the_library_on_signatures_and_near_misses() {
    let mut random = Random::new(3);
    for case in 0..Random::cases(2_000, 100_000) {
        let Ok(private) = SigningKey::from_slice(&bytes(&scalar(random.bytes()))) else {
            continue;
        };
        let point = ProjectivePoint::from(*private.verifying_key().as_affine());
        let digest: [u8; 32] = random.bytes();
        let signature: Signature = private.sign_prehash(&digest).unwrap();
        let (r, s) = signature.split_bytes();
        let (r, s): ([u8; 32], [u8; 32]) = (r.into(), s.into());
        let key = key(&point);
        assert!(key.verify_digest(&digest, &r, &s), "case {case}");

        let mut other = [digest, r, s];
        other[case % 3][usize::try_from(random.below(32)).unwrap()] ^= 1 << random.below(8);
        let [digest, r, s] = other;
        assert_eq!(
            key.verify_digest(&digest, &r, &s),
            oracle(&point, &digest, &r, &s),
            "case {case}"
        );
    }
}

#[test]
fn agrees_with_the_library_on_numbers_at_their_bounds() {
    let mut random = Random::new(4);
    let generator = ProjectivePoint::GENERATOR;
    for _ in 0..Random::cases(2_000, 20_000) {
        let (factor, u1, u2) = (scalar(random.bytes()), scalar(random.bytes()), scalar(random.bytes()));
        let (Some(_), Some(u2_inverse)) = (non_zero(factor), non_zero(u2).map(|u2| u2.invert_vartime().unwrap()))
        else {
            continue;
        };
        // Any two factors belong to a signature: r is the sum's x, s = r / u2, e = u1 s.
        let point = generator * factor;
        let sum = generator * u1 + point * u2;
        if bool::from(sum.is_identity()) {
            continue;
        }
        let r = scalar(coordinates(&sum)[0]);
        let s = r * u2_inverse;
        let (digest, r, s) = (bytes(&(u1 * s)), bytes(&r), bytes(&s));
        let valid = key(&point).verify_digest(&digest, &r, &s);
        assert_eq!(valid, oracle(&point, &digest, &r, &s));
        assert!(valid || r == [0; 32]);
    }
}

fn non_zero(scalar: Scalar) -> Option<Scalar> {
    (scalar != Scalar::ZERO).then_some(scalar)
}

#[test]
fn refuses_r_and_s_outside_their_range() {
    const N: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
        0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let key = key(&ProjectivePoint::GENERATOR);
    for bad in [[0; 32], N, [0xff; 32]] {
        assert!(!key.verify_digest(&[1; 32], &bad, &number(1)));
        assert!(!key.verify_digest(&[1; 32], &number(1), &bad));
    }
}

#[test]
fn refuses_a_sum_that_is_infinity() {
    // Q = d G and e = -r d give u1 G + u2 Q = (e + r d) / s G, which is infinity.
    let (d, r, s) = (Scalar::from(7u64), Scalar::from(11u64), Scalar::from(13u64));
    let key = key(&(ProjectivePoint::GENERATOR * d));
    assert!(!key.verify_digest(&bytes(&-(r * d)), &bytes(&r), &bytes(&s)));
}

#[test]
fn doubles_inside_an_addition() {
    // Q = G and u1 = u2: the sum's two halves are the same point when they meet.
    let generator = ProjectivePoint::GENERATOR;
    for factor in [1, 2, 3, 5, 127, 129, 0xffff_ffff] {
        let u = number(factor);
        let affine = Affine { ..key(&generator).0 };
        let sum = Jacobian::generator_and_point(&u, &u, &affine);
        let expected = coordinates(&(generator * Scalar::from(2 * factor)));
        assert!(sum.has_x(&Element::from_bytes(&expected[0])), "{factor}");
    }
}

#[test]
fn cancels_inside_an_addition_and_goes_on() {
    // Q = -G: the upper digits cancel each other to infinity, and the lower ones start again from there.
    let generator = ProjectivePoint::GENERATOR;
    let negative = key(&-generator).0;
    for (u1, u2) in [(1 << 20, (1 << 20) - 1), (0x1_0001, 0x1_0000), (9, 8)] {
        let sum = Jacobian::generator_and_point(&number(u1), &number(u2), &negative);
        let expected = coordinates(&(generator * Scalar::from(u1 - u2)));
        assert!(sum.has_x(&Element::from_bytes(&expected[0])), "{u1} {u2}");
    }
}

#[test]
fn accepts_a_digest_of_zero() {
    // u1 = 0, so only the other point counts.
    let private = SigningKey::from_slice(&[9; 32]).unwrap();
    let signature: Signature = private.sign_prehash(&[0; 32]).unwrap();
    let (r, s) = signature.split_bytes();
    let key = key(&ProjectivePoint::from(*private.verifying_key().as_affine()));
    assert!(key.verify_digest(&[0; 32], &r.into(), &s.into()));
    assert!(!key.verify_digest(&number(1), &r.into(), &s.into()));
}

#[test]
fn accepts_an_x_that_is_not_below_n() {
    // Points whose x is between n and p are too rare to occur by chance, so one is made: x = n + k for the first k that
    // has a y.
    let n_plus = |k: u64| {
        let minus_one = p256::elliptic_curve::bigint::U256::from_be_slice(&bytes(&-Scalar::ONE));
        let x = minus_one.wrapping_add(&p256::elliptic_curve::bigint::U256::from(k + 1));
        <[u8; 32]>::from(p256::elliptic_curve::bigint::ArrayEncoding::to_be_byte_array(&x))
    };
    let (k, sum) = (1u64..)
        .find_map(|k| {
            let compressed = [&[2][..], &n_plus(k)].concat();
            let point = p256::PublicKey::from_sec1_bytes(&compressed).ok()?;
            Some((k, ProjectivePoint::from(*point.as_affine())))
        })
        .unwrap();
    let (u1, u2) = (Scalar::from(3u64), Scalar::from(5u64));
    let point = (sum - ProjectivePoint::GENERATOR * u1) * u2.invert_vartime().unwrap();
    let r = Scalar::from(k);
    let s = r * u2.invert_vartime().unwrap();
    let key = key(&point);
    assert!(key.verify_digest(&bytes(&(u1 * s)), &bytes(&r), &bytes(&s)));
    assert!(oracle(&point, &bytes(&(u1 * s)), &bytes(&r), &bytes(&s)));
}

#[test]
fn adds_n_to_r_only_where_the_sum_is_below_p() {
    let all_ones_above_n = <[u8; 32]>::try_from([&[0; 16][..], &[0xff; 16]].concat()).unwrap();
    assert!(scalar::with_residue(&number(1))[1].is_some());
    // p - n is 0x4319055358e8617b0c46353d039cdaae, 127 bits.
    assert!(scalar::with_residue(&all_ones_above_n)[1].is_none());
    let p_minus_n = 0x4319_0553_58e8_617b_0c46_353d_039c_daae_u128;
    let wide = |value: u128| <[u8; 32]>::try_from([&[0; 16][..], &value.to_be_bytes()].concat()).unwrap();
    assert!(scalar::with_residue(&wide(p_minus_n - 1))[1].is_some());
    assert!(scalar::with_residue(&wide(p_minus_n))[1].is_none());
    assert!(scalar::with_residue(&[0xff; 32])[1].is_none());
}

#[test]
fn non_adjacent_forms_add_up_to_the_number() {
    let mut random = Random::new(5);
    for _ in 0..Random::cases(2_000, 20_000) {
        let factor: [u8; 32] = random.bytes();
        for digits in [
            scalar::non_adjacent_form::<5>(&factor),
            scalar::non_adjacent_form::<8>(&factor),
        ] {
            let mut sum = Scalar::ZERO;
            for digit in digits.iter().rev() {
                assert!(*digit == 0 || digit % 2 != 0);
                let magnitude = Scalar::from(u64::from(digit.unsigned_abs()));
                sum = sum + sum + if *digit < 0 { -magnitude } else { magnitude };
            }
            assert_eq!(sum, scalar(factor));
        }
        assert!(
            scalar::non_adjacent_form::<5>(&factor)
                .iter()
                .all(|digit| digit.abs() < 16)
        );
    }
}

#[test]
fn refuses_keys_that_are_not_points_of_the_curve() {
    let [x, y] = coordinates(&ProjectivePoint::GENERATOR);
    assert!(Key::new(&x, &y).is_some());
    assert!(Key::new(&y, &x).is_none());
    assert!(Key::new(&x, &x).is_none());
    assert!(Key::new(&[0; 32], &[0; 32]).is_none());
    for i in 0..32 {
        let mut bent = y;
        bent[i] ^= 0x10;
        assert!(Key::new(&x, &bent).is_none(), "{i}");
    }
}

/// `src/signature/p256/generator.rs`, computed by the library. `make gen` writes it, a plain run compares.
#[test]
fn the_generators_table_is_fresh() {
    let generator = ProjectivePoint::GENERATOR;
    let twice = generator.double();
    let mut text = String::from(
        "//! 1, 3, 5, … 127 times the generator: the limbs of x and y in Montgomery form. Generated by `make gen`.\n\n\
         #[rustfmt::skip]\n\
         pub(super) static ODD_MULTIPLES: [[[i32; 9]; 2]; 64] = [\n",
    );
    let mut point = generator;
    for _ in 0..64 {
        let limbs = coordinates(&point).map(|coordinate| Element::from_bytes(&coordinate).canonical_limbs());
        let [x, y] = limbs.map(|limbs| {
            format!("{limbs:#x?}")
                .replace(['\n', ' '], "")
                .replace(",]", "]")
                .replace(',', ", ")
        });
        writeln!(text, "    [\n        {x},\n        {y},\n    ],").unwrap();
        point += twice;
    }
    text.push_str("];\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/signature/p256/generator.rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == text,
        "{path} is out of date: run `make gen`"
    );
}
