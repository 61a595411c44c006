#!/usr/bin/env bash
# Functions for all scripts of this folder. The scripts source this file; it does nothing by itself.
#
# Answers go to stdout, because make reads them with `$(…)`. Messages go to stderr.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/target/log
# Programs outside PATH are searched below this folder. The tests of these scripts set it.
# shellcheck disable=SC2034
system=${SYSTEM_ROOT:-}

say() { printf '  %-12s %s\n' "$1" "$2" >&2; }

stop() {
	{
		echo
		printf '%s\n' "$@"
	} >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# setting NAME VALUE: prints a line for eval. The value may contain any character.
setting() { printf 'export %s=%q\n' "$1" "$2"; }

# usage SCRIPT: prints its leading comment.
usage() {
	awk 'NR > 1 && (!/^#/ || /^# shellcheck/) { exit } NR > 1 { sub(/^# ?/, ""); print }' "$1" >&2
	exit 2
}

# at_least HAVE WANT: compares dotted versions.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# someone_is_there: whether a person can answer a question. stdout does not count, because make reads it.
someone_is_there() { [ -t 0 ] && [ -t 2 ] && [ -z "${CI:-}" ]; }

# confirm QUESTION: reads one key. Only y means yes.
confirm() {
	local key=
	printf '\n%s [y/N] ' "$1" >&2
	read -r -n 1 key || true
	echo >&2
	[ "$key" = y ] || [ "$key" = Y ]
}

# Debian packages

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# `env` carries the variable through sudo, which clears the environment.
apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

apt_is_usable() {
	if ! have apt-get || ! have apt-cache; then
		say apt "is not on this machine, so nothing can be installed with it"
		return 1
	fi
	[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || {
		say apt "needs root, but sudo asks for a password or is missing. You can run this yourself:"
		say "" "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
		return 1
	}
}

# candidate PACKAGE: the version that apt would install, without epoch and revision: 1.96.0 for 1:1.96.0+dfsg1-1.
candidate() {
	local version
	version=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p')
	version=${version#*:}
	case $version in '(none)') ;; *) printf '%s\n' "${version%%[-+~]*}" ;; esac
}

# apt_is_short_of ALIKE PACKAGE[>=VERSION]...: prints what apt's lists lack, or returns false if they lack nothing. A
# package without a version may have any version. If ALIKE is not empty, all packages must have the same version.
apt_is_short_of() {
	local alike=$1 need package version found first=
	shift
	for need in "$@"; do
		package=${need%%>=*} version=
		[ "$package" = "$need" ] || version=${need#*>=}
		[ -n "$alike$version" ] || continue
		found=$(candidate "$package")
		if [ -z "$found" ]; then
			echo "apt's lists have no $package"
			return
		elif [ -n "$version" ] && ! at_least "$found" "$version"; then
			echo "apt's lists have $package $found, but $version or newer is needed"
			return
		elif [ -n "$alike" ] && [ -n "$first" ] && [ "$found" != "${first#* }" ]; then
			echo "apt's lists have $first but $package $found, but they must have the same version"
			return
		fi
		first=${first:-$package $found}
	done
	return 1
}

# apt-get waits for its lock when it installs, but not when it refreshes. Just after a machine's start, another apt
# often holds the lock.
apt_update() {
	local try output
	for try in {1..40}; do
		output=$(apt_get update 2>&1) && return
		printf '%s\n' "try $try:" "$output"
		case $output in *"Could not get lock"*) sleep 3 ;; *) return 1 ;; esac
	done
	return 1
}

apt_refresh() {
	start_step apt "refreshes its package lists (ten seconds)" apt_update
	finish_steps || say apt "could not refresh all of its lists"
}

apt_install() {
	start_step apt "installs $* (half a minute)" apt_get install -y --no-install-recommends "$@"
	finish_steps
}

# apt_provide [--alike] PACKAGE[>=VERSION]...: installs or upgrades the packages. The machine's lists may be missing.
# They may also be so old that the server no longer has their packages, or that their versions are too old. In each
# case, the lists are refreshed once. Returns false if that does not help; the caller then tells the person what to do.
apt_provide() {
	local alike='' fresh='' short
	[ "$1" != --alike ] || { alike=yes && shift; }
	local packages=("${@%%>=*}")
	apt_is_usable "${packages[@]}" || return 1
	if short=$(apt_is_short_of "$alike" "$@"); then
		say apt "$short"
		apt_refresh
		fresh=yes
		if short=$(apt_is_short_of "$alike" "$@"); then
			say apt "$short, also after a refresh"
			return 1
		fi
	fi
	apt_install "${packages[@]}" && return
	[ -z "$fresh" ] || return 1
	apt_refresh
	if short=$(apt_is_short_of "$alike" "$@"); then
		say apt "$short, also after a refresh"
		return 1
	fi
	apt_install "${packages[@]}"
}

# Steps that take a while

step_names=() step_logs=() step_pids=() step_starts=() step_texts=() step_shown=0 nested_step_failed=

# start_step NAME TEXT COMMAND...: starts the command in the background and writes its output to a log. finish_steps
# then prints TEXT, which contains the expected time, and shows the progress.
start_step() {
	local name=$1 text=$2 log=$logs/$1.log
	shift 2
	# A step inside a step writes to the log of the outer one.
	if [ -n "${WITHIN_A_STEP:-}" ]; then
		"$@" >&2 </dev/null || nested_step_failed=yes
		return
	fi
	mkdir -p "$logs"
	: >"$log"
	# In its own process group, so that Ctrl-C can end all its processes.
	set -m
	# cargo --quiet then prints only its progress bar, and finish_steps reads the numbers from it.
	(
		export CARGO_TERM_PROGRESS_WHEN=always CARGO_TERM_PROGRESS_WIDTH=80 WITHIN_A_STEP=yes
		"$@"
	) >"$log" 2>&1 </dev/null &
	step_pids+=($!)
	set +m
	step_names+=("$name") step_texts+=("$text") step_logs+=("$log") step_starts+=("$SECONDS")
}

# finish_steps: waits for all started steps. If one fails, prints its log, ends the others and returns false.
finish_steps() {
	local i line ticks=0 left=${#step_pids[@]} failed=$nested_step_failed
	nested_step_failed=
	step_shown=$SECONDS
	[ "$left" -gt 0 ] || { [ -z "$failed" ] && return; }
	trap 'stop_steps; exit 130' INT TERM HUP
	while [ "$left" -gt 0 ]; do
		for i in "${!step_pids[@]}"; do
			[ -n "${step_pids[i]}" ] || continue
			# A step that ends quickly gets no line.
			if [ "$ticks" = 2 ]; then say "${step_names[i]}" "${step_texts[i]}"; fi
			kill -0 "${step_pids[i]}" 2>/dev/null || { finish_step "$i" "$ticks" || failed=yes; }
		done
		[ -z "$failed" ] || stop_steps
		left=0 line=
		for i in "${!step_pids[@]}"; do
			[ -n "${step_pids[i]}" ] || continue
			left=$((left + 1))
			line+="${line:+ | }${step_names[i]} $((SECONDS - step_starts[i])) s$(step_progress "${step_logs[i]}")"
		done
		if [ "$left" -gt 0 ]; then
			[ "$ticks" -lt 2 ] || show_progress "$line"
			sleep 0.3
		fi
		ticks=$((ticks + 1))
	done
	show_progress ""
	trap - INT TERM HUP
	step_names=() step_logs=() step_pids=() step_starts=() step_texts=()
	[ -z "$failed" ]
}

# finish_step INDEX TICKS: handles the result of a step that has ended.
finish_step() {
	local pid=${step_pids[$1]} name=${step_names[$1]} seconds=$((SECONDS - step_starts[$1]))
	step_pids[$1]=
	show_progress ""
	if wait "$pid"; then
		[ "$2" -lt 3 ] || say "$name" "done, $seconds s"
		return
	fi
	say "$name" "failed, $seconds s. The end of ${step_logs[$1]#"$root/"}:"
	tr '\r' '\n' <"${step_logs[$1]}" | grep -v -e '^ *$' -e '^ *\[[=> ]*\] [0-9]' | tail -n 25 >&2
	return 1
}

stop_steps() {
	local i
	for i in "${!step_pids[@]}"; do
		[ -z "${step_pids[i]}" ] || kill -TERM -- "-${step_pids[i]}" 2>/dev/null || true
		step_pids[i]=
	done
}

# step_progress LOG: prints cargo's count, such as " 34/120", if the log has one.
step_progress() { tail -c 400 "$1" | tr '\r' '\n' | sed -n 's/^ *\[[=> ]*\] \([0-9]*\/[0-9]*\).*/ \1/p' | tail -n 1; }

# show_progress LINE: overwrites one line on a terminal. Elsewhere, prints a line every half minute.
show_progress() {
	if [ -t 2 ] && [ -z "${CI:-}" ]; then
		printf '\r\033[K%s' "${1:+  ... $1}" >&2
	elif [ -n "$1" ] && [ $((SECONDS - step_shown)) -ge 30 ]; then
		say ... "$1"
		step_shown=$SECONDS
	fi
}
