#!/usr/bin/env bash
# wasm.sh NAME FEATURES [FOLDER]: compiles the crate with just FEATURES and leaves NAME_bg.wasm and its glue NAME.js, as
# wasm-bindgen writes them, in target/wasm/NAME. package.mjs makes the package's files of them. With FOLDER, the crate
# there instead, with the same settings and profile.
set -euo pipefail

name=$1 features=$2 folder=${3:-.}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The two halves of wasm-bindgen exchange a format that changes with every release, and say so only after the build.
locked_version() { grep -A 1 "^name = \"$2\"\$" "$1" | sed -n 's/^version = "\(.*\)"/\1/p'; }
crate=$(locked_version "$folder/Cargo.lock" wasm-bindgen)
tool=$(locked_version js/build/wasm-bindgen/Cargo.lock wasm-bindgen-cli)
if [ "$crate" != "$tool" ]; then
	echo "wasm-bindgen is $crate in $folder/Cargo.lock, but $tool in js/build/wasm-bindgen/Cargo.lock. Make them equal." >&2
	exit 1
fi

settings=$(js/build/toolchain.sh env)
eval "$settings"
echo "  compiler  $WASM_TOOLCHAIN"

read -ra flags <<<"$WASM_CARGO_FLAGS"
if [ "$folder" != . ]; then
	mkdir -p target/wasm
	sed -n '/^\[profile\.release/,/^$/p' Cargo.toml >target/wasm/profile.toml
	flags+=(--config target/wasm/profile.toml)
fi
cargo rustc --quiet --manifest-path "$folder/Cargo.toml" --lib --crate-type cdylib --release --no-default-features --features "$features" \
	--target wasm32-unknown-unknown --target-dir target/wasm ${flags[@]+"${flags[@]}"} ${CI:+--locked}

# Without the default path the glue holds no `new URL('….wasm', import.meta.url)`, which bundlers would chase.
library=$(sed -n '/^name = "\(.*\)"/{s//\1/p;q;}' "$folder/Cargo.toml" | tr - _)
target/tools/debug/touchstone-wasm-bindgen bindgen "target/wasm/wasm32-unknown-unknown/release/$library.wasm" \
	--target web --omit-default-module-path --no-typescript --remove-name-section --remove-producers-section \
	--out-dir "target/wasm/$name" --out-name "$name"
