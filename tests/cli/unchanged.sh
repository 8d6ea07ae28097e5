#!/bin/bash
# A second `report` after nothing changed writes nothing; after anything
# changed it writes, and the same bytes as the first time.
set -u
cd "$(dirname "$0")/../.." || exit 1
pm=$PWD/${BUILD:-build/release}/postmortem
. tests/cli/evidence.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/ev"
printf 'Subject: x\n\ncard 4111 1111 1111 1111\n' > "$dir/ev/1.eml"
case=$dir/case

# state: every file with its inode and times, and what it holds
state() {
	(cd "$case" && find . -printf '%p %i %T@ %C@ %s\n' | LC_ALL=C sort
	 cat custody.jsonl)
}
content() {
	(cd "$case" && find reports -type f -exec sha256sum {} + |
	 LC_ALL=C sort -k2; cat manifest.sha256)
}
written() { [ "$(state)" != "$before" ]; }
untouched() { [ "$(state)" = "$before" ]; }
again() { # NAME written|untouched OPTION...: run report, look at the case
	name=$1 how=$2
	shift 2
	before=$(state)
	"$pm" report -q -o "$case" "$@" 2> "$dir/log"
	check "$name" "$how"
}

"$pm" analyze -q -o "$case" "$dir/ev"
first=$(content)
again "nothing changed: nothing is written" untouched
again "nor the third time" untouched
check "the case verifies" "$pm" verify -q "$case"
again "another option: written" written --unmask
again "the same option again: not" untouched --unmask
again "without it: written" written
check "as the first time, byte for byte" [ "$(content)" = "$first" ]
printf 'key' > "$dir/key"
again "a value key: written" written --value-key "$dir/key"
again "the same key: not" untouched --value-key "$dir/key"
printf 'other' > "$dir/key"
again "another key in the same file: written" written --value-key "$dir/key"
again "exchange files: written" written --exchange dfxml
again "without: written" written
echo x >> "$case/reports/csv/messages.csv"
again "a damaged report: written" written
check "and whole again" [ "$(content)" = "$first" ]
rm "$case/reports/index.html"
again "a missing page: written" written
: > "$case/reports/stray"
again "a file too many: written" written
check "which is gone" [ ! -e "$case/reports/stray" ]
check "no folder is left beside the reports" \
    [ "$(find "$case" -mindepth 1 -maxdepth 1 -type d)" = "$case/reports" ]
rm "$case/manifest.sha256"
again "no manifest: written" written
mkdir "$dir/rules"
cp forensics/access/tables/operations.csv "$dir/rules/"
echo "# a word more" >> "$dir/rules/operations.csv"
again "another table: written" written --rules "$dir/rules"
again "the built-in ones again: written" written
printf 'name: something new\n' > "$dir/incident.yaml"
"$pm" reconstruct -q -o "$case" -i "$dir/incident.yaml"
again "another incident: written" written
"$pm" reconstruct -q -o "$case" -i "$dir/incident.yaml"
again "the same incident once more: not" untouched
check "the case verifies in the end" "$pm" verify -q "$case"
[ "$failures" = 0 ]
