"""Make the word list by which words run together are told: ``briefings/find/data/words.txt.gz``.

usage: words.py FOLDER

FOLDER holds the lists ``american-english-small``, ``american-english-insane`` and ``british-english-insane``, as in
``usr/share/dict`` of Debian's packages wamerican-small, wamerican-insane and wbritish-insane (2020.12.07). They are
SCOWL's (Kevin Atkinson; free to use, copy, modify and distribute with its notice, see NOTICE).

Two halves of the file, an empty line between: the common words that a run-together word may be made of, and the real
words that look like two of them (``groundwater``). Nothing else of half a million words is needed.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "briefings" / "find" / "data" / "words.txt.gz"
SHORTEST = 3


def words(path: Path) -> set[str]:
    """Return the words of a list that are made of plain small letters."""
    with path.open(encoding="utf-8") as lines:
        return {word for line in lines if (word := line.strip().lower()).isascii() and word.isalpha()}


def main(folder: Path) -> None:
    with (folder / "american-english-small").open(encoding="utf-8") as lines:
        common = {word for line in lines if (word := line.strip()).isascii() and word.isalpha() and word.islower()}
    common = {word for word in common if SHORTEST <= len(word) <= 16}
    known = words(folder / "american-english-insane") | words(folder / "british-english-insane")
    compounds = {
        word
        for word in known - common
        if len(word) >= 8
        and any(word[:at] in common and word[at:] in common for at in range(SHORTEST, len(word) - SHORTEST + 1))
    }
    text = "\n".join((*sorted(common), "", *sorted(compounds), ""))
    TARGET.write_bytes(gzip.compress(text.encode("ascii"), compresslevel=9, mtime=0))
    print(f"{len(common)} common words, {len(compounds)} compounds, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
