"""What was there at some time: R3, R6, R7, R7f, R9."""
from contract3.cases import case, same
from small_case import GOOD, record_id


@case
def r3_throttled_within_24_hours(c):
    c.old("alice", "Inbox", "old@x")
    c.mail("alice", "Inbox", "in@x", "2023-05-21T10:00:00")
    c.mail("alice", "Inbox", "out@x", "2023-05-21T10:00:01")
    c.old("bob", "Inbox", "bob@x")
    for box in ("alice", "bob"):
        c.bind("2023-05-20T10:00:00", box, ["none@x"], ip=GOOD)
        c.records[-1]["OperationProperties"].append(
            {"Name": "IsThrottled", "Value": "True"})
    c.bind("2023-05-21T10:00:00", "alice", ["none@x"])
    c.bind("2023-05-21T10:00:01", "bob", ["none@x"])
    c.cover()
    r = c.run()
    same(r.msg("old@x").rules.split("; ")[0], "R3")
    m = r.msg("in@x")
    same([m.exposure, m.first_access_utc, m.last_access_utc,
          m.access_records],
         ["presumed", "2023-05-21T10:00:00Z", "2023-05-21T10:00:00Z",
          record_id(1)][:2] + ["2023-05-21T10:00:00Z", record_id(1)])
    assert "R3" not in r.msg("out@x").rules
    assert "R3" not in r.msg("bob@x").rules
    rows = [(x.from_utc, x.to_utc) for x in r.table("coverage")
            if x.status == "throttled" and x.mailbox[:3] == "ali"]
    same(rows, [("2023-05-20T10:00:00Z", "2023-05-21T10:00:00Z")])
    same([r.rec(1)[0].throttled, r.rec(3)[0].throttled],
         ["yes", "not_stated"])


@case
def r6_assume_periods(c):
    c.yaml["assume"] = ('[{mailbox: "*", from: 2023-02-03, to: 2023-02-20,'
                        ' reason: "open"}]')
    c.yaml["adversary"] = None
    c.old("alice", "Inbox", "late@x")
    c.mail("alice", "Inbox", "old@x", "2023-01-01T10:00:00")
    c.mail("alice", "Inbox", "edge@x", "2023-02-20T23:59:59")
    r = c.run()
    same([r.msg(i).short for i in ("late@x", "old@x", "edge@x")],
         ["not_covered", "presumed R6", "presumed R6"])
    m = r.msg("old@x")
    same([m.first_access_utc, m.last_access_utc, m.access_records],
         ["2023-02-03T00:00:00Z", "2023-02-20T23:59:59Z", ""])
    same(r.msg("edge@x").first_access_utc, "2023-02-20T23:59:59Z")


@case
def r7_without_any_item_record(c):
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "in@x", "2023-05-20T11:00:00")
    c.mail("alice", "Inbox", "out@x", "2023-05-20T11:00:01")
    c.send("2023-05-18T10:00:00", "alice", "sent@x")
    c.send("2023-05-20T10:00:00", "alice", "sent@x")
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "in@x", "out@x")],
         ["possible R7", "possible R7", "not_covered"])
    m = r.msg("in@x")
    same([m.first_access_utc, m.last_access_utc, m.access_records,
          m.sessions],
         ["2023-05-18T10:00:00Z", "2023-05-20T10:00:00Z", "", ""])
    same([(x.from_utc, x.to_utc, x.status) for x in r.table("coverage")],
         [("", "", "not_logged")])


@case
def r7_a_gap_meets_the_stay(c):
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-20T23:30:00", "alice", ["none@x"])
    c.bind("2023-05-20T10:00:00", "alice", ["none@x"])
    c.cover("2023-05-01T00:00:00", "2023-05-19T00:00:00")
    c.cover("2023-05-22T00:00:00", "2023-06-20T00:00:00")
    r = c.run()
    same(r.msg("a@x").short, "possible R7")
    same([(x.from_utc, x.to_utc) for x in r.table("coverage")
          if x.status == "gap"],
         [("2023-05-21T00:00:00Z", "2023-05-22T00:00:00Z")])


@case
def r7_an_hour_short_of_the_gap(c):
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-20T22:59:59", "alice", ["none@x"])
    c.cover("2023-05-01T00:00:00", "2023-05-19T00:00:00")
    c.cover("2023-05-22T00:00:00", "2023-06-20T00:00:00")
    r = c.run()
    same(r.msg("a@x").short, "not_covered")


@case
def r7f_folder_bind_for_a_day(c):
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "in@x", "2023-05-21T10:00:00")
    c.mail("alice", "Inbox", "out@x", "2023-05-21T10:00:01")
    c.record("FolderBind", "2023-05-20T10:00:00", "alice", Item={
        "Id": "F-\\Inbox", "ParentFolder": {"Id": "F-\\Inbox",
                                            "Path": "\\Inbox"}})
    c.cover()
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "in@x", "out@x")],
         ["possible R7f", "possible R7f", "not_shown"])


@case
def r9_switched_off_until_reversed_by_anyone(c):
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "in@x", "2023-05-22T10:00:00")
    c.mail("alice", "Inbox", "out@x", "2023-05-22T10:00:01")
    c.old("bob", "Inbox", "b@x")
    c.cmdlet("Set-Mailbox", "2023-05-20T10:00:00",
             Identity="alice@x.example", AuditEnabled="False")
    c.cmdlet("Set-Mailbox", "2023-05-21T10:00:00", ip=GOOD,
             Identity="alice@x.example", AuditEnabled="True",
             _ResultStatus="False")
    c.cmdlet("Set-Mailbox", "2023-05-22T10:00:00", ip=GOOD,
             Identity="alice@x.example", AuditEnabled="True")
    c.cover()
    r = c.run()
    same(r.msg("a@x").short, "presumed R9 R7")
    m = r.msg("in@x")
    same([m.exposure, m.first_access_utc, m.last_access_utc,
          m.access_records],
         ["presumed", "2023-05-22T10:00:00Z", "2023-05-22T10:00:00Z",
          record_id(1)])
    same(r.msg("out@x").short, "not_shown")
    same(r.msg("b@x").short, "not_shown")
    same([(x.from_utc, x.to_utc) for x in r.table("coverage")
          if x.status == "audit_off"],
         [("2023-05-20T10:00:00Z", "2023-05-22T10:00:00Z")])


@case
def r9_bypass_and_ingestion(c):
    for box in ("alice", "bob", "carol"):
        c.old(box, "Inbox", box + "@m")
    c.bind("2023-05-02T10:00:00", "bob", ["none@x"], ip=GOOD,
           UserId="alice@x.example")
    c.cmdlet("Set-MailboxAuditBypassAssociation", "2023-05-20T10:00:00",
             Identity="alice", AuditBypassEnabled="True")
    c.cover()
    r = c.run()
    same([r.msg(b + "@m").short.split()[0] for b in ("alice", "bob", "carol")],
         ["presumed", "presumed", "not_shown"])
    same(r.msg("alice@m").last_access_utc, "2023-06-16T23:59:59Z")


@case
def r9_ingestion_off_is_everybody(c):
    for box in ("alice", "bob"):
        c.old(box, "Inbox", box + "@m")
    c.cmdlet("Set-AdminAuditLogConfig", "2023-05-20T10:00:00",
             UnifiedAuditLogIngestionEnabled="False")
    c.cmdlet("Set-AdminAuditLogConfig", "2023-05-20T11:00:00", ip=GOOD,
             UnifiedAuditLogIngestionEnabled="True")
    c.cover()
    r = c.run()
    for b in ("alice", "bob"):
        m = r.msg(b + "@m")
        same([m.short, m.first_access_utc, m.last_access_utc],
             ["presumed R9", "2023-05-20T10:00:00Z", "2023-05-20T11:00:00Z"])
