//! Runs libFuzzer on the target named by FUZZ_TARGET, with libFuzzer's arguments. First it writes the target's seeds to
//! the folder FUZZ_SEEDS.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use touchstone_fuzz::{Target, find, seeds};

static TARGET: LazyLock<&'static Target> =
    LazyLock::new(|| find(&std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET is the name of a target")));

fn write_seeds() {
    let folder = PathBuf::from(std::env::var_os("FUZZ_SEEDS").expect("FUZZ_SEEDS is a folder"));
    for (i, seed) in seeds::of(TARGET.name).iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{i:03}")), seed).expect("a folder to write to");
    }
}

fuzz_target!(init: write_seeds(), |data: &[u8]| (TARGET.run)(data));
