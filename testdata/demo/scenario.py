"""The story: an agency read through forged tokens, May and June 2023.

Each message carries what contract section 3 says of it, worked out by hand from
the records below; nothing here comes from the program's output.

alice  PST.  A1, a session with a forged token and two addresses, syncs and reads;
       an application (X1) reads without a session; mallory opens a folder.
bob    EML.  A2 signs in, reads, syncs; its token is used alone (X2); the owner's
       log is throttled on 8 June; two days of the tenant's log are missing.
carol  mbox. Item access is not logged; A5 signed in; a provider's list; a window
       in which the server is assumed to have been open.
dave   Only the log knows the mailbox.
"""
import letters
import truth
from mail import Message
from ual import (GRAPH, OFFICE, OWA, bind, cmdlet, folder_id, group_record, guid,
                 item_id, item_record, sign_in, sync)

ALICE, BOB, CAROL, DAVE = ("%s@example.gov" % n
                           for n in ("alice", "bob", "carol", "dave"))
A1 = "5e1ab0c4-1111-4c1e-9d11-00000000a001"
A2 = "5e1ab0c4-2222-4c1e-9d11-00000000a002"
A5 = "5e1ab0c4-5555-4c1e-9d11-00000000a005"
A9 = "5e1ab0c4-9999-4c1e-9d11-00000000a009"
OWNER_A = "0ddba110-aaaa-4000-8000-000000000001"
OWNER_D = "0ddba110-dddd-4000-8000-000000000004"
OWNER_B = "0ddba110-bbbb-4000-8000-000000000002"
TOKEN = "Tk-A2_q7VdXo0000000A"       # no indicator: the chain from A2 tells
TOKEN_5 = "Tk-A5_m2PzRs0000000A"
APP = "ea0056b2-87ac-4765-ba13-e2768da6fba7"
STRANGE_APP = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
IP1, IP2, IP3 = "203.0.113.7", "2001:db8:5::9", "198.51.100.23"
OWA_CLIENT = "Client=OWA;Action=ViaProxy"
WINDOW_FROM, WINDOW_TO = "2023-05-15T00:00:00Z", "2023-06-16T23:59:59Z"

COUNTERS = {"Inbox": 0x10c, "Sent Items": 0x109, "Deleted Items": 0x10a,
            "Drafts": 0x10f, "Inbox/Contracts": 0x2001,
            "Inbox/Personnel": 0x2002, "Archive": 0x2003,
            "HR/Personnel": 0x2004, "Projects": 0x2005}


def fid(mailbox, folder):
    return folder_id(mailbox, folder, COUNTERS[folder])


def place(mailbox, folder):
    return (folder, fid(mailbox, folder))


def named(mailbox, folder, *messages):
    return (folder, fid(mailbox, folder), [
        m if isinstance(m, tuple) else (m, None) for m in messages])


def mid(name):
    return "<%s@mail.example.gov>" % name


# ------------------------------------------------------------------ messages

def alice_messages():
    def m(name, folder, sent, subject, **more):
        more.setdefault("text", letters.PLAIN)
        sender = more.pop("sender", "Grace Harper <grace.harper@partner.example>")
        return Message(name, ALICE, folder, sent, subject, sender,
                       more.pop("to", ["Alice Doe <alice@example.gov>"]), **more)

    e2, e6 = "e2-bind", "e6-bind"
    sync1 = dict(first="2023-05-16T08:00:00Z", last="2023-05-16T08:00:00Z",
                 records=["e1-sync"], sessions=[A1])
    sync3 = dict(first="2023-05-20T09:00:00Z", last="2023-05-20T09:00:00Z",
                 records=["e3-sync"], sessions=[A1])
    opened = dict(first="2023-05-21T14:10:00Z", last="2023-05-21T14:10:00Z",
                  records=["e4-folderbind"], sessions=["X:mallory"])
    app = dict(first="2023-05-25T10:00:00Z", last="2023-05-25T10:02:00Z",
               records=[e6], sessions=["X:app-alice"])
    inner = Message("a-inner", ALICE, "Inbox", "2023-05-17T16:00:00",
                    "Transport list", "Linda Ward <linda.ward@clinic.example>",
                    ["Grace Harper <grace.harper@partner.example>"],
                    text=letters.INNER,
                    attachments=[("notes.txt", "text/plain", "nothing here\n")],
                    state="embedded")
    inner.expect("accessed", "R1", **app)
    return [
        # Old mail: the folder of the first Sync cannot be named (R2u).
        m("a-old1", "Inbox", "2023-03-02T09:00:00", "Spring schedule")
        .expect("presumed", "R2u", **sync1),
        m("a-hour", "Inbox", "2023-05-16T08:40:00", "Within that Sync's hour")
        .expect("presumed", "R2u", **sync1),
        m("a-offer", "Inbox", "2023-05-10T15:20:00", "Offer for the hall")
        .expect("accessed", "R1 R2u", "2023-05-16T08:30:15Z",
                "2023-05-30T12:02:00Z", [e2, "k1-known"], [A1]),
        m("a-case", "Inbox", "2023-05-18T10:00:00", "Case of letters",
          message_id="<A-Case.Mixed@mail.example.gov>")
        .expect("accessed", "R1", flags=["imi_case"], **app),
        m("a-nobracket", "Inbox", "2023-05-18T10:05:00", "Brackets")
        .expect("accessed", "R1", **app),
        m("a-two", "Inbox", "2023-05-18T11:00:00", "Two copies")
        .expect("accessed", "R1", **app),
        m("a-embed", "Inbox", "2023-05-18T13:00:00", "FW: Transport list",
          text="See the message inside.\n", attachments=[inner])
        .expect("accessed", "R1", **app),
        m("a-dave", "Inbox", "2023-05-18T15:00:00", "For Dave and Alice",
          to=["Dave Roe <dave@example.gov>", "Alice Doe <alice@example.gov>"])
        .expect("accessed", "R1c", "2023-05-25T10:30:00Z",
                "2023-05-25T10:32:00Z", ["d1-bind"], ["X:app-dave"],
                ["stand_in"]),
        m("a-failed", "Inbox", "2023-05-19T08:00:00", "Not deleted after all")
        .expect("accessed", "R1", "2023-05-26T07:00:00Z",
                "2023-05-26T07:00:00Z", ["e7-failed"], [A1]),
        m("a-attach", "Inbox", "2023-05-19T09:00:00", "Plan attached",
          attachments=[("plan.txt", "text/plain", "Ground floor, west wing.\n")])
        .expect("accessed", "R1", "2023-05-24T11:00:00Z",
                "2023-05-24T11:02:00Z", ["e5-attachment"], [A1]),
        m("a-new1", "Inbox", "2023-06-07T09:00:00", "After the gap",
          text=letters.UNEXPOSED_SSN).expect("not_shown"),
        m("a-post", "Inbox", "2023-06-18T09:00:00", "After the window")
        .expect("not_shown"),

        # Contracts: where a message lay when the folder was synced (R2).
        m("c-stay", "Inbox/Contracts", "2023-05-17T09:00:00", "Stayed")
        .expect("synced", "R2", **sync3),
        m("c-in", "Inbox/Contracts", "2023-05-17T09:10:00", "Moved in later"),
        m("c-hour", "Inbox/Contracts", "2023-05-20T09:30:00", "Within the hour")
        .expect("synced", "R2", **sync3),
        m("c-after", "Inbox/Contracts", "2023-05-20T10:30:00", "After the hour"),
        m("c-failed", "Inbox/Contracts", "2023-05-17T09:20:00", "Move failed")
        .expect("synced", "R2", **sync3),
        m("a-maria", "Inbox/Personnel", "2023-05-12T11:00:00", "Staff list",
          text="Hello Alice,\n\nthe staff list is attached.\n",
          attachments=[("staff.csv", "text/csv", letters.STAFF_CSV)])
        .expect("accessed", "R1 R2u", "2023-05-16T08:30:15Z",
                "2023-05-16T08:32:15Z", [e2], [A1]),
        m("a-hr", "Inbox/Personnel", "2023-05-23T09:00:00", "Guest network",
          text=letters.UNEXPOSED_PASSWORD),
        m("a-badges", "Inbox/Personnel", "2023-05-14T09:00:00", "Badges",
          text=None, html=letters.STAFF_HTML)
        .expect("presumed", "R2u", **sync1),
        m("a-new2", "Inbox/Personnel", "2023-06-10T09:00:00", "Second badge",
          text=letters.SECOND_SMITH).expect("not_shown"),

        m("a-sent", "Sent Items", "2023-05-30T16:00:00", "Please call me",
          sender="Alice Doe <alice@example.gov>", flags=["from-me"],
          to=["Bob Ray <bob@example.gov>"])
        .expect("accessed", "R1", "2023-05-30T16:00:00Z",
                "2023-05-30T16:00:00Z", ["e8-send"], [A1], flags=["sent"]),

        # Archive: opened once, which is logged once a day (R7f).
        m("c-out", "Archive", "2023-05-17T10:00:00", "Moved out before")
        .expect("possible", "R7f", **opened),
        m("c-left", "Archive", "2023-05-17T10:10:00", "Moved out later")
        .expect("synced", "R2", **sync3),
        m("c-part", "Archive", "2023-05-17T10:20:00", "Moved out, partly")
        .expect("synced", "R2", flags=["partial_move"], **sync3),
        m("arch1", "Archive", "2023-05-16T12:00:00", "Archived")
        .expect("possible", "R7f", **opened),
        m("arch2", "Archive", "2023-05-22T10:00:00", "Archived within the day")
        .expect("possible", "R7f", **opened),
        m("arch3", "Archive", "2023-05-22T15:00:00", "Archived after the day"),
        m("a-two", "Archive", "2023-05-18T11:00:00", "Two copies")
        .expect("accessed", "R1 R7f", **app),

        m("a-deleted", "Deleted Items", "2023-05-19T12:00:00", "Old agenda",
          state="deleted"),
        m("a-draft", "Drafts", None, "Draft to nobody",
          sender="Alice Doe <alice@example.gov>", flags=["draft"], to=[],
          message_id=None)
        .expect("presumed", "R2u", flags=["arrival_unknown", "draft"], **sync1),

        # Found outside the folder tree: their folder then is unknown (R2u).
        m("a-rec1", "Inbox", "2023-04-20T09:00:00", "Recovered, old",
          state="recovered").expect("presumed", "R2u", **sync1),
        m("a-rec2", "Inbox", "2023-04-21T09:00:00", "Recovered, deleted before",
          state="recovered"),
        m("a-rec3", "Inbox", "2023-05-22T09:00:00", "Recovered, too new",
          state="recovered"),
        m("a-meet", "Calendar", None, "Weekly meeting",
          item_class="IPM.Appointment", to=[], message_id=None,
          sender="Alice Doe <alice@example.gov>", properties=[
              "named appointment 820D time 2023-05-22T14:00:00Z",
              "named appointment 820E time 2023-05-22T15:00:00Z",
              "named appointment 8208 string Room 4"])
        .expect("presumed", "R2u", flags=["arrival_unknown"], **sync1),
        m("a-contact", "Contacts", None, "Grace Harper",
          item_class="IPM.Contact", to=[], message_id=None, sender=None,
          text=None, properties=[
              "prop 3001 string Grace Harper", "prop 3A06 string Grace",
              "prop 3A11 string Harper", "prop 3A08 string (202) 555-0163",
              "named address 8083 string grace.harper@partner.example"])
        .expect("presumed", "R2u", flags=["arrival_unknown"], **sync1),
    ]


def bob_messages():
    def m(name, folder, sent, subject, **more):
        more.setdefault("text", letters.PLAIN)
        sender = more.pop("sender", "Henry Moreau <henry.moreau@partner.example>")
        return Message(name, BOB, folder, sent, subject, sender,
                       more.pop("to", ["Bob Ray <bob@example.gov>"]), **more)

    read = dict(first="2023-06-01T07:05:00Z", last="2023-06-01T07:07:00Z",
                records=["b2-bind"], sessions=[A2])
    throttled = dict(records=["b6-throttled"], sessions=[OWNER_B])
    day = ("2023-06-08T10:00:00Z", "2023-06-09T10:00:00Z")
    stay = ("2023-06-01T07:00:00Z", "2023-06-10T15:00:00Z")
    return [
        m("b-lopez", "Inbox", "2023-05-20T10:00:00", "New address",
          text=letters.LOPEZ_AGAIN).expect("accessed", "R1 R3 R7", **read),
        m("b-cred", "Inbox", "2023-04-11T10:00:00", "Test system",
          text=letters.CREDENTIALS).expect("accessed", "R1 R3 R7", **read),
        m("b-token", "Inbox", "2023-05-30T10:00:00", "Token",
          text=letters.JWT)
        .expect("accessed", "R1 R3 R7", "2023-06-02T08:00:00Z",
                "2023-06-02T08:02:00Z", ["b3-token"], ["X:token"]),
        m("b-khan", "Inbox", "2023-05-28T10:00:00", "Payment",
          text=letters.KHAN)
        .expect("presumed", "R3 R7", *day, **throttled),
        m("b-nodate", "Inbox", None, "No date at all", received=None)
        .expect("presumed", "R3 R7", *day, flags=["arrival_unknown"],
                **throttled),
        m("b-10", "Inbox", "2023-06-09T12:00:00", "After the throttled day",
          text=letters.WHITFIELD_AGAIN).expect("possible", "R7", *stay),
        m("b-last", "Inbox", "2023-06-10T12:00:00", "Read at last")
        .expect("accessed", "R1 R7", "2023-06-10T15:00:00Z",
                "2023-06-10T15:02:00Z", ["b8-bind"], [A2]),
        m("b-11", "Inbox", "2023-06-11T09:00:00", "Read by somebody else")
        .expect("not_shown"),
        m("b-key", "Inbox", "2023-06-12T09:00:00", "Old gateway",
          text=letters.KEY).expect("not_shown"),
        m("b-sent", "Sent Items", "2023-05-02T09:00:00", "Re: Payment",
          sender="Bob Ray <bob@example.gov>",
          to=["Aisha Khan <aisha.khan@mail.example>"], received=None)
        .expect("synced", "R2 R3 R7", "2023-06-05T09:00:00Z",
                "2023-06-05T09:00:00Z", ["b4-sync"], [A2]),
        m("b-pers1", "HR/Personnel", "2023-03-01T09:00:00", "Leave",
          text=letters.VARGAS_ONE)
        .expect("synced", "R2 R3 R7", "2023-06-06T10:00:00Z",
                "2023-06-06T10:00:00Z", ["b5-sync"], [A2]),
        m("b-pers2", "HR/Personnel", "2023-06-06T10:30:00", "Leave, again",
          text=letters.GRANT)
        .expect("synced", "R2 R3 R7", "2023-06-06T10:00:00Z",
                "2023-06-06T10:00:00Z", ["b5-sync"], [A2]),
        m("b-pers3", "HR/Personnel", "2023-06-06T11:30:00", "Leave, later",
          text=letters.VARGAS_TWO)
        .expect("presumed", "R3 R7", *day, **throttled),
        m("b-old", "Projects", "2022-09-14T09:00:00", "Kick-off",
          text=letters.KELLER,
          html="<html><body><p>%s</p></body></html>\n" %
          letters.KELLER.strip())
        .expect("presumed", "R3 R7", *day, **throttled),
    ]


def carol_messages():
    def m(name, folder, sent, subject, **more):
        more.setdefault("text", letters.PLAIN)
        return Message(name, CAROL, folder, sent, subject,
                       "Ruth Keller <ruth.keller@partner.example>",
                       ["Carol Poe <carol@example.gov>"], **more)

    open_days = ("2023-05-20T00:00:00Z", "2023-05-22T23:59:59Z")
    stay = ("2023-06-12T06:30:00Z", "2023-06-13T09:15:00Z")
    return [
        m("c1", "Inbox", "2023-05-01T10:00:00", "Refund", text=letters.MUELLER)
        .expect("presumed", "R6 R7", *open_days),
        m("c2", "Inbox", "2023-05-21T12:00:00", "During the open days",
          text=letters.FARROW_ONE)
        .expect("presumed", "R6 R7", "2023-05-21T12:00:00Z", open_days[1]),
        m("c7", "Inbox", "2023-05-25T10:00:00", "On the provider's list",
          text=letters.BANK)
        .expect("accessed", "R1s R7", "2023-05-27T03:04:05Z",
                "2023-05-27T03:04:05Z"),
        m("c8", "Inbox", "2023-05-26T10:00:00", "On the list, no time",
          text=letters.HOLLOWAY_BORN)
        .expect("accessed", "R1s R7"),
        m("c3", "Inbox", "2023-06-02T10:00:00", "After the open days",
          text=letters.FARROW_TWO)
        .expect("possible", "R7", *stay),
        m("c4", "Inbox", "2023-06-14T10:00:00", "After the last event"),
        m("c9", "Inbox", "2023-06-14T12:00:00", "Dave's, on the list")
        .expect("accessed", "R1c", flags=["stand_in"]),
        m("c5", "Inbox", "2023-06-18T10:00:00", "After the window")
        .expect("not_shown"),
        m("c6", "Archive/2022", "2022-11-03T10:00:00", "Old refund",
          text=letters.HOLLOWAY_CARD)
        .expect("presumed", "R6 R7", *open_days),
    ]


# ------------------------------------------------------------------- records

def alice_records():
    def adversary(r, ip=IP1, session=A1):
        return r.client_of(ip, OWA_CLIENT, OWA).in_session(session) \
            .by("adversary")

    def owner(r, ip="192.0.2.10"):
        return r.client_of(ip, OWA_CLIENT, OWA).in_session(OWNER_A).by("known")

    def moved(name, time, message, source, target, result="Succeeded"):
        return owner(group_record(name, time, ALICE, ALICE, "Move",
                                  [mid(message)], place(ALICE, source),
                                  place(ALICE, target), result))

    nowhere = folder_id(ALICE, "k", 0x7777)
    attached = item_id(ALICE, COUNTERS["Inbox"], 0xa77ac)
    part = item_id(ALICE, COUNTERS["Inbox"], 0xa77ad)
    attachment = bind("e5-attachment", "2023-05-24T11:00:00", ALICE, ALICE, [])
    attachment.operation = "AttachmentAccess"
    attachment.access_type, attachment.throttled = "attachment", "not_stated"
    for key in ("Folders", "OperationCount"):
        del attachment.data[key]
    attachment.set(
        Operation="AttachmentAccess",
        OperationProperties=[{"Name": "AttachmentAccessType", "Value": "Bind"}],
        Messages=[{"Path": "Messages", "Id": attached,
                   "MessageItems": [{"SizeInBytes": 2379, "Id": part}]}],
        OperationCount=1)
    # The message by its item id, and the attachment's own id, which nothing names.
    attachment.items = [("a-attach@mail.example.gov", "Inbox"),
                        ("", "Inbox")]
    records = [
        adversary(sync("e1-sync", "2023-05-16T08:00:00", ALICE, ALICE, nowhere,
                       "k", folder="k")),
        # The session's other address is no indicator: the chain tells.
        adversary(bind("e2-bind", "2023-05-16T08:30:15", ALICE, ALICE, [
            named(ALICE, "Inbox", mid("a-offer")),
            named(ALICE, "Inbox/Personnel", mid("a-maria"))]), IP2),
        adversary(sync("e3-sync", "2023-05-20T09:00:00", ALICE, ALICE,
                       fid(ALICE, "Inbox/Contracts"), "Contracts",
                       folder="Inbox/Contracts")),
        adversary(attachment),
        adversary(group_record(
            "e7-failed", "2023-05-26T07:00:00", ALICE, ALICE,
            "MoveToDeletedItems", [mid("a-failed")], place(ALICE, "Inbox"),
            place(ALICE, "Deleted Items"), "Failed")),
        adversary(item_record("e8-send", "2023-05-30T16:00:00", ALICE, ALICE,
                              "Send", mid("a-sent"), "Sent Items",
                              fid(ALICE, "Sent Items"), "Please call me")),
        # Office is known; the session is the adversary's: a problem row.
        bind("k1-known", "2023-05-30T12:00:00", ALICE, ALICE, [
            named(ALICE, "Inbox", mid("a-offer"))])
        .client_of(IP1, "Client=MSExchangeRPC", OFFICE, OFFICE)
        .in_session(A1).by("adversary"),
        bind("e6-bind", "2023-05-25T10:00:00", ALICE, ALICE, [
            named(ALICE, "Inbox", "<a-case.mixed@MAIL.EXAMPLE.GOV>",
                  "a-nobracket@mail.example.gov", mid("a-two") + " ",
                  mid("a-embed"), mid("a-gone"))])
        .client_of("20.190.160.96", "Client=REST;;", GRAPH, APP)
        .by("adversary"),
        bind("z9-outside", "2023-06-20T09:00:00", ALICE, ALICE, [
            named(ALICE, "Inbox", mid("a-new1"))])
        .client_of(IP1, OWA_CLIENT, OWA).in_session(A9),
        # The item id of the attachment's message stands in a record of the owner.
        owner(bind("o-attach", "2023-05-19T09:30:00", ALICE, ALICE, [
            named(ALICE, "Inbox", (mid("a-attach"), attached))])),
        owner(bind("o-contracts", "2023-05-17T09:30:00", ALICE, ALICE, [
            named(ALICE, "Inbox/Contracts", mid("c-stay"))])),
        moved("o-out", "2023-05-18T12:00:00", "c-out", "Inbox/Contracts",
              "Archive"),
        moved("o-fail", "2023-05-18T12:05:00", "c-failed", "Inbox/Contracts",
              "Archive", "Failed"),
        moved("o-in", "2023-05-25T08:00:00", "c-in", "Inbox", "Inbox/Contracts"),
        moved("o-left", "2023-05-26T09:00:00", "c-left", "Inbox/Contracts",
              "Archive"),
        moved("o-part", "2023-05-26T09:05:00", "c-part", "Inbox/Contracts",
              "Archive", "PartiallySucceeded"),
        owner(group_record("o-hard", "2023-05-15T12:00:00", ALICE, ALICE,
                           "HardDelete", [mid("a-rec2")], place(ALICE, "Inbox"),
                           None)),
        sign_in("s-alice", "2023-05-12T07:55:00", ALICE, "192.0.2.10", OWNER_A)
        .by("known"),
    ]
    folderbind = item_record("e4-folderbind", "2023-05-21T14:10:00",
                             "mallory@evil.example", ALICE, "FolderBind", "",
                             "Archive", fid(ALICE, "Archive"), "")
    del folderbind.data["Item"]["InternetMessageId"]
    del folderbind.data["Item"]["Subject"]
    folderbind.items, folderbind.access_type = [], "folder"
    folderbind.folder = "Archive"
    folderbind.set(LogonType=2, InternalLogonType=2,
                   LogonUserSid="S-1-5-21-9-9-9-666")
    folderbind.data["Item"]["Id"] = fid(ALICE, "Archive")
    records.append(folderbind.client_of("2001:db8:dead::6", OWA_CLIENT, OWA)
                   .by("adversary"))
    # Every day from 10 May to 20 June but two, the owner reads at 13:00.
    for day in range(42):
        month, number = (5, 10 + day) if day < 22 else (6, day - 21)
        if (month, number) in ((6, 3), (6, 4)):
            continue
        records.append(owner(bind(
            "daily-%02d%02d" % (month, number),
            "2023-%02d-%02dT13:00:00" % (month, number), ALICE, ALICE,
            [named(ALICE, "Inbox", mid("a-old1"))])))
    return records


def bob_records():
    def adversary(r, ip=IP3, session=A2):
        return r.client_of(ip, OWA_CLIENT, OWA, STRANGE_APP) \
            .in_session(session, "AADSessionId", TOKEN).by("adversary")

    def owner(r):
        return r.client_of("192.0.2.44", OWA_CLIENT, OWA) \
            .in_session(OWNER_B).by("known")

    search = item_record("b7-search", "2023-06-08T20:00:00", BOB, BOB,
                         "SearchQueryInitiatedExchange", "", "Inbox",
                         fid(BOB, "Inbox"), "")
    del search.data["Item"]
    search.items, search.access_type = [], "search"
    search.set(QueryText="budget OR password")
    return [
        sign_in("b1-signin", "2023-06-01T07:00:00", BOB, IP3, A2)
        .by("adversary"),
        adversary(bind("b2-bind", "2023-06-01T07:05:00", BOB, BOB, [
            named(BOB, "Inbox", mid("b-lopez"), mid("b-cred"))], None)),
        # The token alone, from an address that is no indicator.
        bind("b3-token", "2023-06-02T08:00:00", BOB, BOB, [
            named(BOB, "Inbox", mid("b-token"))], None)
        .client_of("2001:db8:9::1", "Client=REST;;", GRAPH, STRANGE_APP)
        .in_session(None, "AADSessionId", TOKEN).by("adversary"),
        # Named by the default-folder counter inside its id alone.
        adversary(sync("b4-sync", "2023-06-05T09:00:00", BOB, BOB,
                       fid(BOB, "Sent Items"), "Gesendet",
                       folder="Sent Items"),
                  session=A2.upper()),
        # Named by its Name: one folder of the mailbox ends in it.
        adversary(sync("b5-sync", "2023-06-06T10:00:00", BOB, BOB,
                       folder_id(BOB, "?", 0x9999), "Personnel",
                       folder="HR/Personnel")),
        owner(bind("b6-throttled", "2023-06-08T10:00:00", BOB, BOB, [
            named(BOB, "Inbox", mid("b-khan"))], "True")),
        adversary(search),
        adversary(bind("b8-bind", "2023-06-10T15:00:00", BOB, BOB, [
            named(BOB, "Inbox", mid("b-last"))], None)),
        # Nobody knows this application or address (S1, S2).
        bind("u1-bind", "2023-06-12T18:00:00", BOB, BOB, [
            named(BOB, "Inbox", mid("b-11"))])
        .client_of("2001:db8:77::1", "Client=WebServices;sync-tool/1.0;", "",
                   "11111111-2222-4333-8444-555555555555").by("suspicious"),
        owner(bind("o-bob", "2023-05-11T09:00:00", BOB, BOB, [
            named(BOB, "Inbox", mid("b-cred")),
            named(BOB, "Projects", mid("b-old"))])),
        sign_in("s-bob", "2023-05-11T08:50:00", BOB, "192.0.2.44", OWNER_B)
        .by("known"),
    ]


def carol_records():
    search = item_record("c3-search", "2023-06-13T09:15:00", CAROL, CAROL,
                         "SearchQueryInitiatedExchange", "", "Inbox",
                         fid(CAROL, "Inbox"), "")
    del search.data["Item"]
    search.items, search.access_type = [], "search"
    search.set(QueryText="refund")
    return [
        sign_in("c1-failed", "2023-06-12T06:00:00", CAROL, "198.51.100.77",
                failed=True).by("adversary"),
        sign_in("c2-signin", "2023-06-12T06:30:00", CAROL, "198.51.100.77", A5)
        .by("adversary"),
        search.client_of("198.51.100.77", OWA_CLIENT, OWA)
        .in_session(A5, "AADSessionId", TOKEN_5).by("adversary"),
        item_record("c4-send", "2023-05-11T10:00:00", CAROL, CAROL, "Send",
                    mid("c-sent-elsewhere"), "Drafts", fid(CAROL, "Drafts"),
                    "Thanks").client_of("2001:db8:66::5", OWA_CLIENT, OWA),
    ]


def dave_records():
    return [
        bind("d1-bind", "2023-05-25T10:30:00", DAVE, DAVE, [
            named(DAVE, "Inbox", mid("a-dave"), mid("d-only"))])
        .client_of("20.190.160.96", "Client=REST;;", GRAPH, APP)
        .by("adversary"),
        bind("d2-owner", "2023-05-13T10:00:00", DAVE, DAVE, [
            named(DAVE, "Inbox", mid("d-only"))])
        .client_of("192.0.2.60", OWA_CLIENT, OWA).by("known"),
        # Acts on a mailbox that nobody can name.
        cmdlet("d3-cmdlet", "2023-05-25T10:40:00", "mallory@evil.example",
               "Set-Mailbox", "20.190.160.96:51234",
               [("Identity", "zed"), ("HiddenFromAddressListsEnabled", "True")])
        .by("adversary"),
    ]


def desk_records():
    """The desk signs in every day: the log of sign-ins covers every day, so that a
    session without one stands out."""
    for day in range(42):
        r = sign_in("s-desk-%02d" % day, "2023-%02d-%02dT07:30:00" % (
            (5, 10 + day) if day < 22 else (6, day - 21)), "desk@example.gov",
            "192.0.2.99", OWNER_D).by("known")
        r.mailbox = ""
        yield r


def lost_record():
    """Its AuditData was cut by the export: it cannot be read."""
    return bind("lost", "2023-05-28T09:00:00", DAVE, DAVE, [
        named(DAVE, "Inbox", mid("d-only"))]).client_of(
            "192.0.2.60", OWA_CLIENT, OWA)


def all_messages():
    return alice_messages() + bob_messages() + carol_messages()


def all_records():
    return alice_records() + bob_records() + carol_records() + dave_records() + \
        list(desk_records())


STOLEN = [(CAROL, mid("c7"), "2023-05-27T03:04:05Z"), (CAROL, mid("c8"), ""),
          (DAVE, mid("c9"), "")]


# ------------------------------------------------------- findings and people

# message, part, detector, element, level, masked.  Contact data (no element) is
# not listed here.
FINDINGS = [
    ("a-maria", "attachment=1/row=2/col=B", "us_ssn", "SSN", "high",
     "***-**-1907"),
    ("a-maria", "attachment=1/row=3/col=B", "us_ssn", "SSN", "high",
     "***-**-8830"),
    ("a-maria", "attachment=1/row=4/col=B", "us_ssn", "SSN", "high",
     "***-**-6642"),
    ("a-maria", "attachment=1/row=2/col=C", "dob", "DOB", "medium",
     "1984-**-**"),
    ("a-maria", "attachment=1/row=3/col=C", "dob", "DOB", "medium",
     "1979-**-**"),
    ("a-maria", "attachment=1/row=4/col=C", "dob", "DOB", "medium",
     "1990-**-**"),
    ("a-badges", "html/table=1/row=2/col=2", "us_ssn", "SSN", "high",
     "***-**-2291"),
    ("a-badges", "html/table=1/row=3/col=2", "us_ssn", "SSN", "high",
     "***-**-5570"),
    ("a-new2", "body", "us_ssn", "SSN", "high", "***-**-9914"),
    ("a-inner", "body", "us_ssn", "SSN", "high", "***-**-3028"),
    ("a-new1", "body", "us_ssn", "SSN", "high", "***-**-7703"),
    ("a-hr", "body", "password", "CRED", "high", "********"),
    ("b-lopez", "1", "us_ssn", "SSN", "high", "***-**-1907"),
    ("b-10", "1", "dob", "DOB", "medium", "**/**/1979"),
    ("b-khan", "1", "card", "FINCODE", "high", "**** **** **** 7160"),
    ("b-cred", "1", "password", "CRED", "high", "********"),
    # A secret without an account is no CRED: credentials.csv has it alone.
    ("b-key", "1", "pem_private_key", "PRIVKEY", "high", "********"),
    ("c1", "1", "iban", "FIN", "high", "**** **** **** **** **17 54"),
    ("c7", "1", "us_bank_account", "FIN", "medium", "******0376"),
    ("c7", "1", "dob", "DOB", "medium", "**/**/1971"),
    ("c2", "1", "us_ssn", "SSN", "high", "***-**-7716"),
    ("c3", "1", "us_ssn", "SSN", "high", "***-**-7761"),
    ("c6", "1", "card", "FIN", "medium", "**** **** **** 8014"),
    ("c8", "1", "dob", "DOB", "medium", "**/**/1988"),
    ("b-pers1", "1", "dob", "DOB", "medium", "**/**/1982"),
    ("b-pers3", "1", "dob", "DOB", "medium", "**/**/1982"),
    ("b-pers2", "1", "us_ssn", "SSN", "high", "***-**-9042"),
    # Both halves of multipart/alternative say it: one finding.
    ("b-old", "1", "us_ssn", "SSN", "high", "***-**-9042"),
]

# name, residence, residence_source, elements, messages that hold them,
# merge_reason, review, duties.  Exposure and times are those of the messages.
PEOPLE = [
    ("Maria Lopez", "US-MA", "address", "DOB SSN", ["a-maria", "b-lopez"],
     "primary", "residence_conflict", "US-*/US-OH; US-FED; US-MA"),
    ("James Whitfield", "US-VA", "address_row", "DOB SSN", ["a-maria", "b-10"],
     "nickname_secondary", "nickname", "US-FED; US-VA"),
    ("Ngozi Okafor", "US-TX", "address_row", "DOB SSN", ["a-maria"], "single",
     "", "US-FED; US-TX"),
    ("John Smith", "", "none", "SSN", ["a-badges"], "single", "",
     "US-FED; unknown"),
    ("John Smith", "", "none", "SSN", ["a-new2"], "single", "", ""),
    ("Ruth Ellison", "", "none", "SSN", ["a-badges"], "single", "",
     "US-FED; unknown"),
    ("Linda Baker", "US-NY", "address", "SSN", ["a-embed"], "single", "",
     "US-FED; US-NY"),
    ("Karl M\u00fcller", "DE", "address", "FIN", ["c1"], "single", "",
     "EU; US-FED"),
    ("Aisha Khan", "US-CA", "address", "FINCODE", ["b-khan"], "single", "",
     "US-CA; US-FED"),
    ("Omar Haddad", "", "none", "DOB FIN", ["c7"], "single", "",
     "US-FED; unknown"),
    ("Peter Novak", "", "none", "SSN", ["a-new1"], "single", "", ""),
    # The same name, phone and address, yet two numbers: apart, and said.
    ("Daniel Farrow", "", "none", "SSN", ["c2"], "single",
     "id_conflict; shared_tertiary", "US-FED; unknown"),
    ("Daniel Farrow", "", "none", "SSN", ["c3"], "single",
     "id_conflict; shared_tertiary", "US-FED; unknown"),
    ("Grace Holloway", "", "none", "DOB FIN", ["c6", "c8"], "name_tertiary",
     "", "US-FED; unknown"),
    ("Nadia Vargas", "", "none", "DOB", ["b-pers1", "b-pers3"],
     "exact_name_secondary", "", "US-FED; unknown"),
    # One number, two names.
    ("Oscar Grant", "", "none", "SSN", ["b-pers2"], "single", "name_conflict",
     "US-FED; unknown"),
    ("Paul Keller", "", "none", "SSN", ["b-old"], "single", "name_conflict",
     "US-FED; unknown"),
    # Values beside no name: listed, and counted where no name is asked for.
    ("", "", "none", "CRED", ["b-cred"], "single", "unnamed", "US-FED"),
    ("", "", "none", "CRED", ["a-hr"], "single", "unnamed", ""),
    # The key of the old gateway is no person: the incident file says so.
]

NOTIFIED = ["Aisha Khan"]       # by the incident file

# kind, account, message, expires_utc
CREDENTIALS = [
    ("password", "svc-hr-test", "b-cred", ""),
    ("aws_access_key", "", "b-cred", ""),
    ("jwt", "", "b-token", "2023-06-23T22:40:00Z"),
    ("pem_private_key", "", "b-key", ""),
    ("password", "guest-west", "a-hr", ""),
]

# Discovered 16 June, determined 20 June: 60 days from determination (TX), 30 and
# 7 days and 72 hours from discovery.  CA and NY had an older text then.
DUTIES = [
    ("EU", 1, "ANYPD", "without undue delay if high risk",
     "2023-06-19T00:00:00Z", ""),
    ("US-*/US-OH", 1, "NAME+(SSN|DL|FINCODE)", "varies", "varies", ""),
    ("US-CA", 1, "older text applied", "", "", ""),
    ("US-FED", 16, "ANYPD", "as expeditiously as practicable",
     "2023-06-23T00:00:00Z", "no"),
    ("US-MA", 1, "NAME+(SSN|DL|FIN)", "as soon as practicable",
     "as soon as practicable", "yes"),
    ("US-NY", 1, "older text applied", "", "", ""),
    ("US-TX", 1, "NAME+(SSN|DL|GOVID|FINCODE|MED)", "2023-08-19T00:00:00Z",
     "2023-07-16T00:00:00Z", "no"),
    ("US-VA", 1, "NAME+(SSN|DL|FINCODE|PASSPORT|MILID)",
     "without unreasonable delay", "without unreasonable delay", "yes"),
    ("unknown", 9, "", "", "", ""),
]


# ------------------------------------------------- coverage, gaps, problems

MAILBOXES, DOMAIN = (ALICE, BOB, CAROL, DAVE), "example.gov"

# To the second: the last record's own second is covered, to_utc is exclusive.
FIRST, LAST = "2023-05-10T13:00:00Z", "2023-06-20T13:00:01Z"
GAP = ("2023-06-03T00:00:00Z", "2023-06-05T00:00:00Z")


def coverage_rows():
    for mailbox in (ALICE, BOB):
        yield (mailbox, "", FIRST, "outside")
        yield (mailbox, FIRST, GAP[0], "covered")
        yield (mailbox, *GAP, "gap")
        yield (mailbox, LAST, "", "outside")
    yield (ALICE, GAP[1], LAST, "covered")
    yield (BOB, GAP[1], "2023-06-08T10:00:00Z", "covered")
    yield (BOB, "2023-06-08T10:00:00Z", "2023-06-09T10:00:00Z", "throttled")
    yield (BOB, "2023-06-09T10:00:00Z", LAST, "covered")
    yield (CAROL, "", "", "not_logged")
    # The record that cannot be read: its own second is a gap.
    lost = truth.utc(lost_record().time)
    second = truth.after(lost[:-1], 1)
    yield (DAVE, "", FIRST, "outside")
    yield (DAVE, FIRST, lost, "covered")
    yield (DAVE, lost, second, "gap")
    yield (DAVE, second, GAP[0], "covered")
    yield (DAVE, *GAP, "gap")
    yield (DAVE, GAP[1], LAST, "covered")
    yield (DAVE, LAST, "", "outside")


def missing_rows():
    yield (ALICE, mid("a-gone"), "Inbox", "2023-05-25T10:00:00Z",
           "2023-05-25T10:02:00Z", truth.record_ids(["e6-bind"]), 0)
    dave = ("Inbox", "2023-05-25T10:30:00Z", "2023-05-25T10:32:00Z",
            truth.record_ids(["d1-bind"]))
    yield (DAVE, mid("a-dave"), *dave, 1)
    yield (DAVE, mid("d-only"), *dave, 0)
    yield (DAVE, mid("c9"), "", "", "", "", 1)


def problem_rows():
    """session, count, or what is lost; the words are the program's own."""
    yield ("known_adversary", "note", 0)
    yield ("outside_window", "note", 0)
    yield ("truncated", "item_lost", 1)
    yield ("unknown_mailbox", "note", 0)


def source_rows(messages, records):
    """Counts as read, before copies are told apart."""
    may = [r for r in records if r.time < "2023-06"]
    late = [r for r in records if r.time >= "2023-05-24"]
    yield ("evidence/audit/june.jsonl", "ok", "", 0, len(late), 0)
    yield ("evidence/audit/purview_may.csv", "partial", "", 0, len(may), 2)
    yield ("evidence/alice.pst", "ok", ALICE,
           sum(m.mailbox == ALICE for m in messages), 0, 0)
    for name in ("Inbox", "Archive/2022"):
        yield ("evidence/carol/%s.mbox" % name, "ok", CAROL,
               sum(m.mailbox == CAROL and m.folder == name for m in messages),
               0, 0)
    for m in messages:
        if m.mailbox == BOB:
            yield (m.path, "ok", BOB, 1, 0, 0)
