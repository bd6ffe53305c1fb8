"""Feeds of digests: an entry a day, and an entry a week, once it is over.

It is over when a briefing of a later day or week has gone out, whatever the clock says, so that the same content gives
the same feed on every day that it is built. From then on the entry stays: its ``updated`` moves only when a briefing in
it is corrected or withdrawn, and with that briefing's own ``updated``. One that is given an earlier time of publication
afterwards joins the digest of that time without a sound.
"""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from briefings import digest, labels, syndication, urls, values
from briefings.units import Unit, exactly, step, wanted
from briefings.views import Entry, FeedRow, Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefings.desk import Desk
    from briefings.digest import Kind, Period, Periods
    from briefings.model import Briefing, Output
    from briefings.units import Focus

SHOWN = 60
"""Digests that the page beside a feed lists."""
HEADLINES = 3
"""Of each of them there, and in the summary of an entry."""
_LARGEST = 2048
"""Bytes that a briefing may take in a digest, guessed."""
_SAID = {
    "day": "What went out on a day, once the day is over: headlines and key points.",
    "week": "What went out in a week, from Monday, once the week is over: headlines and key points.",
}


def over(desk: Desk, kind: Kind) -> Periods:
    """The periods that are over, the latest first: after each, something else has gone out."""
    library = desk.library
    public = library.public(library.briefings) if desk.site.drafts else library.briefings
    newest = library.moments[public[0].id] if public else None
    # The latest first: once one is over, so are all before it.
    periods = digest.periods(desk, kind)
    first = next((place for place, one in enumerate(periods) if newest and one.end <= newest), len(periods))
    return periods[first:]


def rows(desk: Desk) -> tuple[FeedRow, ...]:
    """The lines of the page of all feeds."""
    return tuple(
        FeedRow(name, urls.digest_feed(kind), len(over(desk, kind)), digest.feed_links(desk, kind))
        for kind, name in digest.FEEDS
    )


def units(desk: Desk, focus: Focus | None = None) -> Iterator[Unit]:
    """Both feeds, in every format, with their archives, and the pages beside them."""
    if not desk.site.makes("digests"):
        return
    sight = desk.sight
    if wanted(focus, "digest-feeds"):
        newest = [one for kind, _ in digest.FEEDS for one in digest.periods(desk, kind)[:SHOWN]]
        sees: list[str] = []
        for one in newest:
            sees += (exactly(len(one.briefings)), *sight.cards(one.briefings[:HEADLINES]))
        yield Unit("digest-feeds", ("days", *sees), lambda: pages(desk))

    def seen(periods: Sequence[Period]) -> Iterator[str]:
        for period in periods:
            yield exactly(period.key, len(period.briefings))
            yield from sight.fulls(period.briefings)

    for kind, name in digest.FEEDS:
        if not wanted(focus, f"feed/digest/{kind}"):
            continue
        made = syndication.Subscription(
            desk, urls.digest_feed(kind), f"{name} · {desk.site.name}", f"digest/{kind}", _SAID[kind], over(desk, kind),
            partial(_entry, desk), lambda periods: (one.end for one in periods),
            lambda periods: (_weight(desk, one) for one in periods),
        )  # fmt: skip
        yield from syndication.watched(made, seen, focus)


def _weight(desk: Desk, period: Period) -> int:
    """How large an entry may be, in bytes, guessed: its briefings give it no more than headlines and key points."""
    sizes = desk.library.sizes(period.briefings[: digest.MOST])
    return sum(min(step(size), _LARGEST) for size in sizes)


def pages(desk: Desk) -> Iterator[Output]:
    """The page beside each feed: the latest digests, with some of their headlines."""
    for kind, name in digest.FEEDS if desk.site.makes("digests") else ():
        found = digest.periods(desk, kind)
        shown = tuple(
            (
                Link(digest.label(period, desk.site.lang), urls.digest(period.key), len(period.briefings)),
                tuple(desk.cards[briefing.id] for briefing in period.briefings[:HEADLINES]),
            )
            for period in found[:SHOWN]
        )
        links = digest.feed_links(desk, kind)
        head = desk.head(name, urls.digest_feed(kind), _SAID[kind], links)
        yield desk.page(
            "digest_list", head, f"the page of the {name.lower()}", title=name, intro=_SAID[kind],
            index=Link("Digests", urls.DIGESTS), periods=shown, more=max(0, len(found) - SHOWN), feeds=links,
        )  # fmt: skip


def _entry(desk: Desk, period: Period) -> Entry:
    site, end = desk.site, period.end
    corrected = (briefing.updated for briefing in period.briefings if briefing.updated)
    count = len(period.briefings)
    names = " · ".join(briefing.title for briefing in period.briefings[:HEADLINES])
    more = f" · and {count - HEADLINES} more" if count > HEADLINES else ""
    return Entry(
        id=f"urn:uuid:{uuid5(UUID(site.key), f'digest/{period.key}')}",
        url=urls.absolute(site, urls.digest(period.key)),
        title=f"Digest: {digest.label(period, site.lang)}",
        published=values.stamp(end), updated=values.stamp(max((end, *corrected))), lang=site.lang,
        summary=f"{count} briefing{'' if count == 1 else 's'}: {names}{more}",
        points=(), prose="", prose_digest="", strip="", rights=site.rights, body=_body(desk, period),
    )  # fmt: skip


def _body(desk: Desk, period: Period) -> str:
    parts = [part for briefing in period.briefings[: digest.MOST] for part in _item(desk, briefing)]
    if (rest := len(period.briefings) - digest.MOST) > 0:
        url = urls.absolute(desk.site, urls.ARCHIVE if desk.site.makes("archive") else urls.HOME)
        parts.append(f'<p><a href="{escape(url)}">And {rest} more</a></p>')
    return "\n".join(parts)


def _item(desk: Desk, briefing: Briefing) -> Iterator[str]:
    """A briefing in the digest: headline, dateline strip, what was corrected, and the key points that may be shown."""
    entry = desk.entries[briefing.id]
    away = briefing.lang != desk.site.lang
    if away:
        yield f'<div lang="{escape(briefing.lang)}" dir="{labels.direction(briefing.lang)}">'
    yield f'<p><strong><a href="{escape(entry.url)}">{_text(briefing.title)}</a></strong></p>'
    if entry.strip:
        yield f"<p>{_text(entry.strip)}</p>"
    if entry.notice:
        yield f"<p><strong>{_text(entry.notice)}</strong></p>"
    points, lead = desk.maker.points(briefing), desk.maker.lead(briefing)
    if points:
        yield "<ul>\n" + "\n".join(f"<li>{_text(point)}</li>" for point in points) + "\n</ul>"
    elif lead and briefing.status != "withdrawn":
        yield f"<p>{_text(lead)}</p>"
    if away:
        yield "</div>"


def _text(plain: str) -> str:
    return escape(plain, quote=False)
