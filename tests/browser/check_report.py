#!/usr/bin/env python3
"""check_report.py PLAIN HOSTILE MANY: the three reports in a real browser.

One line a check, "ok NAME" or "not ok NAME". The hostile report holds an
attack in every text of evidence: nothing of it may run, load, link or hide.
The browser's eyes are tested first, on pages that do misbehave."""
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser  # noqa: E402

failures = 0
POLICY = re.compile(
    r"default-src 'none'; script-src 'self'; "
    r"style-src 'sha256-[A-Za-z0-9+/=]+'; img-src 'self' data:; "
    r"base-uri 'none'; form-action 'none'")
ELEMENTS = set(
    "html head meta title style script body a header p span strong nav main "
    "h1 h2 h3 div section table caption thead tbody tr th td dl dt dd ul ol li "
    "b code footer figure figcaption svg defs pattern path circle rect line "
    "text em g details summary pre".split())
ATTRIBUTES = set(
    "lang charset http-equiv content name src defer class href id aria-label "
    "aria-current scope tabindex role data-label viewBox x y width height cx "
    "cy r d x1 x2 y1 y2 text-anchor patternUnits".lower().split()) | {
        "viewbox", "patternunits", "data-pieces", "data-t", "data-u", "data-from", "data-to",
        "data-left", "data-right", "transform", "stroke-width"}
LINK = re.compile(r"(?:csv/)?[a-z][a-z_0-9-]*\.(?:html|csv)"
                  r"(?:#[A-Za-z0-9_-]+)?|#[a-z]+")


def check(name, ok, why=""):
    global failures
    failures += not ok
    print(f"{'ok' if ok else 'not ok'} {name}", flush=True)
    if not ok and why:
        print(f"# {str(why)[:1500]}")


class Markup(html.parser.HTMLParser):
    """What one file is made of."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes = set(), set()
        self.links, self.anchors, self.order = [], [], []
        self.metas, self.scripts, self.inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.order.append(tag)
        for key, value in attrs:
            self.attributes.add(key)
            if key == "href":
                self.links.append(value)
            if key == "id":
                self.anchors.append(value)
        if tag == "meta":
            self.metas.append(dict(attrs))
        if tag == "script":
            self.scripts.append(dict(attrs))
            self.inside.append("")

    def handle_data(self, data):
        if self.order and self.order[-1] == "script" and self.inside:
            self.inside[-1] += data

    def handle_endtag(self, tag):
        if tag == "script":
            self.order.append("/script")


def check_markup(folder, label):
    files = sorted(folder.glob("*.html"))
    pages = {f.name: Markup(f.read_text(encoding="utf-8")) for f in files}
    odd, policy, links, twice = [], [], [], []
    for name, page in pages.items():
        odd += [f"{name}: {x}" for x in page.elements - ELEMENTS]
        odd += [f"{name}: {x}=" for x in page.attributes - ATTRIBUTES]
        if page.scripts != [{"src": "report.js", "defer": None}] or \
                page.inside[0].strip():
            odd.append(f"{name}: scripts {page.scripts}")
        if page.order[:4] != ["html", "head", "meta", "meta"] or \
                page.metas[0] != {"charset": "utf-8"} or \
                page.metas[1]["http-equiv"] != "Content-Security-Policy" or \
                not POLICY.fullmatch(page.metas[1]["content"]):
            policy.append(name)
        twice += [f"{name}#{a}" for a in set(page.anchors)
                  if page.anchors.count(a) > 1]
        for link in page.links:
            file, _, anchor = link.partition("#")
            if not LINK.fullmatch(link):
                links.append(f"{name}: {link}")
            elif file.startswith("csv/"):
                if not (folder / file).exists():
                    links.append(f"{name}: {link} is not there")
            elif (file or name) not in pages or (
                    anchor and anchor not in pages[file or name].anchors):
                links.append(f"{name}: {link} leads nowhere")
    check(f"{label}: nothing but our elements and attributes", not odd, odd)
    check(f"{label}: the policy is the first element after the charset",
          files and not policy, policy)
    check(f"{label}: every link is ours and leads to something",
          not links, links)
    check(f"{label}: no anchor stands twice", not twice, twice[:5])
    reached, ahead = set(), ["index.html"]
    while ahead:
        name = ahead.pop()
        if name in pages and name not in reached:
            reached.add(name)
            ahead += [link.partition("#")[0] for link in pages[name].links]
    check(f"{label}: every page is reached from the first",
          reached == set(pages), set(pages) - reached)
    hidden = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f"
                        "\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
    raw = [f.name for f in files if hidden.search(
        f.read_text(encoding="utf-8"))]
    check(f"{label}: controls, bidi and zero-width characters are shown, "
          "not sent", not raw, raw)


def trouble(page, folder):
    """What happened that must not."""
    base = folder.resolve().as_uri() + "/"
    found = [f"dialog {d}" for d in page.dialogs]
    found += [f"violation {v}" for v in page.violations]
    found += [f"error {e}" for e in page.errors]
    found += [f"request {r}" for r in page.requests
              if not r.startswith(base) and r != "about:blank"]
    return found


def check_eyes(browser):
    """A check that cannot fail checks nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        policy = ("<meta http-equiv=Content-Security-Policy content=\""
                  "default-src 'none'\">")
        for label, text, word in (
                ("a dialog", "<script>alert(1)</script>", "dialog"),
                ("a request", "<img src='http://evil.example/x'>", "request"),
                ("a violation", policy + "<script>1</script>", "violation"),
                ("an error", "<script>none()</script>", "error")):
            file = folder / "page.html"
            file.write_text("<!DOCTYPE html>" + text)
            page = browser.page()
            page.open(file)
            check(f"the browser sees {label}",
                  any(t.startswith(word) for t in trouble(page, folder)),
                  trouble(page, folder))
            page.close()


def check_hostile(browser, folder):
    found, counts = [], []
    for file in sorted(folder.glob("*.html")):
        page = browser.page()
        if not page.open(file):
            found.append(f"{file.name} did not load")
        page.run("document.querySelectorAll('th button').forEach("
                 "b => b.click())")
        page.run("document.querySelectorAll('input').forEach(i => {"
                 "i.value = '<script>'; i.dispatchEvent(new Event('input'))})")
        # Hover and focus, as event handlers would have it.
        page.run("document.querySelectorAll('*').forEach(e => {"
                 "e.dispatchEvent(new MouseEvent('mouseover'));"
                 "e.dispatchEvent(new Event('error'));"
                 "e.dispatchEvent(new Event('load'))})")
        found += [f"{file.name}: {t}" for t in trouble(page, folder)]
        counts.append(page.run(
            "document.querySelectorAll('img, iframe, object, embed, form,"
            " link, base, audio, video, foreignObject').length"))
        page.close()
    check("hostile: no dialog, request, violation or error", not found, found)
    check("hostile: no element of evidence's making", sum(counts) == 0,
          counts)
    page = browser.page()
    page.open(folder / "timeline.html")
    text = page.run("document.body.textContent")
    check("hostile: the attacks are shown as text",
          "<script>alert(1)</script>" in text and "\\x1b[31m" in text
          and "\\u202e" in text, text[:300])
    page.close()


OVERFLOW = """(() => [...document.querySelectorAll('main *')].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX ===
  'visible' && e.clientWidth > 0 && !e.closest('.scroll') &&
  !(e instanceof SVGElement)).map(e => e.tagName + ' ' +
  e.textContent.slice(0, 60)))()"""

CONTRAST = """(() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number);
    return m.length > 3 && m[3] === 0 ? null : m; };
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const back = e => { for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c) return c; } return [255, 255, 255]; };
  const bad = new Set();
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (e instanceof SVGElement || !e.textContent.trim() ||
        ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
      continue;
    const s = getComputedStyle(e), a = lum(parse(s.color)), b = lum(back(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.add(e.className + ' ' + e.tagName + ' ' +
      ratio.toFixed(2));
  }
  return [...bad];
})()"""


def check_looks(browser, folder):
    wide, contrast, plain = [], [], []
    page = browser.page()
    for file in sorted(folder.glob("*.html")):
        for width in (400, 1280):
            page.size(width, 900)
            page.open(file)
            if page.run("document.documentElement.scrollWidth") > width:
                wide.append(f"{file.name} at {width}")
            wide += [f"{file.name} at {width}: {x}"
                     for x in page.run(OVERFLOW)]
        for scheme in ("light", "dark"):
            page.scheme(scheme)
            contrast += [f"{file.name} {scheme}: {x}"
                         for x in page.run(CONTRAST)]
        page.scheme("light")
        plain += page.run(
            "[...document.querySelectorAll('th')].filter(t => "
            "!t.getAttribute('scope')).map(t => t.textContent)")
        if page.run("document.querySelectorAll('h1').length") < 1 or \
                page.run("document.querySelectorAll('main, nav, header, "
                         "footer').length") < 4:
            plain.append(f"{file.name}: landmarks")
    check("plain: nothing is wider than the screen at 400 and 1280 pixels",
          not wide, wide)
    check("plain: text stands out from its ground, light and dark",
          not contrast, contrast)
    check("plain: landmarks, headings and column heads are marked up",
          not plain, plain)
    tables = page.run("1") and [
        f for f in ("records.html", "messages-accessed.html", "people.html",
                    "evidence.html", "timeline.html")
        if page.size(1280, 900) is None and page.open(folder / f) and page.run(
            "[...document.querySelectorAll('.scroll')].some(e => "
            "e.scrollWidth > e.clientWidth + 1)")]
    check("plain: the main tables fit at 1280 pixels", not tables, tables)
    page.close()


def check_script(browser, folder):
    page = browser.page()
    page.open(folder / "records.html")
    total = page.run("document.querySelectorAll('tbody tr').length")
    page.run("document.querySelector('input').focus()")
    page.call("Input.insertText", text="sync inbox")
    page.run("new Promise(r => setTimeout(r, 200))")
    shown = page.run("[...document.querySelectorAll('tbody tr')].filter(r => "
                     "r.offsetParent).map(r => r.textContent)")
    check("script: the filter shows the rows that hold every word",
          0 < len(shown) < total and all("sync" in r and "Inbox" in r
                                         for r in shown), len(shown))
    page.open(folder / "evidence.html")
    numbers = ("[...document.querySelector('table').tBodies[0].rows].map(r =>"
               " Number(r.cells[2].textContent.replace(/,/g, '')))")
    # By keyboard alone: focus the heading, press Enter twice.
    page.run("document.querySelectorAll('th')[2].querySelector('button')"
             ".focus()")
    page.key("Enter", 13)
    up = page.run(numbers)
    page.key("Enter", 13)
    down = page.run(numbers)
    check("script: a heading sorts by number, by keyboard, both ways",
          up == sorted(up) and down == sorted(down, reverse=True)
          and up != down, (up, down))
    check("script: the order is told to screen readers", page.run(
        "document.querySelectorAll('th')[2].getAttribute('aria-sort')")
        == "descending")
    page.open(folder / "timeline.html")
    bars = ("[...document.querySelector('svg[data-from]').querySelectorAll("
            "'[data-t]:not(.out)')].map(r => Number(r.getAttribute('x')))")
    before = page.run(bars)
    page.run("document.querySelector('.zoom button').focus()")
    for _ in range(2):
        page.key("Enter", 13)
    closer = page.run(bars)
    page.run("[...document.querySelectorAll('.zoom button')][4].click()")
    after = page.run(bars)
    check("script: the timeline zooms by keyboard, and back",
          0 < len(closer) < len(before) == len(after),
          (len(before), len(closer), len(after)))
    page.open(folder / "index.html")
    page.go("[...document.querySelectorAll('.figures a')][0].click()")
    check("navigation: a number of page one leads to its rows",
          page.run("location.pathname").endswith("messages-accessed.html"))
    page.go("document.querySelector('td a').click()")
    check("navigation: a row leads to why, and the place is marked",
          page.run("location.pathname").endswith("why.html")
          and page.run("!!document.querySelector('section:target')"))
    page.close()
    page = browser.page()
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.loaded = False
    page.call("Page.navigate", url=(folder / "records.html").as_uri())
    while not page.loaded:
        browser.pump(0.05)
    tree = page.call("DOM.getDocument", depth=-1)
    count = str(tree).count("'nodeName': 'TR'")
    check("no script: the table is whole", count >= total, (count, total))
    page.close()


def search(page, folder, words):
    page.open(folder / "search.html")
    page.run("document.querySelector('input').focus()")
    page.call("Input.insertText", text=words)
    for _ in range(100):
        said = page.run("new Promise(r => setTimeout(() => r(document"
                        ".querySelector('output').textContent), 50))")
        if said and "loading" not in said:
            break
    return said, page.run("[...document.querySelectorAll('ol li')].map(l =>"
                          " [l.querySelector('a').getAttribute('href'),"
                          " l.textContent])")


def check_search(browser, plain, hostile, many):
    page = browser.page()
    said, rows = search(page, plain, "quarterly accessed ALICE")
    check("search: every word counts, in any case", said == "1 row" and
          rows[0][0].startswith("why.html#M-") and
          "Quarterly figures" in rows[0][1], (said, rows[:3]))
    page.go("document.querySelector('ol a').click()")
    check("search: a row leads to its place",
          page.run("!!document.querySelector('section:target')"))
    said, rows = search(page, plain, "dolores us-ca")
    check("search: people are found", said == "1 row" and
          rows[0][0].startswith("people.html#P-"), (said, rows[:3]))
    check("search: nothing goes wrong", not trouble(page, plain),
          trouble(page, plain))
    page.close()
    page = browser.page()
    for words in ("(", "[a-", "\\\\", ".*(?"):
        search(page, hostile, words)
    check("search: signs are letters", not trouble(page, hostile),
          trouble(page, hostile))
    said, rows = search(page, hostile, "<script>")
    check("search: hostile rows are text", rows and
          not trouble(page, hostile) and page.run(
              "document.querySelectorAll('ol img, ol script, ol svg, ol a a')"
              ".length") == 0 and all(LINK.fullmatch(r[0]) for r in rows),
          (said, trouble(page, hostile), rows[:2]))
    page.close()
    page = browser.page()
    said, rows = search(page, many, "lunch?")
    check("search: many rows, the first are shown",
          len(rows) == 200 and "the first 200 shown" in said, said)
    page.close()


def check_print(browser, folder):
    page = browser.page()
    page.open(folder / "print.html")
    with tempfile.TemporaryDirectory() as name:
        pdf = pathlib.Path(name) / "report.pdf"
        page.pdf(pdf)
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"],
                              capture_output=True, text=True).stdout
        info = subprocess.run(["pdfinfo", pdf], capture_output=True,
                              text=True).stdout
        page.pdf(pdf, (8.5, 11))
        letter = subprocess.run(["pdftotext", "-layout", pdf, "-"],
                                capture_output=True, text=True).stdout
        letter_info = subprocess.run(["pdfinfo", pdf], capture_output=True,
                                     text=True).stdout
    letter_pages = int(re.search(r"Pages: +(\d+)", letter_info)[1])
    pages = int(re.search(r"Pages: +(\d+)", info)[1])
    check("print: A4, numbered pages", "A4" in info and
          f"Page {pages} of {pages}" in text, info)
    check("print: Letter, numbered pages", "612 x 792" in letter_info and
          f"Page {letter_pages} of {letter_pages}" in letter, letter_info)
    synced = text[text.index("Messages synced"):
                  text.index("Messages presumed read")]
    with_rows = [sheet for sheet in synced.split("\f") if "M-" in sheet]
    check("print: table heads are repeated", len(with_rows) > 1 and all(
        "Rules, and why" in sheet for sheet in with_rows), len(with_rows))
    page.close()


def check_many(browser, folder):
    page = browser.page()
    page.open(folder / "messages.html")
    page.go("document.querySelector('a[href=\"messages-not_shown.html\"]')"
            ".click()")
    rows = page.run("document.querySelectorAll('tbody tr').length")
    check("many: a page holds 2,000 rows", rows == 2000, rows)
    page.go("[...document.querySelectorAll('.pages a')].pop().click()")
    check("many: the index leads to the last page",
          page.run("location.pathname").endswith("messages-not_shown-2.html")
          and page.run("document.querySelectorAll('tbody tr').length") > 0)
    page.close()


def main():
    plain, hostile, many = (pathlib.Path(a).resolve() / "reports"
                            for a in sys.argv[1:4])
    check_markup(plain, "plain")
    check_markup(hostile, "hostile")
    check_markup(many, "many")
    with Browser() as browser:
        check_eyes(browser)
        check_hostile(browser, hostile)
        check_looks(browser, plain)
        check_script(browser, plain)
        check_search(browser, plain, hostile, many)
        check_print(browser, plain)
        check_many(browser, many)
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
