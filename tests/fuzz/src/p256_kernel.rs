//! Compares the P-256 kernel with the library `p256`: both give the same verdict on every key and signature.
//!
//! Any two numbers give a signature that is valid by construction: with R = k G, r its x, and a chosen u2 (or u1), s is
//! r / u2 (or e / u1), and the key is (R - u1 G) / u2. So numbers at their bounds reach the sum of the two points.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{FieldBytes, ProjectivePoint, Scalar, Sec1Point};
use sha2::{Digest, Sha256};

use crate::input::Input;
use crate::kernels;

type Coordinates = ([u8; 32], [u8; 32]);

pub(crate) fn run(data: &[u8]) {
    let mut input = Input(data);
    match input.choice(4) {
        0 => raw(&mut input),
        1 => raw_der(&mut input),
        mode => constructed(&mut input, mode == 2),
    }
}

/// Coordinates, r and s taken directly from the input.
fn raw(input: &mut Input<'_>) {
    let key = (input.array(), input.array());
    if let Ok(signature) = Signature::from_scalars(input.array::<32>(), input.array::<32>()) {
        compare(&key, input.0, signature.to_der().as_bytes());
    }
}

/// The generator as the key, and any bytes as the signature.
fn raw_der(input: &mut Input<'_>) {
    let key = coordinates(ProjectivePoint::GENERATOR).expect("the generator is not infinity");
    let message: [u8; 4] = input.array();
    compare(&key, &message, input.0);
}

fn constructed(input: &mut Input<'_>, by_u1: bool) {
    let (k, u) = (scalar(input.array()), scalar(input.array()));
    let bends: [u8; 3] = input.array();
    let message = input.0;
    let e = scalar(Sha256::digest(message).into());
    let sum = ProjectivePoint::GENERATOR * k;
    let Some((x, _)) = coordinates(sum) else { return };
    let r = scalar(x);
    let Some((u1, u2, s)) = factors(r, e, u, by_u1) else {
        return;
    };
    let Some(u2_inverse) = Option::<Scalar>::from(u2.invert()) else {
        return;
    };
    let Some(mut key) = coordinates((sum - ProjectivePoint::GENERATOR * u1) * u2_inverse) else {
        return;
    };
    let [mut r, mut s] = [r, s].map(|scalar| <[u8; 32]>::from(scalar.to_repr()));

    // Change one bit of the four numbers, or none.
    let [bend, place, bit] = bends;
    let number = match bend % 8 {
        0 => Some(&mut r),
        1 => Some(&mut s),
        2 => Some(&mut key.0),
        3 => Some(&mut key.1),
        _ => None,
    };
    let good = number.is_none();
    if let Some(number) = number {
        number[usize::from(place % 32)] ^= 1 << (bit % 8);
    }
    if let Ok(signature) = Signature::from_scalars(r, s) {
        let valid = compare(&key, message, signature.to_der().as_bytes());
        assert!(valid == Some(true) || !good, "refused what is good by construction");
    }
}

/// u1, u2 and s. One of the first two is `u`.
fn factors(r: Scalar, e: Scalar, u: Scalar, by_u1: bool) -> Option<(Scalar, Scalar, Scalar)> {
    let inverse = Option::<Scalar>::from(u.invert())?;
    let s = if by_u1 { e } else { r } * inverse;
    let w = Option::<Scalar>::from(s.invert())?;
    Some((e * w, r * w, s))
}

/// The verdict of both, which must be the same. None if the key is invalid.
fn compare((x, y): &Coordinates, message: &[u8], signature: &[u8]) -> Option<bool> {
    let ours = kernels::es256(x, y, message, signature);
    let point = Sec1Point::from_affine_coordinates(&(*x).into(), &(*y).into(), false);
    let oracle = VerifyingKey::from_sec1_point(&point)
        .ok()
        .map(|key| Signature::from_der(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok()));
    assert_eq!(ours, oracle);
    ours
}

fn coordinates(point: ProjectivePoint) -> Option<Coordinates> {
    let point = point.to_affine().to_sec1_point(false);
    Some(((*point.x()?).into(), (*point.y()?).into()))
}

fn scalar(bytes: [u8; 32]) -> Scalar {
    <Scalar as Reduce<FieldBytes>>::reduce(&bytes.into())
}

/// Each mode, with numbers at their bounds.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut one = [0; 32];
    one[31] = 1;
    let numbers = [
        one,
        [0xff; 32],
        [0x55; 32],
        *b"numbers of thirty-two bytes are.",
        [0x80; 32],
    ];
    let mut seeds = vec![
        [&[0][..], &[1; 128], b"message"].concat(),
        [&[1][..], &[0; 4], &[0x30, 6, 2, 1, 1, 2, 1, 1]].concat(),
    ];
    for mode in [2, 3] {
        for k in numbers {
            for u in numbers {
                seeds.push([&[mode][..], &k, &u, &[7, 0, 0], b"message"].concat());
            }
        }
    }
    seeds
}
