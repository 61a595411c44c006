#!/usr/bin/env bash
# test-reproducible.sh NAME FEATURES...: builds each wasm again from a copy of the sources, in another folder and with
# another cargo home. Then it compares the bytes with target/wasm, which `make test-reproducible` has built before.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: test-reproducible.sh NAME FEATURES..." >&2; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The path is longer than in the first build, because the length of a path can change the compiler's output.
copy=$folder/another/folder
mkdir -p "$copy/target"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
	if [ -f "$file" ]; then printf '%s\0' "$file"; fi
done | tar --create --null --files-from=- | tar --extract --directory="$copy"
# wasm-bindgen runs only on this machine, so it is not compared.
ln -s "$PWD/target/tools" "$copy/target/tools"
ln -s "${CARGO_HOME:-$HOME/.cargo}" "$folder/cargo-home"
export CARGO_HOME=$folder/cargo-home

different=0
while [ $# -gt 0 ]; do
	name=$1
	(cd "$copy" && tools/wasm.sh compile "$name" "$2" && tools/wasm.sh bindgen "$name")
	shift 2
	for file in "${name}_bg.wasm" "$name.js" build.json; do
		if cmp "target/wasm/$name/$file" "$copy/target/wasm/$name/$file"; then
			echo "  same      $name/$file"
		else
			different=1
		fi
	done
done
exit "$different"
