#!/bin/sh
# Wrong usage and bad input: a message that names file and place and says what
# to do, the contract's exit status, and nothing lost silently.
here=$(realpath "$(dirname "$0")")
. "$here/evidence.sh"
postmortem=$(realpath "${BUILD:-build/release}/postmortem")
room=$(mktemp -d)
trap 'umount "$room/small" 2>/dev/null; rm -rf "$room"' EXIT
cd "$room" || exit 1

# says NAME STATUS TEXT COMMAND...: ends with STATUS, stderr holds TEXT.
says() {
	name=$1 status=$2 text=$3
	shift 3
	"$@" > out 2> err
	got=$?
	if [ "$got" = "$status" ] && { [ -z "$text" ] || grep -qF -- "$text" err; }
	then
		echo "ok bad-$name"
	else
		echo "not ok bad-$name: status $got, wanted $status; stderr:"
		sed 's/^/# /' err
		failures=$((failures + 1))
	fi
}

has_problem() { # CASE KIND SEVERITY TEXT
	grep -q "$2,$3,.*$4" "$1/reports/csv/problems.csv"
}

mail() { printf 'From: a@b.example\nSubject: %s\nDate: %s\n\nhi\n' "$1" \
    'Mon, 02 Jan 2023 10:00:00 +0000'; }

mkdir ev
mail one > ev/1.eml
echo hi > plain
mkdir foreign
echo hi > foreign/file

says no-command 2 'usage:' "$postmortem"
says unknown-command 2 "unknown command 'frob'" "$postmortem" frob
says no-evidence-named 2 'name files or folders' "$postmortem" analyze -o c
says no-case 2 'give -o CASE' "$postmortem" analyze ev
says no-value 2 'value is missing' "$postmortem" analyze -o
says empty-value 2 'value is missing' "$postmortem" analyze --memory= ev
says twice 2 "given twice: '-o'" "$postmortem" analyze -o c -o d ev
says unknown-option 2 "unknown option '--frob'" \
    "$postmortem" analyze -o c --frob ev
says option-first 2 "a command comes first, not '-o'" \
    "$postmortem" -o c analyze ev
says option-of-another 2 'report takes no -i; it is for: analyze reconstruct' \
    "$postmortem" report -o c -i incident.yaml
says word-too-many 2 "report takes no 'ev'" "$postmortem" report -o c ev
says no-incident 2 'give -i INCIDENT.yaml' "$postmortem" reconstruct -o c
says half-as 2 '--as needs FORMAT and FILE' "$postmortem" analyze -o c --as eml
says help 0 '' "$postmortem" analyze --help
check bad-help-said grep -q 'usage:' out
says bad-workers 2 "not a number of workers '0'" \
    "$postmortem" analyze -j 0 -o c ev
says bad-size 2 "not a size '4X'" \
    "$postmortem" analyze --memory 4X -o c ev
says bad-format 2 "no format 'frob'" \
    "$postmortem" analyze -o c --as frob ev/1.eml
says not-there 4 'nothere: No such file' "$postmortem" analyze -o c1 nothere
says case-is-file 1 'plain: Not a directory' "$postmortem" analyze -o plain ev
says case-foreign 1 'name a new or empty folder' \
    "$postmortem" analyze -o foreign ev
says report-no-case 1 'not a case' "$postmortem" report -o nowhere
says verify-no-case 1 'not a case' "$postmortem" verify nowhere

printf 'name: x\nfrobnicate: 3\n' > unknown.yaml
printf 'window:\n  from: banana\n' > date.yaml
printf 'a: [\n' > broken.yaml
printf 'adversary: {ip: [300.1.2.3]}\n' > ip.yaml
rm -rf c
says incident-key 2 "unknown.yaml:2: unknown key 'frobnicate'" \
    "$postmortem" analyze -o c -i unknown.yaml ev
says incident-date 2 'date.yaml:2:' "$postmortem" analyze -o c -i date.yaml ev
says incident-yaml 2 'broken.yaml:2: not YAML' \
    "$postmortem" analyze -o c -i broken.yaml ev
says incident-ip 2 'ip.yaml:1:' "$postmortem" analyze -o c -i ip.yaml ev
says incident-folder 2 'ev: Is a directory' \
    "$postmortem" analyze -o c -i ev ev
says no-key-file 2 'nokey: No such file' \
    "$postmortem" analyze -o c --value-key nokey ev
# Tables of one's own, as a spreadsheet leaves them.
rules() { rm -rf rules && mkdir rules && cat > "rules/$1"; }
printf 'name,fold\n' | rules nicknames.csv
says rules-column 2 "rules/nicknames.csv:1: column" \
    "$postmortem" analyze -o c --rules rules ev
table=$here/../../forensics/people/tables/nicknames.csv
{ cat "$table"; echo 'one'; } | rules nicknames.csv
says rules-short 2 "another number of fields than columns" \
    "$postmortem" analyze -o c --rules rules ev
{ cat "$table"; echo 'a,"b'; } | rules nicknames.csv
says rules-quote 2 "a quote is not closed" \
    "$postmortem" analyze -o c --rules rules ev
: | rules detectors.csv
says rules-empty 2 'rules/detectors.csv: empty' \
    "$postmortem" analyze -o c --rules rules ev
says rules-unknown 2 'no table of this name' \
    "$postmortem" analyze -o c --rules ev ev
{ printf '\357\273\277'; sed 's/$/\r/' "$table"; } | rules nicknames.csv
says rules-spreadsheet 0 '' "$postmortem" analyze -q -o c05 --rules rules ev

says incident-none 2 'nofile.yaml: No such file' \
    "$postmortem" analyze -o c -i nofile.yaml ev
check bad-nothing-made test ! -e c

# stdout is for what was asked; -v and --log say what was done.
says quiet-stdout 0 'report: c0/reports/index.html' \
    "$postmortem" analyze --memory=2G -j2 -oc0 ev
check bad-stdout-empty test ! -s out
says verbose 0 'ev/1.eml: eml, ok, 1 messages, 0 records, 0 problems' \
    "$postmortem" analyze -q -v --log=log -o c00 ev
check bad-log-kept grep -q 'writing reports' log
mkdir named
{ mail number; echo 'SSN: 536-22-1234'; } > 'named/SSN 536-22-1234.eml'
says log-masked 0 '' "$postmortem" analyze -q --log log2 -o c06 named
check bad-log-masked grep -qF 'named/SSN ***-**-1234.eml: eml' log2
check bad-nothing-raw sh -c '! grep -rlF 536-22-1234 log2 c06/reports'
says verified 0 '' "$postmortem" verify c00
check bad-verify-said grep -q 'c00: evidence, outputs' out
says as-twice 0 '' "$postmortem" analyze -q -o c01 --as eml ev/1.eml \
    --as eml plain ev
check bad-as-both ask c01 "SELECT group_concat(kind) FROM sources" eml,eml

# Few file descriptors are enough; too few are said.
says few-descriptors 0 '' timeout 60 sh -c \
    "ulimit -n 40; exec '$postmortem' analyze -q -o c06a ev"
says no-descriptors 5 'Too many open files' timeout 60 sh -c \
    "ulimit -n 10; exec '$postmortem' analyze -q -o c06b ev"

# Nothing is written into evidence, no access time either.
says case-inside 2 'where nothing may be written' \
    "$postmortem" analyze -o ev/case ev
says case-inside-later 2 'lies in the evidence ev' \
    "$postmortem" ingest -o ev/../ev/new/case ev/
says case-inside-here 2 'lies in the evidence .' \
    "$postmortem" analyze -o case .
touch -d '2020-01-01 01:02:03' ev/1.eml
before=$(stat -c '%X %Y %Z %s' ev/1.eml)
says untouched 0 '' "$postmortem" analyze -q -o c02 ev
check bad-no-trace test "$before" = "$(stat -c '%X %Y %Z %s' ev/1.eml)"
check bad-nothing-inside test "$(ls -A ev)" = 1.eml
cp -r c02 c04
truncate -s -5 c04/custody.jsonl
says custody-cut 6 '' "$postmortem" verify c04
check bad-custody-cut grep -q 'custody.jsonl: line [0-9]*: cut' out
says nothing-read-quiet 4 'plain: no format' "$postmortem" analyze -q -o c03 \
    plain
rm -r c03
says nothing-read 4 'plain: no format is known' "$postmortem" analyze -o c03 \
    plain

# One argument absent beside one that is there: read, and said.
says half-there 3 'nothere: No such file' "$postmortem" analyze -o c2 ev nothere
check bad-half-problem has_problem c2 unreadable source_lost 'not there'
says explain-nothing 1 'no such id' "$postmortem" explain -o c2 M-0123456789abcdef

says inspect-half 3 'nothere: No such file' \
    "$postmortem" inspect ev/1.eml nothere

# Files of every odd kind.
mkdir ev/loop
ln -s .. ev/loop/up
mkfifo ev/pipe
: > ev/empty
head -c 3000 /dev/zero > ev/zeros
says odd-files 3 '' "$postmortem" analyze -o c3 ev
check bad-symlink has_problem c3 symlink note 'not followed'
check bad-pipe has_problem c3 unreadable note 'device, socket or pipe'
check bad-zeros has_problem c3 unknown_format source_lost ''
check bad-empty grep -q 'ev/empty,empty,0,' c3/reports/csv/sources.csv
check bad-mail-read ask c3 "SELECT count(*) FROM messages" 1
if [ "$(id -u)" = 0 ] && mkdir ev/again && mount --bind ev ev/again \
    2> /dev/null; then
	says folder-loop 3 '' "$postmortem" analyze -o c4 ev
	umount ev/again
	check bad-folder-loop has_problem c4 unreadable note 'lies inside itself'
fi
rm -rf ev/again

# A file nobody may read, as a user who is not root.
chmod 700 "$room"
if [ "$(id -u)" != 0 ]; then
	chmod 000 ev/1.eml
	says unreadable 4 '' "$postmortem" analyze -o c5 ev/1.eml
	chmod 600 ev/1.eml
fi

# Evidence that changes after it was hashed and read.
"$postmortem" analyze -q -o c6 ev/1.eml 2> /dev/null
mail two > ev/1.eml
says verify-changed 6 '' "$postmortem" verify c6
check bad-verify-names grep -q '1.eml: differs from what was read' out
echo x >> c6/reports/csv/people.csv
"$postmortem" verify c6 > out
check bad-verify-report grep -q 'people.csv: differs from manifest' out

# A disk that is full.
make_evidence many
if [ "$(id -u)" = 0 ] && mkdir small &&
    mount -t tmpfs -o size=1m none small 2> /dev/null; then
	says disk-full 5 'running again continues' \
	    "$postmortem" analyze -q -o small/case many
	mount -o remount,size=64m small
	says disk-room 0 '' "$postmortem" analyze -q -o small/case many
	"$postmortem" analyze -q -o elsewhere many
	check bad-disk-same cmp small/case/case.db elsewhere/case.db
fi
# stdout that cannot be written.
says stdout-full 5 'standard output' sh -c \
    "exec '$postmortem' --help > /dev/full"
says stdout-full-command 5 'standard output' sh -c \
    "exec '$postmortem' selftest > /dev/full"
exit $((failures > 0))
