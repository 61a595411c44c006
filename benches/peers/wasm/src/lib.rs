//! One function per algorithm and implementation, all with the same signature, so that calls into wasm cost the same.
//!
//! Each one also decodes the key, like a verifier that loads it from a database at every sign-in, and hashes the
//! message. Invalid keys and malformed signatures return the same as a wrong signature.

extern crate alloc;

mod crates;

use touchstone::limits;

/// Our kernels, mounted as sources, because the crate exports no bare verification. The modules that they use are
/// listed only here.
#[path = "../../../../src"]
#[allow(
    clippy::all,
    dead_code,
    unfulfilled_lint_expectations,
    reason = "mounted sources of which only a part is used; the crate lints them"
)]
mod touchstone {
    pub(crate) mod limits;

    /// The modules of `src/signature.rs` without their entry, whose keys are COSE.
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
