//! Verifies WebAuthn registrations and assertions: passkeys on a server, in any runtime.
//!
//! The crate parses what a client sent, checks it against what the relying party expects, and returns what to store. It
//! needs only `alloc`: it reads no clock, no random numbers and no globals. Time, policy and trust are arguments. It is
//! safe on untrusted input: no input makes it panic, and time and memory are bounded ([`limits`]).
//!
//! The edition is WebAuthn Level 3 (<https://www.w3.org/TR/webauthn-3/>); a bare section number in this documentation
//! always means that edition. [`registration`] has the steps of 7.1 and [`authentication`] those of 7.2, in the order
//! of the specification, including the steps that are left to the caller. Every refusal is a row of the table in
//! [`error`].
//!
//! ```
//! use touchstone_webauthn::authentication::{self, AuthenticationPolicy, CredentialRecord};
//! use touchstone_webauthn::credential::AuthenticationResponse;
//! use touchstone_webauthn::error::{Error, ErrorCode};
//!
//! # fn sign_in(json: &str, challenge: &str, record: &CredentialRecord) -> Result<u32, Error> {
//! // The caller took the challenge out of its store, once, and found the record by the credential ID.
//! let response = AuthenticationResponse::from_json(json)?;
//! let policy = AuthenticationPolicy::new(challenge, "https://example.org", "example.org");
//! let verified = authentication::verify(&response, record, &policy)?;
//! // Store this with the record, if its counter is still the one that was read.
//! Ok(verified.sign_count)
//! # }
//! # let refused = sign_in("{}", "AAAA", &CredentialRecord::default()).unwrap_err();
//! # assert_eq!(refused.code, ErrorCode::CredentialFieldMissing);
//! ```
//!
//! The feature `wasm` adds the wasm-bindgen interface that the npm package `touchstone-webauthn` is built from. It does
//! not change any verdict.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod attestation;
mod attestation_type;
pub mod authentication;
pub mod authenticator_data;
mod base64url;
mod cbor;
#[cfg(feature = "attestation")]
#[cfg(test)]
#[path = "../tests/common/certificates/mod.rs"]
mod certificates;
pub mod client_data;
mod cose;
pub mod credential;
pub mod error;
mod json;
#[cfg(feature = "attestation")]
mod jws;
pub mod limits;
#[cfg(feature = "attestation")]
pub mod metadata;
mod origin;
pub mod policy;
mod reader;
pub mod registration;
mod signature;
#[cfg(feature = "wasm")]
mod wasm;
#[cfg(feature = "attestation")]
pub mod x509;

pub use ciborium::Value;

/// The examples of the README are tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
