"""A feed that somebody opens in a browser."""

from __future__ import annotations

import pytest
from browser import hosting
from feeds_examples import OSLO, SUVA, written
from sites import ROOT

playwright = pytest.importorskip("playwright.sync_api")


@pytest.mark.browser
@pytest.mark.parametrize("key", ["rss", "atom"])
def test_a_feed_opened_in_a_browser_is_readable(key, tmp_path):
    """Its style sheet is used: titles stand out, what is for machines is not shown, nothing overflows a phone."""
    (tmp_path / "feed.css").write_bytes((ROOT / "theme" / "static" / "feed.css").read_bytes())
    with hosting(tmp_path) as address, playwright.sync_playwright() as play:
        data = written(key, SUVA, OSLO, stylesheet=f"{address}/feed.css")
        (tmp_path / "feed.xml").write_bytes(data)
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto(f"{address}/feed.xml")
        sizes = page.evaluate(
            """() => {
              const size = (name) => [...document.getElementsByTagName(name)].map((one) => [
                getComputedStyle(one).display, parseFloat(getComputedStyle(one).fontSize), one.getClientRects().length]);
              return {titles: size("title"), ids: [...size("id"), ...size("guid")], width: document.documentElement.scrollWidth};
            }"""
        )
        browser.close()
    assert len(sizes["titles"]) >= 3, sizes
    assert all(display == "block" and points >= 16 for display, points, boxes in sizes["titles"] if boxes), sizes[
        "titles"
    ]
    assert all(boxes == 0 for _, _, boxes in sizes["ids"])
    assert sizes["width"] <= 390
