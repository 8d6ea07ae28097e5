#!/usr/bin/env python3
"""oracle.py POSTMORTEM FIRST COUNT: the rules of contract 3 once more.

A second, deliberately simple implementation: the whole case in memory, every
rule a few lines that repeat the contract's sentence, cost no object. Small
random cases (seeds FIRST, FIRST+1, ...) are reconstructed by both; every
message's exposure, rules, times, records and flags must agree.
"""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from random_case import (SECOND, HOUR, DAY, SPECIAL, COUNTERS,  # noqa: E402
                         RULE_OPS, NAMING, MOVING, iso, folder_id,
                         World)

RULES = ["R1", "R1c", "R1s", "R4", "R5", "R2", "R2u", "R3", "R6", "R9", "R7",
         "R7f"]
EXPOSURE = {"R1": "accessed", "R1c": "accessed", "R1s": "accessed",
            "R4": "taken", "R5": "taken", "R2": "synced", "R2u": "presumed",
            "R3": "presumed", "R6": "presumed", "R9": "presumed",
            "R7": "possible", "R7f": "possible"}
STRENGTH = ["possible", "presumed", "synced", "taken", "accessed"]


def meets(a, b, c, d):
    """[a, b] and [c, d] share an instant; None is open."""
    return ((a is None or d is None or a <= d) and
            (c is None or b is None or c <= b))


class Oracle:
    def __init__(self, w):
        self.w = w
        self.refs = [(e["box"], f) for e in w.events
                     for f in (e["folder"], e["dest"]) if f]
        self.attribute()
        self.bad = [e for e in w.events if e["adversary"]]
        acts = [e["time"] for e in self.bad if e["op"] != "UserLoginFailed"]
        self.window = w.window or ((min(acts), max(acts)) if acts
                                   else (None, None))

    def inside(self, e):
        w = self.w.window
        return w is None or w[0] <= e["time"] < w[1] + SECOND

    def attribute(self):
        events = self.w.events
        for e in events:
            e["adversary"] = e["bad"] and self.inside(e)
        again = True
        while again:
            again = False
            sessions = {e["session"] for e in events if e["adversary"]}
            for e in events:
                if (not e["adversary"] and self.inside(e) and e["session"] and
                        e["session"] in sessions):
                    e["adversary"] = again = True

    def named(self, imi, box):
        """The copies in that mailbox: exactly, else in any case."""
        mine = [m for m in self.w.messages if m["box"] == box and m["imi"]]
        exact = [m for m in mine if m["imi"] == imi]
        return exact or [m for m in mine if m["imi"].lower() == imi.lower()]

    def elsewhere(self, imi, box):
        rest = [m for m in self.w.messages if m["box"] != box and m["imi"]]
        exact = [m for m in rest if m["imi"] == imi]
        return exact or [m for m in rest if m["imi"].lower() == imi.lower()]

    # -- folders

    def evidence(self, box):
        return {m["folder"] for m in self.w.messages
                if m["box"] == box and m["folder"]}

    def paths(self, box, ref):
        """Every path of the record's folder; empty: it cannot be named."""
        if ref is None:
            return frozenset()
        mine, found = self.evidence(box), set()
        key = (ref.get("id"), None if ref.get("id") else ref["path"])
        said = {f["path"] for b, f in self.refs if b == box and "path" in f
                and (f.get("id"), None if f.get("id") else f["path"]) == key}
        if said & mine:
            return frozenset(said)
        for path in said:
            first, slash, rest = path.partition("/")
            found |= {q + slash + rest for q in mine if first in SPECIAL and
                      SPECIAL.get(q) == SPECIAL[first]} & mine
        if not found:
            found = {q for q in mine if SPECIAL.get(q) in COUNTERS and
                     ref.get("id") == folder_id(box, SPECIAL[q])}
        if not found and not said and "name" in ref:
            ends = {q for q in mine if ("/" + q).endswith("/" + ref["name"])}
            found = ends if len(ends) == 1 else set()
        return frozenset(said | found)

    # -- where a message lay

    def histories(self):
        """place -> [(folder or None, from, to)]; and who left when."""
        w = self.w
        where = {m["place"]: frozenset([m["folder"]] if m["folder"] else [])
                 for m in w.messages}
        end = {m["place"]: None for m in w.messages}
        stays = {m["place"]: [] for m in w.messages}
        self.partial = set()
        moves = sorted((e for e in w.events if e["op"] in MOVING and
                        e["ok"] != "no"),
                       key=lambda e: (e["time"], e["id"]), reverse=True)
        for e in moves:
            copies = [m["place"] for i in e["imis"]
                      for m in self.named(i, e["box"])]
            dest = self.paths(e["box"], e["dest"])
            if e["op"] == "MoveToDeletedItems":
                dest = frozenset(f for f in self.evidence(e["box"])
                                 if SPECIAL.get(f) == "deleted")
            fitting = [p for p in copies if where[p] & dest]
            for p in fitting or copies:
                stays[p].append((where[p], e["time"], end[p]))
                if dest and not where[p] & dest:
                    stays[p].append((dest, e["time"], end[p]))
                if e["ok"] == "partial":
                    self.partial.add(p)
                where[p] = self.paths(e["box"], e["folder"])
                end[p] = e["time"]
        for p in stays:
            stays[p].append((where[p], None, end[p]))
        deleted = {}
        for e in sorted((e for e in w.events if e["op"] == "HardDelete" and
                         e["ok"] != "no"),
                        key=lambda e: (e["time"], e["id"]), reverse=True):
            out_of = self.paths(e["box"], e["folder"])
            for imi in e["imis"]:
                for m in self.named(imi, e["box"]):
                    p = m["place"]
                    if p in deleted or not any(
                            meets(a, b, e["time"], e["time"]) and
                            (not f or not out_of or f & out_of)
                            for f, a, b in stays[p]):
                        continue
                    deleted[p] = e["time"]
                    break
        left = {}
        for m in w.messages:
            same = [o["place"] for o in w.messages if o["box"] == m["box"] and
                    o["imi"] and m["imi"] and
                    o["imi"].lower() == m["imi"].lower()
                    and self.moved(o) == self.moved(m)]
            if m["place"] in deleted and all(p in deleted for p in same):
                left[m["place"]] = max(deleted[p] for p in same)
        return stays, left

    def moved(self, m):
        return any(m in self.named(i, e["box"]) for e in self.w.events
                   if e["op"] in MOVING | {"HardDelete"} and e["ok"] != "no"
                   for i in e["imis"])

    # -- coverage

    def coverage(self, box):
        """Gaps as (from, to) half open and the covered span, or None."""
        exchange = sorted(e["time"] for e in self.w.events
                          if not e["op"].startswith("UserLog"))
        logged = any(e["box"] == box and e["op"] in
                     ("MailItemsAccessed", "Sync") for e in self.w.events)
        if not logged:
            return None
        gaps = []
        days = sorted({t // DAY for t in exchange})
        for a, b in zip(days, days[1:]):
            if b > a + 1:
                gaps.append(((a + 1) * DAY, b * DAY))
        gaps += [(e["time"], e["time"] + DAY) for e in self.w.events
                 if e["throttled"] and e["box"] == box]
        end = exchange[-1] + SECOND
        if self.window[1] is not None:
            end = max(end, self.window[1] + SECOND)
        gaps += [(a, b if b is not None else end)
                 for e, a, b, boxes in self.switched_off() if box in boxes]
        gaps += self.cut_off()
        return gaps, exchange[0], exchange[-1] + SECOND

    def cut_off(self):
        """Beyond the last row of a cut file up to the next row of any."""
        rows = [e["time"] for e in self.w.rows(2)]
        if not self.w.cut or not rows:
            return
        times, last = [e["time"] for e in self.w.events], rows[-1]
        if rows[0] > last:  # newest first
            end = max((t for t in times if t < last), default=self.window[0])
            if end is not None:
                yield end, last + SECOND
        else:
            end = min((t for t in times if t > last), default=None)
            if end is None and self.window[1] is not None:
                end = self.window[1] + SECOND
            if end is not None:
                yield last, end

    def switched_off(self):
        """(record, from, to or None, mailboxes) for each that switches off."""
        w = self.w
        back = {"AuditOff": "AuditOn", "BypassOn": "BypassOff",
                "IngestOff": "IngestOn"}
        for e in w.events:
            if e["op"] not in back or e["ok"] == "no":
                continue
            on = [o["time"] for o in w.events if o["op"] == back[e["op"]] and
                  o["box"] == e["box"] and o["time"] >= e["time"] and
                  o["ok"] != "no"]
            boxes = {e["box"]} if e["box"] else set(w.boxes)
            if e["op"] == "BypassOn":
                boxes |= {o["box"] for o in w.events if o["box"] and
                          o["user"] == e["box"]}
                boxes |= {o["box"] for o in w.events if o["op"] == "Grant" and
                          o["to"] == e["box"] and o["ok"] != "no"}
            yield e, e["time"], min(on) if on else None, boxes

    # -- forwarding and exports

    def forwardings(self):
        """(record, from, to or None, box or None)"""
        for n, e in enumerate(self.w.events):
            p = e.get("params", {})
            if e["ok"] == "no" or not e["adversary"]:
                continue
            if e["op"] in ("NewRule", "SetRule") and "ForwardTo" in p:
                ends = RULE_OPS
            elif e["op"] == "Forward":
                ends = {"Forward", "ForwardOff"}
            elif e["op"] == "NewTransport":
                ends = {"NewTransport", "OffTransport"}
            else:
                continue
            later = [o["time"] for k, o in enumerate(self.w.events)
                     if o["op"] in ends and o["box"] == e["box"] and
                     o["ok"] != "no" and (o["time"], k) > (e["time"], n) and
                     o.get("rule", "").lower() == e.get("rule", "").lower()]
            yield e, e["time"], min(later, default=None), e["box"] or None

    def conditions(self, e, m):
        """None: not met; else the flags."""
        p = e["params"]
        if "SubjectContainsWords" in p and not any(
                word in m["subject"].lower()
                for word in p["SubjectContainsWords"].split(";")):
            return None
        if "From" in p and m["sender"] != p["From"].lower():
            return None
        return {"condition=" + name for name in p
                if name in ("HasAttachment", "ExceptIfFrom")}

    def exported(self, e, m, lay):
        """None: not taken; else the flags."""
        if e["op"] == "SearchExport":
            says = [o for o in self.w.events if o["op"] == "Search" and
                    o["rule"] == e["rule"] and o["ok"] != "no" and
                    o["time"] <= e["time"]]
            if not says:
                return {"condition=ExchangeLocation"}
            last = max(says, key=lambda o: (o["time"], o["id"]))
            where = last["params"]["ExchangeLocation"]
            every = where == "All" or where.endswith("...")
            return set() if every or m["box"] in where else None
        if m["box"] != e["box"]:
            return None
        if not e["list"]:
            return set()
        if frozenset() in lay:
            unsure = {"condition=folder"}
        else:
            unsure = None
        for entry in e["list"]:
            below = entry.endswith("/*")
            path = entry[:-2] if below else entry
            if path == "#Inbox#":
                roots = {f for f in self.evidence(e["box"])
                         if SPECIAL.get(f) == "inbox"}
            else:
                roots = {path}
            for f in set().union(*lay):
                if f in roots or below and any(
                        f.startswith(root + "/") for root in roots):
                    return unsure or set()
        return unsure

    # -- the rules: {place: {rule: (first, last, [records])}}

    def hit(self, place, rule, first, last, event=None):
        self.hits[place].setdefault(rule, []).append((first, last, event))

    def judge(self):
        w = self.w
        self.hits = {m["place"]: {} for m in w.messages}
        self.flags = {m["place"]: set() for m in w.messages}
        stays, left = self.histories()

        def there(m, a, b):
            return ((m["arrival"] is None or m["arrival"] <= b) and
                    (m["place"] not in left or left[m["place"]] >= a))

        for e in self.bad:
            until = e["time"] + (120 * SECOND
                                 if e["op"] == "MailItemsAccessed" else 0)
            for imi in e["imis"] if e["op"] in NAMING else []:
                mine = self.named(imi, e["box"])
                for m in mine or self.elsewhere(imi, e["box"]):
                    self.hit(m["place"], "R1" if mine else "R1c", e["time"],
                             until, e)
                    if m["imi"] != imi:
                        self.flags[m["place"]].add("imi_case")
                    if not mine:
                        self.flags[m["place"]].add("stand_in")
        for box, imi, time in w.stolen:
            mine = self.named(imi, box)
            for m in mine or self.elsewhere(imi, box):
                self.hit(m["place"], "R1s" if mine else "R1c", time, time)
                if m["imi"] != imi:
                    self.flags[m["place"]].add("imi_case")
                if not mine:
                    self.flags[m["place"]].add("stand_in")
        for e in self.bad:
            span = {"Sync": HOUR, "FolderBind": DAY}.get(e["op"])
            if span is None:
                continue
            t = e["time"]
            for m in w.messages:
                if m["box"] != e["box"] or not there(m, t, t + span):
                    continue
                lay = {f for f, a, b in stays[m["place"]]
                       if meets(a, b, t, t + span)}
                names = self.paths(e["box"], e["folder"])
                if any(f & names for f in lay):
                    self.hit(m["place"], "R2" if span == HOUR else "R7f", t,
                             t, e)
                if span == HOUR and (not names or frozenset() in lay):
                    self.hit(m["place"], "R2u", t, t, e)
        for e in w.events:
            if not e["throttled"]:
                continue
            t = e["time"]
            near = any(b["box"] == e["box"] and abs(b["time"] - t) <= DAY and
                       b["op"] != "UserLoginFailed" for b in self.bad)
            for m in w.messages if near else []:
                if m["box"] == e["box"] and there(m, t, t + DAY):
                    self.hit(m["place"], "R3", max(t, m["arrival"] or t),
                             t + DAY, e)
        for box, a, b in w.assume:
            for m in w.messages:
                if box in ("*", m["box"]) and there(m, a, b + SECOND - 1):
                    self.hit(m["place"], "R6", max(a, m["arrival"] or a), b)
        for e, a, b, box in self.forwardings():
            for m in w.messages:
                flags = self.conditions(e, m)
                if (flags is None or m["draft"] or m["arrival"] is None or
                        SPECIAL.get(m["folder"]) == "sent" or
                        m["arrival"] < a or box not in (None, m["box"]) or
                        b is not None and m["arrival"] > b):
                    continue
                self.hit(m["place"], "R4", m["arrival"], m["arrival"], e)
                self.flags[m["place"]] |= flags
        for e in self.bad:
            if e["op"] not in ("Export", "SearchExport") or e["ok"] == "no":
                continue
            for m in w.messages:
                lay = {f for f, a, b in stays[m["place"]]
                       if meets(a, b, e["time"], e["time"])}
                flags = self.exported(e, m, lay)
                if flags is None or not there(m, e["time"], e["time"]):
                    continue
                self.hit(m["place"], "R5", e["time"], e["time"], e)
                self.flags[m["place"]] |= flags
        for e, a, b, boxes in self.switched_off():
            if not e["adversary"]:
                continue
            b = b if b is not None else max(a, self.window[1])
            for m in w.messages:
                if m["box"] in boxes and there(m, a, b):
                    self.hit(m["place"], "R9", max(a, m["arrival"] or a), b,
                             e)
        for box in w.boxes:
            acts = [e["time"] for e in self.bad if e["box"] == box and
                    e["op"] != "UserLoginFailed"]
            cover = self.coverage(box)
            if not acts or not (cover is None or any(
                    a <= max(acts) + HOUR and b > min(acts)
                    for a, b in cover[0])):
                continue
            for m in w.messages:
                if m["box"] == box and there(m, min(acts), max(acts) + HOUR):
                    self.hit(m["place"], "R7", min(acts), max(acts))
        return {m["place"]: self.verdict(m) for m in w.messages}

    def verdict(self, m):
        hits = self.hits[m["place"]]
        flags = set(self.flags[m["place"]])
        if m["draft"]:
            flags.add("draft")
        if m["arrival"] is None:
            flags.add("arrival_unknown")
        if m["place"] in self.partial:
            flags.add("partial_move")
        rules = [r for r in RULES if r in hits]
        if not rules:
            return (self.rest(m), [], None, None, [], sorted(flags))
        best = max((EXPOSURE[r] for r in rules), key=STRENGTH.index)
        deciding = [h for r in rules if EXPOSURE[r] == best for h in hits[r]]
        firsts = [h[0] for h in deciding if h[0] is not None]
        lasts = [h[1] for h in deciding if h[1] is not None]
        events = {h[2]["id"]: h[2] for h in deciding if h[2]}
        records = sorted(events, key=lambda i: (events[i]["time"], i))
        return (best, rules, min(firsts, default=None),
                max(lasts, default=None), records, sorted(flags))

    def rest(self, m):
        start, end = self.window
        if end is not None and m["arrival"] is not None and \
                m["arrival"] >= end + SECOND:
            return "not_shown"
        cover = self.coverage(m["box"])
        if cover is None or start is None or end is None:
            return "not_covered"
        need = max(start, m["arrival"] if m["arrival"] is not None else start)
        gaps, first, last = cover
        fine = (first <= need and end < last and
                not any(a <= end and b > need for a, b in gaps))
        return "not_shown" if fine else "not_covered"


def ours(program, folder):
    run = subprocess.run([program, "reconstruct", "-q", "-o", str(folder),
                          "-i", str(folder / "incident.yaml")],
                         capture_output=True, text=True)
    if run.returncode not in (0, 3):
        raise SystemExit(f"status {run.returncode}: {run.stderr}")
    db = sqlite3.connect(folder / "case.db")
    rows = db.execute("SELECT message - 10, exposure, rules, first_us,"
                      " last_us, access_records, flags FROM places")
    return {p: (x, json.loads(r), a, b, json.loads(i), json.loads(f))
            for p, x, r, a, b, i, f in rows}


def main():
    program, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    seen = {}
    for seed in range(first, first + count):
        folder = pathlib.Path(tempfile.mkdtemp())
        world = World(seed)
        world.write(folder)
        want, got = Oracle(world).judge(), ours(program, folder)
        if want != got:
            print(f"seed {seed} differs ({folder})")
            for p in want:
                if want[p] != got.get(p):
                    print(" ", world.messages[p])
                    print("    by hand:", want[p])
                    print("    program:", got.get(p))
            for e in sorted(world.events, key=lambda e: e["time"]):
                print("   ", iso(e["time"]), {k: v for k, v in e.items()
                                               if v and k != "time"})
            sys.exit(1)
        for verdict in want.values():
            for rule in verdict[1] or [verdict[0]]:
                seen[rule] = seen.get(rule, 0) + 1
        shutil.rmtree(folder)
    print(" ".join(f"{k}={seen[k]}" for k in sorted(seen)))


main()
