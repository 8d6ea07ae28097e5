# One audit log of our own in many containers: the same totals per mailbox,
# session and address, whatever it is written as.
. tests/cli/evidence.sh
pm=$PWD/$BUILD/postmortem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$work" <<'EOF'
import csv, json, os, random, sys
work = sys.argv[1]
random.seed(20230615)
guid = lambda: '%08x-%04x-%04x-%04x-%012x' % tuple(
    random.getrandbits(n) for n in (32, 16, 16, 16, 48))
boxes = [(guid(), 'User%d@example.gov' % i) for i in range(4)]
sessions = [''] + [guid() for _ in range(5)]
addresses = ['203.0.113.7', '2001:db8::77', '198.51.100.9']
records, groups = [], {}
for i in range(300):
    box, upn = random.choice(boxes)
    session, address = random.choice(sessions), random.choice(addresses)
    time = '2023-06-%02dT%02d:00:%02d' % (i % 28 + 1, i % 24, i % 60)
    record = {'CreationTime': time, 'Id': guid(),
              'Operation': 'MailItemsAccessed', 'RecordType': 50,
              'ResultStatus': 'Succeeded', 'Workload': 'Exchange',
              'UserId': upn, 'UserType': 0, 'LogonType': 0,
              'MailboxGuid': box, 'MailboxOwnerUPN': upn,
              'ClientIPAddress': address, 'ClientInfoString': 'Client=REST;;',
              'SessionId': session}
    key = (upn.lower(), session, address)
    g = groups.setdefault(key, {'records': 0, 'bind': 0, 'sync': 0,
                                'items': 0, 'ids': set(), 'times': [],
                                'folders': set()})
    g['records'] += 1
    g['times'].append(time)
    if i % 5 == 0:
        record.update(RecordType=2, OperationProperties=[
            {'Name': 'MailAccessType', 'Value': 'Sync'}],
            Item={'Id': 'F%d' % (i % 7), 'ParentFolder': {
                'Id': 'F%d' % (i % 7), 'Path': 'Not Available'}})
        g['sync'] += 1
    else:
        ids = ['<m%d@example.gov>' % random.randrange(200)
               for _ in range(random.randint(1, 4))]
        path = random.choice(['Inbox', 'Sent Items'])
        record.update(OperationProperties=[
            {'Name': 'MailAccessType', 'Value': 'Bind'},
            {'Name': 'IsThrottled', 'Value': 'False'}],
            Folders=[{'Id': 'I' + path[0], 'Path': '\\' + path,
                      'FolderItems': [{'InternetMessageId': x}
                                      for x in ids]}],
            OperationCount=len(ids))
        g['bind'] += 1
        g['items'] += len(ids)
        g['ids'].update(x[1:-1] for x in ids)
        g['folders'].add('\\' + path)
    records.append(record)

with open(work + '/expected.tsv', 'w') as f:
    print('mailbox_upn', 'session_id', 'client_ip', 'records', 'bind', 'sync',
          'item_mentions', 'unique_imi', 'first_utc', 'last_utc',
          'bind_folders', sep='\t', file=f)
    for key, g in groups.items():
        print(*key, g['records'], g['bind'], g['sync'], g['items'],
              len(g['ids']), min(g['times']), max(g['times']),
              '|'.join(sorted(g['folders'])), sep='\t', file=f)

def out(name, encoding='utf-8'):
    os.makedirs(work + '/' + name)
    return open('%s/%s/log' % (work, name), 'w', encoding=encoding,
                newline='')

def purview(f, rows):
    w = csv.writer(f, lineterminator='\r\n')
    w.writerow(['RecordId', 'CreationDate', 'RecordType', 'Operation',
                'UserId', 'AuditData', 'AssociatedAdminUnits'])
    for r in rows:
        w.writerow([r['Id'], '6/1/2023 4:05:03 AM', r['RecordType'],
                    r['Operation'], r['UserId'], json.dumps(r), ''])

with out('lines') as f:
    for r in records:
        print(json.dumps(r), file=f)
shuffled = records[:]
random.shuffle(shuffled)
with out('array') as f:
    json.dump(shuffled, f, indent=1)
with out('graph') as f:
    json.dump({'@odata.context': 'x', 'value': [
        {'id': r['Id'], 'auditData': r} for r in shuffled]}, f)
with out('purview') as f:
    purview(f, records)
with out('wide', 'utf-16') as f:
    purview(f, shuffled)
tripled = records * 3
random.shuffle(tripled)
with out('tripled') as f:
    for r in tripled:
        print(json.dumps(dict(r, Id=random.choice(
            [r['Id'], r['Id'].upper()]))), file=f)
with out('halves') as f:
    purview(f, records[:200])
with open(work + '/halves/other', 'w') as f:
    for r in records[100:]:
        print(json.dumps({'AuditData': json.dumps(r)}), file=f)
EOF

for form in lines array graph purview wide tripled halves; do
	"$pm" analyze -q -o "$work/case.$form" "$work/$form" >"$work/log" 2>&1
	check "audit_totals_$form" python3 tests/tools/access_totals.py \
	    "$work/case.$form/reports/csv/access.csv" "$work/expected.tsv"
	# Everything but where a record stood.
	python3 - "$work/case.$form/reports/csv/access.csv" >"$work/rows.$form" <<'EOF'
import csv, sys
with open(sys.argv[1], encoding='utf-8-sig', newline='') as f:
    for row in csv.DictReader(f):
        row.pop('source_id'), row.pop('locator')
        print(list(row.values()))
EOF
	check "audit_same_rows_$form" cmp "$work/rows.lines" "$work/rows.$form"
done

# A record cut in the middle is said and placed; status 3 tells of losses.
mkdir "$work/cut"
head -c 20000 "$work/lines/log" >"$work/cut/log"
"$pm" analyze -q -o "$work/case.cut" "$work/cut" >"$work/log" 2>&1
status=$?
check audit_cut_status [ "$status" = 3 ]
check audit_cut_is_said ask "$work/case.cut" \
    "SELECT kind, severity, items_lost, time_us > 0, mailbox <> '' FROM problems WHERE severity = 'item_lost'" \
    "truncated|item_lost|1|1|1"
[ "$failures" = 0 ]
