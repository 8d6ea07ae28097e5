#!/usr/bin/env python3
"""make_case.py FOLDER [plain|hostile|many N]: a reconstructed case made of rows.

What the reports are tested on: every table of the case filled by hand, so
that the test of a report depends on no other stage. Nothing here is real.
  plain    a small intrusion with everything a report can show
  hostile  the same, with an attack in every text that evidence can set
  many N   the same with N more messages, for paging
"""
import datetime
import hashlib
import json
import pathlib
import random
import sqlite3
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAY = 86400 * 10**6
HOUR = 3600 * 10**6
MINUTE = 60 * 10**6


def us(text):
    when = datetime.datetime.fromisoformat(text).replace(
        tzinfo=datetime.timezone.utc)
    return int(when.timestamp()) * 10**6


def iso(t):
    when = datetime.datetime.fromtimestamp(t // 10**6, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def ident(letter, text):
    return letter + "-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Case:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "case.db"
        path.unlink(missing_ok=True)
        self.db = sqlite3.connect(path)
        for name in ("schema.sql", "indexes.sql"):
            self.db.executescript(
                (ROOT / "forensics/case" / name).read_text())
        self.random = random.Random(7)
        self.session_rows = {}

    def add(self, table, **values):
        for key, value in values.items():
            if isinstance(value, (list, dict)):
                values[key] = json.dumps(value, ensure_ascii=False,
                                         separators=(",", ":"))
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        return self.db.execute(f"INSERT INTO {table}({names}) VALUES({marks})",
                               list(values.values())).lastrowid


INCIDENT = {
    "name": "Example agency mailbox intrusion",
    "reference": "CASE-2023-0042",
    "examiner": {"name": "A. Examiner", "organization": "Example Forensics"},
    "discovered": "2023-06-16T00:00:00Z",
    "window": {"from": "2023-05-15T00:00:00Z", "to": "2023-06-16T23:59:59Z"},
    "organization": {"name": "Example Agency", "domains": ["example.gov"],
                     "jurisdiction": "US-DC", "sector": ["federal"]},
    "adversary": {"ip": ["203.0.113.7", "198.51.100.0/24"]},
    "baseline_until": "2023-05-14T23:59:59Z",
    "time_zone": "America/New_York",
    "mailboxes": [{"address": "alice@example.gov",
                   "evidence": ["alice*.pst"]}],
    "accept": [{"problem": "damaged", "source": ident("S", sha("alice")),
                "by": "A. Examiner",
                "reason": "two items of the Junk folder, seen by hand"}],
}

SUBJECTS = ["Quarterly figures", "Re: Visit on Monday", "Travel claim",
            "Draft answer to the committee", "Lunch?", "Contract 2023/117",
            "Minutes of the steering group", "=1+1 budget", "Résumé of talks",
            "New starters, personal data", "VPN access for contractors",
            "Fwd: SSN 078-05-1120 for the badge", "Weekly digest",
            "Invoice 4711", "Salary table", "Staff list"]
FOLDERS = ["Inbox", "Inbox/Projects", "Sent Items", "Archive/2022",
           "Deleted Items"]
PEOPLE = [("Dolores Haze", "US-CA"), ("John Q. Public", "US-DC"),
          ("Ana Ibáñez", "ES"), ("Émile Durand", "FR"),
          ("Mary Major", "US-MD"), ("Richard Roe", None), ("", None)]


def add_sources(c):
    rows = [("alice", "evidence/alice.pst", "pst", 0, "partial"),
            ("bob", "evidence/bob/box.mbox", "mbox", 0, "ok"),
            ("audit", "evidence/audit/purview.csv", "ual_csv", 1, "ok"),
            ("audit2", "evidence/audit/more.jsonl", "ual_json", 1, "ok"),
            ("lost", "evidence/broken.pst", "pst", 0, "lost")]
    for name, path, kind, audit, status in rows:
        n = c.add("sources", source_id=ident("S", sha(name)), sha256=sha(name),
                  md5=hashlib.md5(name.encode()).hexdigest(),
                  bytes=1000 + 977 * len(name) ** 5, kind=kind, state="done",
                  status=status, audit=audit)
        c.add("paths", path=path, source=n)
    c.add("paths", path="evidence/copy/box.mbox", source=2)
    c.add("paths", path="evidence/no permission.pst", problem="unreadable")
    for n, (box, guid, held) in enumerate([
            ("alice@example.gov", "654c1387-0000-4000-8000-000000000001", 1),
            ("bob@example.gov", "654c1387-0000-4000-8000-000000000002", 1),
            ("carol@example.gov", "654c1387-0000-4000-8000-000000000003", 0)]):
        paths = [p for _, p, k, a, _ in rows if box.split("@")[0] in p]
        c.add("mailboxes", mailbox=box, guid=guid, held=held, paths=paths,
              first_adversary_us=us("2023-05-16 08:12:31") + n * DAY
              if n < 2 else None,
              last_adversary_us=us("2023-06-14 19:40:02")
              if n < 2 else None)
    c.add("path_mailboxes", path=rows[0][1], member=0, mailbox_no=1,
          mailbox_source="incident", folder=None)
    c.add("path_mailboxes", path=rows[1][1], member=0, mailbox_no=2,
          mailbox_source="directory", folder="")
    c.add("path_mailboxes", path="evidence/copy/box.mbox", member=0, mailbox_no=2,
          mailbox_source="directory", folder="")
    for i, folder in enumerate(FOLDERS):
        c.add("folders", source=1, folder_id=f"nid={0x8022 + 32 * i:#x}",
              path=folder, kind="mail", expected=20 + i, associated=i)
    c.add("folders", source=1, folder_id="nid=0x2223", path="Search",
          kind="search", expected=0, associated=0)
    c.add("folders", source=2, folder_id="", path=None, kind="mail",
          expected=12, associated=0)


SESSIONS = ["5d2c1e64-7a11-4f0e-9a0a-6f1b2c3d4e5f",
            "0b7e33aa-1f52-4b6e-8d7c-aa55bb66cc77",
            ident("X", "derived"), "9c0ffee0-0000-4000-8000-000000000009"]


def add_event(c, t, box, operation, access, session, attribution, reason,
              items=(), **more):
    number = c.db.execute("SELECT count(*) FROM events").fetchone()[0] + 1
    record = f"{number:08x}-1111-4222-8333-{number * 7919:012x}"
    ip = more.pop("ip", "203.0.113.7" if attribution == "adversary"
                  else "192.0.2.44")
    user = more.pop("user", ["alice", "bob", "carol"][box - 1]
                    + "@example.gov" if box else "admin@example.gov")
    report = more.pop("report", "access")
    folder = more.pop("folder", None)
    event = c.add("events", source=3 + number % 2,
                  event_id=ident("E", record),
                  locator=f"row={number + 1}", raw_offset=number * 400,
                  raw_bytes=380, content_sha256=sha(record), inner_bytes=380,
                  record_id=record, time_us=t,
                  until_us=t + (2 * MINUTE if access in ("bind", "sync")
                                else 0),
                  record_type=50 if access in ("bind", "sync") else 2,
                  workload="Exchange", operation=operation, user_id=user,
                  client_ip=ip, ips=[ip], app_id=more.pop("app", None),
                  client_info=more.pop("client", "Client=REST;;"),
                  throttled=more.pop("throttled", "no"),
                  session_id=session, **more)
    c.add("judged_events", event=event, mailbox_no=box or None,
          report=report, access_type=access, actor_type="owner",
          attribution=attribution, reason=reason, session=session,
          session_kind="derived" if session.startswith("X") else "recorded",
          folder=folder)
    if report in ("access", "both"):
        for i, (imi, message) in enumerate(items):
            c.add("event_items", event=event, position=i,
                  internet_message_id=imi)
            c.add("access_items", event=event, position=i, folder=folder,
                  internet_message_id=imi, message_id=message)
        if not items:
            c.add("access_items", event=event, position=-1, folder=folder,
                  internet_message_id="", message_id="")
    return record


EXPOSED = [("accessed", "R1", "An audit record of the intruder names this "
            "message in this mailbox."),
           ("synced", "R2", "The folder was downloaded by the intruder while "
            "the message lay in it."),
           ("presumed", "R3", "Logging was throttled; the intruder was in the "
            "mailbox within 24 hours."),
           ("possible", "R7", "Reading in this mailbox is not proven to be "
            "logged."),
           ("not_covered", None, None), ("not_shown", None, None)]


def add_message(c, i, exposure=None):
    box = 2 if i % 4 == 3 else 1
    folder_no = i % len(FOLDERS) if box == 1 else None
    imi = f"<{i:04d}.mail@example.org>"
    locator = f"nid={0x200024 + 32 * i:#x}" if box == 1 \
        else f"offset={5120 * i}+5120"
    source = sha("alice" if box == 1 else "bob")
    message_id = ident("M", source + "/" + locator)
    arrival = us("2023-03-01 07:03:11") + i * 17 * HOUR
    subject = SUBJECTS[i % len(SUBJECTS)]
    sender = PEOPLE[i % 6][0]
    message = c.add("messages", source=box, message_id=message_id,
                    folder=folder_no + 1 if folder_no is not None else 7,
                    locator=locator, state="live",
                    message_class="IPM.Note", internet_message_id=imi,
                    subject=subject, sender=sender,
                    sender_address=f"p{i % 6}@example.org",
                    recipients=["Alice Doe <alice@example.gov>",
                                "Bob Low <bob@example.gov>"][:1 + i % 2],
                    sent_us=arrival - 90 * 10**6, received_us=arrival,
                    arrival_us=arrival, bytes=2000 + 311 * i % 70000,
                    attachments=1 if i % 5 == 0 else 0,
                    content_sha256=sha(locator), body_sha256=sha("b" + locator),
                    edrm_mih=hashlib.md5(imi.encode()).hexdigest(), flags=[])
    c.add("addresses", message=message, role="from", position=0, name=sender,
          address=f"p{i % 6}@example.org")
    for n, name in enumerate(("alice", "bob")[:1 + i % 2]):
        c.add("addresses", message=message, role="to", position=n,
              name=name, address=f"{name}@example.gov")
    kind, rule, sentence = exposure or EXPOSED[
        [0, 1, 1, 3, 2, 0, 4, 5, 5, 1][i % 10]]
    first = us("2023-05-16 08:12:31") + i * 91 * MINUTE if rule else None
    records = []
    session = SESSIONS[i % 3]
    if kind == "accessed":
        records = [add_event(c, first, box, "MailItemsAccessed", "bind",
                             session, "adversary",
                             "address 203.0.113.7 is an indicator",
                             [(imi, message_id)],
                             app="ea0056b2-87ac-4765-ba13-e2768da6fba7")]
    elif kind == "synced":
        records = [add_event(c, first, box, "MailItemsAccessed", "sync",
                             session, "adversary",
                             "shares session " + session,
                             folder="Inbox/Projects")]
    flags = ["stand_in"] if i == 10 else []
    place = c.add("places", message=message,
                  path="evidence/alice.pst" if box == 1
                  else "evidence/bob/box.mbox",
                  mailbox_no=box,
                  folder=FOLDERS[folder_no] if folder_no is not None else "",
                  state="deleted" if folder_no == 4 else "live",
                  arrival_us=arrival, exposure=kind,
                  rules=[rule] if rule else [], first_us=first, last_us=first,
                  access_records=records, sessions=[session] if records
                  else [], flags=flags)
    if rule:
        c.add("verdicts", place=place, rule=rule, exposure=kind,
              first_us=first, last_us=first, records=records,
              sessions=[session] if records else [], sentence=sentence)
    if i % 5 == 0:
        c.add("attachments", message=message, part="2",
              name="../../etc/staff.csv" if i % 10 else "scan.pdf",
              content_type="text/csv", bytes=700 + i, sha256=sha(f"a{i}"),
              md5="", method="file", hidden=0,
              text="read" if i % 10 else "not_read",
              reason=None if i % 10 else "no reader for this kind",
              locator=locator + "/part=2")
    return message, message_id, kind, first


def add_finding(c, message, message_id, n, **f):
    return c.add("findings", finding_id=ident("F", f"{message_id}/{n}"),
                 message=message, part=f.pop("part", "1"),
                 text_offset=100 + 40 * n, hidden=0, **f)


def add_content(c, made):
    people = []
    for n, (name, residence) in enumerate(PEOPLE):
        people.append(c.add(
            "people", person_id=ident("P", f"{n}"), name=name or None,
            emails=[f"person{n}@example.com"], phones=[],
            postal_address=None, residence=residence,
            residence_source="address" if residence else "none",
            data_elements=["SSN"] if n % 2 == 0 else ["SSN", "DOB"],
            elements_exposed=["SSN"] if n < 5 or n == 6 else [],
            exposure="accessed" if n < 3 else "synced",
            first_us=us("2023-05-16 08:12:31"),
            last_us=us("2023-06-01 08:12:31"), messages=1 + n,
            message_ids=[m[1] for m in made[n:n + 2]], merge_reason="single",
            review=["unnamed"] if not name else [],
            duties=["US-CA"] if residence == "US-CA" else [],
            people_deadline="2023-07-16T00:00:00Z" if residence == "FR"
            else "in the most expedient time possible",
            regulator_deadline="2023-06-19T00:00:00Z"
            if residence in ("FR", "ES") else ""))
    for n, (message, message_id, kind, first) in enumerate(made[:14]):
        value = "078-05-1120" if n == 11 else f"078-05-{2000 + n}"
        f = add_finding(c, message, message_id, 0, detector="us_ssn",
                        element="SSN", level="high" if n % 3 else "medium",
                        value=value, normalized=value.replace("-", ""),
                        masked="***-**-" + value[-4:], **{"class": "us_ssn"},
                        name=PEOPLE[n % 7][0], link="row",
                        part="headers/Subject" if n == 11 else "1")
        c.add("person_findings", finding=f, person=people[n % 7])
    message, message_id = made[12][:2]
    c.db.execute("UPDATE messages SET subject = 'Call Jane.Roe@example.net'"
                 " WHERE message = ?", [message])
    add_finding(c, message, message_id, 5, detector="email", element="",
                level="medium", value="jane.roe@example.net",
                normalized="jane.roe@example.net",
                masked="j*******@example.net", **{"class": "email"})
    for n, (message, message_id, kind, first) in enumerate(made[5:8]):
        add_finding(c, message, message_id, 9, detector="password",
                    element="CRED", kind="password", level="medium",
                    value="hunter22!", normalized="hunter22!",
                    masked="********", account="vpn-user", system="VPN",
                    **{"class": "password"})
    for row in [
            ("US-CA", "US-CA", "US-CA", "Cal. Civ. Code 1798.82", 1,
             "SSN with name", "in the most expedient time possible",
             "Attorney General", "when more than 500 residents", "no"),
            ("US-DC", "US-DC", "US-DC", "D.C. Code 28-3852", 1,
             "SSN with name", "in the most expedient time possible",
             "Attorney General", "when 50 or more residents", "no"),
            ("EU", "EU", "", "GDPR Art. 33, 34", 2, "any personal data",
             "without undue delay", "lead supervisory authority",
             "2023-06-19T00:00:00Z", "yes"),
            ("US-MD", "US-MD", "US-MD", "Md. Com. Law 14-3504", 1,
             "SSN with name", "2023-07-31T00:00:00Z", "Attorney General",
             "2023-07-31T00:00:00Z", "yes"),
            ("US-FED", "US", "", "FISMA, OMB M-17-12", 5, "federal sector",
             "as the breach response plan says", "US-CERT",
             "2023-06-16T01:00:00Z", "yes")]:
        c.add("duties", duty_id=row[0], jurisdiction=row[1], residence=row[2],
              law=row[3], people=row[4], trigger=row[5],
              people_deadline=row[6], regulator=row[7],
              regulator_deadline=row[8], threshold_met=row[9],
              law_version="2023-01-01", source="statute text")
    c.add("organizations", domain="example.org", organization="Example Org",
          messages=21, accessed=9, taken=0, synced=12, presumed=3, possible=6,
          first_us=us("2023-05-16 08:12:31"),
          last_us=us("2023-06-10 11:00:00"),
          contacts=["p0@example.org", "p1@example.org"])


def add_log(c):
    start = us("2023-05-10 00:00:00")
    for day in range(36):
        if 20 <= day < 23:
            continue
        for hour in (8, 9, 11, 14, 16):
            t = start + day * DAY + hour * HOUR + c.random.randrange(3500) \
                * 10**6
            add_event(c, t, 1 + day % 3, "MailItemsAccessed", "bind",
                      SESSIONS[3], "unattributed", None,
                      client="Client=OWA;Action=ViaProxy")
    t = us("2023-05-16 07:58:10")
    add_event(c, t, 1, "UserLoggedIn", None, SESSIONS[0], "adversary",
              "address 203.0.113.7 is an indicator", report="activity",
              result="Success", succeeded="yes", object_id="Office 365")
    add_event(c, t + 9 * DAY, 0, "New-InboxRule", None, SESSIONS[2],
              "suspicious", "S8: an inbox rule was made", report="activity",
              object_id="somebody", detail="", result="True",
              parameters=[["Name", "."], ["ForwardTo", "x@evil.example"]])
    add_event(c, t + 8 * DAY, 1, "MailItemsAccessed", "bind", SESSIONS[1],
              "adversary", "shares session " + SESSIONS[1],
              [("<gone.1@example.org>", "")], throttled="yes",
              ip="198.51.100.23")
    for n, session in enumerate(SESSIONS):
        rows = c.db.execute(
            "SELECT min(time_us), max(time_us), count(*), sum(e.access_type"
            " IS NULL), max(j.attribution = 'adversary')"
            " FROM events e JOIN judged_events j USING (event)"
            " WHERE j.session = ?", [session]).fetchone()
        c.add("sessions", session=session,
              kind="derived" if session[0] == "X" else "recorded",
              attribution="adversary" if rows[4] else "unattributed",
              reasons=["address 203.0.113.7 is an indicator"]
              if rows[4] else [],
              mailboxes=["alice@example.gov", "bob@example.gov"],
              actors=["alice@example.gov"],
              ips=["203.0.113.7", "198.51.100.23"] if rows[4]
              else ["192.0.2.44"],
              apps=["ea0056b2-87ac-4765-ba13-e2768da6fba7"],
              clients=["Client=REST;;"], first_us=rows[0], last_us=rows[1],
              events=rows[2], items_bound=rows[2] * 2,
              distinct_messages=rows[2], folders_synced=n, throttled=n % 2,
              sign_in=["found", "not_found", "no_sign_in_logs",
                       "found"][n])
    first, last = start, start + 36 * DAY
    gap = start + 20 * DAY
    for box in (1, 2):
        for a, b, status, reason in [
                (None, first, "outside", "before the first record"),
                (first, gap, "covered", "records on every day"),
                (gap, gap + 3 * DAY, "gap", "three days without any record"),
                (gap + 3 * DAY, last - 6 * DAY, "covered",
                 "records on every day"),
                (last - 6 * DAY, last - 5 * DAY, "throttled",
                 "a record says IsThrottled"),
                (last - 5 * DAY, last - 4 * DAY, "audit_off",
                 "Set-Mailbox AuditEnabled false"),
                (last - 4 * DAY, last, "covered", "records on every day"),
                (last, None, "outside", "after the last record")]:
            c.add("coverage", mailbox_no=box, from_us=a, to_us=b,
                  status=status, reason=reason)
    c.add("coverage", mailbox_no=3, from_us=None, to_us=None,
          status="not_logged", reason="no MailItemsAccessed record")
    c.add("missing_items", mailbox_no=1,
          internet_message_id="<gone.1@example.org>", folder="Inbox",
          first_us=us("2023-05-24 07:58:10"),
          last_us=us("2023-05-24 08:00:10"), record_ids=["gone"],
          copy_message_ids=[])
    c.add("problems", stage="ingest", source=1, locator="nid=0x200ea4",
          kind="damaged", severity="item_lost", items_lost=2,
          detail="block 0x1f4: checksum differs ([MS-PST] 2.2.2.8)")
    c.add("problems", stage="ingest", source=5, locator="",
          kind="truncated", severity="source_lost", items_lost=1,
          detail="the file ends before its header does")
    c.add("problems", stage="reconstruct", source=3, locator="row=9",
          kind="unknown_mailbox", severity="note", items_lost=0,
          detail="New-InboxRule names a mailbox that cannot be told")


ATTACKS = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(2)>",
           "' onmouseover='alert(3)' x='", "</title></style></script><script>"
           "alert(4)</script>", "javascript:alert(5)", "<svg/onload=alert(6)>",
           "\u2028alert(7)\u2029//", "\u202egnp.exe\u2066", "\x1b[31mred\x1b]0;t\x07",
           "=cmd|'/c calc'!A0", "@SUM(1)", "\t=1", "'quoted", "../../../etc/x",
           "<a href=https://evil.example/>", "<link rel=stylesheet href=//e>",
           "&lt;b&gt;&#x3c;script&#x3e;", "--><!--<iframe src=file:///etc>",
           "{{7*7}}${7*7}", "url(//evil.example/x)", "]]><script>alert(8)",
           "<meta http-equiv=refresh content=0;url=//evil.example>",
           "\ufeff\u200bzero\u200dwidth", "\uff1dfull", "a\x00b", "\r\nx,\"y\""]

# What evidence can set; words of ours (states, kinds) are not in it.
HOSTILE = {
    "sources": ["store_owner", "display_name"],
    "paths": [],
    "folders": ["path", "container_class"],
    "messages": ["internet_message_id", "subject", "sender",
                 "sender_address", "message_class"],
    "attachments": ["name", "content_type", "part", "reason", "locator"],
    "findings": ["masked", "account", "system", "name", "part"],
    "events": ["operation", "user_id", "client_ip", "app_id", "client_info",
               "result", "object_id", "detail"],
    "judged_events": ["folder", "reason"],
    "addresses": ["address", "name"],
    "access_items": ["folder", "internet_message_id"],
    "problems": ["locator", "detail"],
    "places": ["folder"],
    "verdicts": ["sentence"],
    "people": ["name", "postal_address", "residence"],
    "organizations": ["organization"],
    "coverage": ["reason"],
}
HOSTILE_LISTS = {
    "messages": ["recipients"],
    "sessions": ["reasons", "mailboxes", "actors", "ips", "apps", "clients"],
    "people": ["emails", "phones"],
    "organizations": ["contacts"],
}


def make_hostile(c):
    n = 0
    for i, (imi, message_id) in enumerate(c.db.execute(
            "SELECT internet_message_id, message_id FROM messages"
            " ORDER BY message LIMIT 20").fetchall()):
        add_event(c, us("2023-05-20 08:00:00") + i * MINUTE, 1, "Move", "move",
                  SESSIONS[0], "known", "address 192.0.2.0/24",
                  [(imi, message_id)])
    for table, columns in HOSTILE.items():
        for column in columns:
            keys = [r[0] for r in c.db.execute(f"SELECT rowid FROM {table}")] \
                if table not in ("access_items", "verdicts") else None
            if keys is None:
                c.db.create_function("attack", 1, lambda v: ATTACKS[
                    len(v or "") % len(ATTACKS)] + (v or ""))
                c.db.execute(f"UPDATE {table} SET {column}=attack({column})")
                continue
            for key in keys:
                n += 1
                c.db.execute(f"UPDATE {table} SET {column} = ? ||"
                             f" coalesce({column}, '') WHERE rowid = ?",
                             [ATTACKS[n % len(ATTACKS)], key])
    for table, columns in HOSTILE_LISTS.items():
        for column in columns:
            c.db.execute(f"UPDATE {table} SET {column} = ?",
                         [json.dumps(ATTACKS)])
    c.db.execute("UPDATE mailboxes SET mailbox = ? || mailbox"
                 " WHERE mailbox_no = 2", [ATTACKS[1]])
    c.db.execute("UPDATE mailboxes SET mailbox = ? || mailbox"
                 " WHERE mailbox_no = 1", [ATTACKS[0]])
    session = SESSIONS[1]
    for table in ("sessions", "judged_events"):
        c.db.execute(f"UPDATE {table} SET session = ? WHERE session = ?",
                     ["\"><script>alert(9)</script>", session])
    old, new = "evidence/copy/box.mbox", "evidence/<img src=x onerror=a()>\x1b"
    c.db.execute("UPDATE path_mailboxes SET path=? WHERE path=?", [new, old])
    c.db.execute("UPDATE paths SET path=? WHERE path=?", [new, old])


def hostile_incident(value):
    if isinstance(value, dict):
        return {k: v if k in ("time_zone", "discovered", "window", "source",
                              "problem", "baseline_until")
                else hostile_incident(v) for k, v in value.items()}
    if isinstance(value, list):
        return [hostile_incident(v) for v in value] + ATTACKS[:3]
    return ATTACKS[len(value) % len(ATTACKS)] + value


def main():
    mode = sys.argv[2] if len(sys.argv) > 2 else "plain"
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    c = Case(sys.argv[1])
    c.db.execute("PRAGMA synchronous=off")
    add_sources(c)
    made = [add_message(c, i) for i in range(64)]
    for i in range(64, 64 + count):
        add_message(c, i, EXPOSED[5] if i % 2 else None)
    add_content(c, made)
    add_log(c)
    for number, audit in ((1, 0), (2, 0), (3, 1), (4, 1)):
        table = "events" if audit else "messages"
        c.db.execute(f"UPDATE sources SET {table} = (SELECT count(*) FROM"
                     f" {table} t WHERE t.source = ?1) WHERE source = ?1",
                     [number])
    incident = INCIDENT
    if mode == "hostile":
        make_hostile(c)
        incident = hostile_incident(INCIDENT)
        incident["accept"] = [a for a in incident["accept"]
                              if isinstance(a, dict)]
    for key, value in {"incident": json.dumps(incident),
                       "count_suspicious": "0", "reconstructed": "1"}.items():
        c.add("meta", key=key, value=value)
    c.add("meta", key="zone", value=pathlib.Path(
        "/usr/share/zoneinfo/America/New_York").read_bytes().hex())
    c.db.commit()


if __name__ == "__main__":
    main()
