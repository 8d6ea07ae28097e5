#!/usr/bin/env python3
"""case_invariants.py [--evidence FOLDER] CASE...: what must agree between the
files of any case, whatever the evidence: form, order, ids, counts, chains.

Reads only the reports, the custody log and the manifest, as another program
would.  FOLDER is what was the EVIDENCE argument: hashes and ids are then
computed again from the bytes.  One line a check that fails, one for a case."""
import argparse
import collections
import csv
import datetime
import hashlib
import json
import pathlib
import re
import sqlite3
import sys

csv.field_size_limit(10**9)

COLUMNS = {
    "sources": "source_id path kind bytes sha256 md5 status mailbox "
    "mailbox_source messages events problems",
    "folders": "source_id mailbox folder expected read recovered lost "
    "folder_id kind associated",
    "messages": "message_id mailbox folder internet_message_id subject sender "
    "recipients sent_utc received_utc bytes attachments state exposure rules "
    "first_access_utc last_access_utc access_records sessions data_elements "
    "edrm_mih content_sha256 source_id locator message_class "
    "parent_message_id sender_address body_sha256 html_sha256 flags",
    "attachments": "message_id part name content_type bytes sha256 md5 method "
    "hidden embedded_message_id text reason source_id locator",
    "access": "event_id record_id time_utc until_utc mailbox operation "
    "access_type actor actor_type attribution reason session client_ip app_id "
    "client_app_id client_info throttled folder internet_message_id "
    "message_id source_id locator",
    "activity": "event_id record_id time_utc operation actor attribution "
    "reason session client_ip app_id target detail result source_id locator",
    "sessions": "session kind attribution reasons mailboxes actors ips apps "
    "clients first_utc last_utc events items_bound distinct_messages "
    "folders_synced throttled sign_in",
    "mailboxes": "mailbox guid evidence messages accessed taken synced "
    "presumed possible not_covered not_shown first_adversary_utc "
    "last_adversary_utc stand_in",
    "coverage": "mailbox from_utc to_utc status reason",
    "missing_items": "mailbox internet_message_id folder first_access_utc "
    "last_access_utc record_ids copy_message_id",
    "findings": "finding_id message_id part offset detector element level "
    "masked value_hash person_id exposure hidden value",
    "people": "person_id name emails phones postal_address residence "
    "residence_source data_elements exposure first_access_utc last_access_utc "
    "messages message_ids merge_reason review duties people_deadline "
    "regulator_deadline elements_exposed minor deceased",
    "duties": "duty_id jurisdiction law people trigger people_deadline "
    "regulator regulator_deadline threshold_met law_version",
    "credentials": "finding_id kind account system masked message_id exposure "
    "first_access_utc expires_utc value",
    "organizations": "domain organization messages accessed taken synced "
    "presumed possible first_utc last_utc contacts",
    "timeline": "message datetime timestamp_desc timestamp",
    "problems": "source_id locator kind severity items_lost detail",
}
LISTS = {
    "mailboxes": "evidence", "missing_items": "record_ids copy_message_id",
    "messages": "recipients rules access_records sessions data_elements flags",
    "sessions": "reasons mailboxes actors ips apps clients",
    "people": "emails phones data_elements message_ids review duties "
    "elements_exposed", "organizations": "contacts",
}
EXPOSURES = ("accessed taken synced presumed possible not_covered "
             "not_shown").split()
STRENGTH = {name: 7 - i for i, name in enumerate(EXPOSURES)}
COUNTED = set(EXPOSURES[:5])
RULES = "R1 R1c R1s R4 R5 R2 R2u R3 R6 R9 R7 R7f".split()
RULE_GIVES = dict(R1="accessed", R1c="accessed", R1s="accessed", R4="taken",
                  R5="taken", R2="synced", R2u="presumed", R3="presumed",
                  R6="presumed", R9="presumed", R7="possible", R7f="possible")
VALUES = {
    ("sources", "status"): "ok partial lost",
    ("folders", "kind"): "mail search hidden",
    ("messages", "state"): "live deleted recovered embedded",
    ("messages", "exposure"): " ".join(EXPOSURES),
    ("attachments", "method"): "file embedded ole link",
    ("attachments", "text"): "read not_read encrypted image none",
    ("access", "access_type"): "bind sync send create update move copy delete "
    "search export folder attachment",
    ("access", "actor_type"): "owner delegate admin application system",
    ("access", "throttled"): "yes no not_stated",
    ("access", "attribution"): "adversary known suspicious unattributed",
    ("activity", "attribution"): "adversary known suspicious unattributed",
    ("sessions", "attribution"): "adversary known suspicious unattributed",
    ("sessions", "kind"): "recorded derived",
    ("sessions", "sign_in"): "found not_found no_sign_in_logs",
    ("coverage", "status"): "covered gap throttled audit_off not_logged "
    "outside",
    ("findings", "level"): "high medium low",
    ("people", "residence_source"): "address address_row postcode "
    "state_column none",
    ("people", "merge_reason"): "single primary exact_name_secondary "
    "nickname_secondary name_tertiary",
    ("problems", "severity"): "note partial item_lost source_lost",
}
REVIEW = set("id_conflict name_conflict residence_conflict shared_tertiary "
             "nickname unnamed".split())
IDS = dict(source_id="S", message_id="M", event_id="E", finding_id="F",
           person_id="P", parent_message_id="M", embedded_message_id="M")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z")
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e"
                    "\u2066-\u2069]")
EPOCH = datetime.datetime(1970, 1, 1)


class Reader:
    """The case as another program reads it, and what it found wrong."""

    def __init__(self, case):
        self.case, self.bad, self.checks = pathlib.Path(case), [], 0
        self.tables, self.heads = {}, {}

    def check(self, holds, name, *what):
        self.checks += 1
        if not holds:
            self.bad.append(name + ": " + ", ".join(map(str, what)))
        return bool(holds)

    def read(self):
        for name in COLUMNS:
            raw = (self.case / f"reports/csv/{name}.csv").read_bytes()
            text = raw.decode("utf-8")
            self.check(text.startswith("\ufeff") and "\ufeff" not in text[1:],
                       f"{name}: one BOM, at the start")
            self.check(text.endswith("\r\n") and
                       not re.search("[\r\n]", text.replace("\r\n", "")),
                       f"{name}: lines end in CRLF")
            rows = list(csv.reader(text[1:].splitlines(True), strict=True))
            head, rows = rows[0], rows[1:]
            wanted = COLUMNS[name].split()
            self.check(head[:len(wanted)] == wanted, f"{name}: columns", head)
            self.check(len(set(head)) == len(head), f"{name}: a column twice")
            self.heads[name] = head
            self.read_cells(name, rows)

    def read_cells(self, name, rows):
        """The JSONL is the truth; each CSV cell follows from it."""
        lines = (self.case / f"reports/jsonl/{name}.jsonl").read_text(
            encoding="utf-8").split("\n")
        self.check(lines.pop() == "", f"{name}.jsonl: ends in a line end")
        self.check(len(lines) == len(rows), f"{name}.jsonl: number of rows",
                   len(lines), len(rows))
        lists = LISTS.get(name, "").split()
        table = []
        for number, (row, line) in enumerate(zip(rows, lines), 2):
            one = json.loads(line)
            for column, cell in zip(self.heads[name], row):
                value = one.get(column)
                self.check(isinstance(value, list) == (column in lists),
                           f"{name}.jsonl:{number}: array", column, value)
                self.check(cell == as_cell(value), f"{name}:{number}: {column}",
                           repr(cell), repr(value))
                if value is None:
                    one[column] = [] if column in lists else ""
            self.check(len(row) == len(self.heads[name]),
                       f"{name}:{number}: width")
            table.append(one)
        self.tables[name] = table

    def rows(self, name):
        return self.tables[name]


def as_cell(value):
    if isinstance(value, list):
        value = "; ".join(value)
    text = "" if value is None else str(value)
    shown = HIDDEN.sub(lambda m: "\\x%02x" % ord(m[0]) if ord(m[0]) < 256
                       else "\\u%04x" % ord(m[0]), text)
    if text[:1] in ("\t", "\r", "\n", "'") or re.match(
            r"[\s\u200b\ufeff]*[-=+@\uff0d\uff1d\uff0b\uff20]", text):
        shown = "'" + shown
    return shown


def short(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def instant(text):
    """Nanoseconds, so that fractions compare."""
    if not text:
        return None
    whole, _, rest = text[:-1].partition(".")
    seconds = (datetime.datetime.fromisoformat(whole) - EPOCH).total_seconds()
    return int(seconds) * 10**9 + int((rest or "0").ljust(9, "0"))


def number(text):
    return int(text) if str(text).isdigit() else 0


def check_values(r):
    for name, rows in r.tables.items():
        for n, row in enumerate(rows, 2):
            where = f"{name}:{n}"
            for column in COLUMNS[name].split():
                value = row[column]
                if column.endswith("_utc") or column == "datetime":
                    r.check(not value or TIME.fullmatch(value),
                            f"{where}: {column} is a time", value)
                if (name, column) in VALUES and value != "":
                    r.check(value in VALUES[name, column].split(),
                            f"{where}: {column} is of its list", value)
                if column in IDS:
                    r.check(not value or re.fullmatch(
                        IDS[column] + "-[0-9a-f]{16}", value),
                        f"{where}: {column} is an id", value)
                if column in LISTS.get(name, "").split():
                    r.check(len(set(value)) == len(value) or
                            column == "recipients",
                            f"{where}: {column} holds one twice", value)
                    r.check(all(value), f"{where}: an empty {column}", value)


def natural(column, value):
    if isinstance(value, list):
        value = "; ".join(value)
    if TIME.fullmatch(str(value)):
        return (0, instant(value), "")
    if str(value).isdigit():
        return (0, int(value), "")
    return (value != "", 0, str(value))


KEYS = (natural, lambda c, v: as_cell(v).encode(),
        lambda c, v: -STRENGTH[v] if c == "exposure" and v else str(v),
        lambda c, v: -int(v) if str(v).isdigit() else str(v))


def check_order(r):
    """Some order of columns sorts the rows, and no two stand apart by chance:
    found greedily, column by column, inside what is equal so far."""
    for name, rows in r.tables.items():
        keys = [[] for _ in rows]
        left = list(r.heads[name])
        found = True
        while found and left:
            found = False
            for column in left:
                for key in KEYS:
                    tried = [k + [key(column, row[column])]
                             for k, row in zip(keys, rows)]
                    try:
                        fits = all(a <= b for a, b in zip(tried, tried[1:]))
                    except TypeError:
                        fits = False
                    if fits:
                        break
                if fits:
                    keys, found = tried, True
                    left.remove(column)
                    break
        ties = sum(a == b and x != y for a, b, x, y in
                   zip(keys, keys[1:], rows, rows[1:]))
        r.check(not ties, f"{name}: rows in a total order", f"{ties} ties",
                "not sorted by", left)


def check_sources(r):
    problems = collections.Counter(p["source_id"] for p in r.rows("problems"))
    places = collections.Counter(m["source_id"] for m in r.rows("messages")
                                 if m["state"] != "embedded")
    paths = collections.Counter(s["source_id"] for s in r.rows("sources"))
    known = set()
    for s in r.rows("sources"):
        name = f"source {s['path']}"
        if not s["source_id"]:
            continue
        known.add(s["source_id"])
        r.check(s["source_id"] == "S-" + s["sha256"][:16] or
                s["source_id"] == "S-" + short(s["sha256"]),
                f"{name}: id from its hash", s["source_id"])
        r.check(number(s["problems"]) == problems[s["source_id"]],
                f"{name}: problems", s["problems"], problems[s["source_id"]])
        r.check(number(s["messages"]) * paths[s["source_id"]] ==
                places[s["source_id"]], f"{name}: messages", s["messages"],
                places[s["source_id"]])
        lost = [p for p in r.rows("problems") if p["source_id"] ==
                s["source_id"] and p["severity"] in ("item_lost",
                                                     "source_lost")]
        r.check(not (lost and s["status"] == "ok"),
                f"{name}: ok, with losses", lost[:1])
    for name in ("messages", "access", "activity", "attachments", "problems"):
        for row in r.rows(name):
            r.check(row["source_id"] in known or not row["source_id"],
                    f"{name}: a source that sources.csv lacks",
                    row["source_id"])


def check_folders(r):
    held = collections.Counter()
    for m in r.rows("messages"):
        if m["state"] != "embedded":
            held[m["mailbox"], m["state"] == "recovered"] += 1
    told = collections.Counter()
    for f in r.rows("folders"):
        name = f"folder {f['source_id']} {f['folder']}"
        expected = f["expected"]
        found = sum(number(f[c]) for c in ("read", "recovered", "lost"))
        if expected != "":
            r.check(found >= number(expected), f"{name}: accounts for its "
                    "rows", expected, found)
            r.check(number(f["read"]) + number(f["lost"]) <= number(expected),
                    f"{name}: more read than promised", expected, f["read"])
        told[f["mailbox"], False] += number(f["read"])
        told[f["mailbox"], True] += number(f["recovered"])
    for mailbox in {m for m, _ in held} | {m for m, _ in told}:
        for which in (False, True):
            r.check(held[mailbox, which] >= told[mailbox, which],
                    f"folders of {mailbox}: more than messages.csv holds",
                    told[mailbox, which], held[mailbox, which], which)
        r.check(held[mailbox, False] == told[mailbox, False],
                f"folders of {mailbox}: read is what messages.csv holds",
                told[mailbox, False], held[mailbox, False])


def check_messages(r):
    parts = collections.Counter()
    for a in r.rows("attachments"):
        parts[a["message_id"]] += 1
    sources = {s["source_id"]: s for s in r.rows("sources")}
    copies = collections.Counter(s["source_id"] for s in r.rows("sources"))
    ids = {m["message_id"]: m for m in r.rows("messages")}
    for m in r.rows("messages"):
        name = f"message {m['message_id']}"
        if m["source_id"] in sources:
            hash_ = sources[m["source_id"]]["sha256"]
            r.check(m["message_id"] == "M-" + short(f"{hash_}/{m['locator']}"),
                    f"{name}: id from source and locator", m["locator"])
        rules = m["rules"]
        names = [x if isinstance(x, str) else x["rule"] for x in rules]
        r.check(names == sorted(names, key=RULES.index),
                f"{name}: rules in table order", names)
        if names:
            best = max((RULE_GIVES[n] for n in names), key=STRENGTH.get)
            r.check(m["exposure"] == best, f"{name}: exposure of its "
                    "strongest rule", m["exposure"], names)
        r.check(bool(names) == (m["exposure"] in COUNTED),
                f"{name}: a rule for an exposure", m["exposure"], names)
        first, last = (instant(m[c]) for c in ("first_access_utc",
                                               "last_access_utc"))
        r.check(first is None or last is None or first <= last,
                f"{name}: access begins before it ends", first, last)
        r.check(names or (first is None and last is None and
                          not m["access_records"] and not m["sessions"]),
                f"{name}: access without a rule")
        r.check((m["state"] == "embedded") == bool(m["parent_message_id"]),
                f"{name}: embedded and parent go together")
        if m["parent_message_id"]:
            parent = ids.get(m["parent_message_id"])
            if r.check(parent, f"{name}: its parent is there"):
                r.check(parent["exposure"] == m["exposure"] and
                        parent["rules"] == m["rules"],
                        f"{name}: exposure of its parent", m["exposure"])
        r.check(number(m["attachments"]) * copies[m["source_id"]] ==
                parts[m["message_id"]] * (
                    1 if parts[m["message_id"]] > number(m["attachments"])
                    else copies[m["source_id"]]),
                f"{name}: attachments", m["attachments"],
                parts[m["message_id"]])
    for a in r.rows("attachments"):
        if a["embedded_message_id"]:
            inner = ids.get(a["embedded_message_id"])
            r.check(inner and inner["parent_message_id"] == a["message_id"],
                    f"attachment {a['part']} of {a['message_id']}: its "
                    "message", a["embedded_message_id"])
        r.check(a["message_id"] in ids, "attachment without message")


def check_mailboxes(r):
    counts = collections.defaultdict(collections.Counter)
    for m in r.rows("messages"):
        if m["state"] == "embedded":
            continue
        names = [x if isinstance(x, str) else x["rule"] for x in m["rules"]]
        alone = m["exposure"] == "accessed" and \
            "R1" not in names and "R1s" not in names
        counts[m["mailbox"]]["stand_in" if alone else m["exposure"]] += 1
        counts[m["mailbox"]]["messages"] += 1
        r.check("R1c" not in names or "stand_in" in m["flags"],
                f"message {m['message_id']}: R1c is flagged stand_in")
    names = [b["mailbox"] for b in r.rows("mailboxes")]
    r.check(len(set(names)) == len(names), "mailboxes: one row each")
    for b in r.rows("mailboxes"):
        for column in ["messages", "stand_in"] + EXPOSURES:
            r.check(number(b[column]) == counts[b["mailbox"]][column],
                    f"mailbox {b['mailbox']}: {column}", b[column],
                    counts[b["mailbox"]][column])
        r.check(b["mailbox"] == b["mailbox"].lower(),
                f"mailbox {b['mailbox']}: lower case")
        paths = sorted({s["path"] for s in r.rows("sources")
                        if b["mailbox"] in s["mailbox"].split("; ")})
        if len(paths) > 200:
            paths = paths[:200] + [f"and {len(paths) - 200} more"]
        r.check(b["evidence"] == paths, f"mailbox {b['mailbox']}: evidence",
                b["evidence"][:3], paths[:3])
    for name in ("messages", "access", "coverage", "missing_items", "folders"):
        for row in r.rows(name):
            r.check(not row["mailbox"] or row["mailbox"] in names,
                    f"{name}: a mailbox that mailboxes.csv lacks",
                    row["mailbox"])


def events_of(r):
    """event id -> what access.csv and activity.csv say of the record."""
    events = {}
    for name in ("access", "activity"):
        for row in r.rows(name):
            one = events.setdefault(row["event_id"], row)
            for column in ("record_id", "time_utc", "attribution", "session",
                           "reason"):
                r.check(one[column] == row[column],
                        f"{name} {row['event_id']}: {column} differs",
                        one[column], row[column])
    return events


def check_access(r):
    held = collections.defaultdict(set)
    for m in r.rows("messages"):
        held[m["mailbox"]].add(m["message_id"])
    for a in r.rows("access"):
        name = f"access {a['event_id']}"
        r.check(instant(a["until_utc"]) is None or
                instant(a["until_utc"]) - instant(a["time_utc"]) in
                (0, 120 * 10**9), f"{name}: until", a["until_utc"])
        r.check(not a["message_id"] or a["message_id"] in held[a["mailbox"]],
                f"{name}: its message lies in {a['mailbox']}", a["message_id"])
    for event, row in events_of(r).items():
        if row["record_id"]:
            r.check(event == "E-" + short(row["record_id"]),
                    f"event {event}: id from the record id")
            r.check(row["record_id"] == row["record_id"].lower(),
                    f"event {event}: record id in lower case")


def check_records(r):
    """Rules name records; records carry attribution and, for R1, the item."""
    by_record = collections.defaultdict(list)
    for name in ("access", "activity"):
        for row in r.rows(name):
            by_record[row["record_id"] or row["event_id"]].append(row)
    for m in r.rows("messages"):
        name = f"message {m['message_id']}"
        times = []
        for record in m["access_records"]:
            rows = by_record.get(record)
            if not r.check(rows, f"{name}: its record is listed", record):
                continue
            times.append(instant(rows[0]["time_utc"]))
            if m["exposure"] != "presumed":
                r.check(all(x["attribution"] in ("adversary", "suspicious")
                            for x in rows),
                        f"{name}: its record is the adversary's", record)
            if m["exposure"] == "accessed" and m["state"] != "embedded" and \
                    m["internet_message_id"]:
                r.check(any(same_id(x.get("internet_message_id", ""),
                                    m["internet_message_id"])
                            or x.get("access_type") == "attachment"
                            for x in rows),
                        f"{name}: its record names it", record)
        r.check(times == sorted(times), f"{name}: records by time")
        wanted = {rows[0]["session"] for rows in
                  (by_record.get(x) for x in m["access_records"]) if rows}
        r.check(set(m["sessions"]) == wanted - {""},
                f"{name}: sessions of its records", m["sessions"], wanted)


def same_id(a, b):
    a, b = (x.strip() for x in (a, b))
    a, b = (x[1:-1] if x[:1] == "<" and x[-1:] == ">" else x for x in (a, b))
    return a.lower() == b.lower()


def check_sessions(r):
    events = events_of(r)
    groups = collections.defaultdict(list)
    for event in events.values():
        groups[event["session"]].append(event)
    binds = collections.defaultdict(list)
    for a in r.rows("access"):
        if a["access_type"] == "bind" and a["operation"] in (
                "MailItemsAccessed", "MessageBind"):
            binds[a["session"]].append(a)
    rank = "adversary known suspicious unattributed".split()
    for s in r.rows("sessions"):
        name, mine = f"session {s['session']}", groups.get(s["session"], [])
        r.check((s["kind"] == "derived") == s["session"].startswith("X-"),
                f"{name}: kind", s["kind"])
        r.check(number(s["events"]) == len(mine), f"{name}: events",
                s["events"], len(mine))
        if not mine:
            continue
        times = [instant(e["time_utc"]) for e in mine if e["time_utc"]]
        r.check(instant(s["first_utc"]) == min(times, default=None),
                f"{name}: first", s["first_utc"])
        r.check(instant(s["last_utc"]) == max(times, default=None),
                f"{name}: last", s["last_utc"])
        best = min((e["attribution"] for e in mine), key=rank.index)
        r.check(s["attribution"] == best, f"{name}: strongest attribution",
                s["attribution"], best)
        boxes = {a["mailbox"] for a in r.rows("access")
                 if a["session"] == s["session"]} - {""}
        r.check(boxes <= set(s["mailboxes"]), f"{name}: mailboxes",
                s["mailboxes"], boxes)
        ids = {a["internet_message_id"].strip("<> ") for a in
               binds[s["session"]] if a["internet_message_id"]}
        r.check(number(s["distinct_messages"]) == len(ids),
                f"{name}: distinct messages", s["distinct_messages"], len(ids))
    listed = {s["session"] for s in r.rows("sessions")}
    r.check(set(groups) - {""} <= listed, "a session that sessions.csv lacks",
            sorted(set(groups) - listed)[:3])


def check_coverage(r):
    spans = collections.defaultdict(list)
    for c in r.rows("coverage"):
        spans[c["mailbox"]].append(c)
    for mailbox, rows in spans.items():
        name = f"coverage of {mailbox}"
        if any(c["status"] == "not_logged" for c in rows):
            r.check(len(rows) == 1 and not rows[0]["from_utc"] and
                    not rows[0]["to_utc"], f"{name}: not_logged stands alone")
            continue
        for a, b in zip(rows, rows[1:]):
            r.check(a["to_utc"] and a["to_utc"] == b["from_utc"],
                    f"{name}: rows meet", a["to_utc"], b["from_utc"])
        r.check(not rows[0]["from_utc"] and not rows[-1]["to_utc"],
                f"{name}: open ends")
        r.check(all(c["status"] == "outside" for c in (rows[0], rows[-1])),
                f"{name}: outside at both ends")
    boxes = {b["mailbox"] for b in r.rows("mailboxes")}
    r.check(not spans or set(spans) == boxes, "coverage: every mailbox",
            boxes ^ set(spans))


def check_missing(r):
    held = collections.defaultdict(set)
    for m in r.rows("messages"):
        if m["state"] != "embedded":
            held[m["mailbox"]].add(m["internet_message_id"].strip("<> ")
                                   .lower())
    ids = {m["message_id"] for m in r.rows("messages")}
    records = {a["record_id"] for a in r.rows("access")}
    keys = set()
    for m in r.rows("missing_items"):
        key = (m["mailbox"], m["internet_message_id"])
        r.check(key not in keys, "missing_items: one row each", *key)
        keys.add(key)
        wanted = m["internet_message_id"].strip("<> ").lower()
        r.check(not wanted or wanted not in held[m["mailbox"]],
                "missing_items: the evidence holds it", *key)
        r.check(set(m["copy_message_id"]) <= ids,
                "missing_items: a copy that is not there", *key)
        r.check(set(m["record_ids"]) <= records,
                "missing_items: a record that access.csv lacks", *key)


def check_findings(r):
    exposure, elements = {}, collections.defaultdict(set)
    for m in r.rows("messages"):
        one = exposure.setdefault(m["message_id"], m["exposure"])
        exposure[m["message_id"]] = max(one, m["exposure"], key=STRENGTH.get)
    people = {p["person_id"] for p in r.rows("people")}
    ids = collections.Counter(f["finding_id"] for f in r.rows("findings"))
    r.check(all(n == 1 for n in ids.values()), "findings: one row an id",
            [i for i, n in ids.items() if n > 1][:3])
    for f in r.rows("findings"):
        name = f"finding {f['finding_id']}"
        if not r.check(f["message_id"] in exposure, f"{name}: its message"):
            continue
        r.check(f["exposure"] == exposure[f["message_id"]],
                f"{name}: strongest exposure of its message", f["exposure"])
        r.check(not f["person_id"] or f["person_id"] in people,
                f"{name}: its person is listed", f["person_id"])
        r.check(re.fullmatch("[0-9a-f]{32}", f["value_hash"]),
                f"{name}: value_hash")
        if f["level"] != "low" and f["element"]:
            elements[f["message_id"]].add(f["element"])
    for m in r.rows("messages"):
        r.check(set(m["data_elements"]) == elements[m["message_id"]],
                f"message {m['message_id']}: data_elements",
                m["data_elements"], sorted(elements[m["message_id"]]))
    found = {f["finding_id"]: f for f in r.rows("findings")}
    for c in r.rows("credentials"):
        f = found.get(c["finding_id"])
        if r.check(f, f"credential {c['finding_id']}: its finding"):
            r.check(f["message_id"] == c["message_id"] and
                    f["exposure"] == c["exposure"] and
                    f["masked"] == c["masked"],
                    f"credential {c['finding_id']}: agrees with its finding")


def check_people(r):
    exposure, times = {}, collections.defaultdict(list)
    for m in r.rows("messages"):
        one = exposure.setdefault(m["message_id"], m["exposure"])
        exposure[m["message_id"]] = max(one, m["exposure"], key=STRENGTH.get)
        times[m["message_id"]].append((instant(m["first_access_utc"]),
                                       instant(m["last_access_utc"])))
    mine = collections.defaultdict(list)
    for f in r.rows("findings"):
        if f["person_id"]:
            mine[f["person_id"]].append(f)
    duties = collections.Counter()
    for p in r.rows("people"):
        name, rows = f"person {p['person_id']}", mine[p["person_id"]]
        r.check(number(p["messages"]) == len(p["message_ids"]),
                f"{name}: messages", p["messages"], len(p["message_ids"]))
        counting = [f for f in rows if f["level"] != "low" and f["element"]]
        r.check({f["message_id"] for f in counting} <= set(p["message_ids"]),
                f"{name}: messages of its findings")
        r.check(set(p["message_ids"]) <= {f["message_id"] for f in rows},
                f"{name}: a message without a finding")
        r.check(set(p["data_elements"]) == {f["element"] for f in counting},
                f"{name}: data_elements", p["data_elements"],
                sorted({f["element"] for f in counting}))
        exposed = {f["element"] for f in counting if f["exposure"] in COUNTED}
        r.check(set(p["elements_exposed"]) == exposed,
                f"{name}: elements_exposed", p["elements_exposed"], exposed)
        best = max((exposure.get(i, "not_shown") for i in p["message_ids"]),
                   key=STRENGTH.get, default="")
        r.check(p["exposure"] == best, f"{name}: strongest exposure",
                p["exposure"], best)
        ends = [t for i in p["message_ids"] for t in times[i]]
        r.check(instant(p["first_access_utc"]) == min(
            (a for a, _ in ends if a is not None), default=None),
            f"{name}: first access", p["first_access_utc"])
        r.check(instant(p["last_access_utc"]) == max(
            (b for _, b in ends if b is not None), default=None),
            f"{name}: last access", p["last_access_utc"])
        r.check(set(p["review"]) <= REVIEW, f"{name}: review", p["review"])
        r.check(("unnamed" in p["review"]) == (not p["name"]),
                f"{name}: unnamed", p["review"], p["name"])
        r.check(not p["duties"] or p["exposure"] in COUNTED,
                f"{name}: duties, not exposed", p["duties"])
        duties.update(p["duties"])
    for d in r.rows("duties"):
        if d["people"] != "" and d["trigger"]:
            r.check(number(d["people"]) == duties[d["duty_id"]],
                    f"duty {d['duty_id']}: people", d["people"],
                    duties[d["duty_id"]])
    r.check(set(duties) <= {d["duty_id"] for d in r.rows("duties")},
            "people: a duty that duties.csv lacks")


def check_organizations(r):
    for o in r.rows("organizations"):
        name = f"organization {o['domain']}"
        parts = sum(number(o[c]) for c in EXPOSURES[:5])
        r.check(parts <= number(o["messages"]), f"{name}: exposures", parts)
        r.check(all(c.rpartition("@")[2] == o["domain"] or
                    c.endswith("." + o["domain"]) for c in o["contacts"]),
                f"{name}: contacts", o["contacts"])
        r.check(bool(o["first_utc"]) == bool(parts) or not parts,
                f"{name}: first access", o["first_utc"])


def check_timeline(r):
    for t in r.rows("timeline"):
        r.check(instant(t["datetime"]) // 1000 == int(t["timestamp"]),
                "timeline: datetime and timestamp", t["datetime"],
                t["timestamp"])
        r.check(t["message"] and t["timestamp_desc"], "timeline: words")


def check_custody(r):
    before = "0" * 64
    for n, line in enumerate((r.case / "custody.jsonl").read_bytes()
                             .split(b"\n")[:-1], 1):
        one = json.loads(line)
        r.check(one["previous"] == before, f"custody:{n}: chain")
        before = hashlib.sha256(line).hexdigest()
    listed = {}
    for line in (r.case / "manifest.sha256").read_text().splitlines():
        hash_, _, name = line.partition("  ")
        listed[name] = hash_
    files = [f for f in r.case.rglob("*") if f.is_file()]
    for file in files:
        name = str(file.relative_to(r.case))
        if name in listed:
            r.check(hashlib.sha256(file.read_bytes()).hexdigest() ==
                    listed.pop(name), f"manifest: {name}")
        else:
            r.check(name == "custody.jsonl" or
                    name.startswith("manifest.sha256"),
                    f"manifest: {name} is not listed")
    r.check(not listed, "manifest: lists what is not there", *listed)
    db = sqlite3.connect(f"file:{r.case}/case.db?mode=ro", uri=True)
    for pragma in ("application_id", "user_version"):
        r.check(db.execute(f"PRAGMA {pragma}").fetchone()[0],
                f"case.db: {pragma} is set")
    r.check(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok",
            "case.db: whole")


def check_evidence(r, folder):
    """Hashes and bytes, from the evidence itself."""
    root = pathlib.Path(folder).resolve()
    by_path = {s["path"]: s for s in r.rows("sources")}
    on_disk = {str(pathlib.Path(root.name) / f.relative_to(root)): f
               for f in root.rglob("*") if f.is_file()
               and not f.is_symlink()}
    r.check(set(on_disk) <= set(by_path), "sources: a file without a row",
            sorted(set(on_disk) - set(by_path))[:3])
    hashes = {}
    for path, file in on_disk.items():
        raw, s = file.read_bytes(), by_path.get(path)
        if not s or not s["sha256"]:
            continue
        sha = hashlib.sha256(raw).hexdigest()
        hashes[s["source_id"]] = sha
        r.check((s["sha256"], s["md5"], number(s["bytes"])) ==
                (sha, hashlib.md5(raw).hexdigest(), len(raw)),
                f"source {path}: hashes and size")
    for m in r.rows("messages"):
        if m["locator"] == "" and m["source_id"] in hashes and \
                any(s["source_id"] == m["source_id"] and s["kind"] == "eml"
                    for s in r.rows("sources")):
            r.check(m["content_sha256"] == hashes[m["source_id"]],
                    f"message {m['message_id']}: content is the file")


CHECKS = (check_values, check_order, check_sources, check_folders,
          check_messages, check_mailboxes, check_access, check_records,
          check_sessions, check_coverage, check_missing, check_findings,
          check_people, check_organizations, check_timeline, check_custody)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--evidence")
    words.add_argument("case", nargs="+")
    words = words.parse_args()
    failed = False
    for case in words.case:
        r = Reader(case)
        r.read()
        for one in CHECKS:
            one(r)
        if words.evidence:
            check_evidence(r, words.evidence)
        for line, times in collections.Counter(r.bad).most_common(40):
            print(f"not ok {line}" + (f" ({times} times)" * (times > 1)))
        failed |= bool(r.bad)
        print(f"{'not ok' if r.bad else 'ok'} case {case}: {r.checks} checks, "
              f"{len(r.bad)} fail")
    sys.exit(failed)


main()
