#!/usr/bin/env bash
# Finds, or installs from package registries, what the Makefile needs and a machine may lack.
#
#   toolchain.sh env          settings that compile the crate for wasm32-unknown-unknown, as lines for `eval`
#   toolchain.sh env-test     the same for its tests, whose panics say what is wrong
#   toolchain.sh env-bare     the same for a target without std, which proves that the crate is no_std
#   toolchain.sh chromium     the path of a Chromium for the tests in a browser
#   toolchain.sh chromedriver the path of the program that drives it
#   toolchain.sh wasm-pack    the path of a wasm-pack, which runs the crate's tests for wasm
#   toolchain.sh node         the path of a Node 22 or newer: Better Auth's test instance needs node:sqlite
#   toolchain.sh npm          npm packages of js/, as the lock file has them
#   toolchain.sh databases    settings that say where the programs of database servers are
#
# Answers go to stdout, what it does and why it stops to stderr. It installs packages of registries only. It never
# downloads a Rust toolchain or a part of one: that is for the person whose toolchain it is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cargo_toml=$root/Cargo.toml
node_for_tests=24.21.0
debian_rustc=/usr/bin/rustc

# rustup would otherwise fetch a missing toolchain as soon as something asks for it.
export RUSTUP_AUTO_INSTALL=0

say() { printf '  %-9s %s\n' "$1" "$2" >&2; }

stop() {
	{
		echo
		printf '%s\n' "$@"
	} >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# setting NAME VALUE: a line for eval, whatever the value holds.
setting() { printf 'export %s=%q\n' "$1" "$2"; }

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# apt_install PACKAGE...: false where there is no apt, no right to use it, or no such package.
apt_install() {
	have apt-get || return 1
	[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || return 1
	say install "Debian packages $*"
	local log=$root/target/apt.log
	mkdir -p "$root/target"
	# A machine may be fresh enough to have no package list, or old enough to have a stale one: so a second try.
	apt_get install -y --no-install-recommends "$@" >"$log" 2>&1 ||
		{ apt_get update && apt_get install -y --no-install-recommends "$@"; } >>"$log" 2>&1 ||
		{
			tail -n 5 "$log" >&2
			return 1
		}
}

# `env` carries the variable through sudo, which clears the environment.
apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

# at_least HAVE WANT: compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_cargo() {
	if ! have cargo || ! have rustc; then
		stop "Rust is missing (no cargo on PATH). Install it as https://rustup.rs says, then try again."
	fi
}

# has_std TARGET: does the toolchain in use carry a standard library (or core, for a bare target) for it?
has_std() {
	local dir
	dir=$("${RUSTC:-rustc}" --print target-libdir --target "$1" 2>/dev/null) || return 1
	compgen -G "$dir/libcore-*.rlib" >/dev/null
}

debian_compiler_is_ready() {
	[ -x "$debian_rustc" ] || return 1
	local sysroot version wanted
	sysroot=$("$debian_rustc" --print sysroot)
	[ -f "$sysroot/lib/rustlib/src/rust/library/core/Cargo.toml" ] || return 1
	version=$("$debian_rustc" --version | cut -d ' ' -f 2)
	wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$cargo_toml")
	at_least "$version" "$wanted" || {
		say skip "$debian_rustc is $version, this crate needs $wanted"
		return 1
	}
}

# A compiler and the sources of its own std: the two must be of one version, which rustup's stable alone cannot give.
use_debian_compiler() {
	debian_compiler_is_ready ||
		{ apt_install rustc-web rust-web-src && debian_compiler_is_ready; }
}

# Debian's compiler names a linker that its own packages do not bring; rustup's toolchain has one.
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
	apt_install rust-web-llvm && command -v rust-lld
}

# What the shipped wasm may use, written down because compilers disagree about their defaults. All of it runs on
# Node 20.0. The P-256 kernel has vectors written out for simd128.
wasm_features=+simd128,+bulk-memory,+mutable-globals,+nontrapping-fptoint,+sign-ext,+multivalue,+reference-types

# rustflags FLAG...: what cargo takes, for every build: separated by a byte that no path holds. The paths of the building
# machine would otherwise end up in panic messages, and two machines would build two different files.
rustflags() {
	local flags=("-Ctarget-feature=$wasm_features" "--remap-path-prefix=$root=/touchstone"
		"--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" "$@")
	local IFS=$'\x1f'
	setting CARGO_ENCODED_RUSTFLAGS "${flags[*]}"
}

# print_wasm_env FLAG...: the flags are for a compiler that builds std itself.
print_wasm_env() {
	need_cargo
	if has_std wasm32-unknown-unknown; then
		setting WASM_TOOLCHAIN "$("${RUSTC:-rustc}" --version), which has the wasm target"
		setting WASM_CARGO_FLAGS ''
		rustflags
		return
	fi
	local linker
	if use_debian_compiler && linker=$(wasm_linker); then
		setting WASM_TOOLCHAIN "Debian's $("$debian_rustc" --version), std built from source"
		setting RUSTC "$debian_rustc"
		# Debian's compiler is a stable one; -Z flags need this.
		setting RUSTC_BOOTSTRAP 1
		setting CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER "$linker"
		setting WASM_CARGO_FLAGS -Zbuild-std=std,panic_abort
		rustflags "$@"
		return
	fi
	stop "No compiler for WebAssembly: this Rust toolchain lacks the target, and Debian's packages rustc-web and rust-web-src" \
		"cannot be installed from here. Run this once, then try again:" \
		"" \
		"    rustup target add wasm32-unknown-unknown"
}

# The first is what is built from source; the others are taken where a toolchain has them anyhow.
bare_targets=(thumbv7em-none-eabihf thumbv7em-none-eabi thumbv7m-none-eabi riscv32imac-unknown-none-elf aarch64-unknown-none x86_64-unknown-none)

print_bare_env() {
	need_cargo
	local target
	for target in "${bare_targets[@]}"; do
		if has_std "$target"; then
			setting BARE_TARGET "$target"
			setting BARE_CARGO_FLAGS ''
			return
		fi
	done
	if use_debian_compiler; then
		setting BARE_TARGET "${bare_targets[0]}"
		setting BARE_CARGO_FLAGS -Zbuild-std=core,alloc
		setting RUSTC "$debian_rustc"
		setting RUSTC_BOOTSTRAP 1
		return
	fi
	stop "No target without std to check no_std with. Run this once, then try again:" \
		"" \
		"    rustup target add ${bare_targets[0]}"
}

find_chromium() {
	local candidate
	for candidate in "${CHROME_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
		if [ -n "$candidate" ] && have "$candidate"; then
			command -v "$candidate"
			return
		fi
	done
	return 1
}

print_chromium() {
	find_chromium || { apt_install chromium && find_chromium; } ||
		stop "No Chromium found, and the package chromium cannot be installed from here. Install Chromium or Chrome, or set" \
			"CHROME_PATH to one, then try again."
}

print_chromedriver() {
	have chromedriver || { apt_install chromium chromium-driver && have chromedriver; } ||
		stop "No chromedriver found, and the package chromium-driver cannot be installed from here. Install the chromedriver of" \
			"your Chromium's or Chrome's version, so that it is on PATH, then try again."
	command -v chromedriver
}

# A person's own, if it is not too old to know the options; else one that is built here.
print_wasm_pack() {
	if have wasm-pack && at_least "$(wasm-pack --version | cut -d ' ' -f 2)" 0.13.0; then
		command -v wasm-pack
		return
	fi
	need_cargo
	local program=$root/target/tools/debug/wasm-pack
	[ -x "$program" ] || say build "wasm-pack, once (a minute and a half)"
	(cd "$root/tools/wasm-pack" && env -u RUSTC cargo build --quiet --locked --target-dir "$root/target/tools" >&2)
	echo "$program"
}

# find_program NAME: on PATH, or where Debian keeps what only root or a wrapper is to start.
find_program() {
	local candidate
	for candidate in "$(command -v "$1" || true)" "/usr/sbin/$1" /usr/lib/postgresql/*/bin/"$1"; do
		if [ -x "$candidate" ]; then
			echo "$candidate"
			return
		fi
	done
	return 1
}

# database_program NAME PACKAGE...: the tests name what stays missing, and say what they then leave out.
database_program() {
	local name=$1
	shift
	find_program "$name" || { apt_install "$@" && find_program "$name"; } ||
		say missing "$name: install it (Debian: $*), else make test-databases fails unless DATABASES_MISSING names it"
}

print_databases() {
	local postgres
	postgres=$(database_program postgres postgresql)
	# Its tools lie beside the program itself, which PATH may only have a link to.
	[ -z "$postgres" ] || postgres=$(readlink -f "$postgres")
	setting POSTGRES_BIN "${postgres%/*}"
	setting REDIS_SERVER "$(database_program redis-server redis-server)"
	setting MARIADBD "$(database_program mariadbd mariadb-server-core mariadb-client-core)"
	setting MARIADB_INSTALL_DB "$(find_program mariadb-install-db || true)"
}

need_npm() {
	if ! have node || ! have npm || ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)'; then
		stop "Node 20 or newer, with npm, is missing. Install it (https://nodejs.org), then try again."
	fi
}

print_node() {
	need_npm
	if node -e 'process.exit(parseInt(process.versions.node) >= 22 ? 0 : 1)'; then
		command -v node
		return
	fi
	# npm carries Node itself, one package per platform.
	local package dir
	package=node-$(node -p 'process.platform.replace("win32", "win") + "-" + process.arch')
	dir=$root/target/node-$node_for_tests
	if [ ! -x "$dir/node_modules/$package/bin/node" ]; then
		say install "npm package $package $node_for_tests under target/ (the tests need Node 22, this is $(node --version))"
		mkdir -p "$dir"
		echo '{ "private": true }' >"$dir/package.json"
		(cd "$dir" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$node_for_tests" >&2) ||
			stop "The tests need Node 22 or newer, and npm has no $package. Install a newer Node, then try again."
	fi
	echo "$dir/node_modules/$package/bin/node"
}

install_npm_packages() {
	need_npm
	say install "npm packages of js/"
	# After its reason, npm prints sixty lines of options.
	(cd "$root/js" && npm ci --loglevel=error --no-progress 2>&1 | sed '/^npm error Clean install/,/^npm error Run /d' >&2) ||
		stop "npm could not install the packages of js/package-lock.json: its reason is above. If the lock file is not in step" \
			"with a package.json, \`npm install\` in js/ brings it there."
	if grep -q '"resolved": "http' "$root/js/package-lock.json"; then
		stop "js/package-lock.json names a registry's host. Run \`npm install\` in js/, whose .npmrc leaves it out."
	fi
}

case ${1:-} in
# A panic becomes a trap on the spot: no message is formatted, which is an eighth of the file.
env) print_wasm_env -Zunstable-options -Cpanic=immediate-abort ;;
env-test) print_wasm_env ;;
env-bare) print_bare_env ;;
chromium) print_chromium ;;
chromedriver) print_chromedriver ;;
wasm-pack) print_wasm_pack ;;
node) print_node ;;
npm) install_npm_packages ;;
databases) print_databases ;;
*)
	sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
	;;
esac
