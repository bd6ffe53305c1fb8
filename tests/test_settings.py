"""Settings and options that cannot be used end in a sentence that names them."""

from __future__ import annotations

import os

import pytest

from briefings import cli, labels, ledger
from briefings.errors import ContentError
from briefings.settings import load
from tests.sites import SITE, settings


def refused(folder, **values):
    with pytest.raises(ContentError) as caught:
        load(settings(folder, **values))
    return [(problem.field, problem.what) for problem in caught.value.problems]


def test_ours_must_be_a_dictionary(tmp_path):
    [(field, what)] = refused(tmp_path, BRIEFINGS=["x"])
    assert field == "BRIEFINGS"
    assert what.startswith("must be a dictionary")


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("page_size", 0, "must be a whole number from 1 to 1000"),
        ("page_size", -3, "must be a whole number from 1 to 1000"),
        ("page_size", True, "must be a whole number from 1 to 1000"),
        ("page_size", "20", "must be a whole number from 1 to 1000"),
        ("publish_hour", 24, "must be a whole number from 0 to 23"),
        ("publish_hour", -1, "must be a whole number from 0 to 23"),
        ("feed_items", 0, "must be a whole number from 1 to 10000"),
        ("feed_bytes", -1, "must be a whole number from 1 to 1073741824"),
        ("rights", 7, "must be text in quotation marks"),
        ("drafts", 1, "must be True or False"),
        ("menu", [("Topics",)], 'must be rows of a label and an address: [("Topics", "/tags/")]'),
        ("menu", ["ab"], 'must be rows of a label and an address: [("Topics", "/tags/")]'),
        ("menu", 5, 'must be rows of a label and an address: [("Topics", "/tags/")]'),
        ("menu", [("Run", "javascript:x")], 'must be rows of a label and an address: [("Topics", "/tags/")]'),
        ("hub", "https://[broken", "must be the whole address, with https://"),
        ("pagesize", 5, 'unknown (did you mean "page_size"?)'),
    ],
)
def test_each_setting_says_what_it_must_be(tmp_path, name, value, what):
    assert refused(tmp_path, BRIEFINGS={"key": SITE.key, name: value}) == [(f'BRIEFINGS["{name}"]', what)]


def test_the_ends_of_the_ranges_are_taken(tmp_path):
    ours = {"key": SITE.key, "page_size": 1, "publish_hour": 23, "menu": [["Topics", "/tags/"]]}
    site = load(settings(tmp_path, BRIEFINGS=ours)).site
    assert (site.page_size, site.publish_hour, site.menu) == (1, 23, (("Topics", "/tags/"),))
    assert load(settings(tmp_path, BRIEFINGS={"key": SITE.key, "publish_hour": 0})).site.publish_hour == 0


@pytest.mark.parametrize(
    "name", ["https://[broken", "briefings.example.org", "https://", "", "https://x.org/a b", 'https://x.org/"']
)
def test_an_address_that_is_none(tmp_path, name):
    assert [field for field, _ in refused(tmp_path, SITEURL=name)] == ["SITEURL"]


@pytest.mark.parametrize("zone", ["Europe", "Mars/Olympus", "../etc"])
def test_a_time_zone_that_is_none(tmp_path, zone):
    assert [field for field, _ in refused(tmp_path, TIMEZONE=zone)] == ["TIMEZONE"]


@pytest.mark.parametrize("lang", ["xx-yy-zz-q", "english", "en_GB", "../en"])
def test_a_language_that_is_none(tmp_path, lang):
    assert [field for field, _ in refused(tmp_path, DEFAULT_LANG=lang)] == ["DEFAULT_LANG"]


def test_a_language_with_its_country_is_one(tmp_path):
    assert load(settings(tmp_path, DEFAULT_LANG="pt-BR")).site.lang == "pt-BR"


@pytest.mark.parametrize("name", ["SITENAME", "SITESUBTITLE"])
def test_a_name_that_cannot_be_shown(tmp_path, name):
    assert [field for field, _ in refused(tmp_path, **{name: "News\0"})] == [name]


@pytest.mark.parametrize("folder", ["content", "content/out", "."])
def test_the_site_does_not_go_into_the_content(tmp_path, folder):
    assert [field for field, _ in refused(tmp_path, OUTPUT_PATH=str(tmp_path / folder))] == ["OUTPUT_PATH"]


def test_the_theme_must_be_there(tmp_path):
    [(field, what)] = refused(tmp_path, THEME=str(tmp_path / "nodir"))
    assert field == "THEME"
    assert what.startswith(f'no such theme folder "{tmp_path / "nodir"}"')
    (tmp_path / "bare").mkdir()
    assert [field for field, _ in refused(tmp_path, THEME=str(tmp_path / "bare"))] == ["THEME"]


def test_a_report_that_cannot_be_written_stops_ingest_before_it_begins(tmp_path, capsys):
    seed, content = tmp_path / "a.txt", tmp_path / "content"
    seed.write_text("Harbour reopens\n\nThe harbour of Beirut reopened on 3 March 2026, the port said.\n", "utf-8")
    content.mkdir()
    report = tmp_path / "nodir" / "x.jsonl"
    assert cli.main(["ingest", str(seed), "--content", str(content), "--report", str(report)]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert err.splitlines()[0] == f"{report}: --report: the report cannot be written (No such file or directory)"
    assert list(content.iterdir()) == []


def test_a_page_of_explain_that_cannot_be_written_is_said(tmp_path, capsys):
    seed, page = tmp_path / "a.txt", tmp_path / "nodir" / "x.html"
    seed.write_text("Harbour reopens\n\nThe harbour of Beirut reopened on 3 March 2026, the port said.\n", "utf-8")
    assert cli.main(["explain", str(seed), "--content", str(tmp_path), "-o", str(page)]) == 1
    assert f"{page}: " in capsys.readouterr().err


@pytest.mark.parametrize(("site", "said"), [("pt-BR", "árabe"), ("zh-Hant", "阿拉伯文"), ("en-150", "Arabic")])
def test_a_site_in_a_language_of_a_country_names_languages(site, said):
    assert labels.language("ar", site) == said


def test_a_ledger_that_is_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / ledger.FILE)
    assert [str(problem) for problem in ledger.read(tmp_path)[1]] == [
        "published.txt: not a regular file (take it from git again)"
    ]
