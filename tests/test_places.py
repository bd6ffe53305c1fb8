"""The place an article is about: one short article of our own for each rule."""

from __future__ import annotations

import pytest

from briefings.find import places
from briefings.find.reading import Reading
from briefings.model import Finding, Place, Seed


def reading(
    title: str, *paragraphs: str, dateline: str = "", country: str = "", home: str = "", lang: str = "en"
) -> Reading:
    """Return a reading of a title and paragraphs; ``dateline`` and ``country`` are words that stand before the text."""
    parts = [title, country, dateline, *paragraphs]
    spans, text = [], ""
    for part in parts:
        text += "\n\n" if text and part else ""
        spans.append((len(text), len(text) + len(part)))
        text += part
    return Reading(
        Seed("a.txt", "text", "", text, ()),
        lang,
        spans[0] if title else None,
        tuple(spans[3:]),
        spans[2] if dateline else None,
        spans[1] if country else None,
        home,
    )


def find(title: str, *paragraphs: str, **more: str) -> Finding[Place | None]:
    """Return the location, after making sure that each piece of evidence stands where it says."""
    given = reading(title, *paragraphs, **more)
    location, others = places.find(given)
    assert location.evidence or location.value is None
    assert location.confidence is None or 0 <= location.confidence <= 1
    for piece in (*location.evidence, *(piece for other in others for piece in other.evidence)):
        assert given.seed.text[piece.start : piece.end] == piece.text
    return location


def where(title: str, *paragraphs: str, **more: str) -> tuple[str, str]:
    value = find(title, *paragraphs, **more).value
    return (value.name, value.country) if value else ("", "")


@pytest.mark.parametrize(
    ("name", "country", "title", "text"),
    [
        # the town in the headline, with its country in the text
        ("Beira", "MZ", "Flood water reaches Beira", "Boats carried families out of Beira. Mozambique sent tents."),
        # countries called the same by their adjectives and neighbours
        ("Guinea", "GN", "Guinea opens its schools", "Guinea had shut them. Guinea-Bissau and Papua New Guinea sent books."),
        # surnames
        ("Lilongwe", "MW", "Choir sings in Lilongwe", "Grace Jordan led the choir. Jordan has sung for years, Jordan said. Malawi won."),
        ("Maputo", "MZ", "Clinic opens in Maputo", "Luis Gomes Sambo spoke. Luis Gomes said: Maputo waited. Mozambique paid."),
        # English words
        ("Gulu", "UG", "Nice harvest near Gulu", "Reading the sky, farmers at Gulu split the seed. Mobile mills came. Uganda pays."),
        # organisations
        ("Lusaka", "ZM", "Lusaka talks to lenders", "The Paris Club met Zambia's minister. The London Court heard Lusaka."),
        # governments called by their capitals
        ("Idlib", "SY", "Washington and Moscow differ over Idlib", "Washington accused Moscow. Families left Idlib in trucks."),
        # comparisons
        ("Izmir", "TR", "Earth shakes near Izmir", "It was weaker than Japan's and nothing like Chile's. Turkey sent tents to Izmir."),
        # peoples far from home
        ("Quito", "EC", "A second shift for a school in Quito", "Venezuelans fill the desks, Venezuelan children read. Quito pays."),
        # donors
        ("Moroto", "UG", "Appeal for Moroto", "Germany, Japan, Sweden, Norway and Canada paid. Moroto waits, and Uganda waits."),
        # an explicit container
        ("Birmingham", "US", "Fire in Birmingham", "The church in Birmingham, Alabama, burned. Birmingham mourns."),
        ("Newark", "US", "Pipe bursts in Newark", "Water filled a street in Newark, N.J., on Monday."),
        # a state that has the name of a country
        ("Macon", "US", "Frost in Georgia", "The state's farmers met in Macon, Georgia. Macon sells peaches and Macon pays."),
        # a name broken by the end of a line
        ("Port-au-Prince", "HT", "Market burns", "Stalls in Port-au-\nPrince burned. Haiti's mayor came to Port-au-\nPrince."),
        # a possessive inside a name
        ("Cox's Bazar", "BD", "Rain on the camps", "Tents fell in Cox's Bazar. Soldiers came to Cox’s Bazar."),
        # experts from elsewhere
        ("Gonaïves", "HT", "Clinic opens", "Experts from Japan and Chile praised the clinic in Gonaïves. Haiti runs it."),
        # all capitals
        ("Kisumu", "KE", "FERRY RETURNS TO KISUMU", "The ferry docked in Kisumu. Kenya paid for it."),
        # money is no place
        ("Hong Kong", "HK", "Builder borrows 40 mln U.S. dollars", "The loan of 40 mln U.S. dollars was signed in Hong Kong."),
        # a list of countries is one of countries, not of namesakes
        ("China", "CN", "China, Norway and Peru sign", "China signed first. China, Norway, Peru and the U.S. follow. China leads."),
    ],
)  # fmt: skip
def test_what_the_article_is_about(name: str, country: str, title: str, text: str) -> None:
    found = where(title, text)
    assert found[1] == country
    assert gazetteer_name(found[0]) == gazetteer_name(name)


def gazetteer_name(name: str) -> str:
    from briefings.find.gazetteer import key

    return key(name)


@pytest.mark.parametrize(
    ("country", "lang", "title", "text"),
    [
        (
            "TD",
            "fr",
            "Inondations au Tchad",
            "Les autorités tchadiennes ont ouvert des écoles. Le Tchad attend de l'aide.",
        ),
        (
            "CI",
            "fr",
            "La Côte d’Ivoire vaccine",
            "Le ministère ivoirien de la santé a livré des doses en Côte d'Ivoire.",
        ),
        ("DZ", "fr", "Séisme en Algérie", "L'Algérie envoie des tentes ; les secours algériens arrivent."),
        ("CO", "es", "Sequía en Colombia", "El gobierno colombiano repartió agua. Colombia pide ayuda."),
        ("ES", "es", "Incendio en España", "Los bomberos españoles trabajan. España agradece a Portugal."),
        ("SY", "ar", "مدارس جديدة في سوريا", "قالت الحكومة السورية إن المدارس في حلب فتحت أبوابها."),
        ("YE", "ar", "وصول المساعدات إلى اليمن", "وصلت شاحنات باليمن إلى صنعاء."),
    ],
)
def test_other_languages(country: str, lang: str, title: str, text: str) -> None:
    assert where(title, text, lang=lang)[1] == country


def test_a_header_states_the_country() -> None:
    found = find("Weekly alert", "Borders with Sudan, Niger and Libya stay closed. Sudan opened one.", country="CHAD")
    assert found.value == Place("Chad", "TD")
    assert (found.status, found.confidence) == ("stated", 1.0)
    assert found.evidence[0].text == "CHAD"


def test_a_header_that_is_no_country_states_nothing() -> None:
    found = find("Weekly alert", "Rain fell on Beira. Mozambique sent tents to Beira.", country="Lake Chad")
    assert found.status == "inferred"
    assert found.value is not None
    assert found.value.country == "MZ"


def test_several_countries_in_a_header_are_the_only_candidates() -> None:
    found = find("Alert", "Peru and Chile closed the road. Peru mends it, Bolivia waits.", country="Peru, Bolivia")
    assert found.status == "inferred"
    assert found.value is not None
    assert found.value.country == "PE"


def test_the_dateline_is_evidence() -> None:
    assert where("Union signs contract", "The miners will vote on Monday.", dateline="LUSAKA") == ("Lusaka", "ZM")
    assert where("Shares rise", "The company said it earned more.", dateline="Portland, Ore.")[1] == "US"


def test_talks_elsewhere_are_not_the_subject() -> None:
    text = "Yemen's government and the rebels agreed to free prisoners. Flights to Sanaa will carry them. Yemen waits."
    assert where("Yemen rivals swap prisoners at talks in Geneva", text, dateline="GENEVA")[1] == "YE"


def test_the_home_of_the_source_settles_namesakes() -> None:
    title, text = "Athens paves two roads", "The council of Athens voted on Tuesday. Athens will pave the roads in May."
    assert where(title, text)[1] == "GR"
    assert where(title, text, home="US-GA") == ("Athens", "US")
    value = find(title, text, home="US-GA").value
    assert value is not None
    assert value.latitude == pytest.approx(33.96, abs=0.1)
    assert where(title, text, home="US-OH") == ("Athens", "US")


def test_words_of_local_news_settle_namesakes() -> None:
    text = "The sheriff and the school board of Athens met. The county commission raised the sales tax; Athens High School won."
    assert where("Athens school board meets", text)[1] == "US"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("How to write", "Cut the adverbs. Prefer the short word. Read it aloud."),
        ("Locusts cross the Sahel", "Swarms move west across the Sahel. The harvest begins in September."),
        ("", ""),
    ],
)
def test_no_place_is_none(title: str, text: str) -> None:
    found = find(title, text)
    assert (found.value, found.status, found.confidence, found.evidence) == (None, "none", None, ())


def test_an_ambiguous_answer_has_no_coordinates_and_lists_candidates() -> None:
    found = find("A day of storms", "Rain fell in Nairobi. Rain fell in Lima. Rain fell in Oslo. Rain fell in Madrid.")
    assert found.value is not None
    if found.confidence is not None and found.confidence < places.CLEAR:
        assert found.status == "ambiguous"
    split = find("Storms", *(f"Rain fell in {town}." for town in ("Nairobi", "Lima")))
    assert split.confidence is not None
    assert split.confidence < 0.5


def test_a_place_has_coordinates_and_an_identifier() -> None:
    value = find("Aleppo bakeries reopen", "Bread is sold again in Aleppo, Syria.").value
    assert value is not None
    assert (value.name, value.country, value.geonames) == ("Aleppo", "SY", 170063)
    assert value.longitude == pytest.approx(37.16, abs=0.05)


def test_a_city_state_is_its_city() -> None:
    value = find("Singapore plants trees", "Singapore will plant a million trees.").value
    assert value is not None
    assert value.country == "SG"
    assert value.latitude == pytest.approx(1.3, abs=0.2)


def test_other_places_are_listed_the_weightiest_first() -> None:
    _, others = places.find(
        reading(
            "Trucks reach Taiz",
            "Trucks left Aden for Taiz. Aden sent flour, Sanaa sent none. Taiz waited, and bakers in Taiz cheered.",
        )
    )
    assert [finding.value.name for finding in others] == ["Aden", "Sanaa"]


def test_the_country_of_the_location_is_no_other_place() -> None:
    _, others = places.find(reading("Trucks reach Taiz", "Taiz, Yemen, waited for flour from Oman."))
    assert [finding.value.name for finding in others] == ["Oman"]


def test_at_most_twelve_other_places() -> None:
    towns = ["Lagos", "Cairo", "Kinshasa", "Nairobi", "Luanda", "Dakar", "Accra", "Kampala", "Lusaka", "Harare"]
    towns += ["Maputo", "Bamako", "Niamey", "Conakry"]
    _, others = places.find(reading("Trains", " ".join(f"A train left {town}." for town in towns)))
    assert len(others) == places.MOST_PLACES


def test_the_same_reading_gives_the_same_findings() -> None:
    given = reading("Storm in Dhaka", "Dhaka and Chittagong closed. Bangladesh counts.")
    assert places.find(given) == places.find(given)


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("Palmyra", "Buses ran again in Palmyra, Syria. In Palmyra the road had been closed for years."),
        ("Bombay", "Rain flooded the streets of Bombay in India. Trains in Bombay stopped."),
        ("Bombay", "Rain flooded the streets of BOMBAY in India. Trains in Bombay stopped."),
        ("Mumbai", "Rain flooded the streets of Mumbai in India, once Bombay. Trains in Bombay stopped."),
    ],
)
def test_a_place_has_the_name_that_the_article_prints(printed: str, sentence: str) -> None:
    found = find("The town opens again", sentence)
    assert found.value
    assert found.value.name == printed
    assert found.value.geonames in {163808, 1275339}


def test_words_for_a_kind_of_place_make_no_other_name() -> None:
    found = find("Markets open again", "The markets of Borno State in Nigeria opened again. Borno State paid for it.")
    assert found.value
    assert found.value.name == "Borno"


def prefixed(title: str, text: str) -> tuple[str, str]:
    """A headline whose words before the colon may be a country."""
    given = reading(title, text)
    colon = title.index(":")
    location, _ = places.find(Reading(given.seed, given.lang, given.title, given.text, None, (0, colon), given.home))
    return (location.rule, location.value.country if location.value else "")


def test_only_countries_before_the_colon_of_a_headline_count() -> None:
    text = "Nurses in Freetown vaccinated a thousand people on the first day, the ministry of Sierra Leone said."
    assert prefixed("Ebola: vaccines reach the town", text) == ("weighed", "SL")
    assert prefixed("Sierra Leone: vaccines reach the town", text) == ("header-country", "SL")


def test_a_speaker_before_the_colon_is_no_country() -> None:
    assert (
        prefixed("Jordan: I will not run again", "The mayor of Memphis, Tennessee, said so on Monday.")[0] == "weighed"
    )
    assert prefixed("Jordan: rain at last", "Rain fell in Amman for the first time this year.") == (
        "header-country",
        "JO",
    )


@pytest.mark.parametrize(
    ("name", "country", "sentence"),
    [
        ("Suez Canal", "EG", "The Suez Canal was open to all ships."),
        ("Cape of Good Hope", "ZA", "Ships went round the Cape of Good Hope for a month."),
        ("Tunisia", "TN", "فتحت المدرسة في المدينة القديمة في تونس العاصمة."),
    ],
)
def test_waters_capes_and_words_that_are_towns(name: str, country: str, sentence: str) -> None:
    assert where("", sentence) == (name, country)
    assert {other.value.country for other in places.find(reading("", sentence))[1]} <= {country}


@pytest.mark.parametrize(
    ("country", "sentence"),
    [
        ("GB", "Five wards of a hospital in the West Midlands were shut. Nurses in the Midlands wore masks."),
        ("AU", "JEWELL: The rangers of the NSW parks have put up a fence at Glenrock. NSW pays."),
    ],
)
def test_names_of_areas_that_newspapers_use(country: str, sentence: str) -> None:
    assert where("", sentence)[1] == country


def test_a_state_and_a_town_of_one_name_are_told_apart() -> None:
    text = "The rivers of Washington state are high. Boats wait in Seattle. Money has to come from Washington, D.C., they say."
    found = find("Floods in Washington state", text)
    assert found.value
    assert found.value.latitude is not None
    assert round(found.value.latitude) == 47


def test_the_location_is_not_listed_among_the_other_places() -> None:
    location, others = places.find(
        reading("Cayes opens its market", "The market of Cayes in Haiti opened. Les Cayes waited.")
    )
    assert location.value
    assert location.value.geonames not in [other.value.geonames for other in others]
