"""Every address in the built site leads somewhere in it: links, fragments, feeds, canonicals, sitemap, OPML, JSON.

Read from the files alone, on the demo site and on one of awkward content that is mounted below a path of its host.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree, html

from tests import awkward
from tests.search_files import indexed
from tests.sites import SITE

if TYPE_CHECKING:
    from pathlib import Path

ATTRIBUTES = ("href", "src", "action", "data-index")


@dataclass
class Built:
    """A built site: its folder and its public address."""

    folder: Path
    address: str

    @cached_property
    def pages(self):
        """Every page as a tree, by its address from the root of the host."""
        found = sorted(self.folder.rglob("*.html"))
        return {self.local(path): html.fromstring(path.read_bytes()) for path in found}

    def local(self, path):
        """The address of a file from the root of the host."""
        name = path.relative_to(self.folder).as_posix()
        return f"{urlsplit(self.address).path}/{name.removesuffix('index.html')}"

    def file(self, address):
        """The file behind an address of this site, or None: as a web server would look for it."""
        base = urlsplit(self.address).path
        path = unquote(urlsplit(address).path)
        if not path.startswith(f"{base}/"):
            return None
        found = self.folder / path.removeprefix(f"{base}/")
        found = found / "index.html" if path.endswith("/") else found
        return found if found.is_file() else None

    def ours(self, address):
        """Whether an absolute or local address is one of this site."""
        parts = urlsplit(address)
        return not parts.netloc or (parts.scheme, parts.netloc) == urlsplit(self.address)[:2]


@pytest.fixture(scope="module", params=["demo", "awkward"])
def site(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "demo":
        return Built(awkward.build_demo(folder), "https://briefings.example.org")
    return Built(awkward.build_awkward(folder), SITE.url)


def full(tree):
    """Whether a page is one of the theme, not one that only leads on."""
    return not tree.xpath("//meta[@http-equiv='refresh']")


def test_every_link_and_fragment_resolves(site):
    lost = []
    for here, tree in site.pages.items():
        ids = set(tree.xpath("//@id"))
        for name in ATTRIBUTES:
            for value in tree.xpath(f"//@{name}"):
                target = urljoin(here, value)
                if value.startswith("mailto:") or not site.ours(target):
                    continue
                file, fragment = site.file(target), urlsplit(target).fragment
                if file is None:
                    lost.append(f"{here}: {value}")
                elif fragment:
                    known = ids if value.startswith("#") else set(site.pages[site.local(file)].xpath("//@id"))
                    if fragment not in known:
                        lost.append(f"{here}: {value}: no such part")
    assert lost == []


def test_no_link_is_relative_to_where_it_stands(site):
    """A page is also read at the address of a page 404, and copied; only the root of the host stays the same."""
    loose = [
        f"{here}: {value}"
        for here, tree in site.pages.items()
        for name in ATTRIBUTES
        for value in tree.xpath(f"//@{name}")
        if not value.startswith(("/", "#", "https://", "http://", "mailto:"))
    ]
    assert loose == []


def test_canonical_is_the_pages_own_address(site):
    """Or that of the original, which the page names, where its source asks for that."""
    for here, tree in site.pages.items():
        (canonical,) = tree.xpath("//link[@rel='canonical']/@href")
        if not site.ours(canonical):
            assert here.endswith("/briefings/markup/")
            assert tree.xpath("//a[@href=$address]", address=canonical)
            continue
        assert urlsplit(canonical).netloc
        if full(tree):
            assert urlsplit(canonical).path == here
        else:
            assert site.file(canonical), here


def test_each_page_has_one_title_one_h1_one_main_a_language_and_a_description(site):
    for here, tree in site.pages.items():
        assert len(tree.xpath("/html/head/title[normalize-space()]")) == 1, here
        assert len(tree.xpath("//h1[normalize-space()]")) == 1, here
        assert len(tree.xpath("//main")) == 1, here
        assert tree.get("lang"), here
        if full(tree):
            assert len(tree.xpath("//meta[@name='description'][normalize-space(@content)]")) == 1, here
            skip = tree.xpath("//body//a")[0].get("href")
            assert tree.xpath(f"//main[@id='{skip.removeprefix('#')}']"), here
        doubled = [name for name, count in Counter(tree.xpath("//@id")).items() if count > 1]
        assert doubled == [], here


def test_no_two_pages_are_told_apart_by_their_number_only(site):
    """A search engine, a bookmark and a tab show the title: two lists may not share one."""
    titles = Counter(
        (tree.findtext(".//title"), tree.xpath("//link[@rel='canonical']/@href")[0])
        for tree in site.pages.values()
        if full(tree)
    )
    assert [title for title, count in titles.items() if count > 1] == []


def test_feeds_announced_exist_in_all_three_formats_and_the_own_comes_first(site):
    for here, tree in site.pages.items():
        rows = tree.xpath("//link[@rel='alternate']")
        if not full(tree):
            continue
        assert {row.get("type") for row in rows} == {
            "application/rss+xml", "application/atom+xml", "application/feed+json",
        }, here  # fmt: skip
        assert len(rows) in {3, 6}
        titles = [row.get("title") for row in rows]
        assert all(titles)
        assert len(set(zip(titles, (row.get("type") for row in rows), strict=True))) == len(rows), here
        for row in rows:
            assert row.get("href").startswith(f"{site.address}/")
            assert site.file(row.get("href")), f"{here}: {row.get('href')}"
        feed = site.file(urljoin(here, "feed.atom.xml"))
        if feed and site.file(here):
            assert site.file(rows[0].get("href")).parent == feed.parent


def test_the_sitemap_lists_what_may_be_indexed_and_nothing_else(site):
    tree = etree.parse(site.folder / "sitemap.xml")
    listed = tree.xpath("//*[local-name()='loc']/text()")
    assert len(listed) == len(set(listed))
    may = {
        page.xpath("//link[@rel='canonical']/@href")[0]
        for page in site.pages.values()
        if not page.xpath("//meta[@name='robots'][contains(@content, 'noindex')]")
    }
    may = set(filter(site.ours, may))
    assert set(listed) == may
    robots = (site.folder / "robots.txt").read_text("utf-8")
    assert f"Sitemap: {site.address}/sitemap.xml" in robots


def test_opml_names_every_feed_list_and_where_it_is(site):
    tree = etree.parse(site.folder / "feeds" / "briefings.opml")
    rows = tree.xpath("//outline[@xmlUrl]")
    assert rows
    for row in rows:
        assert row.get("text")
        assert row.get("title")
        assert site.file(row.get("xmlUrl"))
        assert site.file(row.get("htmlUrl"))
    lists = {path.parent for path in site.folder.rglob("feed.atom.xml")}
    assert {site.file(row.get("xmlUrl")).parent for row in rows} == lists


def test_feeds_lead_into_the_site(site):
    lost = []
    for path in sorted(site.folder.rglob("feed.json")):
        data = json.loads(path.read_bytes())
        assert site.file(data["feed_url"]) == path
        wanted = [data["home_page_url"], *(item["url"] for item in data["items"])]
        for item in data["items"]:
            wanted += html.fromstring(f"<div>{item['content_html']}</div>").xpath("//@href | //@src")
        lost += [
            f"{path}: {url}"
            for url in wanted
            if not url.startswith("mailto:") and site.ours(url) and not site.file(url)
        ]
    assert lost == []


def test_search_leads_to_pages_that_are_there(site):
    base = urlsplit(site.address).path
    found = list(indexed(site.folder))
    assert found
    assert all(site.file(base + one["url"]) for one in found)


@pytest.mark.parametrize("site", ["awkward"], indirect=True)
def test_what_was_withdrawn_or_not_published_is_nowhere(site):
    """Neither in pages, nor in feeds, nor in the index for search."""
    assert "What must no longer be shown" not in str(list(indexed(site.folder)))
    for path in sorted(site.folder.rglob("*")):
        if path.is_file() and path.suffix in {".html", ".xml", ".json"}:
            text = path.read_text("utf-8")
            for words in ("What must no longer be shown", "Not to be shown"):
                assert words not in text, path
