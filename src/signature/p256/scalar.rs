//! Numbers modulo n, the order of P-256's group. The crate `p256` computes them; that is a twentieth of a verification.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "each function states its bounds; the numbers of digits and words are fixed"
)]

use p256::Scalar;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::bigint::{ArrayEncoding, U256};
use p256::elliptic_curve::ops::Reduce;

/// The two factors of a verification, big-endian.
pub(super) struct Scalars {
    pub(super) u1: [u8; 32],
    pub(super) u2: [u8; 32],
}

impl Scalars {
    /// None if r or s is not between 1 and n - 1.
    pub(super) fn new(digest: &[u8; 32], r: &[u8; 32], s: &[u8; 32]) -> Option<Self> {
        let r = non_zero(r)?;
        let w = Option::<Scalar>::from(non_zero(s)?.invert_vartime())?;
        // The digest has as many bits as n, so e is the whole digest modulo n.
        let e = <Scalar as Reduce<p256::FieldBytes>>::reduce(&(*digest).into());
        Some(Self {
            u1: (e * w).to_repr().into(),
            u2: (r * w).to_repr().into(),
        })
    }
}

fn non_zero(bytes: &[u8; 32]) -> Option<Scalar> {
    let scalar = Option::<Scalar>::from(Scalar::from_repr((*bytes).into()))?;
    (scalar != Scalar::ZERO).then_some(scalar)
}

/// The numbers below p that are r modulo n: r itself, and r + n if r is below p - n.
pub(super) fn with_residue(r: &[u8; 32]) -> [Option<[u8; 32]>; 2] {
    const N: U256 = U256::from_be_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const P: U256 = U256::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    let residue = U256::from_be_slice(r).wrapping_add(&N);
    // p - n is far below 2^256, so after an overflow the sum is below n.
    let in_range = residue >= N && residue < P;
    [Some(*r), in_range.then(|| residue.to_be_byte_array().into())]
}

/// 256 bits, with enough zeros above them for every read.
pub(super) struct Bits([u64; 5]);

impl Bits {
    pub(super) fn new(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 5];
        for (word, chunk) in words.iter_mut().zip(bytes.rchunks_exact(8)) {
            *word = chunk.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Self(words)
    }

    /// `len` bits from `start` on. `start` is below 288, `len` below 32.
    pub(super) fn at(&self, start: usize, len: usize) -> u64 {
        let (word, shift) = (start / 64, start % 64);
        let low = self.0[word] >> shift;
        let high = if shift == 0 || word == 4 {
            0
        } else {
            self.0[word + 1] << (64 - shift)
        };
        (low | high) & ((1 << len) - 1)
    }
}

/// How many digits a factor below 2^256 has. The last one is the carry out of its highest bits.
pub(super) const DIGITS: usize = 257;

/// The non-adjacent form of width `WIDTH`, lowest digit first. Digits are zero, or odd and below 2^(`WIDTH` - 1) in
/// magnitude. At most one of `WIDTH` consecutive digits is not zero. `WIDTH` is at most 8.
pub(super) fn non_adjacent_form<const WIDTH: usize>(factor: &[u8; 32]) -> [i8; DIGITS] {
    let bits = Bits::new(factor);
    let mut digits = [0; DIGITS];
    let mut carry = 0;
    let mut i = 0;
    while i < DIGITS {
        if bits.at(i, 1) == carry {
            i += 1;
            continue;
        }
        // Odd together with the carry. A value above half of the window's range becomes negative, with a carry to the
        // next.
        let window = bits.at(i, WIDTH) + carry;
        carry = window >> (WIDTH - 1);
        digits[i] = (window as i16 - ((carry as i16) << WIDTH)) as i8;
        i += WIDTH;
    }
    digits
}
