//! The tests that use the crate as its users do. `cargo test --test suite vectors` runs one module of them.

#![allow(
    clippy::allow_attributes,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::semicolon_if_nothing_returned,
    clippy::type_complexity,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test states what it expects by panicking"
)]

mod codegen;
#[path = "../common/mod.rs"]
mod common;
mod fresh;
mod module_cycles;
mod mutations;
mod policies;
mod spec_steps;
mod vectors;
mod w3c;
