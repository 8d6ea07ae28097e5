#!/usr/bin/env python3
"""compare_tnef.py DUMP_MAIL FOLDER [-v]

Our attachments of each X.tnef against the names in X.list and the files that
another reader took out of it (folder X): number, names, and the bytes by
their hash.  Bodies (message.*, body.*) are no attachments.
"""
import collections
import glob
import hashlib
import os
import re
import sys

from dumped import dump, records
from verdict import Verdict

tool, folder = sys.argv[1], sys.argv[2]


def is_body(name):
    return re.fullmatch(r'(message|body)\.(rtf|txt|html)', name) is not None


def plain(name):
    """They number files of one name: X.1, X.2."""
    return re.sub(r'^(Untitled.Attachment)\.\d+$', r'\1', name).replace(
        '_', ' ')


verdict = Verdict('tnef')
paths = sorted(glob.glob(folder + '/**/*.tnef', recursive=True))
paths = [p for p in paths if os.path.exists(p[:-5] + '.list')]
for path, mine in zip(paths, dump(tool, paths, '--as', 'tnef')):
    problems = []
    attachments = records(mine, 'attachments')
    with open(path[:-5] + '.list', encoding='utf-8') as f:
        listed = [line.strip() for line in f if line.strip()]
    listed = [n for n in listed if not is_body(n)]
    taken = sorted(glob.glob(glob.escape(path[:-5]) + '/*'))
    taken = [n for n in taken if not is_body(os.path.basename(n))]
    # Some lists name nothing although files were taken out.
    theirs = collections.Counter(plain(n) for n in listed or
                                 map(os.path.basename, taken))
    ours = collections.Counter(plain(a['name']) for a in attachments)
    if theirs != ours:
        problems.append(f'names: theirs {dict(theirs)} ours {dict(ours)}')
    hashes = {a.get('sha256') for a in attachments}
    for name in taken:
        content = open(name, 'rb').read()
        if hashlib.sha256(content).hexdigest() not in hashes:
            problems.append(f'no attachment has the bytes of '
                            f'{os.path.basename(name)} ({len(content)})')
    verdict.add(os.path.basename(path), problems)
verdict.end()
