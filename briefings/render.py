"""Pages from templates: what these see, and who fills them in.

The usual ones are filled in by :mod:`briefings.stencil`, all others by :mod:`briefings.jinja`, with the same bytes.
"""

from __future__ import annotations

import marshal
import sys
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.util import MAGIC_NUMBER, find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from briefings import stencil, urls
from briefings.cached import Cached
from briefings.entries import GENERATOR
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from briefings.jinja import Templates
    from briefings.model import Site
    from briefings.views import Bar, Point

COMPILED = "templates"
"""Below the cache folder: compiled templates."""
DRAWN = "maps"
"""Below the cache folder: what maps of one place show of the region around it."""
ADDRESSES = 4096
"""Addresses that are kept as they are written: those of lists stand on many pages."""
MAPS = 512
"""Maps of one place that are kept."""
_WITHIN = (
    ("/countries/", "/places/"), ("/regions/", "/places/"), ("/selections/", "/tags/"), ("/digest/", "/archive/"),
)  # fmt: skip
"""Lists that belong to a part of the site that their addresses do not name."""
_WRONG = ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError
"""What a template may raise beside the errors of Jinja2; whatever it is, is an error of the theme."""
_COMPILERS = ("compiler", "idtracking", "lexer", "nodes", "optimizer", "parser")
"""The modules of Jinja2 that decide how a template is compiled."""


class Renderer:
    """The theme's templates for one site."""

    def __init__(self, site: Site, theme: Path, statics: Mapping[str, str], cache: Path | None = None) -> None:
        """Prepare the templates below ``theme/templates``.

        Args:
            site: the settings.
            theme: the theme's folder.
            statics: its files below ``static``, with their SHA-256.
            cache: a folder where compiled templates and drawn regions may be kept, each in one of their own.
        """
        self.site = site
        self.theme = theme
        self.statics = statics
        self._base = urls.base(site.url)
        self._versions: dict[str, str] = {}
        self._sections = (*_WITHIN, *((path, path) for _, path in site.menu if path != "/"))
        self._maps: dict[Hashable, Markup] = {}
        self._kept = Cached(cache / COMPILED) if cache else None
        self._drawn = Cached(cache / DRAWN) if cache else None
        self._known = {
            "site": site, "generator": GENERATOR, "url": lru_cache(ADDRESSES)(self._url),
            "absolute": lru_cache(ADDRESSES)(lambda path: urls.absolute(site, path)), "section": self._section,
            "static": self._static, "world_map": self._world_map, "locator": self._locator,
            "sparkline": self._sparkline,
        }  # fmt: skip
        self._stencils = stencil.Stencils(self._known, self._compiled)

    @cached_property
    def _environment(self) -> Templates:
        from briefings import jinja  # noqa: PLC0415 - loads slowly, and edits of most themes do without it

        return jinja.environment(self.theme / "templates", self._known, self._kept, self._made_by)

    @cached_property
    def _made_by(self) -> bytes:
        """What decides, beside a template, how it is compiled: our files, Jinja2's own and Python."""
        total = sha256(MAGIC_NUMBER + sys.version.encode())
        ours = Path(__file__).parent
        found = find_spec("jinja2")
        theirs = Path(found.origin if found and found.origin else "").parent
        for path in (ours / "jinja.py", ours / "stencil.py", *(theirs / f"{name}.py" for name in _COMPILERS)):
            total.update(b"\0" + path.read_bytes())
        return total.digest()

    def _compiled(self, name: str) -> stencil.Compiled | None:
        """What is known of a template; ``None`` where it is not there, or wrong, which is told when it is rendered."""
        if any(part in {"", ".", ".."} for part in name.split("/")):
            return None
        try:
            source = (self.theme / "templates" / name).read_bytes()
            text = source.decode()
        except (OSError, ValueError):
            return None
        made_by = self._made_by + source
        key = f"plain-{sha256(name.encode()).hexdigest()}"
        if self._kept and (kept := self._kept.get(key, made_by)):
            names, others, code = marshal.loads(kept)  # noqa: S302 - what we wrote, to the byte
            return stencil.Compiled(frozenset(names), others, code)
        from briefings import jinja  # noqa: PLC0415

        try:
            made = jinja.compiled(self._environment, name, text)
        except jinja.Error:
            return None
        if made and self._kept:
            self._kept.put(key, made_by, marshal.dumps((sorted(made.names), made.others, made.code)))
        return made

    def prepare(self) -> None:
        """Have all templates of pages compiled; those that are wrong are told of when they are rendered."""
        for path in sorted((self.theme / "templates").glob("*.html")):
            self._stencils.usual(path.name)

    def _url(self, path: str) -> str:
        return self._base + urls.quoted(path)

    def _section(self, url: str) -> tuple[str, str]:
        """The address of a page if the menu leads to it, and of the part of the site that it belongs to; else empty."""
        found = ""
        for begins, path in self._sections:
            if url.startswith(begins):
                found = path
        return url if url == "/" or (url, url) in self._sections else "", found

    def _static(self, name: str) -> str:
        made = self._versions.get(name)
        if made is None:
            if name not in self.statics:
                raise LookupError(f'the theme has no static file "{name}"')
            made = self._versions[name] = f"{self._url(urls.STATIC + name)}?v={self.statics[name][:8]}"
        return made

    def _world_map(self, points: tuple[Point, ...], label: str = "", *, few: bool = False) -> Markup:
        from briefings import map as maps  # noqa: PLC0415 - with the outlines of all countries

        most = maps.FEW_DOTS if few else maps.MOST_DOTS
        return Markup(maps.world_map(points, label, self._url, most=most))  # noqa: S704 - drawn and escaped by us

    def _locator(self, points: tuple[Point, ...], label: str = "") -> Markup:
        """The map of a few places; that of one place stands on the page of every briefing about it."""
        key = points, label
        made = self._maps.get(key)
        if made is None:
            from briefings import map as maps  # noqa: PLC0415

            drawing = maps.locator(points, label, self._url, kept=self._drawn)
            made = Markup(drawing)  # noqa: S704 - drawn and escaped by us
            if len(points) == 1:
                if len(self._maps) >= MAPS:
                    self._maps.clear()
                self._maps[key] = made
        return made

    def _sparkline(self, bars: tuple[Bar, ...], label: str = "") -> Markup:
        from briefings import sparkline  # noqa: PLC0415 - of the pages of lists

        return Markup(sparkline.svg(bars, label))  # noqa: S704 - drawn and escaped by us

    def seen(self, name: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """The parts of a context that a template can look at; no other one is made, or counts for its fingerprint."""
        looks = self._stencils.looks(name)
        return {part: context[part] for part in context if looks is None or part in looks}

    def page(self, name: str, context: Mapping[str, Any]) -> bytes:
        """Render a template.

        Raises:
            BuildError: naming the template and its line.
        """
        if self._stencils.usual(name):
            try:
                return self._stencils.get_template(name).render(context).encode("utf-8")
            except Exception:  # noqa: BLE001, S110 - whatever it is: Jinja2 does it, or says what is wrong
                pass
        from briefings import jinja  # noqa: PLC0415

        try:
            return self._environment.get_template(name).render(context).encode("utf-8")
        except (*_WRONG, jinja.Error) as error:
            line = _template_line(error)
            what = f"{error.__class__.__name__}: {error}"
            raise BuildError(Problem(f"theme/templates/{name}", line, "", what)) from error

    def digest(self) -> str:
        """SHA-256 of all templates, names and contents: part of every page's fingerprint.

        Whatever its name says: templates may take in drawings and texts.
        """
        total = sha256()
        found = (path for path in (self.theme / "templates").rglob("*") if path.is_file())
        for path in sorted(path for path in found if path.suffix == ".html" or not path.name.startswith(".")):
            total.update(path.relative_to(self.theme).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return total.hexdigest()


def _template_line(error: BaseException) -> int:
    """The line of the innermost template in a traceback; Jinja maps its frames to the template's lines."""
    line = getattr(error, "lineno", 0) or 0
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".html"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
