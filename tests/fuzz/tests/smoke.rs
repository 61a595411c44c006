//! Runs every target on its seeds and on some thousands of mutations.

use std::panic::{AssertUnwindSafe, catch_unwind};

use touchstone_fuzz::mutate::Mutator;
use touchstone_fuzz::{Target, find, seeds};

fn run(target: &Target, input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_err() {
        panic!("{} fails on {}", target.name, input.escape_ascii());
    }
}

fn smoke(name: &str) {
    let target = find(name);
    let seeds = seeds::of(name);
    assert!(seeds.len() > 4, "{name} has too few seeds");
    for seed in &seeds {
        run(target, seed);
    }
    let mut mutator = Mutator::new(&seeds);
    for _ in 0..target.cases {
        run(target, &mutator.next_input());
    }
}

#[test]
fn kernels() {
    smoke("p256");
    smoke("rsa");
}

#[test]
fn parsers_and_ceremonies() {
    for target in touchstone_fuzz::TARGETS {
        if !["p256", "rsa"].contains(&target.name) {
            smoke(target.name);
        }
    }
}
