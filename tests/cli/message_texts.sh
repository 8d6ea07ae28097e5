#!/bin/bash
# Message pages: headers and text of exposed messages, masked where something
# was found, as text alone; written from the case when the evidence is gone.
set -u
cd "$(dirname "$0")/../.." || exit 1
pm=$PWD/${BUILD:-build/release}/postmortem
. tests/cli/evidence.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mkdir -p "$dir/mail/alice"
printf '%s\r\n' \
    'From: Bob <bob@example.com>' 'To: alice@example.gov' \
    'Subject: =?utf-8?B?U1NOIDUxOS0yOC0xMjM0IGluc2lkZQ==?=' \
    'Message-ID: <one@example.com>' \
    'Date: Mon, 05 Jun 2023 10:00:00 +0000' 'MIME-Version: 1.0' \
    'Content-Type: multipart/mixed; boundary=M' '' \
    '--M' 'Content-Type: text/plain' '' \
    'Her SSN is 519-28-1234 as agreed.' \
    '<script>alert(1)</script> and http://evil.example/x' \
    '--M' 'Content-Type: text/html' '' \
    '<p>Social security number: <b>519</b>-28-<i>1234</i></p>' \
    '<img src="http://evil.example/y.png"><table><tr><th>Name<th>SSN' \
    '<tr><td>Ada Miller<td>536-90-4399</table><!-- SSN 543-21-8765 -->' \
    '--M' 'Content-Type: text/plain; name=a.txt' \
    'Content-Disposition: attachment; filename=a.txt' '' \
    'hung words' '--M--' > "$dir/mail/alice/1.eml"
printf 'From a Mon Jun  5 10:00:00 2023\n' > "$dir/mail/alice/empty.mbox"
cat > "$dir/incident.yaml" <<'END'
discovered: 2023-06-16T00:00:00Z
mailboxes:
  - {address: alice@example.gov, evidence: ["alice/**"]}
assume:
  - {mailbox: "*", from: 2023-06-01, to: 2023-06-20, reason: "no log"}
END
"$pm" analyze -q -i "$dir/incident.yaml" -o "$dir/case" "$dir/mail" \
    2> "$dir/log"
rm -r "$dir/mail"
check "each message has a text, empty ones too" ask "$dir/case" \
    "SELECT count(*), count(t.message) FROM messages LEFT JOIN texts t
     USING (message)" '2|2'
why=$dir/case/reports/why.html

has() { grep -qF -- "$1" "$why"; }
hasnt() { ! grep -rqF -- "$1" "$dir/case/reports"; }

check "the body is shown" has 'Her SSN is ***-**-1234 as agreed.'
check "markup is text" has '&lt;script&gt;alert(1)&lt;/script&gt; and http'
check "a value across elements is masked" has 'number: ***-**-1234'
check "a cell is masked" has 'Ada Miller | ***-**-4399'
check "a comment is shown, masked" has 'SSN ***-**-8765'
check "headers as written are shown" has 'Message-ID: &lt;one@example.com&gt;'
check "an encoded word that hides a value is left out" has 'Subject: =?...?='
check "attachments' words are not on the page" \
    sh -c "! grep -q 'hung words' '$why'"
for value in 519-28-1234 536-90-4399 543-21-8765 U1NOIDUxOS0yOC0xMjM0; do
	check "nowhere in the reports: $value" hasnt "$value"
done
check "nothing is loaded or linked" \
    sh -c "! grep -Eq '(src|href)=\"?[^\"]*evil' '$why'"
"$pm" report -q --unmask -o "$dir/case" 2>> "$dir/log"
check "--unmask shows" has 'Her SSN is 519-28-1234 as agreed.'
check "--unmask shows headers as they are" has 'U1NOIDUxOS0yOC0xMjM0'
[ "$failures" = 0 ] || { sed 's/^/# /' "$dir/log"; exit 1; }
