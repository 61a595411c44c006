//! The public operation: a power modulo n, with limbs of 27 bits and Montgomery multiplication.
//!
//! This suits 32-bit machines and wasm: products of limbs are summed in columns of 64 bits, four rows in one pass, and
//! carries between columns are made only at the end. The bound: each product is below 2^54. A column is the sum of at
//! most [`MAX_LIMBS`] products of the factors (in a square, half as many of twice the size), as many products of n in
//! the reduction, and one carry below 2^36: 2 * 152 * 2^54 + 2^36 < 2^63.
//!
//! R is 2^(27 * limbs), at least 4 n. So the reduced product of factors below 2 n is at most (2n * 2n + R n) / R <= 2
//! n, and only the final result must be compared with n.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "the bounds above; a number has as many limbs as the modulus, and twice as many columns"
)]

use alloc::vec;
use alloc::vec::Vec;

use crate::limits;

const BITS: usize = 27;
const MASK: u64 = (1 << BITS) - 1;

/// How many rows of a product are added to the columns in one pass. The number of limbs is a multiple of it.
const ROWS: usize = 4;

const MAX_LIMBS: usize = limbs_for(*limits::RSA_MODULUS_BITS.end() as usize);
const _: () = assert!(2 * MAX_LIMBS as u64 * (MASK + 1) * (MASK + 1) + (1 << 36) < 1 << 63);

/// The number of limbs for 4 n, if n has `bits` bits.
const fn limbs_for(bits: usize) -> usize {
    (bits + 2).div_ceil(BITS).next_multiple_of(ROWS)
}

/// Repeats the body for each of [`ROWS`]. A compiler that optimizes for size would otherwise leave the factors in
/// memory.
macro_rules! each_of_rows {
    ($i:ident => $body:block) => { each_of_rows!($i => $body 0 1 2 3) };
    ($i:ident => $body:block $($row:literal)*) => { $({
        let $i: usize = $row;
        $body
    })* };
}

/// An odd number with `limits::RSA_MODULUS_BITS` bits.
#[derive(Clone, Debug)]
pub(super) struct Modulus {
    limbs: Vec<u32>,
    bits: usize,
    /// -1/n modulo 2^27.
    negated_inverse: u64,
}

impl Modulus {
    /// Big-endian, without leading zeros.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (first, last) = (bytes.first()?, bytes.last()?);
        // Too long a modulus is refused before its bits are read.
        if *first == 0 || last & 1 == 0 || bytes.len() > limits::RSA_MODULUS_BITS.end().div_ceil(8) as usize {
            return None;
        }
        let bits = 8 * bytes.len() - first.leading_zeros() as usize;
        if !limits::RSA_MODULUS_BITS.contains(&(bits as u32)) {
            return None;
        }
        let limbs = limbs(bytes, limbs_for(bits));
        let negated_inverse = negated_inverse(limbs[0]);
        Some(Self {
            limbs,
            bits,
            negated_inverse,
        })
    }

    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// The length of n and of a signature in bytes (k in RFC 8017).
    pub(super) fn byte_len(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// RSAVP1 (RFC 8017 section 5.2.2): the power modulo n, with as many bytes as n. None if the base is not below n.
    /// Both are big-endian. The exponent is odd and at least 3.
    pub(super) fn power(&self, base: &[u8], exponent: u32) -> Option<Vec<u8>> {
        if base.len() > self.byte_len() {
            return None;
        }
        let base = limbs(base, self.limbs.len());
        if !is_less(&base, &self.limbs) {
            return None;
        }
        let base_times_r = self.times_r(&base);
        let mut columns = vec![0; 2 * self.limbs.len()];
        let mut power = base_times_r.clone();
        for bit in (0..exponent.ilog2()).rev() {
            self.square(&mut power, &mut columns);
            // The lowest bit is set. The last product uses the base without R, which removes R from the result.
            if bit == 0 {
                self.multiply(&mut power, &base, &mut columns);
            } else if exponent >> bit & 1 == 1 {
                self.multiply(&mut power, &base_times_r, &mut columns);
            }
        }
        // One of the last factors was below n, so this is below (2n * n + R n) / R < 2 n.
        if !is_less(&power, &self.limbs) {
            subtract(&mut power, &self.limbs);
        }
        Some(bytes(&power, self.byte_len()))
    }

    /// A number below n, times R modulo n; the result is below 2 n. R's limbs are shifted in one by one, and each time
    /// an estimated multiple of n is subtracted.
    ///
    /// Let t be the highest 35 bits of n and r the bits of the number at the same position. The number is below 2 n, so
    /// r < 2 (t + 1) <= 2^36. The multiple q = r 2^27 / (t + 1), rounded down, is never too large, and the remainder is
    /// less than 1 + 3 * 2^27 / t <= 1 + 3 / 2^7 times n.
    fn times_r(&self, number: &[u32]) -> Vec<u32> {
        let place = self.bits - 35;
        let top = |limbs: &[u32]| {
            let above = &limbs[place / BITS..];
            above.iter().rev().fold(0, |sum, limb| sum << BITS | u64::from(*limb)) >> (place % BITS)
        };
        let divisor = top(&self.limbs) + 1;
        let mut number = number.to_vec();
        for _ in 0..self.limbs.len() {
            // Below 2^28, because the number is below 2 n.
            let multiple = ((top(&number) << BITS) / divisor) as i64;
            let (mut below, mut carry) = (0, 0);
            for (limb, n) in number.iter_mut().zip(&self.limbs) {
                let sum = below + carry - multiple * i64::from(*n);
                below = i64::from(*limb);
                *limb = (sum & MASK as i64) as u32;
                carry = sum >> BITS;
            }
        }
        number
    }

    /// `number` := `number`² / R modulo n.
    fn square(&self, number: &mut [u32], columns: &mut [u64]) {
        columns.fill(0);
        let mut rest = &*number;
        let mut start = 0;
        while let Some((limbs, later)) = rest.split_first_chunk::<ROWS>() {
            // The products of these limbs with themselves, and twice those with all later limbs.
            let columns = &mut columns[2 * start..];
            let limbs = limbs.map(u64::from);
            each_of_rows!(i => {
                columns[2 * i] += limbs[i] * limbs[i];
                each_of_rows!(j => { if j > i { columns[i + j] += 2 * limbs[i] * limbs[j]; } });
            });
            add_rows(&mut columns[ROWS..], &limbs.map(|limb| 2 * limb), later);
            rest = later;
            start += ROWS;
        }
        self.reduce(columns, number);
    }

    /// `number` := `number` * `other` / R modulo n.
    fn multiply(&self, number: &mut [u32], other: &[u32], columns: &mut [u64]) {
        columns.fill(0);
        for (i, limbs) in number.as_chunks::<ROWS>().0.iter().enumerate() {
            add_rows(&mut columns[ROWS * i..], &limbs.map(u64::from), other);
        }
        self.reduce(columns, number);
    }

    /// Montgomery's reduction: adds the multiple of n that clears the lower half of the columns, four at a time. The
    /// upper half is then the sum divided by R; its limbs go to `result`.
    fn reduce(&self, columns: &mut [u64], result: &mut [u32]) {
        let n = &self.limbs;
        for start in (0..n.len()).step_by(ROWS) {
            let columns = &mut columns[start..];
            // The factors of the next rows depend on a few of each other's products.
            let mut factors = [0; ROWS];
            let mut carry = 0;
            each_of_rows!(row => {
                let mut sum = columns[row] + carry;
                each_of_rows!(earlier => { if earlier < row { sum += factors[earlier] * u64::from(n[row - earlier]); } });
                factors[row] = ((sum & MASK) * self.negated_inverse) & MASK;
                carry = (sum + factors[row] * u64::from(n[0])) >> BITS;
            });
            // The columns that this clears are not read again, so only those above them are added up.
            columns[ROWS] += carry;
            each_of_rows!(row => {
                each_of_rows!(limb => { if row + limb >= ROWS { columns[row + limb] += factors[row] * u64::from(n[limb]); } });
            });
            add_rows(&mut columns[ROWS..], &factors, &n[ROWS..]);
        }
        let mut carry = 0;
        for (limb, column) in result.iter_mut().zip(&columns[n.len()..]) {
            let sum = column + carry;
            *limb = (sum & MASK) as u32;
            carry = sum >> BITS;
        }
    }
}

/// `columns` += `factors` * `limbs`. A verification spends most of its time here. Each limb and each column is loaded
/// once for four products, and incomplete columns stay in registers.
#[inline(never)]
fn add_rows(columns: &mut [u64], factors: &[u64; ROWS], limbs: &[u32]) {
    let (columns, above) = columns.split_at_mut(limbs.len());
    let factors = *factors;
    // The parts of the next columns from the limbs so far.
    let mut parts = [0; ROWS];
    for (columns, limbs) in columns
        .as_chunks_mut::<ROWS>()
        .0
        .iter_mut()
        .zip(limbs.as_chunks::<ROWS>().0)
    {
        each_of_rows!(k => {
            let limb = u64::from(limbs[k]);
            columns[k] += parts[0] + factors[0] * limb;
            each_of_rows!(row => { if row > 0 { parts[row - 1] = parts[row] + factors[row] * limb; } });
        });
    }
    for (column, part) in above.iter_mut().zip(&parts[..ROWS - 1]) {
        *column += part;
    }
}

/// -1/n modulo 2^27, by Newton's iteration. n is its own inverse modulo 8, and each step doubles the number of bits.
fn negated_inverse(n: u32) -> u64 {
    let mut inverse = n;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(n.wrapping_mul(inverse)));
    }
    u64::from(inverse.wrapping_neg()) & MASK
}

fn is_less(a: &[u32], b: &[u32]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// `a` -= `b`. `b` must not be larger than `a`.
fn subtract(a: &mut [u32], b: &[u32]) {
    let mut carry = 0;
    for (a, b) in a.iter_mut().zip(b) {
        let sum = i64::from(*a) - i64::from(*b) + carry;
        *a = (sum & MASK as i64) as u32;
        carry = sum >> BITS;
    }
}

/// The limbs of big-endian bytes, which must fit `len` limbs.
fn limbs(bytes: &[u8], len: usize) -> Vec<u32> {
    let mut limbs = Vec::with_capacity(len);
    let (mut word, mut bits) = (0, 0);
    for byte in bytes.iter().rev() {
        word |= u64::from(*byte) << bits;
        bits += 8;
        if bits >= BITS {
            limbs.push((word & MASK) as u32);
            word >>= BITS;
            bits -= BITS;
        }
    }
    limbs.push(word as u32);
    limbs.resize(len, 0);
    limbs
}

/// The lowest `len` bytes, big-endian.
fn bytes(limbs: &[u32], len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    let mut limbs = limbs.iter();
    let (mut word, mut bits) = (0, 0);
    for byte in bytes.iter_mut().rev() {
        if bits < 8 {
            word |= limbs.next().map_or(0, |limb| u64::from(*limb)) << bits;
            bits += BITS;
        }
        *byte = (word & 0xff) as u8;
        word >>= 8;
        bits -= 8;
    }
    bytes
}

#[cfg(test)]
mod tests;
