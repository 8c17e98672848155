#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""How the programs end, tried from outside: no crash at the end, nothing unwritten that is called written, and every way
of being told to stop puts back what was broken. Prints each point when it was tried, and at the end a table: each kind of
ending, the points and tries of it, what held. Exit code 1 when one of them did not hold.

  ends.py --bin build/release/bin [--source DIR] [--tries N] [--only WORD] [--no-range] [--results FILE]
  ends.py --table FILE...

N tries of each point (default: $CATAMARAN_ENDS_TRIES, else 1). The results of a run go to FILE as well; the table of several
runs together is printed from their files. Exit code 77: skipped, with a reason.
"""
import argparse
import concurrent.futures
import itertools
import json
import os
import pty
import random
import shutil
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
HERE = os.path.abspath(__file__)

KINDS = {"2": "No crash at the end", "6": "What could not be written is said, and what was broken is put back", "9": "Bounds"}

DRILL = """apiVersion: catamaran.io/v1
kind: Drill
metadata: { name: short }
spec:
  hypothesis: cluster-2 answers alone
  probes: { from: cluster-1/default/sleep, url: "http://helloworld:5000/hello", rate: 20 }
  faults:
    - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 }
  steadyFor: 500ms
  observeFor: %s
  recoverWithin: 10s
"""


def serve(mode, cert, key):
    """A server that makes a TLS handshake and answers 503, or takes connections and says nothing."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    print(listener.getsockname()[1], flush=True)
    context = None
    if mode == "answer":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
    kept = []

    def answer(connection):
        try:
            connection.settimeout(20)
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except OSError:
            pass

    while True:
        connection, _ = listener.accept()
        if context:
            threading.Thread(target=answer, args=(connection,), daemon=True).start()
        else:
            kept.append(connection)


class Certificates:
    """What openssl makes: a CA that is trusted, one that is not, and servers signed by them."""

    def __init__(self, folder):
        self.folder = folder
        for ca in ("ca", "other"):
            self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", ca + ".key", "-out", ca + ".pem", "-subj", "/CN=" + ca, "-days", "30")
        with open(os.path.join(folder, "ca.cnf"), "w") as out:
            out.write("[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\nunique_subject=no\n[p]\nCN=supplied\n")
        open(os.path.join(folder, "index.txt"), "w").close()
        with open(os.path.join(folder, "serial"), "w") as out:
            out.write("01\n")
        self.server("good", "ca", "IP:127.0.0.1", "20200101000000Z", "20491231000000Z")
        self.server("expired", "ca", "IP:127.0.0.1", "20200101000000Z", "20210101000000Z")
        self.server("foreign", "ca", "DNS:other.example.com", "20200101000000Z", "20491231000000Z")
        self.server("stranger", "other", "IP:127.0.0.1", "20200101000000Z", "20491231000000Z")

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def server(self, name, ca, alternative, begin, end):
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name, "-addext", "subjectAltName=" + alternative)
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-cert", ca + ".pem", "-keyfile", ca + ".key", "-in", name + ".csr", "-out", name + ".pem", "-startdate", begin, "-enddate", end, "-notext")

    def path(self, name):
        return os.path.join(self.folder, name)


class Ends:
    def __init__(self, options):
        self.bin = os.path.abspath(options.bin)
        self.source = os.path.abspath(options.source)
        self.tries = options.tries
        self.only = options.only
        self.random = random.Random(options.seed)
        self.folder = tempfile.mkdtemp(prefix="catamaran-ends-")
        self.children = []
        self.rows = []
        self.points = []
        self.many = concurrent.futures.ThreadPoolExecutor(options.workers)
        self.patient = concurrent.futures.ThreadPoolExecutor(options.workers * 5)
        self.one = concurrent.futures.ThreadPoolExecutor(1)
        self.databases = itertools.count()
        self.environment = {name: value for name, value in os.environ.items() if name not in ("DBUS_SESSION_BUS_ADDRESS", "CATAMARAN_ENV", "DISPLAY", "WAYLAND_DISPLAY")}
        self.environment.update(HOME=self.folder, XDG_DATA_HOME=self.path("data"), XDG_CONFIG_HOME=self.path("config"), LC_ALL="C.UTF-8", QT_QPA_PLATFORM="offscreen")
        self.certificates = Certificates(self.folder)
        self.fleet = os.path.join(self.source, "resources/fleets/two-meshes.yaml")
        self.write("secret", "not a secret")
        self.write("short.yaml", DRILL % "1500ms")
        self.write("long.yaml", DRILL % "20s")

    # --- tools -------------------------------------------------------------------------------------------------------

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def close(self):
        for pool in (self.many, self.patient, self.one):
            pool.shutdown(wait=False, cancel_futures=True)
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGCONT)
                child.terminate()
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def server(self, mode, cert):
        child = subprocess.Popen([sys.executable, HERE, "--serve", mode, self.path(cert + ".pem"), self.path(cert + ".key")], stdout=subprocess.PIPE, text=True)
        self.children.append(child)
        return child, int(child.stdout.readline())

    def environment_at(self, name, port, user=None, fetched=False):
        """An environment whose cloud and clusters are all at one server."""
        self.write(name + ".kubeconfig", json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:%d" % port, "certificate-authority": self.path("ca.pem")}}],
            "users": [{"name": "u", "user": user or {"token": "abc"}}], "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}))
        address = "https://127.0.0.1:%d" % port
        return self.write(name + ".yaml", json.dumps({
            "apiVersion": "catamaran.io/v1", "kind": "Environment", "metadata": {"name": name},
            "spec": {
                "alibabaCloud": {"accessKeyId": "LTAIexample", "accessKeySecret": {"file": self.path("secret")}, "regions": ["cn-hangzhou"],
                                 "endpoints": {"servicemesh": address, "cs": address, "ca": self.path("ca.pem")}},
                "clusters": [{"name": "cluster-%d" % i, **({"cloudId": "c" + str(i) * 32, "region": "cn-hangzhou"} if fetched else {"kubeconfig": self.path(name + ".kubeconfig")})}
                             for i in (1, 2)]}}))

    def database(self):
        return self.path("history-%d.db" % next(self.databases))

    def ctl(self, environment, words, database=None):
        return [os.path.join(self.bin, "catamaranctl"), "--database", database or self.database()] + (["--env", environment] if environment else []) + words

    def start(self, command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(command, env=self.environment, cwd=self.folder, **options)

    @staticmethod
    def ended(process, seconds=120):
        """Exit code and what it said; the code is None when it did not end."""
        try:
            out, err = process.communicate(timeout=seconds)
            return process.returncode, out or b"", err or b""
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            return None, out or b"", err or b""

    def run(self, command, seconds=120, **options):
        return self.ended(self.start(command, **options), seconds)

    def wanted(self, kind, point):
        return not self.only or self.only in kind + " " + point

    def note(self, kind, ending, point, faults, tries):
        """One row: @p faults are the tries that did not hold, in words."""
        self.rows.append({"kind": kind, "ending": ending, "point": point, "tries": tries, "faults": len(faults), "words": faults[:3]})
        print("%-4s %-62s %4d tries  %s" % (kind, point, tries, "held" if not faults else "%d DID NOT HOLD: %s" % (len(faults), " | ".join(faults[:3]))), flush=True)

    def point(self, kind, point, attempt, *arguments, tries=None, alone=False, waits=False, ending=None):
        """Tries @p attempt, which gives nothing or what was wrong: many at a time (more, where it @p waits for time limits), or one after
        the other on the range for drills. @p ending is what it has in common with other points; none: it is one of its own."""
        if not self.wanted(kind, point):
            return
        pool = self.one if alone else self.patient if waits else self.many
        self.points.append((kind, ending or point, point, [pool.submit(self.carefully, attempt, arguments) for _ in range(tries or self.tries)]))

    @staticmethod
    def carefully(attempt, arguments):
        try:
            return attempt(*arguments)
        except Exception as problem: # a point that cannot be tried does not hold
            return "%s: %s" % (type(problem).__name__, problem)

    def finish(self):
        for kind, ending, point, attempts in self.points:
            results = [one.result() for one in attempts]
            self.note(kind, ending, point, [result for result in results if result], len(results))
        self.points = []

    # --- kind 2: no crash at the end ---------------------------------------------------------------------------------

    def commands(self):
        return {
            "status": ["status"], "status -o json": ["-o", "json", "status"], "preflight": ["preflight", self.fleet], "plan": ["plan", self.fleet], "apply": ["apply", self.fleet],
            "destroy": ["destroy", self.fleet], "verify": ["verify", "--from", "cluster-1/default/sleep"], "matrix": ["matrix"],
            "move-client": ["move-client", "cluster-1", "cluster-2"], "drill run": ["drill", "run", self.path("short.yaml")], "drill restore": ["drill", "restore"],
            "findings": ["findings"], "failover": ["failover"], "adopt": ["adopt"], "drift": ["drift", self.fleet], "undo": ["undo", "1"], "history": ["history"],
            "drill show": ["drill", "show", self.path("short.yaml")], "drill run with a sentry": ["drill", "run", self.path("short.yaml"), "--sentry"],
            "explain": ["explain", "--from", "cluster-1/default/sleep", "--to", "cluster-2"], "check": ["check", os.path.join(self.source, "resources/checks/guide.yaml")],
            "probes": ["probes"], "bundle": ["bundle", "-o", os.devnull],
        }

    def no_crash(self, environment, words, code_for_sure=None):
        code, _, err = self.run(self.ctl(environment, words))
        if code not in (0, 1, 2, 3, 4):
            return "ended with %s: %s" % (code, err[-200:].decode(errors="replace").strip())
        if b"did not end" in err:
            return "something was not joined"
        if code_for_sure is not None and code != code_for_sure:
            return "ended with %s instead of %s: %s" % (code, code_for_sure, err[-200:].decode(errors="replace").strip())
        return None

    def interrupted(self, environment, words, longest):
        code, err = self.signalled(self.start(self.ctl(environment, words)), signal.SIGINT, longest)
        return None if code in (0, 1, 2, 3, 4) else "ended with %s: %s" % (code, err[-200:].decode(errors="replace").strip())

    def no_core(self, command):
        process = self.start(self.shell("ulimit -S -c unlimited;", "", command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not self.catches(process.pid):
            time.sleep(0.001)
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGQUIT)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return None if process.returncode == -signal.SIGQUIT and not os.WCOREDUMP(status) else "ended with %s, core: %s" % (process.returncode, os.WCOREDUMP(status))

    def told_at_random(self, words, database, longest):
        return self.signalled(self.start(self.ctl(self.drill_range, words, database)), self.random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]), longest)

    def signalled(self, process, number, longest):
        """Tells @p process to stop at a random moment after it has begun to catch signals; before that it has done nothing."""
        while process.poll() is None and not self.catches(process.pid):
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, longest))
        if process.poll() is None:
            process.send_signal(number)
        code, _, err = self.ended(process, 90)
        return code, err

    @staticmethod
    def catches(pid):
        try:
            with open("/proc/%d/status" % pid) as status:
                for line in status:
                    if line.startswith("SigCgt:"):
                        return int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1 == 1
        except OSError:
            pass
        return False

    def crashes(self):
        closed = socket.socket()
        closed.bind(("127.0.0.1", 0)) # bound and not listening: refused, and nobody else gets it
        places = [("a closed port", self.environment_at("closed", closed.getsockname()[1]))]
        for what, cert in (("a wrong CA", "stranger"), ("an expired certificate", "expired"), ("a foreign name", "foreign"), ("a server that says 503", "good")):
            _, port = self.server("answer", cert)
            places.append((what, self.environment_at(cert, port)))
        for what, environment in places:
            for name, words in self.commands().items():
                surely = 3 if name in ("status", "status -o json", "plan", "verify") and what != "a server that says 503" else None
                self.point("2", "%s, %s" % (name, what), self.no_crash, environment, words, surely, ending=what)
        silent = [("a silent server", self.environment_at("silent", self.server("silent", "good")[1]))]
        child, port = self.server("answer", "good")
        child.send_signal(signal.SIGSTOP)
        silent.append(("a stopped server", self.environment_at("stopped", port)))
        plugin = {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "sleep", "args": ["30"], "interactiveMode": "Never"}}
        silent.append(("a plugin that hangs", self.environment_at("plugin", port, plugin)))
        silent.append(("a cloud that is silent about kubeconfigs", self.environment_at("fetched", port, fetched=True)))
        for what, environment in silent:
            if self.tries >= 50: # each of them waits for its time limits
                for name, words in self.commands().items():
                    self.point("2", "%s, %s" % (name, what), self.no_crash, environment, words, waits=True, ending=what)
            for name, words in self.commands().items():
                self.point("2", "%s, %s, Ctrl-C" % (name, what), self.interrupted, environment, words, 1.5, ending="Ctrl-C, " + what)
        for program, words in (("catamaranctl", self.ctl(silent[0][1], ["status"])), ("catamaran", [os.path.join(self.bin, "catamaran"), "--env", silent[0][1], "--database", self.database()])):
            self.point("2", "%s leaves no core" % program, self.no_core, words, tries=1, ending="a signal that writes a core")
        for name, words in self.commands().items():
            self.point("2", "%s, %s, Ctrl-C" % (name, places[2][0]), self.interrupted, places[2][1], words, 0.4, ending="Ctrl-C, " + places[2][0])

    # --- the practice range ------------------------------------------------------------------------------------------

    def start_range(self, name):
        """Gives the environment file of a range where the fleet is set up."""
        os.mkdir(self.path(name))
        lab = self.start([os.path.join(self.bin, "catamaran-lab"), "--dir", self.path(name), "--create-delay", "100", "--update-delay", "50"], stderr=subprocess.DEVNULL)
        self.children.append(lab)
        environment = json.loads(lab.stdout.readline())["env"]
        code, _, err = self.run(self.ctl(environment, ["apply", self.fleet]), 600)
        if code != 0:
            raise RuntimeError("the range cannot be set up: %s" % err.decode())
        return environment

    def replicas(self):
        for _ in range(3): # a machine under load answers late, which says nothing about the drill
            code, out, err = self.run(self.ctl(self.drill_range, ["-o", "json", "status"]))
            for cluster in json.loads(out or b"{}").get("clusters", []):
                for workload in cluster["workloads"]:
                    if cluster["name"] == "cluster-1" and workload["name"] == "helloworld-v1":
                        return workload["desired"]
        return "unknown (%s: %s)" % (code, err[-200:])

    # --- kind 6: what could not be written is said -------------------------------------------------------------------

    def full(self):
        return "", open("/dev/full", "wb")

    def gone(self):
        reading, writing = os.pipe()
        os.close(reading)
        return "", os.fdopen(writing, "wb")

    def closed(self):
        return ">&-", None

    def small(self):
        """A file that may not grow."""
        return "ulimit", open(self.path("small-%d" % self.random.getrandbits(60)), "wb")

    def outputs(self):
        """Standard outputs that fail: what the shell does to them, and what is given."""
        return {"a full disk": self.full, "a reader that has gone": self.gone, "a closed stream": self.closed, "a file that may not grow": self.small}

    @staticmethod
    def shell(before, redirections, command):
        """@p command after the shell did something to itself."""
        return ["sh", "-c", "%s exec \"$@\" %s" % (before, redirections), "sh"] + command

    def unwritten(self, command, output):
        how, out = output()
        process = self.start(self.shell("ulimit -f 0;" if how == "ulimit" else "", how if how == ">&-" else "", command), stdout=out)
        if out:
            out.close()
        code, _, err = self.ended(process)
        if code not in (1, 2, 3, 4):
            return "ended with %s: %s" % (code, err[-200:].decode(errors="replace").strip())
        return None if b"standard output" in err else "nothing was said: %s" % err[-200:].decode(errors="replace").strip()

    def outputs_fail(self):
        environment = self.range
        few = max(1, self.tries // 10)
        source = ["--from", "cluster-1/default/sleep", "--count", "3"]
        result = self.path("result.json")
        code, out, _ = self.run(self.ctl(environment, ["-o", "json", "verify"] + source))
        with open(result, "wb") as file:
            file.write(out)
        commands = {"--help": ["--help"], "--version": ["--version"], "help": ["help"], "status --help": ["status", "--help"], "drill list": ["drill", "list"], "drill history": ["drill", "history"], "drill show": ["drill", "show", "lose-gateway"],
                    "status": ["status"], "plan": ["plan", self.fleet], "preflight": ["preflight", self.fleet], "verify": ["verify"] + source, "matrix": ["matrix", "--count", "2"],
                    "apply": ["apply", self.fleet], "drill restore": ["drill", "restore"], "findings": ["findings"], "failover": ["failover"], "adopt": ["adopt"],
                    "drift": ["drift", self.fleet], "history": ["history"], "report": ["report", "--verify", result, "--out", self.path("page.html")]}
        for what, output in self.outputs().items():
            for form in ("text", "json"):
                for name, words in commands.items():
                    if what != "a file that may not grow" or name in ("--help", "help", "drill list"): # the history may not grow there, which is another story
                        self.point("6", "%s (%s), %s" % (name, form, what), self.unwritten, self.ctl(environment, ["-o", form] + words), output, tries=few, ending=what)
            for program in ("catamaran", "catamaran-lab"):
                self.point("6", "%s --help, %s" % (program, what), self.unwritten, [os.path.join(self.bin, program), "--help"], output, tries=few, ending=what)

        many = self.ctl(environment, ["-o", "json", "verify", "--from", "cluster-1/default/sleep", "--count", "600", "--keep-alive"])

        def leaves_half_way():
            process = self.start(many)
            process.stdout.read(100)
            process.stdout.close()
            err = process.stderr.read()
            code = process.wait(60)
            return None if code == 1 and b"standard output" in err else "ended with %s: %s" % (code, err[-200:])
        self.point("6", "a reader that leaves half-way", leaves_half_way)

        def reads_late():
            process = self.start(many)
            time.sleep(3)
            code, out, err = self.ended(process)
            try:
                whole = len(json.loads(out)["samples"]) == 600
            except ValueError:
                whole = False
            return None if code == 0 and whole else "ended with %s, %d bytes: %s" % (code, len(out), err[-200:])
        self.point("6", "a reader that is late gets all of it", reads_late)

        def never_reads():
            process = self.start(many)
            time.sleep(4) # the answer is 100 KiB and more, and a pipe takes 64
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return "did not end"
            finally:
                process.stdout.close()
                process.stderr.close()
            return None if code in (1, 4) else "ended with %s" % code
        self.point("6", "a reader that never reads, Ctrl-C", never_reads)

    def streams_closed(self):
        """All ways of closing standard streams before the start: nothing is written where it does not belong."""
        def attempt(closed, words, well):
            database = self.database()
            redirections = " ".join("%d%s&-" % (stream, "<" if stream == 0 else ">") for stream in closed)
            code, out, err = self.run(self.shell("", redirections, self.ctl(self.range, ["-o", "json"] + words, database)))
            if code != (1 if 1 in closed else well):
                return "%s closed: ended with %s: %s" % (closed, code, err[-200:])
            if 1 not in closed:
                json.loads(out)
            if os.path.exists(database):
                with sqlite3.connect(database) as connection:
                    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                        return "%s closed: the history is damaged" % (closed,)
            return None

        ways = [tuple(stream for stream in (0, 1, 2) if bits >> stream & 1) for bits in range(1, 8)]
        for name, words in {"drill list": ["drill", "list"], "status": ["status"], "verify": ["verify", "--from", "cluster-1/default/sleep", "--count", "3"]}.items():
            for closed in ways:
                self.point("6", "%s, closed: %s" % (name, ", ".join(map(str, closed))), attempt, closed, words, 0, tries=max(1, self.tries // 10), ending="standard streams closed before the start")

        def numbers():
            """What the numbers 0, 1 and 2 are in a process that was started without them."""
            process = self.start(self.shell("", "<&- >&- 2>&-", self.ctl(self.range, ["verify", "--from", "cluster-1/default/sleep", "--duration", "30s"])))
            time.sleep(2)
            try:
                targets = [os.readlink("/proc/%d/fd/%d" % (process.pid, number)) for number in (0, 1, 2)]
            except PermissionError:
                targets = ["/dev/null"] * 3 # not readable for us, as it should be
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
            return None if targets == ["/dev/null"] * 3 and code == 4 else "%s, ended with %s" % (targets, code)
        self.point("6", "the numbers 0, 1, 2 are nobody else's", numbers, tries=max(1, self.tries // 10))

    def start_drill(self, document="long.yaml", before=""):
        """A drill whose fault is in place."""
        process = self.start(self.shell(before, "", self.ctl(self.drill_range, ["-o", "json", "drill", "run", self.path(document)], self.path("drills.db"))))
        said = b""
        while b"broken on purpose" not in said:
            piece = os.read(process.stderr.fileno(), 4096)
            if not piece:
                raise RuntimeError("the drill did not come to its fault: %s" % said.decode(errors="replace"))
            said += piece
        return process

    def judged(self, process, well):
        code, out, err = self.ended(process, 90)
        if code != well:
            return "ended with %s: %s" % (code, err[-300:])
        answer = json.loads(out)
        if not answer["restored"] or (well == 4 and answer["verdict"] != "aborted"):
            return "restored %s, %s" % (answer["restored"], answer["verdict"])
        now = self.replicas()
        return None if now == 1 else "%s replicas" % now

    def stops(self):
        tries = max(1, self.tries // 5)

        def told(names):
            process = self.start_drill()
            for name in names:
                process.send_signal(getattr(signal, name))
            return self.judged(process, 4)
        for names in (["SIGINT"], ["SIGTERM"], ["SIGHUP"], ["SIGHUP", "SIGTERM"], ["SIGTERM", "SIGINT"]):
            self.point("6", "a drill is told %s" % " and ".join(names), told, names, tries=tries, alone=True, ending="a drill is told to stop")

        def ignored():
            process = self.start_drill("short.yaml", "trap '' HUP;")
            process.send_signal(signal.SIGHUP)
            return self.judged(process, 0)
        self.point("6", "a drill under nohup is told SIGHUP and goes on", ignored, tries=tries, alone=True)

        def terminal_gone():
            """Its terminal is closed: HUP comes from the kernel, and every word on it fails."""
            command = self.ctl(self.drill_range, ["drill", "run", self.path("long.yaml")], self.path("drills.db"))
            pid, master = pty.fork()
            if pid == 0:
                os.execve(command[0], command, self.environment)
            said = b""
            while b"broken on purpose" not in said:
                said += os.read(master, 4096)
            os.close(master)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    code = os.waitstatus_to_exitcode(status)
                    now = self.replicas()
                    return None if code in (1, 4) and now == 1 else "ended with %s, %s replicas" % (code, now)
                time.sleep(0.05)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return "did not end"
        self.point("6", "a drill whose terminal is closed", terminal_gone, tries=tries, alone=True)

        def stalled():
            """Nobody reads what it says: the fault must not last longer for that."""
            process = self.start(self.ctl(self.drill_range, ["-o", "json", "drill", "run", self.path("short.yaml")], self.path("drills.db")), stderr=self.stuffed_pipe())
            return self.judged(process, 0)
        self.point("6", "a drill whose standard error is not read", stalled, tries=tries, alone=True)

        def twice():
            process = self.start_drill()
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGINT)
            code, _, err = self.ended(process, 30)
            if code not in (4, 130): # two that come at once may be one
                return "ended with %s: %s" % (code, err[-200:])
            code, out, err = self.run(self.ctl(self.drill_range, ["-o", "json", "drill", "restore"], self.path("drills.db")))
            now = self.replicas()
            return None if code == 0 and now == 1 else "restore ended with %s, %s replicas: %s" % (code, now, err[-200:])
        self.point("6", "a drill is told SIGINT twice, restored later", twice, tries=tries, alone=True)

        def at_random():
            code, err = self.told_at_random(["drill", "run", self.path("short.yaml")], self.path("drills.db"), 5)
            now = self.replicas()
            return None if code in (0, 1, 3, 4) and now == 1 else "ended with %s, %s replicas: %s" % (code, now, err[-200:])
        self.point("2", "a drill is told to stop at a random moment", at_random, alone=True)

        self.point("2", "a run is told to stop as its command begins", self.nothing_is_left, tries=max(10, self.tries))

        def apply_at_random(): # the last, for a fleet half taken away may want a root that no keyring kept
            code, err = self.told_at_random([self.random.choice(["apply", "destroy"]), self.fleet], self.database(), 1.5)
            return None if code in (0, 1, 3, 4) else "ended with %s: %s" % (code, err[-200:])
        self.point("2", "apply and destroy are told to stop at a random moment", apply_at_random, alone=True)

    def left_in_pods(self):
        """What runs on in the range's pods although whoever started it has gone."""
        library, left = os.path.join(self.bin, "libcatamaran-podnet.so").encode(), []
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % number, "rb") as words, open("/proc/%s/stat" % number) as state:
                    if library in words.read() and state.read().rsplit(")", 1)[1].split()[1] == "1":
                        left.append(int(number))
            except OSError:
                pass
        return left

    def nothing_is_left(self):
        process = self.start(self.ctl(self.range, ["verify", "--from", "cluster-1/default/sleep", "--duration", "60s"]))
        said = b""
        while b"sending" not in said:
            piece = os.read(process.stderr.fileno(), 4096)
            if not piece:
                return "it did not begin: %s" % said.decode(errors="replace")
            said += piece
        time.sleep(self.random.uniform(0, 0.02)) # while its command is being started
        process.send_signal(signal.SIGINT)
        code, _, err = self.ended(process)
        deadline = time.monotonic() + 5
        while (left := self.left_in_pods()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for number in left:
            os.kill(number, signal.SIGKILL)
        if code not in (0, 1, 3, 4):
            return "ended with %s: %s" % (code, err[-200:])
        return "%d commands run on" % len(left) if left else None

    def stuffed_pipe(self):
        reading, writing = os.pipe()
        self.kept = getattr(self, "kept", []) + [reading]
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, b"x" * 4096)
        except BlockingIOError:
            pass
        os.set_blocking(writing, True)
        return writing

    # --- the window --------------------------------------------------------------------------------------------------

    def window(self, environment, number):
        process = self.start([os.path.join(self.bin, "catamaran"), "--env", environment, "--database", self.database(), "--report-first-frame"])
        if not process.stdout.readline():
            return "no window: %s" % self.ended(process)[2][-300:]
        time.sleep(self.random.uniform(0, 1.5))
        process.send_signal(number)
        code, _, err = self.ended(process) # a window takes 0.3 s, and a hundred times that beside thirty others
        if b"did not end" in err:
            return "something was not joined"
        return None if code == 0 else "ended with %s: %s" % (code, err[-300:])

    def windows(self):
        if not os.path.exists(os.path.join(self.bin, "catamaran")):
            return
        expired = self.path("expired.yaml")
        for what, environment in (("on the range", self.range), ("on an expired certificate", expired), ("on a silent server", self.path("silent.yaml"))):
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                self.point("2", "the window %s is told %s" % (what, name), self.window, environment, getattr(signal, name), tries=max(1, self.tries // 3), ending="the window is told to stop")

        def without_streams(redirections, words, well):
            database = self.database()
            code, _, err = self.run(self.shell("", redirections, [os.path.join(self.bin, "catamaran"), "--database", database] + words))
            return None if code == well else "ended with %s: %s" % (code, err[-300:])
        for redirections in ("<&-", "<&- >&-", "<&- >&- 2>&-", "2>&-"):
            self.point("6", "the window, %s" % redirections, without_streams, redirections, ["--quit-after-first-frame"], 1 if ">&-" in redirections.replace("2>&-", "") else 0, tries=max(1, self.tries // 10), ending="standard streams closed before the start")
        self.point("6", "the window's first frame on a full disk", without_streams, ">/dev/full", ["--report-first-frame", "--quit-after-first-frame"], 1, tries=max(1, self.tries // 10))

    # --- kind 9: bounds ----------------------------------------------------------------------------------------------

    def refused(self, words, environment=None):
        begun = time.monotonic()
        code, _, err = self.run(self.ctl(environment, words), 20)
        if code != 2:
            return "%s: ended with %s: %s" % (" ".join(words[-3:]), code, err[-200:])
        return None if time.monotonic() - begun < 15 else "%s: took %.0f s" % (" ".join(words[-3:]), time.monotonic() - begun)

    def bounds(self):
        pipe = self.path("pipe")
        os.mkfifo(pipe)
        page = self.path("bounds.html")
        good = self.write("good.json", "{}")
        for what in ("/dev/zero", "/dev/full", "/dev/random", pipe, self.folder, self.path("nothing"), "/proc/self/mem"):
            def as_input(what):
                for option in ("--verify", "--drill"):
                    if wrong := self.refused(["report", option, what, "--out", page]):
                        return wrong
                return None
            self.point("9", "%s as a result" % what.replace(self.folder, "…"), as_input, what, tries=1, ending="a result to read that is no file of results")
        for what in ("/dev/zero", pipe, good):
            self.point("9", "%s as a folder of pictures" % what.replace(self.folder, "…"), self.refused, ["report", "--verify", good, "--screens", what, "--out", page], tries=1, ending="a folder of pictures that is none")
        devices = []
        try:
            os.mknod(self.path("null"), 0o600 | stat.S_IFCHR, os.makedev(1, 3)) # not the system's own, should it be replaced
            devices = [self.path("null")]
        except OSError:
            pass
        for what in [pipe, self.folder] + devices:
            def as_output(what):
                before = stat.S_IFMT(os.lstat(what).st_mode)
                wrong = self.refused(["report", "--verify", good, "--out", what])
                return wrong or (None if stat.S_IFMT(os.lstat(what).st_mode) == before else "it was replaced")
            self.point("9", "%s as the page to write" % what.replace(self.folder, "…"), as_output, what, tries=1, ending="a page to write over what is no page")
        for time_text in ("999999999h", "25h", "9" * 300 + "s", "30s\n"):
            def long_times(time_text):
                for option in ("--duration", "--timeout"):
                    if wrong := self.refused(["verify", "--from", "cluster-1/default/sleep", option, time_text], self.range):
                        return wrong
                for field in ("steadyFor", "observeFor", "recoverWithin"):
                    document = (DRILL % "2s").replace("steadyFor: 500ms", "").replace("observeFor: 2s", "").replace("recoverWithin: 10s", "") + "  %s: %s\n" % (field, json.dumps(time_text))
                    if wrong := self.refused(["drill", "run", self.write("times-%d.yaml" % self.random.getrandbits(60), document)], self.range):
                        return wrong
                return self.refused(["drill", "run", self.write("times-%d.yaml" % self.random.getrandbits(60), DRILL % "2s" + "  guard: { maxDuration: %s }\n" % json.dumps(time_text))], self.range)
            self.point("9", "a time of %s" % json.dumps(time_text[:12]), long_times, time_text, tries=1, ending="a time that is too long, or none")


def table(rows):
    """Each kind of ending once, with what was tried of it and what held."""
    endings = {}
    for row in rows:
        endings.setdefault((row["kind"], row["ending"]), []).append(row)
    width = max([len(ending) for _, ending in endings] + [6])
    lines = []
    for kind in sorted({kind for kind, _ in endings}):
        lines += ["", KINDS.get(kind, kind), "  %-*s %7s %7s  %s" % (width, "ENDING", "POINTS", "TRIES", "HELD")]
        for (_, ending), same in sorted((key, same) for key, same in endings.items() if key[0] == kind):
            tries, faults = sum(row["tries"] for row in same), sum(row["faults"] for row in same)
            lines.append("  %-*s %7d %7d  %s" % (width, ending, len({row["point"] for row in same}), tries, "all" if not faults else "%d of %d" % (tries - faults, tries)))
    bad = [row for row in rows if row["faults"]]
    lines += ["", "%d points, %d tries, %d points did not hold" % (len({(row["kind"], row["point"]) for row in rows}), sum(row["tries"] for row in rows), len(bad))]
    lines += ["  %s: %d of %d: %s" % (row["point"], row["faults"], row["tries"], " | ".join(row["words"])) for row in bad]
    return "\n".join(lines)


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--serve":
        serve(*sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin")
    parser.add_argument("--source", default=os.path.join(os.path.dirname(HERE), "../.."))
    parser.add_argument("--tries", type=int, default=int(os.environ.get("CATAMARAN_ENDS_TRIES", "1")))
    parser.add_argument("--only", help="points that hold this text")
    parser.add_argument("--no-range", action="store_true", help="leave out what needs a practice range: only servers that hang, are lost or are not trusted")
    parser.add_argument("--workers", type=int, default=12, help="tries at a time")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--results", help="file for the results, as JSON")
    parser.add_argument("--table", nargs="+", metavar="FILE", help="try nothing; print the table of these results")
    options = parser.parse_args()
    if options.table:
        rows = []
        for name in options.table:
            with open(name) as results:
                rows += json.load(results)
        print(table(rows))
        return 1 if any(row["faults"] for row in rows) else 0
    if not options.bin:
        parser.error("--bin is missing")
    if not shutil.which("openssl"):
        print("skipped: there is no openssl command")
        return SKIPPED
    # Whatever was ignored when this was started (nohup, a job in the background) is not for those that are started here.
    signal.signal(signal.SIGHUP, lambda *_: None)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)) # nothing stays behind
    ends = Ends(options)
    try:
        if not options.no_range:
            ends.range = ends.start_range("range")
            ends.drill_range = ends.start_range("drill-range")
            ends.stops()
        ends.crashes()
        if not options.no_range:
            ends.bounds()
            ends.outputs_fail()
            ends.streams_closed()
            ends.windows()
        ends.finish()
    finally:
        ends.close()
    print(table(ends.rows))
    if options.results:
        with open(options.results, "w") as results:
            json.dump(ends.rows, results, indent=1)
    return 1 if any(row["faults"] for row in ends.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
