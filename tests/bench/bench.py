#!/usr/bin/env python3
"""bench.py BUILD [--big] [--quick]: speed and memory beside the peers.

Makes evidence with our own generators (kept in BUILD/bench/evidence), runs
postmortem and each peer on the same files in turn, A B A B, and prints CPU
seconds (user + system, all processes), wall seconds, MB/s of input per CPU
second, the largest process, and the ratio peer / postmortem pair by pair.
Machines differ and drift: quote the ratios.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

MB = 1000 * 1000


def run_once(command, cwd):
    """(status, cpu seconds, wall seconds, peak MiB of the largest process)"""
    start = time.monotonic()
    pid = os.posix_spawnp(
        "sh", ["sh", "-c", "cd '%s' && exec %s" % (cwd, command)], os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                      (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime,
            time.monotonic() - start, usage.ru_maxrss / 1024)


class Bench:
    def __init__(self, build, runs):
        self.build = pathlib.Path(build).resolve()
        self.evidence = self.build / "bench" / "evidence"
        self.evidence.mkdir(parents=True, exist_ok=True)
        self.room = tempfile.mkdtemp(prefix="bench.",
                                     dir=self.build / "bench")
        self.runs = runs

    def make(self, name, command):
        """A generated file or folder; made once, by rename."""
        path = self.evidence / name
        if not path.exists():
            new = self.evidence / (name + ".new")
            subprocess.run(command.format(out=new, build=self.build),
                           shell=True, check=True)
            new.rename(path)
        return path

    def size(self, path):
        if path.is_dir():
            return sum(f.stat().st_size for f in path.rglob("*")
                       if f.is_file())
        return path.stat().st_size

    def one(self, command):
        shutil.rmtree(self.room)
        os.mkdir(self.room)
        return run_once(command, self.room)

    def row(self, title, size, results):
        cpu = statistics.median(r[1] for r in results)
        wall = statistics.median(r[2] for r in results)
        peak = max(r[3] for r in results)
        status = sorted({r[0] for r in results})
        print(f"| {title} | {size / MB:.0f} | {cpu:.2f} | {wall:.2f} "
              f"| {size / MB / cpu if cpu else 0:.0f} | {peak:.0f} "
              f"| {', '.join(map(str, status))} |", flush=True)
        return cpu

    def compare(self, what, path, ours, peers):
        size = self.size(path)
        self.one(ours)  # warms the page cache; not counted
        mine, theirs = [], {title: [] for title, _ in peers}
        for _ in range(self.runs):
            mine.append(self.one(ours))
            for title, command in peers:
                theirs[title].append(self.one(command))
        self.row(what, size, mine)
        for title, _ in peers:
            self.row("&nbsp; " + title, size, theirs[title])
        return [(what, title, statistics.median(
            t[1] / m[1] for t, m in zip(theirs[title], mine)))
            for title, _ in peers]


def tool(name):
    return shutil.which(name) is not None


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("build")
    options.add_argument("--big", action="store_true",
                         help="also a PST of 4 GB")
    options.add_argument("--quick", action="store_true",
                         help="a tenth of the size, one run")
    options.add_argument("--runs", type=int, default=3)
    o = options.parse_args()
    bench = Bench(o.build, 1 if o.quick else o.runs)
    scale = 10 if o.quick else 1
    pm = bench.build / "postmortem"
    analyze = f"{pm} analyze -q --no-progress -j 1 -o case "
    gen = "{build}/benchgen"
    ratios = []
    print("| what | MB | CPU s | wall s | MB per CPU s | peak MiB | exit |")
    print("|---|---|---|---|---|---|---|")

    def kind(name, size_mb, command, peers, ours=None):
        size_mb //= scale
        path = bench.make(f"{size_mb}-{name}", command.replace(
            "{mb}", str(size_mb)))
        found = [(t, c.format(path=path, build=bench.build))
                 for t, c, needs in peers if tool(needs) or
                 (bench.build / needs).exists()]
        ratios.extend(bench.compare(
            name, path, (ours or analyze + "{path}").format(path=path),
            found))

    pst_peers = [
        ("readpst -S", "readpst -q -j0 -S -o . {path}", "readpst"),
        ("pffexport -m items", "pffexport -q -m items -t out {path}",
         "pffexport")]
    kind("big.pst", 400, "{build}/pstgen --bytes {mb}M --seed 1 {out}",
         pst_peers)
    kind("big.mbox", 300, gen + " mbox {mb}M 1 > {out}", [
        ("bulk_extractor -x all -e email -e accts",
         "bulk_extractor -q -j 1 -x all -e email -e accts -o out {path}",
         "bulk_extractor"),
        ("sha256sum", "sha256sum {path}", "sha256sum")])
    kind("eml", 300, gen + " eml {mb}M 1 {out}", [
        ("GMime walk and decode", "{build}/bench/gmime_walk {path}",
         "bench/gmime_walk")])
    kind("ual.jsonl", 500, gen + " ual-jsonl {mb}M 1 > {out}", [
        ("jq select", "jq -c 'select(.Operation==\"MailItemsAccessed\")|"
         "[.Id,.CreationTime,.UserId]' {path}", "jq")])
    kind("ual.csv", 500, gen + " purview-csv {mb}M 1 > {out}", [
        ("sqlite3 .import", "sqlite3 t.db 'PRAGMA synchronous=off' "
         "'.mode csv' '.import {path} t'", "sqlite3")])
    if o.big:
        kind("huge.pst", 4000,
             "{build}/pstgen --bytes {mb}M --seed 1 {out}", pst_peers)
    print("\n| postmortem analyze against | CPU of the peer / ours |")
    print("|---|---|")
    for what, title, ratio in ratios:
        print(f"| {what}: {title} | {ratio:.2f} |")
    shutil.rmtree(bench.room)
    return 0


if __name__ == "__main__":
    sys.exit(main())
