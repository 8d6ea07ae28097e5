#!/usr/bin/env python3
"""make_big_case.py FOLDER EVENTS MESSAGES: a case to time reconstruct on.

Rows as ingest writes them: 200 mailboxes, Bind records of up to 11 items,
Syncs, Moves, sign-ins; one attacker in every thousand records.
"""
import json
import pathlib
import random
import sqlite3
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = 1684108800 * 10**6  # 2023-05-15
BOXES = 200
FOLDERS = ["Inbox", "Sent Items", "Archive", "Deleted Items", "Inbox/Projects"]


def main():
    folder, events, messages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(1)
    path = pathlib.Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "case.db").unlink(missing_ok=True)
    db = sqlite3.connect(path / "case.db")
    db.executescript((ROOT / "forensics/case/schema.sql").read_text())
    db.execute("PRAGMA synchronous=OFF")
    for box in range(BOXES):
        db.execute("INSERT INTO sources(source, source_id, sha256, md5, bytes,"
                   " kind, state, status, store_owner) VALUES(?, ?, ?, '', 1, 'pst',"
                   " 'done', 'ok', ?)", (box + 1, f"S-{box}", f"{box:064x}",
                                        f"user{box}@mail.example"))
        db.execute("INSERT INTO paths VALUES(?, ?, NULL)",
                   (f"ev/user{box}.pst", box + 1))
        for n, name in enumerate(FOLDERS):
            db.execute("INSERT INTO folders(folder, source, folder_id, path,"
                       " kind) VALUES(?, ?, ?, ?, 'mail')",
                       (box * 10 + n + 1, box + 1, f"nid={n}", name))
    db.execute("INSERT INTO sources(source, source_id, sha256, md5, bytes,"
               " kind, state, status, audit) VALUES(999, 'S-999', 'a', '', 1,"
               " 'ual_json', 'done', 'ok', 1)")
    db.execute("INSERT INTO paths VALUES('ev/audit.jsonl', 999, NULL)")
    db.executemany(
        "INSERT INTO messages(source, message_id, folder, locator, state,"
        " internet_message_id, arrival_us) VALUES(?, ?, ?, ?, 'live', ?, ?)",
        ((m % BOXES + 1, f"M-{m:016x}", m % BOXES * 10 + rng.randrange(5) + 1,
          f"nid={m}", f"<{m:09d}.abcdef@mail.example>",
          START - rng.randrange(-20, 300) * 86400 * 10**6)
         for m in range(messages)))
    items, rows = [], []
    for e in range(events):
        box = rng.randrange(BOXES)
        bad = rng.randrange(1000) == 0
        kind = rng.random()
        op, acc, rt = "MailItemsAccessed", "bind", 50
        if kind > 0.97:
            op, acc, rt = "Move", None, 3
        elif kind > 0.95:
            op, acc, rt = "UserLoggedIn", None, 15
        elif kind > 0.9:
            acc, rt = "sync", 2
        at = START + rng.randrange(32 * 86400) * 10**6
        f = rng.randrange(5)
        session = (f"bad{rng.randrange(20)}" if bad else
                   f"{box:04x}-{rng.randrange(500):08x}-session")
        if op != "UserLoggedIn":
            for i in range(rng.randrange(1, 6) if acc != "sync" else 0):
                m = rng.randrange(messages) // BOXES * BOXES + box
                items.append((e + 1, i, f"<{m:09d}.abcdef@mail.example>",
                              f"LgAAAAD7VDz8O3pZ{box:04d}{f}AAAB",
                              "\\" + FOLDERS[f].replace("/", "\\")))
        ip = "203.0.113.7" if bad and rng.randrange(3) == 0 else f"192.0.2.{box % 250}"
        user = f"user{box}@mail.example"
        rows.append((e + 1, f"E-{e:016x}", f"line={e}", f"{e:036d}",
                     f"c{e}", 900, at, at + (120 * 10**6 if rt == 50 else 0),
                     rt, op, user, f"{box:036x}" if rt != 15 else None,
                     user if rt != 15 else None, ip, json.dumps([ip]),
                     session, json.dumps([session]), acc,
                     "yes" if rng.randrange(200000) == 0 else "no",
                     f"LgAAAAD7VDz8O3pZ{box:04d}{f}AAAB" if rt != 15 else None,
                     "\\Archive" if op == "Move" else None))
    db.executemany(
        "INSERT INTO events(event, source, event_id, locator, record_id,"
        " content_sha256, inner_bytes, time_us, until_us, record_type,"
        " operation, user_id, mailbox_guid, mailbox_owner, client_ip, ips,"
        " session_id, sessions, access_type, throttled, folder_id,"
        " dest_folder_path, workload, app_ids, device_ids, succeeded)"
        " VALUES(?, 999" + ", ?" * 20 + ", 'Exchange', '[]', '[]', 'yes')",
        rows)
    db.executemany("INSERT INTO event_items(event, position,"
                   " internet_message_id, folder_id, folder_path)"
                   " VALUES(?, ?, ?, ?, ?)", items)
    db.commit()
    (path / "incident.yaml").write_text(
        "window: {from: 2023-05-15, to: 2023-06-16}\n"
        "adversary: {ip: [203.0.113.7]}\n")


main()
