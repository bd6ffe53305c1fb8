"""Related briefings: what makes two of them alike, and how much is looked at."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from briefings import library, related
from briefings.model import Briefing, CalendarDate, Place
from briefings.related import RARE, SHORTLIST, WINDOW, WORDS, Related, words
from briefings.tables import Tables
from tests.sites import NOW, SITE, briefing, identity
from tests.test_pages import BEIRA, PALU, changed, fingerprints


def company(content, slug, most=4):
    """The slugs of the briefings related to one."""
    shelf, problems = library.load(content, SITE, NOW)
    assert not [problem for problem in problems if problem.severity == "error"]
    one = next(entry for entry in shelf.briefings if entry.slug == slug)
    return [other.slug for other in Related(shelf).to(one, most)]


def filler(content, count):
    """Briefings that have nothing in common with one another."""
    for number in range(count):
        briefing(
            content, f"x{number}", f"Quince{chr(97 + number)}{chr(97 + number)} marmalade{chr(97 + number)}{chr(98 + number)}.",
            title=f'"Report on subject{chr(97 + number)}x"', source=f'{{name: "Agency {number}"}}',
        )  # fmt: skip


def test_words_alone_bring_together(tmp_path):
    filler(tmp_path, 12)
    briefing(
        tmp_path,
        "one",
        "The quay of the grain harbour burned; silos collapsed, cranes, barges and warehouses with them.",
        title='"Silos burn"',
    )
    briefing(
        tmp_path,
        "two",
        "Silos, cranes and warehouses at the grain harbour stand again; barges collapsed at the quay were raised.",
        title='"Rebuilding"',
    )
    assert company(tmp_path, "one") == ["two"]
    assert company(tmp_path, "x3") == []


def test_a_shared_story_outweighs_a_shared_topic(tmp_path):
    filler(tmp_path, 12)
    briefing(tmp_path, "one", tags="[floods]", story="harbour-fire", title='"Alpha"')
    briefing(tmp_path, "same-story", story="harbour-fire", title='"Beta"')
    briefing(tmp_path, "same-topic", tags="[floods]", title='"Gamma"')
    assert company(tmp_path, "one")[0] == "same-story"


def test_the_nearer_date_comes_first(tmp_path):
    filler(tmp_path, 12)
    for slug, date in (("one", "2018-10-05"), ("years-later", "2024-10-05"), ("days-later", "2018-10-09")):
        briefing(tmp_path, slug, location=PALU, date=date, title=f'"Title {slug.replace("-", "")}"')
    assert company(tmp_path, "one") == ["days-later", "years-later"]


def test_only_what_is_published(tmp_path):
    filler(tmp_path, 12)
    briefing(tmp_path, "one", location=PALU)
    briefing(tmp_path, "two", location=PALU, status="withdrawn", withdrawn_reason="Wrong.")
    assert company(tmp_path, "one") == []
    assert company(tmp_path, "two") == []


def test_words_that_stand_for_a_briefing_are_few_and_do_not_depend_on_links(tmp_path):
    one = Briefing("p", "i", "Waves in the bay", "s", "published", key_points=("Boats drifted.",))
    found = words(
        one,
        "A [report](https://harbour.example.org/abcdef) " + " ".join(f"w{chr(97 + n % 26) * 4}" for n in range(500)),
    )
    assert found[:3] == ("waves", "boats", "drifted")
    assert len(found) <= WORDS
    assert not {"https", "harbour", "example", "abcdef"} & set(found)


def test_a_new_briefing_changes_the_company_of_its_own_kind_only(tmp_path):
    filler(tmp_path, 12)
    for number in range(6):
        where, tag = (PALU, "earthquakes") if number % 2 else (BEIRA, "cyclones")
        briefing(tmp_path, f"b{number}", location=where, tags=f"[{tag}]", published="2026-10-01T08:00:00Z")
    before = fingerprints(tmp_path)
    briefing(tmp_path, "new", location=PALU, tags="[earthquakes]", published="2026-09-01T08:00:00Z")
    touched = {path for path in changed(before, fingerprints(tmp_path)) if path.startswith("briefings/b")}
    assert {path.split("/")[1] for path in touched} <= {"b1", "b3", "b5"}


def shelf_of(count):
    """A library of made-up briefings, built without files."""
    tables, briefings = Tables(), []
    for number in range(count):
        slug = f"n{number}"
        text = " ".join(
            f"term{'abcdefghij'[number * step % 10]}{'klmnopqrst'[number // step % 10]}x" for step in range(1, 50)
        )
        one = Briefing(
            f"briefings/{slug}.md", identity(slug), f"Title {slug}", slug, "published", tags=(f"tag{number % 30}",),
            location=Place(f"Town {number % 400}", "ID"), date=CalendarDate(2000 + number % 20, 1 + number % 12),
            published=datetime(2026, 1, 1, tzinfo=UTC), lines=MappingProxyType({}),
        )  # fmt: skip
        briefings.append(replace(one, words=words(one, text)))
    return library.arrange(None, briefings, tables, SITE, NOW)


@given(st.text(st.sampled_from("abcXYZ éÉßİıЖж拉ªⅧ²٣_-'\n\t 019.,’—ǅﬁ\u0301\u2028\u00a0\u1e9e"), max_size=40))
def test_words_are_runs_of_four_letters_and_more(text):
    assert related._words(text) == re.findall(r"[^\W\d_]{4,}", text.casefold())


def test_the_most_used_words_come_first_then_the_longest():
    one = Briefing("briefings/a.md", identity("a"), "Rain again", "a", "published", lines=MappingProxyType({}))
    prose = "Later later flood, flood; FLOOD [rain](https://example.org/hidden) https://example.org/seen dykes harbour roads"
    assert words(one, prose) == ("rain", "again", "flood", "later", "harbour", "dykes", "roads")


class Counted(Related):
    """Counts what is looked at and compared for one briefing."""

    looked = compared = 0

    def beside(self, term, one):
        found = super().beside(term, one)
        self.looked += len(found)
        return found

    def _score(self, own, here, there):
        self.compared += 1
        return super()._score(own, here, there)


@pytest.mark.parametrize("count", [300, 3000])
def test_the_work_for_each_briefing_is_bounded(count):
    """However many there are, no more than so many are looked at for each, and fewer compared."""
    shelf = shelf_of(count)
    related = Counted(shelf)
    for entry in shelf.briefings:
        related.looked = related.compared = 0
        related.to(entry, 4)
        assert 0 < related.looked <= (RARE + 8) * (2 * WINDOW + 1)
        assert related.compared <= SHORTLIST
        assert len(entry.words) <= WORDS
