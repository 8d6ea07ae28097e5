"""Small random cases for oracle.py: mailboxes, folders, messages and a log,
made from a seed and written as a case whose evidence is read."""
import base64
import json
import pathlib
import random
import sqlite3

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECOND, HOUR, DAY = 10**6, 3600 * 10**6, 86400 * 10**6
START = 1684108800 * SECOND  # 2023-05-15
BAD = "203.0.113.7"
# Folders by what they are; each mailbox names them in one language.
FOLDERS = ["inbox", "a", "a/b", "deleted", "sent"]
NAMES = {"en": {"inbox": "inbox", "deleted": "deleted items",
                "sent": "sent items"},
         "de": {"inbox": "posteingang", "deleted": "gelöschte elemente",
                "sent": "gesendete elemente"}}
SPECIAL = {name: what for table in NAMES.values()
           for what, name in table.items()}
COUNTERS = {"inbox": 0x10C, "deleted": 0x10A, "sent": 0x109, "a": 0x901,
            "a/b": 0x902}
CMDLETS = {
    "AuditOff": ("Set-Mailbox", {"AuditEnabled": "False"}),
    "AuditOn": ("Set-Mailbox", {"AuditEnabled": "True"}),
    "BypassOn": ("Set-MailboxAuditBypassAssociation",
                 {"AuditBypassEnabled": "True"}),
    "BypassOff": ("Set-MailboxAuditBypassAssociation",
                  {"AuditBypassEnabled": "False"}),
    "IngestOff": ("Set-AdminAuditLogConfig",
                  {"UnifiedAuditLogIngestionEnabled": "False"}),
    "IngestOn": ("Set-AdminAuditLogConfig",
                 {"UnifiedAuditLogIngestionEnabled": "True"}),
    "Forward": ("Set-Mailbox", {"ForwardingSmtpAddress": "m@evil.example"}),
    "ForwardOff": ("Set-Mailbox", {"ForwardingSmtpAddress": ""}),
    "Grant": ("Add-MailboxPermission", {"AccessRights": "FullAccess"}),
    "Export": ("New-MailboxExportRequest", {}),
    "NewRule": ("New-InboxRule", {}), "SetRule": ("Set-InboxRule", {}),
    "OffRule": ("Disable-InboxRule", {}), "GoneRule": ("Remove-InboxRule", {}),
    "NewTransport": ("New-TransportRule", {"BlindCopyTo": "m@evil.example"}),
    "OffTransport": ("Disable-TransportRule", {}),
    "Search": ("New-ComplianceSearch", {}),
    "SearchExport": ("New-ComplianceSearchAction", {"Export": "True"}),
}
NO_BOX = {"IngestOff", "IngestOn", "NewTransport", "OffTransport", "Search",
          "SearchExport"}
RULE_OPS = {"NewRule", "SetRule", "OffRule", "GoneRule"}
NAMING = {"MailItemsAccessed", "Send", "Update", "Move", "Copy",
          "MoveToDeletedItems", "SoftDelete", "HardDelete"}
MOVING = {"Move", "Copy", "MoveToDeletedItems", "SoftDelete"}


def iso(t):
    import datetime
    when = datetime.datetime.fromtimestamp(t // SECOND, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def folder_id(box, what):
    """An Exchange folder id with its counter (reference 3.6)."""
    raw = bytes([46]) + bytes(22) + box.encode().ljust(16, b"\x00") + \
        COUNTERS[what].to_bytes(6, "big") + bytes(2) + b"\x01"
    return base64.b64encode(raw).decode()


def recorded(path):
    return "\\" + path.replace("/", "\\") if path else None


class World:
    def __init__(self, seed):
        r = self.r = random.Random(seed)
        self.boxes = ["alice", "bob", "carol"][:r.randint(1, 3)]
        self.window = None
        if r.random() < .8:
            self.window = (START + r.randint(-1, 1) * DAY,
                           START + r.randint(2, 6) * DAY + r.choice([0, HOUR]))
        self.messages, self.events = [], []
        self.language = {b: r.choice(["en", "en", "de"]) for b in self.boxes}
        self.cut = r.random() < .1
        ids = [f"<{n}@x>" for n in range(r.randint(1, 6))] + [None]
        for n in range(r.randint(1, 14)):
            imi = r.choice(ids)
            if imi and r.random() < .1:
                imi = imi.upper()
            box = r.choice(self.boxes)
            self.messages.append({
                "place": n, "box": box, "imi": imi,
                "folder": self.named(box, r.choice(
                    FOLDERS + [None] * (r.random() < .2))),
                "subject": r.choice(["The INVOICE", "hello"]),
                "sender": r.choice(["boss@y.example", "b@y.example"]),
                "draft": r.random() < .1,
                "arrival": None if r.random() < .1 else self.time()})
        for n in range(r.randint(0, 24)):
            self.events.append(self.event(n, ids))
        self.stolen = [(r.choice(self.boxes), r.choice(ids) or "<none@x>",
                        r.choice([None, self.time()]))
                       for _ in range(r.randint(0, 1) * r.randint(0, 2))]
        self.assume = []
        if r.random() < .2:
            a, b = sorted([self.time(), self.time()])
            self.assume.append((r.choice(self.boxes + ["*"]), a, b))

    def time(self):
        """Few instants, so that the edges of the rules are met often."""
        r = self.r
        return START + r.choice([-1, 0, 1, 1, 2, 2, 3, 6]) * DAY + r.choice(
            [0, HOUR, HOUR + SECOND, 2 * HOUR, 2 * HOUR + SECOND])

    def named(self, box, what, language=None):
        language = language or self.language[box]
        return what and NAMES[language].get(what, what)

    def folder(self, box):
        """What a record says of a folder: path, id, name, some of them."""
        r, what = self.r, self.r.choice(FOLDERS)
        fid, path = folder_id(box, what), self.named(box, what)
        return r.choice([
            None, {"path": path}, {"path": path}, {"id": fid, "path": path},
            {"id": fid}, {"id": fid, "path": "old"},
            {"path": self.named(box, what, r.choice(["en", "de"]))},
            {"id": "unknown", "name": "b"}])

    def event(self, n, ids):
        r = self.r
        op = r.choice(["MailItemsAccessed"] * 4 + ["Sync"] * 4 + [
            "FolderBind", "Send", "Update", "Move", "Move", "Copy",
            "MoveToDeletedItems", "SoftDelete", "HardDelete", "UserLoggedIn",
            "UserLoginFailed", r.choice(sorted(CMDLETS)),
            r.choice(sorted(RULE_OPS) + ["Export", "SearchExport"])])
        box = "" if op in NO_BOX else r.choice(self.boxes)
        e = {"id": f"e{n:02d}", "op": op, "box": box, "dest": None,
             "time": self.time(), "bad": r.random() < .5, "imis": [],
             "folder": None, "file": r.choice([1, 2]),
             "user": r.choice([box] * 4 + self.boxes),
             "session": r.choice([None, None, "s1", "s2", "s3"]),
             "throttled": op == "MailItemsAccessed" and r.random() < .1,
             "ok": r.choice(["yes"] * 8 + ["no", "partial"])}
        if op in NAMING | {"Sync", "FolderBind"}:
            e["folder"] = self.folder(box)
        if op in NAMING:
            e["imis"] = r.sample([i for i in ids if i] or ["<none@x>"], 1)
            if r.random() < .05:
                e["imis"] = [e["imis"][0].upper()]
        if op in ("Move", "Copy"):
            e["dest"] = self.folder(box)
        if op.startswith("UserLog"):
            e["ok"] = "no" if op == "UserLoginFailed" else "yes"
            e["user"] = box
        if op in CMDLETS:
            self.cmdlet(e)
        return e

    def cmdlet(self, e):
        r, op = self.r, e["op"]
        e["ok"] = r.choice(["yes"] * 5 + ["no"])
        e["user"] = "admin"
        e["params"] = p = dict(CMDLETS[op][1])
        address = e["box"] + "@x.example"
        if op in RULE_OPS:
            p["Mailbox"], e["rule"] = address, r.choice(["R1", "r1", "r2"])
            p["Name" if op == "NewRule" else "Identity"] = e["rule"]
            if op in ("NewRule", "SetRule") and r.random() < .8:
                p["ForwardTo"] = "m@evil.example"
            p.update(r.choice([
                {}, {"SubjectContainsWords": "salary;invoice"},
                {"From": "Boss@y.example"}, {"HasAttachment": "True"},
                {"SubjectContainsWords": "invoice", "From": "b@y.example"},
                {"ExceptIfFrom": "boss@y.example"}]))
        elif op == "Export":
            p["Mailbox"] = address
            e["list"] = r.choice([None, ["#Inbox#"], ["a"], ["a/*"],
                                  ["#Inbox#/*", "a/b"]])
            if e["list"]:
                p["IncludeFolders"] = ";".join(e["list"])
        elif op.startswith("Search"):
            e["rule"] = r.choice(["S1", "s2"])
            p["SearchName" if op == "SearchExport" else "Name"] = e["rule"]
            if op == "Search":
                p["ExchangeLocation"] = r.choice(
                    ["All", "alice@x.example", "bob@x.example;alice",
                     "alice@x.example, b..."])
        elif op.endswith("Transport"):
            p["Name" if op == "NewTransport" else "Identity"] = e["rule"] = "t"
        elif e["box"]:
            p["Identity"] = address
        if op == "Grant":
            e["to"] = r.choice(self.boxes)
            p["User"] = e["to"] + "@x.example"

    # ---- as ingest would have written it

    def write(self, folder):
        db = sqlite3.connect(folder / "case.db")
        db.executescript((ROOT / "forensics/case/schema.sql").read_text())
        for file in (1, 2):
            db.execute("INSERT INTO sources(source, source_id, sha256, md5,"
                       " bytes, kind, state, status, audit) VALUES(?, ?, ?,"
                       " '', 1, 'ual_json', 'done', 'ok', 1)",
                       (file, f"S-{file}", f"s{file}"))
            db.execute("INSERT INTO paths(path, source) VALUES(?, ?)",
                       (f"a{file}.jsonl", file))
        if self.cut and self.rows(2):
            db.execute("INSERT INTO problems(stage, source, locator, kind,"
                       " severity, time_us) VALUES('ingest', 2, '',"
                       " 'cut_export', 'partial', ?)",
                       (self.rows(2)[-1]["time"],))
        for m in self.messages:
            source = m["place"] + 10
            db.execute("INSERT INTO sources(source, source_id, sha256, md5,"
                       " bytes, kind, state, status) VALUES(?, ?, ?, '', 1,"
                       " ?, 'done', 'ok')",
                       (source, f"S-{source}", f"s{source}",
                        "eml" if m["folder"] else "pst"))
            name = f"ev/{m['box']}/{m['folder'] or ''}/{source}"
            db.execute("INSERT INTO paths(path, source) VALUES(?, ?)",
                       (name.replace("//", "/"), source))
            db.execute(
                "INSERT INTO messages(message, source, message_id, locator,"
                " state, internet_message_id, arrival_us, subject,"
                " sender_address, flags)"
                " VALUES(?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
                (source, source, f"M-{source}",
                 "live" if m["folder"] else "recovered", m["imi"],
                 m["arrival"], m["subject"], m["sender"],
                 '["draft"]' if m["draft"] else None))
        for n, e in enumerate(self.events):
            self.write_event(db, n + 1, e)
        db.commit()
        db.close()
        (folder / "incident.yaml").write_text(self.yaml())
        (folder / "stolen.csv").write_text("".join(
            f"{b}@x.example,{i},{iso(t) if t is not None else ''}\n"
            for b, i, t in self.stolen))

    def rows(self, file):
        """In the order of the file."""
        return [e for e in self.events if e["file"] == file]

    def write_event(self, db, n, e):
        op, params, rt = e["op"], None, 2
        if op == "Sync":
            op = "MailItemsAccessed"
        if op in CMDLETS:
            params = json.dumps([list(p) for p in e["params"].items()])
            op, rt = CMDLETS[op][0], 1
        if op.startswith("UserLog"):
            rt = 15
        until = e["time"] + (120 * SECOND if e["op"] == "MailItemsAccessed"
                             else 0)
        box, f, d = e["box"] + "@x.example", e["folder"] or {}, e["dest"] or {}
        db.execute(
            "INSERT INTO events(event, source, event_id, locator, record_id,"
            " content_sha256, inner_bytes, time_us, until_us, operation,"
            " record_type, workload, user_id, mailbox_owner, ips, sessions,"
            " session_id, app_ids, device_ids, access_type, throttled,"
            " succeeded, folder_path, folder_id, folder_name,"
            " dest_folder_path, dest_folder_id, parameters)"
            " VALUES(?, ?, ?, ?, ?, ?, 9, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]',"
            " '[]', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (n, e["file"], "E-" + e["id"], f"line={n}", e["id"], e["id"], e["time"],
             until, op, rt, "Exchange" if rt < 15 else "AzureActiveDirectory",
             e["user"] + "@x.example", box if rt == 2 else None,
             json.dumps([BAD] if e["bad"] else []),
             json.dumps([e["session"]] if e["session"] else []), e["session"],
             {"MailItemsAccessed": "bind", "Sync": "sync"}.get(e["op"]),
             "yes" if e["throttled"] else "not_stated", e["ok"],
             recorded(f.get("path")), f.get("id"), f.get("name"),
             recorded(d.get("path")), d.get("id"), params))
        if d.get("id"):
            db.execute("INSERT INTO event_folders VALUES(?, ?, ?, ?)",
                       (n, d["id"], recorded(d.get("path")), d.get("name")))
        for i, imi in enumerate(e["imis"]):
            db.execute("INSERT INTO event_items(event, position,"
                       " internet_message_id) VALUES(?, ?, ?)", (n, i, imi))

    def yaml(self):
        lines = ["adversary: {ip: [%s]}" % BAD, "stolen_messages: stolen.csv",
                 "mailboxes:"]
        for b in self.boxes:
            lines.append(f"- {{address: {b}@x.example,"
                         f" evidence: [\"ev/{b}/**\"]}}")
        if self.window:
            lines.append(f"window: {{from: {iso(self.window[0])},"
                         f" to: {iso(self.window[1])}}}")
        for b, f, t in self.assume:
            b = b if b == "*" else b + "@x.example"
            lines.append(f"assume: [{{mailbox: \"{b}\", from: {iso(f)},"
                         f" to: {iso(t)}}}]")
        return "\n".join(lines) + "\n"
