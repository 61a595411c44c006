# Every command of the project. `make` lists them; CI runs `make check`.
#
# Each step installs what it lacks (the scripts in tools/) and leaves a file that tells make that it is done: the wasm and
# the tools are in target/, the npm package is in pkg/, and a copy of it is where tests and examples import it by its name.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# A person's rustup may fetch toolchains unasked; this build never makes it do so.
export RUSTUP_AUTO_INSTALL := 0

# At a terminal cargo shows its progress bar, but not a line for each crate.
ifeq ($(CI)$(shell [ -t 2 ] || echo no),)
export CARGO_TERM_PROGRESS_WHEN := always
export CARGO_TERM_PROGRESS_WIDTH := 80
endif

# CI refuses a stale lock file. At a desk, cargo brings it up to date.
locked := $(if $(CI),--locked)
scripts := $(wildcard tools/*.sh tools/wasm-bindgen/bin/* tools/tests/stand-ins/*) tests/fuzz/run.sh .ci/run
# This file has the features of each wasm.
compiler_scripts := tools/lib.sh tools/rust.sh tools/wasm.sh Makefile
make_quietly := $(MAKE) --no-print-directory --silent
say = @printf '==> %s\n'

rust_sources := Cargo.toml Cargo.lock $(shell find src -name '*.rs')
ts_sources := $(wildcard js/tsconfig*.json) $(shell find js/src -name "*.ts")
npm_manifests := js/package.json js/package-lock.json js/.npmrc $(wildcard js/examples/*/package.json)
package_sources := $(shell find pkg-template -type f) README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE THIRD-PARTY-NOTICES.txt

bindgen := target/tools/debug/touchstone-wasm-bindgen
bindgen_cli := target/tools/debug/touchstone-wasm-bindgen-cli
bindgen_sources := Cargo.lock $(addprefix tools/wasm-bindgen/,Cargo.toml src/main.rs src/cli.rs)
# It runs for a tenth of a second per build and is compiled once per machine: what counts is the time to compile it.
build_bindgen := env -u RUSTC CARGO_PROFILE_DEV_DEBUG=0 cargo build --quiet --locked -p touchstone-wasm-bindgen --target-dir target/tools
core_compiled := target/wasm/core/compiled.wasm
core_wasm := target/wasm/core/core_bg.wasm
attestation_compiled := target/wasm/attestation/compiled.wasm
attestation_wasm := target/wasm/attestation/attestation_bg.wasm
attestation_features := attestation,ed448,es384,es512,ml-dsa,wasm
peers_compiled := target/wasm/peers/compiled.wasm
peers_wasm := target/wasm/peers/peers_bg.wasm
peers_sources := benches/peers/wasm/Cargo.toml $(wildcard benches/peers/wasm/src/*.rs)
dist := target/dist/.done
npm := js/node_modules/.package-lock.json
package := pkg/package.json
installed := js/node_modules/touchstone-webauthn/package.json
example := js/examples/node-sqlite
demo := target/demo/site
demo_package := $(demo)/node_modules/touchstone-webauthn/package.json
databases_npm := js/tests/databases/node_modules/.package-lock.json
runtimes_npm := js/tests/runtimes/node_modules/.package-lock.json

##@ For a newcomer

.PHONY: help
help: ## List the commands
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The demo needs only a part of the package, so it has its own, in a folder of its own: nothing else can take it for the
# whole. What is missing is installed first, because that may ask a question. The rest is built at the same time: the wasm
# takes longest, so the others leave it the processor.
.PHONY: demo
demo: ## Build, then serve a page to sign up and sign in on (PORT, else 3000)
	@tools/rust.sh env >/dev/null
	@tools/steps.sh \
		wasm "compiles the crate (the first time with its std: two minutes)" "$(make_quietly) $(core_compiled)" \
		wasm-bindgen "is built once (a minute)" "nice -n 5 $(make_quietly) $(bindgen)" \
		npm "installs the packages of js/, then compiles TypeScript (a minute)" "nice -n 5 $(make_quietly) $(dist)"
	@$(make_quietly) $(demo_package)
	$(say) "demo: $(example)"
	@rm -rf $(demo)/page && cp -R $(example)/*.mjs $(example)/package.json $(example)/page $(demo)/
	@cd $(demo) && DEMO_DB="$${DEMO_DB:-$(CURDIR)/$(example)/data/demo.db}" exec node server.mjs

.PHONY: test
test: test-tools test-release test-rust test-crate-package test-wasm fuzz-smoke test-js test-databases test-package runtimes e2e ## Run every test: Rust, TypeScript on the built package, a real browser

##@ Parts

.PHONY: build
build: $(installed) ## Build the publishable npm package into pkg/
	$(say) "pkg/ is ready: $$(wc -c <pkg/core.wasm) and $$(wc -c <pkg/attestation.wasm) bytes of wasm"

.PHONY: test-tools
test-tools: ## Run the scripts in tools/ against stand-ins for apt, rustup, npm and others
	$(say) "the scripts of tools/"
	@node --test --test-reporter=dot tools/tests/*.test.mjs

.PHONY: test-rust
test-rust: ## Run the tests of the crate
	$(say) "cargo test (the first time some minutes)"
	@cargo test --quiet $(locked)

.PHONY: test-crate-package
test-crate-package: ## Check what cargo would publish, and run the tests that are in it
	$(say) "cargo package"
	@tools/crate-package.sh

.PHONY: test-wasm
test-wasm: $(bindgen_cli) ## Run the crate's vectors in wasm: in Node and in a headless Chromium (TEST=name: one)
	$(say) "wasm-pack test (the first time four minutes)"
	@tools/wasm-test.sh $(TEST)

.PHONY: test-long
test-long: ## Compare the kernels with their oracles on 100,000 cases and more
	$(say) "cargo test, the long mode (some minutes)"
	@TOUCHSTONE_LONG=1 cargo test --release $(locked) --lib signature

.PHONY: fuzz-smoke
fuzz-smoke: ## Run the fuzz targets on mutated seeds, without a fuzzer
	$(say) "the fuzz targets on mutated seeds (the first time some minutes)"
	@cargo test --quiet $(locked) -p touchstone-fuzz

.PHONY: fuzz
fuzz: ## Run libFuzzer on TARGET (else on each) for SECONDS (else 60); needs a nightly Rust and a C++ compiler
	$(say) "libFuzzer"
	@tests/fuzz/run.sh $(or $(SECONDS),60) $(TARGET)

# With TEST, the tests run on the sources and need only the wasm of the last build, so that a change takes seconds to try.
# Without it they run on the built package, as users do. So do tests of the package itself, of its command and in workerd.
on_sources := $(if $(TEST),$(if $(strip $(foreach part,package cli workerd,$(findstring $(part),$(TEST)))),,yes))
.PHONY: test-js
test-js: $(if $(on_sources),$(npm) $(if $(wildcard pkg/wasm/core-glue.js),,$(package)),$(installed)) ## Run the tests of js/ on the built package (TEST=part of a path: those, on the sources)
	$(say) "vitest$(if $(on_sources), on the sources)"
	@node=$$(tools/node.sh node) && cd js && "$$node" node_modules/vitest/vitest.mjs run $(if $(on_sources),--mode source) $(TEST)

.PHONY: test-databases
test-databases: $(installed) $(databases_npm) ## Run the plugin on each database, on servers of its own (DATABASES_MISSING=redis,mariadb; TEST=part of a path)
	$(say) "the databases"
	@node=$$(tools/node.sh node) && settings=$$(tools/databases.sh) && eval "$$settings" && cd js && \
		"$$node" node_modules/vitest/vitest.mjs run --config tests/databases/vitest.config.ts $(TEST)

.PHONY: test-package
test-package: $(installed) ## Look over the package as npm would publish it
	$(say) "publint, attw"
	@cd js && node_modules/.bin/publint --strict ../pkg && node_modules/.bin/attw --quiet --pack ../pkg

.PHONY: e2e
e2e: $(installed) ## Run the demo in a headless Chromium with a virtual authenticator
	$(say) "end to end (a minute)"
	@CHROME_PATH=$$(tools/browser.sh chromium) && export CHROME_PATH && cd js && node --test --test-reporter=spec tests/e2e/*.test.mjs

.PHONY: runtimes
runtimes: $(package) $(runtimes_npm) ## Run the packed package in each runtime and bundler (RUNTIMES=name, --skips=N)
	$(say) "the tarball in its runtimes (some minutes)"
	@CHROME_PATH=$$(tools/browser.sh chromium || true) && export CHROME_PATH && node js/tests/runtimes/main.mjs $(RUNTIMES)

.PHONY: test-reproducible
test-reproducible: $(core_wasm) $(attestation_wasm) ## Build each wasm again in another folder and compare the bytes
	$(say) "each wasm again, in another folder (five minutes)"
	@tools/test-reproducible.sh core wasm attestation $(attestation_features)

.PHONY: test-release
test-release: ## Test the release script in a clone, with stand-ins for cargo, npm and make
	$(say) "the release script"
	@tools/test-release.sh

.PHONY: lint
lint: lint-rust lint-no-std lint-js lint-unused lint-notices lint-shell ## Check format, lints, docs, types, and that the crate is no_std

.PHONY: lint-rust
lint-rust:
	$(say) "cargo fmt, clippy, doc (the first time some minutes)"
	@cargo fmt --all --check
	@cargo clippy --quiet $(locked) --all-targets --all-features -- -D warnings
	@cargo clippy --quiet $(locked) --no-default-features --features wasm -- -D warnings
	@cargo check --quiet $(locked) -p touchstone-bench-peers
	@RUSTDOCFLAGS="-D warnings" cargo doc --quiet $(locked) --no-deps --all-features

# Nothing of this is run, so nothing is optimized: core and the macros would take five minutes instead of one.
.PHONY: lint-no-std
lint-no-std:
	$(say) "the crate without std (the first time a minute)"
	@settings=$$(tools/rust.sh env-bare) && eval "$$settings" && RUSTFLAGS="-D warnings" \
		cargo check --quiet $(locked) --config 'profile.dev.package."*".opt-level = 0' \
			--lib --target "$$BARE_TARGET" --target-dir target/bare $$BARE_CARGO_FLAGS

.PHONY: lint-js
lint-js: $(npm) $(databases_npm)
	$(say) "biome, tsc"
	@cd js && node_modules/.bin/biome check --error-on-warnings . ../pkg-template ../benches ../tools
	@cd js && node_modules/.bin/tsc --noEmit

.PHONY: lint-unused
lint-unused: $(npm)
	$(say) "knip"
	@cd js && node_modules/.bin/knip --no-progress --no-config-hints

.PHONY: lint-notices
lint-notices:
	$(say) "licence notices"
	@node tools/notices.mjs --check

.PHONY: deny
deny: ## Check the licences and sources of the crate's dependencies (needs cargo-deny)
	@command -v cargo-deny >/dev/null || { echo "cargo-deny is missing. Install it: cargo install --locked cargo-deny" >&2; exit 1; }
	@cargo deny $(locked) check licenses bans sources

.PHONY: lint-shell
lint-shell:
	@if command -v shellcheck >/dev/null; then echo "==> shellcheck" && shellcheck -x $(scripts); fi

.PHONY: fmt
fmt: $(npm) ## Format everything
	@cargo fmt --all
	@cd js && node_modules/.bin/biome check --write . ../pkg-template ../benches ../tools

.PHONY: gen
gen: $(npm) ## Write the files that are generated from tables: error codes, their documentation, vectors
	$(say) "codegen"
	@BLESS=1 cargo test --quiet --lib --test suite fresh
	@cd js && BLESS=1 node node_modules/vitest/vitest.mjs run --reporter=dot error-codes

.PHONY: notices
notices: ## Write THIRD-PARTY-NOTICES.txt, the licences of what is compiled into the wasm
	@node tools/notices.mjs

.PHONY: bench
bench: $(installed) $(peers_wasm) ## Measure ours beside the peers (BENCH=--quick: only whether that runs)
	$(say) "ours beside the peers"
	@node benches/peers/main.mjs $(BENCH)
	$(say) "whole sign-ins through Better Auth, ours beside @better-auth/passkey"
	@node=$$(tools/node.sh node) && "$$node" benches/handler/main.mjs $(BENCH) && "$$node" benches/handler/growth.mjs $(BENCH)

.PHONY: size
size: $(installed) ## Print what the package weighs beside the peer; fails above its budget
	$(say) "bytes"
	@node benches/weight/size.mjs

.PHONY: start
start: $(installed) ## Measure the time to the first sign-in of a process beside the peer; fails below its budget
	$(say) "cold start"
	@node benches/weight/start.mjs

.PHONY: release
release: ## Prepare the release VERSION: set the version, run all checks, show both packages, commit and tag
	@tools/release.sh "$(VERSION)"

.PHONY: check
check: test-tools lint test build size ## Run all that CI runs

.PHONY: clean
clean: ## Remove what was built (installed npm packages stay)
	@rm -rf target pkg js/node_modules/touchstone-webauthn

# Files behind the commands

$(npm): $(npm_manifests)
	@tools/node.sh npm
	@touch $@

$(databases_npm): $(foreach folder,js/tests/databases js/tests/databases/cli,$(addprefix $(folder)/,package.json package-lock.json .npmrc))
	@tools/steps.sh npm-databases "installs the packages of js/tests/databases/ (half a minute)" \
		'for folder in js/tests/databases js/tests/databases/cli; do (cd $$folder && npm ci --loglevel=error --no-progress); done'
	@touch $@

# Half a minute (time npm ci) and 1.4 GB (du -sh), half of it four versions of Node.
$(runtimes_npm): $(addprefix js/tests/runtimes/,package.json package-lock.json .npmrc)
	@tools/steps.sh npm-runtimes "installs the packages of js/tests/runtimes/ (half a minute)" \
		'cd js/tests/runtimes && npm ci --loglevel=error --no-progress'
	@touch $@

$(bindgen): $(bindgen_sources)
	@tools/steps.sh wasm-bindgen "is built once (a minute)" '$(build_bindgen) --bin $(@F)'
	@touch $@

$(bindgen_cli): $(bindgen_sources)
	@tools/steps.sh wasm-bindgen-cli "is built once, with its test runner (a minute and a half)" '$(build_bindgen) --bin $(@F) --features cli'
	@touch $@

# compile NAME,FEATURES,FOLDER,TEXT: in steps of its own, because installing a compiler may ask a question.
compile = @tools/rust.sh env >/dev/null && tools/steps.sh wasm-$1 "compiles $4" 'tools/wasm.sh compile $1 "$2" $3'

$(core_compiled): $(rust_sources) $(compiler_scripts)
	$(call compile,core,wasm,.,the crate (the first time with its std: two minutes))

$(core_wasm): $(core_compiled) $(bindgen)
	@tools/wasm.sh bindgen core

$(attestation_compiled): $(rust_sources) $(compiler_scripts)
	$(call compile,attestation,$(attestation_features),.,the crate with every attestation format (a minute))

$(attestation_wasm): $(attestation_compiled) $(bindgen)
	@tools/wasm.sh bindgen attestation

# Our sources too: the module holds our kernels beside the peers' crates.
$(peers_compiled): $(rust_sources) $(peers_sources) $(compiler_scripts)
	$(call compile,peers,,benches/peers/wasm,what the peers are made of (two minutes))

$(peers_wasm): $(peers_compiled) $(bindgen)
	@tools/wasm.sh bindgen peers

$(dist): $(ts_sources) $(npm)
	$(say) "tsc"
	@rm -rf target/dist && cd js && node_modules/.bin/tsc -p tsconfig.build.json && node_modules/.bin/tsc -p tsconfig.cli.json
	@touch $@

$(package): $(core_wasm) $(attestation_wasm) $(dist) $(package_sources) $(wildcard js/build/*.mjs) Cargo.toml
	$(say) "the npm package"
	@node js/build/package.mjs

# A copy, not a link: what a user gets lies among its peers, and is found through its own `exports` and `imports`.
$(installed): $(package) $(npm)
	@rm -rf $(@D) && cp -R pkg $(@D) && touch $@

# Packages other than this one are found in js/node_modules, two folders up from here, as for the example itself.
$(demo_package): $(core_wasm) $(dist) $(package_sources) $(wildcard js/build/*.mjs) Cargo.toml
	$(say) "the part of the npm package that the demo needs"
	@mkdir -p $(demo) && ln -sfn ../../js/node_modules target/demo/node_modules
	@node js/build/package.mjs $(@D) core && touch $@
