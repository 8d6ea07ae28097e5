"""Where a message lay: R2, R2u and the names of folders."""
from contract3.cases import case, same
from small_case import GOOD, folder_id, record_id


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
