#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""The crash matrix: at every single call that changes something, catamaranctl is killed (before the call is carried out, while
it is, after it and before its answer), or the call meets 500, 503, throttling, a cut connection or silence. Then the command is run
again, with the same database and with an empty one as on another machine: the same final state as undisturbed, no
second mesh, nothing left over; and taken back: the range as empty as before. Prints a table; exit code 1 when a point did not hold.

  crashes.py --bin build/release/bin --source DIR [--every N] [--only WORD] [--workers N]

--every N tries each N-th point (all of them take two hours): $CATAMARAN_CRASHES_EVERY, else 131. Exit code 77: skipped, with a reason.
"""
import argparse
import os
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from place import Place, Wrong, compare, outcomes, with_keyring

KILLS = ("hold", "hold-after")
ANSWERS = ("500", "503", "throttle", "cut", "cut-after", "silence", "silence-after")


class Deed:
    """One command, from where it starts to where it ends."""

    def __init__(self, name, words, prepare, again, back):
        self.name, self.words, self.prepare, self.again, self.back = name, words, prepare, again, back


def nothing(place):
    return None


def applied(place):
    place.run(["apply", "--yes", place.fleet], "first.db")


def words_of(place, words):
    return [word.format(fleet=place.fleet, folder=place.folder) for word in words]


def back_by_undo(place, database, same, empty):
    place.undo_all(database)
    if not same: # what the first machine did is taken back there
        place.undo_all("first.db")
    compare(empty, place.settled(), "after taking back")


def stays(place, database, same, empty):
    return None


DEEDS = [
    Deed("apply", ["apply", "--yes", "{fleet}"], nothing, ["apply", "--yes", "{fleet}"], back_by_undo),
    Deed("destroy", ["destroy", "--yes", "{fleet}"], applied, ["destroy", "--yes", "{fleet}"], stays),
    Deed("undo", ["undo", "1", "--yes"], applied, ["undo", "1", "--yes"], stays),
    Deed("drill scale", ["drill", "run", "{folder}/drill.yaml"], applied, ["drill", "restore"], stays),
    Deed("drill move", ["drill", "run", "{folder}/move.yaml"], applied, ["drill", "restore"], stays),
    Deed("drill pods", ["drill", "run", "{folder}/pods.yaml"], applied, ["drill", "restore"], stays),
    Deed("drill http", ["drill", "run", "{folder}/http.yaml"], applied, ["drill", "restore"], stays),
    Deed("drill stages", ["drill", "run", "{folder}/stages.yaml"], applied, ["drill", "restore"], stays),
    Deed("probes", ["matrix", "--with-probes", "--probe-image", "curl:8", "--probe-namespace", "default", "--yes"], applied, ["probes", "remove"], stays),
]


class Matrix:
    def __init__(self, options):
        self.options = options
        self.rows = {}
        self.failures = []

    def reference(self, deed):
        """How many changes the deed makes undisturbed, the state it ends in, and that of the empty range."""
        with Place(self.options) as place:
            empty = place.settled()
            deed.prepare(place)
            before = place.changes()["count"]
            place.run(words_of(place, deed.words), "first.db")
            return place.changes()["count"] - before, place.settled(), empty

    def attempt(self, deed, number, mishap, same, wanted, empty):
        with Place(self.options) as place:
            deed.prepare(place)
            place.settled()
            place.ctl("at", str(number), mishap, *(["3000"] if mishap.startswith("silence") else []))
            process = place.start(words_of(place, deed.words), "first.db")
            if mishap in KILLS:
                until = time.time() + 60
                while process.poll() is None and not place.changes()["met"]:
                    if time.time() > until:
                        raise Wrong("the call did not come")
                    time.sleep(0.02)
                process.kill()
            try:
                _, errors = process.communicate(timeout=240)
            except subprocess.TimeoutExpired:
                process.kill()
                raise Wrong("it did not end")
            if process.returncode < 0 and mishap not in KILLS or process.returncode > 4:
                raise Wrong(f"it ended with {process.returncode}: {errors[-300:]}")
            met = place.changes()["met"]
            place.ctl("go")
            if not met:
                return "not met"
            place.settled()
            database = "first.db" if same else "second.db"
            again = words_of(place, deed.again)
            if deed.name == "undo" and not same:
                again = words_of(place, ["destroy", "--yes", "{fleet}"])
            if deed.name.startswith(("drill", "probes")) and not same:
                again = again + ["--yes"]
            place.run(again, database)
            compare(wanted, place.settled(), "after going on")
            if process.returncode == 0 and mishap in KILLS:
                return "ended before"
            deed.back(place, database, same, empty)
        return "held"

    def tell(self, deed, number, mishap, same, outcome):
        row = self.rows.setdefault((deed.name, mishap, "same database" if same else "empty database"), [0, 0, []])
        row[0] += 1
        if outcome in ("held", "ended before", "not met"):
            row[1] += 1
        else:
            row[2].append(number)
            self.failures.append(f"{deed.name}, change {number}, {mishap}, {'same' if same else 'empty'} database: {outcome}")
            print("  " + self.failures[-1], file=sys.stderr, flush=True)

    def run(self):
        wanted = [deed for deed in DEEDS if not self.options.only or self.options.only in deed.name]
        points = []
        for deed in wanted:
            count, end, empty = self.reference(deed)
            print(f"{deed.name}: {count} changes", flush=True)
            for number in range(1, count + 1):
                for mishap in KILLS + ANSWERS:
                    for same in (True, False):
                        points.append((deed, number, mishap, same, end, empty))
        points = points[:: self.options.every]
        def attempt(point):
            deed, number, mishap, same, end, empty = point
            return self.attempt(deed, number, mishap, same, end, empty)
        for point, outcome in outcomes(points, attempt, self.options.workers):
            self.tell(*point[:4], outcome)
        print(f"\n{'command':<14}{'mishap':<16}{'then':<18}{'points':>7}{'held':>6}  not held at change")
        for (name, mishap, then), (tried, held, lost) in self.rows.items():
            print(f"{name:<14}{mishap:<16}{then:<18}{tried:>7}{held:>6}  {', '.join(map(str, lost))}")
        tried = sum(row[0] for row in self.rows.values())
        held = sum(row[1] for row in self.rows.values())
        print(f"{held} of {tried} points held")
        return 0 if held == tried else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--every", type=int, default=int(os.environ.get("CATAMARAN_CRASHES_EVERY", "131")))
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    return with_keyring(__file__, lambda: Matrix(options).run())


if __name__ == "__main__":
    sys.exit(main())
