#!/usr/bin/env python3
"""sentences.py [NAME]: contract 3 and the tables of 5 that tell of the log,
sentence by sentence (contract3/), each on files made for it (small_case.py)."""
import concurrent.futures
import sys
import traceback

sys.dont_write_bytecode = True
import contract3  # noqa: E402,F401
from contract3.cases import CASES  # noqa: E402
from small_case import Case  # noqa: E402


def run_one(function):
    window = Case()
    try:
        function(window)
        return function.__name__, None, window
    except Exception:
        return function.__name__, traceback.format_exc(), window


def main():
    wanted = [f for f in CASES if len(sys.argv) < 2 or
              any(a in f.__name__ for a in sys.argv[1:])]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, wrong, c in pool.map(run_one, wanted):
            words = name.replace("_", " ")
            if wrong:
                last = wrong.strip().split("\n")
                print("# " + "\n# ".join(last[-6:]))
                print("#", getattr(c, "folder", ""))
                print("not ok " + words)
            else:
                c.done()
                print("ok " + words)


main()
