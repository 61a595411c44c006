#!/usr/bin/env bash
# Finds a Node for the tests, and installs npm packages.
#
#   node.sh node   the path of a Node 22 or newer: Better Auth's test instance needs node:sqlite
#   node.sh npm    installs the npm packages of js/ from its lock file
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

node_for_tests=24.21.0

node_is() { [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -ge "$1" ]; }

need_npm() {
	if ! have node || ! have npm || ! node_is 20; then
		stop "Node 20 or newer, with npm, is missing. Install it (https://nodejs.org), then try again."
	fi
}

print_node() {
	need_npm
	if node_is 22; then
		command -v node
		return
	fi
	# Node is also an npm package, one for each platform.
	local package dir
	package=node-$(node -p 'process.platform.replace("win32", "win") + "-" + process.arch')
	dir=$root/target/node-$node_for_tests
	if [ ! -x "$dir/node_modules/$package/bin/node" ]; then
		say node "the tests need Node 22 or newer, but this is $(node --version)"
		mkdir -p "$dir"
		echo '{ "private": true }' >"$dir/package.json"
		start_step node "$node_for_tests comes from npm ($package, into target/, half a minute)" \
			npm --prefix "$dir" install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$node_for_tests"
		finish_steps ||
			stop "The tests need Node 22 or newer, and npm has no $package. Install a newer Node, then try again."
	fi
	echo "$dir/node_modules/$package/bin/node"
}

# npm prints sixty lines of options after the reason; they are removed.
npm_ci() { (cd "$root/js" && npm ci --loglevel=error --no-progress 2>&1 | sed '/^npm error Clean install/,/^npm error Run /d'); }

install_npm_packages() {
	need_npm
	start_step npm "installs the packages of js/ (half a minute)" npm_ci
	finish_steps ||
		stop "npm could not install the packages of js/package-lock.json: its reason is above. If the lock file does not" \
			"match a package.json, run \`npm install\` in js/."
	if grep -q '"resolved": "http' "$root/js/package-lock.json"; then
		stop "js/package-lock.json names a registry's host. Run \`npm install\` in js/, whose .npmrc leaves it out."
	fi
}

case ${1:-} in
node) print_node ;;
npm) install_npm_packages ;;
*) usage "${BASH_SOURCE[0]}" ;;
esac
