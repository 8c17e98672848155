#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""Every template of a drill on a practice range, from the command line: what passes, what must fail, what this fleet does not allow, with
everything as it was afterwards; and that requests which hang are counted one by one. Prints a table; exit code 1 when a row did not hold.

  drills.py --bin build/release/bin --source DIR [--only WORD]      Exit code 77: skipped, with a reason.
"""
import argparse
import json
import os
import sys

sys.dont_write_bytecode = True
from place import Place, Wrong, compare, with_keyring

COMMON = {"client": "cluster-1/default/sleep", "url": "http://helloworld:5000/hello", "stay": "3s"}
V1, V2 = "cluster-1/default/helloworld-v1", "cluster-2/default/helloworld-v2"
SERVICE = "cluster-1/default/helloworld"


class Row:
    """A drill with its parameters, and what has to come of it."""

    def __init__(self, drill, verdict, more=None, says="", code=None, flags=(), check=None, before=()):
        self.drill, self.verdict, self.more, self.says = drill, verdict, more or {}, says
        self.code = {"pass": 0, "fail": 1, "aborted": 1}[verdict] if code is None else code
        self.flags, self.check, self.before = flags, check, before


def wants(holds, what):
    if not holds:
        raise Wrong(what)


def hung(result):
    """A target that hangs for 8.5 s at 25 requests a second, each given up after 2 s."""
    failed, samples = result["failed_requests"], result["samples"]
    counted = sum(1 for one in samples if one["curl_exit"] != 0 or not 200 <= one["http_code"] < 300)
    wants(result["samples_left_out"] == 0 and failed == counted + result["never_sent"], f"{failed} failed, {counted} of the samples")
    wants(195 <= failed <= 235, f"{failed} failed; about 212 were due")
    # What the range itself kept: each request that was begun while it hung, to be compared with what was told of them.
    broken = [one for one in result["windows"] if one["window"] in ("striking", "broken")]
    wants(sum(one["failed"] for one in broken) + result["never_sent"] >= failed - 3, f"windows: {broken}")


def two_stages(result):
    names = [one["name"] for one in result["windows"] if one["window"] == "broken"]
    wants(len(names) == 2 and all(names), f"stages: {names}")


def failback(result):
    wants(result["failback_ms"] is not None, "the way back is not measured")


ROWS = [
    Row("workload-failover", "pass"),
    Row("move-client", "pass"),
    Row("lose-workload", "pass", {"target": V1, "versions": "v2"}),
    Row("lose-workload", "fail", {"target": V1, "versions": "v1"}, says="v2 still answered"),
    Row("lose-workload", "aborted", {"target": "cluster-1/default/nobody"}, says="neither a Deployment nor a StatefulSet"),
    Row("shrink-workload", "pass", {"target": V1, "replicas": "2"}),
    Row("short-outage", "pass", {"target": V1, "stay": "2s"}, check=failback),
    Row("lose-two-workloads", "fail", {"target": V1, "second": V2}, flags=("--yes-unproven",), says="still failed"),
    Row("lose-two-workloads", "aborted", {"target": V1, "second": V2}, says="nobody would take over"),
    Row("replace-pods", "pass", {"service": SERVICE}),
    Row("replace-pods", "aborted", {"service": "cluster-1/default/nobody"}, code=1, says="nobody"),
    Row("lose-gateway", "pass", {"cluster": "cluster-2"}),
    Row("lose-control-plane", "aborted", {"cluster": "cluster-1"}, says="a provider runs it elsewhere"),
    Row("control-plane-down-pods-replaced", "aborted", {"cluster": "cluster-1", "service": SERVICE}, says="a provider runs it elsewhere"),
    Row("lose-workload-then-gateway", "aborted", {"target": V1, "cluster": "cluster-2"}, says="nobody would take over"),
    Row("lose-workload-then-gateway", "fail", {"target": V1, "cluster": "cluster-2"}, flags=("--yes-unproven",), says="still failed", check=two_stages),
    Row("slow-service", "pass", {"host": "helloworld", "delay": "300ms"}),
    Row("slow-service", "fail", {"host": "helloworld", "delay": "60s", "stay": "8500ms"}, check=hung),
    Row("failing-service", "fail", {"host": "helloworld"}, says="still failed"),
    Row("lose-workload-while-slow", "pass", {"host": "helloworld", "target": V1, "delay": "100ms"}, check=two_stages),
    Row("lose-workload", "aborted", {"target": V1}, says="not proven", before=("stop", "gateway", "cluster-2")),
    Row("lose-workload", "aborted", {"target": V1}, code=3, says="cluster-2", before=("stop", "api-server", "cluster-2")),
]


def words_of(row, known):
    words = ["drill", "run", row.drill, *row.flags]
    for name, value in {**COMMON, **row.more}.items():
        if name in known:
            words += ["-p", f"{name}={value}"]
    return words


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--only", default="")
    options = parser.parse_args()

    def run():
        lost = 0
        with Place(options) as place:
            place.run(["apply", "--yes", place.fleet], "a.db")
            wanted = place.settled()
            known = {one["drill"]: [p["name"] for p in one["parameters"]] for one in json.loads(place.run(["drill", "list"], "a.db").stdout)["drills"]}
            missing = set(known) - {row.drill for row in ROWS}
            if missing:
                print(f"no row for: {', '.join(sorted(missing))}")
                lost += 1
            print(f"{'drill':<34}{'verdict':<9}{'found':<9}{'recovery':>9}{'failed':>8}{'of':>6}  restored  held")
            for row in ROWS:
                if options.only not in row.drill:
                    continue
                result, wrong = {}, ""
                if row.before:
                    place.ctl(*row.before)
                try:
                    done = place.run(words_of(row, known[row.drill]), "a.db", well=(0, 1, 2, 3, 4))
                    result = json.loads(done.stdout)
                    wants(done.returncode == row.code, f"exit code {done.returncode}, wanted {row.code}: {result['reason']}")
                    wants(result["verdict"] == row.verdict, f"{result['verdict']}: {result['reason']}")
                    wants(row.says in result["reason"] + done.stderr, f"{result['reason']}, wanted “{row.says}”")
                    wants(result["restored"], "not restored")
                    if row.check:
                        row.check(result)
                except (Wrong, ValueError, KeyError) as error:
                    wrong = str(error) or type(error).__name__
                if row.before:
                    place.ctl("start", *row.before[1:])
                try:
                    compare(wanted, place.settled(), "afterwards")
                except Wrong as error:
                    wrong = wrong or str(error)
                lost += bool(wrong)
                recovery = result.get("recovery_ms")
                print(f"{row.drill:<34}{row.verdict:<9}{result.get('verdict', '-'):<9}{'-' if recovery is None else recovery:>9}"
                      f"{result.get('failed_requests', 0):>8}{result.get('requests', 0):>6}  {'yes' if result.get('restored') else 'no':<9} {wrong or 'yes'}",
                      flush=True)
        return 1 if lost else 0

    return with_keyring(__file__, run)


if __name__ == "__main__":
    sys.exit(main())
