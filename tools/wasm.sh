#!/usr/bin/env bash
# Compiles the crate for wasm, in two steps: the first needs no wasm-bindgen, so both can be built at the same time.
#
#   wasm.sh compile NAME FEATURES [FOLDER]   compiles the crate with only FEATURES to target/wasm/NAME/compiled.wasm;
#                                            with FOLDER, compiles the crate there with the same settings and profile
#   wasm.sh bindgen NAME                     runs wasm-bindgen, which writes NAME_bg.wasm and its glue NAME.js to
#                                            target/wasm/NAME; package.mjs creates the package's files from them
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

compile() {
	local name=$1 features=$2 folder=${3:-.} settings library profile=wasm flags last=()
	settings=$(tools/rust.sh env)
	eval "$settings"
	say compiler "$WASM_TOOLCHAIN"

	read -ra flags <<<"$WASM_CARGO_FLAGS"
	# If std is built from source: it has smaller versions of some functions, such as sorting.
	if [ ${#flags[@]} -gt 0 ]; then flags+=(-Zbuild-std-features=optimize_for_size); fi
	mkdir -p "target/wasm/$name"
	case $name in
	# With inlining for speed, a file is a tenth larger. The kernels mark what they need inlined. These numbers are the
	# lowest at which no verification is slower than before (docs/decisions/package/wasm-size.md).
	core) last=(-Cllvm-args=-inline-threshold=50) ;;
	attestation) last=(-Cllvm-args=-inline-threshold=30) ;;
	*) profile=release ;;
	esac
	cargo rustc --quiet --manifest-path "$folder/Cargo.toml" --lib --crate-type cdylib --profile "$profile" \
		--no-default-features --features "$features" --target wasm32-unknown-unknown --target-dir target/wasm \
		${flags[@]+"${flags[@]}"} ${CI:+--locked} -- ${last[@]+"${last[@]}"}
	# Copies the file, because the next build writes a file with the same name.
	library=$(sed -n '/^name = "\(.*\)"/{s//\1/p;q;}' "$folder/Cargo.toml" | tr - _)
	cp "target/wasm/wasm32-unknown-unknown/$profile/$library.wasm" "target/wasm/$name/compiled.wasm"
	# js/build/record.mjs puts this into the package. The features are a JSON list.
	printf '{ "compiler": "%s", "standardLibrary": "%s", "wasmBindgen": "%s", "features": ["%s"] }\n' \
		"$("${RUSTC:-rustc}" --version)" "$([ ${#flags[@]} -gt 0 ] && echo "built from source" || echo "as installed")" \
		"$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)" "${features//,/\", \"}" >"target/wasm/$name/build.json"
}

case ${1:-} in
compile) compile "${@:2}" ;;
bindgen) target/tools/debug/touchstone-wasm-bindgen "target/wasm/$2/compiled.wasm" "target/wasm/$2" "$2" ;;
*) usage "${BASH_SOURCE[0]}" ;;
esac
