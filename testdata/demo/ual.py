"""Records of the unified audit log, field by field after real ones."""
import base64
import hashlib
import json

TENANT = "0873ee4d-d342-44f2-8961-000000000001"
ORGANIZATION = "exampleagency.onmicrosoft.com"
OFFICE = "d3590ed6-52b3-4102-aeff-aad2292ab01c"
OWA = "00000002-0000-0ff1-ce00-000000000000"
GRAPH = "00000003-0000-0000-c000-000000000000"


def guid(name):
    h = hashlib.sha256(name.encode()).hexdigest()
    return "%s-%s-4%s-8%s-%s" % (h[:8], h[8:12], h[13:16], h[17:20], h[20:32])


def folder_id(mailbox, folder, counter):
    """base64 of a length byte, a 46-byte entry id, a type byte."""
    uid = hashlib.sha256(("store " + mailbox).encode()).digest()
    entry = bytes(4) + uid[:16] + b"\x01\x00" + uid[16:32] + \
        counter.to_bytes(6, "big") + bytes(2)
    return base64.b64encode(b"\x2e" + entry + b"\x01").decode()


def item_id(mailbox, counter, number):
    uid = hashlib.sha256(("store " + mailbox).encode()).digest()
    entry = bytes(4) + uid[:16] + b"\x07\x00" + uid[16:32] + \
        counter.to_bytes(6, "big") + bytes(2) + uid[16:32] + \
        number.to_bytes(6, "big") + bytes(2)
    return base64.b64encode(b"\x46" + entry + b"\x09").decode()


class Record:
    """One record; data is what the log holds, the rest is for the truth."""

    def __init__(self, name, time, operation, record_type, user):
        self.name, self.time, self.operation = name, time, operation
        self.user, self.record_type = user, record_type
        self.id = guid("record " + name)
        self.mailbox = self.session = self.token = None
        self.ip = self.client = self.app = self.client_app = ""
        self.items = []         # (message id as the log says it, folder)
        self.folder = ""
        self.attribution = "unattributed"
        self.access_type = None
        self.throttled = "not_stated"
        exchange = record_type in (1, 2, 3, 50)
        self.data = {
            "CreationTime": time, "Id": self.id, "Operation": operation,
            "OrganizationId": TENANT, "RecordType": record_type,
            "ResultStatus": "True" if record_type == 1 else "Succeeded",
            "UserKey": "10032001" + guid(user)[:8].upper(), "UserType": 0,
            "Version": 1,
            "Workload": "Exchange" if exchange else "AzureActiveDirectory",
            "UserId": user}

    def set(self, **fields):
        self.data.update(fields)
        return self

    def owner(self, mailbox, logon=0):
        self.mailbox = mailbox
        sid = "S-1-5-21-1376570662-3565232716-1187618197-%d" % (
            int(guid(mailbox)[:6], 16))
        return self.set(
            ExternalAccess=False, InternalLogonType=logon, LogonType=logon,
            LogonUserSid=sid if logon == 0 else sid[:-2] + "00",
            MailboxGuid=guid("mailbox " + mailbox), MailboxOwnerSid=sid,
            MailboxOwnerUPN=mailbox, OrganizationName=ORGANIZATION,
            OriginatingServer="BN8PR09MB3521 (15.20.6387.030)\r\n")

    def client_of(self, ip, client, app="", client_app=""):
        self.ip, self.client = ip, client
        self.app, self.client_app = app, client_app
        self.set(ClientIPAddress=ip, ClientInfoString=client)
        if self.record_type in (2, 3):
            self.set(ClientIP=ip)
        if app:
            self.set(AppId=app)
        if client_app:
            self.set(ClientAppId=client_app)
        return self

    def in_session(self, session, how="SessionId", token=None):
        self.session, self.token = session, token
        if how == "SessionId":
            self.set(SessionId=session)
        elif how == "AADSessionId":
            context = {"APIId": OWA, "ClientAppId": self.client_app}
            if session:
                context["AADSessionId"] = session
            if token:
                context["UniqueTokenId"] = token
            self.set(AppAccessContext=context)
        return self

    def of(self, mailbox):
        self.mailbox = mailbox
        return self

    def by(self, attribution):
        self.attribution = attribution
        return self


def bind(name, time, user, mailbox, items, throttled="False"):
    """items: (folder path, folder id, [(message id, item id or None)])."""
    r = Record(name, time, "MailItemsAccessed", 50, user).owner(mailbox)
    properties = [{"Name": "MailAccessType", "Value": "Bind"}]
    if throttled:
        properties.append({"Name": "IsThrottled", "Value": throttled})
        r.throttled = {"True": "yes", "False": "no"}[throttled]
    folders = []
    for path, identity, named in items:
        entries = []
        for message_id, item in named:
            entry = {"InternetMessageId": message_id, "SizeInBytes": 48213}
            if item:
                entry = {"Id": item, **entry}
            entries.append(entry)
            r.items.append((message_id.strip(), path))
        folders.append({"FolderItems": entries, "Id": identity,
                        "Path": "\\" + path.replace("/", "\\")})
    r.access_type = "bind"
    return r.set(OperationProperties=properties, Folders=folders,
                 OperationCount=sum(len(f["FolderItems"]) for f in folders))


def sync(name, time, user, mailbox, identity, label, folder):
    """Its Path is not available, as always; folder is what the rules make of it."""
    r = Record(name, time, "MailItemsAccessed", 2, user).owner(mailbox)
    r.access_type, r.throttled, r.folder = "sync", "no", folder
    return r.set(
        OperationProperties=[{"Name": "MailAccessType", "Value": "Sync"},
                             {"Name": "IsThrottled", "Value": "False"}],
        ClientProcessName="OUTLOOK.EXE", ClientVersion="16.0.16227.20212",
        Item={"Id": identity, "ParentFolder": {
            "Id": identity, "Name": label, "Path": "Not Available"}})


def item_record(name, time, user, mailbox, operation, message_id, path,
                identity, subject):
    r = Record(name, time, operation, 2, user).owner(mailbox)
    r.access_type = operation.lower()
    r.items.append((message_id, path))
    return r.set(Item={
        "Id": "Unknown", "InternetMessageId": message_id, "Subject": subject,
        "ParentFolder": {"Id": identity, "Path": "\\" + path}})


def group_record(name, time, user, mailbox, operation, message_ids, source,
                 target, result="Succeeded"):
    """source, target: (path, id); target None for deletes without one."""
    r = Record(name, time, operation, 3, user).owner(mailbox)
    r.access_type = {"Move": "move", "Copy": "copy"}.get(operation, "delete")
    r.set(ResultStatus=result, CrossMailboxOperation=False,
          AffectedItems=[{
              "Id": item_id(mailbox, 1, 70 + i), "InternetMessageId": m,
              "ParentFolder": {"Id": source[1], "Path": "\\" +
                               source[0].replace("/", "\\")},
              "Subject": "see the message"} for i, m in enumerate(message_ids)],
          Folder={"Id": source[1], "Path": "\\" + source[0].replace("/", "\\")})
    if target:
        r.set(DestFolder={"Id": target[1],
                          "Path": "\\" + target[0].replace("/", "\\")})
    r.items = [(m, source[0]) for m in message_ids]
    return r


def sign_in(name, time, user, ip, session=None, failed=False):
    r = Record(name, time, "UserLoginFailed" if failed else "UserLoggedIn", 15,
               user)
    r.mailbox, r.ip, r.session = user, ip, session
    properties = [{"Name": "OS", "Value": "Windows 10"}]
    if session:
        properties.append({"Name": "SessionId", "Value": session})
    return r.set(
        ResultStatus="Success", ClientIP=ip, ActorIpAddress=ip,
        ObjectId=OWA, ApplicationId=OWA,
        ErrorNumber="50126" if failed else "0",
        **({"LogonError": "InvalidUserNameOrPassword"} if failed else {}),
        ExtendedProperties=[
            {"Name": "ResultStatusDetail", "Value": "Success"},
            {"Name": "UserAgent", "Value": "Mozilla/5.0 (Windows NT 10.0; "
             "Win64; x64) Gecko/20100101 Firefox/113.0"},
            {"Name": "RequestType", "Value": "OAuth2:Authorize"}],
        DeviceProperties=properties,
        Actor=[{"ID": user, "Type": 5}], Target=[{"ID": OWA, "Type": 0}])


def cmdlet(name, time, user, operation, ip, parameters, object_id=""):
    r = Record(name, time, operation, 1, user)
    r.ip = ip
    return r.set(ClientIP=ip, ObjectId=object_id, UserType=2, AppId="",
                 ClientAppId="", ExternalAccess=False, SessionId="",
                 OrganizationName=ORGANIZATION,
                 OriginatingServer="BN8PR09MB3521 (15.20.6387.030)",
                 Parameters=[{"Name": k, "Value": v}
                             for k, v in parameters])


HEADER = "RecordId,CreationDate,RecordType,Operation,UserId,AuditData," \
    "AssociatedAdminUnits,AssociatedAdminUnitsNames"


def as_json(record):
    return json.dumps(record.data, separators=(",", ":"))


def purview_row(record, cut=None):
    """cut: AuditData ends after so many characters."""
    y, m, d = record.time[:10].split("-")
    hour = int(record.time[11:13])
    date = "%d/%d/%s %d:%s %s" % (int(m), int(d), y, hour % 12 or 12,
                                  record.time[14:19],
                                  "AM" if hour < 12 else "PM")
    data = as_json(record)[:cut].replace('"', '""')
    return '%s,%s,%d,%s,%s,"%s",,' % (record.id, date, record.record_type,
                                      record.operation, record.user, data)
