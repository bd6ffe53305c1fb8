"""The facts of CLDR that come with the package say what Babel says, and are enough for an English site."""

from __future__ import annotations

import subprocess
import sys

import pytest
from babel import Locale

from briefings import labels
from scripts import build_cldr


def test_what_comes_with_the_package_is_what_babel_says():
    assert labels._facts() == build_cldr.facts(), "run scripts/build_cldr.py"


@pytest.mark.parametrize(
    ("lang", "way"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("ur", "rtl"),
        ("he", "rtl"),
        ("zh", "ltr"),
        ("az-Arab", "rtl"),
        ("ar-EG", "rtl"),
        ("xx", "ltr"),
        ("", "ltr"),
    ],
)
def test_directions(lang, way):
    assert labels.direction(lang) == way


def test_names_in_english_and_in_others():
    assert labels.country("FR") == Locale("en").territories["FR"] == "France"
    assert labels.country("FR", "de") == "Frankreich"
    assert labels.country("LB", "ar") == Locale("ar").territories["LB"]
    assert labels.country("CI") == "Côte d’Ivoire"
    assert labels.country("QQ") == "QQ"
    assert [labels.month(number) for number in (1, 12)] == ["January", "December"]
    assert labels.month(12, "fr") == Locale("fr").months["stand-alone"]["wide"][12] == "décembre"
    assert labels.known("en-GB")
    assert not labels.known("qq")


def test_an_english_site_needs_no_more_than_these():
    code = (
        "import sys; from briefings import labels; from briefings.model import CalendarDate;"
        "labels.known('en'), labels.direction('ar'), labels.countries(), labels.country('MM'), labels.month(5);"
        "labels.day(CalendarDate(2026, 11, 20)), labels.day(CalendarDate(2026, 11, 0, '~'));"
        "sys.exit('babel' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
