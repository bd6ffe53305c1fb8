"""The sitemap and robots.txt, read back as crawlers read them."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from briefings import build, check, sitemap
from tests import sites

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


# --- news -----------------------------------------------------------------------------------------------------------

GOOGLE = etree.XMLSchema(etree.fromstring("""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.google.com/schemas/sitemap-news/0.9"
           elementFormDefault="qualified">
<xs:element name="news"><xs:complexType><xs:sequence>
  <xs:element name="publication"><xs:complexType><xs:sequence>
    <xs:element name="name" type="xs:string"/>
    <xs:element name="language"><xs:simpleType><xs:restriction base="xs:string">
      <xs:pattern value="zh-cn|zh-tw|([a-z]{2,3})"/>
    </xs:restriction></xs:simpleType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="publication_date"><xs:simpleType><xs:union memberTypes="xs:date xs:dateTime"/></xs:simpleType></xs:element>
  <xs:element name="title" type="xs:string"/>
</xs:sequence></xs:complexType></xs:element>
</xs:schema>"""))  # fmt: skip
"""What Google asks of an article: its parts, their order and form."""
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("en", "en"),
        ("pt-BR", "pt"),
        ("fil", "fil"),
        ("zh", "zh-cn"),
        ("zh-Hant", "zh-tw"),
        ("zh-HK", "zh-tw"),
        ("AR", "ar"),
    ],
)
def test_an_article_has_the_parts_and_the_languages_that_news_sitemaps_take(lang, written):
    row = sitemap.News(f"{SITE}/b/?a&b", "A & B", lang, "2026-10-02T08:30:00Z", "Flood\x0c in <Suva> \ufffe& more")
    root = etree.fromstring(sitemap.news((row,)))
    article = root.find(f"s:url/{NEWS}news", namespaces=NAMES)
    GOOGLE.assertValid(etree.ElementTree(etree.fromstring(etree.tostring(article))))
    assert root.findtext("s:url/s:loc", namespaces=NAMES) == f"{SITE}/b/?a&b"
    assert article.findtext(f"{NEWS}title") == "Flood in <Suva> & more"
    assert article.findtext(f"{NEWS}publication/{NEWS}language") == written


def test_the_site_lists_what_went_out_in_two_days_and_robots_names_the_list(tmp_path):
    content = tmp_path / "content"
    sites.about(content)
    (content / "sources.yaml").write_text("harbour-news: {name: Harbour News}\n", "utf-8")
    for slug, day in (("newest", "10T08"), ("second", "08T08"), ("older", "08T07")):
        sites.briefing(content, slug, published=f"2026-11-{day}:00:00Z")
    sites.briefing(content, "gone", published="2026-11-10T07:00:00Z", status="withdrawn", withdrawn_reason='"Wrong."')
    build.build(check.check(content, sites.SITE, sites.NOW), sites.SITE, sites.ROOT / "theme", tmp_path / "output")
    root = etree.fromstring((tmp_path / "output" / "sitemap-news.xml").read_bytes())
    assert [title.text for title in root.iter(f"{NEWS}title")] == ["Title of newest", "Title of second"]
    robots = RobotFileParser()
    robots.parse((tmp_path / "output" / "robots.txt").read_text("ascii").splitlines())
    assert robots.site_maps() == [f"{sites.SITE.url}/sitemap.xml", f"{sites.SITE.url}/sitemap-news.xml"]
