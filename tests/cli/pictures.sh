#!/bin/bash
# The main pages beside their golden pictures (tests/browser/golden). After a
# change that is meant: tests/browser/check_pictures.py --update REPORTS.
build=${BUILD:-build/release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 tests/reports/make_case.py "$work/plain" plain || exit 1
"$build/postmortem" report -q -o "$work/plain" >/dev/null
[ $? = 3 ] || { echo "not ok picture: report"; exit 1; }
python3 tests/browser/check_pictures.py $UPDATE "$work/plain/reports"
