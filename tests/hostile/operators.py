#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""Two operators on one fleet: while a call of the first one's command is held, a second one tries every command that changes
something: with the same database, with another database on this machine (only the Lease tells of the first), and as if on another
machine (a namespace of processes of its own). It has to be refused at once, with a sentence that says who holds it since when, and
changes nothing; let go, the first ends well, and so does the second then. And both start at the same moment, from two databases
and from one: what they carried out never overlaps, and the fleet is as after one. Prints a table; exit code 1 when a point did not hold.

  operators.py --bin build/release/bin --source DIR [--only WORD] [--rounds N]

--rounds: how often both start at once, for each pair (default: $CATAMARAN_OPERATORS_ROUNDS, else 1). Exit code 77: skipped, with a reason.
"""
import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from place import Place, Wrong, compare, with_keyring

SENTENCE = re.compile(r"(?:holds it since|runs since|begun) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:; it is run by|,| by) process (\d+) on")
ELSEWHERE = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]

APPLY, OTHER = ["apply", "--yes", "{fleet}"], ["apply", "--yes", "{folder}/other.yaml"]
DESTROY, UNDO = ["destroy", "--yes", "{fleet}"], ["undo", "1", "--yes"]
DRILL, MOVE, RESTORE = ["drill", "run", "{folder}/drill.yaml"], ["drill", "run", "{folder}/move.yaml"], ["drill", "restore"]
MOVED = ["move-client", "cluster-1", "cluster-2", "--yes"]

# What the first does, whether the fleet is there before, at which of its calls it is held, and what the second tries then.
HELD = [
    ("apply", APPLY, False, [("2", "hold"), ("9", "hold-after"), ("20", "hold")], [APPLY, DESTROY, DRILL, UNDO]),
    ("drill", DRILL, True, [("2", "hold-after"), ("3", "hold"), ("3", "hold-after")], [OTHER, DESTROY, DRILL, MOVE, MOVED, RESTORE, UNDO]),
    ("destroy", DESTROY, True, [("4", "hold")], [OTHER, DESTROY, DRILL, UNDO]),
    ("undo", UNDO, True, [("4", "hold")], [APPLY, DESTROY, DRILL, UNDO]),
]
TOGETHER = [("apply", APPLY, "apply", APPLY, False), ("drill", DRILL, "drill", DRILL, True), ("drill", DRILL, "other fleet", OTHER, True),
            ("destroy", DESTROY, "apply", OTHER, True), ("drill", DRILL, "restore", RESTORE, True)]


class Operators:
    def __init__(self, options):
        self.options = options
        self.rows = []
        elsewhere = subprocess.run([*ELSEWHERE, "true"], capture_output=True, text=True)
        self.places = [("one database", "first.db", []), ("two databases", "second.db", [])]
        if elsewhere.returncode == 0:
            self.places.append(("another machine", "third.db", ELSEWHERE))
        else:
            print("not tried: another machine, for no namespace of processes can be made here: " + elsewhere.stderr.strip(), flush=True)

    def place(self):
        place = Place(self.options)
        with open(place.fleet) as fleet: # the same fleet with one object more, so that there is something to apply
            text = fleet.read()
        with open(os.path.join(place.folder, "other.yaml"), "w") as other:
            other.write(text.rstrip() + "\n  - cluster: cluster-2\n    namespace: default\n    manifest: sleep\n")
        return place

    def tell(self, point, outcome):
        self.rows.append((point, outcome))
        print("%-74s %s" % (point, outcome or "held"), flush=True)

    def try_point(self, point, attempt, *arguments):
        if self.options.only and self.options.only not in point:
            return
        try:
            self.tell(point, attempt(*arguments))
        except (Wrong, OSError, ValueError, KeyError, sqlite3.Error, subprocess.SubprocessError) as wrong:
            self.tell(point, "%s: %s" % (type(wrong).__name__, wrong))

    @staticmethod
    def words(place, words):
        return [word.format(fleet=place.fleet, folder=place.folder) for word in words]

    @staticmethod
    def executions(place, database):
        """(uid, begin, end, purpose, state) of each execution that the database knows, but for a drill's own restore."""
        path = os.path.join(place.folder, database)
        if not os.path.exists(path):
            return []
        with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as connection:
            return connection.execute("SELECT uid, at, ended, purpose, state FROM execution WHERE undoes IS NULL OR undoes NOT IN (SELECT id FROM execution WHERE purpose = 'drill')").fetchall()

    # --- one is held, the other tries ---------------------------------------------------------------------------------

    def held(self, name, words, applied, at, tries):
        with self.place() as place:
            if applied:
                place.run(self.words(place, APPLY), "first.db")
            place.settled()
            place.ctl("at", *at)
            first = place.start(self.words(place, words), "first.db")
            until = time.monotonic() + 60
            while not place.changes()["met"]:
                if first.poll() is not None or time.monotonic() > until:
                    raise Wrong("the first did not come to its call: " + first.communicate()[1][-300:])
                time.sleep(0.02)
            call = place.changes()["call"]
            known = {database: len(self.executions(place, database)) for _, database, _ in self.places}
            if name == "drill": # nothing else of it goes on meanwhile
                before = place.state()
            for where, database, prefix in self.places:
                for trying in tries:
                    self.try_point("%s held %s call %s (%s), %s, %s" % (name, "before" if at[1] == "hold" else "after", at[0], call.split()[0], os.path.basename(" ".join(trying)), where),
                                   self.refused, place, first, prefix, trying, database, known[database], at == ("3", "hold-after"))
            if name == "drill":
                self.try_point("%s held at call %s: nothing was changed" % (name, at[0]), lambda: compare(before, place.state(), "while it was held"))
            place.ctl("go")
            _, errors = first.communicate(timeout=120)
            self.try_point("%s held at call %s, let go" % (name, at[0]), lambda: None if first.returncode == 0 else "it ended with %d: %s" % (first.returncode, errors[-400:]))
            place.settled()
            self.try_point("%s held at call %s, the other one's turn" % (name, at[0]), self.allowed, place, tries[0])

    def refused(self, place, first, prefix, words, database, known, put_back):
        begun = time.monotonic()
        done = subprocess.run(prefix + place.command(self.words(place, words), database), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if first.poll() is not None:
            return "the first ended meanwhile"
        if len(self.executions(place, database)) != known:
            return "two owners: it began an execution: " + done.stderr[-300:]
        if words == UNDO and database != "first.db": # there is no such execution
            return None if done.returncode == 2 else "ended with %d: %s" % (done.returncode, done.stderr[-300:])
        if words == RESTORE:
            return self.restore_refused(first, done, database, put_back)
        if done.returncode not in (1, 3): # a Lease is a cluster's answer
            return "ended with %d: %s" % (done.returncode, done.stderr[-300:])
        said = SENTENCE.search(done.stderr)
        if not said or int(said[1]) != first.pid:
            return "not said who holds it since when: " + done.stderr[-400:]
        if not SENTENCE.search(done.stdout):
            return "the answer does not say it: " + done.stdout[-400:]
        return None if time.monotonic() - begun < 30 else "refused after %.0f s" % (time.monotonic() - begun)

    @staticmethod
    def restore_refused(first, done, database, put_back):
        answer = json.loads(done.stdout)
        if put_back and database != "first.db": # the mark is gone, and another database knows of nothing else
            return None if done.returncode == 0 and not answer["outcomes"] else "ended with %d: %s" % (done.returncode, done.stdout[-300:])
        if done.returncode != 1 or answer["restored"]:
            return "ended with %d: %s" % (done.returncode, done.stdout[-300:])
        said = [(one["since"], one["owner"]) for one in answer.get("asked", [])] # another machine's: nobody but its user knows
        if said:
            return None if said[0][0] and "process %d on" % first.pid in said[0][1] else "not said who holds it since when: %s" % said
        said = SENTENCE.search(" ".join(one["proof"] for one in answer["outcomes"]))
        return None if said and int(said[1]) == first.pid else "not said who holds it since when: " + done.stdout[-400:]

    def allowed(self, place, words):
        place.run(self.words(place, words), "second.db")

    # --- both at once -------------------------------------------------------------------------------------------------

    def together(self, mine, yours, applied, databases):
        with self.place() as place:
            if applied:
                place.run(self.words(place, APPLY), "first.db")
            place.settled()
            both = [place.start(self.words(place, words), database) for words, database in zip((mine, yours), databases)]
            ended = [process.communicate(timeout=240) for process in both]
            codes = [process.returncode for process in both]
            for code, (_, errors) in zip(codes, ended):
                if code not in (0, 1, 3, 4) or (code != 0 and not SENTENCE.search(errors)):
                    return "ended with %s: %s" % (codes, errors[-400:])
            if codes[0] != 0 and codes[1] != 0:
                return "nobody was let: %s: %s" % (codes, ended[0][1][-300:] + ended[1][1][-300:])
            times = sorted({row for database in set(databases) for row in self.executions(place, database)}, key=lambda row: row[1])
            for one, next_one in zip(times, times[1:]):
                if not one[2] or one[2] > next_one[1]:
                    return "two owners at once: %s" % json.dumps([one, next_one])
            if any(row[4] not in ("done", "undone") for row in times):
                return "something was left: %s" % json.dumps(times)
            end = place.settled()
            names = [mesh.get("name", key) for key, mesh in end["meshes"].items()]
            if len(names) != len(set(names)):
                return "a mesh is there twice: %s" % names
        return None

    def run(self):
        for name, words, applied, calls, tries in HELD:
            for at in calls:
                if not self.options.only or self.options.only in name + " held":
                    self.held(name, words, applied, at, tries)
        for _ in range(self.options.rounds):
            for name, words, other, others, applied in TOGETHER:
                for where, databases in (("one database", ("first.db", "first.db")), ("two databases", ("first.db", "second.db"))):
                    self.try_point("%s and %s at once, %s" % (name, other, where), self.together, words, others, applied, databases)
        bad = [row for row in self.rows if row[1]]
        print("\n%d of %d points held" % (len(self.rows) - len(bad), len(self.rows)))
        for point, outcome in bad:
            print("  %s: %s" % (point, outcome))
        return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("CATAMARAN_OPERATORS_ROUNDS", "1")))
    options = parser.parse_args()
    return with_keyring(__file__, lambda: Operators(options).run())


if __name__ == "__main__":
    sys.exit(main())
