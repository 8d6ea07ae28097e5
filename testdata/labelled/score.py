#!/usr/bin/env python3
"""score.py TRUTH CASE.DB [LEAST]: recall and precision of each detector on
findings of level high and medium; exits 1 when one is below LEAST (0.99).
What the truth does not list is false; a value counts once a message."""
import csv
import re
import sqlite3
import sys

# Contact data stands in every mail; its values are not labelled.
ASIDE = ("email", "postal_address")


def compact(value):
    return re.sub(r"[^0-9A-Za-z]", "", value).upper()


def load_truth(path):
    with open(path, encoding="utf-8", newline="") as f:
        return {(t["message"], t["detector"], t["value"])
                for t in csv.DictReader(f)}


def load_found(path):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    query = "SELECT trim(m.internet_message_id, '<>'), f.detector, f.value" \
        " FROM findings f JOIN messages m USING (message)" \
        " WHERE f.level IN ('high', 'medium')"
    return {(m, d, compact(v)) for m, d, v in db.execute(query)
            if d not in ASIDE}


def main():
    truth, found = load_truth(sys.argv[1]), load_found(sys.argv[2])
    least = float(sys.argv[3]) if len(sys.argv) > 3 else 0.99
    detectors = sorted({d for _, d, _ in truth | found})
    bad = 0
    print("%-18s %6s %6s %6s %9s %9s" % ("detector", "due", "found", "false",
                                         "recall", "precision"))
    for d in detectors:
        due = {t for t in truth if t[1] == d}
        have = {t for t in found if t[1] == d}
        good = len(due & have)
        recall = good / len(due) if due else 1.0
        precision = good / len(have) if have else 1.0
        print("%-18s %6d %6d %6d %9.4f %9.4f" % (
            d, len(due), good, len(have) - good, recall, precision))
        bad += recall < least or precision < least
        for t in sorted(due - have)[:5]:
            print("   missed", t)
        for t in sorted(have - due)[:5]:
            print("   false ", t)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
