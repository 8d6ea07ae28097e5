#!/bin/bash
# An export package against what its own lists promise.
set -u
build=${BUILD:-build/release}
program=$build/postmortem
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
. tests/cli/evidence.sh

python3 - "$room" "$build/pstgen" <<'END'
import csv, hashlib, os, subprocess, sys, zipfile
room, pstgen = sys.argv[1:]

def store(name, count):
    spec = os.path.join(room, 'spec')
    with open(spec, 'w') as f:
        f.write('folder Inbox\n')
        for i in range(count):
            f.write(f'message\nsubject m{i}\nfrom A <a@x.org>\n'
                    'to B <b@x.org>\ntext hi\nend\n')
    subprocess.run([pstgen, '--name', name, spec,
                    os.path.join(room, name + '.pst')], check=True)

def listing(path, columns, rows, encoding='utf-8-sig'):
    with open(path, 'w', newline='', encoding=encoding) as f:
        out = csv.writer(f)
        out.writerow(columns)
        out.writerows(rows)

CLASSIC = ['Item Identity', 'Document ID', 'Selected', 'Duplicate to Item',
           'Original Path', 'Location', 'Location Name', 'Target Path',
           'Subject or Title', 'Size', 'Type']

def classic(target, duplicate=''):
    return ['AAA=', '1', 'Selected', duplicate, 'alice, Inbox', 'Exchange',
            'alice@x.org', target, 's', '123', 'Email']

EML = b'From: a@x.org\r\nTo: b@x.org\r\nSubject: s\r\n\r\nhi\r\n'
store('alice', 3)
store('bob', 2)

# All there: a store, a loose message in a zip, a document in it.
good = os.path.join(room, 'good')
os.mkdir(good)
os.link(os.path.join(room, 'alice.pst'), os.path.join(good, 'alice.pst'))
with zipfile.ZipFile(os.path.join(good, 'Items.1.zip'), 'w') as z:
    z.writestr('Exchange/1.eml', EML)
    z.writestr('SharePoint/a.pdf', b'%PDF-1.4')
listing(os.path.join(good, 'Results.csv'), CLASSIC,
        [classic('C:\\out\\Exchange\\alice.pst\\Inbox')] * 3 +
        [classic('', 'BBB=')] +
        [classic('C:\\out\\Exchange\\1.eml'),
         classic('C:\\out\\SharePoint\\a.pdf')], 'utf-16')

# Fewer than promised, nothing at all, other bytes.
bad = os.path.join(room, 'bad')
os.mkdir(bad)
os.link(os.path.join(room, 'bob.pst'), os.path.join(bad, 'bob.pst'))
open(os.path.join(bad, 'x.eml'), 'wb').write(EML)
open(os.path.join(bad, 'y.eml'), 'wb').write(EML)
open(os.path.join(bad, 'z.eml'), 'wb').write(EML)
md5 = hashlib.md5(EML).hexdigest()
listing(os.path.join(bad, 'Items_1.csv'),
        ['File ID', 'Export_native_path', 'Native_MD5', 'Native size'],
        [['1', 'Exchange/bob.pst/Inbox', '', '']] * 3 +  # one too many
        [['2', 'Exchange/x.eml', md5.upper(), len(EML)]] +
        [['3', 'Exchange/y.eml', '0' * 32, len(EML)]] +
        [[str(i), f'Exchange/gone{i:03}.eml', '', ''] for i in range(102)])
open(os.path.join(bad, 'manifest.xml'), 'w').write(f'''<?xml version="1.0"?>
<Root DataInterchangeType="Update" MajorVersion="1" MinorVersion="1"><Batch>
<Documents><Document DocID="1"><Files><File FileType="Native"><ExternalFile
FilePath="NATIVES" FileName="x.eml" FileSize="{len(EML)}" Hash="{md5}"/></File>
<File FileType="Text"><ExternalFile FilePath="T" FileName="x.txt"/></File>
</Files></Document><Document DocID="2"><Files><File FileType="Native">
<ExternalFile FilePath="NATIVES\\z.eml" FileName="z.eml" FileSize="1"/></File>
</Files></Document></Documents></Batch></Root>''')
END

rows() { # CASE: problem rows of packages, by file
	sqlite3 "$room/$1/case.db" "SELECT s.kind, p.kind, severity, items_lost,
	 detail FROM problems p JOIN sources s USING (source) WHERE stage =
	 'package' ORDER BY s.kind, problem"
}

"$program" ingest -q -o "$room/one" "$room/good" >/dev/null 2>&1
check package_whole_exit [ "$?" = 0 ]
check package_whole [ "$(rows one)" = "export_list|count_mismatch|note|0|this list promises 5 items in 3 files: all are in the evidence" ]

"$program" ingest -q -o "$room/two" "$room/bad" >/dev/null 2>&1
check package_short_exit [ "$?" = 3 ]
rows two >"$room/rows"
check package_fewer_items grep -qxF "export_list|count_mismatch|item_lost|1|the export promises 3 items in 'Exchange/bob.pst', 2 were read" "$room/rows"
check package_missing_file grep -qxF "export_list|no_data|item_lost|1|the export promises 1 item(s) in 'Exchange/gone000.eml', and no file of that name is in the evidence" "$room/rows"
check package_missing_many grep -qxF "export_list|no_data|item_lost|2|2 more files like these" "$room/rows"
check package_other_hash grep -qxF "export_list|count_mismatch|partial|0|'Exchange/y.eml' is in the evidence with another hash than the export states" "$room/rows"
check package_other_size grep -qxF "export_manifest|count_mismatch|partial|0|'NATIVES/z.eml' is in the evidence with another size than the export states" "$room/rows"
check package_rows_in_all [ "$(wc -l <"$room/rows")" = 104 ]

# What was missing comes later: the same case, read again.
python3 - "$room" <<'END'
import os, sys
for i in range(102):
    open(os.path.join(sys.argv[1], 'bad', f'gone{i:03}.eml'), 'wb').write(
        b'From: a@x.org\nSubject: %d\n\nx\n' % i)
END
"$program" ingest -q -o "$room/two" "$room/bad" >/dev/null 2>&1
check package_found_later [ "$(rows two | wc -l)" = 3 ]
check package_is_no_mailbox ask "$room/two" "SELECT count(*) FROM
 path_mailboxes WHERE path LIKE '%.csv' OR path LIKE '%.xml'" 0

[ "$failures" = 0 ]
