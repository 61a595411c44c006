//! What the tests of the crate share: the vector files, an authenticator that makes them, certificates.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part")]

pub mod authenticator;
mod case;
#[cfg(feature = "attestation")]
pub(crate) mod certificates;

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

pub use case::{Case, Outcome, decode, encode};

/// The tests work without this folder. If it is beside the project, its vectors run.
pub fn conformance_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance")
}

pub fn read_json<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn read_cases(path: &Path) -> Vec<Case> {
    case::parse_cases(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
