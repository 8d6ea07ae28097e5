#!/usr/bin/env python3
"""check_axe.py AXE REPORTS...: axe-core finds nothing on any page, in light
and in dark; and it does find what is planted."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from browser import Browser  # noqa: E402

RUN = ("axe.run(document, {resultTypes: ['violations']}).then(r =>"
       " r.violations.map(v => v.id + ' (' + v.impact + '): ' +"
       " v.nodes[0].html.slice(0, 200)))")


def violations(page, axe):
    page.call("Runtime.evaluate", expression=axe)
    return page.run(RUN)


def main():
    axe = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    failures = 0
    with Browser() as browser, tempfile.TemporaryDirectory() as name:
        page = browser.page()
        planted = pathlib.Path(name) / "page.html"
        planted.write_text("<!DOCTYPE html><title>x</title><p style='color:"
                           "#999'>pale</p><img src='data:,'>")
        page.open(planted)
        found = " ".join(violations(page, axe))
        seen = all(word in found for word in (
            "color-contrast", "html-has-lang", "image-alt"))
        failures += not seen
        print(f"{'ok' if seen else 'not ok'} axe: sees what is planted")
        for folder in map(pathlib.Path, sys.argv[2:]):
            bad = []
            for file in sorted(folder.glob("*.html")):
                if file.name.startswith("messages-") and \
                        file.name != "messages-synced.html":
                    continue  # one of seven alike
                dark = file.name in ("index.html", "timeline.html")
                for scheme in ("light", "dark") if dark else ("light",):
                    page.scheme(scheme)
                    page.open(file)
                    bad += [f"{file.name} {scheme}: {v}"
                            for v in violations(page, axe)]
            failures += bool(bad)
            print(f"{'not ok' if bad else 'ok'} axe: nothing to mend in "
                  f"{folder.parent.name}")
            for one in bad[:20]:
                print(f"# {one}")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
