"""Measure what many feeds cost: ours, and feedgen used plainly, in CPU seconds of one core.

``invoke bench-feeds`` makes the feeds of 1,000 lists of 50 briefings each, in RSS, Atom and JSON, with the full text,
from an archive of 20,000. Beside it, on a sample of the lists, stands feedgen as its documentation shows it:
a generator a list, its entries added anew, RSS and Atom only. The texts are made from a seed, as long as asked for.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
from time import process_time
from typing import TYPE_CHECKING

from feedgen.feed import FeedGenerator

from briefings import feeds
from briefings.views import Category, Entry, Feed

if TYPE_CHECKING:
    from collections.abc import Sequence

SITE = "https://briefings.example.org"
WORDS = tuple(
    word
    for line in (
        "the harbour a bridge of water reached families after rain council said for two days roads north were closed",
        "by relief trucks which carried flour and tents to villages along river where clinics stayed open as it met",
    )
    for word in line.split()
)


def archive(count: int, words: int, chance: random.Random) -> tuple[list[Entry], dict[str, str]]:
    """Make the entries, newest first, and the prose of each by its id."""
    entries, proses = [], {}
    for number in range(count):
        name = f"urn:uuid:{number:08x}-0000-4000-8000-000000000000"
        said = [chance.choice(WORDS) for _ in range(words)]
        paragraphs = [" ".join(said[start : start + 45]) for start in range(0, words, 45)]
        proses[name] = "\n".join(
            f'<p>{text.capitalize()}. <a href="{SITE}/briefings/{number}/">More</a></p>' for text in paragraphs
        )
        day = f"{2000 + number // 336:04}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}T08:00:00Z"
        tag = chance.randrange(120)
        entries.append(
            Entry(
                id=name, url=f"{SITE}/briefings/{number}/", title=" ".join(said[:9]).capitalize(), published=day,
                updated=day, lang="en", summary=" ".join(said[:40]),
                points=(" ".join(said[:20]), " ".join(said[20:40])),
                prose=f"briefings/{number}.md", prose_digest=str(number), strip="Suva, Fiji · undated · Lagoon Wire",
                source_name="Lagoon Wire", source_url="https://lagoonwire.example/",
                categories=(
                    Category(f"tag-{tag}", f"{SITE}/tags/", f"Tag {tag}"),
                    Category("suva-fj", f"{SITE}/places/", "Suva, Fiji"),
                    Category("fj", f"{SITE}/countries/", "Fiji"),
                ),
                place="Suva, Fiji", latitude=-18.1416, longitude=178.4419,
            )
        )  # fmt: skip
    entries.sort(key=lambda entry: entry.published, reverse=True)
    return entries, proses


def lists(entries: Sequence[Entry], count: int, size: int, chance: random.Random) -> list[Feed]:
    """Make feeds of entries taken by chance."""
    made = []
    for number in range(count):
        chosen = sorted(chance.sample(range(len(entries)), size))
        url = f"{SITE}/lists/{number}/"
        made.append(
            Feed(
                id=f"urn:uuid:{number:08x}-1111-4000-8000-000000000000", title=f"List {number}", subtitle="A list",
                lang="en", url=url, self_url=f"{url}feed", updated="", rights="CC BY 4.0", author="Example",
                icon=f"{SITE}/icon.png", generator="briefings", entries=tuple(entries[place] for place in chosen),
                complete=False,
            )
        )  # fmt: skip
    return made


def ours(made: Sequence[Feed], proses: dict[str, str]) -> tuple[float, int]:
    """Write every feed in every format; CPU seconds and bytes."""
    start, size = process_time(), 0
    press = feeds.Press(feeds.FORMATS, lambda entry: proses[entry.id])
    for feed in made:
        for row in feeds.FORMATS:
            size += len(press.compose(row.key, feed).data)
    return process_time() - start, size


def plain(made: Sequence[Feed], proses: dict[str, str]) -> float:
    """The same lists with feedgen as its documentation has it, RSS and Atom; CPU seconds."""
    start = process_time()
    for feed in made:
        generator = FeedGenerator()
        generator.load_extension("geo")
        generator.id(feed.id)
        generator.title(feed.title)
        generator.description(feed.subtitle)
        generator.link(href=feed.url, rel="alternate")
        for entry in feed.entries:
            item = generator.add_entry(order="append")
            item.id(entry.id)
            item.title(entry.title)
            item.link(href=entry.url)
            item.published(entry.published)
            item.updated(entry.updated)
            item.author(name=entry.source_name)
            item.summary(entry.summary)
            item.content(proses[entry.id], type="html")
            item.geo.point(f"{entry.latitude} {entry.longitude}")
            for category in entry.categories:
                item.category(term=category.term, scheme=category.scheme, label=category.label)
        generator.rss_str(pretty=True)
        generator.atom_str(pretty=True)
    return process_time() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--briefings", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=150, help="of a briefing; wire copy has about 150")
    parser.add_argument("--sample", type=int, default=20, help="lists for feedgen used plainly")
    options = parser.parse_args(arguments)
    chance = random.Random(5)  # noqa: S311 - nothing secret
    entries, proses = archive(options.briefings, options.words, chance)
    made = lists(entries, options.feeds, options.items, chance)
    distinct = len({entry.id for feed in made for entry in feed.entries})
    print(
        f"{options.feeds} lists of {options.items} full entries of {options.words} words, {distinct} different ones of "
        f"{options.briefings}; Python {sys.version.split()[0]}, CPU seconds of one core"
    )
    seconds, size = ours(made, proses)
    print(f"briefings, RSS + Atom + JSON: {seconds:6.1f} s ({size / 2**20:.0f} MiB written)")
    sample = made[: options.sample]
    naive = plain(sample, proses) * len(made) / len(sample)
    print(f"feedgen plainly, RSS + Atom:  {naive:6.1f} s (extrapolated from {len(sample)} lists)")
    print(f"ratio {naive / seconds:.1f}; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
