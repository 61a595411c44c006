//! wasm-bindgen's whole command line and its test runner as one program. Only `make test-wasm` needs it.
//!
//! `cargo install` would put them into the user's home at whatever version was asked for last; this builds them under
//! `target/`, at the version that this crate's lock file pins.

fn main() -> anyhow::Result<()> {
    let mut arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let tool = if arguments.len() > 1 {
        arguments.remove(1)
    } else {
        Default::default()
    };
    match tool.to_str() {
        Some("bindgen") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(arguments),
        Some("test-runner") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments),
        _ => anyhow::bail!("usage: touchstone-wasm-bindgen-cli bindgen|test-runner [arguments]"),
    }
}
