"""Whose mailbox it is."""
from contract3.cases import case, same
from small_case import GOOD


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
