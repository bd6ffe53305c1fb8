"""Search: what is indexed of a briefing, and the files that Pagefind makes of it. In the browser: test_search_browser."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from briefings import build, check, pagefind, search
from briefings.errors import BuildError
from tests.search_files import fragment, indexed
from tests.sites import ROOT, SITE, briefing
from tests.test_pages import planned

PALU = '{name: "Palu", country: ID}'
ONE = pagefind.Record(
    url="/briefings/one/",
    lang="en",
    text="The barrage held.",
    meta={"title": "Floods on the Indus", "strip": "Sukkur, Pakistan"},
    filters={"tag": ["Floods", "Rivers"], "year": ["2022"], "lang": ["en"]},
)
TWO = replace(ONE, url="/briefings/two/", text="Two dams failed.", filters={"tag": ["Storms"], "lang": ["fr"]})
MANY = [
    replace(ONE, url=f"/briefings/{k}/", filters={"tag": [f"t{k % 7}", "all"], "year": [str(k)]}) for k in range(40)
]


def rows(tmp_path, **settings):
    return planned(tmp_path, **settings)["search/pagefind"].context["rows"]


# --- what is indexed ------------------------------------------------------------------------------------------------


def test_rows_stand_in_the_order_of_publication_so_that_a_new_one_moves_no_other(tmp_path):
    briefing(tmp_path, "late", published="2026-11-03T08:00:00Z", date="2001-01-01")
    briefing(tmp_path, "early", published="2026-11-01T08:00:00Z", date="2020-01-01")
    assert [row["url"] for row in rows(tmp_path)] == ["/briefings/early/", "/briefings/late/"]


def test_a_row_can_be_narrowed_by_the_terms_of_its_lists(tmp_path):
    briefing(tmp_path, "one", tags="[flood]", location=PALU, date="2018-10-05")
    briefing(tmp_path, "two", tags="[flood]", date=None)
    first, second = rows(tmp_path)
    if first["url"] == "/briefings/two/":
        first, second = second, first
    assert first["filters"] == {
        "place": ("Palu, Indonesia",), "country": ("Indonesia",), "tag": ("Flood",), "source": ("Harbour News",),
        "year": ("2018",),
    }  # fmt: skip
    assert second["filters"] == {
        "place": (), "country": (), "tag": ("Flood",), "source": ("Harbour News",), "year": ("Undated",),
    }  # fmt: skip


def test_a_tag_is_found_by_its_other_names(tmp_path):
    (tmp_path / "tags.yaml").write_text("flood:\n  label: Floods\n  aliases: [deluge]\n", "utf-8")
    briefing(tmp_path, "one", tags="[flood]")
    (row,) = rows(tmp_path)
    assert row["terms"] == ("Floods", "deluge")


@pytest.mark.parametrize(
    ("reuse", "there", "not_there"),
    [
        ("full", {"Point", "First", "Last"}, set()),
        ("excerpt", {"Point", "First"}, {"Last"}),
        ("summary", {"Point"}, {"First", "Last"}),
        ("link", set(), {"Point", "First", "Last"}),
    ],
)
def test_no_more_is_indexed_than_the_source_allows(tmp_path, reuse, there, not_there):
    content = tmp_path / "content"
    body = "First words.\n\n" + "Filling words go on. " * 200 + "\n\nLast words."
    briefing(content, "one", body, key_points='["Point of it."]')
    (content / "sources.yaml").write_text(f"harbour-news:\n  name: Harbour News\n  reuse: {reuse}\n", "utf-8")
    checked = check.check(content, SITE, datetime(2026, 11, 22, tzinfo=UTC))
    assert not checked.errors
    build.build(checked, SITE, ROOT / "theme", tmp_path / "output")
    (found,) = indexed(tmp_path / "output")
    words = set(found["content"].split())
    assert there <= words
    assert not words & not_there


def test_a_withdrawn_briefing_is_found_by_its_notice_alone(tmp_path):
    content = tmp_path / "content"
    briefing(content, "one", "Gone words.", status="withdrawn", withdrawn_reason="The count was wrong")
    checked = check.check(content, SITE, datetime(2026, 11, 22, tzinfo=UTC))
    build.build(checked, SITE, ROOT / "theme", tmp_path / "output")
    (found,) = indexed(tmp_path / "output")
    assert "count was wrong" in found["content"]
    assert "Gone" not in found["content"]


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("الفيضانات في السودان", "ال|فيضانات في ال|سودان"),
        ("والفيضانات", "وال|فيضانات"),
        ("للاجئين", "لل|اجئين"),
        ("وَالْمِيَاهُ", "وَالْ|مِيَاهُ"),
        ("كمال قال: ألوان", "كمال قال: ألوان"),  # the letters inside a word, or alif with hamza, are no article
        ("Al-Hasakah", "Al-Hasakah"),
    ],
)
def test_the_arabic_article_stands_apart(text, apart):
    assert search.apart(text).replace("\u2060 ", "|") == apart


# --- the files ------------------------------------------------------------------------------------------------------


def test_the_index_is_what_the_browser_fetches_and_nothing_else():
    files = pagefind.index([ONE, TWO], "en")
    kinds = sorted(name.partition("/")[0] if "/" in name else name.rpartition(".")[2] for name in files)
    assert kinds == [
        "filter",
        "filter",
        "filter",
        "fragment",
        "fragment",
        "index",
        "js",
        "json",
        "pagefind",
        "pf_meta",
        "txt",
    ]
    named = {pagefind.number(name.rpartition("/")[2]): name for name in files if name.startswith("fragment/")}
    first = fragment(files[named[0]])
    assert (first["url"], first["content"]) == (ONE.url, ONE.text)
    assert (first["meta"], first["filters"]) == (ONE.meta, ONE.filters)
    assert fragment(files[named[1]])["url"] == TWO.url


def test_no_records_make_an_index_too():
    assert "pagefind-entry.json" in pagefind.index([], "en")


def test_the_same_records_give_the_same_bytes():
    """Pagefind alone does not: four filters of many values come in another order each time."""
    once = pagefind.index(MANY, "en")
    assert all(pagefind.index(iter(MANY), "en") == once for _ in range(3))


def test_the_same_bytes_in_another_process_and_folder(tmp_path):
    code = (
        "import hashlib\nfrom tests.test_search import MANY\nfrom briefings import pagefind\n"
        "print(hashlib.sha256(repr(sorted(pagefind.index(MANY, 'en').items())).encode()).hexdigest())"
    )
    said = set()
    for seed in ("0", "7"):
        folder = tmp_path / seed
        folder.mkdir()
        there = {**os.environ, "PYTHONHASHSEED": seed, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
        said.add(subprocess.check_output([sys.executable, "-c", code], env=there, text=True, cwd=folder))
    assert len(said) == 1


def test_a_new_record_leaves_the_fragments_of_the_others():
    before, after = (set(pagefind.index(records, "en")) for records in (MANY[:-1], MANY))
    fragments = {name for name in before if name.startswith("fragment/")}
    assert fragments < after
    assert len([name for name in after - before if name.startswith("fragment/")]) == 1


def test_a_missing_program_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    with pytest.raises(BuildError, match=r"Pagefind: its program is not installed here .*--no-search"):
        pagefind.index([ONE], "en")


@pytest.mark.parametrize("program", ["/bin/true", "/no/such/program"])
def test_a_program_that_does_not_answer_is_said_in_a_sentence(monkeypatch, program):
    monkeypatch.setattr("pagefind.service.get_executable", lambda: program)
    with pytest.raises(BuildError, match=r"Pagefind: (ended|cannot be run|cannot be spoken to)"):
        pagefind.index([ONE], "en")


def test_another_release_is_refused(monkeypatch):
    monkeypatch.setattr(pagefind, "_RELEASE", "9.9.9")
    with pytest.raises(BuildError, match=r"is release 1\.5\.2, and we know 9\.9\.9"):
        pagefind.index([ONE], "en")


# --- a build --------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path):
    """Builds a site of what is in ``tmp_path/content`` into ``tmp_path/output``; gives the report."""
    briefing(tmp_path / "content", "one", "Barrage.")

    def make(**options):
        checked = check.check(tmp_path / "content", SITE, datetime(2026, 11, 22, tzinfo=UTC))
        return build.build(checked, SITE, ROOT / "theme", tmp_path / "output", **options)

    make()
    return make


def stamps(tmp_path):
    return {path: path.stat().st_mtime_ns for path in (tmp_path / "output/search/pagefind").rglob("*.*")}


def test_an_index_of_the_same_records_is_not_made_again(tmp_path, site, monkeypatch):
    before = stamps(tmp_path)
    monkeypatch.setattr(pagefind, "index", lambda *_: pytest.fail("made again"))
    site()
    assert stamps(tmp_path) == before


def test_an_index_of_which_a_file_is_gone_is_made_again(tmp_path, site):
    (gone,) = (tmp_path / "output/search/pagefind/fragment").iterdir()
    gone.unlink()
    site()
    assert gone.exists()


def test_files_of_an_older_index_are_pruned(tmp_path, site):
    before = set(stamps(tmp_path))
    briefing(tmp_path / "content", "one", "Weir.")
    site()
    assert {path.suffix for path in before - set(stamps(tmp_path))} >= {".pf_fragment", ".pf_meta"}
    assert [one["content"] for one in indexed(tmp_path / "output")] == ["Weir."]


def test_without_the_index_the_old_one_stays_until_the_next_whole_build(tmp_path, site):
    before = stamps(tmp_path)
    briefing(tmp_path / "content", "one", "Weir.")
    site(index=False)
    assert stamps(tmp_path) == before
    assert "Weir." in (tmp_path / "output/briefings/one/index.html").read_text("utf-8")
    site()
    assert [one["content"] for one in indexed(tmp_path / "output")] == ["Weir."]
