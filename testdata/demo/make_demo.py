#!/usr/bin/env python3
"""make_demo.py PSTGEN FOLDER: write the demo case's evidence, its incident file
and its truth below FOLDER.  The same bytes every time, on every machine."""
import hashlib
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mail         # noqa: E402
import scenario     # noqa: E402
import truth        # noqa: E402
import ual          # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
CUT = 1000       # characters of the record that the export cut


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data.encode() if isinstance(data, str) else data)


def write_alice(pstgen, folder, messages):
    mail.number_nodes(messages)
    spec = os.path.join(folder, "alice.spec")
    write(spec, mail.pst_spec(messages))
    os.makedirs(os.path.join(folder, "evidence"), exist_ok=True)
    subprocess.run([pstgen, "--name", "Alice Doe", spec,
                    os.path.join(folder, "evidence/alice.pst")], check=True)


def write_bob(folder, messages):
    for message in messages:
        path = "bob/%s/%s.eml" % (message.folder, message.name)
        message.path = "evidence/" + path
        write(os.path.join(folder, "evidence", path), mail.eml(message))


def write_carol(folder, messages):
    for name in sorted({m.folder for m in messages}):
        held = [m for m in messages if m.folder == name]
        write(os.path.join(folder, "evidence/carol", name + ".mbox"),
              mail.mbox(held))


def write_audit(folder, records):
    """May as the portal exports it, June as JSONL; the last week of May stands in
    both, there with ids in capitals."""
    records = sorted(records, key=lambda r: (r.time, r.id))
    lost = scenario.lost_record()
    rows = [ual.HEADER]
    for r in records:
        if r.time >= "2023-06":
            continue
        if lost is not None and r.time > lost.time:
            rows.append(ual.purview_row(lost, CUT))
            lost = None
        rows.append(ual.purview_row(r))
    write(os.path.join(folder, "evidence/audit/purview_may.csv"),
          "\r\n".join(rows) + "\r\n")
    lines = []
    for r in records:
        if r.time < "2023-05-24":
            continue
        line = ual.as_json(r)
        if r.time < "2023-06":
            line = line.replace(r.id, r.id.upper())
        lines.append(line)
    write(os.path.join(folder, "evidence/audit/june.jsonl"),
          "\n".join(lines) + "\n")


def write_incident(folder):
    for name in ("incident.yaml", "iocs.csv", "iocs.stix.json", "stolen.csv"):
        shutil.copy(os.path.join(HERE, name), os.path.join(folder, name))
    # The incident file accepts a loss by the source's id: that is a hash.
    with open(os.path.join(folder, "evidence/audit/purview_may.csv"),
              "rb") as f:
        source = "S-" + hashlib.sha256(f.read()).hexdigest()[:16]
    with open(os.path.join(HERE, "incident.yaml")) as f:
        if source not in f.read():
            print("make_demo.py: incident.yaml should accept source " + source)


def main():
    pstgen, folder = sys.argv[1], sys.argv[2]
    shutil.rmtree(os.path.join(folder, "evidence"), ignore_errors=True)
    alice = scenario.alice_messages()
    bob = scenario.bob_messages()
    carol = scenario.carol_messages()
    records = scenario.all_records()
    write_alice(pstgen, folder, alice)
    write_bob(folder, bob)
    write_carol(folder, carol)
    write_audit(folder, records)
    write_incident(folder)
    truth.write_all(os.path.join(folder, "truth"), scenario, alice + bob + carol, records)


main()
