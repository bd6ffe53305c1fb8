"""From Pelican's settings to a :class:`~briefings.model.Site`, without Pelican.

Everything of ours stands in one dictionary, ``BRIEFINGS``; the rest are settings that every Pelican site has.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

from briefings import conf
from briefings.errors import ContentError, Problem, did_you_mean
from briefings.model import Mail, Site
from briefings.offline import KEPT, MOST, REMOVE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\"'<>\\^`{|}]")
"""What may not stand in an address as it is (RFC 3987, 2.2)."""
_OURS: dict[str, tuple[type, int, int]] = {
    "key": (str, 0, 0),
    "rights": (str, 0, 0),
    "author": (str, 0, 0),
    "contact": (str, 0, 0),
    "page_size": (int, 1, 1000),
    "feed_items": (int, 1, 10_000),
    "feed_bytes": (int, 1, 2**30),
    "publish_hour": (int, 0, 23),
    "hub": (str, 0, 0),
    "indexnow": (str, 0, 0),
    "indexnow_key": (str, 0, 0),
    "drafts": (bool, 0, 0),
    "snapshot": (bool, 0, 0),
    "image_cards": (bool, 0, 0),
    "mail": (dict, 0, 0),
    "menu": (tuple, 0, 0),
    "leave_out": (tuple, 0, 0),
    "offline": (object, 0, 0),
}
"""Our settings: the type of each, and for whole numbers the lowest and the highest."""

PARTS = (
    "tags", "places", "regions", "countries", "sources", "stories", "selections", "archive",
    "rss", "atom", "json", "feed-archives", "feed-list", "changes",
    "api", "cite", "digests", "hosting", "jsonld", "map", "news", "redirects", "related", "search",
)  # fmt: skip
"""What ``leave_out`` may name: lists by the first part of their address, feeds by their format, and the rest."""

_TYPES = {str: "text in quotation marks", bool: "True or False"}


class Settings(Struct, frozen=True):
    """A settings file, read: the site, and where content, theme and output are (absolute)."""

    file: Path
    site: Site
    content: Path
    output: Path
    theme: Path
    mail: Mail | None = None
    """Who sends digests; ``None`` if the settings do not say."""
    plugins: tuple[str, ...] = ()
    """What the host is to load; ours alone, and the site is built without it."""
    snapshot: bool = True
    """Whether the cache keeps the site itself; see :mod:`briefings.snapshot`."""


def load(file: Path, names: Mapping[str, Any] | None = None) -> Settings:
    """Run a settings file as Pelican would, and take from it what we need.

    Args:
        file: the settings file.
        names: what it says (:func:`briefings.conf.names`), where it has been run already.

    Raises:
        ContentError: when the file is not there, does not run, or says something impossible.
    """
    settings = conf.names(file) if names is None else names
    file = file.resolve()

    def place(name: str, default: str) -> Path:
        return (file.parent / str(settings.get(name, default))).resolve()

    made, theme = site(settings, str(file)), place("THEME", "theme")
    content, output = place("PATH", "content"), place("OUTPUT_PATH", "output")
    if output == content or content in output.parents or output in content.parents:
        what = f'the folder "{output}" holds the content or lies in it (name one beside it)'
        raise ContentError(Problem(str(file), 0, "OUTPUT_PATH", what))
    if not (theme / "templates").is_dir():
        what = f'no such theme folder "{theme}" (it needs templates/ in it)'
        raise ContentError(Problem(str(file), 0, "THEME", what))
    plugins = tuple(str(name) for name in settings.get("PLUGINS") or ())
    snapshot = (settings.get("BRIEFINGS") or {}).get("snapshot", True)
    return Settings(file, made, content, output, theme, mail(settings), plugins, snapshot)


def _fault(name: str, value: object) -> str:
    """What is wrong with one of our settings; empty if nothing is."""
    if name not in _OURS:
        return f"unknown{did_you_mean(name, _OURS)}"
    kind, low, high = _OURS[name]
    if kind is int:
        # True is an int to Python, not to whoever writes settings.
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"must be a whole number from {low} to {high}"
    if name == "leave_out":
        return _unknown_part(value)
    if name == "mail":
        return _mail_fault(value)
    if name == "offline":
        return "" if _kept(value) is not None else f'must be True, False, a number from 1 to {MOST}, or "remove"'
    if kind is tuple:
        return "" if _is_menu(value) else 'must be rows of a label and an address: [("Topics", "/tags/")]'
    return "" if isinstance(value, kind) else f"must be {_TYPES[kind]}"


def _kept(value: object) -> int | None:
    """``Site.offline`` from the settings; ``None`` if it cannot be used."""
    if isinstance(value, bool):
        return KEPT if value else 0
    if value == "remove":
        return REMOVE
    return value if isinstance(value, int) and 1 <= value <= MOST else None


def _unknown_part(value: object) -> str:
    """What is wrong with ``leave_out``; empty if nothing is."""
    if not isinstance(value, tuple | list) or not all(isinstance(part, str) for part in value):
        return 'must be names of parts: ("map", "search")'
    wrong = [part for part in value if part not in PARTS]
    return f'has no part "{wrong[0]}"{did_you_mean(wrong[0], PARTS)}' if wrong else ""


_MAIL = {"from": "sender", "to": "to", "reply_to": "reply_to", "unsubscribe": "unsubscribe", "list_id": "list_id"}


def _mail_fault(value: object) -> str:
    """What is wrong with ``mail``; empty if nothing is."""
    if not isinstance(value, dict):
        return 'must be a dictionary: {"from": "Briefings <digest@briefings.example.org>"}'
    for name, given in value.items():
        if name not in _MAIL:
            return f'has no "{name}"{did_you_mean(str(name), _MAIL)}'
        if name == "unsubscribe":
            if not _is_way_out(given):
                return '"unsubscribe" must be https: or mailto: addresses: ("https://…", "mailto:…")'
        elif not isinstance(given, str) or not given.isprintable():
            return f'"{name}" must be text on one line'
        elif name in {"from", "to", "reply_to"} and not _is_mailbox(given):
            return f'"{name}" must be an address: Briefings <digest@briefings.example.org>'
        elif name == "list_id" and not re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", given):
            return '"list_id" must look like a host: digest.briefings.example.org'
    return "" if value.get("from") else 'says not who sends: {"from": "Briefings <digest@briefings.example.org>"}'


def _is_way_out(value: object) -> bool:
    return isinstance(value, tuple | list) and all(
        isinstance(one, str) and re.fullmatch(r"(?:https|mailto):[!-;=?-~]+", one) for one in value
    )


def _is_mailbox(words: str) -> bool:
    from email.utils import parseaddr  # noqa: PLC0415 - loads what sends mail, which few sites do

    return re.fullmatch(r"[^\s@<>,;:\"()]+@[A-Za-z0-9.-]+", parseaddr(words)[1]) is not None


def mail(settings: Mapping[str, Any]) -> Mail | None:
    """Who sends digests, from settings that :func:`site` has taken."""
    given = (settings.get("BRIEFINGS") or {}).get("mail")
    if not given:
        return None
    words = {_MAIL[name]: str(value) for name, value in given.items() if name != "unsubscribe"}
    return Mail(**words, unsubscribe=tuple(given.get("unsubscribe", ())))


def _is_menu(value: object) -> bool:
    return isinstance(value, tuple | list) and all(
        isinstance(row, tuple | list)
        and len(row) == 2
        and all(isinstance(part, str) for part in row)
        and (_is_web(row[1]) or row[1].startswith("/"))
        for row in value
    )


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that is not closed
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_site(url: str) -> bool:
    return _is_web(url) and not urlsplit(url).query and not urlsplit(url).fragment and not _UNSAFE.search(url)


def _is_zone(name: str) -> bool:
    """Whether a time zone is known."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - loads what knows the system's files

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: "Europe" is a folder of the database
        return False
    return True


def _is_shown(words: str) -> bool:
    """Whether words have no line end, control character or half of a character."""
    return words.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", words)


def _is_language(tag: str) -> bool:
    from briefings import labels  # noqa: PLC0415 - other commands need no words

    return bool(re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag)) and labels.known(tag)


def site(settings: Mapping[str, Any], file: str = "settings") -> Site:
    """Make the site from Pelican's settings.

    Raises:
        ContentError: with every setting that cannot be used.
    """
    given = settings.get("BRIEFINGS") or {}
    if not isinstance(given, dict):
        raise ContentError(Problem(file, 0, "BRIEFINGS", 'must be a dictionary: {"key": "…", "page_size": 20}'))
    ours: dict[str, Any] = {str(name): value for name, value in given.items()}
    wrong = [
        Problem(file, 0, f'BRIEFINGS["{name}"]', what) for name, value in ours.items() if (what := _fault(name, value))
    ]
    url = str(settings.get("SITEURL") or "").rstrip("/")
    if not _is_site(url):
        wrong.append(Problem(file, 0, "SITEURL", "must be the whole address (https://briefings.example.org)"))
    lang = str(settings.get("DEFAULT_LANG") or "en")
    if not _is_language(lang):
        what = f'"{lang}" is no language that we know (write en, fr, ar, pt-BR …)'
        wrong.append(Problem(file, 0, "DEFAULT_LANG", what))
    wrong += [
        Problem(file, 0, name, "holds a line end or another character that cannot be shown")
        for name in ("SITENAME", "SITESUBTITLE")
        if not _is_shown(str(settings.get(name) or ""))
    ]
    try:
        key = str(UUID(str(ours.get("key", ""))))
    except ValueError:
        key = ""
        what = "must be a UUID of this site alone (make one: python3 -c 'import uuid; print(uuid.uuid4())')"
        wrong.append(Problem(file, 0, 'BRIEFINGS["key"]', what))
    for name in ("hub", "indexnow"):
        value = ours.get(name)
        if value and isinstance(value, str) and not _is_web(value):
            wrong.append(Problem(file, 0, f'BRIEFINGS["{name}"]', "must be the whole address, with https://"))
    if ours.get("indexnow") and not re.fullmatch(r"[A-Za-z0-9-]{8,128}", str(ours.get("indexnow_key", ""))):
        what = "must be 8 to 128 letters, digits and hyphens (the site shows it at /KEY.txt)"
        wrong.append(Problem(file, 0, 'BRIEFINGS["indexnow_key"]', what))
    zone = str(settings.get("TIMEZONE") or "UTC")
    if zone != "UTC" and not _is_zone(zone):
        wrong.append(Problem(file, 0, "TIMEZONE", f'"{zone}" is not a time zone (write Europe/Stockholm)'))
    if wrong:
        raise ContentError(*wrong)
    ours.pop("key")
    for name in ("mail", "snapshot"):  # they concern no page
        ours.pop(name, None)
    menu = tuple((label, path) for label, path in ours.pop("menu", ()))
    ours["offline"] = _kept(ours.get("offline", False))
    ours["leave_out"] = tuple(sorted(set(ours.get("leave_out", ()))))
    return Site(
        name=str(settings.get("SITENAME") or "Briefings"),
        url=url,
        key=key,
        subtitle=str(settings.get("SITESUBTITLE") or ""),
        lang=lang,
        timezone=zone,
        menu=menu,
        **ours,
    )


def reference_time() -> datetime:
    """The time after which nothing is published, in UTC: see :func:`briefings.conf.now`."""
    return datetime.fromtimestamp(conf.now(), UTC)
