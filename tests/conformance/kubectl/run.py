#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""Runs commands.txt with one kubectl and compares exit codes and outputs with what real Kubernetes 1.20.2 gave.

  run.py --range build/release/bin/catamaran-lab               the test: starts a range, compares
  run.py --kubeconfig FILE                                     the same against any cluster with the image rk.local/tools:1
  run.py --kubeconfig FILE --record                            writes expected-<kubectl version>.txt (a real 1.20.2 cluster)
  run.py --range ... --record-differences                      adds what a present server answers where 1.20 differs

The kubectl is --kubectl, else $CATAMARAN_KUBECTL, else the one in PATH. Exit code 77 = skipped, with a reason.
"""
import argparse
import difflib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NAMESPACE = "kubectl-script"
SKIPPED = 77

# What differs from run to run and from cluster to cluster. The order matters.
NORMAL = [
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "TIME"),
    (r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "TIME"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
    (r"\b(web|till)-[bcdf-hj-np-tv-z0-9]{6,10}-[a-z0-9]{5}\b", r"\1-HASH-RANDOM"),
    (r"\b(web|till)-(?=[bcdf-hj-np-tv-z]*\d)[bcdf-hj-np-tv-z0-9]{7,10}(?![\w])", r"\1-HASH"),
    (r"\bweb-[a-z0-9]{5}(?=\s+IPv4)", "web-RANDOM"),
    (r"pod-template-hash([\"=:]+)[a-z0-9]+", r"pod-template-hash\1HASH"),
    (r"\b\d{1,3}(\.\d{1,3}){3}(/\d+)?\b", "IP"),
    (r'("?resourceVersion"?[:=] ?)"?\d+"?', r"\1VERSION"),
    (r'("nodeName":)"[^"]+"', r'\1"NODE"'),
    (r"\bto (rk-\d-n\d|node-\S+|cn-\S+)", "to NODE"),
    (r"(?<=[\s(])(\d+[dhms]){1,3}(?=[\s)])", "AGE"),
    (r"(?<=[\s(])(\d+[dhms]){1,3}$", "AGE"),
    (r"<unknown>(?=\s*$)", "AGE"),
    (r"https://IP:\d+", "SERVER"),
    (r" {2,}", "  "),
    (r"[ \t]+$", ""),
]


def normal(text):
    lines = []
    for line in text.split("\n"):
        for pattern, replacement in NORMAL:
            line = re.sub(pattern, replacement, line)
        lines.append(line)
    return "\n".join(lines).rstrip("\n")


class Case:
    def __init__(self, name):
        self.name, self.text, self.differs, self.only = name, "", "", ""


def read_script():
    """Cases and preparations ("!") in order."""
    steps = []
    with open(os.path.join(HERE, "commands.txt"), encoding="utf-8") as script:
        for line in script:
            line = line.rstrip("\n")
            if line.startswith("@ "):
                steps.append(Case(line[2:]))
            elif line.startswith("! "):
                steps.append(line[2:])
            elif line.startswith("~ "):
                key, value = line[2:].split(": ", 1)
                setattr(steps[-1], key, value)
            elif line and not line.startswith("#"):
                steps[-1].text += line + "\n"
    return steps


def read_expected(path):
    """{name: {"server 1.20": block, "range": block}}"""
    expected, name, which = {}, None, None
    if not os.path.exists(path):
        return expected
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("@ "):
                name = line[2:].rstrip("\n")
                expected[name] = {}
            elif line.startswith("= "):
                which = line[2:].rstrip("\n")
                expected[name][which] = ""
            elif name and which and not line.startswith("~ "):
                expected[name][which] += line
    return {n: {w: b.rstrip("\n") for w, b in blocks.items()} for n, blocks in expected.items()}


def write_expected(path, steps, expected, label):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# What {label} printed; made by run.py --record, see there. Ages, names, addresses and versions are replaced.\n")
        for case in steps:
            if isinstance(case, str) or case.name not in expected:
                continue
            blocks = expected[case.name]
            if blocks.get("range") == blocks.get("server 1.20"):
                blocks.pop("range", None)
            file.write(f"\n@ {case.name}\n")
            if case.differs and "range" in blocks:
                file.write(f"~ {case.differs}\n")
            for which in ("server 1.20", "range"):
                if which in blocks:
                    file.write(f"= {which}\n{blocks[which]}\n")


class Runner:
    def __init__(self, kubectl, kubeconfig):
        self.folder = tempfile.mkdtemp(prefix="kubectl-script-")
        work = os.path.join(self.folder, "work")
        shutil.copytree(os.path.join(HERE, "manifests"), work)
        os.makedirs(os.path.join(self.folder, "bin"))
        os.symlink(kubectl, os.path.join(self.folder, "bin", "kubectl"))
        self.environment = {
            "PATH": os.path.join(self.folder, "bin") + ":" + os.environ["PATH"],
            "HOME": self.folder,
            "KUBECONFIG": os.path.join(self.folder, "config"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "dumb",
        }
        self.work = work
        with open(kubeconfig, encoding="utf-8") as source, open(self.environment["KUBECONFIG"], "w", encoding="utf-8") as copy:
            copy.write(source.read())
        self.run(f"kubectl config set-context --current --namespace={NAMESPACE}")

    def run(self, text, timeout=150):
        process = subprocess.Popen(["bash", "-c", text], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"exit: none within {timeout} s"
        block = f"exit: {process.returncode}"
        out, err = normal(out.decode(errors="replace")), normal(err.decode(errors="replace"))
        if out:
            block += "\nout:\n" + out
        if err:
            block += "\nerr:\n" + err
        return block

    def prepare(self, text, timeout=90):
        end = time.monotonic() + timeout
        while True:
            last = self.run(text)
            if last.startswith("exit: 0"):
                return None
            if time.monotonic() > end:
                return last
            time.sleep(0.3)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Range:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="kubectl-range-")
        self.process = subprocess.Popen([program, "--dir", self.folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the range does not start: " + self.process.stderr.read())
        self.kubeconfig = json.loads(line)["kubeconfigs"][0]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


def find_kubectl(wanted):
    path = wanted or os.environ.get("CATAMARAN_KUBECTL") or shutil.which("kubectl")
    if not path or not os.access(path, os.X_OK):
        return None, f"there is no kubectl{' at ' + wanted if wanted else ''}"
    told = subprocess.run([path, "version", "--client", "-o", "json"], capture_output=True, text=True, env={"HOME": "/nonexistent", "PATH": os.environ["PATH"]})
    try:
        minor = int(re.sub(r"\D", "", json.loads(told.stdout)["clientVersion"]["minor"]))
    except (ValueError, KeyError):
        return None, f"{path} does not tell its version"
    # Texts of kubectl itself change from version to version: each has its own expectations.
    if not os.path.exists(os.path.join(HERE, f"expected-1.{minor}.txt")) and not ARGUMENTS.record:
        return None, f"{path} is version 1.{minor}, for which nothing is recorded"
    return (os.path.abspath(path), minor), None


def main():
    found, why = find_kubectl(ARGUMENTS.kubectl)
    if not found:
        print(f"skipped: {why}")
        return SKIPPED
    kubectl, minor = found
    path = os.path.join(HERE, f"expected-1.{minor}.txt")
    expected = read_expected(path)
    steps = read_script()
    server = Range(ARGUMENTS.range) if ARGUMENTS.range else None
    runner = Runner(kubectl, server.kubeconfig if server else ARGUMENTS.kubeconfig)
    which = "range" if server else "server 1.20"
    failed, ran = [], 0
    try:
        for step in steps:
            if isinstance(step, str):
                if problem := runner.prepare(step):
                    failed.append(step)
                    print(f"NOT READY  {step}\n{problem}\n")
                continue
            if step.only and step.only != f"1.{minor}":
                continue
            actual = runner.run(step.text)
            ran += 1
            if ARGUMENTS.record:
                expected.setdefault(step.name, {})[which] = actual
                continue
            if ARGUMENTS.record_differences:
                if step.differs:
                    expected.setdefault(step.name, {})[which] = actual
                else:
                    expected.get(step.name, {}).pop(which, None)
                continue
            known = expected.get(step.name, {})
            wanted = known.get(which, known.get("server 1.20", "nothing is recorded for this case"))
            if actual != wanted:
                failed.append(step.name)
                print(f"DIFFERS  {step.name}\n$ {step.text.rstrip()}")
                print("\n".join(list(difflib.unified_diff(wanted.split("\n"), actual.split("\n"), "expected", "actual", lineterm="", n=1))[2:]) + "\n")
    finally:
        runner.run(f"kubectl delete namespace {NAMESPACE} --ignore-not-found --timeout=60s; kubectl delete crd boats.harbour.example.com --ignore-not-found")
        runner.close()
        if server:
            server.close()
    if ARGUMENTS.record or ARGUMENTS.record_differences:
        write_expected(path, steps, expected, f"kubectl 1.{minor}")
        print(f"{path}: {ran} cases")
        return 0
    print(f"kubectl 1.{minor} against {'the range' if server else ARGUMENTS.kubeconfig}: {ran} cases, {len(failed)} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kubectl")
    parser.add_argument("--range")
    parser.add_argument("--kubeconfig")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--record-differences", action="store_true")
    ARGUMENTS = parser.parse_args()
    if not ARGUMENTS.range and not ARGUMENTS.kubeconfig:
        parser.error("--range or --kubeconfig")
    sys.exit(main())
