"""Imports point one way, as DESIGN and docs/extending.md say: read from the source, nothing is imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "briefings"

KNOWS_NOTHING_OF_OURS = ("model", "errors", "views")
"""The nouns: every room may know them, they know no room."""

MAY_KNOW = {
    "seeds": {"model", "errors", "find", "seeds"},
    "find": {"model", "errors", "seeds", "find"},
    "deploy": {"errors", "deploy"},
    "serve": {"errors"},
}
"""Rooms that know only these of ours. Small helpers without any knowledge of their own stand in HELPERS."""

HELPERS = {"clean", "patterns", "slugs", "values", "yamlio", "nodes", "simpleyaml", "yamlparser"}

MAY_NOT_KNOW = {
    "pages": {"build", "plugin", "reader", "cli", "deploy", "ingest"},
    "library": {"pages", "build", "render", "feeds", "plugin", "reader", "cli"},
    "render": {"build", "plugin", "reader", "cli"},
    "feeds": {"build", "plugin", "reader", "cli"},
    "ingest": {"pages", "build", "render", "feeds", "plugin", "reader"},
    "build": {"plugin", "reader", "cli"},
}

ONLY = {
    "pelican": {"plugin", "reader"},
    "feedgen": {"feeds"},
    "jinja2": {"jinja"},
    "markdown_it": {"commonmark"},
    "nh3": {"commonmark"},
    "watchfiles": {"serve"},
    "mammoth": {"seeds"},
    "trafilatura": {"seeds"},
    "charset_normalizer": {"seeds"},
    "yaml": {"yamlparser"},
    "anyascii": {"slugs"},
    "imagesize": {"media"},
    "babel": {"labels"},
    "rensa": {"near"},
    "css_inline": {"mail"},
    "pagefind": {"pagefind"},
    "cbor2": {"pagefind"},
    "distributed": {"cluster"},
    "sqlite3": {"kept", "graph"},
}
"""Who may import what others wrote: one room a package."""


def imports(path):
    """Every module that a file imports, as ``(line, dotted name)``; ``from a import b`` gives ``a.b``."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: say where from: no relative imports"
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def room(path):
    """The room of a file: its first name below the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def ours(name):
    """The room that a dotted name lies in, or ``None`` for the work of others."""
    first, _, rest = name.partition(".")
    return rest.split(".", maxsplit=1)[0] if first == "briefings" else None


EDGES = sorted(
    (room(path), name, f"{path.relative_to(ROOT)}:{line}")
    for path in PACKAGE.rglob("*.py")
    for line, name in imports(path)
)
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}


def offenders(who, forbidden):
    return [f"{place}: {who} may not know {name}" for room, name, place in EDGES if room == who and forbidden(name)]


def test_the_source_was_read():
    assert {"model", "errors", "views", "seeds", "find", "pages", "build", "feeds", "deploy", "plugin"} <= ROOMS
    assert len(EDGES) > 100


@pytest.mark.parametrize("noun", KNOWS_NOTHING_OF_OURS)
def test_nouns_know_no_room(noun):
    assert offenders(noun, lambda name: ours(name) not in {None, *KNOWS_NOTHING_OF_OURS}) == []


@pytest.mark.parametrize("noun", ["model", "errors"])
def test_nouns_import_nothing_of_ours(noun):
    assert offenders(noun, lambda name: ours(name) is not None) == []


@pytest.mark.parametrize("who", MAY_KNOW)
def test_rooms_that_know_little(who):
    assert offenders(who, lambda name: ours(name) not in {None, *MAY_KNOW[who], *HELPERS}) == []


@pytest.mark.parametrize("helper", sorted(HELPERS))
def test_helpers_know_nothing_but_nouns_and_helpers(helper):
    assert offenders(helper, lambda name: ours(name) not in {None, *KNOWS_NOTHING_OF_OURS, *HELPERS}) == []


@pytest.mark.parametrize("who", MAY_NOT_KNOW)
def test_rooms_that_may_not_look_ahead(who):
    assert offenders(who, lambda name: ours(name) in MAY_NOT_KNOW[who]) == []


@pytest.mark.parametrize("package", ONLY)
def test_one_room_knows_each_dependency(package):
    assert [
        f"{place}: only {' and '.join(sorted(ONLY[package]))} may import {package}"
        for room, name, place in EDGES
        if name.split(".", maxsplit=1)[0] == package and room not in ONLY[package]
    ] == []


def test_rules_speak_of_rooms_that_are_there():
    """A rule about a room that was renamed would hold for ever."""
    named = {*MAY_KNOW, *MAY_NOT_KNOW, *HELPERS, *KNOWS_NOTHING_OF_OURS}.union(*ONLY.values(), *MAY_KNOW.values())
    assert named - ROOMS == set()
    used = {name.split(".", maxsplit=1)[0] for _, name, _ in EDGES}
    assert set(ONLY) - used == set()


def test_no_circle_at_import_time():
    """Modules of ours that import one another as they load, directly or by way of others."""
    graph = {}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = {
            alias
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in (node.module, *(f"{node.module}.{item.name}" for item in node.names))
        }
    done, path = set(), []

    def visit(name):
        assert name not in path, " imports ".join([*path[path.index(name) :], name])
        if name not in done:
            path.append(name)
            for other in sorted(graph[name] & graph.keys()):
                if name != other and not name.startswith(f"{other}."):  # a package is loaded before its files
                    visit(other)
            path.pop()
            done.add(name)

    for name in sorted(graph):
        visit(name)
