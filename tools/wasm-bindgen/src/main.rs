//! wasm-bindgen's command line and its test runner as one program.
//!
//! `cargo install` would install them in the user's home, at the version that was installed last. This crate builds
//! them under `target/`, at the version in its lock file.

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
        _ => anyhow::bail!("usage: touchstone-wasm-bindgen bindgen|test-runner [arguments]"),
    }
}
