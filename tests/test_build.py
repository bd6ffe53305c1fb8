"""The site as it is built: by the command and by the host alike, whole, stable, and refused when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefings import cli, plugin, state
from briefings.errors import BuildError, ContentError
from tests.sites import ROOT, about, briefing, settings

PELICAN = [sys.executable, "-m", "pelican"]
EPOCH = "1795305600"
"""2026-11-22, so that what is due is the same on any day."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The demo site, built by the host's own command."""
    folder = tmp_path_factory.mktemp("demo")
    done = run([*PELICAN, "content", "-s", "publishconf.py", "-o", str(folder / "host")])
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def tree(folder):
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def run(command, **environment):
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **environment}
    )


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A content folder of three briefings with its settings file."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    content = tmp_path / "content"
    about(content)
    place = "{name: Aleppo, country: SY, latitude: 36.2, longitude: 37.16}"
    briefing(content, "one", tags="[conflict]", location=place, date="2016-12-13", aliases="[former]")
    briefing(content, "two", tags="[conflict]", published="2026-11-02T08:00:00Z", lang="ar", title='"زلزال"')
    briefing(content, "three", published="2026-11-03T08:00:00Z", source='{name: "Meridian Wire"}')
    return settings(tmp_path)


class TestDemoSite:
    """The site that the project ships."""

    def test_the_command_writes_what_the_host_writes(self, built):
        done = run([
            sys.executable, "-m", "briefings", "build", "--settings", "publishconf.py", "--output", str(built / "own"),
        ])  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert tree(built / "host") == tree(built / "own")

    def test_it_is_the_same_anywhere(self, built):
        other = {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
        done = run([*PELICAN, "content", "-s", "publishconf.py", "-o", str(built / "elsewhere")], **other)
        assert done.returncode == 0, done.stdout + done.stderr
        assert tree(built / "host") == tree(built / "elsewhere")

    def test_it_has_every_kind_of_page_and_feed(self, built):
        names = set(tree(built / "host"))
        wanted = {
            "index.html", "404.html", "about/index.html", "archive/index.html", "countries/index.html",
            "feeds/index.html", "map/index.html", "places/index.html", "search/index.html", "sources/index.html",
            "tags/index.html", "sitemap.xml", "robots.txt", "feeds/briefings.opml", "search/pagefind/pagefind-entry.json",
        }  # fmt: skip
        assert wanted <= names
        for kind in ("", "tags/conflict/", "countries/sy/", "places/aleppo-sy/", "sources/irin/"):
            assert {f"{kind}feed.rss.xml", f"{kind}feed.atom.xml", f"{kind}feed.json"} <= names
        assert any(name.startswith("archive/2011/07/") for name in names)
        assert sum(name.startswith("briefings/") and name.endswith("/index.html") for name in names) >= 24


class TestFiles:
    """What a build writes, keeps and removes."""

    def test_a_second_build_touches_nothing(self, small):
        first, _ = plugin.run(small)
        output = small.parent / "output"
        before = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file() and path.name != "lock"}
        second, _ = plugin.run(small)
        after = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file() and path.name != "lock"}
        assert first.written == first.files
        assert (second.written, second.removed) == (0, 0)
        assert before == after

    def test_settings_edited_within_a_second_are_read_by_the_host_as_they_are(self, small, monkeypatch):
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        plugin.run(small)
        moment = small.stat().st_mtime
        small.write_text(small.read_text("utf-8").replace("Test site", "Rest site"), "utf-8")
        os.utime(small, (moment, moment))
        plugin.run(small)
        assert "Rest site" in (small.parent / "output" / "index.html").read_text("utf-8")

    def test_one_edit_rewrites_only_what_shows_it(self, small):
        plugin.run(small)
        output = small.parent / "output"
        before = tree(output)
        briefing(
            small.parent / "content",
            "three",
            "Other words.",
            published="2026-11-03T08:00:00Z",
            source='{name: "Meridian Wire"}',
        )
        plugin.run(small)
        changed = {name for name, data in tree(output).items() if before.get(name) != data}
        index = {name for name in changed if name.startswith("search/pagefind/")}
        assert len([name for name in index if name.endswith(".pf_fragment")]) == 1
        own = {name for name in changed if name.startswith("briefings/three/")}
        assert "briefings/three/index.html" in own
        assert changed - own - index == {
            ".briefings/manifest.json", "feed.rss.xml", "feed.atom.xml", "feed.json",
            *(f"sources/meridian-wire/feed.{end}" for end in ("rss.xml", "atom.xml", "json")),
        }  # fmt: skip

    def test_what_is_gone_is_pruned_and_nothing_else(self, small):
        plugin.run(small)
        output = small.parent / "output"
        (output / "kept-by-hand.txt").write_text("mine")
        (small.parent / "content/briefings/2026/one.md").unlink()
        report, _ = plugin.run(small)
        names = set(tree(output))
        assert report.removed > 0
        assert "kept-by-hand.txt" in names
        assert not any("one" in name.split("/") or "aleppo-sy" in name or "former" in name for name in names)

    def test_a_folder_that_is_not_ours_is_left_alone(self, small):
        output = small.parent / "output"
        output.mkdir()
        (output / "index.html").write_text("somebody's page")
        with pytest.raises(BuildError, match="is not empty and was not made by briefings"):
            plugin.run(small)
        assert (output / "index.html").read_text() == "somebody's page"

    @pytest.mark.parametrize(
        "damage", ["", "{", '{"version": 99, "files": {}}', '{"version": 2, "files": {"../x": ["a"]}}']
    )
    def test_a_broken_manifest_is_no_manifest(self, small, damage):
        plugin.run(small)
        output = small.parent / "output"
        good = tree(output)
        (output / ".briefings/manifest.json").write_text(damage)
        plugin.run(small)
        assert tree(output) == good

    def test_two_builds_at_once(self, small):
        plugin.run(small)
        output = small.parent / "output"
        with (
            state.locked(output),
            pytest.raises(BuildError, match=rf"another build is writing here \(process {os.getpid()}\)"),
        ):
            plugin.run(small)

    def test_former_addresses_lead_on(self, small):
        plugin.run(small)
        page = (small.parent / "output/briefings/former/index.html").read_text("utf-8")
        assert 'content="0; url=/briefings/one/"' in page
        assert '<link rel="canonical" href="https://briefs.example.org/briefings/one/">' in page
        assert "former" not in (small.parent / "output/sitemap.xml").read_text("utf-8")


class TestSiteThatMustFail:
    """Everything that is wrong is said at once, and nothing is written."""

    @pytest.fixture
    def broken(self, small):
        content = small.parent / "content"
        (content / "tags.yaml").write_text("conflict: {label: Conflict}\n")
        briefing(content, "four", tags="[conflct]", location="{name: Alepo, country: SY}")
        briefing(content, "five", "See [this](gone.md).", date="2016-13-01")
        briefing(content, "six", "See [this](gone.md).")
        (content / "pages/about.md").write_text("No front matter.\n")
        return small

    expected = (
        'briefings/2026/five.md:8: date: "2016-13-01" has no month 13\n'
        'briefings/2026/four.md:8: tags: unknown tag "conflct" (did you mean "conflict"?)\n'
        'briefings/2026/six.md:10: text: the link "gone.md" leads to no published briefing\n'
        "pages/about.md:1: no front matter (the first line is ---, and another --- closes it)\n"
        "4 problems in 4 files. Nothing was written.\n"
    )

    def test_check_says_everything(self, broken, capsys):
        assert cli.main(["check", "--settings", str(broken)]) == 1
        assert capsys.readouterr().err == self.expected

    def test_build_says_the_same(self, broken, capsys):
        assert cli.main(["build", "--settings", str(broken)]) == 1
        assert capsys.readouterr() == ("", self.expected)
        assert not (broken.parent / "output").exists()

    def test_the_host_says_it_too_and_fails(self, broken):
        done = run([*PELICAN, "-s", str(broken)])
        assert done.returncode != 0
        assert 'unknown tag "conflct"' in " ".join((done.stdout + done.stderr).split())
        assert not (broken.parent / "output/index.html").exists()

    def test_going_on_without_them_is_said(self, broken, capsys):
        about(broken.parent / "content")
        assert cli.main(["build", "--settings", str(broken), "--skip-invalid"]) == 0
        out, err = capsys.readouterr()
        assert out.startswith("3 briefings, ")
        assert err.endswith("3 problems in 3 files. The site was built without them.\n")

    def test_a_misspelt_place(self, small, capsys):
        briefing(small.parent / "content", "four", location="{name: Alepo, country: SY}")
        assert cli.main(["check", "--settings", str(small)]) == 1
        assert (
            'briefings/2026/four.md:8: location: no such place "Alepo" in SY (did you mean "Aleppo, Syria"?)\n'
            in capsys.readouterr().err
        )

    def test_two_outputs_with_one_path(self, small, capsys):
        (small.parent / "content/pages/map.md").write_text("---\ntitle: Map\nslug: map\n---\n\nMine.\n")
        assert cli.main(["build", "--settings", str(small)]) == 1
        assert capsys.readouterr().err == (
            'pages/map.md: slug: "map" is taken by the site itself (choose another)\n'
            "1 problem in 1 file. Nothing was written.\n"
        )

    def test_a_template_that_fails_leaves_the_site_as_it_was(self, small, tmp_path):
        plugin.run(small)
        output = small.parent / "output"
        good = tree(output)
        theme = tmp_path / "theme"
        subprocess.run(["cp", "-r", str(ROOT / "theme"), str(theme)], check=True)
        (theme / "templates/404.html").write_text("{{ nothing_of_this_name }}")
        with pytest.raises(BuildError, match=r"theme/templates/404.html:1: UndefinedError"):
            plugin.run(settings(tmp_path, THEME=str(theme)))
        assert tree(output) == good

    def test_settings_that_cannot_be_used(self, tmp_path, capsys):
        conf = settings(tmp_path, SITEURL="", BRIEFINGS={"key": "x", "page_sise": 3})
        assert cli.main(["check", "--settings", str(conf)]) == 1
        err = capsys.readouterr().err
        assert 'BRIEFINGS["page_sise"]: unknown (did you mean "page_size"?)' in err
        assert "SITEURL: must be the whole address" in err
        assert 'BRIEFINGS["key"]: must be a UUID' in err

    @pytest.mark.parametrize("command", ["check", "build"])
    def test_no_content_folder(self, small, tmp_path, capsys, command):
        assert cli.main([command, "--settings", str(small), "--content", str(tmp_path / "none")]) == 1
        assert "none: no such folder (name one with --content)\n" in capsys.readouterr().err

    def test_a_site_without_a_briefing_is_not_published(self, small, tmp_path, capsys):
        for path in (small.parent / "content/briefings/2026").iterdir():
            path.unlink()
        assert cli.main(["publish", str(tmp_path / "www"), "--settings", str(small)]) == 1
        assert "not one briefing is on this site" in capsys.readouterr().err
        assert not (tmp_path / "www").exists()

    def test_no_settings_file(self, tmp_path, capsys):
        assert cli.main(["build", "--settings", str(tmp_path / "none.py")]) == 1
        assert "no such settings file (name one with --settings)" in capsys.readouterr().err


class TestStockPelican:
    """The reader alone, in a site and theme that know nothing of us."""

    CONF = (
        "SITENAME = 'Stock'\nSITEURL = 'https://stock.example.org'\nTIMEZONE = 'UTC'\nDEFAULT_LANG = 'en'\nTHEME = 'simple'\n"
        "PLUGINS = ['briefings.reader']\nARTICLE_PATHS = ['briefings']\nPAGE_PATHS = ['pages']\n"
        "FEED_ALL_ATOM = None\nCATEGORY_FEED_ATOM = None\nTRANSLATION_FEED_ATOM = None\n"
    )

    @pytest.fixture
    def stock(self, small):
        conf = small.parent / "stock.py"
        conf.write_text(self.CONF)
        output = small.parent / "stock"
        done = run([*PELICAN, str(small.parent / "content"), "-s", str(conf), "-o", str(output), "--fatal", "warnings"])
        assert done.returncode == 0, done.stdout + done.stderr
        return output

    def test_briefings_are_ordinary_articles(self, stock):
        page = (stock / "one.html").read_text("utf-8")
        assert "Title of one" in page
        assert "Some words." in page
        assert 'datetime="2016-12-13' in page
        assert "Conflict" in page
        assert "Harbour News" in page
        assert (stock / "tag/conflict.html").is_file()
        assert (stock / "category/harbour-news.html").is_file()
        assert (stock / "pages/about.html").is_file()

    def test_what_the_source_does_not_date_gets_the_day_it_went_out(self, stock):
        assert 'datetime="2026-11-03' in (stock / "three.html").read_text("utf-8")

    def test_place_and_source_are_metadata(self, small):
        from pelican.settings import read_settings

        from briefings.reader import BriefingReader

        host = read_settings(None, override={"PATH": str(small.parent / "content")})
        html, metadata = BriefingReader(host).read(str(small.parent / "content/briefings/2026/one.md"))
        assert html == "<p>Some words.</p>\n"
        assert metadata["location"] == "Aleppo, Syria"
        assert metadata["source"] == "Harbour News"
        assert [tag.name for tag in metadata["tags"]] == ["Conflict"]
        assert metadata["source_date"] == "2016-12-13"


def test_the_report_as_json(small, capsys):
    assert cli.main(["build", "--settings", str(small), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["briefings"], report["written"]) == (3, report["files"])


def test_content_errors_are_errors(small):
    briefing(small.parent / "content", "bad", status="published?")
    with pytest.raises(ContentError):
        plugin.run(small)
    assert Path(small).is_file()
