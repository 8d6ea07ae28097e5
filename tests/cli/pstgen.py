#!/usr/bin/env python3
"""pstgen.py PSTGEN FOLDER: write stores of known content, read them back with
pffexport and readpst, and compare folders, items, subjects, bodies, people and
attachments.  Prints one line of ok or not ok for each store and reader."""
import email
import email.policy
import hashlib
import os
import random
import shutil
import subprocess
import sys

PSTGEN, WORK = sys.argv[1], sys.argv[2]
FORMS = [("unicode", "none", []), ("unicode", "permute", []),
         ("unicode", "cyclic", []), ("ansi", "permute", []),
         ("ansi", "cyclic", []), ("4k", "permute", []), ("4k", "none", ["-z"])]
WORDS = "agenda budget café contract Straße deadline façade meeting naïve " \
    "office Résumé quarterly schedule señor travel vendor Übersicht".split()
# Around every limit: heap item, block (ANSI, Unicode, 4K), XBLOCK (written
# once in the two forms whose XBLOCKs are small).
SIZES = [0, 1, 3580, 3581, 8176, 8177, 8180, 8181, 65512, 65513, 100000]
LARGE = [8176 * 1021, 8176 * 1021 + 1, 8180 * 2043 + 1]


def sha(data):
    return hashlib.sha256(data).hexdigest()


def text(rng, words):
    lines = []
    while words > 0:
        n = min(words, rng.randrange(1, 12))
        lines.append(" ".join(rng.choice(WORDS) for _ in range(n)))
        words -= n
    return "\n".join(lines) + "\n"


class Item:
    def __init__(self, rng, number):
        self.subject = rng.choice(["", "RE: ", "FW: "]) + \
            " ".join(text(rng, 4).split()) + " %d" % number
        self.sender = ("Writer Ünal %d" % number, "w%d@example.org" % number)
        self.people = [("to", "Reader %d" % i, "r%d@example.net" % i)
                       for i in range(rng.choice([1, 1, 2, 40]))]
        self.people.append(("cc", "Copy Çelik", "copy@example.net"))
        self.text = text(rng, rng.choice([3, 50, 400, 3000]))
        self.html = None
        if number % 3 == 0:
            self.html = "<html><body><p>" + text(rng, 200) + "</p></body></html>\n"
        self.attachments = []   # (name, bytes) or (name, Item)
        self.seconds = number

    def write(self, out, folder_path, keyword="message"):
        put = lambda line: out.append(line)
        put(keyword)
        put("subject " + self.subject)
        put("from %s <%s>" % self.sender)
        for kind, name, address in self.people:
            put("%s %s <%s>" % (kind, name, address))
        put("message-id <%d@example.org>" % self.seconds)
        put("sent 2023-06-01T%02d:%02d:%02dZ" % (
            self.seconds // 3600, self.seconds // 60 % 60, self.seconds % 60))
        put("received 2023-06-02T00:00:00Z")
        put("text <<EOT\n" + self.text + "EOT")
        if self.html:
            put("html <<EOT\n" + self.html + "EOT")
        for i, (name, value) in enumerate(self.attachments):
            put("attach " + name)
            if isinstance(value, Item):
                value.write(out, folder_path, "embed")
                continue
            path = os.path.join(WORK, "data", sha(value))
            if not os.path.exists(path):
                with open(path, "wb") as f:
                    f.write(value)
            put("attach-file " + path)
        put("end")

    def expected(self):
        """What both readers can show."""
        return (self.subject, self.sender[1], sha(self.text.rstrip("\n").encode()),
                sha(self.html.rstrip("\n").encode()) if self.html else "",
                tuple(sorted(v.expected() if isinstance(v, Item)
                             else (n, sha(v)) for n, v in self.attachments)))


def make_items(many):
    rng = random.Random(7)
    folders = {"Inbox": [], "Inbox/Ünit A": [], "Sent Items": [],
               "Archive/2022/Q4": [], "Deep/a/b/c/d/e": []}
    for number in range(40):
        item = Item(rng, number)
        folders[rng.choice(sorted(folders))].append(item)
    flat = [i for f in sorted(folders) for i in folders[f]]
    for i, size in enumerate(SIZES + (LARGE if many else [])):
        flat[i].attachments.append(("size%d.bin" % size, rng.randbytes(size)))
    inner, middle = Item(rng, 100), Item(rng, 101)
    inner.attachments.append(("deep.bin", rng.randbytes(9000)))
    middle.attachments.append(("inner", inner))
    flat[20].attachments.append(("outer", middle))
    flat[20].attachments.append(("beside.bin", b"beside"))
    if many:    # over one SLBLOCK: readpst does not read that
        for i in range(700):
            flat[21].attachments.append(("n%03d.txt" % i, b"%d" % i))
    folders["Big"] = []
    for number in range(700 if many else 0):
        item = Item(random.Random(number), 1000 + number)
        item.people, item.html, item.text = item.people[:1], None, "short\n"
        folders["Big"].append(item)
    return folders


def write_spec(folders, path):
    out = []
    for folder, items in folders.items():
        out.append("folder " + folder)
        for item in items:
            item.write(out, folder)
    out += ["folder Empty"]
    with open(path, "w") as f:
        f.write("\n".join(out) + "\n")


def run(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print("# %s: %s" % (args, done.stdout[-400:].decode(errors="replace")))
    return done.returncode == 0


def read(path):
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as f:
        return f.read()


def body_hash(data, charset):
    lines = data.decode(charset).replace("\r\n", "\n").rstrip("\n")
    return sha(lines.encode()) if lines else ""


def pffexport_item(folder):
    fields = {}
    for line in read(folder + "/OutlookHeaders.txt").decode().splitlines():
        key, _, value = line.partition(":")
        fields[key] = value.strip()
    files = []
    below = folder + "/Attachments"
    for name in os.listdir(below) if os.path.isdir(below) else []:
        path = os.path.join(below, name)
        if os.path.isdir(path):
            files.append(pffexport_item(path + "/Message00001"))
        else:
            files.append((name.partition("_")[2], sha(read(path))))
    return (fields.get("Subject", ""), fields.get("Sender email address", ""),
            body_hash(read(folder + "/Message.txt"), "utf-8"),
            body_hash(read(folder + "/Message.html"), "utf-8"),
            tuple(sorted(files)))


def pffexport_read(pst):
    target = os.path.join(WORK, "pff")
    shutil.rmtree(target + ".export", ignore_errors=True)
    if not run("pffexport", "-q", "-t", target, "-m", "items", "-f", "all", pst):
        return None
    found = {}
    root = target + ".export/Top of Personal Folders"
    stack = [root]
    while stack:
        folder = stack.pop()
        name = os.path.relpath(folder, root)
        found[name] = []
        for entry in sorted(os.listdir(folder)):
            path = os.path.join(folder, entry)
            if entry.startswith("Message0"):
                found[name].append(pffexport_item(path))
            elif os.path.isdir(path):
                stack.append(path)
    shutil.rmtree(target + ".export")
    del found["."]
    return found


def readpst_item(path):
    with open(path, "rb") as f:
        message = email.message_from_binary_file(f, policy=email.policy.default)
    files, body, inner = [], "", 0
    stack = [message]
    while stack:
        part = stack.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822":    # begins with a From line: not parsed
            inner += 1
        elif part.is_multipart():
            stack += part.get_payload()
        elif part.get_filename():
            files.append((part.get_filename(),
                          sha(part.get_payload(decode=True) or b"")))
        elif kind == "text/plain":
            body = body_hash(part.get_payload(decode=True), "cp1252")
    return (str(message["Subject"] or ""),
            str(message["From"].addresses[0].addr_spec), body, inner,
            sorted(files))


def readpst_read(pst):
    target = os.path.join(WORK, "rp")
    shutil.rmtree(target, ignore_errors=True)
    os.mkdir(target)
    if not run("readpst", "-j0", "-q", "-e", "-o", target, pst):
        return None
    found = {}
    root = os.path.join(target, os.listdir(target)[0])
    for folder, _, names in os.walk(root):
        items = [readpst_item(os.path.join(folder, n)) for n in names]
        if items:
            found[os.path.relpath(folder, root)] = items
    shutil.rmtree(target)
    return found


def compare(expected, found):
    if found is None:
        return False
    good = sorted(expected) == sorted(found)
    if not good:
        print("# folders %s, expected %s" % (sorted(found), sorted(expected)))
    for folder in expected:
        want, have = sorted(expected[folder]), sorted(found.get(folder, []))
        for a, b in zip(want, have):
            if a != b:
                print("# %s: got %s, expected %s" % (folder, str(b)[:600],
                                                     str(a)[:600]))
                return False
        if len(want) != len(have):
            print("# %s: %d items, expected %d" % (folder, len(have), len(want)))
            good = False
    return good


def readpst_expected(item):
    files = [(n, sha(v)) for n, v in item.attachments
             if not isinstance(v, Item) and v]  # it leaves out empty files
    return (item.subject, item.sender[1],
            sha(item.text.rstrip("\n").encode()),
            sum(isinstance(v, Item) for _, v in item.attachments),
            sorted(files))


def report(name, good):
    print(("ok " if good else "not ok ") + name)


def main():
    os.makedirs(os.path.join(WORK, "data"), exist_ok=True)
    for many in (False, True):
        folders = make_items(many)
        spec = os.path.join(WORK, "spec%d" % many)
        write_spec(folders, spec)
        full = {f: [i.expected() for i in items] for f, items in folders.items()}
        for parent in ("Archive", "Archive/2022", "Deep", "Deep/a", "Deep/a/b",
                       "Deep/a/b/c", "Deep/a/b/c/d", "Empty", "Deleted Items"):
            full[parent] = []
        mail = {f: [readpst_expected(i) for i in items] for f, items in folders.items()
                if items}
        # Many attachments need only be seen once in each form.
        for form, crypt, more in FORMS if not many else FORMS[1:6:2]:
            pst = os.path.join(WORK, "store.pst")
            name = "pstgen %s %s%s%s" % (form, crypt, " ".join(more),
                                         " many" if many else "")
            if not run(PSTGEN, "-f", form, "-c", crypt, *more, spec, pst):
                report(name, False)
                continue
            report(name + " pffexport", compare(full, pffexport_read(pst)))
            if not many and crypt != "none" or more:
                report(name + " readpst", compare(mail, readpst_read(pst)))


main()
