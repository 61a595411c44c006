#!/usr/bin/env bash
# Finds a browser for the tests, or installs Debian's.
#
#   browser.sh chromium       the path of a Chromium
#   browser.sh chromedriver   the path of its driver, in the same major version
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# version_of PROGRAM: prints 156.0.1 for "Chromium 156.0.1 built on …", or nothing if the program does not start.
version_of() { "$1" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p;1q' || true; }

find_chromium() {
	local candidate
	for candidate in "${CHROME_PATH:-}" chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
		# Ubuntu has a chromium-browser that only tells people to install something else.
		if [ -n "$candidate" ] && have "$candidate" && [ -n "$(version_of "$candidate")" ]; then
			command -v "$candidate"
			return
		fi
	done
	return 1
}

print_chromium() {
	find_chromium || { apt_provide chromium && find_chromium; } ||
		stop "No Chromium found, and the package chromium cannot be installed from here. Install Chromium or Chrome, or set" \
			"CHROME_PATH to one, then try again."
}

# pair: prints both versions. Returns false unless both programs exist and have the same major version.
pair() {
	local chromium='' driver=''
	chromium=$(find_chromium) && chromium=$(version_of "$chromium")
	! have chromedriver || driver=$(version_of chromedriver)
	echo "Chromium is ${chromium:-missing}, chromedriver is ${driver:-missing}"
	[ -n "$driver" ] && [ "${chromium%%.*}" = "${driver%%.*}" ]
}

print_chromedriver() {
	local found
	if ! found=$(pair); then
		say browser "$found; they must have the same major version"
		# Installs both, even if one exists: they are built from one source, and their packages need equal versions.
		apt_provide --alike chromium chromium-driver || true
		found=$(pair) || stop "$found. The tests in a browser need both, with the same major version. Install on" \
			"PATH the chromedriver for your version of Chromium or Chrome, or unset CHROME_PATH if it names another Chromium." \
			"Then try again."
	fi
	command -v chromedriver
}

case ${1:-} in
chromium) print_chromium ;;
chromedriver) print_chromedriver ;;
*) usage "${BASH_SOURCE[0]}" ;;
esac
