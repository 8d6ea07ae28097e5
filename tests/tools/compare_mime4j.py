#!/usr/bin/env python3
"""compare_mime4j.py DUMP_MAIL FOLDER

Our reading of each X.msg of the torture set against X_decoded.xml: the
header fields of every entity, the bodies in order (bytes after the transfer
encoding), preambles, epilogues and messages in messages.
"""
import glob
import hashlib
import os
import sys
import xml.etree.ElementTree as ET

from dumped import dump
from verdict import Verdict

tool, folder = sys.argv[1], sys.argv[2]


def squeeze(text):
    return ' '.join((text or '').split())


def theirs_of(entity, where, out):
    """(kind, header, content) of the leaves below an entity, in order."""
    fields = [squeeze(f.text) for f in entity.findall('header/field')]
    for child in entity:
        if child.tag in ('text-body', 'binary-body'):
            path = os.path.join(where, child.get('name'))
            body = open(path, 'rb').read() if os.path.exists(path) else b''
            out.append(('leaf', fields, body))
        elif child.tag == 'message':
            out.append(('message', fields, None))
            theirs_of(child, where, out)
        elif child.tag == 'multipart':
            for part in child:
                if part.tag == 'body-part':
                    theirs_of(part, where, out)
                elif part.text and part.text.strip():
                    out.append(('outside', [], squeeze(part.text)))
    return out


def ours_of(mime, out):
    for leaf in mime['leaves']:
        if 'inside' in leaf:
            out.append(('message', None, leaf))
            ours_of(leaf['inside'], out)
        else:
            out.append(('leaf', None, leaf))
    for _, text in mime['outside']:
        out.append(('outside', None, squeeze(text)))
    return out


def same(theirs, leaf):
    if hashlib.sha256(theirs).hexdigest() == leaf['sha256']:
        return True
    # They write line ends as CR LF and text as UTF-8.
    text = (leaf['text'] or '').replace('\r\n', '\n')
    for charset in ('utf-8', 'latin-1', 'iso-2022-jp'):
        try:
            if theirs.decode(charset).replace('\r\n', '\n').rstrip() == \
                    text.rstrip():
                return True
        except UnicodeDecodeError:
            pass
    return False


verdict = Verdict('mime4j')
paths = sorted(glob.glob(folder + '/**/*.msg', recursive=True))
paths = [p for p in paths if os.path.exists(p[:-4] + '_decoded.xml')]
for path, mime in zip(paths, dump(tool, paths, '--mime')):
    problems = []
    try:
        raw = open(path[:-4] + '_decoded.xml', 'rb').read()
        tree = ET.fromstring(raw)
    except ET.ParseError as e:
        try:
            tree = ET.fromstring(raw.decode('latin-1').encode(
                'ascii', 'xmlcharrefreplace'))
        except ET.ParseError:
            verdict.add(os.path.basename(path),
                        [f'expected xml unreadable: {e}'])
            continue
    theirs = theirs_of(tree, os.path.dirname(path), [])
    ours = ours_of(mime, [])
    top = [squeeze(f.text) for f in tree.findall('header/field')]
    mine = [squeeze(n + ':' + v) for n, v in mime['header']]
    if [t.replace(' ', '') for t in top] != \
            [m.replace(' ', '') for m in mine]:
        problems.append('header: ' + str([x for x in zip(top, mine)
                        if x[0].replace(' ', '') != x[1].replace(' ', '')][:2]
                        or (len(top), len(mine))))
    a = [t for t in theirs if t[0] != 'outside']
    b = [o for o in ours if o[0] != 'outside']
    if [t[0] for t in a] != [o[0] for o in b]:
        problems.append(f'shape: theirs {[t[0] for t in a]} '
                        f'ours {[(o[0], o[2]["type"]) for o in b]}')
    else:
        for i, (t, o) in enumerate(zip(a, b)):
            if t[0] == 'leaf' and not same(t[2], o[2]):
                problems.append(f'body {i} {o[2]["type"]}: theirs '
                                f'{len(t[2])} {t[2][:50]!r}..{t[2][-30:]!r} '
                                f'ours {o[2]["bytes"]} bad {o[2]["bad"]} '
                                f'{(o[2]["text"] or "")[:40]!r}')
    x = sorted(t[2] for t in theirs if t[0] == 'outside')
    y = sorted(o[2] for o in ours if o[0] == 'outside')
    if x != y:
        problems.append(f'outside: theirs {x} ours {y}')
    verdict.add(os.path.basename(path), problems)
verdict.end()
