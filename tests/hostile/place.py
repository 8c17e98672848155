#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""What the scripts of this folder share: a practice range of its own with catamaranctl on it, and a keyring of its own."""
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
SCALE = "    - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 }"
PODS = DRILL.replace("name: crash", "name: crash-pods").replace(SCALE, "    - deletePods: { cluster: cluster-1, namespace: default, service: helloworld }")
HTTP = DRILL.replace("name: crash", "name: crash-http").replace(
    SCALE, "    - httpFault: { cluster: cluster-1, namespace: default, host: helloworld, delay: 100ms, percent: 50 }")
STAGES = """apiVersion: catamaran.io/v1
kind: Drill
metadata: { name: crash-stages }
spec:
  hypothesis: two losses, one after the other, are borne
  probes: { from: cluster-1/default/sleep, url: "http://helloworld:5000/hello", rate: 20 }
  stages:
  - steady: { for: 200ms }
  - fault: { for: 1s, faults: [ { httpFault: { cluster: cluster-1, namespace: default, host: helloworld, delay: 50ms } } ] }
  - fault: { for: 1s, faults: [ { scale: { cluster: cluster-1, namespace: default, workload: helloworld-v1, replicas: 0 } } ] }
  - after: { for: 1500ms }
"""


class Wrong(Exception):
    pass


class Place:
    """A range of its own, with databases by name; the keyring is everybody's."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="catamaran-crash-")
        self.range = os.path.join(self.folder, "range")
        self.ledger = os.path.join(self.folder, "ledger")
        self.lab = subprocess.Popen([self.binary("catamaran-lab"), "--dir", self.range, "--ledger", self.ledger, "--create-delay", "150", "--update-delay", "80",
                                     "--rate-limit", "0", "--die-with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if not json.loads(self.lab.stdout.readline() or "{}").get("ready"):
            raise Wrong("the range does not start")
        for name, text in (("drill.yaml", DRILL), ("move.yaml", MOVE), ("pods.yaml", PODS), ("http.yaml", HTTP), ("stages.yaml", STAGES)):
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


def outcomes(points, attempt, workers):
    """Each of @p points with what @p attempt of it gave, or what was wrong."""
    def one(point):
        try:
            return attempt(point)
        except Wrong as wrong:
            return str(wrong)
        except Exception as error: # a broken test is no held point
            return f"{type(error).__name__}: {error}"
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        yield from zip(points, pool.map(one, points))


def with_keyring(script, run):
    """Runs @p script again on a session bus of its own, where a keyring is unlocked, and there @p run(): the root's key must outlive
    the program that made it. Gives the exit code."""
    if not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")):
        print("skipped: needs dbus-run-session and gnome-keyring-daemon")
        return SKIPPED
    if "CATAMARAN_HOSTILE_INSIDE" not in os.environ:
        home = tempfile.mkdtemp(prefix="catamaran-keyring-")
        inside = dict(os.environ, CATAMARAN_HOSTILE_INSIDE="1", HOME=home, XDG_DATA_HOME=os.path.join(home, "share"), XDG_RUNTIME_DIR=home)
        inside.pop("CATAMARAN_KEYRING", None)
        try:
            return subprocess.run(["dbus-run-session", "--", sys.executable, os.path.abspath(script), *sys.argv[1:]], env=inside).returncode
        finally:
            shutil.rmtree(home, ignore_errors=True)
    keyring = subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets", "--daemonize"], input="test", text=True, capture_output=True)
    if keyring.returncode != 0:
        print("skipped: the keyring does not start: " + keyring.stderr)
        return SKIPPED
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    return run()
