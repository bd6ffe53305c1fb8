"""Tell the world that something new is out: WebSub hubs and IndexNow, when the settings name them.

WebSub (https://www.w3.org/TR/websub/) leaves to hub and publisher how news are told; the hubs that there are take a
form with ``hub.mode=publish`` and ``hub.url`` for each feed that changed. IndexNow takes a JSON list of page addresses
(https://www.indexnow.org/documentation), with a key that the site shows at ``/KEY.txt``.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from msgspec import Struct

from briefings import urls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from briefings.model import Site

TRIES = 4
WAIT = 2.0
"""Seconds before the second try; doubled before each further one."""
TIMEOUT = 10.0
"""Seconds for an answer."""
FEEDS_A_CALL = 100
PAGES_A_CALL = 10_000
"""IndexNow takes no more in one call."""

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class Call(Struct, frozen=True):
    """One request. ``what`` says for people what it tells whom."""

    what: str
    url: str
    type: str
    body: bytes


class Outcome(Struct, frozen=True):
    """How a call ended; ``problem`` is empty when it was taken."""

    call: Call
    tries: int
    problem: str = ""

    def __str__(self) -> str:
        return f"{self.call.what}: {self.problem or 'taken'}" + (f" after {self.tries} tries" if self.tries > 1 else "")


class _Stay(HTTPRedirectHandler):
    """A hub that moved is a setting to correct: a redirected form would lose its body."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = build_opener(_Stay)


def calls(site: Site, changed: Collection[str]) -> tuple[Call, ...]:
    """What to send for the files that changed.

    Args:
        site: names the hub and the IndexNow endpoint; without them there is nothing to send.
        changed: paths below the output folder that are new or differ.
    """
    return (*_hub(site, changed), *_index(site, changed))


def _hub(site: Site, changed: Collection[str]) -> Iterator[Call]:
    # Archives do not name the hub, so nobody subscribes to them there.
    names = ("feed.rss.xml", "feed.atom.xml", "feed.json")
    feeds = sorted(path for path in changed if path.rpartition("/")[2] in names) if site.hub else []
    for part in _parts(feeds, FEEDS_A_CALL):
        form = [("hub.mode", "publish"), *(("hub.url", urls.absolute(site, f"/{path}")) for path in part)]
        what = f"{len(part)} feeds to the hub {urlsplit(site.hub).hostname}"
        yield Call(what, site.hub, "application/x-www-form-urlencoded", urlencode(form).encode())


def _index(site: Site, changed: Collection[str]) -> Iterator[Call]:
    if not (site.indexnow and site.indexnow_key):
        return
    pages = sorted(path for path in changed if path.startswith("briefings/") and path.endswith("/index.html"))
    for part in _parts(pages, PAGES_A_CALL):
        body = {
            "host": urlsplit(site.url).hostname,
            "key": site.indexnow_key,
            "keyLocation": urls.absolute(site, urls.indexnow_key(site)),
            "urlList": [urls.absolute(site, f"/{path.removesuffix('index.html')}") for path in part],
        }
        what = f"{len(part)} pages to {urlsplit(site.indexnow).hostname}"
        yield Call(what, site.indexnow, "application/json; charset=utf-8", json.dumps(body).encode())


def _parts(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def send(call: Call, sleep: Callable[[float], None] = time.sleep) -> Outcome:
    """Send a call, again when the other side is busy or cannot be reached; never raises for what it answers."""
    problem = ""
    for attempt in range(1, TRIES + 1):
        request = Request(  # noqa: S310 - the settings take http and https alone
            call.url, call.body, {"Content-Type": call.type, "User-Agent": "briefings"}, method="POST"
        )
        try:
            with _OPENER.open(request, timeout=TIMEOUT):
                return Outcome(call, attempt)
        except HTTPError as error:
            problem = f"refused with status {error.code}"
            error.close()
            if error.code not in _PASSING:
                return Outcome(call, attempt, problem)
        except (URLError, OSError) as error:
            problem = f"cannot be reached ({getattr(error, 'reason', error)})"
        if attempt < TRIES:
            sleep(WAIT * 2 ** (attempt - 1))
    return Outcome(call, TRIES, problem)


def tell(calls: Iterable[Call], sleep: Callable[[float], None] = time.sleep) -> Iterator[Outcome]:
    """Send calls in turn; whoever did not take one is not asked to take another."""
    deaf: set[str] = set()
    for call in calls:
        if call.url in deaf:
            yield Outcome(call, 0, "not tried after that")
            continue
        outcome = send(call, sleep)
        if outcome.problem:
            deaf.add(call.url)
        yield outcome


def changed(before: Path | None, after: Path) -> tuple[str, ...]:
    """Paths below ``after`` whose bytes are not those below ``before``; everything if there is no ``before``."""
    found = []
    for path in sorted(after.rglob("*")):
        name = path.relative_to(after).as_posix()
        if path.is_file() and not name.startswith("."):
            old = before / name if before else None
            if old is None or not old.is_file() or old.read_bytes() != path.read_bytes():
                found.append(name)
    return tuple(found)
