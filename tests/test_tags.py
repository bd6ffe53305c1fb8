"""What the tagger proposes, and that its tables hold together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from briefings.find import tags
from briefings.find.reading import Reading
from briefings.model import Seed

ROOT = Path(__file__).parent.parent
DATA = ROOT / "briefings" / "find" / "data"
THEMES = {
    "Agriculture", "Climate Change and Environment", "Contributions", "Coordination", "Disaster Management",
    "Education",
    "Food and Nutrition", "Gender", "HIV/Aids", "Health", "Humanitarian Financing", "Logistics and Telecommunications",
    "Mine Action", "Peacekeeping and Peacebuilding", "Protection and Human Rights", "Recovery and Reconstruction",
    "Safety and Security", "Shelter and Non-Food Items", "Water Sanitation Hygiene",
}  # fmt: skip
"""The themes of ReliefWeb, by name."""


def read(text: str, lang: str = "en") -> Reading:
    """An article whose first line is the headline."""
    head = text.find("\n") if "\n" in text else len(text)
    return Reading(Seed("seed.txt", "text", "", text, ()), lang, (0, head), ((head, len(text)),))


def found(text: str, lang: str = "en") -> list[str]:
    return [finding.value for finding in tags.find(read(text, lang))]


@pytest.mark.parametrize(
    ("best", "lang", "text"),
    [
        ("floods", "en", "River floods three districts\nFlash floods after torrential rain covered roads near Beira."),
        ("earthquakes", "en", "Strong quake shakes Kerman\nAftershocks of magnitude 5 were felt near the epicentre."),
        ("epidemics", "en", "Cholera outbreak spreads\nSuspected cases have doubled and vaccination begins."),
        ("mines", "en", "Farmers wait for demining\nLandmines and unexploded shells still lie in the fields."),
        ("peace-talks", "en", "Ceasefire holds for a second day\nMediators said peace talks would resume in Juba."),
        ("elections", "en", "Polling stations open\nVoters queued to cast ballots in the presidential election."),
        ("trade", "en", "Trade war deepens\nNew tariffs on imports of steel take effect, and exports have fallen."),
        ("education", "en", "Schools reopen after two years\nTeachers and pupils are back in the classroom."),
        ("water-sanitation", "en", "New latrines for a town\nDrinking water and sanitation reach the last streets."),
        ("displacement", "fr", "Des milliers de déplacés dans le nord\nLes déplacés ont fui leurs villages."),
        ("drought", "fr", "La sécheresse s'aggrave\nAprès une vague de chaleur, la sécheresse vide les puits."),
        ("peace-talks", "es", "Firman el alto el fuego\nEl proceso de paz sigue con nuevas negociaciones de paz."),
        ("earthquakes", "es", "Un sismo sacude la costa\nEl terremoto tuvo varias réplicas cerca del epicentro."),
        ("conflict", "ar", "غارات على شمال المدينة\nقال سكان إن القصف والاشتباكات استمرا طوال الليل."),
        ("displacement", "ar", "نزوح آلاف السكان\nوصل النازحون إلى مخيم في الجنوب بعد ثلاثة أيام."),
    ],
)
def test_the_best_tag_says_what_the_article_is_about(best: str, lang: str, text: str) -> None:
    assert found(text, lang)[0] == best


@pytest.mark.parametrize(
    ("not_this", "text"),
    [
        ("aid-pledges", "Band Aid song returns to the charts\nThe Band Aid single of 1984 is played again this week."),
        ("conflict", "Supermarkets in a price war\nThe price war between two chains has cut the cost of bread."),
        ("floods", "A flood of entries\nThe contest was flooded with entries from every school."),
        ("landslides", "Mayor wins by a landslide\nThe landslide victory in the election gives her a third term."),
        ("conflict", "A nation remembers the Cold War\nArchives of the Cold War are opened to visitors."),
        ("health", "Ministry of Health moves house\nThe Ministry of Health has a new address."),
        ("climate", "Business climate improves\nA survey of the business climate finds hope among shop owners."),
        ("hiv", "LOAN AIDS FARMERS\nA cooperative pays for seed before the harvest."),
        ("logistics", "Port of Rotterdam buys two cranes\nThe port handles more cargo than any other in Europe."),
    ],
)
def test_stop_contexts_and_needed_words_keep_a_tag_away(not_this: str, text: str) -> None:
    assert not_this not in found(text)


def test_relief_makes_logistics_of_a_port() -> None:
    text = "Relief cargo waits in the port\nTrucks with humanitarian supplies cannot leave the warehouse."
    assert "logistics" in found(text)


def test_evidence_is_the_very_words_and_the_strongest_first() -> None:
    reading = read("Floods cut roads\nFlash floods and heavy rain hit Sofala province; the floods rose on Friday.")
    first = tags.find(reading)[0]
    assert (first.value, first.status, first.rule) == ("floods", "inferred", "trigger")
    assert [words.text for words in first.evidence] == ["Floods", "Flash floods", "heavy rain"]
    assert all(reading.seed.text[words.start : words.end] == words.text for words in first.evidence)


def test_only_the_article_s_own_words_count() -> None:
    text = "Quiet day in Lisbon\nNothing happened.\nRead more: Earthquake kills hundreds"
    reading = Reading(Seed("seed.txt", "text", "", text, ()), "en", (0, 19), ((20, 37),))
    assert tags.find(reading) == ()


def test_a_phrase_ends_with_its_sentence_but_not_with_its_line() -> None:
    assert "peace-talks" in found("News\nThe envoy said that the peace\ntalks and the peace\nprocess go on.")
    assert found("News\nThey came in peace. Talks were short.") != ["peace-talks"]


def test_accents_case_and_hyphens_do_not_matter() -> None:
    assert found("SECHERESSE AU SAHEL", "fr") == found("Sécheresse au Sahel", "fr") == ["drought"]
    assert "peace-talks" in found("Cease-fire signed")
    assert "peace-talks" in found("CEASE FIRE SIGNED")


def test_an_unknown_language_is_read_with_every_table() -> None:
    assert found("Terremoto in Molise\nIl terremoto e uno tsunami.", "it") == ["earthquakes"]


def test_never_more_than_four_and_always_in_order_of_confidence() -> None:
    text = "Floods, earthquake, drought, wildfire, volcano, cyclone and landslide in one year"
    findings = tags.find(read(text))
    assert len(findings) == tags.MOST
    confidences = [finding.confidence or 0 for finding in findings]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < confidence < 1 for confidence in confidences)


def test_no_words_no_tags() -> None:
    assert tags.find(Reading(Seed("seed.txt", "text", "", "", ()), "en", None, ())) == ()
    assert found("The choir sang in the square") == []


# --- the tables ---


def test_the_editors_vocabulary_and_the_package_s_copy_agree() -> None:
    kept = yaml.load((ROOT / "content" / "tags.yaml").read_text(encoding="utf-8"), yaml.CBaseLoader)
    assert json.loads((DATA / "tags.json").read_text(encoding="utf-8")) == kept


def test_every_term_is_whole_and_no_name_is_given_twice() -> None:
    names: dict[str, str] = {}
    for key, tag in tags.VOCABULARY.items():
        assert key == key.lower()
        assert tag.description.endswith(".")
        assert tag.iptc.isdigit()
        assert len(tag.iptc) == 8
        assert set(tag.reliefweb) <= THEMES
        for name in {tag.label.casefold(), *map(str.casefold, tag.aliases)}:
            assert names.setdefault(name, key) == key


def test_every_theme_has_a_term_and_every_term_has_words_in_four_languages() -> None:
    assert {theme for key in tags.VOCABULARY for theme in tags.reliefweb(key)} == THEMES
    rows = list(tags.read_triggers((DATA / "triggers.txt").read_text(encoding="utf-8")))
    assert {(row.tag, row.lang) for row in rows if row.tag and row.lang} == {
        (key, lang) for key in tags.VOCABULARY for lang in ("en", "fr", "es", "ar")
    }


def test_a_phrase_stands_once_under_a_tag_and_no_capitals_carry_a_star() -> None:
    seen: set[tuple[str, str, str]] = set()
    for row in tags.read_triggers((DATA / "triggers.txt").read_text(encoding="utf-8")):
        place = (row.tag, row.lang, row.phrase)
        assert place not in seen, f"triggers.txt:{row.line}: {row.phrase} is there twice"
        seen.add(place)
        assert not (row.phrase.endswith("*") and row.phrase[:-1].isupper() and row.phrase.isascii()), row


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[flods]", '1: unknown tag "flods"'),
        ("en 3: flood", '1: write "en 3: phrase; phrase" below a [tag], "en: phrase" below [-]'),
        ("[floods]\nen: flood", '2: write "en 3: phrase; phrase" below a [tag], "en: phrase" below [-]'),
        ("[-]\nen 3: flood of", '2: write "en 3: phrase; phrase" below a [tag], "en: phrase" below [-]'),
    ],
)
def test_a_slip_in_the_table_is_named_with_its_line(table: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        list(tags.read_triggers(table))
    assert str(caught.value) == message


def test_unknown_terms_map_to_nothing() -> None:
    assert tags.reliefweb("mines") == ("Mine Action",)
    assert tags.iptc("earthquakes") == "20000153"
    assert tags.reliefweb("nonsense") == ()
    assert tags.iptc("nonsense") == ""
