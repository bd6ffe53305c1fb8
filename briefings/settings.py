"""From Pelican's settings to a :class:`~briefings.model.Site`, without Pelican.

Everything of ours stands in one dictionary, ``BRIEFINGS``; the rest are settings that every Pelican site has.
"""

from __future__ import annotations

import os
import re
import runpy
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - dataclasses resolve it
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from briefings.errors import ContentError, Problem, did_you_mean
from briefings.model import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

_OURS = {
    "key": str, "rights": str, "author": str, "contact": str, "page_size": int, "feed_items": int, "feed_bytes": int,
    "publish_hour": int, "hub": str, "indexnow": str, "indexnow_key": str, "drafts": bool, "menu": tuple,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """A settings file, read: the site, and where content, theme and output are (absolute)."""

    file: Path
    site: Site
    content: Path
    output: Path
    theme: Path


def load(file: Path) -> Settings:
    """Run a settings file as Pelican would, and take from it what we need.

    Raises:
        ContentError: when the file is not there, does not run, or says something impossible.
    """
    file = file.resolve()
    if not file.is_file():
        raise ContentError(Problem(str(file), 0, "", "no such settings file (name one with --settings)"))
    sys.path.insert(0, str(file.parent))
    try:
        names = runpy.run_path(str(file))
    except Exception as error:  # the file is code of the site's own; whatever it raises is shown as a message
        line = getattr(error, "lineno", 0) or 0
        raise ContentError(
            Problem(str(file), line, "", f"does not run: {error.__class__.__name__}: {error}")
        ) from error
    finally:
        sys.path.remove(str(file.parent))
    settings = {name: value for name, value in names.items() if name.isupper()}

    def place(name: str, default: str) -> Path:
        return (file.parent / str(settings.get(name, default))).resolve()

    return Settings(
        file,
        site(settings, str(file)),
        place("PATH", "content"),
        place("OUTPUT_PATH", "output"),
        place("THEME", "theme"),
    )


def site(settings: Mapping[str, Any], file: str = "settings") -> Site:
    """Make the site from Pelican's settings.

    Raises:
        ContentError: with every setting that cannot be used.
    """
    ours: dict[str, Any] = dict(settings.get("BRIEFINGS") or {})
    wrong: list[Problem] = []
    for name, value in ours.items():
        if name not in _OURS:
            wrong.append(Problem(file, 0, f'BRIEFINGS["{name}"]', f"unknown{did_you_mean(name, _OURS)}"))
        elif not isinstance(value, _OURS[name]) or (
            isinstance(value, int) and not isinstance(value, bool) and value < 0
        ):
            wrong.append(Problem(file, 0, f'BRIEFINGS["{name}"]', f"must be of type {_OURS[name].__name__}"))
    url = str(settings.get("SITEURL") or "").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        wrong.append(Problem(file, 0, "SITEURL", "must be the whole address (https://briefings.example.org)"))
    try:
        key = str(UUID(str(ours.get("key", ""))))
    except ValueError:
        key = ""
        what = "must be a UUID of this site alone (make one: python3 -c 'import uuid; print(uuid.uuid4())')"
        wrong.append(Problem(file, 0, 'BRIEFINGS["key"]', what))
    for name in ("hub", "indexnow"):
        value = ours.get(name)
        if value and isinstance(value, str) and urlsplit(value).scheme not in {"http", "https"}:
            wrong.append(Problem(file, 0, f'BRIEFINGS["{name}"]', "must be the whole address, with https://"))
    if ours.get("indexnow") and not re.fullmatch(r"[A-Za-z0-9-]{8,128}", str(ours.get("indexnow_key", ""))):
        what = "must be 8 to 128 letters, digits and hyphens (the site shows it at /KEY.txt)"
        wrong.append(Problem(file, 0, 'BRIEFINGS["indexnow_key"]', what))
    zone = str(settings.get("TIMEZONE") or "UTC")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError):
        wrong.append(Problem(file, 0, "TIMEZONE", f'"{zone}" is not a time zone (write Europe/Stockholm)'))
    if wrong:
        raise ContentError(*wrong)
    ours.pop("key")
    menu = tuple((str(label), str(path)) for label, path in ours.pop("menu", ()))
    return Site(
        name=str(settings.get("SITENAME") or "Briefings"),
        url=url,
        key=key,
        subtitle=str(settings.get("SITESUBTITLE") or ""),
        lang=str(settings.get("DEFAULT_LANG") or "en"),
        timezone=zone,
        menu=menu,
        **ours,
    )


def reference_time() -> datetime:
    """The time after which nothing is published: ``SOURCE_DATE_EPOCH`` (reproducible-builds.org), else now; in UTC."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return moment.replace(microsecond=0)
