#!/bin/bash
# What must agree between the files of any case: the demo, the worked cases,
# and a mix that nobody arranged.  A falsified case must be told.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/cli/evidence.sh
postmortem=$BUILD/postmortem
told() { python3 tests/tools/case_invariants.py "$@"; }

python3 testdata/demo/make_demo.py "$BUILD/pstgen" "$work/demo"
for name in oauth_app open_server; do
	python3 testdata/cases/make_case.py "$name" "$work/$name"
done
for name in demo oauth_app open_server; do
	"$postmortem" analyze -q -i "$work/$name/incident.yaml" \
	    -o "$work/$name/case" "$work/$name/evidence" 2>/dev/null
	check "invariants $name" told --evidence "$work/$name/evidence" \
	    "$work/$name/case"
done

# A mix: all of it at once, one file in two places, and files of no kind.
mkdir -p "$work/mix/again"
for name in demo oauth_app open_server; do
	cp -r "$work/$name/evidence" "$work/mix/$name"
done
cp "$work"/demo/evidence/*.pst "$work/mix/again/copy.pst"
make_evidence "$work/mix"
head -c 5000 "$work/demo/case/case.db" >"$work/mix/cut.db"
head -c 200000 "$work/mix/again/copy.pst" >"$work/mix/cut.pst"
"$postmortem" analyze -q -i "$work/demo/incident.yaml" -o "$work/all" \
    "$work/mix" 2>/dev/null
check "invariants mix" told --evidence "$work/mix" "$work/all"
"$postmortem" analyze -q -o "$work/bare" "$work/mix" 2>/dev/null
check "invariants mix without an incident file" told "$work/bare"

# The eyes: each of these must be seen.
falsified() { # NAME FILE SED
	rm -rf "$work/false"
	cp -r "$work/demo/case" "$work/false"
	sed -i "$3" "$work/false/reports/$2"
	told "$work/false" >"$work/said"
	[ $? = 1 ] && grep -q "^not ok .*$1" "$work/said"
}
check "invariants see a count" falsified "sources.csv\|messages" \
    jsonl/mailboxes.jsonl 's/"messages":9/"messages":8/'
check "invariants see a lost row" falsified "number of rows" \
    csv/access.csv 5d
check "invariants see another order" falsified "total order" \
    jsonl/messages.jsonl '1{h;d};2G'
check "invariants see a masked value that is not" falsified "masked" \
    csv/findings.csv 's/\*\*\*-\*\*-1907/***-**-1908/'
exit $((failures > 0))
