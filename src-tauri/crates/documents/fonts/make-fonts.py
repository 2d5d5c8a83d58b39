#!/usr/bin/env python3
"""Makes the static fonts that the PDF writer embeds, from the variable fonts on npm.

typst takes TrueType, not WOFF2, and a static instance is smaller and quicker to subset than a
variable font. Each family comes from npm cut up by script; the pieces are set to one weight (and
optical size), rid of the characters an earlier piece already has, and merged again.

    python3 -m venv venv && venv/bin/pip install fonttools==4.68.0 brotli
    venv/bin/python make-fonts.py        # needs npm, for `npm pack`

Run it again only to take a newer release: the bytes of the fonts are part of every PDF, and
two programs only render the same page when both carry the same ones.
"""

import io
import os
import pathlib
import subprocess
import tarfile
import tempfile

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# `head.modified` takes this instead of the clock, so that a second run gives the same bytes.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1780272000")

HERE = pathlib.Path(__file__).parent
PACKAGES = {
    "literata": ("@fontsource-variable/literata", "5.3.0"),
    "hanken-grotesk": ("@fontsource-variable/hanken-grotesk", "5.3.0"),
    "noto-serif-hebrew": ("@fontsource-variable/noto-serif-hebrew", "5.3.0"),
    # Not one that builds its letters from a body and loose dots: the text copied from such a page
    # holds every dotted letter twice.
    "vazirmatn": ("@fontsource-variable/vazirmatn", "5.3.0"),
    "noto-emoji": ("@fontsource-variable/noto-emoji", "5.3.1"),
}
LITERATA = ["latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext"]
HANKEN = ["latin", "latin-ext", "vietnamese", "cyrillic-ext"]

# file, npm name, pieces, axis group, upright or italic, family, style, usWeightClass, axes
FONTS = [
    ("Literata-Regular", "literata", LITERATA, "opsz", "normal", "Literata", "Regular", 400, {"wght": 400, "opsz": 12}),
    ("Literata-SemiBold", "literata", LITERATA, "opsz", "normal", "Literata", "SemiBold", 600, {"wght": 560, "opsz": 12}),
    ("Literata-Italic", "literata", LITERATA, "opsz", "italic", "Literata", "Italic", 400, {"wght": 400, "opsz": 12}),
    ("Literata-SemiBoldItalic", "literata", LITERATA, "opsz", "italic", "Literata", "SemiBold Italic", 600, {"wght": 560, "opsz": 12}),
    ("LiterataDisplay-Regular", "literata", LITERATA, "opsz", "normal", "Literata Display", "Regular", 400, {"wght": 430, "opsz": 36}),
    ("HankenGrotesk-Regular", "hanken-grotesk", HANKEN, "wght", "normal", "Hanken Grotesk", "Regular", 400, {"wght": 420}),
    ("HankenGrotesk-SemiBold", "hanken-grotesk", HANKEN, "wght", "normal", "Hanken Grotesk", "SemiBold", 600, {"wght": 620}),
    ("NotoSerifHebrew-Regular", "noto-serif-hebrew", ["hebrew"], "wght", "normal", "Noto Serif Hebrew", "Regular", 400, {"wght": 400, "wdth": 100}),
    ("Vazirmatn-Regular", "vazirmatn", ["arabic"], "wght", "normal", "Vazirmatn", "Regular", 400, {"wght": 400}),
    ("NotoEmoji-Regular", "noto-emoji", None, "wght", "normal", "Noto Emoji", "Regular", 400, {"wght": 400}),
]


def unpack(into):
    for short, (package, version) in PACKAGES.items():
        name = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"],
            cwd=into, check=True, capture_output=True, text=True,
        ).stdout.strip()
        with tarfile.open(into / name) as archive:
            archive.extractall(into / short, filter="data")


def pieces(into, short, names, axis, slope):
    files = into / short / "package" / "files"
    if names is None:
        return sorted(files.glob(f"{short}-*-{axis}-{slope}.woff2"))
    return [files / f"{short}-{name}-{axis}-{slope}.woff2" for name in names]


def instance(path, axes, seen):
    """One piece at one weight, without the characters already taken from an earlier piece."""
    font = TTFont(path)
    font.flavor = None
    held = {a.axisTag for a in font["fvar"].axes}
    font = instancer.instantiateVariableFont(font, {t: v for t, v in axes.items() if t in held})
    wanted = set(font.getBestCmap()) - seen
    seen |= wanted
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=False)
    # Features that need another piece's glyphs cannot survive the cut; small caps and swashes are
    # never asked for and weigh much.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "calt", "rlig", "init", "medi", "fina", "isol", "tnum", "lnum"]
    options.drop_tables += ["vhea", "vmtx", "VVAR", "STAT", "gasp", "prep", "MVAR", "avar"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    return font if wanted else None


def rename(font, family, style, weight):
    plain = family.replace(" ", "") + "-" + style.replace(" ", "")
    ribbi = {"Regular": "Regular", "Italic": "Italic"}.get(style)
    licence = [font["name"].getDebugName(i) for i in (0, 13, 14)]
    font["name"].names = []
    short_family = family if ribbi else f"{family} {style.replace(' Italic', '')}"
    short_style = ribbi or ("Italic" if "Italic" in style else "Regular")
    values = {1: short_family, 2: short_style, 3: plain, 4: f"{family} {style}", 6: plain, 16: family, 17: style}
    values |= {i: v for i, v in zip((0, 13, 14), licence) if v}
    for number, value in sorted(values.items()):
        font["name"].setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    italic = "Italic" in style
    font["OS/2"].fsSelection = (0x01 if italic else 0x40 if style == "Regular" else 0) | 0x80
    font["head"].macStyle = 0x02 if italic else 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        into = pathlib.Path(folder)
        unpack(into)
        for file, short, names, axis, slope, family, style, weight, axes in FONTS:
            seen, parts = set(), []
            for path in pieces(into, short, names, axis, slope):
                font = instance(path, axes, seen)
                if font is None:
                    continue
                parts.append(into / f"part-{len(parts)}.ttf")
                font.save(parts[-1])
            if len(parts) == 1:
                font = TTFont(parts[0])
            else:
                font = merge.Merger().merge([str(p) for p in parts])
            rename(font, family, style, weight)
            buffer = io.BytesIO()
            font.save(buffer)
            (HERE / f"{file}.ttf").write_bytes(buffer.getvalue())
            print(f"{file}: {len(seen)} characters, {len(buffer.getvalue())} bytes")
        for short in PACKAGES:
            text = (into / short / "package" / "LICENSE").read_text()
            (HERE / f"OFL-{short}.txt").write_text(text)


if __name__ == "__main__":
    main()
