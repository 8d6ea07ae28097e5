"""The window, and times as the files give them."""
from contract3.cases import case, same
from small_case import record_id


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
