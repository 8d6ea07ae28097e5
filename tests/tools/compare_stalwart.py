#!/usr/bin/env python3
"""compare_stalwart.py DUMP_MAIL FOLDER [-v]

Our reading of each NNN.eml against the parse tree beside it (NNN.json; for
NNN.crlf.json the message with CR LF): subject, addresses, date, Message-ID,
the leaves in order with type, name, byte offsets, text or bytes, and the
same for messages inside messages.
"""
import datetime
import glob
import hashlib
import os
import sys
import tempfile

import json
from dumped import dump, records
from verdict import Verdict

tool, folder = sys.argv[1], sys.argv[2]


def addresses(value):
    out = []
    for kind, group in (value.get('Address') or {}).items():
        for one in group:
            if kind == 'Group':
                out += [(a['name'], a['address']) for a in one['addresses']]
            else:
                out.append((one['name'], one['address']))
    return [(n or '', a or '') for n, a in out]


class Squeezed(str):
    """They read raw 8-bit headers as UTF-8 alone: U+FFFD matches any."""
    def __eq__(self, other):
        return len(self) == len(other) and all(
            a == b or '\ufffd' in (a, b) for a, b in zip(self, other))

    def __ne__(self, other):
        return not self == other

    __hash__ = None


def squeeze(text):
    return Squeezed(' '.join((text or '').split()))


def header(part, name):
    found = [h for h in part['headers'] if h['name'] == name]
    return found


def leaves(message, index=0):
    part = message['parts'][index]
    body = part['body']
    if 'Multipart' in body:
        out = []
        for child in body['Multipart']:
            out += leaves(message, child)
        return out
    return [part]


def content_type(part):
    h = header(part, 'content_type')
    if not h or not isinstance(h[-1]['value'], dict) or \
            'ContentType' not in h[-1]['value']:
        return None, {}
    c = h[-1]['value']['ContentType']
    kind = c['c_type'] + ('/' + c['c_subtype'] if c['c_subtype'] else '')
    return kind.lower(), {a['name'].lower(): a['value']
                          for a in c['attributes'] or []}


def compare_head(message, record, dumped, idx, say):
    top = message['parts'][0]
    for name, field in (('subject', 'subject'),
                        ('message_id', 'internet_message_id')):
        h = header(top, name)
        if not h:
            continue
        theirs = h[0]['value']
        theirs = theirs.get('Text', '') if isinstance(theirs, dict) else ''
        ours = record.get(field) or ''
        if name == 'message_id':
            ours = ours.strip('<>')
        if squeeze(theirs) != squeeze(ours):
            say(f'{name}: theirs {theirs!r} ours {ours!r}')
    for name, role in (('from', 'from'), ('to', 'to'), ('cc', 'cc'),
                       ('bcc', 'bcc'), ('reply_to', 'reply_to')):
        h = header(top, name)
        if not h or not isinstance(h[0]['value'], dict):
            continue
        theirs = addresses(h[0]['value'])
        ours = [(r.get('name') or '', r.get('address') or '')
                for r in records(dumped, 'addresses', idx=idx, role=role)]
        if [(squeeze(n), a) for n, a in theirs] != \
                [(squeeze(n), a) for n, a in ours]:
            say(f'{name}: theirs {theirs} ours {ours}')
    h = header(top, 'date')
    if h and isinstance(h[0]['value'], dict):
        d = h[0]['value']['DateTime']
        try:
            t = datetime.datetime(d['year'], d['month'], d['day'], d['hour'],
                                  d['minute'], d['second'])
        except ValueError:
            return
        away = datetime.timedelta(hours=d['tz_hour'], minutes=d['tz_minute'])
        t = t + away if d['tz_before_gmt'] else t - away
        us = int((t - datetime.datetime(1970, 1, 1)).total_seconds()) * 10**6
        if us != record.get('sent_us'):
            say(f'date: theirs {t} ours {record.get("sent_us")}')


def bytes_of(body):
    for key in ('Binary', 'InlineBinary'):
        if key in body:
            return bytes(body[key])
    return None


def compare_leaves(message, raw, say, inside):
    with tempfile.NamedTemporaryFile(suffix='.eml') as f:
        f.write(raw)
        f.flush()
        mime = next(dump(tool, [f.name], '--mime'))
    theirs = leaves(message)
    ours = mime['leaves']
    if len(theirs) != len(ours):
        say(f'leaves: theirs {len(theirs)} ours {len(ours)} '
            f'{[o["type"] for o in ours]}')
        return
    for i, (t, o) in enumerate(zip(theirs, ours)):
        kind, parameters = content_type(t)
        if kind and '/' in kind and kind != o['type'] and \
                not kind.startswith('multipart'):
            say(f'leaf {i}: type theirs {kind} ours {o["type"]}')
        where = (t['offset_header'], t['offset_body'], t['offset_end'])
        here = (o['header_at'], o['body_at'], o['end_at'])
        if where[1:] != here[1:] and not (
                raw[here[2]:where[2]].strip() == b'' and where[1] == here[1]):
            say(f'leaf {i}: offsets theirs {where} ours {here}')
        body = t['body']
        text = body.get('Text', body.get('Html'))
        if text is not None:
            a = text.replace('\r\n', '\n').rstrip('\n')
            b = (o['text'] or '').replace('\r\n', '\n').rstrip('\n')
            if o['text'] is not None and a != b:
                n = next((k for k in range(min(len(a), len(b)))
                          if a[k] != b[k]), min(len(a), len(b)))
                say(f'leaf {i}: text differs at {n} of {len(a)}/{len(b)}: '
                    f'theirs {a[n:n+40]!r} ours {b[n:n+40]!r}')
        binary = bytes_of(body)
        if binary is not None and \
                hashlib.sha256(binary).hexdigest() != o['sha256'] and \
                len(binary.rstrip(b'\r\n')) != o['bytes']:
            say(f'leaf {i}: bytes theirs {len(binary)} ours {o["bytes"]}')
        disposition = header(t, 'content_disposition')
        name = parameters.get('name')
        if disposition and isinstance(disposition[-1]['value'], dict):
            at = disposition[-1]['value']['ContentType']['attributes'] or []
            name = {a['name'].lower(): a['value'] for a in at}.get(
                'filename', name)
        if squeeze(name) != squeeze(o['name']):
            say(f'leaf {i}: name theirs {name!r} ours {o["name"]!r}')
        if 'Message' in body:
            inside.append((i, body['Message']))


def compare(path, raw, expected):
    problems = []
    with tempfile.NamedTemporaryFile(suffix='.eml') as f:
        f.write(raw)
        f.flush()
        dumped = next(dump(tool, [f.name], '--as', 'eml'))
    message = records(dumped, 'messages')
    compare_head(expected, message[0], dumped, 0, problems.append)
    inside = []
    compare_leaves(expected, raw, problems.append, inside)
    count = 1
    queue = list(inside)
    while queue:
        _, m = queue.pop(0)
        count += 1
        nested = [p['body']['Message'] for p in m['parts']
                  if 'Message' in p['body']]
        queue += [(0, n) for n in nested]
        subject = [h['value'].get('Text') for h in
                   header(m['parts'][0], 'subject')
                   if isinstance(h['value'], dict)]
        if subject and squeeze(subject[0]) not in [
                squeeze(r.get('subject')) for r in message]:
            problems.append(f'inner subject {subject[0]!r} is not among ours')
    if count != len(message):
        problems.append(f'messages: theirs {count} ours {len(message)}')
    return problems


verdict = Verdict('stalwart')
for path in sorted(glob.glob(folder + '/**/*.json', recursive=True)):
    eml = path.replace('.crlf.json', '.eml').replace('.json', '.eml')
    if not os.path.exists(eml):
        continue
    raw = open(eml, 'rb').read()
    # Both trees are of the message with its line ends made alike.
    raw = raw.replace(b'\r', b'')
    if path.endswith('.crlf.json'):
        raw = raw.replace(b'\n', b'\r\n')
    problems = compare(path, raw, json.load(open(path)))
    verdict.add(os.path.relpath(path, folder), problems)
verdict.end()
