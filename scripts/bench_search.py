"""Measure search in an archive of many briefings: making the index, and what a reader's browser fetches for a question.

``invoke bench-search`` makes 20,000 records of 150 to 450 words, drawn from 40,000 made-up words as often as words are
(Zipf and Mandelbrot); puts the index under a built search page; and asks in Chromium,
each time with an empty cache, from a server that compresses what docs/operating.md lets a web server compress. Bytes
are those on the wire, headers included, until the results stand: of the page with what it needs, and of search alone.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
import tempfile
import time
from contextlib import redirect_stdout
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from briefings import build, check, pagefind, search
from scripts.bench.words import PLACES, SOURCES, TAGS
from tests import browser
from tests.sites import ROOT, SITE, about, briefing

if TYPE_CHECKING:
    from collections.abc import Iterator

RARE, SOME, OFTEN = "zanzibari", "inundation", "committee"
"""Put into one record of 2,000, of 50, and of 5."""


def vocabulary(chance: random.Random, count: int) -> tuple[list[str], list[float]]:
    """Words of one to five syllables, and how often each is drawn, cumulated."""
    syllables = [first + second for first in "bcdfghklmnprstvw" for second in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 5))) for _ in range(count)]
    return words, list(accumulate(1 / (rank + 2.7) for rank in range(count)))


def records(count: int) -> Iterator[pagefind.Record]:
    """The archive, oldest first."""
    chance = random.Random(1)  # noqa: S311 - the same archive each time
    words, often = vocabulary(chance, 40_000)
    falling = list(accumulate(1 / (rank + 1) for rank in range(len(PLACES))))
    for number in range(count):
        ((town, country),) = chance.choices(PLACES, cum_weights=falling)
        year, source = 2000 + number * 26 // count, chance.choice(SOURCES)
        text = chance.choices(words, cum_weights=often, k=chance.randint(150, 450))
        text += [word for word, every in ((RARE, 2000), (SOME, 50), (OFTEN, 5)) if number % every == 0]
        yield pagefind.Record(
            url=f"/briefings/b-{number}/",
            lang="en",
            text=f"{search.EVERY} {' '.join(text)}",
            meta={
                "title": " ".join(text[:8]).capitalize(), "strip": f"{town}, {country} · 3 May {year} · {source}",
            },
            filters={
                "tag": sorted(set(chance.choices(TAGS, k=2))), "place": [f"{town}, {country}"], "country": [country],
                "source": [source], "year": [str(year)], "lang": ["en"], "dir": ["ltr"],
            },
        )  # fmt: skip


def ask(chromium: Any, address: str, query: str, used: tuple[str, ...] = ()) -> tuple[int, int, float, str]:
    """Bytes of the page and of search, seconds until the results stand, and the count that is said."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.requestWillBeSent", lambda event: urls.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    start = time.perf_counter()
    page.goto(f"{address}/search/?{query}")
    page.locator("[role=status]:not(:empty)", has_text="brief").wait_for()
    page.locator("#search-results:not([aria-busy])").wait_for()
    seconds = time.perf_counter() - start
    for name in used:
        page.locator(f"#search-{name}").dispatch_event("pointerdown")
    page.wait_for_load_state("networkidle")
    said = page.inner_text("[role=status]")
    context.close()
    own = sum(size for key, size in sizes.items() if "/pagefind/" in urls[key])
    return round(sum(sizes.values()) - own), round(own), seconds, said


CASES = (
    ("a rare word", f"q={RARE}", ()),
    ("a word of every 50th", f"q={SOME}", ()),
    ("a word of every 5th", f"q={OFTEN}", ()),
    ("two words", f"q={SOME}+{OFTEN}", ()),
    ("a word, newest first", f"q={SOME}&sort=date", ()),
    ("a word and a topic", f"q={SOME}&tag=Floods", ()),
    ("a topic alone", "tag=Floods", ()),
    ("a word, and all five filters looked at", f"q={SOME}", ("place", "country", "tag", "source", "year")),
)


def main() -> None:
    """Make the archive, ask the questions, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--briefings", type=int, default=20_000)
    count = parser.parse_args().briefings
    archive = list(records(count))
    start = time.perf_counter()
    files = pagefind.index(archive, "en")
    print(f"{count:,} records: index made in {time.perf_counter() - start:.1f} s")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory, most resident: Pagefind {memory[0] / 1024:,.0f} MiB, ours {memory[1] / 1024:,.0f} MiB")
    print(f"{len(files):,} files, {sum(map(len, files.values())) / 1e6:,.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        content, output = Path(folder, "content"), Path(folder, "output")
        briefing(content, "one", tags="[floods]")
        about(content)
        checked = check.check(content, SITE, datetime(2026, 11, 22, tzinfo=UTC))
        with redirect_stdout(io.StringIO()):
            build.build(checked, SITE, ROOT / "theme", output)
        for name, data in files.items():
            path = output / "search" / "pagefind" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with browser.hosting(output, "/news", browser.Compressing) as address, browser.chromium() as chromium:
            print("\n| question | briefings found | page, KB | search, KB | seconds |\n| --- | --- | --- | --- | --- |")
            for name, query, used in CASES:
                page, own, seconds, said = ask(chromium, address, query, used)
                print(f"| {name} | {said.split()[0]} | {page / 1000:.0f} | {own / 1000:.0f} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
