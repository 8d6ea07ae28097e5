#!/bin/bash
# Archives of every kind, as the tools of others write them: an archive is a
# folder, each store in it a mailbox of its own; what is locked is said.
set -u
build=${BUILD:-build/release}
program=$build/postmortem
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
. tests/cli/evidence.sh

mail() { # SUBJECT
	printf 'From: a@x.org\nTo: bob@y.org\nSubject: %s\n\nhello\n' "$1"
}

store() { # OUT NAME MESSAGES
	{
		echo 'folder Inbox'
		for i in $(seq "$3"); do
			printf 'message\nsubject %s %s\nfrom A <a@x.org>\n' \
			    "$2" "$i"
			printf 'to B <b@y.org>\ntext hello\nend\n'
		done
	} >"$room/spec"
	"$build/pstgen" --name "$2" "$room/spec" "$1"
}

# ---- one export with several stores, a Maildir and an archive inside
mkdir -p "$room/ev" "$room/x/PST" "$room/x/Maildir/.Sent.Old/cur"
store "$room/x/PST/alice.pst" Alice 3
store "$room/x/PST/bob.pst" Bob 2
mail maildir >"$room/x/Maildir/.Sent.Old/cur/1:2,S"
mail loose >"$room/x/loose.eml"
(cd "$room/x" && zip -q -r ../inner.zip PST/bob.pst && rm PST/bob.pst &&
    zip -q -r ../ev/export.zip . ../inner.zip)
cat >"$room/incident.yaml" <<'END2'
mailboxes:
- {address: alice@corp.example, evidence: ["export.zip/**/alice*.pst"]}
END2
"$program" analyze -q -i "$room/incident.yaml" -o "$room/case" "$room/ev" \
    >/dev/null 2>&1
check export_exit [ "$?" = 0 ]
check store_in_a_zip_is_a_mailbox ask "$room/case" "SELECT mailbox,
 mailbox_source, count(*) FROM places JOIN messages USING (message) JOIN
 path_mailboxes x USING (path, member) JOIN mailboxes b ON b.mailbox_no =
 x.mailbox_no GROUP BY 1, 2 ORDER BY 1" 'alice@corp.example|incident|3
bob|display_name|2
bob@y.org|recipient|2'
check maildir_in_a_zip ask "$room/case" "SELECT p.folder FROM places p JOIN
 messages USING (message) WHERE subject = 'maildir'" 'Maildir/Sent/Old'
folders=$room/case/reports/csv/folders.csv
check folders_count_members test "$(grep -c ',Maildir/Sent/Old,1,1,0,0,' \
    "$folders")" = 1
check source_names_its_mailboxes grep -q 'alice@corp.example; bob; bob@y.org' \
    "$room/case/reports/csv/sources.csv"

# ---- what other tools write
mkdir -p "$room/src/mail" "$room/kinds"
for i in 1 2 3; do mail "m$i" >"$room/src/mail/$i.eml"; done
cd "$room/src" || exit 1
bsdtar -cf ../kinds/a.tar mail
bsdtar -czf ../kinds/b.tar.gz --format pax mail
bsdtar -cJf ../kinds/c.tar.xz mail
bsdtar -cjf ../kinds/d.tar.bz2 --format ustar mail
bsdtar -c --zstd -f ../kinds/e.tar.zst mail
7z a -bso0 -bsp0 ../kinds/f.7z mail
bsdtar -cf ../kinds/g.7z --format 7zip mail
gcab -cz ../kinds/h.cab mail/1.eml mail/2.eml mail/3.eml
bsdtar -cf ../kinds/i.zip --format zip mail
python3 - mail ../kinds/j.rar <<'END2'
# RAR 4 (technote: 7-byte marker, header blocks), members stored.
import os, struct, sys, zlib
def block(kind, flags, body, data=b''):
    head = struct.pack('<BHH', kind, flags, 7 + len(body)) + body
    return struct.pack('<H', zlib.crc32(head) & 0xffff) + head + data
out = b'Rar!\x1a\x07\x00' + block(0x73, 0, bytes(6))
for name in sorted(os.listdir(sys.argv[1])):
    data = open(os.path.join(sys.argv[1], name), 'rb').read()
    path = ('mail\\' + name).encode()
    out += block(0x74, 0x8000, struct.pack('<IIBIIBBHI', len(data), len(data),
        2, zlib.crc32(data), 0x5a000000, 20, 0x30, len(path), 0x20) + path,
        data)
open(sys.argv[2], 'wb').write(out + block(0x7b, 0x4000, b''))
END2
cd - >/dev/null || exit 1
"$program" ingest -q -o "$room/all" "$room/kinds" >/dev/null 2>&1
check kinds_exit [ "$?" = 0 ]
check every_kind ask "$room/all" "SELECT group_concat(path || ' ' || messages,
 ', ') FROM (SELECT path, messages FROM paths JOIN sources USING (source)
 ORDER BY path)" "$(cd "$room" && for f in kinds/*; do printf '%s 3, ' "$f"
	done | sed 's/, $//')"

# ---- locked
mkdir "$room/locked"
(cd "$room/src" && zip -q -P secret ../locked/a.zip mail/1.eml &&
    7z a -bso0 -bsp0 -psecret ../locked/b.7z mail/1.eml &&
    7z a -bso0 -bsp0 -psecret -mhe=on ../locked/c.7z mail/1.eml &&
    zip -q ../locked/a.zip mail/2.eml)
"$program" ingest -q -o "$room/lock" "$room/locked" >/dev/null 2>&1
check locked_exit [ "$?" = 3 ]
check locked_members ask "$room/lock" "SELECT path || ' ' || r.kind || ' ' ||
 r.severity || ' ' || items_lost FROM problems r JOIN paths USING (source)
 ORDER BY path" 'locked/a.zip encrypted item_lost 1
locked/b.7z encrypted item_lost 1
locked/c.7z encrypted source_lost 0'
check beside_a_locked_member ask "$room/lock" "SELECT subject FROM messages" m2

[ "$failures" = 0 ]
