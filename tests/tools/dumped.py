"""Reads what dump_mail prints: one JSON object a file."""
import json
import subprocess


def dump(tool, files, *options):
    """Objects in the order of the files."""
    decoder = json.JSONDecoder()
    for i in range(0, len(files), 200):
        out = subprocess.run([tool, *options, *files[i:i + 200]],
                             stdout=subprocess.PIPE, check=True).stdout
        text = out.decode('utf-8', 'surrogateescape')
        at = 0
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            while at < len(text) and text[at] in '\r\n ':
                at += 1
            yield value


def records(dumped, table, **having):
    return [r for r in dumped['records'] if r['table'] == table and
            all(r.get(k) == v for k, v in having.items())]
