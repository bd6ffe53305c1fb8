"""The site as data: a JSON document for each briefing, list and index, and a ninjs item for each briefing.

A static API, described in ``docs/api.md``. What a source's reuse level keeps from a page is not here either.
ninjs is IPTC's news in JSON, version 3.1 (https://iptc.org/standards/ninjs/).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from briefings import urls, values
from briefings.cards import KIND, place_label
from briefings.desk import pager, pages_of, paging
from briefings.entries import formats
from briefings.library import region_of
from briefings.model import Output
from briefings.units import Unit, exactly, pages, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from briefings.desk import Desk
    from briefings.model import Briefing, Place
    from briefings.units import Focus
    from briefings.views import Link

VERSION = 1
"""Of our documents: moves when a reader of the last one could break."""
NINJS = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}
MEDIATOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
_NUMBERS = frozenset((bool, int, float))
GEONAMES = "https://sws.geonames.org/"


def of(desk: Desk, briefing: Briefing) -> Iterator[Output]:
    """The documents of a briefing."""
    if not desk.site.makes("api"):
        return
    told = _briefing(desk, briefing, item(desk, briefing))
    yield _document(desk, briefing, "json", urls.data(urls.briefing(briefing)), told)
    yield _document(desk, briefing, "ninjs", urls.ninjs(briefing), ninjs(desk, briefing))


def units(desk: Desk, focus: Focus | None = None) -> Iterator[Unit]:
    """The documents of lists, each page a unit, and of the indexes."""
    if not desk.site.makes("api"):
        return
    if wanted(focus, f"api{urls.HOME}"):
        yield from _pages(desk, urls.HOME, {"kind": "site", "title": desk.site.name}, desk.library.briefings, focus)
    for kind in desk.kinds:
        for facet in desk.facets(kind, focus, f"api{urls.index(kind)}"):
            about: dict[str, Any] = {"kind": kind.name, "key": facet.term.slug, "title": facet.term.label}
            if kind.feeds:
                about["feeds"] = _feeds(desk, urls.facet(kind, facet.term.slug))
            yield from _pages(desk, urls.facet(kind, facet.term.slug), about, facet.briefings, focus)
        if kind.feeds and wanted(focus, f"api/{kind.name}"):
            yield Unit(f"api/{kind.name}", desk.sight.counts([kind.name]), partial(_index, desk, kind.name))


def _document(desk: Desk, briefing: Briefing, name: str, url: str, data: dict[str, Any]) -> Output:
    reuse = desk.maker.reuse(briefing)
    prose = (briefing.path, briefing.prose) if reuse in {"full", "excerpt"} else None
    context = {"data": data, "prose": prose, "reuse": reuse}
    return Output(urls.file(url), "document", name, context, briefing.path)


def _bare(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; ``False`` and 0 are not."""
    return {key: value for key, value in data.items() if value or value.__class__ in _NUMBERS}


def _feeds(desk: Desk, base: str) -> dict[str, str]:
    return {key: urls.absolute(desk.site, urls.feed(base, suffix)) for key, suffix, _, _ in formats(desk.site)}


def item(desk: Desk, briefing: Briefing) -> dict[str, Any]:
    """A briefing as a list names it: made once for all of its lists."""
    made = desk.maker.rows.get(briefing.id)
    if made is None:
        made = desk.maker.rows[briefing.id] = _item(desk, briefing)
    return made


def _item(desk: Desk, briefing: Briefing) -> dict[str, Any]:
    maker, url = desk.maker, urls.briefing(briefing)
    published = values.stamp(desk.library.moments[briefing.id])
    return _bare({
        "id": f"urn:uuid:{briefing.id}",
        "url": urls.absolute(desk.site, url),
        "json": urls.absolute(desk.site, urls.data(url)),
        "title": briefing.title,
        "lang": briefing.lang,
        "status": briefing.status,
        "strip": maker.line(briefing),
        "date": str(briefing.date or ""),
        "published": published,
        "updated": values.stamp(briefing.updated) if briefing.updated else published,
        "lead": maker.lead(briefing),
    })  # fmt: skip


def _briefing(desk: Desk, briefing: Briefing, told: dict[str, Any]) -> dict[str, Any]:
    """Everything that the briefing's page says, but its neighbours."""
    maker, ref = desk.maker, briefing.source
    told = {key: value for key, value in told.items() if key != "json"}
    about = maker.source(briefing)
    image = briefing.image
    shown = desk.media.get(image.file) if image and image.file else None
    step = KIND["story"].terms(briefing, desk.library.tables, desk.site.lang)
    withdrawn = briefing.status == "withdrawn"
    return {"version": VERSION} | told | _bare({
        "permalink": desk.permalink(briefing),
        "ninjs": urls.absolute(desk.site, urls.ninjs(briefing)),
        "undated": briefing.date is None,
        "withdrawn": briefing.withdrawn_reason if withdrawn else "",
        "location": _spot(desk, briefing.location),
        "places": briefing.places,
        "tags": _terms(desk, briefing, "tag"),
        "story": _terms(desk, briefing, "story")[0] if step else None,
        "source": _bare({
            "name": ref.name, "author": ref.author, "filed_from": ref.filed_from, "original": ref.url,
            "homepage": about.homepage, "rights": about.rights, "reuse": about.reuse,
        }) if about else None,
        "key_points": maker.points(briefing),
        "summary": "" if withdrawn or maker.reuse(briefing) == "link" else briefing.summary,
        "image": _bare({
            "url": urls.absolute(desk.site, urls.media(shown.file)) if shown else "",
            "caption": image.caption, "credit": image.credit, "alt": image.alt,
        }) if image and not withdrawn else None,
        "known": [
            _bare({
                "field": line.field, "value": line.value, "status": line.status, "confidence": line.confidence,
                "words": line.words,
            })
            for line in maker.known(briefing)
        ],
        "changes": [{"on": str(one.on), "kind": one.kind, "note": one.note} for one in briefing.changes],
        "reviewed_by": briefing.reviewed_by,
    })  # fmt: skip


def _spot(desk: Desk, spot: Place | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    said = {name: getattr(spot, name) for name in ("name", "country", "latitude", "longitude", "geonames")}
    return _bare({**said, "region": region_of(spot, desk.library.tables)})


def _whole(desk: Desk, url: str) -> str:
    return urls.absolute(desk.site, url) if url else ""


def _terms(desk: Desk, briefing: Briefing, name: str) -> list[dict[str, str]]:
    kind = KIND[name]
    terms = kind.terms(briefing, desk.library.tables, desk.site.lang)
    return [
        {"key": term.slug, "label": term.label, **_bare({"url": _whole(desk, desk.maker.address(name, term.slug))})}
        for term in terms
    ]


def _pages(
    desk: Desk, base: str, about: dict[str, Any], shown: Sequence[Briefing], focus: Focus | None
) -> Iterator[Unit]:
    """A list in pages, numbered from the oldest as its pages for readers are."""
    paged = pages_of(len(shown), desk.site.page_size)
    for number, start, stop in pages(focus, f"api{base}", paged):
        count = 0 if number else len(shown)
        sees = (*desk.sight.cards(shown[start:stop]), paging(number, len(paged)), exactly(count, about["title"]))
        make = partial(_list, desk, base, about, (shown, number, start, stop))
        yield Unit(f"api{base}{number}", sees, make, f"api{base}")


def _list(
    desk: Desk, base: str, about: dict[str, Any], part: tuple[Sequence[Briefing], int, int, int]
) -> Iterator[Output]:
    shown, number, start, stop = part
    around = pager(base, desk.site.page_size, len(shown), number)
    data = {
        "version": VERSION,
        **about,
        "url": urls.absolute(desk.site, urls.page(base, number)),
        **({} if number else {"count": len(shown)}),
        **_bare({"newer": _page(desk, around.newer), "older": _page(desk, around.older)}),
        "items": [item(desk, briefing) for briefing in shown[start:stop]],
    }
    owner = f'the document of the list "{about["title"]}"'
    yield Output(urls.file(urls.data(urls.page(base, number))), "document", "json", {"data": data}, owner)


def _page(desk: Desk, link: Link | None) -> str:
    return urls.absolute(desk.site, urls.data(link.url)) if link else ""


def _index(desk: Desk, name: str) -> tuple[Output]:
    """The terms of a kind of list."""
    kind = KIND[name]
    rows = [
        {
            "key": link.url.removeprefix(urls.index(kind)).rstrip("/"), "title": link.label, "count": link.count,
            "url": urls.absolute(desk.site, link.url), "json": urls.absolute(desk.site, urls.data(link.url)),
        }
        for link in desk.terms(name)
    ]  # fmt: skip
    url = urls.index(kind)
    data = {
        "version": VERSION, "kind": "index", "of": name, "title": kind.plural, "url": urls.absolute(desk.site, url),
        "count": len(rows), "terms": rows,
    }  # fmt: skip
    return (Output(urls.file(urls.data(url)), "document", "json", {"data": data}, f"the document of {kind.plural}"),)


def ninjs(desk: Desk, briefing: Briefing) -> dict[str, Any]:
    """A briefing as a ninjs 3.1 item, without its body."""
    maker, ref, spot = desk.maker, briefing.source, briefing.location
    published = values.stamp(desk.library.moments[briefing.id])
    about = maker.source(briefing)
    known = desk.library.tables
    subjects = [
        _bare({"name": row.label, "literal": row.key, "uri": f"{MEDIATOPIC}{row.iptc}" if row.iptc else ""})
        for row in dict.fromkeys(known.tag(name) for name in briefing.tags)
        if row
    ]
    places = [{"name": name, "rel": "mentions"} for name in briefing.places]
    if spot:
        places.insert(0, _ninjs_place(spot, place_label(briefing, desk.site.lang)))
    descriptions = [{"role": "strip", "contentType": "text/plain", "value": maker.line(briefing)}]
    if maker.lead(briefing):
        descriptions.append({"role": "summary", "contentType": "text/plain", "value": maker.lead(briefing)})
    descriptions += [
        {"role": "keypoint", "contentType": "text/plain", "value": point} for point in maker.points(briefing)
    ]
    status = {"published": "usable", "withdrawn": "canceled", "draft": "withheld"}[briefing.status]
    return _bare({
        "uri": f"urn:uuid:{briefing.id}",
        "standard": NINJS,
        "type": "text",
        "representationType": "full" if maker.reuse(briefing) == "full" else "partial",
        "firstCreated": published,
        "versionCreated": values.stamp(briefing.updated) if briefing.updated else published,
        "pubStatus": status,
        "language": briefing.lang,
        "title": briefing.title,
        "headlines": [{"role": "main", "value": briefing.title}],
        "descriptions": descriptions,
        "by": ref.author,
        "located": ref.filed_from,
        "infoSources": [
            _bare({"name": ref.name, "role": "originator", "uri": about.homepage if about else ""})
        ] if ref.name else [],
        "usageTerms": about.rights if about else "",
        "subjects": subjects,
        "places": places,
        "altIds": [
            {"role": "url", "value": urls.absolute(desk.site, urls.briefing(briefing))},
            {"role": "permalink", "value": urls.absolute(desk.site, urls.short(desk.codes[briefing.id]))},
        ],
        "edNote": " ".join(change.note for change in briefing.changes if change.kind == "major"),
    })  # fmt: skip


def _ninjs_place(spot: Place, label: str) -> dict[str, Any]:
    place: dict[str, Any] = {"name": label, "rel": "about"}
    if spot.geonames:
        place["uri"] = f"{GEONAMES}{spot.geonames}/"
    if spot.latitude is not None:
        # GeoJSON gives longitude first (RFC 7946, section 3.1.1).
        place["geoJSON"] = {"type": "Point", "coordinates": [spot.longitude, spot.latitude]}
    return place
