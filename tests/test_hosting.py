"""Small files for hosts and browsers say what the pages and the operating guide say."""

from __future__ import annotations

import re

from msgspec.structs import replace

from briefings import hosting
from tests.sites import ROOT, SITE, briefing
from tests.test_pages import planned


def test_pages_guide_and_file_have_one_policy():
    base = (ROOT / "theme/templates/base.html").read_text("utf-8")
    meta = re.search(r"{% block policy %}(.*?){% endblock %}", base)
    assert meta
    search = re.search(
        r"{% block policy %}(.*?){% endblock %}", (ROOT / "theme/templates/search.html").read_text("utf-8")
    )
    assert search
    assert search[1].replace(" 'wasm-unsafe-eval'", "") == meta[1], "the search page alone runs WebAssembly"
    assert f"{search[1]}; frame-ancestors 'none'" == hosting.POLICY
    guide = (ROOT / "docs/operating.md").read_text("utf-8")
    assert guide.count(f'"{hosting.POLICY}"') == 2, "nginx and Caddy"
    for name, value in hosting.HEADERS:
        assert guide.count(name) >= 2
        assert value in guide


def test_the_file_of_headers(tmp_path):
    briefing(tmp_path, "one")
    lines = planned(tmp_path)["_headers"].context["text"].splitlines()
    assert lines[0] == "/news/*"
    assert f"  Content-Security-Policy: {hosting.POLICY}" in lines
    assert "unsafe" not in hosting.POLICY.replace("'wasm-unsafe-eval'", "")


def test_the_manifest(tmp_path):
    briefing(tmp_path, "one")
    data = planned(tmp_path, subtitle="Who says so")["manifest.webmanifest"].context["data"]
    assert (data["name"], data["start_url"], data["scope"], data["description"]) == (
        "Test site", "/news/", "/news/", "Who says so",
    )  # fmt: skip
    for icon in data["icons"]:
        assert (ROOT / "theme" / icon["src"].removeprefix("/news/")).is_file()
    css = (ROOT / "theme/static/site.css").read_text("utf-8")
    assert f"--paper: {hosting.PAPER};" in css


def test_a_site_at_the_root_of_its_host(tmp_path):
    briefing(tmp_path, "one")
    root = replace(SITE, url="https://briefs.example.org")
    assert planned(tmp_path, url=root.url)["_headers"].context["text"].startswith("/*\n")
