"""A case of a few files, made in words: mail as EML, records as JSONL, an
incident file; run through the program and read back from its CSV files.

    c = Case()
    c.mail("alice", "Inbox", "1@x", "2023-05-01T10:00:00")
    c.bind("2023-05-20T10:00:00", "alice", ["1@x"])
    r = c.run()
    r.msg("1@x").exposure == "accessed"
"""
import base64
import csv
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

csv.field_size_limit(1 << 30)
BAD, GOOD = "203.0.113.7", "192.0.2.1"
PROGRAM = os.environ.get("POSTMORTEM", "build/release/postmortem")
GUID = "00000000-0000-4000-8000-00000000000"


def guid_of(box):
    return GUID + str(1 + ["alice", "bob", "carol", "dave"].index(box))


def folder_id(counter, guid=7):
    """An Exchange folder id (reference 3.6) with that counter."""
    raw = bytes([46]) + bytes(4) + bytes(16) + b"\x01\x00" + \
        bytes([guid]) * 16 + counter.to_bytes(6, "big") + bytes(2) + b"\x01"
    return base64.b64encode(raw).decode()


def item_id(counter, number, guid=7):
    raw = bytes([70]) + bytes(4) + bytes(16) + b"\x07\x00" + \
        bytes([guid]) * 16 + counter.to_bytes(6, "big") + bytes(2) + \
        bytes([8]) * 16 + number.to_bytes(6, "big") + bytes(2) + b"\x09"
    return base64.b64encode(raw).decode()


class Row(dict):
    __getattr__ = dict.__getitem__

    @property
    def short(self):
        """exposure and rules of a message"""
        return (self["exposure"] + " " + self["rules"].replace("; ", " ")
                ).strip()


class Result:
    def __init__(self, folder, status, stderr):
        self.folder, self.status, self.stderr = folder, status, stderr

    def table(self, name):
        path = self.folder / "case/reports/csv" / (name + ".csv")
        with open(path, encoding="utf-8-sig", newline="") as f:
            return [Row(r) for r in csv.DictReader(f)]

    def msg(self, imi, box=None, folder=None):
        found = [m for m in self.table("messages")
                 if m.internet_message_id == "<%s>" % imi and
                 (box is None or m.mailbox == box + "@x.example") and
                 (folder is None or m.folder == folder)]
        assert len(found) == 1, "%d messages %s" % (len(found), imi)
        return found[0]

    def rec(self, number, table="access"):
        """The rows of the record with that number."""
        return [r for r in self.table(table)
                if r.record_id == record_id(number)]

    def explain(self, id):
        return subprocess.run([os.path.abspath(PROGRAM), "explain", "-o",
                               str(self.folder / "case"), id],
                              capture_output=True, text=True).stdout

    def problems(self, kind):
        return [p for p in self.table("problems") if p.kind == kind]


def record_id(number):
    return "11111111-0000-4000-8000-%012d" % number


class Case:
    def __init__(self, window=True):
        self.mails, self.records, self.files = [], [], []
        self.entries = {}
        self.boxes = []
        self.yaml = {}
        if window:
            self.yaml["window"] = "{from: 2023-05-15T00:00:00Z," \
                " to: 2023-06-16T23:59:59Z}"
        self.yaml["adversary"] = "{ip: [%s]}" % BAD

    # ---- mail

    def mail(self, box, folder, imi, date, subject="s", body="text",
             sender="b@y.example", name=None, extra=""):
        when = datetime.datetime.fromisoformat(date)
        head = ["From: " + sender, "To: %s@x.example" % box,
                "Subject: " + subject,
                "Date: " + when.strftime("%a, %d %b %Y %H:%M:%S +0000")]
        if imi:
            head.append("Message-ID: <%s>" % imi)
        if extra:
            head.append(extra)
        text = "\r\n".join(head) + "\r\n\r\n" + body + "\r\n"
        if box not in self.boxes:
            self.boxes.append(box)
        name = name or "%d.eml" % len(self.mails)
        self.mails.append(("mail/%s/%s/%s" % (box, folder, name), text))

    def old(self, box, folder, *imis):
        for imi in imis:
            self.mail(box, folder, imi, "2023-05-01T10:00:00")

    # ---- records

    def record(self, operation, time, box=None, type=2, ip=BAD, **more):
        r = {"CreationTime": time, "Id": record_id(len(self.records) + 1),
             "Operation": operation, "RecordType": type,
             "Workload": "Exchange", "ResultStatus": "Succeeded",
             "UserType": 0, "Version": 1, "UserKey": "k",
             "UserId": "%s@x.example" % (box or "admin")}
        if box and type != 1:
            r.update(MailboxGuid=guid_of(box),
                     MailboxOwnerUPN="%s@x.example" % box, LogonType=0)
        if ip:
            r["ClientIP" if type in (1, 15, 8) else "ClientIPAddress"] = ip
        r.update(more)
        r = {k: v for k, v in r.items() if v is not None}
        self.records.append(r)
        return len(self.records)

    def bind(self, time, box, imis, path="\\Inbox", fid=None, **more):
        folder = {"FolderItems": [{"InternetMessageId": "<%s>" % i}
                                  for i in imis]}
        if path:
            folder["Path"] = path
        folder["Id"] = fid or "F-" + (path or "x")
        return self.record("MailItemsAccessed", time, box, type=50,
                           OperationProperties=[{"Name": "MailAccessType",
                                                 "Value": "Bind"}],
                           Folders=[folder], OperationCount=len(imis), **more)

    def sync(self, time, box, path="\\Inbox", fid=None, name=None, **more):
        parent = {"Id": fid or "F-" + str(path),
                  "Path": path or "Not Available"}
        if name:
            parent["Name"] = name
        return self.record("MailItemsAccessed", time, box,
                           OperationProperties=[{"Name": "MailAccessType",
                                                 "Value": "Sync"}],
                           Item={"Id": parent["Id"], "ParentFolder": parent},
                           **more)

    def batch(self, operation, time, box, imis, path="\\Inbox", to=None,
              **more):
        """Move, Copy and deletes: RecordType 3."""
        items = [{"InternetMessageId": "<%s>" % i, "Id": "I-" + i,
                  "ParentFolder": {"Id": "F-" + path, "Path": path}}
                 for i in imis]
        if to:
            more["DestFolder"] = {"Id": "F-" + to, "Path": to}
        return self.record(operation, time, box, type=3, AffectedItems=items,
                           Folder={"Id": "F-" + path, "Path": path}, **more)

    def send(self, time, box, imi, **more):
        return self.record("Send", time, box, Item={
            "Id": "Unknown", "InternetMessageId": "<%s>" % imi}, **more)

    def cmdlet(self, operation, time, box=None, ip=BAD, **parameters):
        more = {k[1:]: parameters.pop(k) for k in list(parameters)
                if k[0] == "_"}
        return self.record(operation, time, box, type=1, ip=ip, Parameters=[
            {"Name": k, "Value": v} for k, v in parameters.items()], **more)

    def sign_in(self, time, box, ok=True, session=None, **more):
        if session:
            more["DeviceProperties"] = [{"Name": "SessionId",
                                         "Value": session}]
        return self.record("UserLoggedIn" if ok else "UserLoginFailed", time,
                           box, type=15, Workload="AzureActiveDirectory",
                           MailboxGuid=None, MailboxOwnerUPN=None,
                           LogonType=None,
                           ErrorNumber="0" if ok else "50126", **more)

    def cover(self, first="2023-05-01T00:00:00", last="2023-06-30T00:00:00",
              *boxes, ip=GOOD):
        """A harmless record of each day, so that coverage has no gap."""
        a = datetime.datetime.fromisoformat(first)
        b = datetime.datetime.fromisoformat(last)
        while a <= b:
            for box in boxes or self.boxes:
                self.bind(a.isoformat(), box, ["none@x"], ip=ip)
            a += datetime.timedelta(days=1)

    # ---- running

    def incident(self):
        lines = ["%s: %s" % item for item in self.yaml.items()
                 if item[1] is not None]
        if "mailboxes" not in self.yaml:
            lines.append("mailboxes:")
            for box in self.boxes:
                lines.append('- {address: %s@x.example, evidence: '
                             '["mail/%s/**"]%s}' % (
                                 box, box, self.entries.get(box, "")))
            if not self.boxes:
                lines.pop()
        return "\n".join(lines) + "\n"

    def write(self, folder):
        for path, text in self.mails + self.files:
            full = folder / "ev" / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(text if isinstance(text, bytes)
                             else text.encode())
        (folder / "ev").mkdir(exist_ok=True)
        if self.records:
            (folder / "ev/audit.jsonl").write_text("".join(
                json.dumps(r) + "\n" for r in self.records))
        (folder / "incident.yaml").write_text(self.incident())

    def run(self, *options):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="small."))
        self.write(self.folder)
        done = subprocess.run(
            [os.path.abspath(PROGRAM), "analyze", "-q", "-j", "1", "-o",
             str(self.folder / "case"), "-i",
             str(self.folder / "incident.yaml"), *options,
             str(self.folder / "ev")], capture_output=True, text=True)
        assert done.returncode in (0, 3), done.stderr
        return Result(self.folder, done.returncode, done.stderr)

    def done(self):
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)
