#!/bin/sh
# Faults on purpose at known items (MODE=debug): each costs its item, is a
# row in problems, and nothing else changes.
here=$(dirname "$0")
. "$here/evidence.sh"
postmortem=${BUILD_DEBUG:-build/debug}/postmortem
if [ ! -x "$postmortem" ]; then
	echo "not ok fault: no $postmortem (make MODE=debug)"
	exit 1
fi
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
make_evidence "$room/ev"
export POSTMORTEM_HANG_SECONDS=1

run() { # NAME FAULT STATUS: a case with this fault
	POSTMORTEM_FAULT=$2 "$postmortem" ingest -q --memory 1G \
	    -o "$room/$1" "$room/ev"
	check "fault-$1-status" test $? -eq "$3"
}

box=" FROM messages JOIN paths USING(source) WHERE path LIKE '%box.mbox'"
lost="SELECT group_concat(p.kind || '/' || items_lost || '/' || severity)
 FROM problems p WHERE severity <> 'note'"

run none "" 0
check fault-none-messages ask "$room/none" "SELECT count(*)$box" 3000
for what in crash hang memory lie open socket; do
	run $what "$what@7:box.mbox" 3
	check "fault-$what-messages" ask "$room/$what" \
	    "SELECT count(*)$box" 2999
	kind=crashed
	[ $what = hang ] && kind=hung
	[ $what = memory ] && kind=memory
	check "fault-$what-problem" ask "$room/$what" "$lost" \
	    "$kind/1/item_lost"
	check "fault-$what-locator" ask "$room/$what" "SELECT count(*) FROM
	    problems WHERE locator LIKE 'offset=%' AND severity='item_lost'" 1
done
# The item that is lost is the eighth: all others are there.
check fault-right-item ask "$room/crash" "SELECT count(*)$box AND
    subject='message 1007'" 0
check fault-right-place ask "$room/crash" "ATTACH '$room/none/case.db' AS n;
    SELECT count(*) FROM n.messages m JOIN main.problems p USING(locator)
    WHERE subject='message 1007'" 1
run several "crash@0:box.mbox,crash@1:box.mbox,lie@2999:box.mbox" 3
check fault-several ask "$room/several" "SELECT count(*)$box" 2997
# Between items nobody can say whose fault it is: it is tried again, and here
# that succeeds.
run between "between@7:box.mbox" 0
check fault-between cmp "$room/none/case.db" "$room/between/case.db"
run plan "plan@0:box.mbox" 3
check fault-plan ask "$room/plan" "SELECT status FROM sources JOIN paths
    USING(source) WHERE path LIKE '%box.mbox'" lost
check fault-plan-others ask "$room/plan" "SELECT count(*) FROM messages" 200
# One small file among many in the same worker.
run small "crash@0:77.eml" 3
check fault-small ask "$room/small" "SELECT count(*) FROM messages" 3199
check fault-small-which ask "$room/small" "SELECT path FROM paths JOIN
    problems USING(source) WHERE severity='item_lost'" ev/mail/77.eml
check fault-small-status ask "$room/small" "SELECT status FROM sources JOIN
    paths USING(source) WHERE path LIKE '%/77.eml'" partial
# A file that changes while it is read (the hang makes time for that).
POSTMORTEM_FAULT=hang@7:box.mbox POSTMORTEM_HANG_SECONDS=3 "$postmortem" \
    ingest -q -o "$room/changed" "$room/ev" &
sleep 1.5
echo more >> "$room/ev/mail/5.eml"
wait $!
check fault-changed ask "$room/changed" "SELECT path || ' ' || kind FROM
    problems JOIN paths USING(source) WHERE kind = 'changed'" \
    "ev/mail/5.eml changed"
make_evidence "$room/ev"

# Faults are the same rows whoever meets them.
for j in 1 8; do
	POSTMORTEM_FAULT="crash@7,hang@9:box.mbox" "$postmortem" ingest -q \
	    -j $j -o "$room/j$j" "$room/ev"
done
check fault-jobs cmp "$room/j1/case.db" "$room/j8/case.db"
exit $((failures > 0))
