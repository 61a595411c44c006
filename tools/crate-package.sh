#!/usr/bin/env bash
# Checks the package for crates.io: which files it contains, how large they are, and that its tests pass in a folder
# with only these files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Keep in step with `include` in Cargo.toml. The second line is what cargo adds itself.
expected='^(src/.*\.rs|tests/common/certificates/[a-z_]+\.rs|tests/vectors/(keys/rsa-[0-9]+\.pem|metadata\.json)|README\.md|CHANGELOG\.md|LICENSE-[A-Z]+|THIRD-PARTY-NOTICES\.txt'
expected+='|Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json)$'
largest_file=$((40 * 1024))
largest_package=$((224 * 1024))

unpacked=target/crate-package
rm -rf "$unpacked" target/package/*.crate
mkdir -p "$unpacked"
# Checks the files in the folder, committed or not. Cargo's own verification would build the package once more.
cargo package --quiet --no-verify --allow-dirty ${CI:+--locked} --target-dir target
package=$(echo target/package/*.crate)
# Ignores the dates in the package, which are in 2006: cargo would not recompile changed files.
tar -xzmf "$package" -C "$unpacked" --strip-components=1

wrong=$(cd "$unpacked" && find . -type f | sed 's#^\./##' | { grep -Ev "$expected" || true; })
if [ -n "$wrong" ]; then
	printf 'The package has files that it should not have, the first of %s:\n%s\n' "$(wc -l <<<"$wrong")" "$(head -n 20 <<<"$wrong")" >&2
	exit 1
fi
large=$(find "$unpacked" -type f -size +"$largest_file"c)
if [ -n "$large" ]; then
	printf 'The package has files of more than %s bytes:\n%s\n' "$largest_file" "$large" >&2
	exit 1
fi
size=$(wc -c <"$package")
if [ "$size" -gt "$largest_package" ]; then
	echo "The package has $size bytes; the limit is $largest_package." >&2
	exit 1
fi

# Without optimization, because it takes longer than it saves here. `make test-rust` runs the slow tests: the tests of
# signatures, and the tests that try thousands of changes.
cargo test --quiet --locked --manifest-path "$unpacked/Cargo.toml" --target-dir target --lib \
	--config 'profile.dev.package.touchstone-webauthn.opt-level = 0' -- \
	--skip signature:: --skip no_truncation_and --skip no_changed_bit
echo "  $(find "$unpacked" -type f | wc -l) files, $size bytes packed"
