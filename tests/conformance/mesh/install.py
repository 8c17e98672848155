#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""install.py --bin FOLDER: a mesh of two clusters from nothing, and back to nothing.

$CATAMARAN_BARE_CLUSTERS is an environment file (kubeconfigs, and the meshServer of both) of two real clusters without Istio;
$CATAMARAN_MESH_INSTALL a Fleet document of two meshes of the provider istio that says what control planes and gateways are installed from, with
sleep in the first cluster and helloworld in both. Without them nothing is tried, and that is said. What is there at the end is what was there
before, object by object."""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--bin", required=True)
options = parser.parse_args()
environment, fleet = os.environ.get("CATAMARAN_BARE_CLUSTERS", ""), os.environ.get("CATAMARAN_MESH_INSTALL", "")
kubectl = os.environ.get("CATAMARAN_KUBECTL", "kubectl")
if not environment or not fleet:
    print("skipped: CATAMARAN_BARE_CLUSTERS and CATAMARAN_MESH_INSTALL name no clusters and no fleet to install")
    sys.exit(77)
ctl = pathlib.Path(options.bin) / "catamaranctl"
folder = tempfile.TemporaryDirectory()
failed = []
kubeconfigs = dict(re.findall(r"name:\s*(\S+)\s*\n\s*kubeconfig:\s*(\S+)", pathlib.Path(environment).read_text()))


def check(what, holds, seen=""):
    print(("ok      " if holds else "FAILED  ") + what + ("" if holds else f": {seen}"), flush=True)
    if not holds:
        failed.append(what)


def run(*words):
    done = subprocess.run([ctl, "--database", folder.name + "/journal.db", "--env", environment, "-o", "json", *words],
                          capture_output=True, text=True, timeout=600)
    said.append(done.stdout + done.stderr)
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else done.stderr[-600:]


def kube(cluster, *words):
    return subprocess.run([kubectl, "--kubeconfig", str(pathlib.Path(environment).parent / kubeconfigs[cluster]), *words], check=True,
                          capture_output=True, text=True, timeout=120).stdout


def objects():
    """Names and uids of all that an installation could leave; what Kubernetes writes by itself while it runs is left out."""
    kinds = "namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,validatingwebhookconfigurations,mutatingwebhookconfigurations"
    spaced = "deployments,services,serviceaccounts,configmaps,secrets,roles,rolebindings"
    found = {}
    for cluster in kubeconfigs:
        for one in json.loads(kube(cluster, "get", kinds, "-o", "json"))["items"] + json.loads(kube(cluster, "get", spaced, "-A", "-o", "json"))["items"]:
            # A control plane tells every namespace its root; it is a file of its own making.
            if one["metadata"]["name"] not in ("istio-ca-root-cert", "istio-ca-crl"):
                found[f"{cluster}/{one['kind']}/{one['metadata'].get('namespace', '')}/{one['metadata']['name']}"] = one["metadata"]["uid"]
    return found


said, keys = [], []
before = objects()
check("there is no control plane", not [key for key in before if "/istiod" in key], "use clusters without Istio")
if failed:
    sys.exit(1)
code, plan = run("plan", fleet)
steps = plan["steps"] if code == 0 else []
check("a plan of it has no step by hand", code == 0 and steps and not [one["id"] for one in steps if one["title"].startswith("By hand")], plan)
for cluster in kubeconfigs:
    check(f"{cluster}: the issuing authority comes before its control plane",
          [one["id"] for one in steps if one["id"] in (f"cacerts-{cluster}", f"install-deployment-istiod-{cluster}")]
          == [f"cacerts-{cluster}", f"install-deployment-istiod-{cluster}"])
code, done = run("apply", "--yes", fleet)
check("apply carries all of it out", code == 0 and done["complete"], done)
execution = str(done["execution"]) if isinstance(done, dict) else "0"
try:
    keys = [kube(cluster, "-n", "istio-system", "get", "secret", "cacerts", "-o", r"jsonpath={.data.ca-key\.pem}") for cluster in kubeconfigs]
    check("each has an issuing key of its own", len(set(keys)) == len(kubeconfigs) and all(keys))
    code, plan = run("plan", fleet)
    check("a second plan is empty", code == 0 and plan["steps"] == [], plan)
    code, drift = run("drift", fleet)
    check("nothing has drifted, all is Catamaran's", code == 0 and drift["missing"] == 0 and not drift["foreign"] and not drift["unread"], drift)
    code, status = run("status")
    check("the roots are the same", status["shares_root"] is True, status["shares_root"])
    first = list(kubeconfigs)[0]
    answers = kube(first, "exec", "deploy/sleep", "-c", "sleep", "--", "sh", "-c",
                   "for i in $(seq 1 40); do curl -s --max-time 5 http://helloworld:5000/hello; done")
    check("requests from the first cluster are answered in both", "helloworld-v1" in answers and "helloworld-v2" in answers, answers[-300:])
    kube(first, "-n", "istio-system", "delete", "service", "istiod")
    code, drift = run("drift", fleet)
    check("an object that is gone is drift", code == 1 and any(one["object"] == "Service istio-system/istiod" for one in drift["fields"]), drift)
    code, corrected = run("drift", "--correct", "--yes", fleet)
    check("and is put back", code == 0, corrected)
    code, drift = run("drift", fleet)
    check("then nothing has drifted", code == 0, drift)
    # The service was made anew by another execution: undone first, it is gone, as it was then; the others are as they were left.
    kube(first, "-n", "istio-system", "get", "service", "istiod")
    code, undone = run("undo", "--yes", str(corrected["execution"]))
    check("what put it back can be undone", code == 0, undone)
finally:
    code, undone = run("undo", "--yes", execution)
    check("all of it can be undone", code == 0, undone)
    now = objects()
    differs = sorted(key for key in set(before) | set(now) if before.get(key) != now.get(key))
    check("every object is as it was before", not differs, differs[:10])
    everything = "".join(said).encode() + b"".join(file.read_bytes() for file in pathlib.Path(folder.name).iterdir())
    check("no issuing key is told or written down", not [key for key in keys if key.encode() in everything])
print(f"{len(failed)} failed")
sys.exit(1 if failed else 0)
