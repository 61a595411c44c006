#!/usr/bin/env bash
# Finds a Rust compiler with the targets that the machine's own toolchain may lack, or installs Debian's compiler.
#
#   rust.sh env         prints settings to compile the crate for wasm32-unknown-unknown, as lines for `eval`
#   rust.sh env-test    the same for its tests, with panic messages
#   rust.sh env-bare    the same for a target without std, which proves that the crate is no_std
#   rust.sh wasm-pack   prints the path of a wasm-pack, which runs the crate's tests for wasm
#
# It never downloads a Rust toolchain or a part of one by itself. It asks the person at the terminal for that.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

debian_rustc=$system/usr/bin/rustc
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")

# Otherwise rustup would download a missing toolchain as soon as a command needs it.
export RUSTUP_AUTO_INSTALL=0

need_cargo() {
	if ! have cargo || ! have rustc; then
		stop "Rust is missing: there is no cargo on PATH. Install it as described at https://rustup.rs, then try again."
	fi
}

# has_std TARGET: whether the current toolchain has a standard library for it (or core, for a bare target).
has_std() {
	local dir
	dir=$("${RUSTC:-rustc}" --print target-libdir --target "$1" 2>/dev/null) || return 1
	compgen -G "$dir/libcore-*.rlib" >/dev/null
}

# Checks for a compiler and the sources of its std. Both must have the same version.
debian_compiler_is_ready() {
	[ -x "$debian_rustc" ] || return 1
	local sources version source_version
	sources=$("$debian_rustc" --print sysroot)/lib/rustlib/src/rust
	version=$("$debian_rustc" --version | cut -d ' ' -f 2)
	if ! at_least "$version" "$wanted"; then
		say rust "$debian_rustc is $version, but this crate needs $wanted or newer"
		return 1
	fi
	[ -f "$sources/library/core/Cargo.toml" ] || return 1
	source_version=$(sed -n 's/^Version \([0-9.]*\).*/\1/p;1q' "$sources/RELEASES.md" 2>/dev/null || true)
	if [ -n "$source_version" ] && [ "$source_version" != "${version%%-*}" ]; then
		say rust "$debian_rustc is $version, but the sources of its std are $source_version"
		return 1
	fi
}

use_debian_compiler() {
	debian_compiler_is_ready && return
	apt_provide --alike "rustc-web>=$wanted" "rust-web-src>=$wanted" && debian_compiler_is_ready
}

# add_target TARGET: asks the person at the terminal, if there is one. It never runs rustup unasked.
add_target() {
	have rustup && someone_is_there || return 1
	confirm "Run \`rustup target add $1\` now? It adds the target to your Rust toolchain." || return 1
	# rustup shows its own progress. make reads stdout, so it goes to stderr.
	rustup target add "$1" >&2 && has_std "$1"
}

# Debian's compiler needs a linker that its own packages do not contain. rustup's toolchain has one.
wasm_linker() {
	local sysroot host candidate
	sysroot=$(env -u RUSTC rustc --print sysroot)
	host=$(env -u RUSTC rustc -vV | sed -n 's/^host: //p')
	for candidate in "$sysroot/lib/rustlib/$host/bin/rust-lld" rust-lld wasm-ld; do
		if have "$candidate"; then
			command -v "$candidate"
			return
		fi
	done
	apt_provide rust-web-llvm && command -v rust-lld
}

# The wasm features that the shipped wasm may use. They are listed because the defaults of compilers differ. Node 20.0
# supports all of them. The P-256 kernel uses simd128 explicitly.
wasm_features=+simd128,+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext,+multivalue,+reference-types

# rustflags FLAG...: prints the flags for every build, separated by a byte that paths do not contain. Paths of the build
# machine are replaced. Otherwise panic messages would contain them, and two machines would build different files.
rustflags() {
	local flags=("-Ctarget-feature=$wasm_features" "--remap-path-prefix=$root=/touchstone"
		"--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" "$@")
	local IFS=$'\x1f'
	setting CARGO_ENCODED_RUSTFLAGS "${flags[*]}"
}

print_own_wasm_env() {
	setting WASM_TOOLCHAIN "$("${RUSTC:-rustc}" --version), which has the wasm target"
	setting WASM_CARGO_FLAGS ''
	rustflags
}

# print_wasm_env FLAG...: the flags apply only if std is built from source.
print_wasm_env() {
	need_cargo
	local linker
	if has_std wasm32-unknown-unknown; then
		print_own_wasm_env
	elif use_debian_compiler && linker=$(wasm_linker); then
		setting WASM_TOOLCHAIN "Debian's $("$debian_rustc" --version), std built from source"
		setting RUSTC "$debian_rustc"
		# Debian's compiler is a stable release; -Z flags need this setting.
		setting RUSTC_BOOTSTRAP 1
		setting CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER "$linker"
		setting WASM_CARGO_FLAGS -Zbuild-std=std,panic_abort
		rustflags "$@"
	elif add_target wasm32-unknown-unknown; then
		print_own_wasm_env
	else
		stop "No compiler for WebAssembly: this Rust toolchain lacks the target, and Debian's packages rustc-web and rust-web-src" \
			"($wanted or newer) cannot be installed from here. Run this once, then try again:" \
			"" \
			"    rustup target add wasm32-unknown-unknown"
	fi
}

# The first target is built or added. The others are used if a toolchain already has them.
bare_targets=(thumbv7em-none-eabihf thumbv7em-none-eabi thumbv7m-none-eabi riscv32imac-unknown-none-elf aarch64-unknown-none x86_64-unknown-none)

print_own_bare_env() {
	setting BARE_TARGET "$1"
	setting BARE_CARGO_FLAGS ''
}

print_bare_env() {
	need_cargo
	local target
	for target in "${bare_targets[@]}"; do
		if has_std "$target"; then
			print_own_bare_env "$target"
			return
		fi
	done
	if use_debian_compiler; then
		setting BARE_TARGET "${bare_targets[0]}"
		setting BARE_CARGO_FLAGS -Zbuild-std=core,alloc
		setting RUSTC "$debian_rustc"
		setting RUSTC_BOOTSTRAP 1
	elif add_target "${bare_targets[0]}"; then
		print_own_bare_env "${bare_targets[0]}"
	else
		stop "No target without std to check no_std with. Run this once, then try again:" \
			"" \
			"    rustup target add ${bare_targets[0]}"
	fi
}

# Prints the installed wasm-pack if it is new enough for the options. Otherwise builds one here.
print_wasm_pack() {
	if have wasm-pack && at_least "$(wasm-pack --version | cut -d ' ' -f 2)" 0.13.0; then
		command -v wasm-pack
		return
	fi
	need_cargo
	start_step wasm-pack "is built once (a minute and a half)" \
		env -u RUSTC cargo build --quiet --locked --manifest-path "$root/tools/wasm-pack/Cargo.toml" --target-dir "$root/target/tools"
	finish_steps || stop "wasm-pack could not be built: the reason is above."
	echo "$root/target/tools/debug/wasm-pack"
}

case ${1:-} in
# A panic becomes a trap immediately. The formatting of messages, an eighth of the file, is left out.
env) print_wasm_env -Zunstable-options -Cpanic=immediate-abort ;;
env-test) print_wasm_env ;;
env-bare) print_bare_env ;;
wasm-pack) print_wasm_pack ;;
*) usage "${BASH_SOURCE[0]}" ;;
esac
