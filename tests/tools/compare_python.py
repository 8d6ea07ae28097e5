#!/usr/bin/env python3
"""compare_python.py DUMP_MAIL FILE...

Our leaves against those of Python's email package, a reader that shares no
code with ours: number, types, names, decoded bytes.  It is no authority on
damaged mail; each difference is to be looked at.
"""
import email
import email.policy
import hashlib
import os
import sys

from dumped import dump

tool = sys.argv[1]
kinds = {'eml'}


def theirs_of(message, out):
    if message.get_content_maintype() == 'message' and \
            message.get_content_type() == 'message/rfc822' and \
            message.is_multipart():
        out.append(('message', None, None))
        for inner in message.get_payload():
            theirs_of(inner, out)
    elif message.is_multipart():
        for part in message.get_payload():
            theirs_of(part, out)
    else:
        body = message.get_payload(decode=True) or b''
        out.append(('leaf', message.get_content_type(), body))
    return out


def ours_of(mime, out):
    for leaf in mime['leaves']:
        if 'inside' in leaf:
            out.append(('message', None, None))
            ours_of(leaf['inside'], out)
        else:
            out.append(('leaf', leaf['type'], leaf))
    return out


def plain(data):
    """What charsets and line ends leave alone."""
    return bytes(c for c in data if 32 < c < 127)


def same(body, leaf):
    if leaf['text'] is not None:
        return plain(body) == plain(leaf['text'].encode())
    for cut in (body, body.rstrip(b'\r\n'), body + b'\n', body + b'\r\n'):
        if hashlib.sha256(cut).hexdigest() == leaf['sha256']:
            return True
    # Python turns CR LF into LF before it looks at anything.
    return leaf['type'].startswith('message/') or \
        (leaf['encoding'] or '7bit').lower() in ('7bit', '8bit', 'binary') \
        or not body.strip()


good = bad = 0
files = [f for f, d in zip(sys.argv[2:], dump(tool, sys.argv[2:]))
         if d['kind'] in kinds]
for path, mime in zip(files, dump(tool, files, '--mime')):
    with open(path, 'rb') as f:
        message = email.message_from_binary_file(
            f, policy=email.policy.compat32)
    a, b = theirs_of(message, []), ours_of(mime, [])
    problem = ''
    if [x[0] for x in a] != [x[0] for x in b]:
        problem = f'shape {[x[1] or x[0] for x in a]} ' \
                  f'{[x[1] or x[0] for x in b]}'
    else:
        for x, y in zip(a, b):
            if x[0] == 'leaf' and not same(x[2], y[2]):
                problem = f'{y[1]} {y[2]["encoding"]}: theirs {len(x[2])} ' \
                          f'ours {y[2]["bytes"]} bad {y[2]["bad"]}'
    good += not problem
    bad += bool(problem)
    if problem:
        print(os.path.basename(path), problem[:200])
print(f'{good} equal, {bad} differ')
