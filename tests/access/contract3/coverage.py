"""Coverage, embedded messages, a missing window."""
from contract3.cases import case, same
from small_case import BAD, GOOD, item_id, record_id


@case
def not_covered_needs_the_whole_span(c):
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "late@x", "2023-05-25T10:00:00")
    c.mail("alice", "Inbox", "after@x", "2023-06-17T00:00:00")
    c.mail("alice", "Inbox", "unknown@x", "2023-06-17T00:00:00", extra="X: y")
    path, text = c.mails[-1]
    c.mails[-1] = (path, "\r\n".join(x for x in text.split("\r\n")
                                     if not x.startswith("Date")))
    c.cover("2023-05-20T00:00:00", "2023-06-16T00:00:00")
    c.bind("2023-06-16T23:59:59", "alice", ["none@x"], ip=GOOD)
    c.bind("2023-06-01T10:00:00", "bob", ["none@x"], ip=GOOD)
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "late@x", "after@x", "unknown@x")],
         ["not_covered", "not_shown", "not_shown", "not_covered"])
    same(r.msg("unknown@x").flags, "arrival_unknown")
    same(r.msg("unknown@x").received_utc, "")


@case
def coverage_rows_order_and_do_not_overlap(c):
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-20T10:00:00", "alice", ["none@x"], ip=GOOD)
    c.records[-1]["OperationProperties"].append(
        {"Name": "IsThrottled", "Value": "True"})
    c.bind("2023-05-23T10:00:00", "alice", ["none@x"], ip=GOOD)
    c.cmdlet("Set-Mailbox", "2023-05-20T20:00:00", ip=GOOD,
             Identity="alice@x.example", AuditEnabled="$false")
    c.cmdlet("Set-Mailbox", "2023-05-23T08:00:00", ip=GOOD,
             Identity="alice@x.example", AuditEnabled="$true")
    r = c.run()
    same([(x.from_utc[8:13], x.to_utc[8:13], x.status)
          for x in r.table("coverage")],
         [("", "20T10", "outside"), ("20T10", "20T20", "throttled"),
          ("20T20", "21T00", "audit_off"), ("21T00", "23T00", "gap"),
          ("23T00", "23T08", "audit_off"), ("23T08", "23T10", "covered"),
          ("23T10", "", "outside")])


@case
def an_unreadable_record_is_a_gap_at_its_time_and_mailbox(c):
    import json
    for box in ("alice", "bob"):
        c.old(box, "Inbox", box + "@m")
    c.cover()
    bad = dict(c.records[0], Id=record_id(999),
               CreationTime="2023-05-20T10:00:00")
    text = "".join(json.dumps(r) + "\n" for r in c.records[:-1])
    text += json.dumps(bad)[:-30] + "\n" + json.dumps(c.records[-1]) + "\n"
    c.records = []
    c.files.append(("audit.jsonl", text))
    r = c.run()
    p = [p for p in r.table("problems") if p.severity == "item_lost"]
    same([(x.items_lost, x.locator) for x in p], [("1", "line=122")])
    gaps = [(x.mailbox[:3], x.from_utc, x.to_utc)
            for x in r.table("coverage") if x.status == "gap"]
    same(gaps, [("ali", "2023-05-20T10:00:00Z", "2023-05-20T10:00:01Z")])
    same([r.msg("alice@m").exposure, r.msg("bob@m").exposure],
         ["not_covered", "not_shown"])
    same(r.status, 3)


@case
def an_unreadable_record_else_lies_between_its_neighbours(c):
    import json
    for box in ("alice", "bob"):
        c.old(box, "Inbox", box + "@m")
    c.cover()
    lines = [json.dumps(r) for r in c.records]
    lines.insert(40, '{"Operation":"MailItems')
    c.records = []
    c.files.append(("audit.jsonl", "\n".join(lines) + "\n"))
    r = c.run()
    same([(x.mailbox[:3], x.from_utc, x.to_utc)
          for x in r.table("coverage") if x.status == "gap"],
         [(b, "2023-05-20T00:00:00Z", "2023-05-21T00:00:01Z")
          for b in ("ali", "bob")])


@case
def an_export_shorter_than_its_result_count(c):
    import csv
    import io
    import json
    c.old("alice", "Inbox", "a@x")
    c.cover("2023-05-10T00:00:00", "2023-05-20T00:00:00")
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(["CreationDate", "UserIds", "Operations", "AuditData",
                "ResultIndex", "ResultCount"])
    for i, x in enumerate(c.records):
        w.writerow(["x", "y", "z", json.dumps(x), i + 1, 20])
    c.records = []
    c.files.append(("a.csv", out.getvalue()))
    c.bind("2023-05-25T10:00:00", "alice", ["none@x"], ip=GOOD)
    r = c.run()
    same([(p.severity, p.items_lost) for p in r.problems("cut_export")],
         [("partial", "0")])
    same([(x.from_utc, x.to_utc) for x in r.table("coverage")
          if x.status == "gap"],
         [("2023-05-20T00:00:00Z", "2023-05-25T10:00:00Z")])


@case
def without_a_window_it_spans_the_adversary(c):
    c.yaml.pop("window")
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "late@x", "2023-05-22T10:00:01")
    c.sign_in("2023-05-01T10:00:00", "alice", ok=False)
    c.bind("2023-05-20T10:00:00", "alice", ["none@x"])
    c.bind("2023-05-22T10:00:00", "alice", ["none@x"])
    c.bind("2023-05-21T10:00:00", "alice", ["none@x"], ip=GOOD)
    r = c.run()
    same([r.msg("a@x").exposure, r.msg("late@x").exposure],
         ["not_shown", "not_shown"])
    same(r.problems("outside_window"), [])


@case
def embedded_messages_follow_their_holder(c):
    inner = ("From: z@y.example\r\nSubject: inner\r\nMessage-ID: <in@x>\r\n"
             "Date: Mon, 01 May 2023 10:00:00 +0000\r\n\r\ninner\r\n")
    body = ("--b\r\nContent-Type: text/plain\r\n\r\nt\r\n--b\r\n"
            "Content-Type: message/rfc822\r\n\r\n" + inner + "--b--\r\n")
    for imi in ("a@x", "b@x"):
        c.mail("alice", "Inbox", imi, "2023-05-01T10:00:00", body=body,
               extra="MIME-Version: 1.0\r\nContent-Type: multipart/mixed;"
               " boundary=b")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    c.bind("2023-05-20T11:00:00", "alice", ["in@x"])
    c.cover()
    r = c.run()
    inner = {m.parent_message_id: m for m in r.table("messages")
             if m.internet_message_id == "<in@x>"}
    a, b = r.msg("a@x"), r.msg("b@x")
    same([inner[a.message_id].short, inner[b.message_id].short],
         ["accessed R1", "not_shown"])
    same(inner[a.message_id].access_records, record_id(1))
    same(r.table("mailboxes")[0].messages, "2")
    same([m.internet_message_id for m in r.table("missing_items")],
         ["<in@x>"])


@case
def messages_without_a_message_id_join_by_nothing_else(c):
    c.mail("alice", "Inbox", None, "2023-05-01T10:00:00", subject="only")
    c.record("Update", "2023-05-20T10:00:00", "alice",
             Item={"Subject": "only", "Id": item_id(0x10C, 5)})
    c.cover()
    r = c.run()
    same(r.table("messages")[0].short, "not_shown")
    same([m.internet_message_id for m in r.table("missing_items")],
         [item_id(0x10C, 5)])


@case
def sessions_csv_counts(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x", "b@x"], SessionId="S1")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], SessionId="S1")
    c.sync("2023-05-20T10:00:00", "alice", SessionId="S1")
    c.sync("2023-05-20T10:00:00", "alice", "\\A", SessionId="S1")
    c.sync("2023-05-20T12:00:00", "alice", "\\A", SessionId="S1")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], ip=GOOD)
    c.bind("2023-05-20T10:30:00", "alice", ["a@x"], ip=GOOD)
    c.bind("2023-05-20T11:00:01", "alice", ["a@x"], ip=GOOD)
    c.sign_in("2023-05-20T01:00:00", "bob", ip=GOOD)
    r = c.run()
    s = {x.session: x for x in r.table("sessions")}
    one = s.pop("s1")
    same([one.kind, one.events, one.items_bound, one.distinct_messages,
          one.folders_synced, one.throttled, one.sign_in, one.ips,
          one.first_utc, one.last_utc],
         ["recorded", "5", "3", "2", "2", "0", "not_found", BAD,
          "2023-05-20T10:00:00Z", "2023-05-20T12:00:00Z"])
    same(sorted((x.kind, x.events, x.sign_in) for x in s.values()),
         [("derived", "1", "found"), ("derived", "1", "not_found"),
          ("derived", "2", "not_found")])
