#!/usr/bin/env bash
# release.sh VERSION: prepares a release. It sets the version everywhere, dates the changelog, runs all checks, builds
# both packages, shows what would be published, then creates a commit and a tag. It does not push or publish. When you
# push the tag, .github/workflows/release.yml publishes it. If anything fails, all files are restored.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

record=tools/wasm-record.json

stop() {
	printf '%s\n' "$@" >&2
	exit 1
}
step() { printf '==> %s\n' "$1"; }
# setting NAME: prints a value from the [package] part of Cargo.toml.
setting() { sed -n '/^\[package\]$/,/^$/s/^'"$1"' = "\(.*\)"$/\1/p' Cargo.toml; }
# `sort -V` puts 1.0.0~rc.1 before 1.0.0, as Semantic Versioning does with 1.0.0-rc.1.
order() { printf '%s\n' "${@/-/\~}" | sort -V; }

version=${1:-}
number='(0|[1-9][0-9]*)'
[[ $version =~ ^$number\.$number\.$number(-[a-z]+\.$number)?$ ]] ||
	stop "\"$version\" is not a version such as 1.2.3 or 1.2.3-rc.1. Run: make release VERSION=1.2.3"
current=$(setting version)
if [ "$version" = "$current" ] || [ "$(order "$current" "$version" | head -n 1)" != "${current/-/\~}" ]; then
	stop "$version is not greater than the current version $current."
fi
[ -z "$(git status --porcelain --untracked-files=all)" ] || stop "The working tree has changes. Commit or remove them first: git status"
if git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null; then stop "The tag v$version exists already."; fi
# npm refuses provenance if this is not the address of the publishing repository.
[[ $(setting repository) =~ ^https://[^[:space:]/]+/[^[:space:]/]+/[^[:space:]/]+$ && $(setting repository) != *.git ]] ||
	stop "Cargo.toml names no repository. Set repository = \"https://…\" there, without .git. Everything else uses that line."
awk '/^## Unreleased$/ { on = 1; next } /^## / { on = 0 } on && /^[^#]/ { found = 1 } END { exit !found }' CHANGELOG.md ||
	stop "CHANGELOG.md has nothing under \"## Unreleased\"."

# The tree was clean, so this loses nothing. A commit goes too, if its tag could not be made.
start=$(git rev-parse HEAD)
restore() {
	git reset --quiet --hard "$start"
	git ls-files --error-unmatch "$record" >/dev/null 2>&1 || rm -f "$record"
	echo "The release has failed. All files are restored." >&2
}
trap restore EXIT

step "version $version"
node tools/set-version.mjs "$version" "$(date -u +%Y-%m-%d)"
step "all checks"
CI=true make check
step "the same bytes in another folder"
make test-reproducible
cp pkg/wasm/build.json "$record"
# The workflow that publishes uses Debian's compiler, and compares the bytes.
grep -q '"standardLibrary": "built from source"' "$record" ||
	stop "The wasm was built by a toolchain with its own wasm target. Release on Debian, without that target."
step "what npm would publish"
# npm requires a tag for a prerelease. The workflow uses the same tag.
tag=latest
case $version in *-*) tag=next ;; esac
(cd pkg && npm publish --dry-run --tag "$tag")
step "what crates.io would get"
cargo package --locked --allow-dirty --list
cargo package --locked --allow-dirty

git add --update
git add "$record"
git commit --quiet --message "release: $version"
git tag --annotate "v$version" --message "v$version"
trap - EXIT
step "done"
cat <<END
The commit and the tag v$version are made, here only. Look at them, then publish by pushing both:

    git show v$version
    git push --atomic origin HEAD v$version

To undo: git tag --delete v$version && git reset --hard HEAD~1
END
