#!/bin/bash
# Precision and recall of every detector on the labelled set: 0.99 on high and
# medium (testdata/labelled). Prints the table.
cd "$(dirname "$0")/../.." || exit 1
. tests/cli/evidence.sh
program=${BUILD:-build/release}/postmortem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for seed in 20230711 7; do
	python3 testdata/labelled/make_labelled.py $seed "$work/$seed" 12
	mkdir "$work/$seed/evidence"
	mv "$work/$seed/labelled.mbox" "$work/$seed/evidence"
	check "labelled $seed ingest" "$program" ingest -q \
	    -o "$work/$seed/case" "$work/$seed/evidence"
	check "labelled $seed recall and precision" \
	    python3 testdata/labelled/score.py "$work/$seed/truth.csv" \
	    "$work/$seed/case/case.db"
done
exit "$failures"
