#!/usr/bin/env python3
"""Makes the small TrueType fonts that the canvas draws Latin text with, from the installed Inter and JetBrains Mono.

usage: subset.py OUT_DIR   (writes inter-400.ttf, inter-600.ttf, mono-400.ttf)

Chinese is not in them: the browser rasterises it on demand. Inter comes with cubic outlines (CFF), which Dear ImGui's reader
does not take, so its curves are made quadratic. Hinting and layout tables go; kerning is not used by Dear ImGui.
"""
import os
import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

INTER = "/usr/share/fonts/opentype/inter/Inter-%s.otf"
MONO = "/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-Regular.ttf"
FONTS = {"inter-400": INTER % "Regular", "inter-600": INTER % "SemiBold", "mono-400": MONO}
# Latin with the accents of European names, and the punctuation, arrows and signs that the texts use.
CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "‘’“”–—…•‹›€™←↑→↓↔−×·≤≥≠✓✗│├└─")]


def quadratic(font):
    order = font.getGlyphOrder()
    glyphs = font.getGlyphSet()
    made = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, max_err=0.5, reverse_direction=True))
        made[name] = pen.glyph()
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, made
    font["loca"] = newTable("loca")
    for name in order:
        made[name].recalcBounds(glyf)
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(made[name], "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions"
                  " maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth").split():
        setattr(maxp, field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    font.sfntVersion = "\0\1\0\0"


def main(out):
    os.makedirs(out, exist_ok=True)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, glyph_names=False,
                             drop_tables=["GSUB", "GPOS", "GDEF", "DSIG", "FFTM", "gasp", "STAT", "meta"])
    for name, path in FONTS.items():
        font = TTFont(path)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=CHARACTERS)
        subsetter.subset(font)
        if "CFF " in font:
            quadratic(font)
        font.recalcTimestamp = False
        target = os.path.join(out, name + ".ttf")
        font.save(target)
        print(target, os.path.getsize(target))


if __name__ == "__main__":
    main(sys.argv[1])
