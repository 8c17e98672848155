#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of drills against what really happened: the range writes down each request, failed attempt and ejection (lab/mesh/ledger.h).

First the number of failed requests, which has to be equal at 25, 100 and 500 a second with targets that hang and targets that refuse. Then
detection and recovery of drills with random settings: within one probe interval in 95 of 100, never off by more than two. All times
compared are the clock's of this machine, written down on both sides, so that a busy one is no fault of a figure. Prints both tables and the
distribution; exit code 1 when something did not hold.

  figures.py --bin build/release/bin --source DIR [--seed N]     CATAMARAN_FIGURES_RUNS=60: so many random drills (default 3; 0: none)
                                                                 Exit code 77: skipped, with a reason.
"""
import argparse
import json
import os
import random
import sys

sys.dont_write_bytecode = True
from place import Place, Wrong, with_keyring

COMMON = ["-p", "client=cluster-1/default/sleep", "-p", "url=http://helloworld:5000/hello"]
V1 = "cluster-1/default/helloworld-v1"
COUNTS = [(rate, name, more) for rate in (25, 100, 500)
          for name, more in (("hang", ["slow-service", "-p", "host=helloworld", "-p", "delay=60s"]), ("refuse", ["failing-service", "-p", "host=helloworld"]))]


def ledger(place, since):
    """What was written from line @since on, and how many lines there are now."""
    with open(place.ledger) as file:
        lines = [line for line in file if line.endswith("\n")]
    return [json.loads(line) for line in lines[since:]], len(lines)


def failed(request):
    return not 200 <= request["status"] < 300


def drill(place, since, words):
    done = place.run(["drill", "run", *words, *COMMON], "a.db", well=(0, 1, 4))
    result = json.loads(done.stdout)
    # A guard counts failures in a row, and at 500 a second it may end the drill: what was counted until then is to be right all the same.
    if result["fault_at_ms"] is None or not result["restored"]:
        raise Wrong(f"{result['verdict']}: {result['reason']}")
    written, now = ledger(place, since)
    requests = sorted((one for one in written if one["what"] == "request" and one["from"].startswith("default/sleep-")), key=lambda one: one["began_ms"])
    return result, requests, now


def count(place, since, rate, words):
    result, requests, now = drill(place, since, [*words, "-p", f"rate={rate}", "-p", "stay=4s"])
    # What is under way when the drill stops asking, seconds after all is well again, is answered to nobody.
    real = sum(1 for one in requests if failed(one) and one["began_ms"] < result["restore_at_ms"] + 3000)
    return result, real, len(requests), now


def truth(requests, result, replaced):
    """Detection and recovery, from the requests that the range saw. A pod that is replaced leaves nobody missing: who answers is told by version."""
    fault, restore = result["fault_at_ms"], result["restore_at_ms"]
    before = [one for one in requests if one["at_ms"] < fault and not failed(one)]
    inside = [one for one in requests if one["at_ms"] >= fault and one["began_ms"] < restore]
    shown = [i for i, one in enumerate(inside) if failed(one)][:1]
    known = set() if replaced else {one["host"] for one in before}
    shown += [] if replaced else [i for i, one in enumerate(inside) if not failed(one) and one["host"] not in known][:1]
    for host in known:
        last = max((i for i, one in enumerate(inside) if one["host"] == host and not failed(one)), default=-1)
        share = sum(1 for one in before if one["host"] == host) / len(before)
        others = sum(1 for one in inside[last + 1:] if not failed(one))
        if last + 1 < len(inside) and (1 - share) ** others < 0.01:
            shown.append(last + 1)
    detected = max(0, inside[min(shown)]["at_ms"] - fault) if shown else None
    bad = [i for i, one in enumerate(inside) if failed(one)]
    if not bad:
        recovered = 0 if inside else None
    else:
        recovered = max(0, inside[bad[-1] + 1]["began_ms"] - fault) if bad[-1] + 1 < len(inside) else None
    return detected, recovered


def far(told, real):
    return None if told is None and real is None else float("inf") if told is None or real is None else abs(told - real)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    runs = int(os.environ.get("CATAMARAN_FIGURES_RUNS", "3"))

    def run():
        lost, since = 0, 0
        with Place(options) as place:
            place.run(["apply", "--yes", place.fleet], "a.db")
            print(f"seed {options.seed}\n{'a second':>8}  {'target':<8}{'requests':>9}{'failed':>8}{'never sent':>11}{'range':>7}{'range in all':>13}  held")
            for rate, name, words in COUNTS:
                result, real, seen, since = count(place, since, rate, words)
                told = result["failed_requests"] - result["never_sent"]
                lost += told != real
                print(f"{rate:>8}  {name:<8}{result['requests']:>9}{result['failed_requests']:>8}{result['never_sent']:>11}{real:>7}{seen:>13}  "
                      f"{'yes' if told == real else f'no: {told} told'}", flush=True)
            off = {"detection": [], "recovery": []}
            for _ in range(runs):
                rate = chance.choice((5, 8, 10, 15, 20, 25))
                words = chance.choice((["lose-workload", "-p", f"target={V1}"], ["short-outage", "-p", f"target={V1}"], ["lose-gateway", "-p", "cluster=cluster-2"],
                                       ["replace-pods", "-p", "service=cluster-1/default/helloworld"]))
                stay = chance.randint(3, 6)
                place.ctl("latency", "network1", "network2", chance.choice(("0", "30", "60", "100"))) # what is on its way is lost with a gateway
                result, requests, since = drill(place, since, [*words, "-p", f"rate={rate}", "-p", f"stay={stay}s"])
                real = truth(requests, result, words[0] == "replace-pods")
                told = (result["detect_ms"], result["recovery_ms"])
                print(f"{words[0]:<16}{rate:>3}/s  detection {told[0]} told, {real[0]} real; recovery {told[1]} told, {real[1]} real", flush=True)
                for kind, one, other in zip(off, told, real):
                    distance = far(one, other)
                    if distance is not None:
                        off[kind].append(distance * rate / 1000)
            for kind, distances in off.items():
                distances.sort()
                if not distances:
                    continue
                within = sum(1 for one in distances if one <= 1)
                held = within >= 0.95 * len(distances) - (len(distances) < 20) and distances[-1] <= 2
                lost += not held
                print(f"{kind}: off by (in probe intervals) median {distances[len(distances) // 2]:.2f}, 95 % {distances[int(0.95 * (len(distances) - 1))]:.2f}, "
                      f"most {distances[-1]:.2f}; within one: {within} of {len(distances)}  {'yes' if held else 'no'}")
        return 1 if lost else 0

    return with_keyring(__file__, run)


if __name__ == "__main__":
    sys.exit(main())
