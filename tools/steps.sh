#!/usr/bin/env bash
# Runs commands at the same time, says how long they take, and shows how far they are.
#
#   steps.sh NAME TEXT COMMAND [NAME TEXT COMMAND]...
#
# TEXT says what the step does and roughly how long it takes. The output of each COMMAND, a line for bash, goes to
# target/log/NAME.log, and its end to the terminal if the command fails.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ $# = 0 ] || [ $(($# % 3)) != 0 ]; then usage "${BASH_SOURCE[0]}"; fi

while [ $# -gt 0 ]; do
	start_step "$1" "$2" bash -euo pipefail -c "$3"
	shift 3
done
finish_steps
