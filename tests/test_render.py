"""The short ways that templates take: what comes out is what Jinja2 itself gives, to the byte."""

from __future__ import annotations

import hashlib
import types
from functools import cache
from pathlib import Path

import jinja2
import pytest
from theme_examples import PAGES, PARTS, SITE

from briefings.errors import BuildError
from briefings.model import Parts
from briefings.render import Renderer
from briefings.views import Card, Link, Strip, When

THEME = Path(__file__).parent.parent / "theme"


def plain(renderer):
    """Jinja2 as it comes, with the options and names of a renderer."""
    ours = renderer._environment
    environment = jinja2.Environment(
        loader=ours.loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(ours.globals)
    return environment


@cache
def theirs_and_ours():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((THEME / "static").iterdir())}
    renderer = Renderer(SITE, THEME, {"search.js": "0" * 64, **found})
    return plain(renderer), renderer


@pytest.mark.parametrize("example", PAGES, ids=lambda example: example.name)
def test_pages(example):
    theirs, ours = theirs_and_ours()
    expected = theirs.get_template(example.template).render(example.context)
    for _ in range(2):  # the second time from what parts have kept
        assert ours.page(example.template, example.context).decode() == expected


@pytest.mark.parametrize("example", PARTS, ids=lambda example: example.name)
def test_parts(example):
    theirs, ours = theirs_and_ours()
    name = f"parts/{example.part}.html"
    expected = getattr(theirs.get_template(name).module, example.macro)(*example.args)
    ways = [ours._environment, ours._stencils] if ours._stencils.usual(name) else [ours._environment]
    for templates in ways * 2:
        found = getattr(templates.get_template(name)._get_default_module(), example.macro)(*example.args)
        assert found == expected


def renderer(folder, **templates):
    (folder / "templates").mkdir()
    for name, text in templates.items():
        (folder / "templates" / f"{name}.html").write_text(text)
    return Renderer(SITE, folder, {})


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}",
        "{{ f.title }} {{ f['title'] }} {{ f.items is defined }} {{ f.none is defined }}",
        "{% autoescape false %}{{ a }}{{ m.up(a) }}{% endautoescape %}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{% autoescape false %}{{ m(a) ~ a }}{% endautoescape %}{{ m(a) ~ a }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% autoescape false %}{% call m() %}{{ a }}{% endcall %}{% endautoescape %}",
        "{% import 'parts.html' as p %}{% autoescape false %}{% call p.m() %}{{ a }}{% endcall %}{% endautoescape %}{{ p.n(b, [a]) }}",
        "{{ range is defined }}{{ range(2)|length }}",
        "{% macro m(x, y='<', z=a) %}{{ x }}{{ y }}{{ z }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(a) }}{{ m(a, 1, 2, 3, w=4) }}",
        "{% macro m(x) %}<{{ caller(x) }}>{% endmacro %}{% call(y) m(a) %}{{ y }}{{ b }}{% endcall %}",
        "{% macro m(class) %}{{ class }}{% endmacro %}{{ m(class='&') }}",
        "{% for x in [1, 2, 3] if x > 1 %}{{ loop.index }}{{ loop.cycle('<', '>') }}{{ a[x] }}{% endfor %}",
        "{% set x %}{{ a }}<b>{% endset %}{{ x }}{{ a ~ x }}{{ a|upper|replace('&', '+') }}",
        "{{ '{:,}'.format(c) }} {{ a.upper().lower() }} {{ [f][0].title }} {{ m.up(a).lower() }}",
        "{% filter upper %}{{ a }}{% endfilter %}",
        "{{ h }}{{ s }}-{{ h }}{{ [h, s] }}{{ f.title|safe }}{{ '<lit>' }}{{ 3 }}{{ none }}",
        "{% extends 'base.html' %}{% block t %}{{ super() }}{{ a }}!{{ b }}{% for x in a %}{{ x }}{{ h }}{% endfor %}{% endblock %}",
        "{{ a if c else b }}{{ (a if d) }}{{ 'x' if d else (a ~ b) }}{{ f.get('no') }}{{ no|default('<d>') }}",
        "{% macro r(n) %}{{ n }}{% if n %}{{ r(n - 1) }}!{% endif %}{% endmacro %}{{ r(3) }}{{ a }}{% include 'base.html' %}",
        "{% set at = namespace(n=0) %}{% for x in [1, 2] %}{% set at.n = at.n + x %}{{ at.n }}{{ a }}{% endfor %}",
    ],
)
def test_what_templates_can_do(tmp_path, text):
    parts = "{% macro m() %}<{{ caller() }}>{% endmacro %}{% macro n(x, y) %}{{ x }}{{ y }}{% endmacro %}"
    ours = renderer(tmp_path, page=text, base="<{% block t %}base {{ a }}{% endblock %}>{{ b }}", parts=parts)
    assert ours.page("page.html", CONTEXT).decode() == plain(ours).get_template("page.html").render(CONTEXT)


CONTEXT = {
        "a": "<a & 'b'>", "b": jinja2.utils.markupsafe.Markup("<b>"), "c": 1234567, "d": None, "e": 1.5,
        "f": {"title": "T & t"}, "m": types.SimpleNamespace(up=str.upper),
        "h": type("Own", (), {"__html__": lambda _: "<own>"})(), "s": type("Word", (str,), {})("a<b"),
    }  # fmt: skip


USUAL = [
    "{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}{{ h }}{{ s }}{{ '<lit>' }}{{ 3 }}{{ none }}{{ -c + 1 - 2 }}",
    "{{ f.title }} {{ f['title'] }} {{ f.none is defined }} {{ f.items is defined }} {{ no is defined }} {{ d is none }}",
    "{{ f.title|safe }}{{ a|length }}{{ a|lower }}{{ b|lower }}{{ c|lower }}{{ b|safe }}",
    "{{ a ~ b ~ c }}{{ a ~ c }}{{ b ~ a }}{{ h ~ a }}{{ s ~ a }}",
    "{% for x in a %}{{ loop.index }}{{ x }}{{ ', ' if not loop.last }}{{ '!' if loop.first }}{% else %}none{% endfor %}",
    "{% for x in [] %}{{ loop.index is odd }}{% else %}none{{ 4 is even }}{% endfor %}{{ a[:3] }}{{ [a, b][1] }}",
    "{% macro m(x, y='<', z=a) %}{{ x }}{{ y }}{{ z }}{% endmacro %}{{ m(a) }}{{ m(a, z=b) }}{{ m(x=1, y=2) }}{{ m(a, b, h) }}",
    "{% macro m(x, y) %}{{ x if x is defined }}{{ y is defined }}{% endmacro %}{{ m() }}{{ m(a) }}{{ m(y=1) }}",
    "{% macro r(n) %}{{ n }}{% if n %}{{ r(n - 1) }}!{% elif d %}?{% else %}.{% endif %}{% endmacro %}{{ r(3) }}{{ a }}",
    "{% set x, y = [a, b] %}{{ x }}{{ y }}{% for z in {'k': a, 'l': b} %}{% set x = z %}{{ x }}{% endfor %}{{ x }}",
    "{{ a if c else b }}{{ (a if d) }}{{ 'x' if not d and c > 1 or a in f else (a ~ b) }}{{ f.get('no') }}{{ m.up(a).lower() }}",
    "{% from 'parts.html' import one, word as said %}{{ one(a) }}{{ one(a) }}{{ said }}{{ one(f) }}",
    "{% extends 'base.html' %}{% block t %}{{ a }}!{{ b }}{% for x in a %}{{ x }}{{ h }}{% endfor %}{% endblock %}",
    "{% extends 'base.html' %}{% from 'parts.html' import one %}{% set q = one(a) %}{% block t %}{{ q }}{{ one(b) }}{% endblock %}",
]


@pytest.mark.parametrize("text", USUAL)
def test_usual_forms_are_filled_in_without_jinja2(tmp_path, text):
    ours = renderer(
        tmp_path, page=text, base="<{% block t %}base {{ a }}{% endblock %}>{{ b }}{% block u %}{{ e }}{% endblock %}",
        parts="{% set word = '<w>' %}{% macro one(x) %}[{{ x }}{{ word }}]{% endmacro %}",
    )  # fmt: skip
    assert ours._stencils.usual("page.html")
    expected = plain(ours).get_template("page.html").render(CONTEXT)
    for _ in range(2):
        assert ours._stencils.get_template("page.html").render(CONTEXT) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{ no }}", "{{ no.no }}", "{{ a.no }}", "{{ no() }}", "{{ no|length }}", "{{ no|safe }}", "{{ no|lower }}",
        "{{ no ~ a }}", "{{ not no }}", "{% if no %}{% endif %}", "{{ no == no }}", "{{ no != a }}", "{{ no in [a] }}",
        "{% for x in no %}{% endfor %}", "{{ m.up(no) }}", "{{ f[no] }}", "{{ f['no'] }}", "{{ [no, a][0] }}",
        "{% for x in [no] %}{{ loop.index }}{{ x }}{% endfor %}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1, x=2) }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(y=2) }}", "{{ no is even }}", "{{ no + 1 }}", "{{ no > 1 }}",
        "{{ loop.index }}", "{{ a if no else b }}", "{% set x = no %}{{ x }}", "{{ url(no) }}",
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_by_jinja2(tmp_path, text):
    ours = renderer(tmp_path, page=text)
    assert ours._stencils.usual("page.html")
    with pytest.raises(Exception):  # noqa: B017 - whatever it is, it comes to Jinja2
        ours._stencils.get_template("page.html").render(CONTEXT)
    with pytest.raises(BuildError):
        ours.page("page.html", CONTEXT)


@pytest.mark.parametrize("name", ["briefing", "base", "digest", "calendar", "archive", "404"])
def test_the_usual_pages_of_the_theme_need_no_jinja2(name):
    assert theirs_and_ours()[1]._stencils.usual(f"{name}.html")


def test_a_part_tells_words_of_its_arguments_from_others_that_are_equal(tmp_path):
    text = "{% from 'parts.html' import n %}" + "".join(
        f"{{{{ n({first}, {second}) }}}}"
        for first in ("to", "card", "'<'", "'<'|safe", "1", "true", "none")
        for second in ("1", "true", "1.0", "'<b>'", "'<b>'|safe", "none", "['<']", "to", "card", "(1,)", "(true,)")
    )
    ours = renderer(tmp_path, page=text, parts="{% macro n(x, y) %}{{ x }}{{ y }}{% endmacro %}")
    context = {"to": Link("<", "/"), "card": card("&")}
    expected = plain(ours).get_template("page.html").render(context)
    assert [ours.page("page.html", context).decode() for _ in range(2)] == [expected] * 2


@pytest.mark.parametrize("text", ["{{ 1 / 0 }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"])
def test_whatever_a_template_does_wrong_is_an_error_of_the_theme(tmp_path, text):
    ours = renderer(tmp_path, page=f"line\n{text}\n")
    with pytest.raises(BuildError, match=r"^theme/templates/page\.html:2:"):
        ours.page("page.html", {})


def test_a_template_that_cannot_be_read_is_told_when_it_is_rendered(tmp_path):
    ours = renderer(tmp_path, page="")
    (tmp_path / "templates/page.html").write_bytes(b"\xff")
    assert ours.seen("page.html", {"a": "b"}) == {"a": "b"}
    with pytest.raises(BuildError, match=r"^theme/templates/page\.html:"):
        ours.page("page.html", {"a": "b"})


@pytest.mark.parametrize("text", ["{{ no }}", "{{ a.no }}", "{{ a.no.no }}", "{{ no() }}", "{{ a.no() }}", "{{ a() }}"])
def test_what_is_not_there_is_an_error_at_its_line(tmp_path, text):
    ours = renderer(tmp_path, page=f"line\n{text}\n")
    with pytest.raises(BuildError) as found:
        ours.page("page.html", {"a": "b"})
    assert str(found.value).startswith("theme/templates/page.html:2:")


def test_a_template_sees_the_parts_whose_names_stand_in_it_or_in_what_it_takes_in(tmp_path):
    ours = renderer(
        tmp_path,
        base="{{ a }}{% block main %}{% endblock %}", parts="{% macro m(x) %}{{ x }}{{ b }}{% endmacro %}", within="{{ c }}",
        page="{% extends 'base.html' %}{% from 'parts.html' import m %}{% block main %}{% include 'within.html' %}{{ m(d) }}{% endblock %}",
        any="{% include which %}", none="", wrong="{{", lost="{% include 'no.html' %}",
    )  # fmt: skip
    made = []
    context = Parts({**dict.fromkeys("abcde", "x"), "f": lambda: made.append("f"), "which": "within.html"})
    assert "".join(ours.seen("page.html", context)) == "abcd"
    assert ours.seen("none.html", context) == {}
    assert not made
    for name in ("any", "wrong", "lost"):
        assert set(ours.seen(f"{name}.html", context)) == set(context)
    assert made == ["f"] * 3


def test_whatever_a_template_may_take_in_counts(tmp_path):
    ours = renderer(tmp_path, page="{% include 'icons/one.svg' %}")
    (tmp_path / "templates/icons").mkdir()
    found = []
    for text in ("<svg>1</svg>", "<svg>2</svg>"):
        (tmp_path / "templates/icons/one.svg").write_text(text)
        (tmp_path / "templates/.page.html.swp").write_text(text)
        found.append(ours.digest())
    assert found[0] != found[1]
    (tmp_path / "templates/.page.html.swp").unlink()
    assert ours.digest() == found[1]


def card(title):
    return Card(title, "/x/", "en", "ltr", "published", Strip(None, None, When("undated"), None), "")


def test_a_part_keeps_what_it_wrote_of_a_view_and_nothing_of_a_page(tmp_path):
    ours = renderer(
        tmp_path,
        parts="{% macro one(of, level=2) %}{{ of.title or of.label }}{{ level }}{% endmacro %}{% macro link(of) %}{{ of.label }}{% endmacro %}",
        page="{% from 'parts.html' import one, link %}{{ one(card) }}{{ one(card, 3) }}{{ link(to) }}"
        "{% macro own(of) %}{{ of.label }}{{ page }}{% endmacro %}{{ own(to) }}",
    )
    said = [
        ours.page("page.html", {"card": card(title), "to": Link(title, "/"), "page": page}).decode()
        for page, title in enumerate(("A", "A", "B & C", "A"))
    ]
    assert said == ["A2A3AA0", "A2A3AA1", "B &amp; C2B &amp; C3B &amp; CB &amp; C2", "A2A3AA3"]


def test_little_room_changes_no_byte(tmp_path, monkeypatch):
    monkeypatch.setattr("briefings.stencil.ROOM", 1)
    ours = renderer(
        tmp_path, parts="{% macro link(of) %}{{ of.label }}{% endmacro %}",
        page="{% from 'parts.html' import link %}{% for to in links %}{{ link(to) }} {% endfor %}",
    )  # fmt: skip
    links = [Link(label, "/") for label in "abcabc"]
    assert ours.page("page.html", {"links": links}) == b"a b c a b c "


# --- compiled templates ---------------------------------------------------------------------------------------------


def compiled(cache):
    return {path.name: path.read_bytes() for path in (cache / "templates").iterdir()}


@pytest.fixture
def counted(monkeypatch):
    """The names of templates that are compiled."""
    asked = []
    compile_ = jinja2.Environment.compile

    def spy(self, source, name=None, *rest, **more):
        asked.append(name)
        return compile_(self, source, name, *rest, **more)

    monkeypatch.setattr(jinja2.Environment, "compile", spy)
    return asked


def test_a_template_is_compiled_once_for_all_builds(tmp_path, counted):
    renderer(tmp_path, page="{{ a }}")
    for a in ("<", "b"):
        ours = Renderer(SITE, tmp_path, {}, tmp_path / "cache")
        assert ours.page("page.html", {"a": a}) == {"<": b"&lt;", "b": b"b"}[a]
    assert counted == ["page.html"]
    (tmp_path / "templates" / "page.html").write_text("{{ a }}!")
    assert Renderer(SITE, tmp_path, {}, tmp_path / "cache").page("page.html", {"a": "a"}) == b"a!"
    assert len(compiled(tmp_path / "cache")) == 1


DAMAGE = {
    "empty": lambda data: b"", "short": lambda data: data[:-1],
    "other": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_one_is_as_good_as_absent(tmp_path, counted, damage):
    renderer(tmp_path, page="{{ a }}")
    cache = tmp_path / "cache"
    Renderer(SITE, tmp_path, {}, cache).page("page.html", {"a": "a"})
    (path,) = (cache / "templates").iterdir()
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    for _ in range(2):
        assert Renderer(SITE, tmp_path, {}, cache).page("page.html", {"a": "a"}) == b"a"
    assert len(counted) == 2


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    renderer(tmp_path, page="{{ a }}")
    (tmp_path / "cache").write_text("a file")
    assert Renderer(SITE, tmp_path, {}, tmp_path / "cache").page("page.html", {"a": "a"}) == b"a"


def test_errors_name_the_line_of_a_template_that_was_kept(tmp_path):
    renderer(tmp_path, page="line\n{{ no }}")
    for _ in range(2):
        with pytest.raises(BuildError) as found:
            Renderer(SITE, tmp_path, {}, tmp_path / "cache").page("page.html", {})
        assert str(found.value).startswith("theme/templates/page.html:2:")
