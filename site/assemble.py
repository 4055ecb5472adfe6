#!/usr/bin/env python3
"""Puts the website together: pages in English and Chinese, assets, and the playground's program.

usage: site/assemble.py --program FOLDER --out FOLDER

A page is a fragment of HTML below pages/LANGUAGE/ whose first lines are `name: value` (title, description, class), ended by
a line `---`. {{root}} is the relative way to the site's root, {{yaml:FILE}} the text of an example. The result is plain
files: any static server or a folder of another site can hold them.
"""
import argparse
import html
import os
import pathlib
import re
import shutil
import subprocess
import sys

SITE = pathlib.Path(__file__).resolve().parent
ROOT = SITE.parent
LANGUAGES = {"en": ("en", "English", ""), "zh": ("zh-CN", "中文", "zh/")}
ELEMENT = ["ordinal.mjs", "api.mjs", "mirror.mjs", "words.mjs", "style.mjs"]
WORDS = {
    "en": {"playground": "Playground", "compare": "Comparison", "docs": "Docs", "exercises": "Exercises", "theme": "Dark or light", "other": "中文", "skip": "To the text"},
    "zh": {"playground": "演练场", "compare": "对比", "docs": "文档", "exercises": "练习", "theme": "深色或浅色", "other": "English", "skip": "跳到正文"},
}


def read_page(file):
    head, body = file.read_text(encoding="utf-8").split("\n---\n", 1)
    return dict(line.split(": ", 1) for line in head.splitlines()), body


def example(match):
    # Escaped for a script element only: the text is data there, and "</" must not end it.
    return (ROOT / match.group(1)).read_text(encoding="utf-8").rstrip().replace("</", "<\\/")


def address(language, page):
    """pages/en/docs/x.html is docs/x/, index.html of a folder is the folder."""
    path = page.with_suffix("").as_posix()
    path = "" if path == "index" else path.removesuffix("/index") + "/"
    return LANGUAGES[language][2] + path


def render(layout, language, page, out):
    meta, body = read_page(SITE / "pages" / language / page)
    here = address(language, page)
    root = "../" * here.count("/") or "./"
    other = "zh" if language == "en" else "en"
    has_other = (SITE / "pages" / other / page).exists()
    words = WORDS[language]
    values = {
        "lang": LANGUAGES[language][0], "title": html.escape(meta["title"]), "description": html.escape(meta.get("description", "")),
        "class": meta.get("class", ""), "root": root, "home": root + LANGUAGES[language][2], "body": body,
        "other": root + (address(other, page) if has_other else LANGUAGES[other][2]), "otherLang": LANGUAGES[other][0], "otherName": words["other"],
        # theme.js goes there where the reader's language asks for it, so only to the same page.
        "alternate": '<link rel="alternate" hreflang="{{otherLang}}" href="{{other}}">' if has_other else "",
        **{f"word.{k}": v for k, v in words.items()},
    }
    text = layout
    for _ in range(2):  # the body and others hold places of their own
        text = re.sub(r"\{\{([\w.]+)\}\}", lambda m: values.get(m.group(1), m.group(0)), text)
    text = re.sub(r"\{\{yaml:([^}]+)\}\}", example, text)
    left = re.search(r"\{\{[^}]*\}\}", text)
    if left:
        sys.exit(f"{language}/{page}: nothing to put in for {left.group(0)}")
    target = out / here / "index.html" if page.name != "404.html" else out / "404.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def copy(files, target):
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy2(file, target / file.name)


def number(data, at):
    """An unsigned LEB128 number and the place behind it."""
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 128:
            return value, at


def without_names(file, out):
    """The program without the names of its functions, which only a profile needs; but first they show whether all calls fit.

    Where a caller and a function disagree about their arguments, LLVM silently puts a function "…_bitcast" between them.
    Of destructors it does so in a Dev build too; they have no arguments to disagree about.
    """
    data = file.read_bytes()
    kept, at = bytearray(data[:8]), 8
    while at < len(data):
        size, body = number(data, at + 1)
        if data[at] == 0 and b"name" in data[body:body + 8]:
            wrong = sorted({n.decode(errors="replace") for n in re.findall(rb"[\w.$]+_bitcast\w*", data[body:body + size])
                            if not re.search(rb"D[0-2]Ev_bitcast", n)})
            if wrong:
                sys.exit("program.wasm: compiled with two conventions for calls (CMakeLists.txt, experimental-mv): " + ", ".join(wrong))
        else:
            kept += data[at:body + size]
        at = body + size
    out.write_bytes(kept)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    args = parser.parse_args()
    fresh = args.out.with_name(args.out.name + ".fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    layout = (SITE / "layout.html").read_text(encoding="utf-8")
    for language in LANGUAGES:
        folder = SITE / "pages" / language
        for page in sorted(folder.rglob("*.html")):
            render(layout, language, page.relative_to(folder), fresh)
    copy(sorted((SITE / "assets").iterdir()), fresh / "assets")
    copy([SITE / "offline.js"], fresh)  # what it serves lies below it
    copy([ROOT / "wasm" / name for name in ELEMENT] + [args.program / "program.mjs"], fresh / "ordinal")
    without_names(args.program / "program.wasm", fresh / "ordinal" / "program.wasm")
    fonts = args.out.with_name("fonts")
    script = ROOT / "web" / "fonts" / "subset.py"
    if script.exists() and (not fonts.exists() or fonts.stat().st_mtime < script.stat().st_mtime):
        # Debian's interpreter has Debian's fontTools.
        python = "/usr/bin/python3" if os.path.exists("/usr/lib/python3/dist-packages/fontTools") else sys.executable
        fonts.mkdir(parents=True, exist_ok=True)
        subprocess.run([python, str(script), str(fonts)], check=True)
        os.utime(fonts)
    if fonts.exists():
        copy(sorted(fonts.iterdir()), fresh / "ordinal" / "fonts")
        for name in ("fonts-inter", "fonts-jetbrains-mono"):  # the Open Font License goes where its fonts go
            notice = pathlib.Path("/usr/share/doc") / name / "copyright"
            if notice.exists():
                shutil.copy2(notice, fresh / "ordinal" / "fonts" / f"{name}.LICENSE.txt")
    old = args.out.with_name(args.out.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if args.out.exists():
        args.out.rename(old)
    fresh.rename(args.out)
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    main()
