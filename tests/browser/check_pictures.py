#!/usr/bin/env python3
"""check_pictures.py [--update] REPORTS: the main pages look as they did.

A golden picture is a page's first screens, made so small that letters are
grey and a font more or less does not matter: a grid of brightness, 0 to 15, a
hex digit each, as text in golden/. A picture may differ a little everywhere
and much in a few places."""
import base64
import pathlib
import struct
import sys
import tempfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser  # noqa: E402

GOLDEN = pathlib.Path(__file__).parent / "golden"
CELL = 20  # pixels of the page a digit stands for
MEAN_MOST = 0.6
MUCH, MUCH_MOST = 5, 0.03

PICTURES = (
    ("index", 1280, "light"), ("index", 1280, "dark"), ("index", 400, "light"),
    ("timeline", 1280, "light"), ("messages", 1280, "light"),
    ("people", 1280, "light"), ("duties", 1280, "light"),
    ("coverage", 1280, "light"), ("organizations", 1280, "light"),
    ("scope", 1280, "light"))


def pixels(png):
    """Rows of brightness of an 8-bit RGB or RGBA picture (PNG 9.2)."""
    at, data, width, depth = 8, b"", 0, 3
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width = struct.unpack(">I", body[:4])[0]
            depth = {2: 3, 6: 4}[body[9]]
        elif kind == b"IDAT":
            data += body
        at += size + 12
    raw, line, rows = zlib.decompress(data), width * depth, []
    before = bytearray(line)
    for start in range(0, len(raw), line + 1):
        row = bytearray(raw[start + 1:start + 1 + line])
        for i in range(line):
            left = row[i - depth] if i >= depth else 0
            up, corner = before[i], before[i - depth] if i >= depth else 0
            row[i] = (row[i] + guess(raw[start], left, up, corner)) & 255
        rows.append([sum(row[i:i + 3]) // 3
                     for i in range(0, line, depth)])
        before = row
    return rows


def guess(kind, left, up, corner):
    if kind < 3:
        return (0, left, up)[kind]
    if kind == 3:
        return (left + up) // 2
    p = left + up - corner
    return min((abs(p - left), 0, left), (abs(p - up), 1, up),
               (abs(p - corner), 2, corner))[2]


def grid(page, file, width, scheme):
    page.scheme(scheme)
    page.size(width, 900)
    page.open(file)
    page.run("document.fonts.ready.then(() => 1)")
    answer = page.call(
        "Page.captureScreenshot", format="png", captureBeyondViewport=True,
        clip={"x": 0, "y": 0, "width": width, "height": 1600,
              "scale": 1 / CELL})
    page.scheme("light")
    return ["".join("%x" % (v // 16) for v in row)
            for row in pixels(base64.b64decode(answer["data"]))]


def difference(one, other):
    """Why two grids are not alike; empty when they are."""
    if len(one) != len(other) or len(one[0]) != len(other[0]):
        return f"{len(one[0])}x{len(one)}, was {len(other[0])}x{len(other)}"
    apart = [abs(int(a, 16) - int(b, 16)) for x, y in zip(one, other)
             for a, b in zip(x, y)]
    mean = sum(apart) / len(apart)
    much = sum(d > MUCH for d in apart) / len(apart)
    if mean > MEAN_MOST or much > MUCH_MOST:
        return f"mean difference {mean:.2f}, much in {much:.1%}"
    return ""


def main():
    update = sys.argv[1] == "--update"
    folder = pathlib.Path(sys.argv[-1])
    failures, last = 0, None
    with Browser() as browser, tempfile.TemporaryDirectory() as name:
        page = browser.page()
        for title, width, scheme in PICTURES:
            file = GOLDEN / f"{title}-{width}-{scheme}.txt"
            now = grid(page, folder / f"{title}.html", width, scheme)
            if update:
                file.write_text("\n".join(now) + "\n")
                continue
            was = file.read_text().split()
            why = difference(now, was)
            failures += bool(why)
            print(f"{'not ok' if why else 'ok'} picture: {file.stem} looks "
                  f"as it did {why}")
            last = was if title == "index" and width == 1280 and \
                scheme == "light" else last
        if not update:
            # A page without its style must be seen.
            bare = pathlib.Path(name) / "index.html"
            text = (folder / "index.html").read_text(encoding="utf-8")
            head, _, rest = text.partition("<style>")
            bare.write_text(head + rest.partition("</style>")[2],
                            encoding="utf-8")
            why = difference(grid(page, bare, 1280, "light"), last)
            failures += not why
            print(f"{'ok' if why else 'not ok'} picture: a page without its "
                  "style is told apart")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
