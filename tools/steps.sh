#!/usr/bin/env bash
# Runs commands at the same time, prints their expected times, and shows their progress.
#
#   steps.sh NAME TEXT COMMAND [NAME TEXT COMMAND]...
#
# TEXT says what the step does and roughly how long it takes. COMMAND is a line for bash. Its output goes to
# target/log/NAME.log. If the command fails, the end of the log is printed.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ $# = 0 ] || [ $(($# % 3)) != 0 ]; then usage "${BASH_SOURCE[0]}"; fi

while [ $# -gt 0 ]; do
	start_step "$1" "$2" bash -euo pipefail -c "$3"
	shift 3
done
finish_steps
