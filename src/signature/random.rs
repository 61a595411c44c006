//! Pseudorandom numbers for property tests: the same in each run, and more in the long mode.

#![expect(clippy::arithmetic_side_effects, reason = "numbers for tests")]

/// `SplitMix64`.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// How many cases to try: the second number if `TOUCHSTONE_LONG` is set, as by `make test-long`.
    pub(super) fn cases(ordinary: usize, long: usize) -> usize {
        if option_env!("TOUCHSTONE_LONG").is_some() {
            long
        } else {
            ordinary
        }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Bytes in which runs of ones and zeros are as frequent as random bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut i = 0;
        while i < N {
            let run = 1 + usize::try_from(self.below(8)).unwrap();
            let kind = self.below(4);
            for byte in bytes.iter_mut().skip(i).take(run) {
                *byte = match kind {
                    0 => 0,
                    1 => 0xff,
                    _ => self.next().to_le_bytes()[0],
                };
            }
            i += run;
        }
        bytes
    }
}
