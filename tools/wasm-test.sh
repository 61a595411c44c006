#!/usr/bin/env bash
# wasm-test.sh [FILTER]: runs the tests of tests/wasm, or those whose names contain FILTER, in Node and in a headless
# Chromium, by wasm-pack. Nothing is downloaded but what rust.sh and browser.sh install.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
target=$PWD/target/wasm-test
mkdir -p "$target"

# Everything first that may have to be installed. The driver before the browser: it may bring another browser.
settings=$(tools/rust.sh env-test)
wasm_pack=$(tools/rust.sh wasm-pack)
chromedriver=$(tools/browser.sh chromedriver)
chromium=$(tools/browser.sh chromium)
eval "$settings"
say compiler "$WASM_TOOLCHAIN"
say wasm-pack "$("$wasm_pack" --version | cut -d ' ' -f 2), $("$chromedriver" --version | cut -d ' ' -f 1,2)"

# wasm-pack takes wasm-bindgen from PATH if its version is the crate's, and the test runner beside it.
export PATH=$PWD/tools/wasm-bindgen/bin:$PATH
export CARGO_TARGET_DIR=$target WASM_PACK_CACHE=$target/wasm-pack

# Beside what the test runner itself asks for: headless, and no sandbox, which would not start for root.
printf '{ "goog:chromeOptions": { "binary": "%s", "args": ["disable-background-networking", "disable-component-update", "disable-sync"] } }\n' \
	"$chromium" >"$target/webdriver.json"
export WASM_BINDGEN_TEST_WEBDRIVER_JSON=$target/webdriver.json
# In seconds, for all tests; the default of 20 is none for a machine that is busy.
export WASM_BINDGEN_TEST_TIMEOUT=300
# The output is read below, so a line for each crate shows the progress, not a bar.
# shellcheck disable=SC2031
export CARGO_TERM_PROGRESS_WHEN=auto

read -ra flags <<<"$WASM_CARGO_FLAGS"
flags+=(--profile wasm-test ${CI:+--locked} ${1:+-- "$1"})

# run WHERE OPTION...: a run in which no test was run is a success for wasm-pack, but not here.
run() {
	local where=$1 log=$target/$1.log passed
	shift
	"$wasm_pack" test "$@" --mode no-install tests/wasm ${flags[@]+"${flags[@]}"} 2>&1 | tee "$log"
	passed=$(sed -n 's/^test result: ok\. \([1-9][0-9]*\) passed.*/\1/p' "$log")
	if [ -z "$passed" ]; then
		stop "No test was run in $where."
	fi
	echo "  $where: $passed tests passed"
}

run Node --node
# Without this the tests, which may run anywhere, are for Node only.
WASM_BINDGEN_USE_BROWSER=1 run Chromium --headless --chrome --chromedriver "$chromedriver"
