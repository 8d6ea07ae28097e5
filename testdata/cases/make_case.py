#!/usr/bin/env python3
"""make_case.py NAME FOLDER: write a worked case's evidence, incident file and
truth below FOLDER.  The same bytes every time."""
import os
import shutil
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
NAME, FOLDER = sys.argv[1], sys.argv[2]
sys.path.insert(0, os.path.join(HERE, NAME))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
sys.path.insert(0, os.path.join(HERE, NAME))
import mail         # noqa: E402
import scenario     # noqa: E402
import truth        # noqa: E402


def write(path, data):
    path = os.path.join(FOLDER, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data.encode() if isinstance(data, str) else data)


def main():
    shutil.rmtree(os.path.join(FOLDER, "evidence"), ignore_errors=True)
    messages = scenario.all_messages()
    for message in messages:
        box = message.mailbox.partition("@")[0]
        path = "evidence/%s/%s/%s.eml" % (box, message.folder, message.name)
        message.path = path
        write(path, mail.eml(message))
    for path, data in scenario.log_files():
        write("evidence/" + path, data)
    for name in os.listdir(os.path.join(HERE, NAME)):
        if name.endswith((".yaml", ".csv")):
            shutil.copy(os.path.join(HERE, NAME, name),
                        os.path.join(FOLDER, name))
    folder = os.path.join(FOLDER, "truth")
    os.makedirs(folder, exist_ok=True)
    truth.write_mail(folder, scenario, messages, scenario.all_records())
    if scenario.LOG:
        truth.write_log(folder, scenario, messages, scenario.all_records())
    truth.write(folder, "coverage", ("mailbox", "from_utc", "to_utc",
                                     "status"), scenario.coverage_rows())
    truth.write(folder, "problems", ("kind", "severity", "items_lost"),
                scenario.problem_rows())


main()
