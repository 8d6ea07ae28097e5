#!/bin/bash
# The demo case, whole: its reports against the truth that its scenario wrote.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/cli/evidence.sh

python3 testdata/demo/make_demo.py "$BUILD/pstgen" "$work"
"$BUILD/postmortem" analyze -q -i "$work/incident.yaml" -o "$work/case" \
    "$work/evidence" 2>"$work/log"
status=$?
check "demo ends with losses, and says so" [ "$status" = 3 ]
[ "$status" = 3 ] || cat "$work/log"
# The committed truth is the scenario's; make demo-evidence, then copy it.
check "demo truth is committed" diff -r testdata/demo/truth "$work/truth"
python3 tests/cli/demo.py testdata/demo/truth "$work/case/reports/csv" ||
    failures=$((failures + 1))

# Again, on one worker: the same bytes.
"$BUILD/postmortem" analyze -q -j 1 -i "$work/incident.yaml" -o "$work/again" \
    "$work/evidence" 2>/dev/null
check "demo again is the same" diff -r "$work/case/reports" \
    "$work/again/reports"

# Suspicious events count: page one says that alone.
"$BUILD/postmortem" analyze -q --count-suspicious -i "$work/incident.yaml" \
    -o "$work/counted" "$work/evidence" 2>/dev/null
says() { tr '\n' ' ' <"$work/$1/reports/index.html" | grep -q "$2"; }
check "demo: suspicious is not counted, and said" \
    says case 'looks suspicious and is not counted'
check "demo: suspicious is counted, and said" \
    says counted 'suspicious events are counted as the intruder'
check "demo: not both" sh -c "! grep -q 'looks suspicious' \
    '$work/counted/reports/index.html'"
exit $((failures > 0))
