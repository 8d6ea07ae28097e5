#!/bin/bash
# The HTML report in a real browser: hostile content, looks, print, keyboard.
build=${BUILD:-build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for kind in plain hostile "many 4000"; do
	set -- $kind
	python3 tests/reports/make_case.py "$work/$1" "$@" || exit 1
	"$build/postmortem" report -o "$work/$1" >/dev/null
	[ $? = 3 ] || { echo "not ok report of the $1 case"; exit 1; }
done
python3 tests/browser/check_report.py "$work/plain" "$work/hostile" \
    "$work/many"
