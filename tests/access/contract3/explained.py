"""What `explain` says."""
from contract3.cases import case
from small_case import GOOD, record_id


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
