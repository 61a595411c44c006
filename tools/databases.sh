#!/usr/bin/env bash
# databases.sh: prints the paths of the database servers' programs, as settings for `eval`. It installs missing ones;
# any version from Debian is sufficient.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# find_program NAME: searches PATH, and the folders where Debian puts programs for root or for a wrapper.
find_program() {
	local candidate
	for candidate in "$(command -v "$1" || true)" "$system/usr/sbin/$1" "$system"/usr/lib/postgresql/*/bin/"$1"; do
		if [ -x "$candidate" ]; then
			echo "$candidate"
			return
		fi
	done
	return 1
}

# database_program NAME PACKAGE...: finds or installs a program. If it stays missing, the tests say what they skip.
database_program() {
	local name=$1
	shift
	find_program "$name" || { apt_provide "$@" && find_program "$name"; } ||
		say missing "$name: install it (Debian: $*). Otherwise make test-databases fails, unless DATABASES_MISSING names it"
}

print_databases() {
	local postgres
	postgres=$(database_program postgres postgresql)
	# Its tools are in the folder of the program itself. PATH may contain only a link to the program.
	[ -z "$postgres" ] || postgres=$(readlink -f "$postgres")
	setting POSTGRES_BIN "${postgres%/*}"
	setting REDIS_SERVER "$(database_program redis-server redis-server)"
	setting MARIADBD "$(database_program mariadbd mariadb-server-core mariadb-client-core)"
	setting MARIADB_INSTALL_DB "$(find_program mariadb-install-db || true)"
}

print_databases
