#!/usr/bin/env bash
# databases.sh: settings that say where the programs of database servers are, as lines for `eval`. It installs what is
# missing; any version that Debian has will do.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# find_program NAME: on PATH, or where Debian keeps what only root or a wrapper is to start.
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

# database_program NAME PACKAGE...: the tests name what stays missing, and say what they then leave out.
database_program() {
	local name=$1
	shift
	find_program "$name" || { apt_provide "$@" && find_program "$name"; } ||
		say missing "$name: install it (Debian: $*), else make test-databases fails unless DATABASES_MISSING names it"
}

print_databases() {
	local postgres
	postgres=$(database_program postgres postgresql)
	# Its tools lie beside the program itself, which PATH may only have a link to.
	[ -z "$postgres" ] || postgres=$(readlink -f "$postgres")
	setting POSTGRES_BIN "${postgres%/*}"
	setting REDIS_SERVER "$(database_program redis-server redis-server)"
	setting MARIADBD "$(database_program mariadbd mariadb-server-core mariadb-client-core)"
	setting MARIADB_INSTALL_DB "$(find_program mariadb-install-db || true)"
}

print_databases
