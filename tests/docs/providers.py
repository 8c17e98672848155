#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
"""providers.py CHECKOUT: what is one provider's stays with it. Outside src/alicloud and src/mesh/asm nothing in the console names
Alibaba Cloud's products, types, calls or tools, and no library but mesh_asm links its clients. (src/lab plays the cloud.)"""
import json
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
own = ("src/alicloud/", "src/mesh/asm/", "src/lab/")
policy = json.loads((top / "resources/environments/ram-policy.json").read_text())
calls = sorted(action.split(":")[1] for statement in policy["Statement"] for action in statement["Action"])
name = re.compile(r"(?i:alicloud|alibaba|aliyun|servicemesh)|\b(?:ASM|ACK|RAM)\b|\b(?:Asm|Ack)[A-Z]\w*|\b(?:" + "|".join(calls) + r")\b")
link = re.compile(r"Catamaran::alicloud")

wrong = []
looked = 0
for folder in ("src", "ui", "app"):
    for file in sorted((top / folder).rglob("*")):
        where = file.relative_to(top).as_posix()
        if where.startswith(own) or not file.is_file():
            continue
        if file.name == "CMakeLists.txt":
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if link.search(line):
                    wrong.append(f"{where}:{number}: only src/mesh/asm links the cloud's clients")
        elif file.suffix in (".cpp", ".h"):
            looked += 1
            for number, line in enumerate(file.read_text().splitlines(), 1):
                for found in name.findall(line):
                    wrong.append(f"{where}:{number}: {found} is one provider's own: ask mesh::Provider or mesh::ProviderKind")
                if re.match(r'#include "mesh/asm/', line) and where != "src/mesh/providers.cpp":
                    wrong.append(f"{where}:{number}: only the list of providers includes one")

library = (top / "src/mesh/asm/CMakeLists.txt").read_text()
if not re.search(r"PRIVATE_DEPS Catamaran::alicloud\b", library):
    wrong.append("src/mesh/asm/CMakeLists.txt: the cloud's clients are to be linked privately")

for line in wrong:
    print(line)
print(f"{looked} files, {len(wrong)} wrong")
sys.exit(1 if wrong or not looked else 0)
