#!/bin/bash
# report --exchange: CASE/UCO, DFXML and Concordance files, read back by other
# programs and held to the CSV files of the same report.
set -u
cd "$(dirname "$0")/../.." || exit 1
pm=$PWD/${BUILD:-build/release}/postmortem
. tests/cli/evidence.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mkdir -p "$dir/mail/alice"
python3 - "$dir/mail/alice" <<'END'
import base64, sys
word = lambda s: "=?utf-8?B?%s?=" % base64.b64encode(s.encode()).decode()
open(sys.argv[1] + "/1.eml", "w", newline="").write(
    "From: %s <b@example.com>\r\nTo: alice@example.gov, c@example.com\r\n"
    "Cc: D <d@example.com>\r\nBcc: e@example.com\r\nSubject: %s\r\n"
    "Message-ID: <one@example.com>\r\nDate: Mon, 05 Jun 2023 10:00:00 +0000"
    "\r\n\r\nHis social security number is 519-28-1234.\r\n" % (
        word("\u00deor \u65e5\u672c \u20ac \u00fe\u00ae\x14"),
        word("SSN 519-28-1234 \u00fe \u00ae <b> \u202e \u65e5\u672c \u2019")))
END
cat > "$dir/incident.yaml" <<'END'
discovered: 2023-06-16T00:00:00Z
mailboxes:
  - {address: alice@example.gov, evidence: ["alice/**"]}
assume:
  - {mailbox: "*", from: 2023-06-01, to: 2023-06-20, reason: "no log"}
END
case=$dir/case exchange=$dir/case/reports/exchange
"$pm" analyze -q --exchange all -i "$dir/incident.yaml" -o "$case" \
    "$dir/mail" 2> "$dir/log"
python3 tests/reports/check_exchange.py "$case" || failures=$((failures + 1))
check "what was found is masked there" sh -c "! grep -rq 519-28 '$exchange'"
check "masked, and shown as such" grep -q 'SSN \*\*\*-\*\*-1234' "$exchange/concordance.dat"
check "verify holds" "$pm" verify -q "$case"
cp -r "$exchange" "$dir/first"
"$pm" report -q --exchange all -o "$case" 2>> "$dir/log"
check "same case, same bytes" diff -r "$dir/first" "$exchange"
"$pm" report -q --exchange dfxml,dat1252 -o "$case" 2>> "$dir/log"
check "those asked for alone" [ "$(ls "$exchange" | tr '\n' ' ')" = \
    "concordance-cp1252.dat dfxml.xml " ]
"$pm" report -q -o "$case" 2>> "$dir/log"
check "none when nobody asks" [ ! -e "$exchange" ]
"$pm" report -q --exchange dat,xls -o "$case" 2> "$dir/out"
check "a format that is none: exit 2" [ $? = 2 ]
check "says which there are" grep -q "no format 'xls'; they are: all case" "$dir/out"
for kind in plain hostile; do
	python3 tests/reports/make_case.py "$dir/$kind" $kind || exit 1
	"$pm" report -q --exchange all -o "$dir/$kind" 2>> "$dir/log"
	python3 tests/reports/check_exchange.py "$dir/$kind" ||
	    failures=$((failures + 1))
done
[ "$failures" = 0 ] || { sed 's/^/# /' "$dir/log"; exit 1; }
