#!/usr/bin/env python3
"""check_exchange.py CASE: reports/exchange by other readers' eyes, against
the CSV files of the same report.  case_uco_terms.csv has every class and
property that may be used, its values and how many, as the shapes of CASE and
UCO 1.x say; a node that uses another fails."""
import csv
import json
import pathlib
import re
import sys
import uuid
import xml.etree.ElementTree as ET

here = pathlib.Path(__file__).parent
case = pathlib.Path(sys.argv[1])
reports = case / "reports"
EXPOSED = {"accessed", "taken", "synced", "presumed", "possible"}
failed = set()


def check(name, condition, detail=""):
    if not condition and name not in failed:
        failed.add(name)
        print("not ok", name, detail)


def table(name):
    with open(reports / "csv" / (name + ".csv"), encoding="utf-8-sig",
              newline="") as f:
        return list(csv.DictReader(f))


def undefused(text):
    return text[1:] if text.startswith("'") else text


messages = [m for m in table("messages") if m["exposure"] in EXPOSED]
sources = table("sources")

# ---- CASE / UCO

terms = {}
for t in csv.DictReader(open(here / "case_uco_terms.csv")):
    terms.setdefault(t["class"], {})[t["property"]] = t
text = (reports / "exchange/case-uco.jsonld").read_text("utf-8")
graph = json.loads(text)
nodes, classes, used = {}, {}, set()


def walk(node):
    yield node
    for value in node.values():
        for v in value if isinstance(value, list) else [value]:
            if isinstance(v, dict) and "@type" in v and "@id" in v:
                yield from walk(v)


for top in graph["@graph"]:
    for node in walk(top):
        check("ids are unique", node["@id"] not in nodes, node["@id"])
        nodes[node["@id"]] = node
        name, _, tail = node["@id"].partition("-")
        u = uuid.UUID(tail)
        check("ids are UUIDv5", u.version == 5 and
              u.variant == uuid.RFC_4122, node["@id"])
        check("ids name their class",
              name == "kb:" + node["@type"].split(":")[1], node["@id"])
PLAIN = {"xsd:string": str, "xsd:integer": int, "xsd:boolean": bool}


def fits(value, wanted):
    if wanted in PLAIN:
        return type(value) is PLAIN[wanted]
    if wanted.startswith("xsd:"):
        if not isinstance(value, dict) or value.get("@type") != wanted:
            return False
        return bool(re.fullmatch(
            r"([0-9a-f]{2})+" if wanted == "xsd:hexBinary" else
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value["@value"]))
    target = nodes.get(value.get("@id")) if isinstance(value, dict) else None
    return target is not None and target["@type"] == wanted


for node in nodes.values():
    allowed = terms.get(node["@type"])
    check("classes are known", allowed is not None, node["@type"])
    for key, value in node.items():
        if key.startswith("@"):
            continue
        used.add((node["@type"], key))
        term = (allowed or {}).get(key)
        check("properties are known", term is not None,
              node["@type"] + " " + key)
        if term is None:
            continue
        values = value if isinstance(value, list) else [value]
        check("as many values as the shape allows",
              len(values) <= int(term["most"] or 10**9), node["@id"] + key)
        check("values are of the kind", all(
            any(fits(v, w) for w in term["value"].split()) for v in values),
            f"{node['@id']} {key} {value!r:.200}")
        prefix = key.split(":")[0]
        check("prefixes are declared", prefix in graph["@context"], key)
    for key, term in (allowed or {}).items():
        check("what a shape needs is there",
              int(term["least"]) == 0 or key in node, node["@id"] + key)
mails = {n["uco-core:name"]: n for n in nodes.values()
         if n["@type"] == "uco-observable:EmailMessage"}
check("every exposed message is a node",
      set(mails) == {m["message_id"] for m in messages})
files = [n for n in nodes.values() if n["@type"] == "uco-observable:File"]
check("every evidence file is a node", len(files) == len(sources))

# ---- DFXML

root = ET.parse(reports / "exchange/dfxml.xml").getroot()
ns = "{http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML}"
check("dfxml", root.tag == ns + "dfxml" and root.get("version"))
check("dfxml says who made it",
      root.findtext(f"{ns}creator/{ns}program") == "postmortem")
objects = root.findall(ns + "fileobject")
check("dfxml has every file", len(objects) == len(sources))
for o, s in zip(objects, sources):
    order = [c.tag[len(ns):] for c in o]
    check("dfxml order", order == [t for t in (
        "filename", "filesize", "alloc", "hashdigest", "hashdigest")
        if t in order] or order.count("hashdigest") == 2, order)
    check("dfxml name", o.findtext(ns + "filename") ==
          undefused(s["path"]), s["path"])
    hashes = {h.get("type"): h.text for h in o.findall(ns + "hashdigest")}
    check("dfxml hashes", hashes.get("sha256", "") == s["sha256"] and
          hashes.get("md5", "") == s["md5"], s["path"])
    check("dfxml size", (o.findtext(ns + "filesize") or "") == s["bytes"])

# ---- Concordance


def load(path, encoding):
    data = (reports / "exchange" / path).read_bytes().decode(encoding)
    check("rows end in CR LF", data.endswith("\u00fe\r\n"), path)
    rows = []
    for line in data[:-2].split("\r\n"):
        check("no other line ends", "\n" not in line and "\r" not in line)
        fields = line.split("\x14")
        check("fields are quoted", all(
            len(f) >= 2 and f[0] == f[-1] == "\u00fe" and
            "\u00fe" not in f[1:-1] for f in fields), line[:200])
        rows.append([f[1:-1].replace("\u00ae", "\n") for f in fields])
    check("as many fields in each row",
          len(set(map(len, rows))) == 1, path)
    return rows[0], [dict(zip(rows[0], r)) for r in rows[1:]]


def in_1252(text):
    out = []
    for c in text:
        try:
            out.append(c.encode("cp1252").decode("cp1252"))
        except UnicodeEncodeError:
            out.append("\\u%04x" % ord(c))
    return "".join(out)


head, wide = load("concordance.dat", "utf-8-sig")
head2, narrow = load("concordance-cp1252.dat", "cp1252")
check("both variants have the same columns", head == head2)
check("a row a place",
      sorted((r["DOCID"], r["SOURCEFILE"]) for r in wide).__len__() ==
      len(messages), f"{len(wide)} {len(messages)}")
for a, b in zip(wide, narrow):
    check("windows-1252 says the same",
          {k: in_1252(v) for k, v in a.items()} == b, str((a, b))[:500])
by_id = {}
for m in messages:
    by_id.setdefault(m["message_id"], m)
for r in wide:
    m = by_id[r["DOCID"]]
    check("exposure", r["EXPOSURE"] in EXPOSED)
    check("dates", r["DATESENT"] == m["sent_utc"], r["DOCID"])
    check("hash", r["SHA256"] == m["content_sha256"], r["DOCID"])
    if not re.search("[\u00fe\u00ae]", m["subject"]):
        check("subject as in the CSV",
              r["SUBJECT"].replace("\n", "\\x0a") ==
              undefused(m["subject"]).replace("\\x0d\\x0a", "\\x0a"),
              repr((r["SUBJECT"], m["subject"])))
print(f"# {len(nodes)} nodes, {len(wide)} rows, terms used {len(used)}")
unused = {(c, p) for c in terms for p in terms[c]} - used
if "--all-terms" in sys.argv:
    check("every listed term is used", not unused, str(unused))
if not failed:
    print("ok exchange files read by other programs")
sys.exit(len(failed) > 0)
