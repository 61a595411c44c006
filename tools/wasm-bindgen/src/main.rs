//! Writes what JavaScript loads: from a compiled wasm, the wasm that is shipped and its glue.

use anyhow::Context;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder, name] = arguments.as_slice() else {
        anyhow::bail!("usage: touchstone-wasm-bindgen INPUT FOLDER NAME")
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(input)
        .out_name(name)
        .web(true)?
        // Without the default path the glue holds no `new URL('….wasm', import.meta.url)`, which bundlers would chase.
        .omit_default_module_path(true)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not process {input}"))
}
