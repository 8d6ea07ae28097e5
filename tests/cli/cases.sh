#!/bin/bash
# The worked cases beside the demo: reports against the truth of their scenarios.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/cli/evidence.sh

run_case() { # NAME: make, analyze, compare
	python3 testdata/cases/make_case.py "$1" "$work/$1"
	"$BUILD/postmortem" analyze -q -i "$work/$1/incident.yaml" \
	    -o "$work/$1/case" "$work/$1/evidence" 2>"$work/log"
	check "case $1 ends complete" [ $? = 0 ]
	cat "$work/log"
	check "case $1 truth is committed" \
	    diff -r "testdata/cases/$1/truth" "$work/$1/truth"
	python3 tests/cli/demo.py "testdata/cases/$1/truth" \
	    "$work/$1/case/reports/csv" | sed "s/demo/case $1/" >"$work/said"
	cat "$work/said"
	failures=$((failures + $(grep -c '^not ok' "$work/said")))
}

run_case open_server

run_case oauth_app
exit $((failures > 0))
