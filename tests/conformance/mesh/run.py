#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""run.py --bin FOLDER: what catamaranctl says of a real mesh of two clusters, held against what is done to it.

$CATAMARAN_REAL_MESH is an environment file (kubeconfigs alone; with the meshServer of both clusters remote secrets are made too) of two clusters on
two networks with an istiod, an east-west gateway and its exposure each, a remote secret for the other, and a
sample in the namespace $CATAMARAN_REAL_MESH_SAMPLE (default: sample): sleep and helloworld. Without it nothing is tried, and that is said.
$CATAMARAN_REAL_MESH_FAULTS is a command that breaks and mends: `partition-api 1`, `heal-api 1`, `revoke 2`, `restore 2`, `stop istiod 1`,
`start istiod 1`; without it only what kubectl can do is tried. Every change is taken back."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--bin", required=True)
options = parser.parse_args()
environment = os.environ.get("CATAMARAN_REAL_MESH", "")
faults = os.environ.get("CATAMARAN_REAL_MESH_FAULTS", "")
sample = os.environ.get("CATAMARAN_REAL_MESH_SAMPLE", "sample")
kubectl = os.environ.get("CATAMARAN_KUBECTL", "kubectl")
if not environment:
    print("skipped: CATAMARAN_REAL_MESH names no environment of a real mesh")
    sys.exit(77)
ctl = pathlib.Path(options.bin) / "catamaranctl"
folder = tempfile.TemporaryDirectory()
failed = []


def run(*words, allowed=(0, 1)):
    done = subprocess.run([ctl, "--database", folder.name + "/journal.db", "--env", environment, "-o", "json", *words],
                          capture_output=True, text=True, timeout=300)
    if done.returncode not in allowed:
        print(done.stdout, done.stderr)
        raise SystemExit(f"catamaranctl {' '.join(words)} ended with {done.returncode}")
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}


def check(what, holds, seen=""):
    print(("ok      " if holds else "FAILED  ") + what + ("" if holds else f": {seen}"), flush=True)
    if not holds:
        failed.append(what)


def kubeconfig(name):
    import re
    text = pathlib.Path(environment).read_text()
    found = re.search(rf"name:\s*{name}\s*\n\s*kubeconfig:\s*(\S+)", text)
    return str(pathlib.Path(environment).parent / found.group(1))


def kube(cluster, *words, given=None):
    return subprocess.run([kubectl, "--kubeconfig", kubeconfig(cluster), *words], check=True, capture_output=True, text=True,
                          input=given, timeout=60).stdout


def fault(*words, mends=False):
    subprocess.run([faults, *words], check=not mends, timeout=300) # a mend is judged by what is seen then


def matrix():
    code, said = run("matrix", "--source", f"{sample}/sleep", "--url", f"http://helloworld.{sample}:5000/hello")
    return code, {(one["from"], one["to"]): {cell["layer"]: cell for cell in one["layers"]} for one in said["directions"]}, said


def until(what, test, seconds):
    """Asks again until it holds: what a control plane admits comes when it tries again."""
    begin = time.monotonic()
    while True:
        seen = test()
        if seen is None:
            return check(f"{what} (after {time.monotonic() - begin:.0f} s)", True)
        if time.monotonic() - begin > seconds:
            return check(what, False, seen)


code, said = run("status", "--namespace", sample)
meshes = {mesh["home"]: mesh for mesh in said["meshes"]}
clusters = [cluster["name"] for cluster in said["clusters"]]
first, second = clusters[0], clusters[1]
check("status names a control plane in each cluster", set(meshes) == {first, second}, list(meshes))
for home, mesh in meshes.items():
    plane = mesh["control_planes"][0] if mesh["control_planes"] else {}
    check(f"{home}: revision, version and replicas are told", bool(plane.get("revision") and plane.get("version") and plane.get("replicas")), plane)
    check(f"{home}: mesh id, trust domain and root are told", bool(mesh["mesh_id"] and mesh["trust_domain"] and mesh["roots"]), mesh)
    other = second if home == first else first
    modes = {member["cluster"]: member["mode"] for member in mesh["members"]}
    check(f"{home}: it discovers {other}", modes == {home: "managed", other: "discovery-only"}, modes)
    check(f"{home}: nothing of it is refused", not [fact for fact in mesh["facts"] if fact["error"]],
          [fact for fact in mesh["facts"] if fact["error"]])
    check(f"{home}: no token or key is told", "eyJ" not in json.dumps(mesh) and "PRIVATE" not in json.dumps(mesh))
check("the roots are the same", said["shares_root"] is True, said["shares_root"])

code, cells, said = matrix()
check("every direction is proven", code == 0 and said["proven"], said["sentence"])

fleet = folder.name + "/adopted.yaml"
run("adopt", "--out", fleet)
text = pathlib.Path(fleet).read_text()
check("the document names the provider of both meshes", text.count("provider: istio") == 2, text)
code, plan = run("plan", fleet)
check("a plan of it is empty", plan["steps"] == [], plan)
code, drift = run("drift", fleet)
# How its sample was written is its own affair: Catamaran would write other fields.
check("nothing that the document asks for is missing, and all was read", drift["missing"] == 0 and drift["unread"] == [], drift)

label = "topology.istio.io/network"
can_join = "meshServer" in pathlib.Path(environment).read_text()
if not can_join:
    print("skipped: remote secrets, for the environment names no meshServer that pods of the other cluster reach")


def items(cluster, *words):
    return json.loads(kube(cluster, "get", *words, "-o", "json"))["items"]


def objects():
    """Everything that is touched here, without what changes by itself."""
    seen = {}
    for cluster in (first, second):
        found = [json.loads(kube(cluster, "get", "namespace", name, "-o", "json")) for name in ("istio-system", sample)]
        found += items(cluster, "-n", "istio-system", "secrets,serviceaccounts,gateways.networking.istio.io")
        for one in found:
            for own in ("resourceVersion", "managedFields"):
                one["metadata"].pop(own, None)
            seen[f"{cluster}/{one['kind']}/{one['metadata']['name']}"] = one
    return seen


def again(objects_of):
    """As they can be made anew."""
    for one in objects_of:
        for own in ("resourceVersion", "uid", "creationTimestamp", "managedFields", "generation"):
            one["metadata"].pop(own, None)
        one.pop("status", None)
    return objects_of


def crosses():
    def test():
        code, cells, said = matrix()
        return None if code == 0 and said["proven"] else said["sentence"]
    return test


def steps_of(plan):
    return [step["id"] for step in plan["steps"]]


def mends(what, document, breaks, wanted):
    """What is broken is planned and nothing else; applied, requests cross; undone, all is as it was broken; applied again it is whole."""
    breaks()
    broken = objects()
    code, plan = run("plan", document)
    check(f"{what}: it is planned, and nothing else", steps_of(plan) == wanted, steps_of(plan))
    code, drift = run("drift", document)
    check(f"{what}: and is drift, each missing step told", code == 1 and 0 < drift["missing"] == len(drift["missing_steps"]), drift)
    code, done = run("apply", "--yes", document, allowed=(0, 1, 2, 3, 4))
    check(f"{what}: apply mends it", code == 0, done)
    check(f"{what}: no token is told", "eyJ" not in json.dumps(done) and "eyJ" not in json.dumps(plan))
    until(f"{what}: requests cross again", crosses(), 60)
    code, plan = run("plan", document)
    check(f"{what}: a second plan is empty", plan["steps"] == [], steps_of(plan))
    code, undone = run("undo", "--yes", str(done["execution"]), allowed=(0, 1, 2, 3, 4))
    check(f"{what}: undo", code == 0, undone)
    now = objects()
    differs = sorted(key for key in set(broken) | set(now) if broken.get(key) != now.get(key))
    check(f"{what}: every object is as it was", not differs, differs)
    code, done = run("apply", "--yes", document, allowed=(0, 1, 2, 3, 4))
    check(f"{what}: apply mends it again", code == 0, done)
    until(f"{what}: and requests cross", crosses(), 60)


def unlabel(cluster):
    kube(cluster, "label", "namespace", "istio-system", label + "-")


def unread(cluster):
    kube(cluster, "-n", "istio-system", "delete", "secrets", "-l", "istio/multiCluster=true")


def close(cluster):
    for gateway in items(cluster, "-n", "istio-system", "gateways.networking.istio.io"):
        if any(server.get("tls", {}).get("mode") == "AUTO_PASSTHROUGH" for server in gateway["spec"]["servers"]):
            kube(cluster, "-n", "istio-system", "delete", "gateways.networking.istio.io", gateway["metadata"]["name"])


kept = {cluster: {"network": json.loads(kube(cluster, "get", "namespace", "istio-system", "-o", "json"))["metadata"]["labels"][label],
                  "objects": again(items(cluster, "-n", "istio-system", "secrets", "-l", "istio/multiCluster=true")
                                   + items(cluster, "-n", "istio-system", "gateways.networking.istio.io"))} for cluster in (first, second)}
names = {mesh["home"]: mesh["name"] for mesh in meshes.values()}
try:
    mends("a network label is gone", fleet, lambda: unlabel(first), [f"network-{first}"])
    mends("nothing lets traffic through", fleet, lambda: close(first), [f"expose-{first}"])
    if can_join:
        discover = f"discover-{names[first]}-{second}"
        mends("a remote secret is gone", fleet, lambda: unread(first), [f"reader-token-{second}", discover])
        asked = folder.name + "/asked.yaml"
        pathlib.Path(asked).write_text(pathlib.Path(fleet).read_text() + "  remoteSecrets:\n    token: requested\n    life: 24h\n")

        def everything():
            for cluster in (first, second):
                unlabel(cluster)
                unread(cluster)
                close(cluster)
        mends("two clusters are joined", asked, everything,
              [discover, f"discover-{names[second]}-{first}"] + [step for cluster in (first, second) for step in (f"network-{cluster}", f"expose-{cluster}")])
        code, said = run("destroy", "--yes", asked, allowed=(0, 1, 2, 3, 4))
        check("destroy takes the remote secrets that Catamaran made", code == 0 and not items(first, "-n", "istio-system", "secrets", "-l", "istio/multiCluster=true"), said)
        check("and leaves the control planes", bool(items(first, "-n", "istio-system", "deployments", "-l", "app=istiod")))
finally:
    for cluster in (first, second):
        kube(cluster, "label", "--overwrite", "namespace", "istio-system", f"{label}={kept[cluster]['network']}")
        close(cluster)
        unread(cluster)
        kube(cluster, "apply", "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "List", "items": kept[cluster]["objects"]}))

if faults:
    def latent(to_mend):
        def test():
            code, cells, said = matrix()
            cell = cells[(first, second)]["discovery"]
            words = json.dumps(cell)
            is_latent = "holds only until" in words and meshes[first]["name"] in words
            request = cells[(first, second)]["request"]["health"]
            if is_latent != to_mend and request == "ok":
                return None
            return cell
        return test
    for breaks, mends, what in (("revoke 2", "restore 2", "a revoked token"), ("partition-api 1", "heal-api 1", "an API server out of reach")):
        fault(*breaks.split())
        try:
            until(f"{what}: discovery holds only until the control plane restarts, and requests pass", latent(False), 240)
            if breaks.startswith("revoke") and can_join:
                code, plan = run("plan", fleet)
                check(f"{what}: it is renewed", steps_of(plan) == [f"reader-token-{second}", f"renew-{names[first]}-{second}"], steps_of(plan))
                code, done = run("apply", "--yes", fleet, allowed=(0, 1, 2, 3, 4))
                check(f"{what}: but not over what others have applied", code != 0, done)
                code, done = run("apply", "--yes", "--foreign", f"Secret/istio-system/istio-remote-secret-{second}", fleet, allowed=(0, 1, 2, 3, 4))
                check(f"{what}: unless one says so", code == 0, done)
                until(f"{what}: nothing of it is said any more", latent(True), 240)
        finally:
            fault(*mends.split(), mends=True)
        until(f"{what}: mended, nothing of it is said any more", latent(True), 240)
    fault("stop", "istiod", "1")
    try:
        code, said = run("status", "--namespace", sample)
        stopped = {mesh["home"]: mesh for mesh in said["meshes"]}[first]
        check("a control plane that is scaled to 0 is not said to run", any(
            one["type"] == "Running" and one["health"] == "failed" for one in stopped["conditions"]), stopped["conditions"])
    finally:
        fault("start", "istiod", "1")

print(f"{len(failed)} failed")
sys.exit(1 if failed else 0)
