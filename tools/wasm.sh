#!/usr/bin/env bash
# wasm.sh NAME FEATURES [FOLDER]: compiles the crate with just FEATURES and leaves NAME_bg.wasm and its glue NAME.js, as
# wasm-bindgen writes them, in target/wasm/NAME. package.mjs makes the package's files of them. With FOLDER, the crate
# there instead, with the same settings.
set -euo pipefail

name=$1 features=$2 folder=${3:-.}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

settings=$(tools/toolchain.sh env)
eval "$settings"
echo "  compiler  $WASM_TOOLCHAIN"

read -ra flags <<<"$WASM_CARGO_FLAGS"
# Where std is built anyhow: it has a short way to sort, for one, beside the fast one.
if [ ${#flags[@]} -gt 0 ]; then flags+=(-Zbuild-std-features=optimize_for_size); fi
profile=wasm
last=()
case $name in
# Inlined at the level of speed, a file is a tenth larger; what the kernels need inlined, they say. The numbers are the
# lowest at which no verification is slower than before (docs/decisions/what-the-wasm-weighs.md).
core) last=(-Cllvm-args=-inline-threshold=50) ;;
attestation) last=(-Cllvm-args=-inline-threshold=30) ;;
*) profile=release ;;
esac
cargo rustc --quiet --manifest-path "$folder/Cargo.toml" --lib --crate-type cdylib --profile "$profile" \
	--no-default-features --features "$features" --target wasm32-unknown-unknown --target-dir target/wasm \
	${flags[@]+"${flags[@]}"} ${CI:+--locked} -- ${last[@]+"${last[@]}"}

# What js/build/record.mjs puts into the package. The features as a JSON list.
mkdir -p "target/wasm/$name"
printf '{ "compiler": "%s", "standardLibrary": "%s", "wasmBindgen": "%s", "features": ["%s"] }\n' \
	"$("${RUSTC:-rustc}" --version)" "$([ ${#flags[@]} -gt 0 ] && echo "built from source" || echo "as installed")" \
	"$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)" "${features//,/\", \"}" >"target/wasm/$name/build.json"

# Without the default path the glue holds no `new URL('….wasm', import.meta.url)`, which bundlers would chase.
library=$(sed -n '/^name = "\(.*\)"/{s//\1/p;q;}' "$folder/Cargo.toml" | tr - _)
target/tools/debug/touchstone-wasm-bindgen bindgen "target/wasm/wasm32-unknown-unknown/$profile/$library.wasm" \
	--target web --omit-default-module-path --no-typescript --remove-name-section --remove-producers-section \
	--out-dir "target/wasm/$name" --out-name "$name"
