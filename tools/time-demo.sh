#!/usr/bin/env bash
# time-demo.sh: measures `make demo` from a fresh clone of HEAD to the first answer of its page.
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

folder=$(mktemp -d)
log=$folder/log
set -m
(
	git clone --quiet "$root" "$folder/clone"
	cd "$folder/clone"
	PORT=0 exec make demo
) >"$log" 2>&1 </dev/null &
demo=$!
set +m
trap 'kill -TERM -- "-$demo" 2>/dev/null || true; rm -rf "$folder"' EXIT

until address=$(grep -o 'Touchstone demo: .*' "$log"); do
	kill -0 "$demo" 2>/dev/null || stop "make demo failed:" "$(tail -n 30 "$log")"
	sleep 0.5
done
node -e 'fetch(process.argv[1]).then((page) => process.exit(page.ok ? 0 : 1))' "${address#*: }" ||
	stop "The page does not answer at ${address#*: }."
cat "$log"
echo "$SECONDS seconds from a fresh clone to the page (load: $(uptime | sed 's/.*average[s]*: //'))"
