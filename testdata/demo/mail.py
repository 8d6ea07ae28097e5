"""Messages, and the three ways they lie in evidence: PST, EML, mbox."""
import base64
import hashlib
import quopri
import time
import calendar

DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def when(text):
    """Seconds of 2023-05-16T08:30:15; a space does as well."""
    return calendar.timegm(time.strptime(text.replace(" ", "T")[:19],
                                         "%Y-%m-%dT%H:%M:%S"))


def mail_date(text):
    t = time.gmtime(when(text))
    return "%s, %02d %s %d %02d:%02d:%02d +0000" % (
        DAYS[t.tm_wday], t.tm_mday, MONTHS[t.tm_mon - 1], t.tm_year, t.tm_hour,
        t.tm_min, t.tm_sec)


class Message:
    """sent, received: 2023-05-16T08:30:15, None when the message has none."""

    def __init__(self, name, mailbox, folder, sent, subject, sender, to,
                 received="same", text=None, html=None, attachments=(),
                 message_id="", state="live", item_class="IPM.Note", flags=(),
                 properties=(), cc=()):
        self.name, self.mailbox, self.folder = name, mailbox, folder
        self.sent, self.subject, self.sender, self.to = sent, subject, sender, to
        self.cc = cc
        self.received = sent if received == "same" else received
        self.text, self.html = text, html
        self.attachments = attachments  # (name, type, bytes) or Message
        self.message_id = "<%s@mail.example.gov>" % name \
            if message_id == "" else message_id
        self.state, self.item_class, self.flags = state, item_class, flags
        self.properties = properties
        self.locator = ""
        self.expect()

    def expect(self, exposure="not_covered", rules="", first="", last="",
               records=(), sessions=(), flags=()):
        """What contract section 3 says of it."""
        self.exposure, self.rules = exposure, rules.split()
        self.first, self.last = first, last
        self.records, self.sessions = records, sessions
        self.expected_flags = flags
        return self


def body_hash(text):
    if text is None:
        return ""
    return hashlib.sha256(text.replace("\r\n", "\n").rstrip("\n").encode()) \
        .hexdigest()


def attachment_bytes(data):
    return data.encode() if isinstance(data, str) else data


# ---- PST

def spec_lines(message, out, keyword="message"):
    out.append(keyword)
    out.append("class " + message.item_class)
    out.append("subject " + message.subject)
    if message.sender:
        out.append("from " + message.sender)
    for kind, people in (("to", message.to), ("cc", message.cc)):
        out.extend("%s %s" % (kind, p) for p in people)
    if message.message_id:
        out.append("message-id " + message.message_id)
        out.append("headers <<EOH\nMessage-ID: %s\nSubject: %s\nEOH" % (
            message.message_id, message.subject))
    if message.sent:
        out.append("sent %sZ" % message.sent.replace(" ", "T"))
        out.append("created %sZ" % message.sent.replace(" ", "T"))
    if message.received:
        out.append("received %sZ" % message.received.replace(" ", "T"))
    if message.text is not None:
        out.append("text <<EOT\n%sEOT" % message.text)
    if message.html is not None:
        out.append("html <<EOT\n%sEOT" % message.html)
    flags = list(message.flags)
    if message.state == "recovered":
        flags.append("orphan")
    if flags:
        out.append("flags " + " ".join(flags))
    out.extend(message.properties)
    for attachment in message.attachments:
        if isinstance(attachment, Message):
            out.append("attach " + attachment.subject)
            spec_lines(attachment, out, "embed")
            continue
        name, kind, data = attachment
        out.append("attach " + name)
        out.append("attach-type " + kind)
        out.append("attach-text <<EOA\n%sEOA" % data)
    out.append("end")


def number_nodes(messages):
    """The node ids pstgen gives: a message, then those inside it."""
    index = 0x10000
    for message in messages:
        index += 1
        message.locator = "nid=0x%x" % (index << 5 | 4)
        stack = list(message.attachments)
        while stack:
            inner = stack.pop(0)
            if isinstance(inner, Message):
                index += 1
                stack = list(inner.attachments) + stack


def pst_spec(messages):
    out, folder = [], None
    for message in messages:
        if message.folder != folder:
            folder = message.folder
            if folder == "Calendar":
                out.append("folder-class IPF.Appointment")
            if folder == "Contacts":
                out.append("folder-class IPF.Contact")
            out.append("folder " + folder)
        spec_lines(message, out)
    return "\n".join(out) + "\n"


# ---- EML and mbox

def encoded(text):
    if text.isascii():
        return text
    return "=?utf-8?B?%s?=" % base64.b64encode(text.encode()).decode()


def text_part(kind, text):
    if text.isascii() and max(map(len, text.split("\n"))) < 200:
        return "Content-Type: %s; charset=us-ascii\n" \
            "Content-Transfer-Encoding: 7bit\n\n%s" % (kind, text)
    data = quopri.encodestring(text.encode()).decode()
    return "Content-Type: %s; charset=utf-8\n" \
        "Content-Transfer-Encoding: quoted-printable\n\n%s" % (kind, data)


def file_part(name, kind, data):
    body = base64.b64encode(attachment_bytes(data)).decode()
    lines = [body[i:i + 76] for i in range(0, len(body), 76)]
    return "Content-Type: %s; name=\"%s\"\n" \
        "Content-Disposition: attachment; filename=\"%s\"\n" \
        "Content-Transfer-Encoding: base64\n\n%s\n" % (
            kind, name, name, "\n".join(lines))


def multipart(kind, boundary, parts):
    out = "Content-Type: multipart/%s; boundary=\"%s\"\n\n" % (kind, boundary)
    for part in parts:
        out += "--%s\n%s\n" % (boundary, part.rstrip("\n") + "\n")
    return out + "--%s--\n" % boundary


def eml(message):
    out = ""
    if message.received:
        out += "Received: from mx.example.net (mx.example.net [192.0.2.25])\n" \
            "\tby mail.example.gov with ESMTP id %s;\n\t%s\n" % (
                message.name, mail_date(message.received))
    out += "From: %s\n" % encoded_address(message.sender)
    out += "To: %s\n" % ", ".join(encoded_address(p) for p in message.to)
    if message.cc:
        out += "Cc: %s\n" % ", ".join(encoded_address(p) for p in message.cc)
    out += "Subject: %s\n" % encoded(message.subject)
    if message.sent:
        out += "Date: %s\n" % mail_date(message.sent)
    if message.message_id:
        out += "Message-ID: %s\n" % message.message_id
    out += "MIME-Version: 1.0\n"
    bodies = []
    if message.text is not None:
        bodies.append(text_part("text/plain", message.text))
    if message.html is not None:
        bodies.append(text_part("text/html", message.html))
    body = bodies[0] if len(bodies) == 1 else \
        multipart("alternative", "alt-" + message.name, bodies)
    if message.attachments:
        parts = [body]
        for attachment in message.attachments:
            if isinstance(attachment, Message):
                parts.append("Content-Type: message/rfc822\n\n" +
                             eml(attachment))
            else:
                parts.append(file_part(*attachment))
        body = multipart("mixed", "mix-" + message.name, parts)
    return out + body


def encoded_address(text):
    name, _, address = text.partition(" <")
    return text if text.isascii() else "%s <%s" % (encoded(name), address)


def mbox(messages):
    """The file's bytes; sets each message's locator."""
    data = b""
    for message in messages:
        t = time.gmtime(when(message.received or "2023-06-01T00:00:00"))
        head = "From MAILER-DAEMON %s %s %2d %02d:%02d:%02d %d\n" % (
            DAYS[t.tm_wday], MONTHS[t.tm_mon - 1], t.tm_mday, t.tm_hour,
            t.tm_min, t.tm_sec, t.tm_year)
        lines = []
        for line in eml(message).rstrip("\n").split("\n"):
            if line.lstrip(">").startswith("From "):
                line = ">" + line
            lines.append(line)
        record = (head + "\n".join(lines) + "\n\n").encode()
        message.locator = "offset=%d+%d" % (len(data), len(record))
        data += record
    return data
