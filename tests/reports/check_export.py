#!/usr/bin/env python3
"""check_export.py CASE OUT: renderings by another program's eyes: Python's
email package reads them without a defect, and finds the subjects, texts and
attachments that the case has."""
import csv
import email
import email.policy
import hashlib
import pathlib
import sqlite3
import sys

case, out = map(pathlib.Path, sys.argv[1:3])
db = sqlite3.connect(f"file:{case}/case.db?mode=ro", uri=True)
failed = 0


def check(name, condition, detail=""):
    global failed
    if not condition:
        failed += 1
        print("not ok", name, detail)


def text_hash(part):
    text = part.get_payload(decode=True).decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return hashlib.sha256(text.encode()).hexdigest()


def leaves(message):
    """Parts of this message, not of those in it."""
    for part in message.iter_parts() if message.is_multipart() else []:
        if part.get_content_type() == "multipart/alternative":
            yield from leaves(part)
        else:
            yield part


def check_message(row, message, where):
    number, subject, body, html = row
    check("no defect", not message.defects, f"{where} {message.defects}")
    if subject and "From" in message:
        got = str(message["Subject"] or "")
        check("subject", " ".join(got.split()) == " ".join(subject.split()),
              f"{where}: {got!r} is not {subject!r}")
    parts = list(leaves(message))
    plain = [p for p in parts if p.get_content_type() == "text/plain"
             and p.get_content_disposition() is None]
    rich = [p for p in parts if p.get_content_type() == "text/html"
            and p.get_content_disposition() is None]
    if body:
        check("body", plain and text_hash(plain[0]) == body, where)
    if html:
        check("html", rich and text_hash(rich[0]) == html, where)
    files = {hashlib.sha256(p.get_payload(decode=True)).hexdigest()
             for p in parts if p.get_content_disposition() == "attachment"
             and not p.is_multipart()}
    inner = [p for p in parts if p.get_content_type() == "message/rfc822"]
    for sha, embedded in db.execute("SELECT sha256, embedded FROM attachments"
                                    " WHERE message = ? ORDER BY attachment",
                                    (number,)):
        if sha:
            check("attachment", sha in files, f"{where} {sha}")
        elif embedded and inner:
            check_message(db.execute(
                "SELECT message, subject, body_sha256, html_sha256 FROM"
                " messages WHERE message = ?", (embedded,)).fetchone(),
                inner.pop(0).get_payload()[0], where + " inside")


seen = 0
for row in csv.DictReader(open(out / "export.csv", encoding="utf-8-sig",
                               newline="")):
    if row["form"] not in ("rendered", "original"):
        continue
    data = (out / row["file"]).read_bytes()
    check("hash", hashlib.sha256(data).hexdigest() == row["sha256"], row["file"])
    check("size", len(data) == int(row["bytes"]), row["file"])
    if row["form"] == "original":
        check("content_sha256", row["sha256"] == row["content_sha256"],
              row["file"])
        continue
    seen += 1
    check("line lengths", max(map(len, data.split(b"\r\n"))) <= 998,
          row["file"])
    check_message(db.execute(
        "SELECT m.message, subject, body_sha256, html_sha256 FROM messages m"
        " WHERE message_id = ? LIMIT 1", (row["message_id"],)).fetchone(),
        email.message_from_bytes(data, policy=email.policy.default),
        row["file"])
check("there are renderings", seen > 5, str(seen))
print(f"# {seen} renderings read")
if failed == 0:
    print("ok renderings read by another program")
sys.exit(failed > 0)
