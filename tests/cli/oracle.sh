#!/bin/bash
# The rules of contract 3, done twice: the program against a slow and simple
# implementation (tests/access/oracle.py), on random small cases.
build=${BUILD:-build/release}
out=$(mktemp)
# ORACLE="FIRST COUNT" for other seeds, e.g. ORACLE="1000 5000"
# shellcheck disable=SC2086
if timeout 600 python3 tests/access/oracle.py "$build/postmortem" \
    ${ORACLE:-1 60} >"$out" 2>&1; then
	echo "ok oracle"
else
	head -60 "$out"
	echo "not ok oracle"
fi
# Each rule that the oracle knows was met.
for rule in R1 R1c R1s R4 R5 R2 R2u R3 R6 R9 R7 R7f; do
	if grep -q " \?$rule=" "$out"; then
		echo "ok oracle: $rule"
	else
		echo "not ok oracle: $rule never met"
	fi
done
rm -f "$out"
