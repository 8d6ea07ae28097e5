#!/bin/bash
# Mail of every kind through confined workers: charsets inside the sandbox,
# archives, Maildir, emlx, Takeout, pictures among the evidence.
set -u
program=${BUILD:-build/release}/postmortem
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
. tests/cli/evidence.sh

python3 - "$room/mail" <<'END'
import gzip, os, sys, zipfile
root = sys.argv[1]

def put(name, data):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(data)

def mail(subject, charset='us-ascii', body=b'hello'):
    return (b'From: a@x.org\nTo: bob@y.org\nSubject: ' + subject.encode() +
            b'\nMIME-Version: 1.0\nContent-Type: text/plain; charset=' +
            charset.encode() + b'\n\n' + body + b'\n')

put('alice/1252.eml', mail('=?windows-1252?Q?=80?=', 'windows-1252', b'\x80'))
put('alice/jp.eml', mail('=?iso-2022-jp?B?GyRCJCIbKEI=?=', 'iso-2022-jp',
                         b'\x1b$B$"\x1b(B'))
put('alice/gb.eml', mail('=?gb18030?B?xOM=?=', 'gb18030', b'\xc4\xe3'))
put('bob/.Sent/cur/17.host:2,S', mail('sent'))
put('bob/.Sent/new/18.host', mail('new'))
body = mail('apple')
put('carol/Inbox/1.emlx', b'%d\n' % len(body) + body +
    b'<plist><dict><key>flags</key><integer>1</integer></dict></plist>')
box = b''.join(b'From 18%d@xxx\nX-GM-THRID: %d\nX-Gmail-Labels: Inbox\n' %
               (i, i) + mail('takeout %d' % i) + b'\n' for i in range(300))
put('pic.png', b'\x89PNG\r\n\x1a\n')
put('papers/a.pdf', b'%PDF-1.4\n')
put('papers/b.vcf', b'BEGIN:VCARD\nFN:Jane\nEND:VCARD\n')
put('papers/c.html', b'\n<!DOCTYPE html><p>x')
with zipfile.ZipFile(os.path.join(root, 'takeout.zip'), 'w',
                     zipfile.ZIP_DEFLATED) as z:
    z.writestr('Takeout/Mail/All.mbox', box)
    z.writestr('Takeout/eml/Projects/1.eml', mail('in a zip'))
    z.writestr('Takeout/archive.bin', b'\0\1\2')
    z.writestr('Takeout/Contacts/All.vcf', 'BEGIN:VCARD\nFN:J\nEND:VCARD')
    z.writestr('Takeout/archive_browser.html', '<html>')
put('box.mbox.gz', gzip.compress(box[:len(box) // 2], mtime=0))
END

"$program" analyze -q -j 2 -o "$room/case" "$room/mail" >/dev/null 2>&1
check mail_kinds_exit [ "$?" = 0 ]
check charsets_in_the_sandbox ask "$room/case" "SELECT group_concat(subject,
 '') FROM (SELECT subject FROM messages m JOIN paths USING (source) WHERE path
 LIKE '%/alice/%' ORDER BY path)" '€你あ'
check charset_no_loss ask "$room/case" "SELECT count(*) FROM problems WHERE
 kind = 'charset'" 0
check takeout ask "$room/case" "SELECT count(*), count(DISTINCT conversation)
 FROM messages WHERE locator LIKE 'member=Takeout/Mail/All.mbox/offset=%'" \
    '300|300'
check takeout_folder ask "$room/case" "SELECT x.folder, f.expected FROM folders
 f JOIN members USING (member) JOIN path_mailboxes x USING (member) WHERE
 folder_id = 'member=Takeout/Mail/All.mbox'" 'Takeout/Mail/All|300'
check eml_in_a_zip ask "$room/case" "SELECT x.folder FROM messages m JOIN
 path_mailboxes x USING (member) WHERE subject = 'in a zip'" \
    'Takeout/eml/Projects'
check gzip ask "$room/case" "SELECT count(*) FROM messages m JOIN sources s
 USING (source) WHERE s.kind = 'gz'" 151
check maildir_folder test "$(grep -c ',.\?Sent,' \
    "$room/case/reports/csv/messages.csv")" = 2
check maildir_flags ask "$room/case" "SELECT coalesce(group_concat(flags), '')
 FROM messages WHERE subject IN ('sent', 'new', 'apple')" ''
check picture_is_a_note ask "$room/case" "SELECT r.severity, s.kind FROM
 problems r JOIN sources s USING (source) WHERE s.kind = 'other'" 'note|other'
check documents_are_listed ask "$room/case" "SELECT group_concat(path || ' ' ||
 kind || ' ' || status) FROM (SELECT path, kind, status FROM paths JOIN sources
 USING (source) WHERE path LIKE '%/papers/%' ORDER BY path)" \
    'mail/papers/a.pdf document partial,mail/papers/b.vcf document partial,mail/papers/c.html document partial'
check documents_in_an_archive ask "$room/case" "SELECT severity, detail FROM
 problems WHERE detail LIKE '2 members are documents%'" 'partial|2 members are documents that belong to no message: their text was not searched'
check unknown_member_is_partial ask "$room/case" "SELECT severity FROM problems
 WHERE locator = 'member=Takeout/archive.bin'" partial

"$program" analyze -q -j 1 -o "$room/again" "$room/mail" >/dev/null 2>&1
rm -f "$room"/*/custody.jsonl
check one_or_two_workers diff -r -q "$room/case/reports" "$room/again/reports"

[ "$failures" = 0 ]
