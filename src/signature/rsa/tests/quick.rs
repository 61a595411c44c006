//! Keys that sign at the cost of a verification, because their primes have 32 bits. Signing with a real private key
//! takes a hundred times as long and dominated these tests. A verifier cannot tell the two apart.

use super::*;

/// A modulus of many small primes.
pub(super) struct Quick {
    pub(super) n: Vec<u8>,
    pub(super) bits: usize,
    pub(super) exponent: u32,
    primes: Vec<Prime>,
}

struct Prime {
    p: u64,
    /// 1 / e modulo p - 1.
    private: u64,
    /// 1 / the product of the primes before it, modulo p.
    inverse: u64,
}

impl Quick {
    /// A key with exactly this many bits, often with a modulus next to a power of two.
    pub(super) fn new(random: &mut Random, bits: usize, exponent: u32) -> Self {
        let mut primes = Vec::new();
        let mut product = vec![1];
        let mut push = |product: &mut Vec<u32>, mut candidates: &mut dyn Iterator<Item = u64>| {
            let prime = Iterator::find_map(&mut candidates, |p| Prime::new(p, exponent, &primes)).unwrap();
            multiply_add(product, prime.p, 0);
            primes.push(prime);
        };
        while bit_len(&product) + 56 <= bits {
            push(
                &mut product,
                &mut core::iter::repeat_with(|| random.next() >> 32 | 1 << 31),
            );
        }
        // 24 to 55 bits are left for the last prime or the last two.
        if let of @ 32.. = bits - bit_len(&product) {
            let top = 1 << (of - 25);
            push(&mut product, &mut core::iter::repeat_with(|| top | random.below(top)));
        }
        let (lowest, highest) = last_factor(&product, bits);
        match random.below(3) {
            0 => push(&mut product, &mut (lowest..=highest)),
            1 => push(&mut product, &mut (lowest..=highest).rev()),
            _ => push(
                &mut product,
                &mut core::iter::repeat_with(|| lowest + random.below(highest - lowest)),
            ),
        }
        assert_eq!(bit_len(&product), bits);
        let n = to_bytes(&product, bits.div_ceil(8));
        Self {
            n,
            bits,
            exponent,
            primes,
        }
    }

    /// The signature with this encoded message, modulo n: a power for each prime, combined by Garner's method.
    pub(super) fn sign_encoded(&self, encoded: &[u8]) -> Vec<u8> {
        let word = |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        let words: Vec<u64> = encoded.rchunks(4).rev().map(word).collect();
        let mut digits: Vec<u64> = Vec::new();
        for Prime { p, private, inverse } in &self.primes {
            let residue = words.iter().fold(0, |sum, word| (sum << 32 | word) % p);
            let known = digits.iter().zip(&self.primes).rev();
            let known = known.fold(0, |sum, (digit, prime)| (sum * prime.p + digit) % p);
            let missing = (power(residue, *private, *p) + p - known) % p;
            digits.push(missing * inverse % p);
        }
        let mut number = vec![0];
        for (digit, prime) in digits.iter().zip(&self.primes).rev() {
            multiply_add(&mut number, prime.p, *digit);
        }
        to_bytes(&number, self.n.len())
    }
}

impl Prime {
    /// None if it is not a prime, or a duplicate, or if the exponent has no inverse for it.
    fn new(p: u64, exponent: u32, others: &[Self]) -> Option<Self> {
        if !is_prime(p) || others.iter().any(|other| other.p == p) {
            return None;
        }
        let product = others.iter().fold(1, |product, other| product * other.p % p);
        Some(Self {
            p,
            private: inverse(u64::from(exponent), p - 1)?,
            inverse: power(product, p - 2, p),
        })
    }
}

/// The range in which a number's product with `product` has `bits` bits.
fn last_factor(product: &[u32], bits: usize) -> (u64, u64) {
    let len = bit_len(product);
    let top = to_bytes(product, len.div_ceil(8));
    let top = top.iter().take(9).fold(0, |top, byte| top << 8 | u128::from(*byte));
    let top = top >> (8 - (8 - len % 8) % 8);
    let quotient = |shift: usize, by: u128| u64::try_from((1_u128 << (bits - len + shift)) / by).unwrap();
    (quotient(63, top) + 1, quotient(64, top + 1))
}

/// The Miller-Rabin test. These bases suffice below 2^32 (Jaeschke, 1993).
fn is_prime(p: u64) -> bool {
    let odd = (p - 1) >> (p - 1).trailing_zeros();
    p % 2 == 1
        && [2, 7, 61].into_iter().all(|base| {
            let mut x = power(base, odd, p);
            let mut exponent = odd;
            while x != 1 && x != p - 1 && exponent != p - 1 {
                x = x * x % p;
                exponent *= 2;
            }
            x == p - 1 && exponent != p - 1 || x == 1 && exponent == odd
        })
}

/// The power of numbers below 2^32.
fn power(base: u64, exponent: u64, modulus: u64) -> u64 {
    let (mut power, mut square, mut exponent) = (1, base % modulus, exponent);
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power * square % modulus;
        }
        square = square * square % modulus;
        exponent /= 2;
    }
    power
}

/// Euclid's algorithm. None if the two have a common factor.
fn inverse(number: u64, modulus: u64) -> Option<u64> {
    let modulus = i128::from(modulus);
    let (mut a, mut b, mut x, mut y) = (i128::from(number) % modulus, modulus, 1, 0);
    while a > 1 {
        (a, b, x, y) = (b % a, a, y - b / a * x, x);
    }
    (a == 1).then(|| u64::try_from(x.rem_euclid(modulus)).unwrap())
}

/// `number` := `number` * `factor` + `digit`, in limbs of 32 bits from the lowest; both are below 2^32.
fn multiply_add(number: &mut Vec<u32>, factor: u64, digit: u64) {
    let mut carry = digit;
    for limb in number.iter_mut() {
        let sum = u64::from(*limb) * factor + carry;
        *limb = u32::try_from(sum & 0xffff_ffff).unwrap();
        carry = sum >> 32;
    }
    if carry > 0 {
        number.push(u32::try_from(carry).unwrap());
    }
}

fn bit_len(number: &[u32]) -> usize {
    let unused = number.last().unwrap().leading_zeros();
    32 * number.len() - usize::try_from(unused).unwrap()
}

/// The lowest `len` bytes, big-endian.
fn to_bytes(number: &[u32], len: usize) -> Vec<u8> {
    let bytes = number.iter().flat_map(|limb| limb.to_le_bytes());
    let mut bytes: Vec<u8> = bytes.chain(core::iter::repeat(0)).take(len).collect();
    bytes.reverse();
    bytes
}

/// As many bytes as `bits` need. Half of the kernel's limbs of 27 bits are at their bounds.
pub(super) fn at_bounds(random: &mut Random, bits: usize) -> Vec<u8> {
    const LIMB: u64 = 1 << 27;
    let mut number = vec![0];
    for _ in 0..bits.div_ceil(27) {
        let limb = [0, 1, LIMB - 2, LIMB - 1, random.below(LIMB), random.below(LIMB)];
        multiply_add(&mut number, LIMB, limb[pick(random, 6)]);
    }
    let mut bytes = to_bytes(&number, bits.div_ceil(8));
    bytes[0] &= 0xff >> (8 * bytes.len() - bits);
    bytes
}
