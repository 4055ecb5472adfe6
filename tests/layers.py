#!/usr/bin/env python3
"""Checks that dependencies point one way: an include that points the other way fails.

site -> wasm -> web -> core, and inside core: cli -> lesson -> console -> sim -> {controllers, scheduler, node, network,
kubectl} -> {decision, apiserver, network} -> store -> {manifest, shell} -> api. Folders of one level do not see each other, but a decision may
name a request. Library headers belong to one place each.

usage: tests/layers.py [ROOT]
"""
import pathlib
import re
import sys

LEVELS = {
    "core/api": 0, "core/manifest": 1, "core/shell": 1, "core/store": 2,
    "core/decision": 3, "core/apiserver": 3, "core/network": 3,
    "core/controllers": 4, "core/scheduler": 4, "core/node": 4,
    "core/kubectl": 4, "core/sim": 5, "core/console": 6, "core/lesson": 7, "core/cli": 8,
    "web": 9, "wasm": 10,
}
# What a folder may include of another one of its own level.
NEIGHBOURS = {"core/decision": {"core/apiserver/request.hpp"}}
# Library headers and the folders that may include them.
LIBRARIES = [
    (re.compile(r"yaml-cpp/"), {"core/manifest"}),
    (re.compile(r"nlohmann/"), {"core/manifest", "tests"}),
    (re.compile(r"emscripten(/|\.h)|GLES|webgl"), {"wasm"}),
    (re.compile(r"imgui"), {"web", "wasm", "tests"}),
    (re.compile(r"^(iostream|regex|thread|future|random|chrono)$"), {"core/cli", "wasm", "tests"}),
]
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')


def folder(path):
    parts = path.split("/")
    if parts[0] == "generated":  # made from core/api's schemas while building
        parts[0] = "core"
    return "/".join(parts[:2]) if parts[0] == "core" else parts[0]


def violations(root):
    for top in ("core", "web", "wasm", "tests"):
        for file in sorted((root / top).rglob("*.[ch]pp")):
            here = file.relative_to(root).as_posix()
            if "node_modules" in here:
                continue
            mine = folder(here)
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                found = INCLUDE.match(line)
                if found:
                    why = judge(mine, found.group(1))
                    if why:
                        yield f"{here}:{number}: {why}"


def judge(mine, target):
    for pattern, allowed in LIBRARIES:
        if pattern.search(target) and mine not in allowed and folder(target) not in LEVELS:
            return f"<{target}> belongs to {', '.join(sorted(allowed))} only"
    other = folder(target)
    if mine == "tests" or other not in LEVELS or other == mine:
        return None
    if mine not in LEVELS:
        return f"{mine} is not a layer this check knows"
    if LEVELS[other] < LEVELS[mine] or target in NEIGHBOURS.get(mine, ()):
        return None
    return f"{mine} may not include {target}: dependencies point from {other} to {mine}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    found = list(violations(root))
    print("\n".join(found) if found else "layers: every include points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
