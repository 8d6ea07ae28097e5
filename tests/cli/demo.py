#!/usr/bin/env python3
"""demo.py TRUTH CSV: compare each file of TRUTH with the report of the same name
in CSV, as sets of rows in the truth's columns.  One line of ok or not ok each."""
import collections
import csv
import os
import re
import sys

csv.field_size_limit(1 << 30)
SHOWN = 12      # rows said of a table that differs


def plain(cell):
    """Derived ids hang on hashes: X, M, P stand for any of theirs."""
    if cell.startswith("'"):
        cell = cell[1:]
    return re.sub(r"\bX-[0-9a-f]{16}\b", "X", cell)


def count(cell):
    return str(len([c for c in cell.split("; ") if c]))


def load_messages(folder):
    found = {}
    with open(os.path.join(folder, "messages.csv"), encoding="utf-8-sig",
              newline="") as f:
        for row in csv.DictReader(f):
            found[row["message_id"]] = row
    return found


def read_table(folder, table, columns, messages):
    rows = []
    with open(os.path.join(folder, table + ".csv"), encoding="utf-8-sig",
              newline="") as f:
        for row in csv.DictReader(f):
            if "copies" in columns:
                row["copies"] = count(row["copy_message_id"])
            if table not in ("messages", "access"):
                about = messages.get(row.get("message_id"), {})
                for column in ("internet_message_id", "mailbox", "subject"):
                    row.setdefault(column, about.get(column, ""))
            rows.append(tuple(plain(row[c]) for c in columns))
    return rows


def scope(table, truth, rows, columns):
    """Where the truth speaks of some rows alone, only those are compared."""
    if table == "sessions":     # derived ones have no name that is known before
        kind = columns.index("kind")
        return [r for r in rows if r[kind] == "recorded"]
    if table == "findings":     # contact data apart
        element = columns.index("element")
        return [r for r in rows if r[element] != ""]
    if table == "folders":      # mail folders that hold something
        keys = {r[:2] for r in truth}
        read = columns.index("expected")
        return [r for r in rows if r[:2] in keys or r[read] not in ("0", "")]
    return rows


def main():
    truth_folder, report = sys.argv[1], sys.argv[2]
    messages = load_messages(report)
    bad = 0
    for name in sorted(os.listdir(truth_folder)):
        table = name[:-4]
        with open(os.path.join(truth_folder, name), encoding="utf-8",
                  newline="") as f:
            reader = csv.reader(f)
            columns = next(reader)
            truth = [tuple(plain(v) for v in r) for r in reader]
        rows = scope(table, truth, read_table(report, table, columns, messages),
                     columns)
        want, have = collections.Counter(truth), collections.Counter(rows)
        if want == have:
            print("ok demo %s: %d rows" % (table, len(rows)))
            continue
        bad += 1
        print("not ok demo " + table)
        extra = sorted((have - want).elements())
        for row in sorted((want - have).elements())[:SHOWN]:
            near = max(extra, default=None, key=lambda e: sum(
                a == b for a, b in zip(e, row)))
            if near is None:
                print("# missing %s" % (row,))
                continue
            extra.remove(near)
            print("# %s" % " ".join(row[:4])[:100])
            for c, a, b in zip(columns, row, near):
                if a != b:
                    print("#     %s: expected '%s', got '%s'" % (c, a, b))
        for row in extra[:SHOWN]:
            print("# not expected: %s" % (row,))
    return bad > 0


sys.exit(main())
