#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""Secrets stay where they are: the access key's secret (from a file, a variable and the keyring), the credentials of kubeconfigs, a
plugin's token and the root's key are known here, every command of catamaranctl is run (well, with a wrong secret, with a token that
is refused, with all logging on), and then every file, database, log, export, answer and error text, and every command line that was
seen meanwhile, is searched for them, plain and encoded. Exit code 1 when one was found anywhere.

  keptsecrets.py --bin build/release/bin --source DIR

Exit code 77: skipped, with a reason.
"""
import argparse
import base64
import binascii
import json
import os
import re
import subprocess
import sys
import tarfile
import threading

sys.dont_write_bytecode = True
from place import SKIPPED, Place, Wrong, with_keyring

# Planted in what a support bundle is made of; see plant().
PLANTED = {name: "plant%sX7qv9ZkW2" % name for name in ("Annotation", "Environment", "Secret", "Url", "Query", "ConfigMap", "Argument", "Image")}
FROM_VARIABLE, FROM_KEYRING, TOKEN = "VariableMark7Qx2zL9pWv", "KeyringMark5Rt8yU3kJd", "tokenmark.4Hs6gF1aZc.bN0mQ"
SECRET_VARIABLE = "CATAMARAN_HOSTILE_SECRET"


def forms(secret):
    """What a secret may look like elsewhere."""
    found = {secret, binascii.hexlify(secret), secret.decode("latin-1").encode("utf-16-le")}
    for before in range(3): # inside of something that was encoded as a whole
        encoded = base64.b64encode(b"x" * before + secret)
        found.add(encoded[-(-before * 8 // 6):-4] if before else encoded[:-4])
    return {form for form in found if len(form) >= 12}


class Commands:
    """Whether a secret was ever in a command line, sampled."""

    def __init__(self, marks):
        self.marks, self.found, self.looks = marks, set(), 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self):
        while not self.over.wait(0.01):
            self.looks += 1
            for number in filter(str.isdigit, os.listdir("/proc")):
                if int(number) == os.getpid():
                    continue
                try:
                    with open("/proc/%s/cmdline" % number, "rb") as words:
                        line = words.read()
                except OSError:
                    continue
                for name, mark in self.marks:
                    if mark in line:
                        self.found.add("%s in a command line: %s" % (name, line.split(b"\0")[0].decode(errors="replace")))

    def end(self):
        self.over.set()
        self.thread.join()
        return self.found


class Secrets:
    def __init__(self, options):
        self.options = options
        self.marks = [] # (what it is, bytes)
        self.said = [] # (command, what it said)

    def mark(self, name, secret):
        self.marks += [(name, form) for form in forms(secret.strip())]

    def mark_key(self, name, pem):
        for line in pem.splitlines():
            if not line.startswith(b"-----") and len(line) > 30:
                self.mark(name, line)

    def run(self, place, words, environment=None, extra=None, database="secrets.db"):
        command = [place.binary("catamaranctl"), "--env", environment or os.path.join(place.range, "env.yaml"), "--database", os.path.join(place.folder, database), *words]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=dict(os.environ, **(extra or {})))
        self.said.append((" ".join(words), done.stdout + done.stderr))
        if done.returncode not in (0, 1, 2, 3, 4):
            raise Wrong("%s ended with %d: %s" % (" ".join(words), done.returncode, done.stderr[-300:]))
        return done

    def environments(self, place):
        """The range's, with the secret in a variable, in the keyring, wrong, and with a token from a plugin that nobody knows."""
        with open(os.path.join(place.range, "env.yaml")) as file:
            text = file.read()
        self.mark("the access key's secret", open(os.path.join(place.range, "access-key-secret"), "rb").read())
        for name in ("cluster-1", "cluster-2"):
            with open(os.path.join(place.range, name + ".kubeconfig")) as file:
                config = file.read()
            for key in re.findall(r"client-key-data: (\S+)", config):
                self.mark("a kubeconfig's key", key.encode()[200:240])
                self.mark_key("a kubeconfig's key", base64.b64decode(key))
            for token in re.findall(r" token: (\S+)", config):
                self.mark("a kubeconfig's token", token.encode())
        for name, secret in (("the secret of a variable", FROM_VARIABLE), ("the secret of the keyring", FROM_KEYRING), ("a plugin's token", TOKEN)):
            self.mark(name, secret.encode())
        subprocess.run(["secret-tool", "store", "--label=catamaran", "server", "catamaran", "user", "hostile", "type", "base64"],
                       input=base64.b64encode(FROM_KEYRING.encode()), check=True, timeout=30)
        made = []
        for name, source in (("variable", "{ env: %s }" % SECRET_VARIABLE), ("keyring", "{ keyring: hostile }")):
            other = re.sub(r"accessKeySecret:\n\s+file: \S+", "accessKeySecret: " + source, text)
            if other == text:
                raise Wrong("the range's environment has another form")
            made.append(self.write(place.range, name + ".yaml", other))
        plugin = self.write(place.range, "plugin", "#!/bin/sh\nenv > \"$0.environment\"\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"}}'\n" % TOKEN)
        os.chmod(plugin, 0o700)
        with open(os.path.join(place.range, "cluster-1.kubeconfig")) as file:
            config = re.sub(r"    (client-certificate-data|client-key-data|token): \S+\n", "", file.read())
        config = re.sub(r"  user:\s*\n", "  user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: %s, interactiveMode: Never } }\n" % plugin, config)
        self.write(place.range, "plugin.kubeconfig", config)
        made.append(self.write(place.range, "plugin.yaml", re.sub(r"accessKeySecret:\n\s+file: \S+", "accessKeySecret: { env: %s }" % SECRET_VARIABLE,
                                                                  text.replace("kubeconfig: cluster-1.kubeconfig", "kubeconfig: plugin.kubeconfig"))))
        return made

    def plant(self, place):
        """Marked secrets in every place of a cluster where people leave them; a workload that cannot start brings server words with it."""
        for name, secret in PLANTED.items():
            self.mark("a secret in a cluster: %s" % name, secret.encode())
        p = PLANTED
        objects = [
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "planted", "annotations": {"note": "password=" + p["Annotation"]}}, "stringData": {"password": p["Secret"]}},
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "planted"}, "data": {"config.yaml": "token: " + p["ConfigMap"]}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "planted", "annotations": {"link": "https://admin:%s@example.com/?token=%s" % (p["Url"], p["Query"])}},
             "spec": {"selector": {"app": "planted"}, "ports": [{"port": 80}]}},
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "planted", "annotations": {"token": p["Annotation"]}},
             "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "planted"}}, "template": {"metadata": {"labels": {"app": "planted"}, "annotations": {"secret": p["Annotation"]}}, "spec": {
                 "containers": [{"name": "planted", "image": "https://user:%s@registry.example.com/planted:1" % p["Image"], "args": ["--password=" + p["Argument"]],
                                 "env": [{"name": "DB_PASSWORD", "value": p["Environment"]}, {"name": "DB_URL", "value": "postgres://u:%s@db/x" % p["Url"]}]}]}}}},
        ]
        path = self.write(place.range, "planted.json", json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
        done = subprocess.run(["kubectl", "--kubeconfig", os.path.join(place.range, "cluster-1.kubeconfig"), "-n", "default", "apply", "-f", path], capture_output=True, timeout=60)
        os.remove(path)
        if done.returncode != 0:
            raise Wrong("nothing was planted: %s" % done.stderr[-300:])

    def bundles(self, place, environment, name, extra):
        """A support bundle, unpacked so that it is searched as what it is; a search of what is packed finds nothing."""
        packed = os.path.join(place.folder, name + ".bundle.tar.gz")
        self.run(place, ["bundle", "-o", packed, "--prove"], environment, extra)
        if not os.path.exists(packed):
            raise Wrong("there is no bundle of " + name)
        if os.stat(packed).st_mode & 0o077:
            raise Wrong("others may read the bundle")
        with tarfile.open(packed) as archive:
            names = archive.getnames()
            for one in names:
                self.write(place.folder, "%s-%s" % (name, one), archive.extractfile(one).read().decode())
        if not {"facts.json", "findings.json", "matrix.json", "configuration.json", "journal.json", "bundle.json"} <= set(names):
            raise Wrong("the bundle holds %s alone" % names)
        with open(os.path.join(place.folder, name + "-fleet.json")) as file:
            text = file.read()
        if name == "own" and "planted" not in text: # what is searched is about what was planted
            raise Wrong("the bundle does not tell of what was planted")

    @staticmethod
    def write(folder, name, text):
        path = os.path.join(folder, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def everything(self, place, wrong):
        drill, fleet, out = os.path.join(place.folder, "drill.yaml"), place.fleet, os.path.join(place.folder, "out")
        os.mkdir(out)
        logged = {"QT_LOGGING_RULES": "*=true", "QT_MESSAGE_PATTERN": "%{category} %{message}", "SSLKEYLOGFILE": os.path.join(out, "keys"), SECRET_VARIABLE: FROM_VARIABLE}
        source = ["--from", "cluster-1/default/sleep", "--count", "3"]
        self.run(place, ["preflight", fleet], extra=logged)
        self.run(place, ["-o", "json", "plan", fleet], extra=logged)
        self.run(place, ["apply", "--yes", fleet], extra=logged)
        self.roots()
        for words in (["status"], ["verify", *source], ["matrix", "--count", "2"], ["drill", "list"], ["drill", "run", drill, "--report", os.path.join(out, "drill.html")],
                      ["drill", "history"], ["drill", "report"], ["drill", "restore"], ["drill", "restore", "--give-up", "2", "--reason", "none"], ["history"], ["history", "1"],
                      ["history", "2"], ["move-client", "cluster-1", "cluster-2", "--yes"], ["move-client", "cluster-2", "cluster-1", "--yes"], ["plan", fleet], ["preflight", fleet],
                      ["findings"], ["failover"], ["adopt"], ["drift", fleet]):
            done = self.run(place, ["-o", "json", *words], extra=logged)
            if words[0] == "verify":
                self.write(out, "verify.json", done.stdout.decode())
        self.plant(place)
        self.bundles(place, None, "own", logged)
        for number, environment in enumerate(wrong):
            self.bundles(place, environment, "wrong-%d" % number, logged)
        self.run(place, ["-o", "json", "check", os.path.join(self.options.source, "resources/checks/guide.yaml"), "--junit", os.path.join(out, "junit.xml")], extra=logged)
        self.run(place, ["report", "--verify", os.path.join(out, "verify.json"), "--out", os.path.join(out, "page.html")], extra=logged)
        place.ctl("at", "3", "hold") # a drill that is killed: what is restored later, and what is given up
        process = subprocess.Popen(place.command(["drill", "run", drill], "secrets.db"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        while process.poll() is None and not place.changes()["met"]:
            pass
        process.kill()
        self.said.append(("drill run, killed", process.communicate()[0]))
        place.ctl("go")
        self.run(place, ["drill", "restore"])
        for environment in wrong:
            for words in (["status"], ["plan", fleet], ["preflight", fleet], ["verify", *source], ["apply", "--yes", fleet]):
                self.run(place, words, environment, logged)
        window = subprocess.run([place.binary("catamaran"), "--env", wrong[-1], "--database", os.path.join(place.folder, "window.db"), "--quit-after-first-frame"],
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=60, env=dict(os.environ, QT_QPA_PLATFORM="offscreen", **logged)) if os.path.exists(place.binary("catamaran")) else None
        if window:
            self.said.append(("the window", window.stdout + window.stderr))
        self.run(place, ["undo", "1", "--yes"], extra=logged)
        self.run(place, ["apply", "--yes", fleet], extra=logged)
        self.run(place, ["destroy", "--yes", fleet], extra=logged)

    def roots(self):
        """The root's key, as the keyring has it."""
        found = subprocess.run(["secret-tool", "search", "--all", "--unlock", "server", "catamaran"], capture_output=True, timeout=30).stdout
        keys = 0
        for secret in re.findall(rb"^secret = (\S+)", found, re.M):
            decoded = base64.b64decode(secret) if re.fullmatch(rb"[A-Za-z0-9+/=]+", secret) and len(secret) % 4 == 0 else secret
            for pem in re.findall(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END", decoded, re.S):
                keys += 1
                self.mark_key("the root's key", pem)
            for text in re.findall(rb'"([A-Za-z0-9+/]{60,}={0,2})"', decoded): # or as JSON
                keys += 1
                self.mark("the root's entry", text[20:60])
        if keys == 0:
            raise Wrong("no root's key was found in the keyring: " + re.sub(rb"secret = \S+", b"secret = ...", found).decode(errors="replace"))

    def search(self, place, known):
        """Every file below the range's folder, the home and where temporary files go, but those that held a secret before."""
        found = []
        for top in (place.folder, os.environ["HOME"]):
            for folder, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(folder, name)
                    if path in known or not os.path.isfile(path):
                        continue
                    with open(path, "rb") as file:
                        content = file.read()
                    found += ["%s in %s" % (what, os.path.relpath(path, top)) for what, mark in self.marks if mark in content]
        for command, text in self.said:
            found += ["%s in what “%s” says" % (what, command) for what, mark in self.marks if mark in text]
        return found

    def all(self):
        if subprocess.run(["sh", "-c", "command -v secret-tool"], capture_output=True).returncode != 0:
            print("skipped: needs secret-tool")
            return SKIPPED
        with Place(self.options) as place:
            os.environ["TMPDIR"] = os.path.join(place.folder, "tmp")
            os.mkdir(os.environ["TMPDIR"])
            wrong = self.environments(place)
            known = {os.path.join(place.range, name) for name in ("access-key-secret", "cluster-1.kubeconfig", "cluster-2.kubeconfig", "plugin")}
            commands = Commands(self.marks)
            try:
                self.everything(place, wrong)
            finally:
                found = sorted(commands.end())
            if not os.path.exists(os.path.join(place.range, "plugin.environment")):
                raise Wrong("the plugin was not run")
            found += sorted(set(self.search(place, known)))
            planted = self.write(place.folder, "planted", "x" + base64.b64encode(b"ab" + TOKEN.encode() + b"cd").decode()) # this search finds what it is to find
            if not any("planted" in one for one in self.search(place, known)):
                raise Wrong("the search does not find what is planted")
            os.remove(planted)
        print("%d commands, %d forms of secrets, %d looks at command lines: %s" % (len(self.said), len(self.marks), commands.looks, "none found" if not found else "FOUND"))
        for one in found:
            print("  " + one)
        return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    options = parser.parse_args()
    return with_keyring(__file__, lambda: Secrets(options).all())


if __name__ == "__main__":
    sys.exit(main())
