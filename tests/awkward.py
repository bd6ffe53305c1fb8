"""A content folder of awkward briefings: whatever may stand in a file that ``check`` lets pass.

Each row of ``BRIEFINGS`` is ``(slug, fields of the front matter, prose)``; what its name says is what is awkward in it. The
site is mounted below a path of its host, ``/news``, and its lists have three briefings to a page.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib

from tests.sites import ROOT, SITE, about, briefing, settings

BASE = "/news"
"""Where the site is mounted."""
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter"
LONG_URL = "https://archive.example.org/" + "very-long-folder-name-without-end/" * 8 + "?q=" + "x" * 120
MARKUP = """<b>R&D</b> "quoted" 'single' ]]> &amp; {{ 7 * 7 }} {% raw %} <!-- <script>alert(1)</script>"""
CONTROLS = "Bell\a, null\0, C1\x80, DEL\x7f, \ufffd, \ufffe and a family \U0001f469\u200d\U0001f469\u200d\U0001f467"
ARABIC = "السيول تقطع الطريق بين المدينة والميناء، وفرق الإنقاذ (UNICEF) تصل بعد 36 ساعة"

TABLE = "\n".join(
    "| " + " | ".join(row) + " |"
    for row in (
        [f"Month{n}" for n in range(16)],
        ["---", ":-:", "--:", *["---"] * 13],
        *([f"{n * 1_234_567:,}" for n in range(16)] for _ in range(3)),
    )
)


def text(value):
    """A value in double quotes; its escapes are those of JSON."""
    return json.dumps(value, ensure_ascii=False)


def place(name, country, latitude=None, longitude=None):
    """A location as one line of YAML."""
    where = "" if latitude is None else f", latitude: {latitude}, longitude: {longitude}"
    return f"{{name: {text(name)}, country: {country}{where}}}"


BRIEFINGS = (
    (
        "markup",
        {
            "title": text(MARKUP),
            "summary": text(f"Summary {MARKUP}"),
            "source": f"{{name: {text('A & B <Wire>')}, author: {text(MARKUP)}, url: {text(LONG_URL + '&a=1')}}}",
            "key_points": f"[{text(MARKUP)}, {text('Second <i>point</i>')}]",
            "tags": f"[{text('Food & <Water>')}]",
            "location": place("Xi'an & <Chang'an>", "CN", 34.26, 108.94),
            "places": f"[{text(MARKUP)}]",
            "date": "2021-02",
            "changes": f"[{{on: 2026-11-02, kind: major, note: {text(MARKUP)}}}]",
            "updated": "2026-11-02T08:00:00Z",
            "reviewed_by": text(MARKUP),
            "evidence": f"[{{field: source, status: stated, value: {text('A & B <Wire>')}, words: [{text(MARKUP)}]}}]",
        },
        f"<div onclick='x'>Text as typed</div> {MARKUP}\n\n[a link](https://example.org/?a=1&b=\"2\") and <https://example.org/>.",
    ),
    ("long-title", {"title": text("Two thousand characters " * 83), "key_points": f"[{text('Very long. ' * 120)}]"}, "Short."),
    (
        "long-word",
        {
            "title": text(LONG_WORD),
            "key_points": f"[{LONG_WORD}]",
            "tags": "[long]",
            "location": place(LONG_WORD, "AT", 48.2, 16.4),
            "places": f"[{LONG_WORD}]",
            "source": f"{{name: {LONG_WORD}, author: {LONG_WORD}, filed_from: {LONG_WORD}}}",
            "reviewed_by": LONG_WORD,
            "date": "2020-01-31",
        },
        f"# {LONG_WORD}\n\n{LONG_WORD} `{LONG_WORD * 3}`\n\n    {LONG_WORD * 4}\n\n> {LONG_WORD}\n\n- {LONG_WORD}\n  - {LONG_WORD}",
    ),
    ("wide-table", {"location": place("Apia", "WS", -13.83, -171.76)}, f"Before.\n\n{TABLE}\n\nAfter.\n\n| only a head |\n| --- |"),
    (
        "long-address",
        {"source": f"{{name: Harbour News, url: {text(LONG_URL)}}}"},
        f"See <{LONG_URL}> and [{LONG_URL}]({LONG_URL}) and [nothing at all](https://example.org/).",
    ),
    (
        "right-to-left",
        {
            "title": text(ARABIC),
            "lang": "ar",
            "summary": text(ARABIC + " " + ARABIC),
            "key_points": f"[{text(ARABIC)}, {text('في صنعاء: ' + ARABIC)}]",
            "tags": "[conflict, water]",
            "location": place("Sana'a", "YE", 15.35, 44.21),
            "date": "2022-08-04",
            "changes": f"[{{on: 2026-11-05, kind: minor, note: {text(ARABIC)}}}]",
        },
        f"{ARABIC}.\n\n## {ARABIC}\n\n> {ARABIC}\n\n1. {ARABIC}\n2. English within: the road to 36.\n\n{TABLE}",
    ),
    ("hebrew-undated", {"title": text("שיטפון בעיר הנמל (HNS)"), "lang": "he"}, "הגשר נפל."),
    ("chinese", {"title": text("港口城市的洪水" * 12), "lang": "zh-Hant", "date": "2019"}, "港口城市的洪水。" * 80),
    ("undated-and-bare", {}, "No tags, no place, no date, no key points."),
    ("nobody-says", {"source": "{name: Harbour News}", "date": "0099~"}, "The year ninety-nine, about."),
    (
        "withdrawn",
        {
            "status": "withdrawn",
            "withdrawn_reason": text(f"It was wrong. {LONG_WORD} {MARKUP}"),
            "key_points": "[What must no longer be shown]",
            "location": place("Aleppo", "SY", 36.2, 37.16),
            "tags": "[conflict]",
            "date": "2016-12-13",
        },
        "What must no longer be shown.",
    ),
    ("empty-body", {"key_points": "[All there is]", "tags": "[conflict]", "date": "2016-12-14"}, ""),
    (
        "pictures",
        {
            "image": f"{{file: images/wide.png, caption: {text(MARKUP)}, credit: {text(LONG_WORD)}, alt: {text(MARKUP)}}}",
            "location": place("Aleppo", "SY", 36.2, 37.16),
            "tags": "[conflict]",
            "date": "2016-12-15",
        },
        "![a very wide picture](images/wide.png)\n\nText ![tiny](images/dot.png) with a picture in its line.",
    ),
    ("words-of-a-picture", {"image": f"{{caption: {text(MARKUP)}, credit: {text(ARABIC)}}}"}, "No file."),
    ("controls", {"title": text(CONTROLS), "key_points": f"[{text(CONTROLS)}]"}, f"{CONTROLS} in the prose"),
    (
        "headings",
        {"location": place("Pitcairn Islands", "PN"), "tags": "[conflict, water, long]"},
        "# One\n\n## Two\n\n###### Six\n\nTitle\n=====\n\n---\n\n[to the text](#main) ~~gone~~ *so* **it** `is`  \nbroken\n\n"
        + "> " * 20 + "deep\n\n" + "".join(f"{'  ' * n}- level {n}\n" for n in range(12)),
    ),
    (
        "links",
        {"aliases": "[former-links, older-links]", "location": place("Syria", "SY"), "date": "2016-12"},
        "[sideways](markup.md) and [to the map](/map/) and [home](/) and [mail](mailto:desk@example.org).",
    ),
    (
        "at-the-edge",
        {"location": place("South Pole", "AQ", -90, 0), "source": "{name: Only Links}", "key_points": "[Not to be shown]"},
        "Words that may not be republished.",
    ),
    (
        "many-tags",
        {"tags": f"[{', '.join(f'topic-{n}' for n in range(40))}]", "location": place("Suva", "FJ", -18.14, 178.44)},
        "Forty topics.",
    ),
    ("a-draft", {"status": "draft", "published": None, "questions": "[Where is it?]"}, "Not to be shown."),
)  # fmt: skip

SOURCES = f"""\
ab: {{name: "A & B <Wire>", homepage: "https://ab.example.org/?a=1&b=2", profile: {text(MARKUP)}, rights: {text(MARKUP)}, canonical: original}}
harbour: {{name: Harbour News, aliases: [HNS], successor: "A & B <Wire>"}}
only: {{name: Only Links, reuse: link, homepage: {text(LONG_URL)}}}
long: {{name: {LONG_WORD}}}
"""
TAGS = f"""\
food: {{label: "Food & <Water>", description: {text(MARKUP)}}}
water: {{label: ماء, description: "A label in another script."}}
long: {{label: {LONG_WORD}}}
conflict: {{label: Conflict}}
""" + "".join(f"topic-{n}: {{label: Topic number {n}}}\n" for n in range(40))


def png(width, height):
    """A grey picture."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write(folder):
    """Write content and settings below ``folder``; return the path of the settings."""
    content = folder / "content"
    about(content, f"What this is: {MARKUP}")
    for slug, fields, body in BRIEFINGS:
        briefing(content, slug, body, **fields)
    (content / "sources.yaml").write_text(SOURCES, "utf-8")
    (content / "tags.yaml").write_text(TAGS, "utf-8")
    (content / "images").mkdir()
    (content / "images" / "wide.png").write_bytes(png(3000, 40))
    (content / "images" / "dot.png").write_bytes(png(1, 1))
    own = {"key": SITE.key, "page_size": 3, "rights": MARKUP}
    return settings(folder, SITENAME='Tom & Jerry\'s "<site>"', SITESUBTITLE=MARKUP, SITEURL=SITE.url, BRIEFINGS=own)


def build(conf, output):
    """Build a site by the command, as of the day that the examples are written for."""
    done = subprocess.run(
        [sys.executable, "-m", "briefings", "build", "--settings", str(conf), "--output", str(output)],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1795305600"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return output


def build_awkward(folder):
    """The site of this folder, built."""
    return build(write(folder), folder / "output")


def build_demo(folder):
    """The demo site, built with the settings that it is published with."""
    return build(ROOT / "publishconf.py", folder / "demo")
