#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""The crash matrix: at every single call that changes something, catamaranctl is killed (before the call is carried out, while
it is, after it and before its answer), or the call meets 500, 503, throttling, a cut connection or silence. Then the command is run
again, with the same database and with an empty one as on another machine: the same final state as undisturbed, no
second mesh, nothing left over; and taken back: the range as empty as before. Prints a table; exit code 1 when a point did not hold.

  crashes.py --bin build/release/bin --source DIR [--every N] [--only WORD] [--workers N]

--every N tries each N-th point (a whole matrix takes an hour): $CATAMARAN_CRASHES_EVERY, else 1. Exit code 77: skipped, with a reason.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
KILLS = ("hold", "hold-after")
ANSWERS = ("500", "503", "throttle", "cut", "cut-after", "silence", "silence-after")
DRILL = """apiVersion: catamaran.io/v1
kind: Drill
metadata: { name: crash }
spec:
  hypothesis: cluster-2 answers alone
  probes: { from: cluster-1/default/sleep, url: "http://helloworld:5000/hello", rate: 20 }
  faults:
    - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 }
  steadyFor: 200ms
  observeFor: 1s
  recoverWithin: 10s
"""
MOVE = DRILL.replace("name: crash", "name: crash-move").replace(
    "    - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 }",
    "    - moveClient: { from: cluster-1, to: cluster-2, namespace: default }")


class Wrong(Exception):
    pass


class Place:
    """A range of its own, with databases by name; the keyring is everybody's."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="catamaran-crash-")
        self.range = os.path.join(self.folder, "range")
        self.lab = subprocess.Popen([self.binary("catamaran-lab"), "--dir", self.range, "--create-delay", "150", "--update-delay", "80",
                                     "--rate-limit", "0", "--die-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if not json.loads(self.lab.stdout.readline() or "{}").get("ready"):
            raise Wrong("the range does not start")
        for name, text in (("drill.yaml", DRILL), ("move.yaml", MOVE)):
            with open(os.path.join(self.folder, name), "w") as file:
                file.write(text)
        self.fleet = os.path.join(options.source, "resources/fleets/two-meshes.yaml")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lab.kill()
        self.lab.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def binary(self, name):
        return os.path.join(self.options.bin, name)

    def ctl(self, *words):
        asked = subprocess.run([self.binary("catamaran-lab"), "ctl", "--dir", self.range, *words], capture_output=True, text=True, timeout=30)
        if asked.returncode != 0:
            raise Wrong(f"ctl {' '.join(words)}: {asked.stdout}{asked.stderr}")
        return asked.stdout

    def changes(self):
        return json.loads(self.ctl("changes"))

    def state(self):
        """Without what a mesh keeps for itself in a cluster, which stays there when it leaves."""
        state = json.loads(self.ctl("state"))
        return {place: {name: what for name, what in found.items() if "istio-system" not in name} for place, found in state.items()}

    def settled(self):
        """What is being deleted is gone, and what is being made is made."""
        before = None
        for _ in range(100):
            now = self.state()
            if now == before and all(mesh["state"] == "running" for mesh in now["meshes"].values()):
                return now
            before = now
            time.sleep(0.1)
        raise Wrong("the range does not come to rest: " + json.dumps(before["meshes"]))

    def command(self, words, database):
        return [self.binary("catamaranctl"), "--env", os.path.join(self.range, "env.yaml"), "--database", os.path.join(self.folder, database), "-o", "json", *words]

    def start(self, words, database):
        return subprocess.Popen(self.command(words, database), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, words, database, well=(0,)):
        done = subprocess.run(self.command(words, database), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)
        if done.returncode not in well:
            raise Wrong(f"{' '.join(words)} ({database}) ended with {done.returncode}: {done.stderr[-700:]}")
        return done

    def undo_all(self, database):
        for execution in json.loads(self.run(["history"], database).stdout)["executions"]:
            if execution["purpose"] in ("apply", "destroy", "move-client") and execution["state"] != "undone":
                self.run(["undo", str(execution["id"]), "--yes"], database)


def differences(wanted, found, path=""):
    if isinstance(wanted, dict) and isinstance(found, dict):
        result = []
        for key in sorted(set(wanted) | set(found)):
            if key not in wanted:
                result.append(f"{path}/{key} is left over")
            elif key not in found:
                result.append(f"{path}/{key} is missing")
            else:
                result += differences(wanted[key], found[key], f"{path}/{key}")
        return result
    return [] if wanted == found else [f"{path}: {json.dumps(found)[:120]}, wanted {json.dumps(wanted)[:120]}"]


def compare(wanted, found, what):
    found = differences(wanted, found)
    if found:
        raise Wrong(f"{what}: " + "; ".join(found[:4]))


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
            if deed.name.startswith("drill") and not same:
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
        def one(point):
            deed, number, mishap, same, end, empty = point
            try:
                return self.attempt(deed, number, mishap, same, end, empty)
            except Wrong as wrong:
                return str(wrong)
            except Exception as error: # a broken test is no held point
                return f"{type(error).__name__}: {error}"
        with concurrent.futures.ThreadPoolExecutor(self.options.workers) as pool:
            for point, outcome in zip(points, pool.map(one, points)):
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
    parser.add_argument("--every", type=int, default=int(os.environ.get("CATAMARAN_CRASHES_EVERY", "1")))
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        print("skipped: needs dbus-run-session and gnome-keyring-daemon")
        return SKIPPED
    if "CATAMARAN_CRASHES_INSIDE" not in os.environ: # the root's key must outlive the program that made it: a keyring of our own
        home = tempfile.mkdtemp(prefix="catamaran-keyring-")
        inside = dict(os.environ, CATAMARAN_CRASHES_INSIDE="1", HOME=home, XDG_DATA_HOME=os.path.join(home, "share"), XDG_RUNTIME_DIR=home)
        inside.pop("CATAMARAN_KEYRING", None)
        try:
            return subprocess.run(["dbus-run-session", "--", sys.executable, os.path.abspath(__file__), *sys.argv[1:]], env=inside).returncode
        finally:
            shutil.rmtree(home, ignore_errors=True)
    keyring = subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets", "--daemonize"], input="test", text=True, capture_output=True)
    if keyring.returncode != 0:
        print("skipped: the keyring does not start: " + keyring.stderr)
        return SKIPPED
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    return Matrix(options).run()


if __name__ == "__main__":
    sys.exit(main())
