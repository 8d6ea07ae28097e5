"""Whose an event is, and where the adversary was."""
from contract3.cases import case, same
from small_case import BAD, GOOD


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
