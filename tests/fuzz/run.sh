#!/usr/bin/env bash
# run.sh SECONDS [TARGET...]: libFuzzer on these targets, or on all, for so long each. It goes on from what earlier runs
# found, in target/fuzz/corpus. An input that fails is left in target/fuzz/failures, and is an error.
#
# The flags are those of cargo-fuzz; a nightly toolchain and a C++ compiler are all that has to be installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

seconds=$1
shift
if [ $# = 0 ]; then
	mapfile -t names < <(sed -n 's/^    target("\([a-z0-9-]*\)".*/\1/p' src/lib.rs)
	set -- "${names[@]}"
fi

if ! host=$(rustc +nightly -vV 2>/dev/null | sed -n 's/^host: //p'); then
	echo "Fuzzing needs a nightly Rust. Run this once: rustup toolchain install nightly --profile minimal" >&2
	exit 1
fi
out=../../target/fuzz
# What the fuzzer is to find its ways through: not the oracles, which that would make ten times as slow.
coverage='"-Cpasses=sancov-module", "-Cllvm-args=-sanitizer-coverage-level=4", "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters", "-Cllvm-args=-sanitizer-coverage-pc-table", "-Cllvm-args=-sanitizer-coverage-trace-compares", "-Cllvm-args=-simplifycfg-branch-fold-threshold=0"'
configs=()
# serde_json is not among them: its build script would be, too, and does not link.
for package in touchstone-fuzz base64 ciborium ciborium-ll coset der spki x509-cert; do
	configs+=(--config "profile.fuzz.package.$package.rustflags = [$coverage]")
done
# With a platform named, the flags are for it alone, and not for what runs while compiling.
RUSTFLAGS="-Zsanitizer=address -Ccodegen-units=1 --cfg fuzzing" cargo +nightly build --quiet --locked -Zprofile-rustflags \
	"${configs[@]}" \
	--profile fuzz --features libfuzzer --bin fuzz --target "$host" --target-dir "$out"

export ASAN_OPTIONS=detect_odr_violation=0
failed=0
for target in "$@"; do
	corpus=$out/corpus/$target
	mkdir -p "$corpus" "$out/failures"
	log=$out/$target.log
	FUZZ_TARGET=$target FUZZ_SEEDS=$corpus "$out/$host/fuzz/fuzz" "$corpus" -max_total_time="$seconds" -timeout=10 \
		-artifact_prefix="$out/failures/$target-" -print_final_stats=1 >"$log" 2>&1 ||
		{
			failed=1
			grep -m 1 -A 3 'panicked at\|ERROR' "$log" >&2 || true
			grep 'Test unit written' "$log" >&2 || tail -n 5 "$log" >&2
		}
	printf '  %-20s %s inputs, %s found new ways\n' "$target" \
		"$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(sed -n 's/^stat::new_units_added: *//p' "$log")"
done
exit "$failed"
