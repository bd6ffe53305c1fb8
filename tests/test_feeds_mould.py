"""What comes out of a mould is what feedgen and our extension write, byte for byte."""

from __future__ import annotations

import pytest
from feeds_examples import SUVA, feed, prose
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from briefings import feeds
from briefings.cached import Cached
from briefings.feeds import atom, mould, rss
from briefings.views import Category, Enclosure, Entry, FeedLink

words = st.sampled_from(
    [
        "", "", "Trams stand still", "A & B <c> \"d\" 'e'", "عاجل: été", "</p>", "a\u00a0b", "two\nlines", "&amp;", '&"3"&',
        "https://stand-in.invalid/&2&/", "1971-02-03T04:05:06Z", "7000000001", "CONTENT", "<description>", "👩‍👩‍👧",
    ]
)  # fmt: skip
addresses = st.sampled_from(
    ["", "https://a.example/", "https://a.example/?a=1&b=2", "https://a.example/ü<", "javascript:alert(1)"]
)
stamps = st.sampled_from(
    ["2026-11-22T09:00:00Z", "1971-02-03T04:05:06Z", "1982-03-04T05:06:07Z", "2001-01-31T23:59:59Z"]
)
entries = st.builds(
    Entry,
    id=st.uuids().map(lambda uuid: uuid.urn),
    url=st.sampled_from(["https://a.example/one/", "https://a.example/?a=1&b=2"]),
    title=words, published=stamps, updated=stamps, lang=st.sampled_from(["en", "ar", ""]), summary=words,
    points=st.lists(words, max_size=2).map(tuple), prose=st.just("one.md"), prose_digest=st.just(""), strip=words,
    source_name=words, source_url=addresses, source_feed=addresses, author=words, original=addresses, rights=words,
    reuse=st.sampled_from(["full", "summary"]), notice=words,
    categories=st.lists(st.builds(Category, words, addresses, words), max_size=3).map(tuple), place=words,
    latitude=st.sampled_from([None, 1.5, -33.25]), longitude=st.sampled_from([None, 0.0, 151.2]),
    enclosure=st.one_of(
        st.none(),
        st.builds(Enclosure, addresses, st.sampled_from(["image/png", "audio/mpeg", "a&b"]), *[st.sampled_from([0, 3, 800])] * 3),
    ),
)  # fmt: skip
links = st.builds(FeedLink, words, st.just("application/rss+xml"), addresses, st.sampled_from(["rss", "atom", "json"]))
wraps = st.fixed_dictionaries(
    {
        "id": words.map(lambda text: f"urn:{text}"), "title": words.map(lambda text: f"News {text}"), "subtitle": words,
        "url": st.just("https://a.example/?a=1&b=2"), "self_url": st.sampled_from(["https://a.example/f", "https://a.example/&2&/"]),
        "updated": stamps, "prev_archive": addresses, "current": addresses, "rights": words, "author": words, "hub": addresses,
        "complete": st.booleans(), "siblings": st.lists(links, max_size=3).map(tuple), "stylesheet": addresses,
        "lang": st.sampled_from(["en", ""]), "icon": st.sampled_from(["", "https://a.example/i.png", "https://a.example/i"]),
    }
)  # fmt: skip

FORMATS = {"rss": rss, "atom": atom}
ENTRY = {key: mould.entries(made.entry) for key, made in FORMATS.items()}
SHELL = {key: mould.shells(made.wrap) for key, made in FORMATS.items()}


@pytest.mark.parametrize("key", FORMATS)
@settings(max_examples=150, deadline=None)
@given(entries, entries)
def test_entries(key, one, other):
    for entry in (one, other, one):
        ready = feeds.ready(entry, "<p>It is so.</p>")
        assert b"".join(ENTRY[key](ready)) == b"".join(FORMATS[key].entry(ready))


@pytest.mark.parametrize("key", FORMATS)
@settings(max_examples=150, deadline=None)
@given(wraps, wraps)
def test_feeds(key, one, other):
    for changes in (one, other, one):
        about = feed(**changes)
        assert SHELL[key](about) == FORMATS[key].wrap(about)


@pytest.mark.parametrize("key", FORMATS)
def test_a_shape_is_written_by_feedgen_once(key):
    asked = []

    def write(ready):
        asked.append(ready)
        return FORMATS[key].entry(ready)

    entry = mould.entries(write)
    for title in ("One", "Two & three", '"Four"'):
        ready = feeds.ready(replace(SUVA, title=title), prose(SUVA))
        assert b"".join(entry(ready)) == b"".join(FORMATS[key].entry(ready))
    assert len(asked) == 1


@pytest.mark.parametrize("key", FORMATS)
def test_a_time_that_is_none_is_refused(key):
    with pytest.raises(ValueError, match="is not a time"):
        SHELL[key](feed(updated="yesterday"))


@pytest.mark.parametrize("key", FORMATS)
def test_moulds_outlast_a_process_until_what_writes_changes_or_they_are_damaged(key, tmp_path):
    asked = []

    def pieces(maker):
        """What a process that begins now writes, for an entry and for a feed."""
        shapes = [mould.Shapes(kind, Cached(tmp_path / "moulds"), maker) for kind in ("entry", "feed")]
        entry = mould.entries(lambda ready: asked.append("entry") or FORMATS[key].entry(ready), shapes[0])
        shell = mould.shells(lambda feed: asked.append("feed") or FORMATS[key].wrap(feed), shapes[1])
        return b"".join(entry(feeds.ready(SUVA, prose(SUVA)))), shell(feed(updated=SUVA.updated))

    first = pieces(b"one")
    assert asked == ["entry", "feed"]
    assert pieces(b"one") == first
    assert asked == ["entry", "feed"]
    assert pieces(b"two") == first
    assert asked == ["entry", "feed"] * 2
    files = sorted((tmp_path / "moulds").iterdir())
    for file in files:
        file.write_bytes(file.read_bytes()[:-9] + b"otherwise")
    assert pieces(b"two") == first
    assert asked == ["entry", "feed"] * 3
    one, other = (file.read_bytes() for file in files)
    files[0].write_bytes(other)
    files[1].write_bytes(one)
    assert pieces(b"two") == first
    assert asked == ["entry", "feed"] * 4
