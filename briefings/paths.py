"""Paths of outputs: that no two of them meet, wherever the site is put."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from briefings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator


def folded(path: str) -> str:
    """What two paths have in common that some file systems take for one."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def odd(paths: Iterable[str]) -> list[str]:
    """Those of some paths that other ones are taken for, as well: all but the ones in small letters."""
    return [path for path in paths if folded(path) != path]


def meet(new: Iterable[str], odd: Iterable[str], there: Container[str], below: Callable[[str], str]) -> bool:
    """Whether new outputs disagree with those that are there, without a look at all of these.

    Args:
        new: paths that are not among those that are there.
        odd: those that are there and odd, as :func:`odd` tells.
        there: all that are there.
        below: gives one that is there below a folder; empty for none.
    """
    near = [*new, *odd]
    for key in {folded(path) for path in new}:
        above = (key[:at] for at, letter in enumerate(key) if letter == "/")
        near += [path for path in (key, *above) if path in there]
        near += [path for path in (below(key),) if path]
    return any(disagreements((path, path) for path in dict.fromkeys(near)))


def disagreements(outputs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Two outputs with one path, by case or Unicode form too, or a file where another needs a folder (R18).

    Args:
        outputs: path below the output folder, and what asked for it.
    """
    taken: dict[str, tuple[str, str]] = {}
    for path, owner in outputs:
        key = folded(path)
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
