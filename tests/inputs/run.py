#!/usr/bin/env python3
"""Gives the manifests beside this file, and 5 MB of junk, to the native program as they are.

usage: tests/inputs/run.py ORDINAL
"""
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
# name: exit code, what the output has to say, where `ordinal check` sees a mistake (none: "")
EXPECTED = {
    "statefulset-basics.yaml": (0, r"statefulset\.apps/web created[\s\S]*2 Pods wanted, 2 Ready", ""),
    "two-claim-templates.yaml": (0, r"PersistentVolumeClaim/default/wal-db-1[\s\S]*2 Pods wanted, 2 Ready", ""),
    "made-volume.yaml": (0, r"persistentvolume/disk-one created[\s\S]*1 Pod wanted, 1 Ready", ""),
    "misspelt-field.yaml": (1, r"strict decoding error: unknown field \"spec\.replica\"", "21:3:"),
    "tabs.yaml": (1, r"error converting YAML to JSON: yaml: line \d+", "6:2:"),
    "open-bracket.yaml": (1, r"did not find expected ',' or '\]'", "44:7:"),
    "empty.yaml": (1, r"error: no objects passed to apply", "1:1:"),
    "junk.yaml": (1, r"larger than 3 MiB", ":"),
}


def junk():
    letters = random.Random(1)
    return "".join(letters.choices("abc: -[]{}#&*!|>\"'%@`\n\t 0", k=5_000_000))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr + done.stdout


def main(ordinal):
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "junk.yaml").write_text(junk())
        for name, (exit_code, words, place) in EXPECTED.items():
            path = str((pathlib.Path(folder) if name == "junk.yaml" else HERE) / name)
            code, said = run(ordinal, "run", path)
            checked, found = run(ordinal, "check", path)
            ok = code == exit_code and re.search(words, said) and (checked != 0) == bool(place) and place in found
            passed, failed = passed + bool(ok), failed + (not ok)
            if not ok:
                print(f"{name}: exit {code}\n{said[:2000]}\ncheck: exit {checked}\n{found[:500]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
