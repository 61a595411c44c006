#!/usr/bin/env bash
# Tests release.sh in its own repository, with stand-ins for make, npm and cargo. It takes seconds.
#
# The conditions are functions and quoted commands. `check` runs them.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
repository=$folder/repository
log=$folder/log
output=$folder/output
failed=0

# The stand-ins write their arguments to the log. FAILS names the one that fails.
mkdir -p "$folder/bin" "$repository/tools"
for name in make npm cargo; do
	cat >"$folder/bin/$name" <<-END
		#!/bin/sh
		echo "$name \$*" >>"$log"
		[ "\${FAILS:-}" != "$name" ] || exit 1
		[ "$name" != make ] || { mkdir -p pkg/wasm && echo "{ \"compiler\": \"a compiler\", \"standardLibrary\": \"\${STD:-built from source}\" }" >pkg/wasm/build.json; }
	END
	chmod +x "$folder/bin/$name"
done
export PATH=$folder/bin:$PATH
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com

# edit FILE COMMAND: `sed -i` differs between systems.
edit() { sed "$2" "$1" >"$folder/edited" && cat "$folder/edited" >"$1"; }

# The project's own files, at a fixed version and with changes: a release itself runs this test, after it set a version.
tar -cf - Cargo.toml Cargo.lock .gitignore pkg-template/package.json tools/release.sh tools/set-version.mjs | tar -xf - -C "$repository"
node -e '
	const { readFileSync, writeFileSync } = require("node:fs");
	const set = (path, pattern) => writeFileSync(path, readFileSync(path, "utf8").replace(pattern, (_, before) => `${before}"0.1.0"`));
	process.chdir(process.argv[1]);
	for (const path of ["Cargo.toml", "Cargo.lock"]) set(path, /^(name = "touchstone-webauthn"\nversion = )".*"$/m);
	set("pkg-template/package.json", /^(\t"version": )".*"/m);
' "$repository"
cd "$repository"
printf '# Changelog\n\n## Unreleased\n\n### Added\n\n- A feature.\n' >CHANGELOG.md
current=0.1.0
edit Cargo.toml 's|^repository = ".*"$|repository = "https://git.example/owner/name"|'
git init --quiet --initial-branch=main
git add --all
git commit --quiet --message start
start=$(git rev-parse HEAD)

check() {
	local what=$1
	shift
	if "$@"; then
		echo "  ok        $what"
	else
		failed=1
		echo "  FAILED    $what"
		sed 's/^/            /' "$output"
	fi
}
release() { : >"$log" && tools/release.sh "$@" >"$output" 2>&1; }
holds() { grep -qF -- "$2" "$1"; }
unchanged() { [ "$(git rev-parse HEAD)" = "$start" ] && [ -z "$(git status --porcelain)" ] && [ -z "$(git tag)" ]; }
# refuses MESSAGE VERSION: release.sh stops with the message before it runs or changes anything.
refuses() {
	local message=$1 before
	before=$(git status --porcelain)
	shift
	! release "$@" && holds "$output" "$message" && [ ! -s "$log" ] && [ "$(git status --porcelain)" = "$before" ] && [ -z "$(git tag)" ]
}
# recovers NAME: the stand-in NAME fails, and everything is restored.
recovers() { ! FAILS=$1 release 99.0.0 && holds "$output" "All files are restored" && holds "$log" "$1" && unchanged; }

check "refuses a missing version" refuses "is not a version"
check "refuses what is not a version" refuses "is not a version" v99.0
check "refuses a prerelease that no tool orders" refuses "is not a version" 99.0.0-rc..1
check "refuses the current version" refuses "is not greater" "$current"
check "refuses a lower version" refuses "is not greater" 0.0.1
check "refuses a prerelease of the current version" refuses "is not greater" "$current-rc.1"
touch untracked
check "refuses a working tree with changes" refuses "has changes" 99.0.0
rm untracked
git tag v99.0.0
check "refuses a version with a tag" eval '! release 99.0.0 && holds "$output" "exists already"'
git tag --delete v99.0.0 >/dev/null
check "restores all files if a check fails" recovers make
check "restores all files if npm refuses the package" recovers npm
check "restores all files if cargo refuses the crate" recovers cargo

check "restores all files if the compiler is another one" \
	eval '! STD="as installed" release 99.0.0 && holds "$output" "All files are restored" && unchanged'
git config tag.gpgSign true && git config gpg.program false
check "removes the commit if there can be no tag" eval '! release 99.0.0 && holds "$output" "All files are restored" && unchanged'
git config --unset tag.gpgSign && git config --unset gpg.program
git config status.showUntrackedFiles no && touch secret.key
check "refuses files that git status is told to hide" refuses "has changes" 99.0.0
rm secret.key && git config --unset status.showUntrackedFiles

# Makes a commit for one test. It is removed afterwards.
try() { git commit --quiet --all --message "$1"; }
back() { git reset --quiet --hard "$start"; }
edit Cargo.toml 's|^repository = ".*"$|repository = ""|' && try "no repository"
check "refuses a missing repository" refuses "names no repository" 99.0.0
back
printf '# Changelog\n\n## Unreleased\n\n### Added\n' >CHANGELOG.md && try "no changes"
check "refuses an empty changelog" refuses 'nothing under "## Unreleased"' 99.0.0
back
edit pkg-template/package.json 's/^\t"version": /\t"Version": /' && try "another form"
start=$(git rev-parse HEAD)
check "restores all files if a file has no place for the version" eval '! release 99.0.0 && holds "$output" "pkg-template/package.json has 0 places" && unchanged'
start=$(git rev-parse HEAD~1) && back

check "makes a release" release 99.1.0-rc.1
check "sets the version of the crate" holds Cargo.toml 'version = "99.1.0-rc.1"'
check "sets the version in the lock file" eval 'grep -A 1 "^name = \"touchstone-webauthn\"$" Cargo.lock | grep -qF "\"99.1.0-rc.1\""'
check "sets the version of the npm package" holds pkg-template/package.json '"version": "99.1.0-rc.1"'
check "leaves the old version nowhere" eval '! git grep -qF "\"$current\"" -- Cargo.toml pkg-template'
check "dates the changelog below an empty Unreleased" \
	eval '[ "$(grep "^## " CHANGELOG.md | head -n 2)" = "$(printf "## Unreleased\n## 99.1.0-rc.1 - %s" "$(date -u +%Y-%m-%d)")" ]'
check "runs all checks before it builds packages" \
	eval '[ "$(cut -d " " -f 1,2 "$log" | tr "\n" ,)" = "make check,make test-reproducible,npm publish,cargo package,cargo package," ]'
check "publishes nothing, and a prerelease under its own tag" holds "$log" "npm publish --dry-run --tag next"
check "records how the wasm was built" holds tools/wasm-record.json "a compiler"
check "makes one commit and one tag" \
	eval '[ "$(git log -1 --format=%s)" = "release: 99.1.0-rc.1" ] && [ "$(git rev-parse HEAD~1)" = "$start" ] && [ "$(git rev-parse "v99.1.0-rc.1^{commit}")" = "$(git rev-parse HEAD)" ]'
check "leaves a clean tree" eval '[ -z "$(git status --porcelain)" ]'
check "says what to do next" holds "$output" "git push --atomic origin HEAD v99.1.0-rc.1"
printf '# Changelog\n\n## Unreleased\n\n- A change.\n' >CHANGELOG.md && try "a change"
check "takes a final release after its prerelease" release 99.1.0
exit "$failed"
