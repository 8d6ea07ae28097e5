#!/usr/bin/env python3
"""check_words.py keys | pseudo OUT | outside REPORTS

keys: every key a C file names is in en.words, and every key is named.
pseudo: en.words with each text between marks, as language qq.
outside: no words of ours stand outside the marks in a report in qq."""
import html.parser
import pathlib
import re
import sys

WORDS = pathlib.Path("reports/html/words/en.words")
OPEN, CLOSE = "\u27e6", "\u27e7"
# Keys made at run time: PREFIX.word of ours.
MADE = ("month", "mon", "day", "weekday", "meaning", "threshold", "tag",
        "state", "folder", "text", "sign_in", "level", "element", "problem",
        "access", "flag", "review", "rule", "term", "meaning_of", "fact",
        "script", "language", "detector", "said", "country", "indicator")


def entries():
    found, key = {}, None
    for line in WORDS.read_text(encoding="utf-8").split("\n"):
        if line[:1] in ("#", ""):
            continue
        if line[0] in " \t":
            found[key] += " " + line.strip()
        else:
            key, _, text = line.partition(" =")
            found[key] = text.strip()
    return found


def check_keys():
    known = entries()
    named = set()
    for file in pathlib.Path("reports").rglob("*.c"):
        source = file.read_text(encoding="utf-8")
        named |= set(re.findall(
            r'"([a-z_]+\.[a-z_0-9]+)"', source)) - {
                m for m in re.findall(r'"([a-z_]+\.(?:html|csv|js|css|words|'
                                      r'jsonl|new|db|sha))"', source)}
    prefixes = {key.partition(".")[0] for key in known}
    missing = sorted(k for k in named if k not in known and
                     k.partition(".")[0] in prefixes)
    unused = sorted(k for k in known if k not in named and
                    k.partition(".")[0] not in MADE)
    for key in missing:
        print(f"not ok words: {key} is not in en.words")
    for key in unused:
        print(f"not ok words: {key} is in en.words, and no code names it")
    print("ok words: keys" if not missing + unused else "")


def write_pseudo(out):
    keep = re.compile(r"language\.|number\.|day\.|date\.|mon\.|print\.|said\.")
    with open(out, "w", encoding="utf-8") as file:
        for key, text in entries().items():
            if not keep.match(key):
                text = OPEN + text + CLOSE
            file.write(f"{key} = {text}\n")


class Outside(html.parser.HTMLParser):
    """Text of ours by its element, and not between the marks."""
    OURS = {"h1", "h2", "h3", "th", "caption", "figcaption", "nav", "p",
            "li", "dt", "summary", "footer", "svg"}
    EVIDENCE = {"case", "en", "evidence"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.depth, self.found = [], 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        for name in ("aria-label", "data-label"):
            text = attrs.get(name) or ""
            if re.search("[a-z]{3}", text) and not text.startswith(OPEN):
                self.found.append(f"{name}={text}")
        if tag not in ("meta", "br", "rect", "line", "path", "circle"):
            self.open.append((tag, attrs.get("class") or attrs.get("lang")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = {t for t, _ in self.open}
        classes = {c for _, c in self.open}
        bare = []
        for c in data:
            self.depth += (c == OPEN) - (c == CLOSE)
            bare.append(c if self.depth == 0 and c != CLOSE else " ")
        left = "".join(bare)
        if tags & self.OURS and not tags & {"td", "dd", "pre", "code"} and \
                not ("svg" in tags and "title" in tags) and \
                not classes & self.EVIDENCE and \
                re.search("[A-Za-z]{3}", left):
            self.found.append(" ".join(left.split()))


# What stands alone on purpose: names of fields and of evidence.
ALONE = re.compile(r"([a-z_]+\.csv|SHA-256|MD5|UTC|[A-Z]{3,4}|[;:,. 0-9-]|[a-z.]+@[a-z.]+)*")


def check_outside(folder):
    bad = set()
    for file in sorted(pathlib.Path(folder).glob("*.html")):
        page = Outside(file.read_text(encoding="utf-8"))
        bad |= {f"{file.name}: {text}" for text in page.found
                if not ALONE.fullmatch(text)}
    for one in sorted(bad)[:40]:
        print(f"# {one}")
    print(f"{'not ok' if bad else 'ok'} words: none outside the table")


if sys.argv[1] == "keys":
    check_keys()
elif sys.argv[1] == "pseudo":
    write_pseudo(sys.argv[2])
else:
    check_outside(sys.argv[2])
