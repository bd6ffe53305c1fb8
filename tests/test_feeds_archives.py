"""What is older than a feed: documents by month that never change when newer briefings come (RFC 5005, section 4)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from feeds_examples import OSLO, SITE, SUVA, written, xml
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from sites import NOW, about, briefing, settings
from sites import SITE as SETTINGS

from briefings import archives, check, feeds, pages, plugin

FH = "{http://purl.org/syndication/history/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


def names(*days, size=3):
    """The archives of briefings that went out on these days, given oldest first, as ``name: days``."""
    moments = {day: datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days}
    newest = [*reversed(days)]
    made = archives.cut(newest, map(moments.__getitem__, newest), archives.Room(size))
    return {one.name: " ".join(day[5:] for day in reversed(one.items)) for one in made}


def test_the_newest_month_is_still_open():
    days = ["2026-01-04", "2026-01-09", "2026-02-01", "2026-02-02"]
    assert names(*days) == {"2026-01": "01-04 01-09"}
    assert names(*days, "2026-03-01") == {"2026-01": "01-04 01-09", "2026-02": "02-01 02-02"}


def test_a_busy_month_is_cut_from_its_oldest():
    days = [f"2026-01-{day:02}" for day in range(1, 9)]
    assert names(*days) == {"2026-01-1": "01-01 01-02 01-03", "2026-01-2": "01-04 01-05 01-06"}
    assert names(*days, "2026-02-01") == {**names(*days), "2026-01-3": "01-07 01-08"}


def test_a_quiet_year_is_one_document_once_it_is_over():
    assert names("2024-02-01", "2024-07-01") == {}
    assert names("2024-02-01", "2024-07-01", "2026-01-01") == {"2024": "02-01 07-01"}


def test_heavy_ones_fill_a_document_sooner():
    days = [f"2026-01-{day:02}" for day in range(1, 7)]
    moments = {day: datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days}
    weights = dict(zip(days, (3, 3, 5, 99, 1, 1), strict=True))
    newest = [*reversed(days)]
    each = [weights[day] for day in newest]
    made = archives.cut(newest, map(moments.__getitem__, newest), archives.Room(4, 8), each)
    assert {one.name: [day[8:] for day in reversed(one.items)] for one in made} == {
        "2026-01-1": ["01", "02"], "2026-01-2": ["03"], "2026-01-3": ["04"],
    }  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from([1, 2, 4, 8, 32])), min_size=1, max_size=60).map(sorted),
    st.integers(1, 6),
    st.sampled_from([1, 8, 16, 1000]),
)
def test_additions_change_no_archive_and_nothing_falls_between(found, size, limit):
    start = datetime(2025, 11, 1, tzinfo=UTC)
    moments = [start + timedelta(hours=20 * hour) for hour, _ in found]
    weights = [weight for _, weight in found]
    room = archives.Room(size, limit)
    before = ()
    for count in range(1, len(moments) + 1):
        newest_first = tuple(reversed(range(count)))
        each = [weights[number] for number in newest_first]
        now = archives.cut(newest_first, map(moments.__getitem__, newest_first), room, each)
        assert set(before) <= set(now)
        archived = [number for one in now for number in reversed(one.items)]
        assert archived == list(range(len(archived))), "oldest first, each once, none left out"
        rest = weights[len(archived) : count]
        assert len(rest) <= size, "the rest stands in the feed"
        assert len(rest) <= 1 or sum(rest) <= limit, "and fits there"
        assert all(len(one.items) <= size for one in now)
        assert all(len(one.items) == 1 or sum(weights[item] for item in one.items) <= limit for one in now)
        assert len({one.name for one in now}) == len(now)
        before = now


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_a_feed_names_its_archive_unless_it_is_complete(key):
    archive = f"{SITE}/tags/flood/feed-2026-08.{key}.xml"
    for complete in (True, False):
        root = xml(written(key, SUVA, OSLO, complete=complete, prev_archive=archive))
        links = [link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel") == "prev-archive"]
        assert links == ([] if complete else [archive])
        assert (next(root.iter(f"{FH}complete"), None) is not None) == complete


@pytest.mark.parametrize("key", ["rss", "atom"])
def test_an_archive_says_that_it_is_one(key):
    current, older = f"{SITE}/tags/flood/feed.{key}.xml", f"{SITE}/tags/flood/feed-2026-07.{key}.xml"
    root = xml(written(key, SUVA, complete=False, current=current, prev_archive=older, hub=""))
    grammar = etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas" / f"{key}.rng"))
    assert grammar.validate(root), grammar.error_log
    links = {link.get("rel"): link.get("href") for link in root.iter(f"{ATOM}link")}
    assert (links["current"], links["prev-archive"]) == (current, older)
    assert next(root.iter(f"{FH}archive"), None) is not None
    assert next(root.iter(f"{FH}complete"), None) is None


def follow(output, name):
    """The ids that a subscriber gets who follows the feed back to its beginning, newest first."""
    ids = []
    seen = set()
    while name:
        assert name not in seen
        seen.add(name)
        root = etree.parse(output / name).getroot()
        ids += [item.findtext(f"{ATOM}id") or item.findtext("guid") for item in root.iter(f"{ATOM}entry", "item")]
        links = {link.get("rel"): link.get("href") for link in root.iter(f"{ATOM}link")}
        name = links.get("prev-archive", "").removeprefix("https://briefs.example.org/")
    return list(dict.fromkeys(ids)), seen


def test_the_whole_of_a_long_list_can_be_read_back_and_stays(tmp_path):
    content, output = tmp_path / "content", tmp_path / "output"
    about(content)
    conf = settings(
        tmp_path, BRIEFINGS={"key": "0f3f9bc4-6a0e-4d0b-9f5e-3c1d52a7b6e1", "feed_items": 4, "page_size": 5}
    )
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    for number in range(14):
        stamp = (moment + timedelta(days=9 * number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        briefing(content, f"story-{number:02}", published=stamp, tags='["flood"]')
    plugin.run(conf)
    for name in ("feed.atom.xml", "feed.rss.xml", "tags/flood/feed.atom.xml"):
        ids, seen = follow(output, name)
        assert len(ids) == 14
        assert len(seen) > 3
    archived = {path: path.read_bytes() for path in output.rglob("feed-*.xml")}
    briefing(content, "story-99", published="2026-10-01T08:00:00Z", tags='["flood"]')
    plugin.run(conf)
    assert {path: path.read_bytes() for path in archived} == archived
    assert len(follow(output, "feed.atom.xml")[0]) == 15


def bodies():
    """Prose from a few words to more than a small feed holds, with much that grows when it is written."""
    words = st.sampled_from(["rain", "<b>", "&", "a & b", "| a | b |", "\n\n", "> said", "`x<y`", "ليلة"])
    return st.lists(words, min_size=1, max_size=6).flatmap(
        lambda some: st.integers(1, 40).map(lambda times: "Words. " + " ".join(some * times))
    )


@settings_of_hypothesis(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.integers(1, 300), bodies()), min_size=1, max_size=10),
    st.integers(1, 8),
    st.sampled_from([1, 6000, 24000]),
)
def test_feed_and_archive_together_hold_every_briefing(found, items, limit):
    with TemporaryDirectory() as place:
        folder = Path(place)
        for number, (day, body) in enumerate(found):
            stamp = (datetime(2025, 12, 1, tzinfo=UTC) + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
            briefing(folder, f"b-{number}", body, published=stamp)
        site = replace(SETTINGS, feed_items=items, feed_bytes=limit)
        checked = check.check(folder, site, NOW)
        assert checked.errors == ()
        outputs = {one.path: one for one in pages.plan(checked.library, site, checked.media, (), {})}
        proses = {f"briefings/2026/b-{number}.md": f"<p>{escape(body)}</p>" for number, (_, body) in enumerate(found)}
        press = feeds.Press(feeds.FORMATS, lambda entry: proses[entry.prose])
        for key in ("rss", "atom"):
            name, seen = f"feed.{key}.xml", []
            while name:
                made = outputs[name].context["feed"]
                document = press.compose(key, made, sys.maxsize if made.current else limit)
                seen += [entry.id for entry in made.entries[: document.kept]]
                assert not made.current or document.dropped == 0
                name = made.prev_archive.removeprefix(f"{site.url}/") if not made.complete or document.dropped else ""
            assert set(seen) == {f"urn:uuid:{one.id}" for one in checked.library.briefings}
