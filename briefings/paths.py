"""Paths of outputs: that no two of them meet, wherever the site is put."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from briefings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def disagreements(outputs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Two outputs with one path, by case or Unicode form too, or a file where another needs a folder (R18).

    Args:
        outputs: path below the output folder, and what asked for it.
    """
    taken: dict[str, tuple[str, str]] = {}
    for path, owner in outputs:
        key = path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
        if key in taken:
            what = f'would write "{path}", as {taken[key][1]} does (change the slug of one)'
            yield Problem(owner, 0, "", what)
        taken.setdefault(key, (path, owner))
        if path.startswith("/") or ".." in path.split("/"):
            yield Problem(owner, 0, "", f'"{path}" would be written outside the output folder')
    for key, (_, owner) in taken.items():
        at = key.rfind("/")
        while at > 0:
            if clash := taken.get(key[:at]):
                what = f'needs the folder "{clash[0]}", which {clash[1]} writes as a file'
                yield Problem(owner, 0, "", what)
            at = key.rfind("/", 0, at)
