#!/bin/sh
# The case does not depend on how many workers read it, nor on the order in
# which the evidence is named.
here=$(dirname "$0")
. "$here/evidence.sh"
postmortem=${BUILD:-build/release}/postmortem
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
make_evidence "$room/one"
make_evidence "$room/two"
echo "Subject: only here

text" > "$room/two/mail/extra.eml"

for j in 1 2 8; do
	"$postmortem" ingest -q -j $j -o "$room/j$j" "$room/one" "$room/two"
	check "jobs-$j-status" test $? -eq 0
done
"$postmortem" ingest -q -o "$room/turned" "$room/two" "$room/one"
check jobs-turned-status test $? -eq 0
check jobs-messages ask "$room/j1" "SELECT count(*) FROM messages" 3201
check jobs-paths ask "$room/j1" "SELECT count(*) FROM paths" 405
check jobs-sources ask "$room/j1" "SELECT count(*) FROM sources" 203
for other in j2 j8 turned; do
	check "jobs-same-$other" cmp "$room/j1/case.db" "$room/$other/case.db"
done
"$postmortem" verify "$room/j8"
check jobs-verify test $? -eq 0
exit $((failures > 0))
