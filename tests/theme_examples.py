"""Named examples for every part and every page of the theme: read them to see what a part can show.

``PARTS`` are macros with their arguments, ``PAGES`` are templates with their whole context. ``test_theme`` renders
all of them; the sources are invented, the places and dates are true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from msgspec.structs import replace

from briefings import calendars
from briefings.model import Site
from briefings.views import (
    Bar,
    Card,
    Changed,
    Cite,
    DigestView,
    FacetView,
    Fact,
    FeedGroup,
    FeedLink,
    FeedRow,
    Head,
    Known,
    Link,
    Pager,
    Point,
    SourceView,
    StoryStep,
    StoryView,
    Strip,
    Term,
    Told,
    When,
)

SITE = Site(
    name="The Briefing Desk",
    url="https://briefings.example.org/desk",
    key="0f7c1a52-6a1f-4f0c-9d1e-1f0f5c8f2f11",
    subtitle="What happened, where, when, and who says so",
    rights="Texts CC BY 4.0 unless a source asks otherwise.",
    menu=(
        ("Newest", "/"),
        ("Places", "/places/"),
        ("Topics", "/tags/"),
        ("Sources", "/sources/"),
        ("Archive", "/archive/"),
        ("Map", "/map/"),
        ("Search", "/search/"),
    ),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """What a template may see of an image."""

    url: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A plain page, as Pelican hands it over."""

    title: str
    content: str


@dataclass(frozen=True, slots=True)
class PartExample:
    """A macro of a part, its arguments, and words that its output must and must not hold."""

    name: str
    part: str
    macro: str
    args: tuple[Any, ...]
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageExample:
    """A template with its whole context, and words that the page must and must not hold."""

    name: str
    template: str
    context: dict[str, Any]
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()


def feeds(title: str, base: str) -> tuple[FeedLink, ...]:
    """Return the three feeds of a list."""
    return (
        FeedLink(f"{title} – {SITE.name}", "application/atom+xml", f"{base}feed.atom.xml", "atom"),
        FeedLink(f"{title} – {SITE.name}", "application/rss+xml", f"{base}feed.rss.xml", "rss"),
        FeedLink(f"{title} – {SITE.name}", "application/feed+json", f"{base}feed.json", "json"),
    )


# --- values ---------------------------------------------------------------------------------------------------------

UNDATED = When("undated", "", "/undated/", undated=True)
CONFLICT, QUAKE, FLOOD = (
    Link("Conflict", "/tags/conflict/", 4),
    Link("Earthquake", "/tags/earthquake/", 9),
    Link("Flood", "/tags/flood/", 3),
)

PALU = Card(
    title="Tsunami follows a magnitude 7.5 quake in Central Sulawesi",
    url="/2018/tsunami-palu/",
    lang="en",
    dir="ltr",
    status="published",
    strip=Strip(
        Link("Palu", "/places/palu-id/"),
        Link("Indonesia", "/countries/id/"),
        When("28 September 2018", "2018-09-28", "/2018/09/"),
        Link("Celebes Coast News", "/sources/celebes-coast-news/"),
    ),
    lead="Waves reached the bay within minutes. The runway is cracked and the road to Donggala is cut.",
    tags=(QUAKE, Link("Tsunami", "/tags/tsunami/", 2)),
    published=When("22 November 2026", "2026-11-22T09:00:00Z"),
    points=(
        "Waves reached Palu bay within minutes of the quake.",
        "The runway of the airport is cracked; the first relief flights land half loaded.",
        "The road to Donggala is cut, and nobody has counted the dead there.",
    ),
)
BEIRUT = Card(
    title="انفجار في مرفأ بيروت يدمّر أحياء واسعة من المدينة",
    url="/2020/beirut-port/",
    lang="ar",
    dir="rtl",
    status="published",
    strip=Strip(
        Link("Beirut", "/places/beirut-lb/"),
        Link("Lebanon", "/countries/lb/"),
        When("4 August 2020", "2020-08-04", "/2020/08/"),
        Link("وكالة الساحل", "/sources/sahel-agency/", lang="ar", dir="rtl"),
    ),
    lead="تضرّرت صوامع الحبوب والمستشفيات القريبة، وفتحت المدارس أبوابها لمن فقدوا منازلهم.",
    tags=(Link("Explosion", "/tags/explosion/", 1),),
    published=When("21 November 2026", "2026-11-21T09:00:00Z"),
    points=("تضرّرت صوامع الحبوب والمستشفيات القريبة.", "فتحت المدارس أبوابها لمن فقدوا منازلهم."),
)
LES_CAYES = Card(
    title="Séisme : les hôpitaux du Sud débordés",
    url="/undated/seisme-sud/",
    lang="fr",
    dir="ltr",
    status="published",
    strip=Strip(Link("Les Cayes", "/places/les-cayes-ht/"), Link("Haiti", "/countries/ht/"), UNDATED, None),
    lead="Les blessés attendent dans les cours ; la route de Jérémie reste coupée.",
    tags=(QUAKE, Link("Health", "/tags/health/", 5)),
    published=When("20 November 2026", "2026-11-20T09:00:00Z"),
)
GORKHA = Card(
    title="Villages above Gorkha still out of reach two days after the quake, "
    "and the road crews ask for donaudampfschifffahrtselektrizitätenhauptbetriebswerk machines",
    url="/2015/gorkha/",
    lang="en",
    dir="ltr",
    status="draft",
    strip=Strip(
        None,
        Link("Nepal", "/countries/np/"),
        When("about April 2015", "2015-04", "/2015/04/"),
        Link("The Himalayan Valley and Foothills Relief Reporting Cooperative", "/sources/himalayan-valley/"),
    ),
    lead="",
    tags=tuple(
        Link(label, f"/tags/{label.lower()}/") for label in ("Earthquake", "Landslide", "Roads", "Shelter", "Health")
    ),
)
BEIRA = Card(
    title="Cyclone Idai makes landfall near Beira <update & map>",
    url="/2019/idai/",
    lang="en",
    dir="ltr",
    status="withdrawn",
    strip=Strip(
        Link("Beira", "/places/beira-mz/"),
        Link("Mozambique", "/countries/mz/"),
        When("14 March 2019", "2019-03-14", "/2019/03/"),
        Link("Delta & Coast Wire", "/sources/delta-coast-wire/"),
    ),
    lead="Nine in ten buildings are damaged and the city is cut off by road.",
    tags=(FLOOD,),
)
KIVU = Card(
    title="Ebola teams in Beni suspend work after an attack",
    url="/2018/beni/",
    lang="en",
    dir="ltr",
    status="published",
    strip=Strip(
        Link("Beni", "/places/beni-cd/"),
        Link("DR Congo", "/countries/cd/"),
        When("2018", "2018", "/2018/"),
        Link("Lakes Radio", "/sources/lakes-radio/"),
    ),
    lead="Vaccination stops in two health zones.",
    tags=(CONFLICT,),
)
CARDS = (PALU, BEIRUT, LES_CAYES, GORKHA, BEIRA, KIVU)

POINTS = (
    Point("Palu, Indonesia", "/places/palu-id/", -0.8917, 119.8707, 3),
    Point("Beirut, Lebanon", "/places/beirut-lb/", 33.8933, 35.5016, 2),
    Point("Les Cayes, Haiti", "/places/les-cayes-ht/", 18.1933, -73.7460, 1),
    Point("Beira, Mozambique", "/places/beira-mz/", -19.8436, 34.8389, 5),
)

STATED = Known(
    "source", "Source", "Celebes Coast News", "stated", "stated by the source", ("filed for Celebes Coast News",)
)
INFERRED = Known(
    "location",
    "Place",
    "Palu, Indonesia",
    "inferred",
    "inferred from the text",
    ("Palu bay", "the airport of Palu"),
    81,
)
BY_EDITOR = Known("date", "Date", "28 September 2018", "editor", "set by an editor")
NOT_THERE = Known("date", "Date", "undated", "undated", "looked for and not there", ("Monday evening",))
KNOWN = (
    STATED,
    INFERRED,
    BY_EDITOR,
    Known("tags", "Topics", "Earthquake", "ambiguous", "weighed without a clear winner"),
)

MAJOR = Changed(
    When("25 November 2026", "2026-11-25"), "major", "Corrected the number of damaged schools from 12 to 21."
)
MINOR = Changed(When("23 November 2026", "2026-11-23"), "minor", "Mended a link.")

SOURCE = SourceView(
    name="Celebes Coast News",
    url="/sources/celebes-coast-news/",
    homepage="https://celebes.example.org/",
    profile="A cooperative of radio reporters on the coasts of Sulawesi.",
    successor="Makassar Strait Wire",
    author="A. Writer",
    filed_from="Makassar",
    original="https://celebes.example.org/2018/09/28/a-very-long-address-that-has-to-wrap-somewhere-on-a-small-screen.html",
    rights="Reuse with credit.",
)
PICTURE = Picture("/images/palu-bay.jpg", "The bay at low tide.", "R. Photographer", "An empty beach", 1200, 800)
WORDS_ONLY = Picture(caption="People wait at the port.", credit="R. Photographer")

TAG = FacetView(
    kind="tags",
    kind_label="Tag",
    index=Link("Topics", "/tags/"),
    label="Earthquake",
    url="/tags/earthquake/",
    count=1204,
    description="Tremors, and what they set off: tsunamis, landslides, broken dams.",
    feeds=feeds("Earthquake", "/tags/earthquake/"),
    points=POINTS,
    near=(Link("Donggala, Indonesia", "/places/donggala-id/", note="26 km"),),
    data="/tags/earthquake/index.json",
    facts=(Fact("Reuse", "With credit <always>."), Fact("Last briefing", "22 November 2026", PALU.url)),
    history=(Bar("2016", 3), Bar("2017", 0), Bar("2018", 12)),
)
COUNTRY = FacetView(
    kind="countries",
    kind_label="Country",
    index=Link("Countries", "/countries/"),
    label="Indonesia",
    url="/countries/id/",
    count=1,
    up=(Link("Asia", "/regions/asia/"),),
    down=(
        ("Regions", (Link("Sulawesi Tengah", "/regions/sulawesi-tengah-id/", 3),)),
        ("Places", (Link("Palu", "/places/palu-id/", 3), Link("Jakarta", "/places/jakarta-id/", 1))),
    ),
    links=(
        Link("Home page", "https://celebes.example.org/", note="since 2004"),
        Link("Succeeded by Makassar Wire", ""),
    ),
    feeds=feeds("Indonesia", "/countries/id/"),
)

STORY = FacetView(
    kind="story",
    kind_label="Story",
    index=Link("Stories", "/stories/"),
    label="Palu earthquake and tsunami, 2018",
    url="/stories/palu-2018/",
    count=2,
    description="The earthquake of 28 September 2018, and what followed it.",
    feeds=feeds("Palu 2018", "/stories/palu-2018/"),
    points=POINTS[:1],
)
TOLD = StoryView(
    When("28 September 2018", "2018-09-28", "/2018/09/"),
    When("5 October 2018", "2018-10-05", "/2018/10/"),
    (
        Told(PALU.points[0], Link(PALU.title, PALU.url, lang="en", dir="ltr"), PALU.strip.date),
        Told(BEIRUT.points[0], Link(BEIRUT.title, BEIRUT.url, lang="ar", dir="rtl"), UNDATED),
    ),
    Told("Corrected the number of schools.", Link(PALU.title, PALU.url), When("25 November 2026", "2026-11-25")),
)
IN_STORY = StoryStep(
    Link(STORY.label, STORY.url), Link(KIVU.title, KIVU.url), Link(BEIRUT.title, BEIRUT.url, lang="ar")
)

CITE = Cite(
    (
        "",
        "Celebes Coast News",
        ". “",
        PALU.title,
        "” (28 September 2018). Briefing: ",
        "The Briefing Desk",
        ", https://x/",
    ),
    (("Markdown", f"[{PALU.title}](<x>)"), ("BibTeX", "@misc{briefing-1a2b3c4d,\n  title = {{<&>}},\n}")),
    "https://briefings.example.org/desk/b/1a2b3c4d/",
    "/2018/tsunami-palu/index.json",
    "/2018/tsunami-palu/ninjs.json",
    "Only headline and link may be reused.",
)

DIGEST = DigestView(
    "week", "16 November 2026 to 22 November 2026", 61, 1, Link("Digests", "/digest/"), "/digest/2026-W47.txt",
    older=Link("9 November 2026 to 15 November 2026", "/digest/2026-W46/"),
    wider=(Link("November 2026", "/digest/2026-11/", 70),),
)  # fmt: skip
NOVEMBER = calendars.month(
    date(2026, 11, 1), {"2026-11": 70, "2026-W47": 61, "2026-11-20": 60, "2026-11-22": 1, "2026-12-01": 5}, "en"
)

ONE_PAGE = Pager(0, (Link("1", "/"),))
FIRST_PAGE = Pager(0, (Link("Newest", "/"), Link("Oldest", "/page/1/")), None, Link("Page 2", "/page/2/"))
MIDDLE_PAGE = Pager(
    2, (Link("Newest", "/"), Link("Oldest", "/page/1/")), Link("Page 3", "/page/3/"), Link("Page 1", "/page/1/")
)

PROSE = Markup("""<p>The first wave came in under the lamps of the beach festival, before the warning ended.</p>
<p>Roads east of the river have sunk. <a href="https://celebes.example.org/x">A report</a> counts 12 schools.</p>
<h2>What is not known</h2>
<ul><li>How many were on the beach.</li><li>When the harbour opens.</li></ul>
<blockquote><p>A quotation stands here.</p></blockquote>
<div class="table" tabindex="0"><table><thead><tr><th>Place</th><th>Distance from the fault</th>
<th>Height of the wave</th><th>Airport</th><th>Harbour</th></tr></thead>
<tbody><tr><td>Palu</td><td>80 km</td><td>not measured</td><td>short flights only</td><td>closed</td></tr></tbody>
</table></div>
<pre><code>https://celebes.example.org/a/long/address/in/code/that/does/not/end/before/the/edge/of/the/screen</code></pre>""")

# --- parts ----------------------------------------------------------------------------------------------------------

PARTS = (
    PartExample(
        "frame, a feed", "frame", "alternate", feeds("Palu", "/")[:1], ('rel="alternate"', 'type="application/')
    ),
    PartExample("frame, looks", "frame", "looks", (), ("color-scheme", 'rel="stylesheet"')),
    PartExample("frame, menu", "frame", "menu", ("", "/places/"), ('aria-current="true">Places',), ('"page"',)),
    PartExample("frame, menu, here", "frame", "menu", ("/tags/", "/tags/"), ('"page">Topics',), ('"true"',)),
    PartExample("frame, the name of the site", "frame", "site_name", (), ('class="site-name"',)),
    PartExample("frame, foot", "frame", "foot", (), ("GeoNames", "Corrections")),
    PartExample(
        "strip, whole", "strip", "strip", (PALU.strip,), ("Palu", "Indonesia", 'datetime="2018-09-28"', "Celebes")
    ),
    PartExample("strip, undated, no source", "strip", "strip", (LES_CAYES.strip,), ('class="undated"',), ("<time",)),
    PartExample("strip, country alone", "strip", "strip", (GORKHA.strip,), ("Nepal", "strip-place"), (", <a",)),
    PartExample("strip, date alone", "strip", "strip", (Strip(None, None, UNDATED, None),), ("undated",), ("·",)),
    PartExample("when, with a list", "when", "when", (PALU.strip.date,), ('href="/desk/2018/09/"',)),
    PartExample("when, unlinked", "when", "when", (PALU.strip.date, False), ("<time",), ("<a",)),
    PartExample("link, in its language", "link", "link", (BEIRUT.strip.source,), ('lang="ar"', 'dir="rtl"')),
    PartExample("count, one", "link", "count", (1,), (" briefing<",), ("briefings",)),
    PartExample("links, none", "link", "links", ("Countries", ()), (), ("<section", "Countries")),
    PartExample("links, some", "link", "links", ("Places", COUNTRY.down[1][1]), ("Jakarta", "3<"), ("All places",)),
    PartExample(
        "links, the first of many",
        "link",
        "links",
        ("Places", COUNTRY.down[1][1], 3, "", "/places/"),
        ('<a href="/desk/places/">All places</a>',),
    ),
    PartExample("other ways, none", "link", "others", ((), "/sources/"), (), ("<nav",)),
    PartExample(
        "other ways, two",
        "link",
        "others",
        ((Link("Places", "/places/"), Link("Regions", "/regions/")), "/regions/"),
        ('<a href="/desk/places/">Places</a>', '<a href="/desk/regions/" aria-current="page">Regions</a>'),
    ),
    PartExample("status, published", "status", "status", (PALU,), (), ("<p",)),
    PartExample("status, draft", "status", "status", (GORKHA,), ("Draft",)),
    PartExample("tags, many", "tags", "tags", (GORKHA.tags,), ("Landslide",)),
    PartExample("key points", "key_points", "key_points", (PALU.points,), ("Donggala",)),
    PartExample("key points, none", "key_points", "key_points", ((),), (), ("Key points",)),
    PartExample("card", "card", "card", (PALU,), ("<h2>", "Donggala"), ("card-lead",)),
    PartExample("card, lead", "card", "card", (PALU, 2, True), ("card-lead", "Key points", "<h3")),
    PartExample("card, right to left", "card", "card", (BEIRUT, 3), ('dir="rtl"', "<h3>")),
    PartExample("card, withdrawn, awkward title", "card", "card", (BEIRA,), ("Withdrawn", "&lt;update &amp; map&gt;")),
    PartExample("cards", "card", "cards", (CARDS,), ("Gorkha", "Draft")),
    PartExample("pager, one page", "pager", "pager", (ONE_PAGE, "/"), (), ("<nav",)),
    PartExample(
        "pager, first", "pager", "pager", (FIRST_PAGE, "/"), ('rel="next"', 'aria-current="page"'), ('rel="prev"',)
    ),
    PartExample(
        "pager, middle", "pager", "pager", (MIDDLE_PAGE, "/page/2/"), ('<li aria-current="page">Page 2', 'rel="prev"')
    ),
    PartExample("link, outward", "link", "link", (COUNTRY.links[0],), ('href="https://celebes.example.org/"',)),
    PartExample("link, words alone", "link", "link", (COUNTRY.links[1],), ("<span", "Makassar"), ("href",)),
    PartExample("known", "known", "known", (KNOWN,), ("mark-stated", "81 per cent", "<q", "set by an editor")),
    PartExample("known, undated", "known", "known", ((NOT_THERE,),), ("mark-undated", "Monday evening"), ("per cent",)),
    PartExample("changes", "changes", "changes", ((MAJOR, MINOR),), ("What changed", "(minor)", "21")),
    PartExample("changes, none", "changes", "changes", ((),), (), ("What changed",)),
    PartExample(
        "source, in full", "source", "source", (SOURCE,), ("Read the original", "Makassar", "Reuse with credit")
    ),
    PartExample(
        "source, name alone", "source", "source", (SourceView("Lakes Radio"),), ("Lakes Radio",), ("<ul", "<a ")
    ),
    PartExample(
        "allowed, an excerpt",
        "source",
        "allowed",
        (replace(SOURCE, reuse="excerpt"),),
        ("lets us show an excerpt only", "read the original"),
    ),
    PartExample(
        "allowed, a link",
        "source",
        "allowed",
        (SourceView("Lakes Radio", reuse="link"),),
        ("lets us show a headline and a link only.",),
        ("<a ",),
    ),
    PartExample("formats", "feeds", "formats_of", (TAG.feeds,), ("Atom", "RSS", "JSON")),
    PartExample("formats, short", "feeds", "short_formats", (TAG.feeds,), ("Atom", "RSS", "JSON"), ("title=",)),
    PartExample("follow", "feeds", "follow", (TAG.feeds, "Earthquake"), ("Follow Earthquake", "/desk/feeds/")),
    PartExample("figure", "figure", "figure", (PICTURE,), ('width="1200"', "R. Photographer", 'alt="An empty beach"')),
    PartExample("figure, bare", "figure", "figure", (Picture("/images/x.jpg"),), ('alt=""',), ("<figcaption", "width")),
    PartExample("cite", "cite", "cite", (CITE,), ("BibTeX", "{{&lt;&amp;&gt;}}", "/desk/2018/tsunami-palu/ninjs.json")),
    PartExample(
        "history", "history", "history", (TAG.history, "Earthquake"), ("<svg", "<title>2018: 12</title>", "2016<")
    ),
    PartExample("history, none", "history", "history", ((), "Earthquake"), (), ("<svg", "<figure")),
    PartExample("facts", "facts", "facts", (TAG.facts,), ("&lt;always&gt;", 'href="/desk/2018/tsunami-palu/"')),
    PartExample("facts, none", "facts", "facts", ((),), (), ("<dl",)),
    PartExample(
        "digest item", "digest_item", "digest_item", (PALU,), ("Donggala", "<ul", "<h2>"), ('class="summary"',)
    ),
    PartExample(
        "a month's calendar",
        "calendar",
        "calendar",
        (NOVEMBER,),
        ("<caption", '<th scope="row">', "Week </span>47", '<abbr title="Monday">Mon', 'datetime="2026-11-20"', "60"),
        ("2026-12-01",),
    ),
    PartExample("digest item, without points", "digest_item", "digest_item", (KIVU,), ('class="summary"',), ("<ul",)),
    PartExample("timeline", "timeline", "timeline", (CARDS,), ("<ol", "Withdrawn", 'datetime="2018-09-28"', "<h3>")),
    PartExample("steps, none", "steps", "steps", (None, None), (), ("<nav",)),
    PartExample("steps, on the site", "steps", "steps", (IN_STORY.older, None), ("Earlier",), ("Later", "story")),
    PartExample(
        "steps, in a story", "steps", "steps", (None, IN_STORY.newer, IN_STORY.story), ("Later in this story", "Palu")
    ),
    PartExample("map, one place", "map", "locator_map", (POINTS[:1], "Palu"), ("<svg",)),
)

# --- pages ----------------------------------------------------------------------------------------------------------

SITE_FEEDS = feeds("All briefings", "/")


def head(title: str, url: str, **more: Any) -> Head:
    """Return a head as ``pages`` would make it."""
    return Head(
        title=title, url=url, description=more.pop("description", f"{title} in the example"), feeds=SITE_FEEDS, **more
    )


HOME: dict[str, Any] = {
    "head": head("The Briefing Desk", "/"),
    "cards": CARDS,
    "pager": FIRST_PAGE,
    "tags": (QUAKE, CONFLICT, FLOOD),
    "countries": (Link("Haiti", "/countries/ht/", 1), Link("Indonesia", "/countries/id/", 3)),
    "sources": (Link("Celebes Coast News", "/sources/celebes-coast-news/", 3), BEIRUT.strip.source),
    "stories": (Link("Palu 2018", "/stories/palu-2018/", 2),),
    "total": 6,
    "points": POINTS,
}
BRIEFING: dict[str, Any] = {
    "head": head(
        PALU.title,
        PALU.url,
        kind="article",
        jsonld='{"@context":"https://schema.org","@type":"NewsArticle","headline":"Tsunami"}',
    ),
    "card": PALU,
    "points": PALU.points,
    "prose": PROSE,
    "source": SOURCE,
    "known": KNOWN,
    "changes": (MAJOR, MINOR),
    "withdrawn": "",
    "undated": False,
    "places": ("Donggala", "Makassar"),
    "image": PICTURE,
    "location_points": (replace(POINTS[0], count=0),),
    "reviewed_by": "A. Reviewer",
    "published": PALU.published,
    "updated": When("25 November 2026", "2026-11-25T08:00:00Z"),
    "related": (KIVU, BEIRUT, LES_CAYES),
    "newer": Link(BEIRUT.title, BEIRUT.url, lang="ar", dir="rtl"),
    "older": Link(KIVU.title, KIVU.url),
    "story": None,
    "cite": CITE,
}
BARE: dict[str, Any] = {
    **BRIEFING,
    "card": LES_CAYES,
    "points": (),
    "source": None,
    "known": (NOT_THERE,),
    "changes": (),
    "undated": True,
    "places": (),
    "image": WORDS_ONLY,
    "location_points": (),
    "reviewed_by": "",
    "updated": None,
    "related": (),
    "newer": None,
    "older": None,
    "head": head(LES_CAYES.title, LES_CAYES.url, lang="fr"),
}
FILTERS = (
    ("Country", "Countries", "/countries/", "country", HOME["countries"]),
    ("Topic", "Topics", "/tags/", "tag", HOME["tags"]),
    ("Source", "Sources", "/sources/", "source", HOME["sources"]),
    ("Year", "Archive", "/archive/", "year", (Link("2018", "/2018/", 2), Link("2015", "/2015/", 1))),
)
TERMS = (
    Term("Haiti", "/countries/ht/", 1, letter="H", children=(Link("Les Cayes", "/places/les-cayes-ht/", 1),)),
    Term("Indonesia", "/countries/id/", 3, letter="I", children=COUNTRY.down[1][1]),
    Term("Nepal", "/countries/np/", 1, letter="N", note="one draft"),
)

PAGES = (
    PageExample("front page", "home.html", HOME, ("<h1", "card-lead", "<svg", "Countries"), ("Page 2</h1>",)),
    PageExample(
        "front page, nothing yet",
        "home.html",
        {
            **HOME,
            "cards": (),
            "pager": Pager(0),
            "tags": (),
            "countries": (),
            "sources": (),
            "stories": (),
            "total": 0,
            "points": (),
        },
        ("No briefing is published yet",),
        ("<svg",),
    ),
    PageExample(
        "second page",
        "home.html",
        {**HOME, "pager": MIDDLE_PAGE, "head": head("Page 2", "/page/2/")},
        ("<h1>Page 2</h1>",),
        ("card-lead",),
    ),
    PageExample(
        "briefing",
        "briefing.html",
        BRIEFING,
        (
            "How we know",
            "What changed",
            "Cite",
            "application/ld+json",
            "Earlier",
            "Related",
            "A. Reviewer",
            'og:type" content="article',
        ),
        ("withdrawn",),
    ),
    PageExample(
        "briefing, in a story",
        "briefing.html",
        {**BRIEFING, "story": IN_STORY},
        ("Earlier in this story", "Later in this story", "Palu earthquake and tsunami, 2018"),
        ('aria-label="Earlier and later"',),
    ),
    PageExample(
        "briefing, only a link allowed",
        "briefing.html",
        {**BRIEFING, "source": replace(SOURCE, reuse="link"), "points": (), "prose": "", "image": None},
        ("lets us show a headline and a link only", "How we know"),
    ),
    PageExample(
        "briefing, bare and undated",
        "briefing.html",
        BARE,
        ("Undated:", "source of this briefing is not known", "carried a picture that is not shown"),
        ("What changed", "Related", "<img", "Reviewed by"),
    ),
    PageExample(
        "briefing, right to left",
        "briefing.html",
        {
            **BRIEFING,
            "card": BEIRUT,
            "points": BEIRUT.points,
            "prose": Markup("<p>سُمع الانفجار في جزيرة قبرص، ووصل الزجاج المتطاير إلى أحياء بعيدة عن المرفأ.</p>"),
            "head": head(BEIRUT.title, BEIRUT.url, lang="ar", dir="rtl"),
            "location_points": POINTS[1:2],
        },
        ('<title lang="ar" dir="rtl">', 'dir="rtl"'),
    ),
    PageExample(
        "briefing, withdrawn",
        "briefing.html",
        {
            **BRIEFING,
            "card": BEIRA,
            "points": (),
            "prose": "",
            "withdrawn": "The source took its report back.",
            "image": None,
        },
        ("This briefing was withdrawn", "took its report back"),
        ('class="prose"',),
    ),
    PageExample(
        "list",
        "list.html",
        {"head": head("Earthquake", TAG.url), "facet": TAG, "cards": CARDS, "pager": ONE_PAGE},
        ("1,204 briefings", "Follow Earthquake", "<svg", "26 km", "list as data", "Last briefing", 'class="spark"'),
    ),
    PageExample(
        "list, of a country, empty",
        "list.html",
        {"head": head("Indonesia", COUNTRY.url), "facet": COUNTRY, "cards": (), "pager": MIDDLE_PAGE},
        ("Page 2", "Jakarta", "Asia", "since 2004", "No briefing yet"),
        ("<svg",),
    ),
    PageExample(
        "story",
        "story.html",
        {"head": head(STORY.label, STORY.url), "facet": STORY, "cards": CARDS, "pager": ONE_PAGE, "story": TOLD},
        ("Key points so far", "Timeline", "What is new", "28 September 2018</time> to", "<svg", "Follow Palu"),
    ),
    PageExample(
        "story, page 2",
        "story.html",
        {
            "head": head(f"{STORY.label}, page 2", f"{STORY.url}page/2/"),
            "facet": STORY,
            "cards": CARDS,
            "pager": MIDDLE_PAGE,
            "story": None,
        },
        ("Page 2", "Timeline"),
        ("Key points so far", "What is new"),
    ),
    PageExample(
        "index",
        "index.html",
        {
            "head": head("Countries", "/countries/"),
            "title": "Countries",
            "intro": "By country.",
            "kind": "countries",
            "base": "/countries/",
            "others": (Link("Places", "/places/"), Link("Countries", "/countries/")),
            "terms": TERMS,
            "points": POINTS,
            "pager": Pager(0),
        },
        ("Les Cayes", "one draft", "<svg", '<a href="/desk/countries/" aria-current="page">', 'href="/desk/places/"'),
        ('class="letter"',),
    ),
    PageExample(
        "index, by letter",
        "index.html",
        {
            "head": head("Sources", "/sources/"),
            "title": "Sources",
            "intro": "",
            "kind": "sources",
            "base": "/sources/",
            "others": (),
            "points": (),
            "pager": Pager(1, (Link("Abc–Kyo", "/sources/"), Link("Lag–Zur", "/sources/page/2/"))),
            "terms": tuple(
                Term(f"{letter}gency {n}", f"/s/{letter}{n}/", n, letter=letter)
                for letter in "ABCDEFGHIJKLMN"
                for n in range(1, 9)
            ),
        },
        ('class="letter"', "<h2>N</h2>", ">Lag–Zur</a>", 'href="/desk/sources/page/2/"'),
    ),
    PageExample(
        "archive",
        "archive.html",
        {
            "head": head("Archive", "/archive/"),
            "total": 6,
            "undated": Link("undated", "/undated/", 1),
            "years": (
                Term(
                    "2018", "/2018/", 3, children=(Link("September", "/2018/09/", 2), Link("October", "/2018/10/", 1))
                ),
                Term("2015", "/2015/", 1),
            ),
        },
        ("September", "we do not guess"),
    ),
    PageExample(
        "digest",
        "digest.html",
        {"head": head("Digest", "/digest/2026-W47/"), "digest": DIGEST, "cards": CARDS},
        ("61 briefings went out in this week", "November 2026", "Plain text", "And 1 more", "Earlier", "Donggala"),
        ("Later",),
    ),
    PageExample(
        "digest of a month",
        "digest.html",
        {
            "head": head("Digest", "/digest/2026-11/"),
            "digest": replace(DIGEST, kind="month", label="November 2026", wider=(), calendar=NOVEMBER),
            "cards": CARDS,
        },
        ("went out in this month", "<caption", 'href="/desk/digest/2026-11-20/"', "<th"),
    ),
    PageExample(
        "digests",
        "digests.html",
        {
            "head": head("Digests", "/digest/"),
            "years": ((Link("2026", "/digest/2026/", 70), (Link("November 2026", "/digest/2026-11/", 70),)),),
            "latest": NOVEMBER,
            "feeds": (("Daily digest", TAG.feeds), ("Weekly digest", TAG.feeds)),
        },
        ("November 2026", 'href="/desk/digest/2026/"', "Weekly digest", 'href="/desk/digest/2026-W47/"'),
    ),
    PageExample(
        "digests, none",
        "digests.html",
        {"head": head("Digests", "/digest/"), "years": (), "latest": None, "feeds": ()},
        ("Nothing here yet",),
        ("<table",),
    ),
    PageExample(
        "calendar",
        "calendar.html",
        {
            "head": head("Digests of 2026", "/digest/2026/"),
            "year": Link("2026", "/digest/2026/", 70),
            "months": (NOVEMBER,),
            "index": Link("Digests", "/digest/"),
            "newer": None,
            "older": Link("2025", "/digest/2025/"),
        },
        ("70 briefings went out", "<h2><a", 'href="/desk/digest/2026-11-22/"', "Earlier"),
        ("2026-12-01", "Later"),
    ),
    PageExample(
        "mail",
        "mail.html",
        {
            "title": "20 November 2026",
            "count": 61,
            "more": 1,
            "page": Link("20 November 2026", "/digest/2026-11-20/"),
            "items": ((PALU, "Palu · 2018", ""), (KIVU, "", "Changed 3 March: <so>.")),
            "unsubscribe": "https://lists.example.org/u?a=1&b=2",
        },
        ("61 briefings", "Donggala", "Changed 3 March: &lt;so&gt;", "u?a=1&amp;b=2", "And 1 more"),
        ("<table", "<img", "<script", "<link"),
    ),
    PageExample(
        "digests of a kind",
        "digest_list.html",
        {
            "head": head("Daily digest", "/digest/daily/"),
            "title": "Daily digest",
            "intro": "What went out on a day.",
            "index": Link("Digests", "/digest/"),
            "periods": ((Link("20 November 2026", "/digest/2026-11-20/", 60), (PALU, KIVU)),),
            "more": 3,
            "feeds": TAG.feeds,
        },
        ("20 November 2026", PALU.title, "And 3 more", "Follow this digest"),
    ),
    PageExample(
        "feeds",
        "feeds.html",
        {
            "head": head("Feeds", "/feeds/"),
            "site_feeds": SITE_FEEDS,
            "opml": "/feeds.opml",
            "groups": (
                FeedGroup(
                    "Topics",
                    (
                        FeedRow("Earthquake", "/tags/earthquake/", 9, TAG.feeds),
                        FeedRow("Flood", "/tags/flood/", 3, TAG.feeds),
                    ),
                ),
            ),
            "previews": {"/": (Link(PALU.title, PALU.url),), "/tags/flood/": (Link(KIVU.title, KIVU.url),)},
        },
        ("OPML", "feed.atom.xml", "Earthquake", "readonly", PALU.title, KIVU.title, "<details"),
    ),
    PageExample(
        "search",
        "search.html",
        {"head": head("Search", "/search/"), "index": "/search/pagefind/pagefind.js", "filters": FILTERS},
        (
            'name="q"',
            'data-index="/desk/search/pagefind/pagefind.js"',
            "<noscript>",
            'name="country"',
            'data-home="/desk/"',
            "wasm-unsafe-eval",
        ),
    ),
    PageExample(
        "map",
        "map.html",
        {"head": head("Map", "/map/"), "points": POINTS, "countries": HOME["countries"]},
        ("<svg", "Haiti"),
    ),
    PageExample(
        "offline",
        "offline.html",
        {
            "head": Head("Kept for reading offline", "/offline/", robots="noindex"),
            "most": 20,
            "cache": "offline /desk/ 1",
            "base": "/desk/",
            "dates": "en-GB",
        },
        ("The 20 briefings", 'data-cache="offline /desk/ 1"', "<noscript>"),
    ),
    PageExample(
        "plain page",
        "page.html",
        {"head": head("About", "/about/"), "page": Page("About", "<p>We are <em>three</em>.</p>")},
        ("<em>three",),
    ),
    PageExample(
        "moved",
        "redirect.html",
        {"head": head(PALU.title, PALU.url), "target": PALU.url},
        ('content="0; url=/desk/2018',),
    ),
    PageExample(
        "not found",
        "404.html",
        {"head": Head("Not found", "", robots="noindex")},
        ("no page at this address",),
        ("canonical",),
    ),
)
