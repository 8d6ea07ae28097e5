#!/usr/bin/env python3
"""access_totals.py ACCESS.CSV EXPECTED.TSV: do the MailItemsAccessed rows of
a case add up, per mailbox, session and address, to what is expected?

EXPECTED.TSV has the columns mailbox_upn, session_id, client_ip, records,
bind, sync, item_mentions, unique_imi, first_utc, last_utc, bind_folders.
A group that only one side has is a difference too.  Message-IDs are
trimmed, without brackets, in lower case."""
import csv
import sys


def bare(message_id):
    message_id = message_id.strip().lower()
    if message_id.startswith('<') and message_id.endswith('>'):
        message_id = message_id[1:-1]
    return message_id


def folder(path):
    return path.strip().lstrip('\\').replace('\\', '/')


class Group:
    def __init__(self):
        self.records, self.bind, self.sync = set(), set(), set()
        self.items, self.ids, self.times = 0, set(), []
        self.folders = set()

    def add(self, row):
        event = row['event_id']
        self.records.add(event)
        getattr(self, row['access_type']).add(event)
        self.times.append(row['time_utc'].rstrip('Z'))
        if row['access_type'] == 'bind':
            self.items += row['internet_message_id'] != ''
            self.ids.add(bare(row['internet_message_id']))
            self.folders.add(folder(row['folder']))

    def totals(self):
        return (len(self.records), len(self.bind), len(self.sync), self.items,
                len(self.ids - {''}), min(self.times), max(self.times),
                tuple(sorted(self.folders - {''})))


def ours(path):
    groups = {}
    with open(path, encoding='utf-8-sig', newline='') as f:
        for row in csv.DictReader(f):
            if row['operation'] != 'MailItemsAccessed':
                continue
            session = row['session']
            key = (row['mailbox'].lower(),
                   '' if session.startswith('X-') else session.lower(),
                   row['client_ip'].lower())
            groups.setdefault(key, Group()).add(row)
    return {key: group.totals() for key, group in groups.items()}


def theirs(path):
    groups = {}
    with open(path, encoding='utf-8', newline='') as f:
        for row in csv.DictReader(f, delimiter='\t'):
            key = (row['mailbox_upn'].lower(), row['session_id'].lower(),
                   row['client_ip'].lower())
            paths = row['bind_folders'].split('|')
            groups[key] = (
                int(row['records']), int(row['bind']), int(row['sync']),
                int(row['item_mentions']), int(row['unique_imi']),
                row['first_utc'].rstrip('Z'), row['last_utc'].rstrip('Z'),
                tuple(sorted(set(map(folder, paths)) - {''})))
    return groups


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    got, expected = ours(sys.argv[1]), theirs(sys.argv[2])
    wrong = [key for key in sorted(set(got) | set(expected))
             if got.get(key) != expected.get(key)]
    for key in wrong:
        print('differs:', key)
        print('  got     ', got.get(key))
        print('  expected', expected.get(key))
    print(f'{len(expected) - len(set(wrong) & set(expected))} of '
          f'{len(expected)} groups equal, {len(wrong)} differ')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
