#!/usr/bin/env python3
"""sentences.py [NAME]: contract 3 and the tables of 5 that tell of the log,
sentence by sentence, each on files made for it (small_case.py)."""
import concurrent.futures
import sys
import traceback

sys.dont_write_bytecode = True
from small_case import (BAD, GOOD, Case, folder_id, item_id,  # noqa: E402
                        record_id)

CASES = []


def case(function):
    CASES.append(function)
    return function


def same(got, want, what=""):
    assert got == want, "%s: got %r, expected %r" % (what, got, want)


# ---- times and the window

@case
def window_edges_are_inclusive(c):
    c.old("alice", "Inbox", "a@x", "b@x", "c@x", "d@x")
    c.bind("2023-05-14T23:59:59", "alice", ["a@x"])
    c.bind("2023-05-15T00:00:00", "alice", ["b@x"])
    c.bind("2023-06-16T23:59:59", "alice", ["c@x"])
    c.bind("2023-06-17T00:00:00", "alice", ["d@x"])
    c.cover()
    r = c.run()
    same([r.msg(i).exposure for i in ("a@x", "b@x", "c@x", "d@x")],
         ["not_shown", "accessed", "accessed", "not_shown"])
    same([(p.severity, p.items_lost, p.detail[:9])
          for p in r.problems("outside_window")],
         [("note", "0", "1 record ")] * 2)


@case
def a_bare_date_in_to_is_the_whole_second_too(c):
    c.yaml["window"] = "{from: 2023-05-15, to: 2023-06-16}"
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-06-16T23:59:59.75", "alice", ["a@x"])
    c.bind("2023-06-17T00:00:00", "alice", ["b@x"])
    c.cover()
    r = c.run()
    same(r.msg("a@x").short, "accessed R1")
    same(r.msg("b@x").short, "not_shown")


@case
def only_record_type_50_covers_two_minutes(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    c.send("2023-05-20T11:00:00", "alice", "b@x")
    r = c.run()
    same([r.msg("a@x").first_access_utc, r.msg("a@x").last_access_utc],
         ["2023-05-20T10:00:00Z", "2023-05-20T10:02:00Z"])
    same([r.msg("b@x").first_access_utc, r.msg("b@x").last_access_utc],
         ["2023-05-20T11:00:00Z", "2023-05-20T11:00:00Z"])
    same([r.rec(1)[0].time_utc, r.rec(1)[0].until_utc, r.rec(2)[0].until_utc],
         ["2023-05-20T10:00:00Z", "2023-05-20T10:02:00Z",
          "2023-05-20T11:00:00Z"])
    box = r.table("mailboxes")[0]
    same([box.first_adversary_utc, box.last_adversary_utc],
         ["2023-05-20T10:00:00Z", "2023-05-20T11:00:00Z"])


@case
def of_differing_copies_the_longest_that_parses_counts(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    c.bind("2023-05-20T10:00:00", "alice", ["a@x", "b@x"])
    c.records[1]["Id"] = c.records[0]["Id"].upper()
    r = c.run()
    same(r.msg("b@x").short, "accessed R1 R7"[:11])
    same(len(r.rec(1)), 2)
    same([p.severity for p in r.problems("duplicate_record")], ["note"])


@case
def without_an_id_same_content_is_same_record(c):
    c.old("alice", "Inbox", "a@x")
    for _ in range(3):
        c.bind("2023-05-20T10:00:00", "alice", ["a@x"], Id=None)
    c.bind("2023-05-20T10:00:01", "alice", ["a@x"], Id=None)
    r = c.run()
    same(len(r.table("access")), 2)


@case
def a_wrapper_column_is_never_believed(c):
    import json
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    inner = json.dumps(c.records.pop()).replace('"', '""')
    c.files.append(("audit.csv", "RecordId,CreationDate,RecordType,Operation,"
                    "UserId,AuditData,AssociatedAdminUnits,"
                    "AssociatedAdminUnitsNames\r\n%s,1/1/2020 4:05:03 AM,8,"
                    "Send,mallory,\"%s\",,\r\n" % (record_id(9), inner)))
    r = c.run()
    row = r.table("access")[0]
    same([row.record_id, row.time_utc, row.operation, row.actor],
         [record_id(1), "2023-05-20T10:00:00Z", "MailItemsAccessed",
          "alice@x.example"])


@case
def zoned_times_become_utc(c):
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-20T10:00:00+02:00", "alice", ["a@x"])
    c.bind("2023-05-20T10:00:00Z", "alice", ["a@x"])
    r = c.run()
    same([x.time_utc for x in r.table("access")],
         ["2023-05-20T08:00:00Z", "2023-05-20T10:00:00Z"])


# ---- attribution

@case
def addresses_in_all_spellings(c):
    c.old("alice", "Inbox", "a@x")
    c.yaml["adversary"] = '{ip: [203.0.113.7, "2001:db8::/32", "10.1.2.3"]}'
    bad = ["203.0.113.7", "203.0.113.7:52378", "::ffff:203.0.113.7",
           "[::ffff:203.0.113.7]:123", "::ffff:cb00:7107", " 203.0.113.7 ",
           "2001:0DB8:0:0::1", "[2001:db8::9]:52903", "[2001:db8::9]",
           "[::ffff:10.1.2.3]"]
    good = ["203.0.113.70", "1203.0.113.7", "::1", "", "<null>", "host.x",
            "2001:db9::1", "203.0.113.8:7"]
    for i, ip in enumerate(bad + good):
        c.bind("2023-05-20T1%d:00:%02d" % (i % 10, i), "alice", ["a@x"],
               ip=ip or None)
    r = c.run()
    for i, ip in enumerate(bad + good):
        same(r.rec(i + 1)[0].attribution == "adversary", ip in bad, ip)


@case
def each_key_looks_at_its_fields(c):
    c.old("alice", "Inbox", "a@x")
    app = "ea0056b2-87ac-4765-ba13-e2768da6fba7"
    c.yaml["adversary"] = (
        "{ip: [%s], app_id: [%s], session_id: [SESS-1], token_id: [TokA],"
        " user_agent: [python-requests], actor: [mallory@evil.example],"
        " device_id: [dev-1]}" % (BAD, app))
    t = "2023-05-20T10:00:%02d"
    yes = [dict(ClientIPAddress=BAD), dict(ClientIP=BAD),
           dict(ActorIpAddress=BAD), dict(ActorIP=BAD),
           dict(AppId=app.upper()), dict(ClientAppId=app),
           dict(AppAccessContext={"ClientAppId": app}),
           dict(ApplicationId=app),
           dict(SessionId="sess-1"),
           dict(AppAccessContext={"AADSessionId": "sess-1"}),
           dict(DeviceProperties=[{"Name": "SessionId", "Value": "sess-1"}]),
           dict(AppAccessContext={"UniqueTokenId": "TokA"}),
           dict(ClientInfoString="Client=REST;Python-Requests/2"),
           dict(ActorInfoString="x PYTHON-requests"),
           dict(ClientInfoString="Client=OWA",
                ActorInfoString="x PYTHON-requests"),
           dict(ExtendedProperties=[{"Name": "UserAgent",
                                     "Value": "python-requests/2.1"}]),
           dict(UserId="Mallory@EVIL.example"),
           dict(DeviceId="DEV-1"),
           dict(DeviceProperties=[{"Name": "Id", "Value": "dev-1"}])]
    no = [dict(AppAccessContext={"UniqueTokenId": "toka"}),
          dict(ClientAppId="x" + app), dict(UserId="xmallory@evil.example"),
          dict(UserKey="mallory@evil.example"),
          dict(ForwardedIP=BAD), dict(ClientProcessName="python-requests"),
          dict(ClientMachineName=BAD)]
    for i, extra in enumerate(yes + no):
        c.record("Update", t % i, "alice", ip=None, **extra)
    r = c.run()
    for i, extra in enumerate(yes + no):
        same(r.rec(i + 1)[0].attribution == "adversary", extra in yes,
             str(extra))


@case
def ids_that_are_none_are_not_shared(c):
    c.old("alice", "Inbox", "a@x")
    for i, none in enumerate(["", "Not Available", "__NULL__",
                              "00000000-0000-0000-0000-000000000000"]):
        c.bind("2023-05-20T10:00:%02d" % i, "alice", ["a@x"], SessionId=none,
               AppAccessContext={"UniqueTokenId": none})
        c.bind("2023-05-20T11:00:%02d" % i, "alice", ["a@x"], ip=GOOD,
               SessionId=none, AppAccessContext={"UniqueTokenId": none})
    r = c.run()
    same({r.rec(i)[0].attribution for i in (2, 4, 6, 8)}, {"unattributed"})
    same({r.rec(i)[0].session[:2] for i in range(1, 9)}, {"X-"})


@case
def sessions_and_tokens_are_inherited_in_a_chain(c):
    c.old("alice", "Inbox", "a@x")
    t = "2023-05-2%dT10:00:00"
    c.bind(t % 0, "alice", ["a@x"], SessionId="S1")
    # session S1 -> token T1 -> session S2 (as AADSessionId) -> sign-in
    c.bind(t % 1, "alice", ["a@x"], ip=GOOD, SessionId="s1",
           AppAccessContext={"UniqueTokenId": "T1"})
    c.bind(t % 2, "alice", ["a@x"], ip=GOOD,
           AppAccessContext={"UniqueTokenId": "T1", "AADSessionId": "S2"})
    c.sign_in(t % 3, "alice", ip=GOOD, session="s2")
    c.bind(t % 4, "alice", ["a@x"], ip=GOOD,
           AppAccessContext={"UniqueTokenId": "t1"})
    c.bind("2023-07-01T10:00:00", "alice", ["a@x"], ip=GOOD, SessionId="S1")
    c.bind("2023-07-02T10:00:00", "alice", ["a@x"], SessionId="S9")
    r = c.run()
    same([r.rec(i)[0].attribution for i in (1, 2, 3)], ["adversary"] * 3)
    same(r.rec(4, "activity")[0].attribution, "adversary")
    chain = r.rec(4, "activity")[0].reason
    for part in (BAD, "s1", "T1", "s2"):
        assert part in chain, chain
    same([r.rec(i)[0].attribution for i in (5, 6, 7)], ["unattributed"] * 3)
    same(sorted(p.locator for p in r.problems("outside_window")),
         ["session=s1", "session=s9"])
    same([s.sign_in for s in r.table("sessions") if s.session == "s2"],
         ["found"])


@case
def a_session_of_outside_the_window_gives_nothing(c):
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-01T10:00:00", "alice", ["a@x"], SessionId="S1")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], ip=None, SessionId="S1")
    r = c.run()
    same([x.attribution for x in r.table("access")], ["unattributed"] * 2)


@case
def known_and_indicator_at_once_is_adversary_and_told(c):
    c.old("alice", "Inbox", "a@x")
    c.yaml["known"] = "{ip: [192.0.2.0/24, 203.0.113.0/24]}"
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], SessionId="S1")
    c.bind("2023-05-20T10:00:01", "alice", ["a@x"], SessionId="S1")
    c.bind("2023-05-20T10:00:02", "alice", ["a@x"], ip=GOOD, SessionId="S1")
    c.bind("2023-05-20T10:00:03", "alice", ["a@x"], ip=GOOD, SessionId="S2")
    c.bind("2023-05-01T10:00:03", "alice", ["a@x"], SessionId="S3")
    r = c.run()
    same([r.rec(i)[0].attribution for i in range(1, 6)],
         ["adversary"] * 3 + ["known"] * 2)
    same([p.severity for p in r.problems("known_adversary")], ["note"])
    same({s.session: s.attribution for s in r.table("sessions")},
         {"s1": "adversary", "s2": "known", "s3": "known"})


# ---- the adversary was in M

@case
def failed_sign_ins_are_attributed_and_no_presence(c):
    c.old("alice", "Inbox", "a@x")
    c.old("bob", "Inbox", "b@x")
    c.sign_in("2023-05-20T10:00:00", "alice", ok=False, ResultStatus="Success")
    c.sign_in("2023-05-21T10:00:00", "bob")
    r = c.run()
    same([a.attribution for a in r.table("activity")], ["adversary"] * 2)
    same(r.msg("a@x").short, "not_covered")
    same(r.msg("b@x").short, "possible R7")
    same([(b.mailbox[:3], b.first_adversary_utc)
          for b in r.table("mailboxes")],
         [("ali", ""), ("bob", "2023-05-21T10:00:00Z")])
    same([a.result for a in r.table("activity")][1] != "", True)


@case
def cmdlets_act_on_the_mailbox_they_name(c):
    for box in ("alice", "bob", "carol", "dave"):
        c.old(box, "Inbox", box + "@m")
    c.entries = {"alice": ", names: [Alice Doe]"}
    c.bind("2023-05-01T10:00:00", "bob", ["none@x"], ip=GOOD)
    c.cmdlet("Set-Mailbox", "2023-05-20T10:00:00", Identity="Alice Doe",
             Type="Shared")
    c.cmdlet("Set-Mailbox", "2023-05-20T11:00:00",
             Identity="00000000-0000-4000-8000-000000000002".upper(),
             Type="Shared")
    c.cmdlet("Set-CASMailbox", "2023-05-20T12:00:00", _ObjectId="NAMPR/x/carol",
             ImapEnabled="True")
    c.cmdlet("Enable-InboxRule", "2023-05-20T13:00:00", "dave",
             Identity="rule 1")
    c.cmdlet("Set-Mailbox", "2023-05-20T14:00:00", "dave",
             Identity="nobody@x.example", Type="Shared")
    r = c.run()
    same({b.mailbox[:3]: b.first_adversary_utc[11:13]
          for b in r.table("mailboxes")},
         {"ali": "10", "bob": "11", "car": "12", "dav": "13"})
    same([p.severity for p in r.problems("unknown_mailbox")], ["note"])


# ---- R1, R1c, R1s

NAMING = ["Send", "SendAs", "SendOnBehalf", "Create", "Update", "MessageBind"]
BATCH = ["Copy", "Move", "MoveToDeletedItems", "SoftDelete", "HardDelete"]


@case
def r1_every_operation_that_names(c):
    t = "2023-05-20T10:00:%02d"
    for i, op in enumerate(NAMING + BATCH):
        c.old("alice", "Inbox", op + "@x")
        if op in BATCH:
            c.batch(op, t % i, "alice", [op + "@x"], to="\\A"
                    if op in ("Copy", "Move") else None)
        else:
            c.record(op, t % i, "alice", Item={
                "InternetMessageId": " <%s@x> " % op})
    c.old("alice", "Inbox", "other@x")
    c.record("FolderBind", "2023-05-22T10:00:00", "alice", Item={
        "ParentFolder": {"Path": "\\Other", "Id": "F"},
        "InternetMessageId": "<other@x>"})
    c.bind("2023-05-01T10:00:00", "alice", ["none@x"], ip=GOOD)
    r = c.run()
    for op in NAMING + BATCH:
        same(r.msg(op + "@x").exposure, "accessed", op)
    assert "R1" not in r.msg("other@x").rules
    kinds = {a.operation: a.access_type for a in r.table("access")}
    same([kinds[o] for o in NAMING + BATCH],
         ["send"] * 3 + ["create", "update", "bind", "copy", "move"] +
         ["delete"] * 3)


@case
def r1_failed_and_partial_count_and_say_so(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.batch("HardDelete", "2023-05-20T10:00:00", "alice", ["a@x"],
            ResultStatus="Failed")
    c.batch("Move", "2023-05-20T10:00:00", "alice", ["b@x"], to="\\A",
            ResultStatus="PartiallySucceeded")
    r = c.run()
    same([r.msg("a@x").exposure, r.msg("b@x").exposure], ["accessed"] * 2)
    assert "partial_move" in r.msg("b@x").flags
    for imi, word in (("a@x", "operation failed"), ("b@x", "in part")):
        said = r.explain(r.msg(imi).message_id)
        assert word in said, said


@case
def r1_attachments_through_item_ids_of_any_record(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    std = item_id(0x10C, 0xFBFF)
    url = std.replace("+", "-").replace("/", "_")
    c.record("AttachmentAccess", "2023-05-20T10:00:00", "alice", type=50,
             OperationProperties=[{"Name": "AttachmentAccessType",
                                   "Value": "Bind"}],
             Messages=[{"Path": "Messages", "Id": "x",
                        "MessageItems": [{"Id": url, "SizeInBytes": 5}]}])
    c.bind("2023-05-01T10:00:00", "alice", [], ip=GOOD)
    c.records[-1]["Folders"][0]["FolderItems"] = [
        {"InternetMessageId": "<a@x>", "Id": std}]
    r = c.run()
    same(r.msg("a@x").short, "accessed R1")
    rows = [x for x in r.rec(1) if x.internet_message_id]
    same([(x.access_type, x.internet_message_id, x.message_id)
          for x in rows], [("attachment", "a@x", r.msg("a@x").message_id)])


@case
def r1_every_copy_in_m_and_case_only_as_a_fallback(c):
    c.old("alice", "Inbox", "Aa@x", "bB@x")
    c.old("alice", "A", "Aa@x", "aa@x", "Bb@x")
    c.bind("2023-05-20T10:00:00", "alice", ["Aa@x", "BB@X"])
    r = c.run()
    same({(m.internet_message_id, m.folder): (m.exposure, m.flags)
          for m in r.table("messages")},
         {("<Aa@x>", "Inbox"): ("accessed", ""),
          ("<Aa@x>", "A"): ("accessed", ""),
          ("<aa@x>", "A"): ("not_covered", ""),
          ("<bB@x>", "Inbox"): ("accessed", "imi_case"),
          ("<Bb@x>", "A"): ("accessed", "imi_case")})


@case
def r1c_copies_elsewhere_stand_in(c):
    c.old("alice", "Inbox", "z@x", "both@x")
    c.old("bob", "Inbox", "a@x", "both@x")
    c.old("carol", "Inbox", "a@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x", "both@x", "gone@x"])
    c.bind("2023-05-21T10:00:00", "alice", ["A@X"])
    c.cover()
    r = c.run()
    same([r.msg("a@x", "bob").short, r.msg("a@x", "carol").short],
         ["accessed R1c"] * 2)
    same(r.msg("a@x", "bob").flags, "imi_case; stand_in")
    same([r.msg("a@x", "bob").first_access_utc,
          r.msg("a@x", "bob").last_access_utc],
         ["2023-05-20T10:00:00Z", "2023-05-21T10:02:00Z"])
    same(r.msg("both@x", "bob").short, "not_shown")
    boxes = {b.mailbox[:3]: (b.messages, b.accessed, b.stand_in)
             for b in r.table("mailboxes")}
    same(boxes, {"ali": ("2", "1", "0"), "bob": ("2", "0", "1"),
                 "car": ("1", "0", "1")})
    missing = {m.internet_message_id: m for m in r.table("missing_items")}
    same(sorted(missing), ["<A@X>", "<gone@x>"])
    missing["<a@x>"] = missing["<A@X>"]
    same(missing["<a@x>"].record_ids, record_id(1) + "; " + record_id(2))
    same(len(missing["<a@x>"].copy_message_id.split("; ")), 2)
    same([missing["<a@x>"].first_access_utc, missing["<a@x>"].last_access_utc,
          missing["<a@x>"].folder],
         ["2023-05-20T10:00:00Z", "2023-05-21T10:02:00Z", "Inbox"])
    same(missing["<gone@x>"].copy_message_id, "")


@case
def r1s_the_providers_list(c):
    c.old("alice", "Inbox", "a@x", "b@x", "late@x")
    c.old("bob", "Inbox", "c@x")
    c.yaml["stolen_messages"] = "[stolen.csv]"
    c.yaml["adversary"] = None
    c.files.append(("../stolen.csv", "mailbox,internet_message_id,time\r\n"
                    "ALICE@x.example,<A@X>,2023-05-20T10:00:00Z\r\n"
                    "alice@x.example,b@x,\r\nalice@x.example,<c@x>,\r\n"
                    "alice@x.example,<none@x>,2023-05-21T00:00:00Z\r\n"))
    r = c.run()
    a, b, o = r.msg("a@x"), r.msg("b@x"), r.msg("c@x")
    same([a.short, a.flags, a.first_access_utc, a.last_access_utc,
          a.access_records, a.sessions],
         ["accessed R1s", "imi_case", "2023-05-20T10:00:00Z",
          "2023-05-20T10:00:00Z", "", ""])
    same([b.short, b.first_access_utc, b.last_access_utc],
         ["accessed R1s", "", ""])
    same([o.short, o.flags], ["accessed R1c", "stand_in"])
    same([(m.internet_message_id, m.record_ids, m.first_access_utc)
          for m in r.table("missing_items")],
         [("<c@x>", "", ""), ("<none@x>", "", "2023-05-21T00:00:00Z")])


# ---- R2 and folders

@case
def r2_sync_plus_one_hour(c):
    c.old("alice", "Inbox", "old@x")
    c.mail("alice", "Inbox", "in@x", "2023-05-20T11:00:00")
    c.mail("alice", "Inbox", "out@x", "2023-05-20T11:00:01")
    c.old("alice", "A", "else@x")
    c.sync("2023-05-20T10:00:00", "alice")
    c.cover()
    r = c.run()
    same([r.msg(i).short for i in ("old@x", "in@x", "out@x", "else@x")],
         ["synced R2", "synced R2", "not_shown", "not_shown"])
    m = r.msg("in@x")
    same([m.first_access_utc, m.last_access_utc, m.access_records],
         ["2023-05-20T10:00:00Z"] * 2 + [record_id(1)])


@case
def r2_moves_in_and_out_within_the_hour(c):
    for i in ("in", "before", "after", "back", "failed", "copy"):
        c.old("alice", "A" if i != "back" else "Inbox", i + "@x")
    m = dict(ip=GOOD)
    c.sync("2023-05-20T10:00:00", "alice")
    c.batch("Move", "2023-05-20T11:00:00", "alice", ["in@x"], to="\\A", **m)
    c.batch("Move", "2023-05-20T09:59:59", "alice", ["before@x"], to="\\A",
            **m)
    c.batch("Move", "2023-05-20T12:00:00", "alice", ["after@x"], to="\\A", **m)
    c.batch("Move", "2023-05-20T11:00:01", "alice", ["back@x"], path="\\A",
            to="\\Inbox", **m)
    c.batch("Move", "2023-05-20T12:00:00", "alice", ["failed@x"], to="\\A",
            ResultStatus="Failed", **m)
    c.batch("Copy", "2023-05-20T12:00:00", "alice", ["copy@x"], to="\\A", **m)
    c.cover()
    r = c.run()
    same({i: r.msg(i + "@x").exposure for i in
          ("in", "before", "after", "back", "failed", "copy")},
         {"in": "synced", "before": "not_shown", "after": "synced",
          "back": "not_shown", "failed": "not_shown", "copy": "synced"})


@case
def r2_a_chain_that_does_not_fit_lies_in_both(c):
    c.old("alice", "B", "a@x")
    # moved Inbox -> A, found in B: between that record and the end in both
    c.batch("Move", "2023-05-18T10:00:00", "alice", ["a@x"], to="\\A",
            ip=GOOD)
    c.old("alice", "A", "z@x")
    c.old("alice", "Inbox", "y@x")
    c.sync("2023-05-20T10:00:00", "alice", "\\A")
    c.sync("2023-05-21T10:00:00", "alice", "\\B")
    c.sync("2023-05-22T10:00:00", "alice", "\\Inbox")
    c.sync("2023-05-17T10:00:00", "alice", "\\Inbox")
    r = c.run()
    same(r.msg("a@x").access_records,
         "; ".join(record_id(i) for i in (5, 2, 3)))


@case
def a_softdelete_without_destination_fits_every_chain(c):
    c.old("alice", "Recoverable Items/Deletions", "a@x")
    c.batch("SoftDelete", "2023-05-18T10:00:00", "alice", ["a@x"], ip=GOOD)
    c.sync("2023-05-17T10:00:00", "alice")
    c.sync("2023-05-20T10:00:00", "alice")
    r = c.run()
    same(r.msg("a@x").access_records, record_id(2))


@case
def of_several_copies_the_one_at_the_destination(c):
    c.old("alice", "A", "a@x")
    c.old("alice", "B", "a@x")
    c.batch("Move", "2023-05-20T12:00:00", "alice", ["a@x"], to="\\A",
            ip=GOOD)
    c.sync("2023-05-20T10:00:00", "alice")
    c.cover()
    r = c.run()
    same([r.msg("a@x", folder="A").exposure, r.msg("a@x", folder="B").exposure],
         ["synced", "not_shown"])


@case
def a_hard_delete_of_the_last_copy_leaves(c):
    for i in ("one", "two"):
        c.old("alice", "Inbox", i + "@x")
    c.old("alice", "A", "two@x")
    for i in ("one", "two"):
        c.batch("HardDelete", "2023-05-18T10:00:00", "alice", [i + "@x"],
                ip=GOOD)
    c.batch("HardDelete", "2023-05-20T10:00:00", "alice", ["same@x"],
            ip=GOOD)
    c.old("alice", "Inbox", "same@x", "failed@x")
    c.batch("HardDelete", "2023-05-18T10:00:00", "alice", ["failed@x"],
            ip=GOOD, ResultStatus="Failed")
    c.sync("2023-05-20T10:00:00", "alice")
    c.cover()
    r = c.run()
    same(r.msg("one@x").short, "not_shown")
    same(r.msg("two@x", folder="Inbox").short, "synced R2")
    same(r.msg("same@x").short, "synced R2")
    same(r.msg("failed@x").short, "synced R2")


@case
def folders_by_id_counter_name_and_language(c):
    # id -> path of another record of the same mailbox, by anyone
    c.old("alice", "Project", "id@x")
    c.bind("2023-05-02T10:00:00", "alice", ["none@x"], "\\Project",
           fid=folder_id(0x999), ip=GOOD)
    c.sync("2023-05-20T10:00:00", "alice", None, fid=folder_id(0x999),
           name="x")
    # default-folder counter
    c.old("bob", "Sent Items", "counter@x")
    c.old("bob", "Inbox", "not@x")
    c.sync("2023-05-20T10:00:00", "bob", None, fid=folder_id(0x109), name="x")
    # name, when exactly one folder ends in it
    c.old("carol", "A/Deep", "name@x")
    c.sync("2023-05-20T10:00:00", "carol", None, fid=folder_id(0x777),
           name="deep")
    # localised
    c.old("dave", "Inbox", "local@x")
    c.old("dave", "Inbox/Sub", "sub@x")
    c.sync("2023-05-20T10:00:00", "dave", "\\Boîte de réception",
           fid=folder_id(0x10C))
    c.sync("2023-05-21T10:00:00", "dave", "\\Posteingang\\Sub",
           fid=folder_id(0x555))
    c.cover()
    r = c.run()
    for i in ("id", "counter", "name", "local", "sub"):
        same(r.msg(i + "@x").short, "synced R2", i)
    same(r.msg("not@x").short, "not_shown")
    same([r.rec(i)[0].folder for i in (2, 3, 4)],
         ["Project", "Sent Items", "A/Deep"])


@case
def folder_paths_compare_after_nfc_and_case(c):
    c.old("alice", "Ärger/Straße", "a@x")
    c.sync("2023-05-20T10:00:00", "alice", "\\a\u0308rger\\STRAßE")
    c.cover()
    r = c.run()
    same(r.msg("a@x").short, "synced R2")


@case
def r2u_the_folder_cannot_be_named(c):
    c.old("alice", "A/Deep", "a@x")
    c.old("alice", "B/Deep", "b@x")
    c.mail("alice", "B/Deep", "late@x", "2023-05-20T11:00:01")
    c.sync("2023-05-20T10:00:00", "alice", None, fid=folder_id(0x777),
           name="Deep")
    c.cover()
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "b@x", "late@x")],
         ["presumed R2u", "presumed R2u", "not_shown"])
    same(r.rec(1)[0].folder, "Deep")


# ---- R3, R6, R7, R7f, R9

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


# ---- R4

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


# ---- R5

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


# ---- rest: coverage, embedded, window missing

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


# ---- mailboxes

@case
def the_addresses_of_one_guid_are_one_mailbox(c):
    c.old("alice", "Inbox", "a@x", "b@x", "c@x")
    t = "2023-05-20T10:00:0%d"
    c.bind(t % 1, "alice", ["a@x"], MailboxOwnerUPN="Old.Name@x.example")
    c.bind(t % 2, "alice", ["b@x"], MailboxOwnerUPN=None)
    c.bind(t % 3, "alice", ["c@x"], MailboxGuid=None,
           MailboxOwnerUPN="ALICE@X.example")
    c.bind(t % 4, "alice", [], ip=GOOD)
    c.bind(t % 5, "bob", ["b@x"], ip=GOOD, MailboxOwnerUPN="Zed@x.example",
           UserId="zed@x.example")
    c.bind(t % 6, "bob", ["b@x"], ip=GOOD, MailboxOwnerUPN="Bob@x.example")
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "b@x", "c@x")], ["accessed R1"] * 3)
    same([(b.mailbox, b.guid[-1:]) for b in r.table("mailboxes")],
         [("alice@x.example", "1"), ("zed@x.example", "2")])


@case
def without_an_entry_the_tree_names_the_mailbox(c):
    c.yaml["mailboxes"] = None
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    r = c.run()
    same([(b.mailbox, b.messages, b.accessed) for b in r.table("mailboxes")],
         [("alice@x.example", "2", "1")])


@case
def a_mailbox_of_a_guid_alone(c):
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], MailboxOwnerUPN=None,
           UserId="app")
    r = c.run()
    same([b.mailbox for b in r.table("mailboxes")],
         ["00000000-0000-4000-8000-000000000001"])
    same([m.internet_message_id for m in r.table("missing_items")], ["<a@x>"])


@case
def a_new_mailbox_changes_no_other(c):
    for box in ("alice", "bob"):
        c.old(box, "Inbox", box + "@m")
    c.cover("2023-05-01T00:00:00", "2023-06-30T00:00:00", "alice")
    c.bind("2023-05-20T10:00:00", "bob", ["bob@m"])
    r = c.run()
    same([r.msg("alice@m").short, r.msg("bob@m").short],
         ["not_shown", "accessed R1"])


# ---- other logs

@case
def sign_ins_of_entra_are_presence(c):
    import json
    c.old("alice", "Inbox", "a@x")
    sign = {"id": "S1", "createdDateTime": "2023-05-20T10:00:00Z",
            "userPrincipalName": "Alice@x.example", "userId": "u",
            "appId": "d3590ed6-52b3-4102-aeff-aad2292ab01c",
            "ipAddress": BAD, "status": {"errorCode": 0},
            "uniqueTokenIdentifier": "Tok1", "sessionId": "Ses1",
            "userAgent": "UA", "isInteractive": True}
    c.files.append(("signins.json", json.dumps({"value": [sign]})))
    c.bind("2023-05-21T10:00:00", "alice", ["a@x"], ip=GOOD,
           AppAccessContext={"UniqueTokenId": "Tok1"})
    r = c.run()
    same(r.msg("a@x").short, "accessed R1")
    same(r.table("mailboxes")[0].first_adversary_utc, "2023-05-20T10:00:00Z")
    same([(a.session, a.attribution) for a in r.table("activity")],
         [("ses1", "adversary")])


@case
def a_web_log_without_item_records_makes_possible(c):
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "late@x", "2023-05-20T16:00:00")
    c.files.append(("u_ex.log", """\
#Software: Microsoft Internet Information Services 8.5
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username\
 c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken
2023-05-20 14:40:38 10.11.2.3 POST /EWS/Exchange.asmx - 443\
 alice@x.example 203.0.113.7 python-requests/2 200 0 0 46
2023-05-21 14:40:38 10.11.2.3 POST /EWS/Exchange.asmx - 443\
 alice@x.example 203.0.113.7 python-requests/2 401 0 0 46
"""))
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "late@x")],
         ["possible R7", "not_covered"])


@case
def delivery_of_message_tracking_is_the_arrival(c):
    c.mail("alice", "Inbox", "a@x", "2023-05-01T10:00:00")
    c.files.append(("MSGTRK.LOG", """\
#Software: Microsoft Exchange Server
#Version: 15.0.0.0
#Log-type: Message Tracking Log
#Date: 2023-05-20T00:00:00.000Z
#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,\
source-context,connector-id,source,event-id,internal-message-id,message-id,\
network-message-id,recipient-address,recipient-status,total-bytes,\
recipient-count,related-recipient-address,reference,message-subject,\
sender-address,return-path,message-info,directionality,tenant-id,\
original-client-ip,original-server-ip,custom-data
2023-05-20T11:00:01.000Z,,,,,,,STOREDRIVER,DELIVER,1,<a@x>,n,\
alice@x.example,,1,1,,,s,b@y.example,,,,,,,
"""))
    c.sync("2023-05-20T10:00:00", "alice")
    r = c.run()
    assert "R2" not in r.msg("a@x").rules, r.msg("a@x").rules


@case
def gmail_views_name_messages(c):
    import json
    c.old("alice", "Inbox", "a@x", "b@x", "c@x")

    def event(n, kind, imi, ip=BAD):
        return json.dumps({
            "kind": "admin#reports#activity",
            "id": {"time": "2023-05-20T10:00:0%d.000Z" % n,
                   "uniqueQualifier": "-%d" % n,
                   "applicationName": "gmail", "customerId": "C"},
            "actor": {"email": "alice@x.example", "profileId": "1"},
            "ipAddress": ip, "events": [{
                "type": "delivery_type", "name": "delivery", "parameters": [
                    {"name": "event_info", "messageValue": {"parameter": [
                        {"name": "mail_event_type",
                         "intValue": str(kind)}]}},
                    {"name": "message_info", "messageValue": {"parameter": [
                        {"name": "rfc2822_message_id",
                         "value": "<%s>" % imi}]}}]}]}) + "\n"
    c.files.append(("gmail.jsonl", event(1, 31, "a@x") + event(2, 2, "b@x") +
                    event(3, 17, "c@x")))
    r = c.run()
    same([r.msg(i).exposure for i in ("a@x", "b@x", "c@x")],
         ["accessed", "possible", "accessed"])


@case
def google_activities_with_several_events(c):
    import json
    c.old("alice", "Inbox", "a@x")
    c.files.append(("login.jsonl", json.dumps({
        "kind": "admin#reports#activity",
        "id": {"time": "2023-05-20T10:00:00.000Z", "uniqueQualifier": "7",
               "applicationName": "login", "customerId": "C"},
        "actor": {"email": "alice@x.example"}, "ipAddress": BAD,
        "events": [{"type": "login", "name": "login_failure",
                    "parameters": []},
                   {"type": "login", "name": "login_success",
                    "parameters": []}]}) + "\n"))
    r = c.run()
    same(len(r.table("activity")), 2)
    same(r.msg("a@x").short, "possible R7")


@case
def a_transport_rule_that_is_not_enabled_forwards_nothing(c):
    c.mail("alice", "Inbox", "a@x", "2023-05-21T10:00:00")
    c.mail("alice", "Inbox", "b@x", "2023-05-23T10:00:00")
    c.cmdlet("New-TransportRule", "2023-05-20T10:00:00", Name="t",
             BlindCopyTo="m@evil.example", Enabled="False")
    c.cmdlet("Enable-TransportRule", "2023-05-22T10:00:00", Identity="t")
    r = c.run()
    same([r.msg("a@x").exposure != "taken"], [True])


@case
def forwarding_by_an_admin_names_the_rule_with_its_mailbox(c):
    d = "2023-05-%02dT10:00:00"
    c.mail("alice", "Inbox", "a@x", d % 21)
    c.mail("alice", "Inbox", "b@x", d % 23)
    c.mail("bob", "Inbox", "c@x", d % 21)
    c.cmdlet("New-InboxRule", d % 20, Mailbox="alice@x.example",
             Name="Fwd All", RedirectTo="m@evil.example",
             _UserId="admin@x.example")
    c.cmdlet("Remove-InboxRule", d % 21, Identity="bob\\fwd all", ip=GOOD)
    c.cmdlet("Remove-InboxRule", d % 22, Identity="alice\\fwd all", ip=GOOD)
    r = c.run()
    same([r.msg(i).exposure == "taken" for i in ("a@x", "b@x", "c@x")],
         [True, False, False])


@case
def moves_to_another_mailbox_leave_no_path_here(c):
    c.old("alice", "Inbox", "a@x")
    c.old("bob", "Inbox", "b@x")
    c.batch("Move", "2023-05-18T10:00:00", "alice", ["a@x"], to="\\A",
            ip=GOOD, CrossMailboxOperation=True,
            DestMailboxGuid="00000000-0000-4000-8000-000000000002",
            DestMailboxOwnerUPN="bob@x.example")
    c.sync("2023-05-20T10:00:00", "alice", "\\A")
    r = c.run()
    assert "R2;" not in r.msg("a@x").rules + ";", r.msg("a@x").rules


@case
def a_cut_json_export_of_a_known_size(c):
    import json
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-01T10:00:00", "alice", ["none@x"], ip=GOOD)
    base = c.records.pop()
    lines = []
    for i in range(5000):
        lines.append(json.dumps(dict(
            base, Id=record_id(i), CreationTime="2023-05-%02dT%02d:%02d:00" % (
                1 + i * 20 // 5000, i // 60 % 24, i % 60))))
    c.files.append(("big.json", "[" + ",\n".join(sorted(
        lines, key=lambda x: json.loads(x)["CreationTime"])) + "]"))
    c.bind("2023-05-25T10:00:00", "alice", ["none@x"], ip=GOOD)
    r = c.run()
    same(len(r.problems("cut_export")), 1)
    last = max(json.loads(x)["CreationTime"] for x in lines)
    gaps = [(x.from_utc, x.to_utc) for x in r.table("coverage")
            if x.status == "gap"]
    same(gaps, [(last + "Z", "2023-05-25T10:00:00Z")])


@case
def actor_types(c):
    c.old("alice", "Inbox", "a@x")
    t = "2023-05-20T10:00:0%d"
    sid = dict(MailboxOwnerSid="S-1-5-21-1", LogonUserSid="S-1-5-21-2")
    c.bind(t % 0, "alice", ["a@x"])
    c.bind(t % 1, "alice", ["a@x"], UserId="bob@x.example", LogonType=2, **sid)
    c.bind(t % 2, "alice", ["a@x"], UserId="adm@x.example", LogonType=1, **sid)
    c.bind(t % 3, "alice", ["a@x"], UserType=5, LogonType=0)
    c.bind(t % 4, "alice", ["a@x"], UserType=4, UserId="S-1-5-18")
    c.bind(t % 5, "alice", ["a@x"], UserId="bob@x.example", LogonType=0, **sid)
    r = c.run()
    same([r.rec(i)[0].actor_type for i in range(1, 7)],
         ["owner", "delegate", "admin", "application", "system", "delegate"])


@case
def one_row_an_item_and_one_where_none_is_named(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x", "b@x", "c@x"])
    c.sync("2023-05-20T10:00:01", "alice")
    c.record("SearchQueryInitiatedExchange", "2023-05-20T10:00:02", "alice",
             QueryText="password")
    r = c.run()
    same([len(r.rec(i)) for i in (1, 2, 3)], [3, 1, 1])
    same([x.message_id != "" for x in r.rec(1)], [True, True, False])
    same(r.rec(3)[0].access_type, "search")
    same([a.detail for a in r.table("activity")], ["password"])


@case
def throttled_is_yes_no_or_not_stated(c):
    c.old("alice", "Inbox", "a@x")
    for i, value in enumerate(["true", "False", "TRUE", None]):
        c.bind("2023-05-20T10:00:0%d" % i, "alice", ["a@x"], ip=GOOD)
        if value:
            c.records[-1]["OperationProperties"].append(
                {"Name": "IsThrottled", "Value": value})
    r = c.run()
    same([r.rec(i)[0].throttled for i in range(1, 5)],
         ["yes", "no", "yes", "not_stated"])


@case
def count_suspicious_counts_and_says_so(c):
    c.old("alice", "Inbox", "a@x")
    c.yaml["baseline_until"] = "2023-05-14"
    c.bind("2023-05-10T10:00:00", "alice", ["none@x"], ip=GOOD,
           ClientAppId="good")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], ip="198.51.100.9",
           ClientAppId="new")
    r = c.run("--count-suspicious")
    same([r.msg("a@x").short, r.rec(2)[0].attribution],
         ["accessed R1", "suspicious"])
    page = (r.folder / "case/reports/index.html").read_text()
    assert "suspicious" in page


# ---- explain

@case
def explain_says_how_each_fact_is_known(c):
    c.old("alice", "A", "a@x")
    c.old("alice", "Inbox", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    c.batch("Move", "2023-05-21T10:00:00", "alice", ["a@x"], to="\\A",
            ip=GOOD)
    c.sync("2023-05-20T11:00:00", "alice", SessionId="s1")
    c.cover()
    r = c.run()
    said = r.explain(r.msg("a@x").message_id)
    for words in ("arrival from       the Date header",
                  "inbox from its arrival to 2023-05-21T10:00:00Z",
                  "a from 2023-05-21T10:00:00Z to the export",
                  "Move at 2023-05-21T10:00:00Z, record " + record_id(2),
                  "coverage           2023-05-01T00:00:00Z",
                  "without R1 it would be synced by R2",
                  "would not hold if",
                  "place in file      line=1", "ev/audit.jsonl",
                  "these bytes have the record's hash"):
        assert words in said, words + " not in\n" + said
    said = r.explain(r.msg("b@x").message_id)
    assert "no record that succeeded moves" in said, said
    for one in (r.rec(1)[0].event_id, record_id(1).upper(), "s1",
                r.rec(1)[0].session, r.rec(1)[0].source_id, "<a@x>",
                "<none@x>"):
        assert r.explain(one) or one == "<none@x>", one


@case
def explain_names_the_row_of_a_csv(c):
    import json
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    inner = json.dumps(c.records.pop()).replace('"', '""')
    c.files.append(("audit.csv", "CreationDate,UserIds,Operations,AuditData"
                    "\r\nx,y,z,\"" + inner + "\"\r\n"))
    r = c.run()
    said = r.explain(r.msg("a@x").message_id)
    for words in ("place in file      row=", "ev/audit.csv",
                  '""MailItemsAccessed""', "record sha256"):
        assert words in said, words + " not in\n" + said


# ---- times that are not whole

@case
def the_order_of_day_and_month_comes_from_the_file(c):
    c.old("alice", "Inbox", "a@x")
    head = "Date (UTC),Request ID,User agent,User,Username,Application," \
        "IP address,Status\r\n"
    row = "%s,%s-%d,UA,u,alice@x.example,app,203.0.113.7,Success\r\n"

    def rows(name, *dates):
        return head + "".join(row % (d, name, i)
                              for i, d in enumerate(dates))
    c.files += [("day.csv", rows("d", "05/06/2023 10:00:00",
                                 "28/05/2023 10:00:00",
                                 "02/06/2023 10:00:00 AM")),
                ("month.csv", rows("m", "5/6/2023 10:00", "5/28/2023 10:00")),
                ("both.csv", rows("b", "05/06/2023 10:00:00", "28/05/2023 10:00",
                                  "5/28/2023 10:00"))]
    r = c.run()
    times = {}
    for a in r.table("activity"):
        times.setdefault(a.source_id, []).append(a.time_utc)
    same(sorted(sorted(t) for t in times.values()),
         sorted([["2023-05-28T10:00:00Z", "2023-06-02T10:00:00Z",
                  "2023-06-05T10:00:00Z"],
                 ["2023-05-06T10:00:00Z", "2023-05-28T10:00:00Z"],
                 ["", "2023-05-28T10:00:00Z", "2023-05-28T10:00:00Z"]]))
    same(sorted((p.kind, p.severity, p.detail[:1])
                for p in r.problems("no_time") + r.problems("guessed_time")),
         [("guessed_time", "note", "1"), ("guessed_time", "note", "2"),
          ("no_time", "partial", "1")])


@case
def a_log_without_years_lies_nearest_to_the_window(c):
    c.old("alice", "Inbox", "a@x")
    c.yaml["window"] = "{from: 2023-12-20, to: 2024-01-10}"
    line = "%s mail dovecot: imap-login: Login: user=<alice@x.example>," \
        " method=PLAIN, rip=203.0.113.7, lip=10.0.0.1, session=<%d>\n"
    c.files.append(("mail.log", line % ("Dec 31 23:59:59", 1) +
                    line % ("Jan  1 00:00:01", 2)))
    r = c.run()
    same([a.time_utc for a in r.table("activity")],
         ["2023-12-31T23:59:59Z", "2024-01-01T00:00:01Z"])
    same([a.attribution for a in r.table("activity")], ["adversary"] * 2)
    same(len(r.problems("guessed_time")), 1)


# ---- bad input of the whole case

@case
def two_exports_of_one_mailbox(c):
    c.boxes = ["alice"]
    c.yaml["mailboxes"] = "[{address: alice@x.example, evidence:" \
        " ['first/**', 'second/**']}]"
    text = "From: b@y.example\r\nTo: alice@x.example\r\nSubject: s\r\n" \
        "Message-ID: <%s>\r\nDate: Mon, 01 May 2023 10:00:00 +0000\r\n\r\nt\r\n"
    for tree, imi in (("first", "a@x"), ("second", "a@x"), ("second", "b@x")):
        c.files.append(("%s/Inbox/%s.eml" % (tree, imi[0]), text % imi))
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    c.sync("2023-05-20T10:00:00", "alice")
    r = c.run()
    same(sorted(m.short for m in r.table("messages")),
         ["accessed R1 R2", "accessed R1 R2", "synced R2"])
    same([(b.mailbox, b.messages, b.accessed, b.synced)
          for b in r.table("mailboxes")],
         [("alice@x.example", "3", "2", "1")])


@case
def a_mailbox_that_nothing_maps(c):
    c.old("alice", "Inbox", "a@x")
    c.files.append(("mail/stray/1.eml", "From: q@y.example\r\n"
                    "To: stray@z.example\r\nMessage-ID: <s@x>\r\n"
                    "Date: Mon, 01 May 2023 10:00:00 +0000\r\n\r\nt\r\n"))
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"])
    r = c.run()
    same(len({m.mailbox for m in r.table("messages")}), 2)
    stray = [m for m in r.table("messages")
             if m.internet_message_id == "<s@x>"][0]
    same(stray.exposure, "not_covered")


@case
def records_from_the_future_and_the_past(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2099-01-01T00:00:00", "alice", ["a@x"])
    c.bind("1601-01-01T00:00:00", "alice", ["a@x"])
    c.bind("2023-05-20T10:00:00", "alice", ["b@x"])
    r = c.run()
    same([r.msg("a@x").exposure != "accessed", r.msg("b@x").exposure],
         [True, "accessed"])
    same(len(r.problems("outside_window")), 2)
    covered = [(x.from_utc[:4], x.to_utc[:4]) for x in r.table("coverage")
               if x.status == "covered"]
    same(covered, [("1601", "1601"), ("2023", "2023"), ("2099", "2099")])


@case
def a_record_of_very_many_items(c):
    # Once quadratic: 20,000 took 44 s, now one.
    c.old("alice", "Inbox", "39999@x", "none@x")
    c.bind("2023-05-20T10:00:00", "alice", ["%d@x" % i
                                            for i in range(40000)])
    c.cover()
    r = c.run()
    same([r.msg("39999@x").short, r.msg("none@x").short],
         ["accessed R1", "not_shown"])
    same([s.items_bound for s in r.table("sessions") if s.ips == BAD],
         ["40000"])
    same(len(r.table("missing_items")), 39999)


@case
def a_record_of_more_items_than_are_kept(c):
    # What the rest named nobody can say: never "not shown".
    c.old("alice", "Inbox", "0@x", "100000@x")
    c.bind("2023-05-20T10:00:00", "alice", ["%d@x" % i
                                            for i in range(100001)])
    c.cover()
    r = c.run()
    same([r.msg("0@x").short, r.msg("100000@x").short],
         ["accessed R1 R7", "possible R7"])


@case
def indicators_that_match_everything_are_refused(c):
    c.old("alice", "Inbox", "a@x")
    for bad in ("{ip: [0.0.0.0/0]}", "{ip: ['::/0']}", "{user_agent: ['']}",
                "{app_id: ['']}", "{actor: [' ']}",
                "{session_id: ['00000000-0000-0000-0000-000000000000']}",
                "{session_id: ['Not Available']}"):
        c.yaml["adversary"] = bad
        try:
            c.run()
        except AssertionError as e:
            assert "incident.yaml:" in str(e), str(e)
        else:
            assert False, bad + " was taken"


# ---- running all of them

def run_one(function):
    window = Case()
    try:
        function(window)
        return function.__name__, None, window
    except Exception:
        return function.__name__, traceback.format_exc(), window


def main():
    wanted = [f for f in CASES if len(sys.argv) < 2 or
              any(a in f.__name__ for a in sys.argv[1:])]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, wrong, c in pool.map(run_one, wanted):
            words = name.replace("_", " ")
            if wrong:
                last = wrong.strip().split("\n")
                print("# " + "\n# ".join(last[-6:]))
                print("#", getattr(c, "folder", ""))
                print("not ok " + words)
            else:
                c.done()
                print("ok " + words)


main()
