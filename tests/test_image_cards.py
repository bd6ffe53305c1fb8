"""Image cards: what stands on them, what becomes of words that cannot be drawn, and when they are drawn anew."""

from __future__ import annotations

import io
import re

import pytest
from msgspec.structs import replace
from PIL import Image

from briefings import build, check, image_cards
from briefings.image_cards import MARGIN, SIZES, WIDTH, Words, drawable, headline, svg, width
from tests import sites

LONG = "A headline that goes on and on, telling of floods, of roads, of bridges and of schools, " * 4
STRIP = "Beirut, Lebanon · 5 August 2020 · Harbour News"


def drawn(title, direction="ltr", strip=STRIP):
    return image_cards.draw({"words": Words(title, strip, "Test site", direction)})


def lines(words):
    """The lines of text of a card, without marks of direction."""
    return [re.sub("[\u202b\u202c]", "", line) for line in re.findall(r"<text[^>]*>(.*?)</text>", svg(words))]


def test_a_card_is_a_small_png_of_the_size_that_networks_ask_for():
    data = drawn("Eastern Aleppo falls after four years of siege")
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 630), "P")
    assert len(data) <= 40 * 1024
    assert b"tIME" not in data
    assert b"tEXt" not in data


def test_the_same_words_give_the_same_bytes_and_other_words_others():
    assert drawn("One") == drawn("One") != drawn("Two")


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Łódź, Đồng Hới", "ltr"),
        ("Πλημμύρες", "ltr"),
        ("Наводнение", "ltr"),
        ("انفجار مرفأ بيروت", "rtl"),
        ("שיטפונות 3", "rtl"),
    ],
)
def test_these_scripts_are_drawn(text, direction):
    assert drawable(text, "serif")[0] == text
    assert drawn(text, direction) != drawn("", direction)


def test_letters_of_arabic_are_joined():
    joined, apart = (Image.open(io.BytesIO(drawn(text, "rtl", ""))).convert("L") for text in ("بببب", "ب ب ب ب"))
    boxes = [
        picture.crop((0, 180, WIDTH, 500)).point(lambda grey: 255 * (grey < 128)).getbbox()
        for picture in (joined, apart)
    ]
    assert boxes[0][2] - boxes[0][0] < boxes[1][2] - boxes[1][0]
    assert boxes[0][2] > WIDTH - MARGIN - 20, "it starts at the right"


def test_a_line_of_two_directions_has_one_font_and_begins_at_the_right():
    text = svg(Words("مقتل 135 شخصاً: UNHCR", "", "Test site", "rtl"))
    assert 'font-family="Card Arabic"' in text
    assert 'text-anchor="end">\u202b' in text


def test_words_in_a_script_without_a_font_give_way_to_the_name_of_the_site():
    assert drawable("多国洪水 2020", "serif") == ("", "")
    assert lines(Words("多国洪水", "Wuhan, China", "Test site", "ltr")) == ["Wuhan, China", "Test site"]


def test_emoji_and_controls_leave_no_trace():
    assert drawable("Flood 🌊 in\x07 Suva\u202e 👩‍🚒\n now\ufeff", "serif") == ("Flood in Suva now", "serif")
    assert drawable("می‌خواهم", "serif") == ("می‌خواهم", "arabic"), "a joiner that Persian needs"


def test_markup_is_text():
    assert lines(Words("<b>&amp;</b>", "", "", "ltr")) == ["&lt;b&gt;&amp;amp;&lt;/b&gt;"]


def test_a_long_headline_is_cut_to_lines_that_fit():
    room = WIDTH - 2 * MARGIN
    size, found = headline(LONG, "serif", room)
    assert (size, len(found)) == SIZES[-1]
    assert found[-1].endswith("…")
    assert all(width(line, "serif", size) <= room for line in found)


def test_a_short_headline_has_lines_of_nearly_equal_length():
    _, found = headline("Eastern Aleppo falls after four years of siege", "serif", WIDTH - 2 * MARGIN)
    assert found == ["Eastern Aleppo falls", "after four years of siege"]


def test_a_word_longer_than_a_line_is_broken():
    _, found = headline("x" * 80, "serif", WIDTH - 2 * MARGIN)
    assert len(found) > 1
    assert "".join(found) == "x" * 80


def test_a_long_dateline_is_cut():
    assert lines(Words("T", "Suva, Fiji · " + "agency " * 30, "", "ltr"))[0].endswith("…")


# --- in the build ---------------------------------------------------------------------------------------------------


def made(tmp_path, site, **options):
    content, theme = tmp_path / "content", sites.ROOT / "theme"
    checked = check.check(content, site, sites.NOW)
    assert not checked.errors
    build.build(checked, site, theme, tmp_path / "output", **options)
    return tmp_path / "output"


@pytest.fixture
def content(tmp_path):
    content = tmp_path / "content"
    sites.about(content)
    (content / "sources.yaml").write_text("harbour-news: {name: Harbour News, reuse: link}\n", "utf-8")
    sites.briefing(content, "one", title='"Flood in <Suva> & more"')
    sites.briefing(content, "gone", status="withdrawn", withdrawn_reason='"It was wrong."')
    return content


def test_a_page_names_its_card_by_an_address_that_is_there(tmp_path, content):
    output = made(tmp_path, replace(sites.SITE, image_cards=True))
    page = (output / "briefings/one/index.html").read_text("utf-8")
    assert '<meta property="og:image" content="https://briefs.example.org/news/briefings/one/card.png">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:alt" content="Flood in &lt;Suva&gt; &amp; more · undated · Harbour News">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert (output / "briefings/one/card.png").is_file()
    assert "https://briefs.example.org/news/card.png" in (output / "index.html").read_text("utf-8")
    assert (output / "card.png").is_file()


def test_a_withdrawn_briefing_has_no_card(tmp_path, content):
    output = made(tmp_path, replace(sites.SITE, image_cards=True))
    assert not (output / "briefings/gone/card.png").exists()
    assert "og:image" not in (output / "briefings/gone/index.html").read_text("utf-8")


def test_without_the_setting_there_are_none(tmp_path, content):
    output = made(tmp_path, sites.SITE)
    assert not [*output.rglob("card.png")]
    assert "og:image" not in (output / "index.html").read_text("utf-8")


def test_a_card_is_drawn_again_only_when_its_words_change(tmp_path, content, monkeypatch):
    site = replace(sites.SITE, image_cards=True)
    made(tmp_path, site)
    calls = []
    really = image_cards.draw
    monkeypatch.setattr(image_cards, "draw", lambda context: calls.append(context["words"].title) or really(context))
    sites.briefing(content, "one", "Other words.", title='"Flood in <Suva> & more"')
    made(tmp_path, replace(site, rights="Other rights."))
    assert calls == []
    sites.briefing(content, "one", title='"Flood in Suva"')
    made(tmp_path, replace(site, rights="Other rights."))
    assert calls == ["Flood in Suva"]
