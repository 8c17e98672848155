#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""The journal cannot be written: the disk is full from some write of an execution on, the database is damaged while a call is held, or
its folder is mounted for reading. Nothing is done that is not journalled, nothing crashes, the error says it: run again with room (or
with an empty database, where the first is lost) the same final state as undisturbed, taken back the range as empty as before. What a
drill broke is put back without the journal. Prints a table; exit code 1 when a point did not hold.

  unwritten.py --bin build/release/bin --source DIR [--every N] [--only WORD] [--workers N]

--every N tries each N-th point: $CATAMARAN_UNWRITTEN_EVERY, else 41. Exit code 77: skipped, with a reason.
"""
import argparse
import os
import random
import resource
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from crashes import DEEDS, words_of
from place import Place, Wrong, compare, outcomes, with_keyring

PAGE = 4096
SHARED = 32768 # SQLite's index of its log has to fit, else nothing is opened at all
READING = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"']


class Unwritten:
    def __init__(self, options):
        self.options = options
        self.rows = {}
        self.failures = []

    def reference(self, deed):
        """How many calls the deed makes and how much it writes, undisturbed, and the states it ends in and began with."""
        with Place(self.options) as place:
            empty = place.settled()
            deed.prepare(place)
            before = place.changes()["count"]
            largest = 0
            process = place.start(words_of(place, deed.words), "first.db")
            while process.poll() is None:
                try:
                    largest = max(largest, os.path.getsize(os.path.join(place.folder, "first.db-wal")))
                except OSError:
                    pass
                time.sleep(0.01)
            if process.wait() != 0:
                raise Wrong("undisturbed it ended with %d: %s" % (process.returncode, process.communicate()[1][-300:]))
            return place.changes()["count"] - before, largest, place.settled(), empty

    @staticmethod
    def ended(process, what):
        try:
            _, errors = process.communicate(timeout=240)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Wrong("it did not end")
        if process.returncode not in (0, 1, 2, 3, 4):
            raise Wrong("it ended with %d: %s" % (process.returncode, errors[-300:]))
        if process.returncode != 0 and not any(word in errors for word in what):
            raise Wrong("not said that the journal could not be written: " + errors[-500:])
        return process.returncode, errors

    def start(self, place, words, limit=None, prefix=()):
        def before():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return subprocess.Popen([*prefix, *place.command(words, "first.db")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, preexec_fn=before if limit else None)

    def full(self, deed, limit, end, empty):
        with Place(self.options) as place:
            deed.prepare(place)
            place.settled()
            code, _ = self.ended(self.start(place, words_of(place, deed.words), limit), ("catamaran.db", "first.db", "disk", "full", "I/O"))
            if deed.name.startswith("drill"):
                compare(end, place.settled(), "right after the drill")
            place.run(words_of(place, deed.again), "first.db")
            compare(end, place.settled(), "after going on")
            if code == 0:
                return "it had room"
            deed.back(place, "first.db", True, empty)
        return "held"

    def damaged(self, deed, number, end, _):
        with Place(self.options) as place:
            deed.prepare(place)
            place.settled()
            place.ctl("at", str(number), "hold")
            process = self.start(place, words_of(place, deed.words))
            until = time.monotonic() + 60
            while process.poll() is None and not place.changes()["met"] and time.monotonic() < until:
                time.sleep(0.02)
            if process.poll() is None:
                self.scribble(os.path.join(place.folder, "first.db"))
            place.ctl("go")
            code, _ = self.ended(process, ("damaged", "malformed", "not a database", "corrupt", "first.db"))
            if deed.name.startswith("drill"):
                compare(end, place.settled(), "right after the drill")
            again = words_of(place, ["destroy", "--yes", "{fleet}"] if deed.name == "undo" else deed.again)
            refused = subprocess.run(place.command(again, "first.db"), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)
            if refused.returncode not in (0, 1, 2, 3, 4):
                raise Wrong("with the damaged database it ended with %d: %s" % (refused.returncode, refused.stderr[-300:]))
            place.run(again + (["--yes"] if "restore" in again else []), "second.db")
            compare(end, place.settled(), "after going on")
            return "held" if code != 0 else "it had nothing more to write"

    @staticmethod
    def scribble(path):
        """Every page's head, of the file and of its log; as a bad disk or another program would."""
        for name, first, step in ((path, 0, PAGE), (path + "-wal", 32, PAGE + 24)):
            if not os.path.exists(name):
                continue
            with open(name, "r+b") as file:
                for at in range(first, os.path.getsize(name), step):
                    file.seek(at)
                    file.write(random.Random(at).randbytes(64))

    def read_only(self, deed, _, end, __):
        with Place(self.options) as place:
            deed.prepare(place)
            before = place.settled()
            place.run(["history"], "first.db")
            code, _ = self.ended(self.start(place, words_of(place, deed.words), prefix=[*READING, place.folder]), ("written", "read-only", "readonly", "first.db"))
            if code == 0:
                raise Wrong("it did its work without a journal")
            compare(before, place.settled(), "nothing is to be done")
            if deed.name.startswith("drill"): # what another one left is put back all the same
                place.ctl("at", "3", "hold") # the Lease, the fault, its restore
                process = place.start(words_of(place, deed.words), "first.db")
                until = time.monotonic() + 60
                while not place.changes()["met"] and time.monotonic() < until:
                    time.sleep(0.02)
                process.kill()
                process.communicate()
                place.ctl("go")
                self.ended(self.start(place, ["drill", "restore"], prefix=[*READING, place.folder]), ("written", "read-only", "first.db"))
                compare(end, place.settled(), "after a restore without a journal")
        return "held"

    def run(self):
        points = []
        for deed in DEEDS:
            if self.options.only and self.options.only not in deed.name:
                continue
            calls, size, end, empty = self.reference(deed)
            print("%s: %d changes, %d pages of journal" % (deed.name, calls, size // PAGE), flush=True)
            points += [("full from page %d on" % (limit // PAGE), "full", self.full, deed, limit, end, empty) for limit in range(SHARED + PAGE, max(size, SHARED) + 2 * PAGE, PAGE)]
            points += [("damaged at change %d" % number, "damaged", self.damaged, deed, number, end, empty) for number in range(2, calls + 1)]
            if subprocess.run([*READING, "/tmp", "true"], capture_output=True).returncode == 0:
                points += [("for reading only", "read-only", self.read_only, deed, 0, end, empty)] * self.options.every
        points = points[:: self.options.every]

        for (what, kind, _, deed, *_), outcome in outcomes(points, lambda point: point[2](*point[3:]), self.options.workers):
            row = self.rows.setdefault((deed.name, kind), [0, 0])
            row[0] += 1
            if outcome in ("held", "it had room", "it had nothing more to write"):
                row[1] += 1
            else:
                self.failures.append("%s, %s: %s" % (deed.name, what, outcome))
                print("  " + self.failures[-1], file=sys.stderr, flush=True)
        print("\n%-14s%-12s%8s%8s" % ("command", "journal", "points", "held"))
        for (name, kind), (tried, held) in self.rows.items():
            print("%-14s%-12s%8d%8d" % (name, kind, tried, held))
        tried, held = (sum(row[at] for row in self.rows.values()) for at in (0, 1))
        print("%d of %d points held" % (held, tried))
        return 0 if held == tried else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--every", type=int, default=int(os.environ.get("CATAMARAN_UNWRITTEN_EVERY", "41")))
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    return with_keyring(__file__, lambda: Unwritten(options).run())


if __name__ == "__main__":
    sys.exit(main())
