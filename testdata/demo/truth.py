"""What the case must say, written from the scenario's own knowledge.

Columns have the contract's names; ids that hang on hashes are left out, a
derived session is X.  tests/cli/demo.py compares each file with the report of
the same name."""
import calendar
import csv
import hashlib
import io
import os
import time

from mail import Message, attachment_bytes, body_hash
from ual import guid

# Access and activity both.
OPERATIONS_BOTH = ("SearchQueryInitiatedExchange", "New-MailboxExportRequest")
ORDER = ("R1", "R1c", "R1s", "R4", "R5", "R2", "R2u", "R3", "R6", "R9", "R7",
         "R7f")


def utc(text):
    return text.replace(" ", "T") + "Z" if text else ""


def after(text, seconds):
    t = calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%S")) + seconds
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))


def write(folder, name, columns, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in sorted([str(v) for v in row] for row in rows):
        writer.writerow(row)
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as f:
        f.write(out.getvalue())


def session_name(record):
    """As the log says it, in lower case; X for a derived one."""
    return record.session.lower() if record.session else "X"


def bare(ip):
    """Without the port."""
    return ip.partition(":")[0] if ip.count(":") == 1 else ip


def record_ids(names):
    return "; ".join(guid("record " + n) for n in names)


def address_of(person):
    return person.partition("<")[2].rstrip(">") if person and "<" in person \
        else (person or "")


def with_inner(messages):
    """Each message and those inside it, with the one that holds it."""
    for message in messages:
        yield message
        stack = list(message.attachments)
        while stack:
            inner = stack.pop(0)
            if isinstance(inner, Message):
                yield inner
                stack = list(inner.attachments) + stack


def message_row(story, m):
    sessions = ["X" if s.startswith("X") else s for s in m.sessions]
    flags = set(m.expected_flags)
    # A recovered item's folder is the one its node still names.
    return (m.mailbox, m.folder, m.message_id or "", m.subject, utc(m.sent),
            utc(m.received), len(m.attachments), m.state, m.exposure,
            "; ".join(sorted(m.rules, key=ORDER.index)), m.first, m.last,
            record_ids(m.records), "; ".join(sessions),
            address_of(m.sender), body_hash(m.text), body_hash(m.html),
            "; ".join(sorted(flags)),
            m.item_class, elements_of(story, m.name))


def attachment_rows(messages):
    for m in with_inner(messages):
        for a in m.attachments:
            if isinstance(a, Message):
                yield (m.message_id, a.subject, "", "", "embedded")
            else:
                data = attachment_bytes(a[2])
                yield (m.message_id, a[0], len(data),
                       hashlib.sha256(data).hexdigest(), "file")


def access_rows(records):
    for r in records:
        if r.access_type is None:
            continue
        until = after(r.time, 120) if r.record_type == 50 else utc(r.time)
        common = (r.id, utc(r.time), until, r.mailbox, r.operation,
                  r.access_type, r.user, r.attribution, session_name(r),
                  bare(r.ip), r.app, r.client_app, r.client, r.throttled)
        for message_id, folder in r.items:
            yield common + (folder, message_id)
        if not r.items:
            yield common + (r.folder, "")


def activity_rows(records):
    for r in records:
        if r.access_type is None or r.operation in OPERATIONS_BOTH:
            yield (r.id, utc(r.time), r.operation, r.user, r.attribution,
                   session_name(r), bare(r.ip))


def timeline_rows(messages, records):
    """Every record, and the arrival of every exposed message."""
    for r in records:
        yield (utc(r.time), "Audit record", r.mailbox or "", r.attribution,
               session_name(r))
    for m in messages:
        exposed = m.exposure not in ("not_shown", "not_covered")
        if exposed and (m.received or m.sent):
            yield (utc(m.received or m.sent), "Message arrival", m.mailbox,
                   m.exposure, "")


def session_rows(records):
    """Recorded sessions; the derived ones are told apart by their mailbox."""
    found = {}
    for r in records:
        if r.session:
            found.setdefault(r.session.lower(), []).append(r)
    rank = ("unattributed", "suspicious", "known", "adversary")
    signed = {r.session for r in records if r.operation == "UserLoggedIn"}
    for name, held in found.items():
        bound = [i for r in held if r.access_type == "bind" for i in r.items]
        distinct = {i[0].strip("<> ").lower() for i in bound}
        yield (name, "recorded",
               max((r.attribution for r in held), key=rank.index),
               "; ".join(sorted({r.mailbox for r in held})),
               "; ".join(sorted({r.user for r in held})),
               "; ".join(sorted({r.ip for r in held})),
               utc(min(r.time for r in held)), len(held), len(bound),
               len(distinct),
               sum(r.access_type == "sync" for r in held),
               sum(r.throttled == "yes" for r in held),
               "found" if name in signed else "not_found")


def mailbox_rows(messages, records, mailboxes):
    columns = ("accessed", "taken", "synced", "presumed", "possible",
               "not_covered", "not_shown")
    for mailbox in mailboxes:
        held = [m for m in messages if m.mailbox == mailbox]
        stand_in = [m for m in held if m.rules == ["R1c"]]
        counts = [sum(m.exposure == c and m not in stand_in for m in held)
                  for c in columns]
        present = sorted(utc(r.time) for r in records
                         if r.mailbox == mailbox and
                         r.attribution == "adversary" and
                         r.operation != "UserLoginFailed")
        yield (mailbox, len(held), *counts,
               present[0] if present else "", present[-1] if present else "",
               len(stand_in))


def organization_rows(messages, own):
    """Outside domains of header addresses; embedded messages count as well."""
    columns = ("accessed", "taken", "synced", "presumed", "possible")
    found = {}
    for m in with_inner(messages):
        people = [m.sender or ""] + list(m.to) + list(m.cc)
        addresses = {address_of(p).lower() for p in people if "@" in p}
        for domain in {a.partition("@")[2] for a in addresses}:
            if domain != own:
                held, contacts = found.setdefault(domain, ([], set()))
                held.append(m)
                contacts |= {a for a in addresses if a.endswith("@" + domain)}
    for domain, (held, contacts) in found.items():
        exposed = [m for m in held if m.exposure in columns]
        yield (domain, len(held),
               *(sum(m.exposure == c for m in held) for c in columns),
               min((m.first for m in exposed if m.first), default=""),
               max((m.last for m in exposed if m.last), default=""),
               "; ".join(sorted(contacts)))


def finding_rows(story):
    for name, *rest in story.FINDINGS:
        yield (story.mid(name), *rest)


COUNTING = ("high", "medium")
STRENGTH = ("not_shown", "not_covered", "possible", "presumed", "synced",
            "taken", "accessed")


def elements_of(story, name):
    return "; ".join(sorted({f[3] for f in story.FINDINGS
                             if f[0] == name and f[4] in COUNTING}))


def person_rows(story, messages):
    by_name = {m.name: m for m in messages}
    for name, residence, source, elements, held, reason, review, duties in \
            story.PEOPLE:
        held = [by_name[n] for n in held]
        exposed = [m for m in held
                   if STRENGTH.index(m.exposure) >= STRENGTH.index("possible")]
        elements = elements.replace(" ", "; ")
        yield (name, residence, source, elements,
               max((m.exposure for m in held), key=STRENGTH.index),
               min((m.first for m in exposed if m.first), default=""),
               max((m.last for m in exposed if m.last), default=""),
               len(held), reason, review, duties, elements if exposed else "",
               "yes" if name in story.NOTIFIED else "")


def credential_rows(story, messages):
    by_name = {m.name: m for m in messages}
    for kind, account, name, expires in story.CREDENTIALS:
        m = by_name[name]
        yield (kind, account, m.message_id, m.exposure, m.first, expires)


def folder_rows(messages):
    counts = {}
    for m in messages:
        row = counts.setdefault((m.mailbox, m.folder), [0, 0])
        row[m.state == "recovered"] += 1
    for (mailbox, folder), (live, recovered) in counts.items():
        yield (mailbox, folder, live, live, 0)


def write_log(folder, story, messages, records):
    write(folder, "access", (
        "record_id", "time_utc", "until_utc", "mailbox", "operation",
        "access_type", "actor", "attribution", "session", "client_ip",
        "app_id", "client_app_id", "client_info", "throttled", "folder",
        "internet_message_id"), access_rows(records))
    write(folder, "activity", (
        "record_id", "time_utc", "operation", "actor", "attribution",
        "session", "client_ip"), activity_rows(records))
    write(folder, "sessions", (
        "session", "kind", "attribution", "mailboxes", "actors", "ips",
        "first_utc", "events", "items_bound", "distinct_messages",
        "folders_synced", "throttled", "sign_in"), session_rows(records))
    write(folder, "timeline", ("datetime", "timestamp_desc", "mailbox",
                               "attribution", "session"),
          timeline_rows(messages, records))
    write(folder, "coverage", ("mailbox", "from_utc", "to_utc", "status"),
          story.coverage_rows())
    write(folder, "missing_items", (
        "mailbox", "internet_message_id", "folder", "first_access_utc",
        "last_access_utc", "record_ids", "copies"), story.missing_rows())


def write_mail(folder, story, messages, records):
    write(folder, "messages", (
        "mailbox", "folder", "internet_message_id", "subject", "sent_utc",
        "received_utc", "attachments", "state", "exposure", "rules",
        "first_access_utc", "last_access_utc", "access_records", "sessions",
        "sender_address", "body_sha256", "html_sha256", "flags",
        "message_class", "data_elements"),
        (message_row(story, m) for m in with_inner(messages)))
    write(folder, "attachments", ("internet_message_id", "name", "bytes",
                                  "sha256", "method"),
          attachment_rows(messages))
    write(folder, "mailboxes", (
        "mailbox", "messages", "accessed", "taken", "synced",
        "presumed", "possible", "not_covered", "not_shown",
        "first_adversary_utc", "last_adversary_utc", "stand_in"),
        mailbox_rows(messages, records, story.MAILBOXES))
    write(folder, "folders", ("mailbox", "folder", "expected", "read", "lost"),
          folder_rows(messages))
    write(folder, "organizations", (
        "domain", "messages", "accessed", "taken", "synced", "presumed",
        "possible", "first_utc", "last_utc", "contacts"),
        organization_rows(messages, story.DOMAIN))


def write_content(folder, story, messages):
    write(folder, "findings", ("internet_message_id", "part", "detector",
                               "element", "level", "masked"),
          finding_rows(story))
    write(folder, "people", (
        "name", "residence", "residence_source", "data_elements", "exposure",
        "first_access_utc", "last_access_utc", "messages", "merge_reason",
        "review", "duties", "elements_exposed", "notified"), person_rows(story, messages))
    write(folder, "credentials", (
        "kind", "account", "internet_message_id", "exposure",
        "first_access_utc", "expires_utc"), credential_rows(story, messages))
    write(folder, "duties", (
        "duty_id", "people", "trigger", "people_deadline",
        "regulator_deadline", "threshold_met"), story.DUTIES)


def write_all(folder, story, messages, records):
    """story: the scenario's module."""
    os.makedirs(folder, exist_ok=True)
    write_mail(folder, story, messages, records)
    write_log(folder, story, messages, records)
    write_content(folder, story, messages)
    write(folder, "problems", ("kind", "severity", "items_lost"),
          story.problem_rows())
    write(folder, "sources", ("path", "status", "mailbox", "messages",
                              "events", "problems"),
          story.source_rows(messages, records))
