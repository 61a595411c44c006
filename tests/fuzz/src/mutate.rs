//! Mutations of seeds, the same in each run, for machines without a fuzzer.

use crate::random::Random;

pub struct Mutator<'a> {
    random: Random,
    seeds: &'a [Vec<u8>],
}

impl<'a> Mutator<'a> {
    pub fn new(seeds: &'a [Vec<u8>]) -> Self {
        let random = Random::new(13);
        Self { random, seeds }
    }

    /// A seed after one to four mutations.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut bytes = self.seed().clone();
        for _ in 0..=self.below(4) {
            self.mutate(&mut bytes);
        }
        bytes
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        let place = self.below(bytes.len() + 1);
        let end = (place + self.below(12)).min(bytes.len());
        match self.below(8) {
            0 | 1 if place < bytes.len() => bytes[place] ^= 1 << self.below(8),
            2 if place < bytes.len() => bytes[place] = bytes[place].wrapping_add(1),
            3 if place < bytes.len() => bytes[place] = [0, 1, 0x7f, 0x80, 0xff][self.below(5)],
            4 => {
                let byte = self.random.next().to_le_bytes()[0];
                bytes.insert(place, byte);
            }
            5 => drop(bytes.drain(place..end)),
            6 => {
                let copied = bytes[place..end].to_vec();
                let at = self.below(bytes.len() + 1);
                bytes.splice(at..at, copied);
            }
            7 => {
                // Append the end of another seed.
                let other = self.seed();
                let from = place.min(other.len());
                bytes.truncate(place);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => bytes.truncate(place),
        }
    }

    fn seed(&mut self) -> &'a Vec<u8> {
        let seed = self.below(self.seeds.len());
        &self.seeds[seed]
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random.next() as usize % bound
    }
}
