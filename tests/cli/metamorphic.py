#!/usr/bin/env python3
"""metamorphic.py POSTMORTEM PSTGEN FOLDER: the demo's records in other wrappings,
in other orders, repeated, split: the case must say the same.  Then records are
added and taken away: an exposure may only move the way that contract 3 allows."""
import csv
import gzip
import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile

sys.dont_write_bytecode = True
POSTMORTEM, PSTGEN, WORK = sys.argv[1:4]
DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../testdata/demo")
sys.path.insert(0, DEMO)
import scenario     # noqa: E402
import ual          # noqa: E402

csv.field_size_limit(1 << 30)
SAME = {"messages": (), "access": ("source_id", "locator"),
        "activity": ("source_id", "locator"), "sessions": (), "mailboxes": (),
        "coverage": (), "missing_items": (), "people": (), "duties": (),
        "credentials": (), "organizations": (), "timeline": ()}
STRENGTH = ("not_shown", "not_covered", "possible", "presumed", "synced",
            "taken", "accessed")


def quote(text):
    return '"' + text.replace('"', '""') + '"'


def text_type(record):
    return {1: "ExchangeAdmin", 2: "ExchangeItem", 3: "ExchangeItemGroup",
            15: "AzureActiveDirectoryStsLogon",
            50: "ExchangeItemAggregated"}[record.record_type]


def jsonl(records):
    return "".join(ual.as_json(r) + "\n" for r in records)


def purview(records):
    rows = [ual.HEADER] + [ual.purview_row(r) for r in records]
    return "\r\n".join(rows) + "\r\n"


def search_ual(records):
    """Search-UnifiedAuditLog | Export-Csv; here the columns in another order."""
    rows = ["#TYPE Deserialized.Microsoft.Exchange.Data.UnifiedAuditLogRecord",
            '"PSComputerName","RecordType","CreationDate","UserIds",'
            '"Operations","AuditData","ResultIndex","ResultCount","Identity",'
            '"IsValid","ObjectState"']
    for i, r in enumerate(records):
        rows.append(",".join(quote(v) for v in (
            "outlook.office365.com", text_type(r), r.time.replace("T", " "),
            r.user, r.operation, ual.as_json(r), str(i + 1),
            str(len(records)), r.id, "True", "Unchanged")))
    return "\r\n".join(rows) + "\r\n"


def old_portal(records):
    rows = ["CreationDate,UserIds,Operations,AuditData"]
    rows += [",".join((r.time + ".0000000Z", r.user, r.operation,
                       quote(ual.as_json(r)))) for r in records]
    return "\r\n".join(rows) + "\r\n"


def array(records):
    return json.dumps([r.data for r in records], indent=1)


def concatenated(records):
    return " ".join(ual.as_json(r) for r in records)


def wrapped(records):
    return json.dumps([{"RecordType": text_type(r), "Identity": r.id,
                        "AuditData": ual.as_json(r)} for r in records])


def graph(records):
    return json.dumps({"@odata.context": "https://graph.microsoft.com/beta/x",
                       "value": [{
                           "id": r.id, "createdDateTime": r.time + "Z",
                           "auditLogRecordType": text_type(r),
                           "operation": r.operation, "clientIp": None,
                           "auditData": r.data} for r in records]})


def cloud_app(records):
    return "".join(json.dumps({
        "time": r.time + "Z", "category": "AdvancedHunting-CloudAppEvents",
        "properties": {"ActionType": r.operation, "RawEventData": r.data}})
        + "\n" for r in records)


def capitals(records):
    return "".join(ual.as_json(r).replace(r.id, r.id.upper()) + "\n"
                   for r in records)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files:
            z.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def containers(records):
    """name -> [(file, bytes)]"""
    rng = random.Random(11)
    mixed = records[:]
    rng.shuffle(mixed)
    parts = [mixed[i::7] for i in range(7)]
    one = lambda name, data: [(name, data.encode())]
    return {
        "purview": one("a.csv", purview(records)),
        "search_ual": one("a.csv", search_ual(records)),
        "old_portal": one("a.csv", old_portal(records)),
        "array": one("a.json", array(records)),
        "concatenated": one("a.json", concatenated(records)),
        "wrapped": one("a.json", wrapped(records)),
        "graph": one("a.json", graph(records)),
        "cloud_app": one("a.json", cloud_app(records)),
        "capitals": one("a.jsonl", capitals(records)),
        "shuffled": one("a.jsonl", jsonl(mixed)),
        "tripled": [("a.jsonl", jsonl(records).encode()),
                    ("b.csv", purview(mixed).encode()),
                    ("c.json", array(mixed).encode())],
        "split": [("part%d.jsonl" % i, jsonl(p).encode())
                  for i, p in enumerate(parts)],
        "utf16": [("a.csv", purview(records).encode("utf-16"))],
        "bom": [("a.csv", b"\xef\xbb\xbf" + purview(records).encode())],
        "gzip": [("a.jsonl.gz", gzip.compress(jsonl(records).encode(),
                                              mtime=0))],
        "zip": [("a.zip", zipped([("x/a.jsonl", jsonl(mixed)),
                                  ("x/b.csv", purview(records))]))],
    }


def analyze(name, files):
    """The case's reports: table -> rows."""
    evidence = os.path.join(WORK, "evidence")
    audit = os.path.join(evidence, "audit")
    case = os.path.join(WORK, "case")
    shutil.rmtree(audit, ignore_errors=True)
    shutil.rmtree(case, ignore_errors=True)
    os.mkdir(audit)
    for path, data in files:
        with open(os.path.join(audit, path), "wb") as f:
            f.write(data)
    done = subprocess.run([POSTMORTEM, "analyze", "-q", "-i",
                           os.path.join(WORK, "incident.yaml"), "-o", case,
                           evidence], capture_output=True)
    if done.returncode not in (0, 3):
        print("# %s: %s" % (name, done.stderr.decode()[-500:]))
    reports = {}
    for table, left_out in SAME.items():
        path = os.path.join(case, "reports/csv", table + ".csv")
        with open(path, encoding="utf-8-sig", newline="") as f:
            reports[table] = sorted(
                tuple(v for c, v in row.items() if c not in left_out)
                for row in csv.DictReader(f))
    return reports


def exposures(reports):
    with open(os.path.join(WORK, "case/reports/csv/messages.csv"),
              encoding="utf-8-sig", newline="") as f:
        return {r["message_id"]: STRENGTH.index(r["exposure"])
                for r in csv.DictReader(f)}


def same(name, base, reports):
    good = True
    for table in SAME:
        if base[table] == reports[table]:
            continue
        good = False
        for row in sorted(set(base[table]) ^ set(reports[table]))[:4]:
            print("# %s, %s: %s" % (name, table, str(row)[:300]))
    print(("ok" if good else "not ok") + " same records, " + name)


def add_and_remove(records):
    """Six of each, by a seed."""
    rng = random.Random(5)
    strong = STRENGTH.index("possible")
    base = exposures(analyze("base", [("a.jsonl", jsonl(records).encode())]))
    added = removed = True
    for i in range(6):
        victim = rng.choice([r for r in records if r.access_type == "bind" and
                             r.attribution == "known"])
        data = json.loads(ual.as_json(victim))
        data.update(Id=ual.guid("added %d" % i), ClientIPAddress="203.0.113.7",
                    SessionId=ual.guid("added session"))
        more = jsonl(records) + json.dumps(data) + "\n"
        now = exposures(analyze("added", [("a.jsonl", more.encode())]))
        weaker = [m for m in base if base[m] >= strong and now[m] < base[m]]
        if weaker:
            added = False
            print("# added after %s weakens %s" % (victim.name, weaker[:5]))

        out = rng.choice([r for r in records if r.attribution != "adversary"])
        left = [r for r in records if r is not out]
        now = exposures(analyze("removed", [("a.jsonl", jsonl(left).encode())]))
        gone = [m for m in base if base[m] == strong and now[m] == 0]
        if gone:
            removed = False
            print("# without %s, %s are not shown" % (out.name, gone[:5]))
    print(("ok" if added else "not ok") + " an added adversary record weakens "
          "nothing")
    print(("ok" if removed else "not ok") + " a removed record of others never "
          "makes possible not_shown")


def main():
    subprocess.run([sys.executable, os.path.join(DEMO, "make_demo.py"), PSTGEN,
                    WORK], check=True)
    records = sorted(scenario.all_records(), key=lambda r: (r.time, r.id))
    base = analyze("jsonl", [("a.jsonl", jsonl(records).encode())])
    for name, files in containers(records).items():
        same(name, base, analyze(name, files))
    add_and_remove(records)


main()
