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

# The same in an archive: the same conclusions.
same_columns() { # FILE COLUMNS...
	python3 - "$work/case" "$work/zipped" "$@" <<-'END'
	import csv, sys
	def rows(case):
	    name = f"{case}/reports/csv/{sys.argv[3]}.csv"
	    with open(name, encoding="utf-8-sig", newline="") as file:
	        return sorted([row[c] for c in sys.argv[4:]]
	                      for row in csv.DictReader(file))
	a, b = rows(sys.argv[1]), rows(sys.argv[2])
	for row in [r for r in a if r not in b] + [r for r in b if r not in a]:
	    print("#", row)
	sys.exit(a != b)
	END
}
(cd "$work/evidence" && python3 -m zipfile -c ../all.zip ./*)
"$BUILD/postmortem" analyze -q -i "$work/incident.yaml" -o "$work/zipped" \
    "$work/all.zip" 2>/dev/null
check "demo zipped: messages" same_columns messages mailbox folder \
    internet_message_id state exposure rules first_access_utc \
    last_access_utc access_records flags data_elements
check "demo zipped: coverage" same_columns coverage mailbox from_utc to_utc \
    status reason
check "demo zipped: sessions" same_columns sessions session attribution \
    events items_bound mailboxes
check "demo zipped: duties" same_columns duties duty_id trigger \
    people_deadline regulator_deadline
python3 tests/tools/case_invariants.py "$work/zipped" >"$work/said" ||
    cat "$work/said"
check "demo zipped: invariants" grep -q '^ok case' "$work/said"

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
