#!/bin/sh
# Killed at twenty moments, interrupted, out of disk: running again continues
# and the case at the end is the one of a run that nothing disturbed.
here=$(dirname "$0")
. "$here/evidence.sh"
postmortem=${BUILD:-build/release}/postmortem
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
make_evidence "$room/ev"

# What was killed may have left a child that has not run yet and so still
# holds the lock; on a busy machine that takes a while.
continue_run() {
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		"$postmortem" ingest -q -o "$room/killed" "$room/ev" \
		    2> "$room/said"
		status=$?
		grep -q 'in use by another run' "$room/said" || break
		sleep 0.5
	done
	return $status
}

"$postmortem" ingest -q -o "$room/whole" "$room/ev"
check resume-whole-status test $? -eq 0
# Moments from 5 to 195 ms in an order of their own, the same each time.
for ms in 005 045 015 095 145 025 075 105 035 185 055 125 065 165 085 115 \
    135 155 175 195; do
	"$postmortem" ingest -q -o "$room/killed" "$room/ev" &
	victim=$!
	sleep 0.$ms
	kill -9 $victim 2> /dev/null
	wait $victim 2> /dev/null
done
continue_run
check resume-killed-status test $? -eq 0
check resume-killed-same cmp "$room/whole/case.db" "$room/killed/case.db"
"$postmortem" verify "$room/killed"
check resume-killed-verify test $? -eq 0

# An interrupt ends with status 7, or 0 when the run was quicker.
"$postmortem" ingest -q -o "$room/stopped" "$room/ev" 2> /dev/null &
victim=$!
sleep 0.08
kill -INT $victim 2> /dev/null
wait $victim
status=$?
check resume-interrupted-status test $status -eq 7 -o $status -eq 0
"$postmortem" ingest -q -o "$room/stopped" "$room/ev"
check resume-interrupted-again test $? -eq 0
check resume-interrupted-same cmp "$room/whole/case.db" \
    "$room/stopped/case.db"

# A file size limit stands for a full disk.
(
	ulimit -f 400
	trap '' XFSZ
	"$postmortem" ingest -q -o "$room/full" "$room/ev" 2> "$room/said"
)
check resume-full-status test $? -eq 5
check resume-full-message grep -q 'running again continues' "$room/said"
"$postmortem" ingest -q -o "$room/full" "$room/ev"
check resume-full-again test $? -eq 0
check resume-full-same cmp "$room/whole/case.db" "$room/full/case.db"

# Two writers at once: the second is told so.
"$postmortem" ingest -q -o "$room/twice" "$room/ev"
check resume-first-writer test $? -eq 0
flock "$room/twice" "$postmortem" ingest -q -o "$room/twice" "$room/ev" \
    2> "$room/said"
check resume-second-writer test $? -eq 1
check resume-second-told grep -q 'in use by another run' "$room/said"
exit $((failures > 0))
