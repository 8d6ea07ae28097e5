#!/usr/bin/env python3
"""check_tables.py CASE LABEL: CSV and JSONL of a case against contract 5 and
against each other, read back by two other programs (csv, sqlite3)."""
import csv
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys

failures = 0
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z")
FORMULA = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n']")
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e"
                    "\u2066-\u2069]")
csv.field_size_limit(10**9)


def check(name, bad):
    global failures
    failures += bool(bad)
    print(f"{'not ok' if bad else 'ok'} {name}")
    for one in list(bad)[:5]:
        print(f"# {one!r}"[:600])


def visible(text):
    def escape(match):
        code = ord(match[0])
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return HIDDEN.sub(escape, text)


def cell(value):
    """What CSV makes of a JSON value."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = "; ".join(value)
    text = str(value)
    shown = visible(text)
    return "'" + shown if FORMULA.match(text) else shown


def timeline_wrong(head, rows):
    """What Timesketch's page on CSV import asks: message, datetime (ISO
    8601), timestamp_desc in each row; timestamp, where given, in
    microseconds and the same instant."""
    wrong = [h for h in ("message", "datetime", "timestamp_desc")
             if h not in head] + [h for h in head if head.count(h) > 1]
    for row in rows:
        one = dict(zip(head, row))
        when = datetime.datetime.fromisoformat(
            one["datetime"].replace("Z", "+00:00"))
        since = when - datetime.datetime(1970, 1, 1,
                                         tzinfo=datetime.timezone.utc)
        if not one["message"] or not one["timestamp_desc"] or \
                since // datetime.timedelta(microseconds=1) != \
                int(one["timestamp"]):
            wrong.append(one)
    order = [int(r[head.index("timestamp")]) for r in rows]
    return wrong + ([] if order == sorted(order) else ["not in order"])


def main():
    case, label = pathlib.Path(sys.argv[1]), sys.argv[2]
    format_bad, pairs, times, cells, other = [], [], [], [], []
    late, unsigned = [], []
    certificate = (case / "reports/certificate.html").read_text("utf-8")
    files = sorted((case / "reports/csv").glob("*.csv"))
    for file in files:
        raw = file.read_bytes()
        if not raw.startswith(b"\xef\xbb\xbf") or \
                not raw.endswith(b"\r\n") or b"\n" in raw.replace(b"\r\n", b"") \
                or b"\r" in raw.replace(b"\r\n", b""):
            format_bad.append(file.name)
        rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(True),
                               strict=True))
        head, rows = rows[0], rows[1:]
        objects = [json.loads(line) for line in (
            case / "reports/jsonl" / f"{file.stem}.jsonl").read_text(
                encoding="utf-8").split("\n")[:-1]]
        if len(objects) != len(rows):
            pairs.append((file.name, len(objects), len(rows)))
        for row, one in zip(rows, objects):
            if len(row) != len(head) or list(one)[:len(head)] != head:
                pairs.append((file.name, row))
            pairs += [(file.name, name, row[i], one[name])
                      for i, name in enumerate(head)
                      if row[i] != cell(one[name])]
            times += [(file.name, name, row[i]) for i, name in enumerate(head)
                      if (name.endswith("_utc") or name == "datetime")
                      and row[i] and not TIME.fullmatch(row[i])]
            cells += [(file.name, c) for c in row if HIDDEN.search(c) or
                      re.match(r"\s*[=+\-@＝＋－＠]", c)]
        told = subprocess.run(
            ["sqlite3", ":memory:", f".import --csv '{file}' t",
             ".mode json", "SELECT * FROM t"], capture_output=True, text=True)
        theirs = [list(r.values()) for r in json.loads(told.stdout or "[]")]
        if told.stderr or theirs != rows:
            other.append((file.name, [p for p in zip(theirs, rows)
                                      if p[0] != p[1]][:2], told.stderr))
        if file.stem == "timeline":
            late += timeline_wrong(head, rows)
        if f">{hashlib.sha256(raw).hexdigest()}<" not in certificate:
            unsigned.append(file.name)
    check(f"{label}: CSV is UTF-8 with BOM, CRLF, RFC 4180", format_bad)
    check(f"{label}: JSONL has the same rows, untouched", pairs)
    check(f"{label}: times are UTC, trailing zeros cut", times)
    check(f"{label}: no cell is a formula, no control is sent", cells)
    check(f"{label}: sqlite3 reads the same cells", other)
    check(f"{label}: the timeline loads by Timesketch's rules", late)
    check(f"{label}: the certificate has the hash of each", unsigned)
    check(f"{label}: 17 tables", [] if len(files) == 17 else files)
    sys.exit(failures > 0)


main()
