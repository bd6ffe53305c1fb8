"""Make the fonts that image cards are drawn with, in ``briefings/data``, from the Noto fonts that Fontsource ships.

    npm pack @fontsource/noto-serif@5.3.0 @fontsource/noto-sans@5.3.0 @fontsource/noto-naskh-arabic@5.3.0
    npm pack @fontsource/noto-serif-hebrew@5.3.0, unpack each into FOLDER/noto-serif and so on
    python scripts/build_card_fonts.py FOLDER          in an environment with fonttools 4.68.0 and brotli

Fontsource cuts each font by script; here the cuts that a headline may need are joined again, so that one file has the
Latin, Greek and Cyrillic letters of a weight. Hinting and what no headline needs are left out. The fonts are under the
SIL Open Font License 1.1 (LICENSES/OFL-1.1.txt), which allows this; they reserve no font name.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "briefings" / "data"
WESTERN = ("latin", "latin-ext", "vietnamese", "greek", "cyrillic", "cyrillic-ext")
CARDS = (
    ("card-serif.ttf", "noto-serif", WESTERN, "600"),
    ("card-sans.ttf", "noto-sans", WESTERN, "500"),
    ("card-arabic.ttf", "noto-naskh-arabic", ("arabic", "latin", "latin-ext"), "600"),
    ("card-hebrew.ttf", "noto-serif-hebrew", ("hebrew", "latin", "latin-ext"), "600"),
)
"""File, package, cuts and weight."""
KEPT = (
    *range(0x20, 0x250), 0x259, *range(0x2B0, 0x370), *range(0x370, 0x400), *range(0x400, 0x530), *range(0x590, 0x780),
    *range(0x8A0, 0x900), *range(0x1E00, 0x1F00), *range(0x1F00, 0x2000), *range(0x2010, 0x2060),
    *range(0x2070, 0x20D0),
    *range(0x2100, 0x2150), 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, *range(0xFB1D, 0xFB50), *range(0xFB50, 0xFE00),
    *range(0xFE70, 0xFF00), 0x200C, 0x200D,
)  # fmt: skip
DATE = 3_849_552_000
"""What the fonts' ``head`` table gives as their time: 26 December 2025, in seconds since 1904; never the clock."""


def advances(font: TTFont) -> list[list[int]]:
    """Runs of neighbouring characters: the first one, then the advance of each in thousandths of the size."""
    runs: list[list[int]] = []
    cmap, units = font.getBestCmap(), font["head"].unitsPerEm
    for code in sorted(cmap):
        if not runs or code != runs[-1][0] + len(runs[-1]) - 1:
            runs.append([code])
        runs[-1].append(round(1000 * font["hmtx"][cmap[code]][0] / units))
    return runs


def main() -> int:
    """Write every font, and the widths of their characters; say their sizes."""
    folder = Path(sys.argv[1])
    widths = {}
    for name, package, cuts, weight in CARDS:
        with tempfile.TemporaryDirectory() as scratch:
            parts = []
            for cut in cuts:
                font = TTFont(folder / package / "files" / f"{package}-{cut}-{weight}-normal.woff2")
                font.flavor = None
                options = Options(hinting=False, layout_features=["*"], notdef_outline=True, name_IDs=[0, 13, 14])
                options.drop_tables += ["DSIG", "GDEF"] if len(cuts) > 1 else ["DSIG"]
                cutter = Subsetter(options)
                cutter.populate(unicodes=KEPT)
                cutter.subset(font)
                part = Path(scratch) / f"{cut}.ttf"
                font.save(part)
                parts.append(str(part))
            font = Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])
            family = f"Card {name.removeprefix('card-').removesuffix('.ttf').title()}"
            for number, words in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", "-"))):
                font["name"].setName(words, number, 3, 1, 0x409)
            font["OS/2"].usWeightClass = 400
            font["head"].created = font["head"].modified = DATE
            font.recalcTimestamp = False
            font.save(TARGET / name)
            widths[name.removeprefix("card-").removesuffix(".ttf")] = advances(font)
            print(f"{name}: {(TARGET / name).stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters, {family}")
    text = ",\n".join(f'"{name}":{json.dumps(runs, separators=(",", ":"))}' for name, runs in widths.items())
    (TARGET / "card-fonts.json").write_text(f"{{{text}}}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
