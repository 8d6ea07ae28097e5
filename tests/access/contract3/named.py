"""Messages that a record or a list names: R1, R1c, R1s."""
from contract3.cases import case, same
from small_case import GOOD, item_id, record_id


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
