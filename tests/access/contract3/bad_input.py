"""Evidence and incident files that make trouble as a whole."""
from contract3.cases import case, same
from small_case import BAD


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
