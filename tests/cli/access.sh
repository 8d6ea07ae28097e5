#!/bin/bash
# Reconstruction from real files: stages against analyze, twice the same
# bytes, containers and order of records, suggest.
build=$(realpath "${BUILD:-build/release}")
work=$(mktemp -d) && cd "$work" || exit 1
trap 'rm -rf "$work"' EXIT

check() { # name status
	if [ "$2" = 0 ]; then echo "ok access: $1"; else echo "not ok access: $1"; fi
}

record() { # id time operation extra
	printf '{"Id":"00000000-0000-0000-0000-0000000000%s","CreationTime":"2023-05-%s","Operation":"%s","RecordType":%s,"Workload":"Exchange","ResultStatus":"Succeeded","UserId":"alice@x.example","MailboxGuid":"654c1387-07a5-4863-9cf8-dd26ab19e4da","MailboxOwnerUPN":"alice@x.example"%s}\n' "$@"
}
bind='"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"}]'
sync='"OperationProperties":[{"Name":"MailAccessType","Value":"Sync"}]'

mkdir -p ev/alice/Inbox ev/alice/Archive
for n in 1 2 3; do
	printf 'From: b@y.example\r\nTo: alice@x.example\r\nSubject: s%s\r\nMessage-ID: <%s@x>\r\nDate: Mon, 01 May 2023 10:00:00 +0000\r\n\r\ntext %s\r\n' $n $n $n
done >all
csplit -sf part all '/^From:/' '{*}'
for n in 4 5; do
	printf 'From: b@y.example\r\nTo: alice@x.example\r\nSubject: s%s\r\nMessage-ID: <%s@x>\r\nDate: Fri, 19 May 2023 10:00:00 +0000\r\n\r\nThe SECRET plan %s\r\n' $n $n $n >ev/alice/Inbox/$n.eml
done
mv part01 ev/alice/Inbox/1.eml; mv part02 ev/alice/Inbox/2.eml
mv part03 ev/alice/Archive/3.eml
{
	record 01 10T10:00:00 MailItemsAccessed 50 ",\"ClientIPAddress\":\"192.0.2.1\",\"ClientAppId\":\"good\",$bind"
	record 02 20T10:00:00 MailItemsAccessed 50 ",\"ClientIPAddress\":\"203.0.113.7\",\"SessionId\":\"s1\",$bind,\"Folders\":[{\"Id\":\"F1\",\"Path\":\"\\\\Inbox\",\"FolderItems\":[{\"InternetMessageId\":\"<1@x>\"}]}]"
	record 03 21T10:00:00 MailItemsAccessed 2 ",\"ClientIPAddress\":\"192.0.2.9\",\"SessionId\":\"s1\",$sync,\"Item\":{\"ParentFolder\":{\"Id\":\"F1\",\"Path\":\"Not Available\"}}"
	record 04 22T10:00:00 MailItemsAccessed 50 ",\"ClientIPAddress\":\"198.51.100.5\",\"ClientAppId\":\"new-app\",$bind,\"Folders\":[{\"Path\":\"\\\\Archive\",\"FolderItems\":[{\"InternetMessageId\":\"<3@x>\"}]}]"
	record 05 18T10:00:00 New-InboxRule 1 ",\"ClientIP\":\"203.0.113.7:99\",\"Parameters\":[{\"Name\":\"Name\",\"Value\":\".\"},{\"Name\":\"ForwardTo\",\"Value\":\"m@e.example\"},{\"Name\":\"BodyContainsWords\",\"Value\":\"none;secret plan 4\"}]"
} >records
mkdir one && cp -r ev one/ && cp records one/ev/audit.jsonl
cat >incident.yaml <<'YAML'
window: {from: 2023-05-15, to: 2023-06-16}
baseline_until: 2023-05-14
adversary: {ip: [203.0.113.7]}
mailboxes: [{address: alice@x.example, evidence: ["alice/**"]}]
YAML
pm() { "$build/postmortem" "$@" 2>>log; }

pm analyze -q -o a -i incident.yaml one/ev >/dev/null
check "analyze completes" $?
cut -d, -f3,4,13,14,15,16 a/reports/csv/messages.csv | tr -d '\r' | tail -n +2 | sort >got
cat >want <<'CSV'
Archive,<3@x>,possible,R7,2023-05-18T10:00:00Z,2023-05-21T10:00:00Z
Inbox,<1@x>,accessed,R1; R2; R7,2023-05-20T10:00:00Z,2023-05-20T10:02:00Z
Inbox,<2@x>,synced,R2; R7,2023-05-21T10:00:00Z,2023-05-21T10:00:00Z
Inbox,<4@x>,taken,R4; R2; R7,2023-05-19T10:00:00Z,2023-05-19T10:00:00Z
Inbox,<5@x>,synced,R2; R7,2023-05-21T10:00:00Z,2023-05-21T10:00:00Z
CSV
cmp -s got want || { cat got; false; }
check "named, synced, forwarded, possible" $?

pm ingest -q -o b one/ev >/dev/null
pm reconstruct -q -o b -i incident.yaml >/dev/null
pm report -q -o b >/dev/null
diff -r a/reports b/reports >diff.txt || { head -5 diff.txt; false; }
check "ingest, reconstruct and report give what analyze gives" $?
dump() { python3 -c "import sqlite3,sys
for line in sqlite3.connect('$1/case.db').iterdump(): print(line)"; }
dump a >dump.a; dump b >dump.b
cmp dump.a dump.b
check "and the same rows in the case" $?
cp b/case.db first.db
pm reconstruct -q -o b -i incident.yaml >/dev/null
pm report -q -o b >/dev/null
dump b | cmp - dump.b
check "reconstructing again gives the same rows" $?
cmp b/case.db first.db
check "and the same bytes" $?
diff -r a/reports b/reports >/dev/null
check "and the same reports" $?

pm explain -o a "$(grep '<5@x>' a/reports/csv/messages.csv | cut -d, -f1)" >explained
grep -q 'folder it lay in was synchronised' explained && grep -q 'record text' explained
check "explain: rule, record and its text" $?

# The same records shuffled, tripled, in an array, with upper-case ids.
mkdir -p two/ev three/ev
cp -r ev/alice two/ev/; cp -r ev/alice three/ev/
tac records >two/ev/audit.jsonl; cp records two/ev/more.jsonl
cat records >>two/ev/audit.jsonl
{ echo '['; sed 's/"Id":"0/"Id":"0/; s/$/,/; $ s/,$//' records; echo ']'; } >three/ev/audit.json
for set in two three; do
	pm analyze -q -o "c$set" -i incident.yaml "$set/ev" >/dev/null
	cut -d, -f3,4,13,14,15,16 "c$set/reports/csv/messages.csv" | tr -d '\r' | tail -n +2 | sort | cmp - want
	check "the same verdicts from $set" $?
done

pm suggest -o a >suggested
grep -q '"new-app"  # 1 records (1 suspicious) in 1 mailboxes, 2023-05-22T10:00:00Z to 2023-05-22T10:00:00Z; would add 1 accessed, 0 synced, 0 missing items; S1' suggested ||
    { cat suggested; false; }
check "suggest says what a line would add" $?
sed 's/^adversary:.*//' incident.yaml | cat - suggested >suggested.yaml
pm reconstruct -q -o a -i suggested.yaml >/dev/null
check "its lines are an incident file" $?
pm suggest -o nowhere >/dev/null; [ $? = 1 ]
check "suggest needs a case" $?
