# Every command of the project. `make` lists them; CI runs `make check`.
#
# Each step installs what it lacks (tools/toolchain.sh) and leaves a file that tells make it is done: the wasm and
# the tools under target/, the npm package in pkg/, a copy of it where tests and examples import it by its name.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# A person's rustup may fetch toolchains unasked; this build never makes it do so.
export RUSTUP_AUTO_INSTALL := 0

# CI refuses a stale lock file; at a desk, cargo brings it up to date.
locked := $(if $(CI),--locked)
toolchain := tools/toolchain.sh
say = @printf '==> %s\n'

rust_sources := Cargo.toml Cargo.lock $(shell find src -name '*.rs')
ts_sources := $(wildcard js/tsconfig*.json) $(shell find js/src -name '*.ts' -not -name '*.test.ts')
ts_tests := $(shell find js/src -name '*.test.ts')
npm_manifests := js/package.json js/package-lock.json js/.npmrc $(wildcard js/examples/*/package.json)
package_sources := $(shell find pkg-template -type f) README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE

bindgen := target/tools/debug/touchstone-wasm-bindgen
bindgen_sources := $(addprefix tools/wasm-bindgen/,Cargo.toml Cargo.lock src/main.rs)
core_wasm := target/wasm/core/core_bg.wasm
attestation_wasm := target/wasm/attestation/attestation_bg.wasm
attestation_features := attestation,ed448,es384,es512,ml-dsa,wasm
peers_wasm := target/wasm/peers/peers_bg.wasm
peers_sources := benches/peers/wasm/Cargo.toml benches/peers/wasm/Cargo.lock $(wildcard benches/peers/wasm/src/*.rs)
fuzz_profile := target/fuzz/profile.toml
dist := target/dist/.done
npm := js/node_modules/.package-lock.json
package := pkg/package.json
installed := js/node_modules/touchstone-webauthn/package.json
databases_npm := js/databases/node_modules/.package-lock.json
runtimes_npm := tests/runtimes/node_modules/.package-lock.json

##@ For a newcomer

.PHONY: help
help: ## List the commands
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(installed) ## Build, then serve a page to sign up and sign in on (PORT, else 3000)
	$(say) "demo: js/examples/node-sqlite"
	@cd js/examples/node-sqlite && exec node server.mjs

.PHONY: test
test: test-rust test-crate-package test-wasm fuzz-smoke test-js test-databases test-package runtimes e2e ## Run every test: Rust, TypeScript on the built package, a real browser

##@ Parts

.PHONY: build
build: $(installed) ## Build the publishable npm package into pkg/
	$(say) "pkg/ is ready: $$(wc -c <pkg/core.wasm) and $$(wc -c <pkg/attestation.wasm) bytes of wasm"

.PHONY: test-rust
test-rust: ## Run the tests of the crate
	$(say) "cargo test"
	@cargo test --quiet $(locked)

.PHONY: test-crate-package
test-crate-package: ## Check what cargo would publish, and run the tests that are in it
	$(say) "cargo package"
	@tools/crate-package.sh

.PHONY: test-wasm
test-wasm: $(bindgen) ## Run the crate's vectors in wasm: in Node and in a headless Chromium (TEST=name: one)
	$(say) "wasm-pack test (the first time four minutes)"
	@tools/wasm-test.sh $(TEST)

.PHONY: test-long
test-long: ## Compare the kernels with their oracles on 100,000 cases and more
	$(say) "cargo test, the long mode"
	@TOUCHSTONE_LONG=1 cargo test --release $(locked) --lib signature

.PHONY: fuzz-smoke
fuzz-smoke: $(fuzz_profile) ## Run the fuzz targets on mutated seeds, without a fuzzer
	$(say) "the fuzz targets on mutated seeds"
	@cargo test --quiet $(locked) --manifest-path tests/fuzz/Cargo.toml --target-dir target --config $(fuzz_profile)

.PHONY: fuzz
fuzz: ## Run libFuzzer on TARGET (else on each) for SECONDS (else 60); needs a nightly Rust and a C++ compiler
	$(say) "libFuzzer"
	@tests/fuzz/run.sh $(or $(SECONDS),60) $(TARGET)

.PHONY: test-js
test-js: $(installed) ## Run the tests in js/src and js/examples against the built package
	$(say) "vitest"
	@node=$$($(toolchain) node) && cd js && "$$node" node_modules/vitest/vitest.mjs run

.PHONY: test-databases
test-databases: $(installed) $(databases_npm) ## Run the plugin on each database, on servers of its own (DATABASES_MISSING=redis,mariadb)
	$(say) "the databases"
	@node=$$($(toolchain) node) && settings=$$($(toolchain) databases) && eval "$$settings" && cd js && \
		"$$node" node_modules/vitest/vitest.mjs run --config databases/vitest.config.ts

.PHONY: test-package
test-package: $(installed) ## Look over the package as npm would publish it
	$(say) "publint, attw"
	@cd js && node_modules/.bin/publint --strict ../pkg && node_modules/.bin/attw --quiet --pack ../pkg

.PHONY: e2e
e2e: $(installed) ## Run the demo in a headless Chromium with a virtual authenticator
	$(say) "end to end"
	@CHROME_PATH=$$($(toolchain) chromium) && export CHROME_PATH && cd js && node --test --test-reporter=spec ../tests/e2e/*.test.mjs

.PHONY: runtimes
runtimes: $(package) $(runtimes_npm) ## Run the packed package in each runtime and bundler (RUNTIMES=name, --skips=N)
	$(say) "the tarball in its runtimes"
	@CHROME_PATH=$$($(toolchain) chromium || true) && export CHROME_PATH && node tests/runtimes/main.mjs $(RUNTIMES)

.PHONY: lint
lint: lint-rust lint-no-std lint-js lint-shell ## Check format, lints, docs, types, and that the crate is no_std

.PHONY: lint-rust
lint-rust:
	$(say) "cargo fmt, clippy, doc"
	@cargo fmt --check
	@cargo fmt --check --manifest-path tools/wasm-bindgen/Cargo.toml
	@cargo fmt --check --manifest-path tools/wasm-pack/Cargo.toml
	@cargo fmt --check --manifest-path benches/peers/wasm/Cargo.toml
	@cargo fmt --check --manifest-path tests/fuzz/Cargo.toml
	@cargo fmt --check --manifest-path tests/wasm/Cargo.toml
	@cargo clippy --quiet $(locked) --all-targets --all-features -- -D warnings
	@cargo clippy --quiet $(locked) --no-default-features --features wasm -- -D warnings
	@cargo check --quiet $(locked) --manifest-path benches/peers/wasm/Cargo.toml --target-dir target
	@RUSTDOCFLAGS="-D warnings" cargo doc --quiet $(locked) --no-deps --all-features

# Nothing of this is run, so nothing is optimized: core and the macros would take five minutes instead of one.
.PHONY: lint-no-std
lint-no-std:
	$(say) "the crate without std"
	@settings=$$($(toolchain) env-bare) && eval "$$settings" && RUSTFLAGS="-D warnings" \
		cargo check --quiet $(locked) --config 'profile.dev.package."*".opt-level = 0' \
			--lib --target "$$BARE_TARGET" --target-dir target/bare $$BARE_CARGO_FLAGS

.PHONY: lint-js
lint-js: $(npm) $(databases_npm)
	$(say) "biome, tsc"
	@cd js && node_modules/.bin/biome check --error-on-warnings . ../pkg-template ../tests/e2e ../tests/runtimes ../benches
	@cd js && node_modules/.bin/tsc --noEmit

.PHONY: lint-shell
lint-shell:
	@if command -v shellcheck >/dev/null; then echo "==> shellcheck" && shellcheck tools/*.sh tests/fuzz/run.sh .ci/run; fi

.PHONY: fmt
fmt: $(npm) ## Format everything
	@cargo fmt
	@cargo fmt --manifest-path tools/wasm-bindgen/Cargo.toml
	@cargo fmt --manifest-path tools/wasm-pack/Cargo.toml
	@cargo fmt --manifest-path benches/peers/wasm/Cargo.toml
	@cargo fmt --manifest-path tests/fuzz/Cargo.toml
	@cargo fmt --manifest-path tests/wasm/Cargo.toml
	@cd js && node_modules/.bin/biome check --write . ../pkg-template ../tests/e2e ../tests/runtimes ../benches

.PHONY: gen
gen: $(npm) ## Write the files that are generated from tables: error codes, their documentation, vectors
	$(say) "codegen"
	@BLESS=1 cargo test --quiet --lib --test suite fresh
	@cd js && BLESS=1 node node_modules/vitest/vitest.mjs run --reporter=dot error-codes

.PHONY: bench
bench: $(installed) $(peers_wasm) ## Measure ours beside the peers (BENCH=--quick: only whether that runs)
	$(say) "ours beside the peers"
	@node benches/peers/main.mjs $(BENCH)
	$(say) "whole sign-ins through Better Auth, ours beside @better-auth/passkey"
	@node=$$($(toolchain) node) && "$$node" benches/handler/main.mjs $(BENCH) && "$$node" benches/handler/growth.mjs $(BENCH)

.PHONY: size
size: $(installed) ## Print what the package weighs beside the peer; fails above its budget
	$(say) "bytes"
	@node benches/weight/size.mjs

.PHONY: start
start: $(installed) ## Measure the time to the first sign-in of a process beside the peer; fails below its budget
	$(say) "cold start"
	@node benches/weight/start.mjs

.PHONY: check
check: lint test build size ## Run all that CI runs

.PHONY: clean
clean: ## Remove what was built (installed npm packages stay)
	@rm -rf target pkg js/node_modules/touchstone-webauthn

# Files behind the commands

$(npm): $(npm_manifests)
	$(say) "npm packages of js/"
	@$(toolchain) npm
	@touch $@

$(databases_npm): $(foreach folder,js/databases js/databases/cli,$(addprefix $(folder)/,package.json package-lock.json .npmrc))
	$(say) "npm packages of js/databases/"
	@for folder in js/databases js/databases/cli; do (cd $$folder && npm ci --loglevel=error --no-progress); done
	@touch $@

# Half a minute (time npm ci) and 1.4 GB (du -sh), half of it four versions of Node.
$(runtimes_npm): tests/runtimes/package.json tests/runtimes/package-lock.json tests/runtimes/.npmrc
	$(say) "npm packages of tests/runtimes/"
	@cd tests/runtimes && npm ci --loglevel=error --no-progress
	@touch $@

$(bindgen): $(bindgen_sources)
	$(say) "wasm-bindgen, once (a minute and a half)"
	@cd tools/wasm-bindgen && env -u RUSTC cargo build --quiet --locked --target-dir ../../target/tools
	@touch $@

$(core_wasm): $(rust_sources) $(bindgen) tools/wasm.sh $(toolchain)
	$(say) "the crate for wasm (the first time with its std: two minutes)"
	@tools/wasm.sh core wasm

$(attestation_wasm): $(rust_sources) $(bindgen) tools/wasm.sh $(toolchain)
	$(say) "the crate for wasm, with every attestation format"
	@tools/wasm.sh attestation $(attestation_features)

# Our sources too: the module holds our kernels beside the peers' crates.
$(peers_wasm): $(rust_sources) $(peers_sources) $(bindgen) tools/wasm.sh $(toolchain)
	$(say) "what the peers are made of, for wasm"
	@tools/wasm.sh peers "" benches/peers/wasm

# The crate's dependencies are compiled as for its own tests, so that they are compiled once.
$(fuzz_profile): Cargo.toml
	@mkdir -p $(@D) && awk '/^\[/ { on = /^\[profile\.dev\./ && !/touchstone/ } on' $< >$@

$(dist): $(ts_sources) $(npm)
	$(say) "tsc"
	@rm -rf target/dist && cd js && node_modules/.bin/tsc -p tsconfig.build.json && node_modules/.bin/tsc -p tsconfig.doctor.json
	@touch $@

$(package): $(core_wasm) $(attestation_wasm) $(dist) $(package_sources) $(wildcard js/build/*.mjs) Cargo.toml
	$(say) "the npm package"
	@node js/build/package.mjs

# A copy, not a link: what a user gets lies among its peers, and is found through its own `exports` and `imports`.
$(installed): $(package) $(npm)
	@rm -rf $(@D) && cp -R pkg $(@D) && touch $@
