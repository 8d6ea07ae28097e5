"""Records that are not of the unified audit log."""
from contract3.cases import case, same
from small_case import BAD, GOOD, record_id


@case
def sign_ins_of_entra_are_presence(c):
    import json
    c.old("alice", "Inbox", "a@x")
    sign = {"id": "S1", "createdDateTime": "2023-05-20T10:00:00Z",
            "userPrincipalName": "Alice@x.example", "userId": "u",
            "appId": "d3590ed6-52b3-4102-aeff-aad2292ab01c",
            "ipAddress": BAD, "status": {"errorCode": 0},
            "uniqueTokenIdentifier": "Tok1", "sessionId": "Ses1",
            "userAgent": "UA", "isInteractive": True}
    c.files.append(("signins.json", json.dumps({"value": [sign]})))
    c.bind("2023-05-21T10:00:00", "alice", ["a@x"], ip=GOOD,
           AppAccessContext={"UniqueTokenId": "Tok1"})
    r = c.run()
    same(r.msg("a@x").short, "accessed R1")
    same(r.table("mailboxes")[0].first_adversary_utc, "2023-05-20T10:00:00Z")
    same([(a.session, a.attribution) for a in r.table("activity")],
         [("ses1", "adversary")])


@case
def a_web_log_without_item_records_makes_possible(c):
    c.old("alice", "Inbox", "a@x")
    c.mail("alice", "Inbox", "late@x", "2023-05-20T16:00:00")
    c.files.append(("u_ex.log", """\
#Software: Microsoft Internet Information Services 8.5
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username\
 c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken
2023-05-20 14:40:38 10.11.2.3 POST /EWS/Exchange.asmx - 443\
 alice@x.example 203.0.113.7 python-requests/2 200 0 0 46
2023-05-21 14:40:38 10.11.2.3 POST /EWS/Exchange.asmx - 443\
 alice@x.example 203.0.113.7 python-requests/2 401 0 0 46
"""))
    r = c.run()
    same([r.msg(i).short for i in ("a@x", "late@x")],
         ["possible R7", "not_covered"])


@case
def delivery_of_message_tracking_is_the_arrival(c):
    c.mail("alice", "Inbox", "a@x", "2023-05-01T10:00:00")
    c.files.append(("MSGTRK.LOG", """\
#Software: Microsoft Exchange Server
#Version: 15.0.0.0
#Log-type: Message Tracking Log
#Date: 2023-05-20T00:00:00.000Z
#Fields: date-time,client-ip,client-hostname,server-ip,server-hostname,\
source-context,connector-id,source,event-id,internal-message-id,message-id,\
network-message-id,recipient-address,recipient-status,total-bytes,\
recipient-count,related-recipient-address,reference,message-subject,\
sender-address,return-path,message-info,directionality,tenant-id,\
original-client-ip,original-server-ip,custom-data
2023-05-20T11:00:01.000Z,,,,,,,STOREDRIVER,DELIVER,1,<a@x>,n,\
alice@x.example,,1,1,,,s,b@y.example,,,,,,,
"""))
    c.sync("2023-05-20T10:00:00", "alice")
    r = c.run()
    assert "R2" not in r.msg("a@x").rules, r.msg("a@x").rules


@case
def gmail_views_name_messages(c):
    import json
    c.old("alice", "Inbox", "a@x", "b@x", "c@x")

    def event(n, kind, imi, ip=BAD):
        return json.dumps({
            "kind": "admin#reports#activity",
            "id": {"time": "2023-05-20T10:00:0%d.000Z" % n,
                   "uniqueQualifier": "-%d" % n,
                   "applicationName": "gmail", "customerId": "C"},
            "actor": {"email": "alice@x.example", "profileId": "1"},
            "ipAddress": ip, "events": [{
                "type": "delivery_type", "name": "delivery", "parameters": [
                    {"name": "event_info", "messageValue": {"parameter": [
                        {"name": "mail_event_type",
                         "intValue": str(kind)}]}},
                    {"name": "message_info", "messageValue": {"parameter": [
                        {"name": "rfc2822_message_id",
                         "value": "<%s>" % imi}]}}]}]}) + "\n"
    c.files.append(("gmail.jsonl", event(1, 31, "a@x") + event(2, 2, "b@x") +
                    event(3, 17, "c@x")))
    r = c.run()
    same([r.msg(i).exposure for i in ("a@x", "b@x", "c@x")],
         ["accessed", "possible", "accessed"])


@case
def google_activities_with_several_events(c):
    import json
    c.old("alice", "Inbox", "a@x")
    c.files.append(("login.jsonl", json.dumps({
        "kind": "admin#reports#activity",
        "id": {"time": "2023-05-20T10:00:00.000Z", "uniqueQualifier": "7",
               "applicationName": "login", "customerId": "C"},
        "actor": {"email": "alice@x.example"}, "ipAddress": BAD,
        "events": [{"type": "login", "name": "login_failure",
                    "parameters": []},
                   {"type": "login", "name": "login_success",
                    "parameters": []}]}) + "\n"))
    r = c.run()
    same(len(r.table("activity")), 2)
    same(r.msg("a@x").short, "possible R7")


@case
def a_transport_rule_that_is_not_enabled_forwards_nothing(c):
    c.mail("alice", "Inbox", "a@x", "2023-05-21T10:00:00")
    c.mail("alice", "Inbox", "b@x", "2023-05-23T10:00:00")
    c.cmdlet("New-TransportRule", "2023-05-20T10:00:00", Name="t",
             BlindCopyTo="m@evil.example", Enabled="False")
    c.cmdlet("Enable-TransportRule", "2023-05-22T10:00:00", Identity="t")
    r = c.run()
    same([r.msg("a@x").exposure != "taken"], [True])


@case
def forwarding_by_an_admin_names_the_rule_with_its_mailbox(c):
    d = "2023-05-%02dT10:00:00"
    c.mail("alice", "Inbox", "a@x", d % 21)
    c.mail("alice", "Inbox", "b@x", d % 23)
    c.mail("bob", "Inbox", "c@x", d % 21)
    c.cmdlet("New-InboxRule", d % 20, Mailbox="alice@x.example",
             Name="Fwd All", RedirectTo="m@evil.example",
             _UserId="admin@x.example")
    c.cmdlet("Remove-InboxRule", d % 21, Identity="bob\\fwd all", ip=GOOD)
    c.cmdlet("Remove-InboxRule", d % 22, Identity="alice\\fwd all", ip=GOOD)
    r = c.run()
    same([r.msg(i).exposure == "taken" for i in ("a@x", "b@x", "c@x")],
         [True, False, False])


@case
def moves_to_another_mailbox_leave_no_path_here(c):
    c.old("alice", "Inbox", "a@x")
    c.old("bob", "Inbox", "b@x")
    c.batch("Move", "2023-05-18T10:00:00", "alice", ["a@x"], to="\\A",
            ip=GOOD, CrossMailboxOperation=True,
            DestMailboxGuid="00000000-0000-4000-8000-000000000002",
            DestMailboxOwnerUPN="bob@x.example")
    c.sync("2023-05-20T10:00:00", "alice", "\\A")
    r = c.run()
    assert "R2;" not in r.msg("a@x").rules + ";", r.msg("a@x").rules


@case
def a_cut_json_export_of_a_known_size(c):
    import json
    c.old("alice", "Inbox", "a@x")
    c.bind("2023-05-01T10:00:00", "alice", ["none@x"], ip=GOOD)
    base = c.records.pop()
    lines = []
    for i in range(5000):
        lines.append(json.dumps(dict(
            base, Id=record_id(i), CreationTime="2023-05-%02dT%02d:%02d:00" % (
                1 + i * 20 // 5000, i // 60 % 24, i % 60))))
    c.files.append(("big.json", "[" + ",\n".join(sorted(
        lines, key=lambda x: json.loads(x)["CreationTime"])) + "]"))
    c.bind("2023-05-25T10:00:00", "alice", ["none@x"], ip=GOOD)
    r = c.run()
    same(len(r.problems("cut_export")), 1)
    last = max(json.loads(x)["CreationTime"] for x in lines)
    gaps = [(x.from_utc, x.to_utc) for x in r.table("coverage")
            if x.status == "gap"]
    same(gaps, [(last + "Z", "2023-05-25T10:00:00Z")])


@case
def actor_types(c):
    c.old("alice", "Inbox", "a@x")
    t = "2023-05-20T10:00:0%d"
    sid = dict(MailboxOwnerSid="S-1-5-21-1", LogonUserSid="S-1-5-21-2")
    c.bind(t % 0, "alice", ["a@x"])
    c.bind(t % 1, "alice", ["a@x"], UserId="bob@x.example", LogonType=2, **sid)
    c.bind(t % 2, "alice", ["a@x"], UserId="adm@x.example", LogonType=1, **sid)
    c.bind(t % 3, "alice", ["a@x"], UserType=5, LogonType=0)
    c.bind(t % 4, "alice", ["a@x"], UserType=4, UserId="S-1-5-18")
    c.bind(t % 5, "alice", ["a@x"], UserId="bob@x.example", LogonType=0, **sid)
    r = c.run()
    same([r.rec(i)[0].actor_type for i in range(1, 7)],
         ["owner", "delegate", "admin", "application", "system", "delegate"])


@case
def one_row_an_item_and_one_where_none_is_named(c):
    c.old("alice", "Inbox", "a@x", "b@x")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x", "b@x", "c@x"])
    c.sync("2023-05-20T10:00:01", "alice")
    c.record("SearchQueryInitiatedExchange", "2023-05-20T10:00:02", "alice",
             QueryText="password")
    r = c.run()
    same([len(r.rec(i)) for i in (1, 2, 3)], [3, 1, 1])
    same([x.message_id != "" for x in r.rec(1)], [True, True, False])
    same(r.rec(3)[0].access_type, "search")
    same([a.detail for a in r.table("activity")], ["password"])


@case
def throttled_is_yes_no_or_not_stated(c):
    c.old("alice", "Inbox", "a@x")
    for i, value in enumerate(["true", "False", "TRUE", None]):
        c.bind("2023-05-20T10:00:0%d" % i, "alice", ["a@x"], ip=GOOD)
        if value:
            c.records[-1]["OperationProperties"].append(
                {"Name": "IsThrottled", "Value": value})
    r = c.run()
    same([r.rec(i)[0].throttled for i in range(1, 5)],
         ["yes", "no", "yes", "not_stated"])


@case
def count_suspicious_counts_and_says_so(c):
    c.old("alice", "Inbox", "a@x")
    c.yaml["baseline_until"] = "2023-05-14"
    c.bind("2023-05-10T10:00:00", "alice", ["none@x"], ip=GOOD,
           ClientAppId="good")
    c.bind("2023-05-20T10:00:00", "alice", ["a@x"], ip="198.51.100.9",
           ClientAppId="new")
    r = c.run("--count-suspicious")
    same([r.msg("a@x").short, r.rec(2)[0].attribution],
         ["accessed R1", "suspicious"])
    page = (r.folder / "case/reports/index.html").read_text()
    assert "suspicious" in page
