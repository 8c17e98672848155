#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""documents.py CHECKOUT: every relative link and every resources/ file that a document or example names is there, and the
account's minimal policy allows exactly the calls that the cloud clients make."""
import json
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
wrong = []
skipped = {"build", "out", ".git", "node_modules"}


def documents(*endings):
    for file in sorted(top.rglob("*")):
        if file.suffix in endings and not skipped & set(file.relative_to(top).parts):
            yield file


links = 0
for file in documents(".md"):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        links += 1
        if not (file.parent / target).exists():
            wrong.append(f"{file.relative_to(top)}: the link {target} leads nowhere")
for file in list(documents(".md", ".yaml")):
    for name in re.findall(r"\bresources/[\w./-]+\.(?:yaml|json)\b", file.read_text()):
        links += 1
        if not (top / name).exists():
            wrong.append(f"{file.relative_to(top)}: there is no {name}")

policy = json.loads((top / "resources/environments/ram-policy.json").read_text())
allowed = {action.split(":")[1] for statement in policy["Statement"] for action in statement["Action"]}
called = set()
for file in (top / "src/alicloud").glob("*.cpp"):
    called |= set(re.findall(r'QStringLiteral\("((?:Add|Create|Delete|Describe|Get|Remove|Update)[A-Z]\w+)"\)', file.read_text()))
for action in sorted(called - allowed):
    wrong.append(f"ram-policy.json does not allow {action}, which src/alicloud calls")
for action in sorted(allowed - called):
    wrong.append(f"ram-policy.json allows {action}, which nothing calls")

# The schema says of the examples what the program does.
try:
    import jsonschema
    import yaml
except ImportError:
    print("the schemas are not looked at: there is no python3-jsonschema or python3-yaml")
else:
    schema = json.loads((top / "resources/checks/check.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for file in sorted((top / "resources/checks").glob("*.yaml")):
        document = yaml.safe_load(file.read_text())
        wrong += [f"{file.relative_to(top)}: {error.json_path}: {error.message}" for error in validator.iter_errors(document)]
        document["spec"]["expect"] = {"latency": 5}
        if validator.is_valid(document):
            wrong.append("check.schema.json admits what nobody knows")

for line in wrong:
    print(line)
print(f"{links} links, {len(called)} calls, {len(wrong)} wrong")
sys.exit(1 if wrong or not links or not called else 0)
