"""Pages from templates. Alone in knowing Jinja2.

Autoescape is on, a name that is not there is an error, and templates get finished values: they only place them.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from briefings import map as maps
from briefings import sparkline, urls
from briefings.entries import GENERATOR
from briefings.errors import BuildError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from briefings.model import Site
    from briefings.views import Bar, Point


class Renderer:
    """The theme's templates for one site."""

    def __init__(self, site: Site, theme: Path, statics: Mapping[str, str]) -> None:
        """Prepare the templates below ``theme/templates``; ``statics`` are its files with their SHA-256."""
        self.site = site
        self.theme = theme
        self.statics = statics
        self._environment = Environment(
            loader=FileSystemLoader(theme / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            site=site,
            generator=GENERATOR,
            url=self._url,
            absolute=lambda path: urls.absolute(site, path),
            static=self._static,
            world_map=self._world_map,
            locator=self._locator,
            sparkline=self._sparkline,
        )

    def _url(self, path: str) -> str:
        return urls.local(self.site, path)

    def _static(self, name: str) -> str:
        if name not in self.statics:
            raise LookupError(f'the theme has no static file "{name}"')
        return f"{self._url(urls.STATIC + name)}?v={self.statics[name][:8]}"

    def _world_map(self, points: tuple[Point, ...], label: str = "", *, few: bool = False) -> Markup:
        most = maps.FEW_DOTS if few else maps.MOST_DOTS
        return Markup(maps.world_map(points, label, self._url, most=most))  # noqa: S704 - drawn and escaped by us

    def _locator(self, points: tuple[Point, ...], label: str = "") -> Markup:
        return Markup(maps.locator(points, label, self._url))  # noqa: S704 - drawn and escaped by us

    def _sparkline(self, bars: tuple[Bar, ...], label: str = "") -> Markup:
        return Markup(sparkline.svg(bars, label))  # noqa: S704 - drawn and escaped by us

    def page(self, name: str, context: Mapping[str, Any]) -> bytes:
        """Render a template.

        Raises:
            BuildError: naming the template and its line.
        """
        try:
            return self._environment.get_template(name).render(context).encode("utf-8")
        except (TemplateError, LookupError, TypeError, ValueError, AttributeError) as error:
            line = _template_line(error)
            what = f"{error.__class__.__name__}: {error}"
            raise BuildError(Problem(f"theme/templates/{name}", line, "", what)) from error

    def digest(self) -> str:
        """SHA-256 of all templates, names and contents: part of every page's fingerprint."""
        total = sha256()
        for path in sorted((self.theme / "templates").rglob("*.html")):
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
