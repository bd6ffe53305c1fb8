"""The sitemap and robots.txt, read back as crawlers read them."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from briefings import sitemap

SITE = "https://briefings.example.org"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_a_sitemap_lists_the_pages_in_order():
    data = sitemap.write(((f"{SITE}/", "2026-10-02T08:30:00Z"), (f"{SITE}/search/?a=1&b=<2>", "")))
    assert data == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        b"<url><loc>https://briefings.example.org/</loc><lastmod>2026-10-02T08:30:00Z</lastmod></url>\n"
        b"<url><loc>https://briefings.example.org/search/?a=1&amp;b=&lt;2&gt;</loc></url>\n"
        b"</urlset>\n"
    )
    root = etree.fromstring(data)
    assert root.findtext("s:url[2]/s:loc", namespaces=NAMES) == f"{SITE}/search/?a=1&b=<2>"


def test_an_empty_site_has_an_empty_sitemap():
    assert len(etree.fromstring(sitemap.write(()))) == 0


def test_more_pages_than_one_sitemap_may_hold_are_cut_and_indexed():
    rows = tuple((f"{SITE}/{number}/", "") for number in range(5))
    assert [len(part) for part in sitemap.parts(rows, size=2)] == [2, 2, 1]
    assert sum(sitemap.parts(rows, size=2), ()) == rows
    assert sitemap.parts(()) == ((),)
    root = etree.fromstring(sitemap.index(((f"{SITE}/sitemap-1.xml", "2026-10-02"),)))
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    assert root.findtext("s:sitemap/s:loc", namespaces=NAMES) == f"{SITE}/sitemap-1.xml"
    with pytest.raises(ValueError, match="50001 addresses"):
        sitemap.write(((f"{SITE}/", ""),) * 50_001)


def test_robots_may_read_everything_and_find_the_sitemap():
    robots = RobotFileParser()
    robots.parse(sitemap.robots(f"{SITE}/sitemap.xml").decode("ascii").splitlines())
    assert robots.can_fetch("AnyBot", f"{SITE}/briefings/aleppo/")
    assert robots.site_maps() == [f"{SITE}/sitemap.xml"]
