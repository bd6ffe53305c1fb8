"""The theme: every part and page renders from its example and is strict about markup; the stylesheet stays small."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from theme_examples import PAGES, PARTS, SITE, PageExample, PartExample

from briefings.errors import BuildError
from briefings.render import Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

THEME = Path(__file__).parent.parent / "theme"
TEMPLATES = THEME / "templates"
SAFE = {
    "base.html": ["head.jsonld|safe"],
    "page.html": ["page.content|safe"],
}
"""The only values that may enter a page unescaped: JSON escaped for a script, and cleaned HTML."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@cache
def renderer() -> Renderer:
    """Return the real renderer with the theme's files."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((THEME / "static").iterdir())}
    return Renderer(SITE, THEME, {"search.js": "0" * 64, **found})


@cache
def page(example: str) -> str:
    """Return the HTML of a page's example, by its name."""
    found = next(one for one in PAGES if one.name == example)
    return renderer().page(found.template, found.context).decode()


@cache
def soup(example: str) -> BeautifulSoup:
    """Return a page's example, parsed."""
    return BeautifulSoup(page(example), "lxml")


def templates() -> Iterator[tuple[str, str]]:
    """Yield name and text of every template."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")


def names() -> list[str]:
    """Return the names of all page examples that have the site's own layout."""
    return [example.name for example in PAGES if example.template not in {"redirect.html", "mail.html"}]


# --- templates as text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), list(templates()))
def test_nothing_enters_unescaped_but_where_it_may(name: str, text: str) -> None:
    assert re.findall(r"[\w.]+\s*\|\s*safe", text) == SAFE.get(name, [])
    assert "autoescape" not in text


@pytest.mark.parametrize(("name", "text"), list(templates()))
def test_no_inline_style_script_or_handler(name: str, text: str) -> None:
    style = "" if name == "mail.html" else "<style|"  # mail clients know no style sheet beside the page
    assert not re.search(rf"{style}\sstyle\s*=|\son\w+\s*=|javascript:", text), name
    scripts = re.findall(r"<script[^>]*>", text)
    assert all('type="application/ld+json"' in script or "src=" in script for script in scripts), scripts


@pytest.mark.parametrize(("name", "text"), list(templates()))
def test_every_address_goes_through_the_site(name: str, text: str) -> None:
    """A literal root-relative address would break on a site below a path."""
    assert not re.search(r'(?:href|src|action)="/', text), name


def test_every_macro_and_every_page_has_an_example() -> None:
    macros = {
        (path.stem, macro)
        for path in (TEMPLATES / "parts").glob("*.html")
        for macro in re.findall(r"{%-?\s*macro (\w+)\(", path.read_text(encoding="utf-8"))
    }
    assert macros == {(example.part, example.macro) for example in PARTS}
    shown = {example.template for example in PAGES}
    assert shown == {path.name for path in TEMPLATES.glob("*.html")} - {"base.html"}
    assert len({example.name for example in (*PARTS, *PAGES)}) == len(PARTS) + len(PAGES)


# --- parts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", PARTS, ids=lambda example: example.name)
def test_part(example: PartExample, tmp_path: Path) -> None:
    """Each part renders alone, as a page of one call, and closes what it opens."""
    arguments = ", ".join(f"a{n}" for n in range(len(example.args)))
    text = f'{{% from "parts/{example.part}.html" import {example.macro} %}}{{{{ {example.macro}({arguments}) }}}}'
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "parts").symlink_to(TEMPLATES / "parts")
    (tmp_path / "templates" / "call.html").write_text(text)
    call = Renderer(SITE, tmp_path, renderer().statics)
    html = call.page("call.html", {f"a{n}": value for n, value in enumerate(example.args)}).decode()
    for words in example.shows:
        assert words in html
    for words in example.hides:
        assert words not in html
    assert unclosed(html) == []


def unclosed(html: str) -> list[str]:
    """Return the elements that are opened and not closed, or closed without being open."""
    stack: list[str] = []
    for closing, name, ends in re.findall(r"<(/?)([a-zA-Z][\w-]*)[^>]*?(/?)>", html):
        if closing:
            if not stack or stack.pop() != name:
                return [*stack, f"/{name}"]
        elif not ends and name not in VOID:
            stack.append(name)
    return stack


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", PAGES, ids=lambda example: example.name)
def test_page(example: PageExample) -> None:
    html = page(example.name)
    for words in example.shows:
        assert words in html
    for words in example.hides:
        assert words not in html
    assert unclosed(html.replace("<!doctype html>", "")) == []


@pytest.mark.parametrize("name", names())
def test_one_heading_one_main_a_skip_link_and_an_outline_without_gaps(name: str) -> None:
    found = soup(name)
    assert len(found.select("h1")) == len(found.select("main")) == 1
    skip = found.select_one("body > a")
    assert skip is not None
    assert found.select_one(str(skip["href"])) is not None
    levels = [int(heading.name[1]) for heading in found.select("h1, h2, h3, h4, h5, h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    ids = [str(element["id"]) for element in found.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(
        link.get_text(strip=True) or link.get("aria-label") or link.select("svg, title") for link in found.select("a")
    )


@pytest.mark.parametrize("name", names())
def test_head_says_what_the_page_is(name: str) -> None:
    found = soup(name)
    context = next(one for one in PAGES if one.name == name).context
    assert found.html is not None
    assert found.html["lang"] == SITE.lang
    assert found.title is not None
    assert found.title.get_text().endswith(SITE.name)
    assert found.select_one('meta[name="description"]')
    canonical = [str(link["href"]) for link in found.select('link[rel="canonical"]')]
    assert canonical == ([SITE.url + context["head"].url] if context["head"].url else [])
    feeds = [str(link["href"]) for link in found.select('link[rel="alternate"]')]
    assert feeds == [SITE.url + feed.url for feed in context["head"].feeds]
    assert found.select_one('footer a[href="/desk/feeds/"]')


@pytest.mark.parametrize("name", names())
def test_nothing_foreign_is_fetched_and_the_policy_says_so(name: str) -> None:
    found = soup(name)
    fetched = [*found.select("[src]"), *found.select('link[rel~="stylesheet"], link[rel~="icon"]')]
    assert all(str(one.get("src") or one.get("href")).startswith("/desk/") for one in fetched)
    policy = found.select_one('meta[http-equiv="Content-Security-Policy"]')
    assert policy is not None
    assert ("unsafe" in str(policy["content"])) == name.startswith("search")
    assert "unsafe" not in str(policy["content"]).replace("'wasm-unsafe-eval'", "")
    scripts = [str(script.get("src") or script.get("type")) for script in found.select("script")]
    if own := name.partition(",")[0] in {"search", "feeds", "map", "offline"}:
        assert [
            re.fullmatch(r"/desk/static/(search|feeds|map|offline-list)\.js\?v=\w{8}", script) is not None
            for script in scripts
        ] == [own]
    else:
        assert scripts in ([], ["application/ld+json"]), "pages for reading run nothing"


@pytest.mark.parametrize("name", names())
def test_every_item_says_its_language_and_direction(name: str) -> None:
    for item in soup(name).select("article.card, article.briefing"):
        assert item["lang"]
        assert item["dir"] in ("ltr", "rtl")
        assert item.select_one(".strip")


def test_the_strip_reads_as_a_line() -> None:
    strip = soup("briefing").select_one(".strip")
    assert strip is not None
    assert strip.get_text().replace("\xa0", " ") == "Palu, Indonesia · 28 September 2018 · Celebes Coast News"
    assert [str(link["href"]) for link in strip.select("a")] == [
        "/desk/places/palu-id/", "/desk/countries/id/", "/desk/2018/09/", "/desk/sources/celebes-coast-news/",
    ]  # fmt: skip


def test_what_the_box_below_says_is_not_said_above_it() -> None:
    """A summary that is a key point stands once, and so does the reason why a briefing was withdrawn."""
    for example in PAGES:
        if example.template == "briefing.html":
            lead, points = example.context["card"].lead, example.context["points"]
            wanted = bool(lead) and lead not in points and not example.context["withdrawn"]
            assert bool(soup(example.name).select("header .summary")) == wanted


def test_a_missing_name_is_an_error_that_names_the_template(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text("one\n{{ nothing_of_the_kind }}")
    with pytest.raises(BuildError, match="nothing_of_the_kind"):
        Renderer(SITE, tmp_path, {}).page("x.html", {})


# --- stylesheet -----------------------------------------------------------------------------------------------------


def style() -> str:
    """Return the stylesheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (THEME / "static" / "site.css").read_text(encoding="utf-8"), flags=re.DOTALL)


def test_stylesheet_is_small_and_calls_nothing() -> None:
    text = (THEME / "static" / "site.css").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("{") == text.count("}")


def test_sides_are_logical() -> None:
    """Right-to-left pages get the same rules: no rule names left or right."""
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)\b"
        r"|(?<![-\w])(?:left|right|top|bottom)\s*:|text-align:\s*(?:left|right)"
    )
    assert re.findall(physical, style()) == []


def test_every_custom_property_is_defined() -> None:
    assert set(re.findall(r"var\((--[\w-]+)", style())) <= set(re.findall(r"(--[\w-]+)\s*:", style()))


def colours(scheme: str) -> dict[str, str]:
    """Return the colours of a scheme: those of the first block, changed by the dark one."""
    blocks = re.findall(r":root \{(.*?)\}", style(), flags=re.DOTALL)
    found = dict(re.findall(r"(--\w+): (#[0-9a-f]{6})", blocks[0]))
    return found | dict(re.findall(r"(--\w+): (#[0-9a-f]{6})", blocks[1])) if scheme == "dark" else found


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["--paper", "--tint"])
@pytest.mark.parametrize("text", ["--ink", "--soft", "--accent"])
def test_contrast_of_text(scheme: str, ground: str, text: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    found = colours(scheme)
    high, low = sorted((luminance(found[ground]), luminance(found[text])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_both_schemes_are_declared_and_differ() -> None:
    assert "color-scheme: light dark" in style()
    assert colours("light")["--paper"] != colours("dark")["--paper"]
    for theme_colour, scheme in re.findall(r'prefers-color-scheme: (\w+)\)" content="(#\w+)"', page("front page")):
        assert colours(theme_colour)["--paper"] == scheme


@pytest.mark.parametrize(
    "feature", ["forced-colors: active", "print", "prefers-contrast: more", "prefers-color-scheme: dark"]
)
def test_readers_wishes_have_rules(feature: str) -> None:
    assert feature in re.sub(r"[()]", "", " ".join(re.findall(r"@media ([^{]*)", style())))


def test_nothing_moves() -> None:
    """No animation or transition, so that nobody has to ask for less."""
    assert not re.search(r"\b(?:animation|transition|scroll-behavior)\b", style())


def test_feed_style_tells_people_what_they_see() -> None:
    text = (THEME / "static" / "feed.css").read_text(encoding="utf-8")
    assert 'content: "This is a feed.' in text
    assert "url(" not in text
