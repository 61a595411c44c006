//! One function per algorithm and implementation, all of one form, so that they cross into wasm at the same cost.
//!
//! Each decodes the key too, as a verifier has to that gets it from a database with every sign-in, and hashes the
//! message. What is no key and no signature is answered like a wrong signature.

extern crate alloc;

mod crates;

use touchstone::limits;

/// Our kernels, by their sources: the crate exports no bare verification, and a benchmark is no reason to. What they
/// use of the crate is listed here, and only here.
#[path = "../../../../src"]
#[allow(
    clippy::all,
    dead_code,
    unfulfilled_lint_expectations,
    reason = "sources of a crate that uses more of them, and where they are linted"
)]
mod touchstone {
    pub(crate) mod limits;

    /// The modules of `src/signature.rs` without the door around them, whose keys are COSE.
    mod signature {
        mod eddsa;
        mod hash;
        mod p256;
        mod rsa;

        use wasm_bindgen::prelude::wasm_bindgen;

        /// `key` is x and y.
        #[wasm_bindgen]
        pub fn ours_es256(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
            key.split_at_checked(32)
                .and_then(|(x, y)| p256::Key::new(x, y))
                .is_some_and(|key| key.verify(message, signature))
        }

        /// `key` is x.
        #[wasm_bindgen]
        pub fn ours_eddsa(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
            eddsa::Key::new(key).is_some_and(|key| key.verify(message, signature))
        }

        /// `key` is the modulus; the exponent is 65537.
        #[wasm_bindgen]
        pub fn ours_rs256(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
            rsa::Key::rs256(key, &[1, 0, 1]).is_some_and(|key| key.verify(message, signature))
        }
    }
}
