"""Make the few facts of CLDR that every English site asks for: ``briefings/data/cldr.json``.

usage: build_cldr.py

They are Babel's, and ``tests/test_labels.py`` compares them with what Babel says: the direction of every language that
it has, which languages have a name, and of English the names of months and territories. To load Babel and its data for
one language takes 30 ms; an edit of one page takes 250.
"""

from __future__ import annotations

import json
from pathlib import Path

from babel import Locale, localedata

TARGET = Path(__file__).parent.parent / "briefings" / "data" / "cldr.json"


def facts() -> dict[str, object]:
    """What the file holds."""
    english = Locale("en")
    plain = sorted(name for name in localedata.locale_identifiers() if name.isalpha())
    months = english.months["stand-alone"]["wide"]
    return {
        "right to left": [name for name in plain if Locale(name).character_order == "right-to-left"],
        "left to right": [name for name in plain if Locale(name).character_order != "right-to-left"],
        "languages": sorted(english.languages),
        "months": [str(months[number]) for number in range(1, 13)],
        "territories": {code: str(name) for code, name in sorted(english.territories.items())},
    }


def main() -> None:
    text = json.dumps(facts(), ensure_ascii=False, indent=1)
    TARGET.write_text(f"{text}\n", "utf-8")
    print(f"{TARGET.name}: {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
