"""Copies for reading offline: what is planned with the setting on, off, and taken back."""

from __future__ import annotations

import json
import re

import pytest
from msgspec.structs import replace

from briefings import build, check, hosting, offline, settings
from briefings.errors import ContentError
from tests import sites
from tests.sites import NOW, ROOT, SITE, about, briefing
from tests.test_pages import planned


def made(folder, **options):
    """The files of a small site, by path."""
    site = replace(SITE, **options)
    content, output = folder / "content", folder / f"output-{options.get('offline', 0)}"
    about(content)
    briefing(content, "one")
    checked = check.check(content, site, NOW)
    assert not checked.errors
    build.build(checked, site, ROOT / "theme", output, index=False)
    found = (path for path in output.rglob("*") if path.is_file() and ".briefings" not in path.parts)
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    ("value", "kept"), [(True, 20), (False, 0), (1, 1), (100, 100), ("remove", offline.REMOVE), (None, None)]
)
def test_the_setting(tmp_path, value, kept):
    ours = {"key": SITE.key} | ({} if value is None else {"offline": value})
    assert settings.load(sites.settings(tmp_path, BRIEFINGS=ours)).site.offline == (kept or 0)


@pytest.mark.parametrize("value", [0, 101, -1, "yes", 2.5, None, ["remove"]])
def test_a_setting_that_cannot_be_used(tmp_path, value):
    with pytest.raises(ContentError) as caught:
        settings.load(sites.settings(tmp_path, BRIEFINGS={"key": SITE.key, "offline": value}))
    what = 'must be True, False, a number from 1 to 100, or "remove"'
    assert [(one.field, one.what) for one in caught.value.problems] == [('BRIEFINGS["offline"]', what)]


def test_a_site_without_copies_knows_nothing_of_them(tmp_path):
    files = made(tmp_path)
    assert not [name for name in files if "offline" in name or "worker" in name]
    assert not [name for name, data in files.items() if name.endswith((".html", "_headers")) and b"offline" in data]
    assert b"worker-src" not in files["_headers"]


def test_a_site_with_copies(tmp_path):
    files = made(tmp_path, offline=7)
    worker = files["service-worker.js"].decode()
    told, script = re.fullmatch(r"self\.offline = (.*);\nimportScripts\((.*)\);\n", worker).groups()
    told, (path, _, digest) = json.loads(told), json.loads(script).partition("?v=")
    assert (told["base"], told["page"], told["most"]) == ("/news/", "/news/offline/", 7)
    assert told["cache"] == "offline /news/ 1"
    assert told["cache"].startswith(told["caches"])
    assert path.removeprefix("/news/") in files
    assert len(digest) == 8
    for name in ("index.html", "briefings/one/index.html", "offline/index.html", "404.html"):
        page = files[name].decode()
        assert page.count(f'data-offline="{told["base"]}"') == 1, "the worker knows the site's pages by it"
        assert re.search(r"script-src 'self';[^\"]*; worker-src 'self'\">", page)
    assert f"{hosting.POLICY}; worker-src 'self'\n" in files["_headers"].decode()
    assert b'href="/news/offline/"' in files["index.html"]
    assert b"noindex" in files["offline/index.html"]
    assert b"/offline/" not in files["sitemap.xml"]


def test_a_site_that_takes_them_back_has_a_tombstone_and_else_nothing(tmp_path):
    none, files = made(tmp_path), made(tmp_path, offline=offline.REMOVE)
    tombstone = files.pop("service-worker.js").decode()
    assert "unregister()" in tombstone
    assert '"offline /news/ "' in tombstone
    assert files == none


def test_another_look_is_another_worker(tmp_path):
    about(tmp_path)
    briefing(tmp_path, "one")
    first = planned(tmp_path, offline=20)["service-worker.js"].context["text"]
    assert planned(tmp_path, offline=20)["service-worker.js"].context["text"] == first
    assert planned(tmp_path, offline=20, name="Other")["service-worker.js"].context["text"] != first


def test_what_the_worker_looks_for_is_what_the_theme_writes():
    """It finds the briefing in a page, and a page that may not be kept, by their mark-up."""
    worker = (ROOT / "theme/static/offline-worker.js").read_text("utf-8")
    assert '<article class="briefing' in worker
    assert '<article class="briefing' in (ROOT / "theme/templates/briefing.html").read_text("utf-8")
    assert '<meta name="robots" content="noindex' in worker
    for name in ("base.html", "redirect.html"):
        assert '<meta name="robots" content="' in (ROOT / "theme/templates" / name).read_text("utf-8")
