#!/usr/bin/env bash
# wasm-test.sh [FILTER]: runs the tests of tests/wasm with wasm-pack, in Node and in a headless Chromium. With FILTER,
# it runs only the tests whose names contain it. It downloads only what rust.sh and browser.sh install.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"
target=$PWD/target/wasm-test
mkdir -p "$target"

# First finds or installs all tools. The driver comes first, because its installation may replace the browser.
settings=$(tools/rust.sh env-test)
wasm_pack=$(tools/rust.sh wasm-pack)
chromedriver=$(tools/browser.sh chromedriver)
chromium=$(tools/browser.sh chromium)
eval "$settings"
say compiler "$WASM_TOOLCHAIN"
say wasm-pack "$("$wasm_pack" --version | cut -d ' ' -f 2), $("$chromedriver" --version | cut -d ' ' -f 1,2)"

# wasm-pack uses wasm-bindgen from PATH if it has the crate's version, and the test runner in the same folder.
export PATH=$PWD/tools/wasm-bindgen/bin:$PATH
export CARGO_TARGET_DIR=$target WASM_PACK_CACHE=$target/wasm-pack

# The test runner itself adds other options: headless, and no sandbox, because a sandbox does not start for root.
printf '{ "goog:chromeOptions": { "binary": "%s", "args": ["disable-background-networking", "disable-component-update", "disable-sync"] } }\n' \
	"$chromium" >"$target/webdriver.json"
export WASM_BINDGEN_TEST_WEBDRIVER_JSON=$target/webdriver.json
# In seconds, for all tests. The default of 20 is too short for a busy machine.
export WASM_BINDGEN_TEST_TIMEOUT=300
# The output is read below, so the progress is one line for each crate, not a bar.
# shellcheck disable=SC2031
export CARGO_TERM_PROGRESS_WHEN=auto

read -ra flags <<<"$WASM_CARGO_FLAGS"
flags+=(--profile wasm-test ${CI:+--locked} ${1:+-- "$1"})

# run WHERE OPTION...: runs the tests. For wasm-pack, a run without tests is a success; here it fails.
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
# Without this, the tests run only in Node.
WASM_BINDGEN_USE_BROWSER=1 run Chromium --headless --chrome --chromedriver "$chromedriver"
