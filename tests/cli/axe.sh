#!/bin/bash
# Contrast, landmarks, names and order of the report by axe-core.
build=${BUILD:-build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

axe=$(tests/browser/fetch_axe.sh build/npm) || {
	echo "skip axe: $axe"
	exit 0
}
python3 tests/reports/make_case.py "$work/plain" plain || exit 1
"$build/postmortem" report -q -o "$work/plain" >/dev/null
[ $? = 3 ] || { echo "not ok axe: report"; exit 1; }
python3 tests/browser/check_axe.py "$axe" "$work/plain/reports"
