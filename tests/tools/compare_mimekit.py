#!/usr/bin/env python3
"""compare_mimekit.py DUMP_MAIL FOLDER

MimeKit's mbox samples (FOLDER/**/X.mbox.txt) against X.unix-offsets.json and
X.dos-offsets.json: where every message begins and its headers end, the types
of its leaves, and where they begin.
"""
import glob
import json
import os
import sys
import tempfile

from dumped import dump, records
from verdict import Verdict

tool, folder = sys.argv[1], sys.argv[2]


def leaves(body, out):
    if 'children' in body and body['mimeType'].startswith('multipart/'):
        for child in body['children']:
            leaves(child, out)
    elif 'children' in body and body['children']:
        for child in body['children']:
            leaves(child, out)
    else:
        out.append((body['mimeType'].lower(), body['beginOffset'],
                    body['headersEndOffset']))
    return out


verdict = Verdict('mimekit')
for path in sorted(glob.glob(folder + '/**/*-offsets.json', recursive=True)):
    name, kind = os.path.basename(path)[:-len('-offsets.json')].rsplit('.', 1)
    box = os.path.join(os.path.dirname(path), name + '.mbox.txt')
    if not os.path.exists(box):
        print(os.path.basename(path), 'has no mbox beside it')
        continue
    raw = open(box, 'rb').read().replace(b'\r\n', b'\n')
    if kind == 'dos':
        raw = raw.replace(b'\n', b'\r\n')
    theirs = json.load(open(path, encoding='utf-8-sig'))
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        whole = os.path.join(scratch, 'box')
        open(whole, 'wb').write(raw)
        ours = next(dump(tool, [whole], '--as', 'mbox'))
        messages = [m for m in records(ours, 'messages') if m['idx'] == 0]
        places = [tuple(int(x) for x in m['locator'][7:].split('+'))
                  for m in messages]
        if [p[0] for p in places] != \
                [m['mboxMarkerOffset'] for m in theirs]:
            problems.append(f'messages: theirs {len(theirs)} '
                            f'ours {len(places)}')
        files = []
        for i, (at, n) in enumerate(places):
            begin = raw.index(b'\n', at) + 1
            files.append(os.path.join(scratch, f'{i:04}'))
            open(files[-1], 'wb').write(raw[begin:at + n])
        for i, (m, mine) in enumerate(zip(theirs,
                                          dump(tool, files, '--mime'))):
            base = raw.index(b'\n', places[i][0]) + 1
            if m['beginOffset'] != base:
                problems.append(f'{i}: begins theirs {m["beginOffset"]} '
                                f'ours {base}')
            a = leaves(m['body'], [])
            b = [(o['type'], base + o['header_at'], base + o['body_at'])
                 for o in mine['leaves']]
            # They name the end of the fields, we the begin of the body.
            b = [(t, h, e - (2 if kind == 'dos' else 1)) for t, h, e in b]
            same = len(a) == len(b) and all(
                x[0] == y[0] and x[1] == y[1] and x[2] in (
                    y[2], y[2] + (2 if kind == 'dos' else 1))
                for x, y in zip(a, b))
            if not same:
                problems.append(f'{i}: leaves theirs {a} ours {b}')
    verdict.add(os.path.basename(path), problems)
verdict.end()
