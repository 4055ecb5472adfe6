#!/usr/bin/env python3
"""generate.py MUTATIONS.txt ROOT OUT: copies of the sources below ROOT with every mutation in its place, switched on by
mutation::active (its number in the list, from 1), and OUT/mutations.inc, the list for run.cpp."""
import os
import re
import sys


def parse(path):
    items = []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("# "):
            name, _, says = line[2:].partition(": ")
            items.append(dict(name=name, says=says, old=[], new=[], statement=False, only=False, line=number))
        elif line.startswith("file "):
            items[-1]["file"] = line[5:]
        elif line in ("statement", "explore only"):
            items[-1]["statement" if line == "statement" else "only"] = True
        elif line.startswith("- "):
            items[-1]["old"].append(line[2:])
        elif line.startswith("+ "):
            items[-1]["new"].append(line[2:])
        elif line:
            sys.exit(f"{path}:{number}: what is this? {line}")
    return items


def flexible(text):
    """A regular expression for the text in which any space may be any amount of it."""
    return r"\s+".join(re.escape(word) for word in text.split())


def place(item, source, path):
    old = "\n".join(item["old"])
    before, mark, rest = old.partition("«")
    inner, end, after = rest.partition("»")
    if not mark or not end:
        sys.exit(f"{path}:{item['line']}: «…» marks what is replaced")
    space = [r"\s*" if part and (part[0].isspace() or part[-1].isspace()) else "" for part in (before, inner, after)]
    pattern = flexible(before) + (r"\s*" if before else "") + "(" + flexible(inner) + ")" + (r"\s*" if after else "") + flexible(after)
    found = list(re.finditer(pattern, source))
    if len(found) != 1:
        sys.exit(f"{path}:{item['line']}: {item['name']} is in {item['file']} {len(found)} times")
    return found[0].span(1)


def main():
    path, root, out = sys.argv[1:4]
    items = parse(path)
    edits = {}
    for number, item in enumerate(items, 1):
        source = open(os.path.join(root, item["file"]), encoding="utf-8").read()
        start, end = place(item, source, path)
        new, old = " ".join(item["new"]), source[start:end]
        if item["statement"]:
            text = f"{{ if (mutation::active == {number}) {{ {new} }} else {{ {old} }} }}"
        else:
            text = f"(mutation::active == {number} ? ({new}) : ({old}))"
        edits.setdefault(item["file"], []).append((start, end, text))
    names = []
    for file, places in edits.items():
        source = open(os.path.join(root, file), encoding="utf-8").read()
        for start, end, text in sorted(places, reverse=True):
            source = source[:start] + text + source[end:]
        name = file.replace("/", "_")
        names.append(name)
        write(os.path.join(out, name), "namespace mutation { extern int active; }\n" + source)
    rows = [f'{{"{i["name"]}", R"({i["says"]})", "{i["file"]}", {str(i["only"]).lower()}}},' for i in items]
    write(os.path.join(out, "mutations.inc"), "\n".join(rows) + "\n")
    print(";".join(sorted(names)))


def write(path, text):
    if os.path.exists(path) and open(path, encoding="utf-8").read() == text:
        return
    open(path, "w", encoding="utf-8").write(text)


main()
