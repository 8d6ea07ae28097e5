"""Counts for compare_*.py.  A file that differs is either one that
known_differences.csv names with a reason, or a failure; one that is named and
equal is a failure too, so that the list cannot grow old."""
import csv
import os
import sys

LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    'known_differences.csv')


class Verdict:
    def __init__(self, suite):
        self.suite = suite
        self.equal = self.known = self.wrong = 0
        with open(LIST, encoding='utf-8', newline='') as f:
            self.reasons = {row['file']: row['reason']
                            for row in csv.DictReader(f)
                            if row['suite'] == suite}
        self.verbose = '-v' in sys.argv

    def add(self, name, problems):
        reason = self.reasons.get(name)
        if not problems and reason is None:
            self.equal += 1
            return
        if problems and reason is not None:
            self.known += 1
            if not self.verbose:
                return
        else:
            self.wrong += 1
        print(name + ':', reason or 'differs' if problems else
              'is equal, but known_differences.csv names it')
        for p in problems:
            print('   ', p[:700])

    def end(self):
        total = self.equal + self.known + self.wrong
        print(f'{self.suite}: {total} files, {self.equal} equal, '
              f'{self.known} differ as known_differences.csv explains, '
              f'{self.wrong} wrong')
        sys.exit(1 if self.wrong or total == 0 else 0)
