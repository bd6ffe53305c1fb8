"""The tables that editors keep beside the briefings: sources, tags, stories, places and regions, each a file of YAML.

All are optional. Where one of the first three is there it is closed: a name that it does not hold is an error, with the
nearest one that it does. Where it is not, any name goes. ``places.yaml`` and ``regions.yaml`` only add to what the
briefings say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from briefings import values, yamlio
from briefings.errors import Problem
from briefings.model import Former, PlaceNote, RegionNote, Source, Story, Tag
from briefings.slugs import slugify
from briefings.values import ValueProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from briefings.model import Selection

Row = TypeVar("Row", Source, Tag, Story, PlaceNote, RegionNote)


class Tables(Struct, frozen=True):
    """The rows by key, and every name that leads to a key (folded). ``selections`` are added by the library."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)
    source_keys: Mapping[str, str] = field(default_factory=dict)
    tag_keys: Mapping[str, str] = field(default_factory=dict)
    selections: Mapping[str, Selection] = field(default_factory=dict)
    closed_sources: bool = False
    closed_tags: bool = False
    stories: Mapping[str, Story] = field(default_factory=dict)
    story_keys: Mapping[str, str] = field(default_factory=dict)
    closed_stories: bool = False
    places: Mapping[str, PlaceNote] = field(default_factory=dict)
    place_keys: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, RegionNote] = field(default_factory=dict)
    region_keys: Mapping[str, str] = field(default_factory=dict)

    def source(self, name: str) -> Source | None:
        """The source that goes by a name; one made from the name alone where there is no table; else ``None``."""
        key = self.source_keys.get(name.casefold())
        if key is not None:
            return self.sources[key]
        return None if self.closed_sources else Source(slugify(name), name)

    def tag(self, name: str) -> Tag | None:
        """The tag that goes by a key, label or alias; as :meth:`source`."""
        key = self.tag_keys.get(name.casefold())
        if key is not None:
            return self.tags[key]
        return None if self.closed_tags else Tag(slugify(name), name.replace("-", " ").capitalize())

    def story(self, name: str) -> Story | None:
        """The story that goes by a key or a former key; as :meth:`source`."""
        key = self.story_keys.get(name.casefold())
        if key is not None:
            return self.stories[key]
        return None if self.closed_stories else Story(slugify(name), name.replace("-", " ").capitalize())

    def place(self, slug: str) -> str:
        """The key of the list that a place's own slug (``alep-sy``) leads to: itself, as a rule."""
        return _within(self.place_keys, slug)

    def region(self, slug: str) -> str:
        """The same of a region."""
        return _within(self.region_keys, slug)


def _within(keys: Mapping[str, str], slug: str) -> str:
    """The key that a slug is an alias of in its own country: no row moves a place to another one."""
    key = keys.get(slug, slug)
    return key if key.rpartition("-")[2] == slug.rpartition("-")[2] else slug


def _home(node: yamlio.Node) -> str:
    code = values.scalar(node)
    if not (2 <= len(code) <= 6 and code[:2].isalpha() and code == code.upper()):
        raise ValueProblem(node.line, f'"{code}" is not a region (write US or US-GA, ISO 3166)')
    return code


def _source(**fields: Any) -> Source:
    return Source(**{"key": "", **fields})


def _tag(**fields: Any) -> Tag:
    return Tag(**{"key": "", **fields})


def _story(**fields: Any) -> Story:
    return Story(**{"key": "", **fields})


def _note(**fields: Any) -> PlaceNote:
    return PlaceNote(**{"key": "", **fields})


def _region(**fields: Any) -> RegionNote:
    return RegionNote(**{"key": "", **fields})


_FORMER = values.many(values.record(Former, ["key", "on"], key=values.slug, on=values.date))
_SOURCE = values.record(
    _source, ["name"], name=values.plain, aliases=values.words, homepage=values.url, feed=values.url,
    profile=values.text, successor=values.plain, home=_home, reuse=values.one_of("full", "excerpt", "summary", "link"),
    rights=values.text, lang=values.lang, owner=values.text, scope=values.text, reviewed=values.date, former=_FORMER,
    canonical=values.one_of("here", "original"),
)  # fmt: skip
_TAG = values.record(
    _tag, ["label"], label=values.plain, aliases=values.words, description=values.text, reliefweb=values.words,
    iptc=values.plain, former=_FORMER,
)  # fmt: skip
_STORY = values.record(
    _story, ["title"], title=values.plain, description=values.text, aliases=values.many(values.slug), former=_FORMER
)
_NOTE = values.record(
    _note, (), description=values.text, aliases=values.many(values.slug), former=_FORMER, name=values.plain,
    region=values.plain,
)  # fmt: skip
_REGION = values.record(
    _region, (), name=values.plain, description=values.text, aliases=values.many(values.slug), former=_FORMER
)


def load(content: Path) -> tuple[Tables, tuple[Problem, ...]]:
    """Read the tables below the content folder; every problem is returned, none raised."""
    problems: list[Problem] = []
    sources = _rows(content / "sources.yaml", _SOURCE, problems)
    tags = _rows(content / "tags.yaml", _TAG, problems)
    stories = _rows(content / "stories.yaml", _STORY, problems)
    places = _rows(content / "places.yaml", _NOTE, problems)
    regions = _rows(content / "regions.yaml", _REGION, problems)
    source_rows, source_keys = _index("sources.yaml", sources or {}, lambda row: row.name, problems)
    tag_rows, tag_keys = _index("tags.yaml", tags or {}, lambda row: row.label, problems)
    story_rows, story_keys = _index("stories.yaml", stories or {}, lambda row: row.key, problems)
    place_rows, place_keys = _index("places.yaml", places or {}, lambda row: row.key, problems)
    region_rows, region_keys = _index("regions.yaml", regions or {}, lambda row: row.key, problems)
    tables = Tables(
        sources=source_rows, source_keys=source_keys, closed_sources=sources is not None,
        tags=tag_rows, tag_keys=tag_keys, closed_tags=tags is not None,
        stories=story_rows, story_keys=story_keys, closed_stories=stories is not None,
        places=place_rows, place_keys=place_keys, regions=region_rows, region_keys=region_keys,
    )  # fmt: skip
    return tables, tuple(problems)


def _rows(
    path: Path, parse: Callable[[yamlio.Node], Row], problems: list[Problem]
) -> dict[str, tuple[int, Row]] | None:
    """The rows of a table with their lines.

    ``None`` where there is no table, and where it cannot be read: that is one fault, and not one of every name in it.
    """
    if not path.exists():
        return None
    if not path.is_file():
        problems.append(Problem(path.name, 0, "", "not a regular file"))  # to open a pipe would wait for ever
        return None
    try:
        text = path.read_text("utf-8")
        top = yamlio.load(text)
    except yamlio.YamlError as error:
        problems.append(Problem(path.name, error.line, "", str(error)))
        return None
    except (OSError, UnicodeDecodeError):
        problems.append(Problem(path.name, 0, "", "cannot be read as UTF-8 text"))
        return None
    rows: dict[str, tuple[int, Row]] = {}
    for key, node in top.items:
        try:
            rows[values.slug(key)] = (key.line, parse(node))
        except ValueProblem as error:
            problems.append(Problem(path.name, error.line or key.line, key.text, str(error)))
    return rows


def _index(
    name: str, rows: Mapping[str, tuple[int, Row]], label: Callable[[Row], str], problems: list[Problem]
) -> tuple[dict[str, Row], dict[str, str]]:
    keyed: dict[str, Row] = {}
    keys: dict[str, str] = {}
    for key, (line, unnamed) in rows.items():
        row: Row = replace(unnamed, key=key)
        keyed[key] = row
        for word in dict.fromkeys(
            word.casefold() for word in (key, label(row), *row.aliases, *(old.key for old in row.former))
        ):
            if word in keys:
                problems.append(Problem(name, line, key, f'"{word}" already leads to {keys[word]}'))
            else:
                keys[word] = key
    return keyed, keys
