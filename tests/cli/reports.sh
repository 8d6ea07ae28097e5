#!/bin/bash
# CSV, JSONL, masking, DRAFT and explain, from a case made of rows.
# GOLDEN=write renews tests/cli/golden/reports: review the difference.
build=${BUILD:-build/release}
postmortem=$build/postmortem
golden=tests/cli/golden/reports
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/cli/evidence.sh
plain=$work/plain hostile=$work/hostile

make_case() { # FOLDER KIND
	python3 tests/reports/make_case.py "$1" "$2" || exit 1
	"$postmortem" report -o "$1"
}

same_as_golden() { # NAME LINES
	head -n "$2" "$plain/reports/csv/$1.csv" >"$work/$1.csv"
	[ "$GOLDEN" = write ] && cp "$work/$1.csv" "$golden/$1.csv"
	diff -u "$golden/$1.csv" "$work/$1.csv"
}

nothing_raw() { # what was found is not shown anywhere
	! grep -rlaE '078.?05.?1120|078052000|hunter22' "$1/reports" &&
	    ! grep -aE '078.?05.?1120' "$work/explain.log"
}

explains() { # ID WORDS...: every word in the output
	id=$1
	shift
	"$postmortem" explain -o "$plain" "$id" >"$work/out" 2>&1 || return 1
	cat "$work/out" >>"$work/explain.log"
	for word in "$@"; do
		grep -qF -- "$word" "$work/out" ||
		    { echo "# no '$word' for $id"; return 1; }
	done
}

tree_hash() {
	(cd "$1/reports" && find . -type f | LC_ALL=C sort |
	    xargs sha256sum | sha256sum)
}

: >"$work/explain.log"
make_case "$plain" plain
check 'report of a case with losses ends with 3' [ $? = 3 ]
make_case "$hostile" hostile >/dev/null
for file in "$plain"/reports/csv/*.csv; do
	name=$(basename "$file" .csv) lines=200
	case $name in access | timeline) lines=12 ;; esac
	check "golden $name.csv" same_as_golden "$name" $lines
done
for kind in plain hostile; do
	python3 tests/reports/check_tables.py "$work/$kind" "$kind" ||
	    failures=$((failures + 1))
done
before=$(tree_hash "$plain")
"$postmortem" report -o "$plain" >/dev/null
check 'the same case gives the same bytes' [ "$before" = "$(tree_hash "$plain")" ]
check 'no half-written folder is left' [ ! -e "$plain/reports.new" ]
check 'the manifest holds' sh -c "cd '$plain' && sha256sum -c --quiet manifest.sha256"

message=M-$(sqlite3 "$plain/case.db" "SELECT substr(message_id, 3) FROM places
    JOIN messages USING (message) WHERE exposure = 'accessed'
    ORDER BY message LIMIT 1")
record=$(sqlite3 "$plain/case.db" "SELECT record_id FROM events
    WHERE access_type IS NULL LIMIT 1")
finding=$(sqlite3 "$plain/case.db" "SELECT finding_id FROM findings LIMIT 1")
person=$(sqlite3 "$plain/case.db" "SELECT person_id FROM people JOIN
    person_findings USING (person) LIMIT 1")
record_id=00000001-1111-4222-8333-000000001eef
check 'explain M-: rule, record, file, hash' explains "$message" 'rule R1' \
    "$record_id" 'evidence/alice.pst' 'file sha256' 'nid=0x200024' 'row=2'
check 'explain a record id, in any case' explains "${record_id^^}" adversary \
    'address 203.0.113.7 is an indicator' 'record sha256' row=2
check 'explain E-' explains \
    "E-$(printf %s "$record_id" | sha256sum | cut -c1-16)" "$record_id"
check 'explain F-' explains "$finding" us_ssn '***-**-' message
check 'explain P-' explains "$person" 'Dolores Haze' finding 'file sha256'
check 'explain X-' explains "$(sqlite3 "$plain/case.db" \
    "SELECT session FROM sessions WHERE kind = 'derived'")" derived audit
check 'explain a recorded session' explains \
    5D2C1E64-7A11-4F0E-9A0A-6F1B2C3D4E5F recorded UserLoggedIn
check 'explain S-' explains "S-$(printf alice | sha256sum | cut -d' ' -f1 |
    tr -d '\n' | sha256sum | cut -c1-16)" 'item_lost damaged' 'file md5'
check 'explain a Message-ID that the evidence lacks' explains \
    '<gone.1@example.org>' 'evidence lacks' alice@example.gov
check 'explain says what lies outside every rule' explains "$(sqlite3 \
    "$plain/case.db" "SELECT message_id FROM places JOIN messages
    USING (message) WHERE exposure = 'not_covered' LIMIT 1")" \
    'no rule holds' 'three days without any record'
"$postmortem" explain -o "$plain" M-0000000000000000 >/dev/null 2>&1
check 'explain of no id fails' [ $? = 1 ]
"$postmortem" explain -o "$hostile" "$(sqlite3 "$hostile/case.db" \
    "SELECT message_id FROM messages LIMIT 1")" >"$work/terminal"
check 'nothing of evidence reaches the terminal raw' \
    sh -c "! LC_ALL=C grep -qP '\x1b|\xe2\x80\xae|\x07' '$work/terminal'"
check 'found values are masked everywhere' nothing_raw "$plain"
check 'contact data is masked in the text of its message' \
    sh -c "! grep -rli 'jane.roe' '$plain/reports'"
check 'masked in a subject' grep -q 'SSN \*\*\*-\*\*-1120 for the badge' \
    "$plain/reports/csv/messages.csv"

"$postmortem" report -o "$plain" --unmask >/dev/null
check 'unmask fills value' grep -q '078-05-1120' \
    "$plain/reports/csv/findings.csv"
check 'unmask says so on each page' \
    sh -c "! grep -L UNMASKED '$plain'/reports/*.html | grep ."
check 'custody records it' grep -q 'report unmasked' "$plain/custody.jsonl"

key_of() { cut -d, -f9 "$plain/reports/csv/findings.csv" | sed -n 2p; }
"$postmortem" report -o "$plain" >/dev/null
derived=$(key_of)
echo secret >"$work/key"
"$postmortem" report -o "$plain" --value-key "$work/key" >/dev/null
check 'a key of its own gives other hashes' [ "$derived" != "$(key_of)" ]
check 'value_hash is 32 hex' sh -c "echo $derived | grep -qE '^[0-9a-f]{32}$'"
expected=$(python3 - "$work/key" <<'END'
import hashlib, hmac, sys
key = hashlib.sha256(open(sys.argv[1], "rb").read()).digest()
print(hmac.new(key, b"us_ssn\x1f" + b"078052000", "sha256").hexdigest()[:32])
END
)
check 'value_hash is the HMAC of the contract' \
    grep -q "$expected" "$plain/reports/csv/findings.csv"

is_draft() { grep -q '<strong>DRAFT' "$plain/reports/index.html"; }
check 'losses make a draft' is_draft
sqlite3 "$plain/case.db" "UPDATE meta SET value = json_insert(value,
    '$.accept[#]', json('{\"problem\":\"truncated\",\"by\":\"B. Counsel\",
    \"reason\":\"never mail\"}')) WHERE key = 'incident'"
"$postmortem" report -o "$plain" >/dev/null
check 'accepted by name: no draft' sh -c "! grep -l '<strong>DRAFT' \
    '$plain'/reports/*.html"
check 'who and why are printed' sh -c "grep -q 'B. Counsel' \
    '$plain/reports/evidence.html' && grep -q 'never mail' \
    '$plain/reports/evidence.html'"
sqlite3 "$plain/case.db" "UPDATE meta SET value = json_set(value,
    '$.accept[0].source', 'S-0000000000000000') WHERE key = 'incident'"
"$postmortem" report -o "$plain" >/dev/null
check 'an entry for another source accepts nothing' is_draft

# A folder short of what it promises, and no loss that says why.
accept() { # JSON
	sqlite3 "$plain/case.db" "UPDATE meta SET value = json_set(value,
	    '$.accept', json('$1')) WHERE key = 'incident'"
	"$postmortem" report -o "$plain" >/dev/null
}
lost=$(sqlite3 "$plain/case.db" "DELETE FROM problems;
    UPDATE folders SET expected = expected + 1000 WHERE folder_id =
    (SELECT min(folder_id) FROM folders WHERE kind = 'mail');
    SELECT source_id FROM sources JOIN folders USING (source)
    WHERE folder_id = (SELECT min(folder_id) FROM folders
    WHERE kind = 'mail')")
accept '[]'
check 'a folder that does not add up makes a draft' is_draft
accept "[{\"problem\":\"count_mismatch\",\"source\":\"S-0000000000000000\",
    \"by\":\"C\",\"reason\":\"d\"}]"
check 'accepted for another source: still one' is_draft
accept "[{\"problem\":\"damaged\",\"source\":\"$lost\",\"by\":\"C\",
    \"reason\":\"d\"}]"
check 'another kind accepted: still one' is_draft
short() { grep -o '[0-9]* folders\? do' "$plain/reports/index.html"; }
before=$(short)
accept "[{\"problem\":\"count_mismatch\",\"source\":\"$lost\",
    \"by\":\"C\",\"reason\":\"d\"}]"
check 'count_mismatch accepted for its source: fewer are open' \
    [ "$before" != "$(short)" ]
accept "[{\"problem\":\"count_mismatch\",
    \"by\":\"C. Examiner\",\"reason\":\"purged before export\"}]"
check 'count_mismatch accepted by name: no draft' sh -c "! grep -l \
    '<strong>DRAFT' '$plain'/reports/*.html"
check 'who and why are printed for it' sh -c "grep -q 'C. Examiner' \
    '$plain/reports/evidence.html' && grep -q 'purged before export' \
    '$plain/reports/evidence.html'"
exit "$failures"
