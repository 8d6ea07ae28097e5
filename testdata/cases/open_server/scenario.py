"""A mail server reachable without a password, February 2023: no item is logged.
IIS says who asked for what, Dovecot who logged in; everything that was in a mailbox
while the server was open counts as exposed (R6), and what came later, up to the
intruder's last visit, as possibly read (R7).

ops   read through the web (IIS), until 19 February
med   read through IMAP (Dovecot), once
hq    nobody is seen there
"""
from mail import Message

DOMAIN = "mil.example"
OPS, MED, HQ = ("%s@mil.example" % n for n in ("ops", "med", "hq"))
MAILBOXES = (OPS, MED, HQ)
INTRUDER = "198.51.100.9"
OPEN = ("2023-02-03T00:00:00Z", "2023-02-18T23:59:59Z")
NOTIFIED, FINDINGS = [], []
LOG = False     # the names of such events are the program's own


def mid(name):
    return "<%s@mail.mil.example>" % name


def all_messages():
    def m(name, mailbox, sent, subject):
        return Message(name, mailbox, "Inbox", sent, subject,
                       "Lena Voss <lena@outside.example>",
                       ["Staff <%s>" % mailbox], text="See the attached.\n",
                       message_id=mid(name))

    web = ("2023-02-05T11:20:31Z", "2023-02-19T12:00:05Z")
    return [
        m("o1", OPS, "2022-12-24T10:00:00", "Before the server was open")
        .expect("presumed", "R6 R7", *OPEN),
        m("o2", OPS, "2023-02-10T10:00:00", "While it was open")
        .expect("presumed", "R6 R7", "2023-02-10T10:00:00Z", OPEN[1]),
        m("o3", OPS, "2023-02-19T12:30:00", "Within an hour of the last visit")
        .expect("possible", "R7", *web),
        m("o4", OPS, "2023-02-19T13:30:00", "After the last visit"),
        m("o5", OPS, "2023-02-25T10:00:00", "After the window")
        .expect("not_shown"),
        m("m1", MED, "2023-01-05T10:00:00", "Roster")
        .expect("presumed", "R6 R7", *OPEN),
        # The login of 10 February is over by then; the failed one is none.
        m("m2", MED, "2023-02-12T10:00:00", "Roster, again")
        .expect("presumed", "R6", "2023-02-12T10:00:00Z", OPEN[1]),
        m("m3", MED, "2023-02-19T10:00:00", "After the open days"),
        m("h1", HQ, "2023-01-20T10:00:00", "Orders")
        .expect("presumed", "R6", *OPEN),
        m("h2", HQ, "2023-02-19T10:00:00", "Orders, closed again"),
    ]


def all_records():
    """What the presence of the intruder is counted from."""
    from ual import Record
    rows = [("2023-02-05T11:20:31", OPS), ("2023-02-19T12:00:05", OPS),
            ("2023-02-10T04:05:06", MED)]
    records = []
    for i, (time, mailbox) in enumerate(rows):
        r = Record("visit-%d" % i, time, "visit", 0, mailbox).by("adversary")
        r.mailbox = mailbox
        records.append(r)
    return records


IIS = """\
#Software: Microsoft Internet Information Services 8.5
#Version: 1.0
#Date: 2023-02-01 00:00:00
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken
2023-02-01 09:00:00 10.0.0.4 GET /owa/ - 443 ops@mil.example 10.1.2.3 Mozilla/5.0+(Windows+NT+10.0) 200 0 0 31
2023-02-05 11:20:30 10.0.0.4 GET /owa/ - 443 - 198.51.100.9 curl/7.88.1 401 0 0 2
2023-02-05 11:20:31 10.0.0.4 GET /owa/ - 443 ops@mil.example 198.51.100.9 curl/7.88.1 200 0 0 44
2023-02-05 11:21:02 10.0.0.4 POST /EWS/Exchange.asmx - 443 ops@mil.example 198.51.100.9 python-requests/2.28 200 0 0 912
2023-02-19 12:00:05 10.0.0.4 POST /EWS/Exchange.asmx - 443 ops@mil.example 198.51.100.9 python-requests/2.28 200 0 0 1204
2023-02-20 08:00:00 10.0.0.4 GET /owa/ - 443 hq@mil.example 10.1.2.9 Mozilla/5.0+(Windows+NT+10.0) 200 0 0 28
"""

DOVECOT = """\
2023-02-10T04:05:00.100000+00:00 mx dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<hq@mil.example>, method=PLAIN, rip=198.51.100.9, lip=10.0.0.5, TLS, session=<aaaaaaaaaaaaaaaa>
2023-02-10T04:05:06.000000+00:00 mx dovecot: imap-login: Login: user=<med@mil.example>, method=PLAIN, rip=198.51.100.9, lip=10.0.0.5, mpid=4711, TLS, session=<bbbbbbbbbbbbbbbb>
2023-02-11T07:00:00.000000+00:00 mx dovecot: imap-login: Login: user=<med@mil.example>, method=PLAIN, rip=10.1.2.4, lip=10.0.0.5, mpid=4712, TLS, session=<cccccccccccccccc>
"""


def log_files():
    yield "logs/u_ex2302.log", IIS.replace("\n", "\r\n")
    yield "logs/maillog", DOVECOT


def coverage_rows():
    for mailbox in MAILBOXES:
        yield (mailbox, "", "", "not_logged")


def problem_rows():
    return []
