"""Pages from templates. Alone in knowing Jinja2.

Autoescape is on, a name that is not there is an error, and templates get finished values: they only place them.
"""

from __future__ import annotations

import marshal
import re
import sys
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.util import MAGIC_NUMBER
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    compiler,
    idtracking,
    lexer,
    nodes,
    optimizer,
    parser,
)
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Macro
from markupsafe import Markup

from briefings import urls
from briefings.cached import Cached
from briefings.entries import GENERATOR
from briefings.errors import BuildError, Problem
from briefings.views import Card, FeedLink, Link, Strip, When

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from collections.abc import Set as AbstractSet

    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame
    from jinja2.environment import TemplateModule
    from jinja2.runtime import Context

    from briefings.model import Site
    from briefings.views import Bar, Point

ROOM = 32 * 1024 * 1024
"""Characters that a part of the theme keeps of what it has written; past that it begins anew."""
COMPILED = "templates"
"""Below the cache folder: compiled templates."""
ADDRESSES = 4096
"""Addresses that are kept as they are written: those of lists stand on many pages."""
MAPS = 512
"""Maps of one place that are kept."""
_WITHIN = (
    ("/countries/", "/places/"), ("/regions/", "/places/"), ("/selections/", "/tags/"), ("/digest/", "/archive/"),
)  # fmt: skip
"""Lists that belong to a part of the site that their addresses do not name."""
_BY_IDENTITY = frozenset((Card, Strip))
"""Views that are made once and stand on many pages."""
_BY_VALUE = frozenset((FeedLink, Link, When))
_KNOWN = frozenset((str,))


class _Part(Macro):
    """A macro. One that pages import knows nothing but its arguments, so that what it has written of a view holds."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pure = False
        self._kept: dict[Hashable, tuple[object, str]] = {}
        self._room = ROOM

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if not self.pure or kwargs:
            return super().__call__(*args, **kwargs)
        first = args[0] if args else None
        kind = first.__class__
        if kind in _BY_IDENTITY:
            key: Hashable = (id(first), *args[1:])
        elif kind in _BY_VALUE or _KNOWN.issuperset(map(type, args)):
            key = args
        else:
            return super().__call__(*args)
        kept = self._kept.get(key)
        if kept is not None:
            return kept[1]
        made: str = super().__call__(*args)
        self._room -= len(made) + 100
        if self._room < 0:
            self._kept.clear()
            self._room = ROOM
        self._kept[key] = first, made  # the view is kept, so that no other one gets its number
        return made


class _Template(Template):
    """A template whose macros, once it is imported, are known to know nothing of the page that imports it."""

    known: TemplateModule | None = None
    """The module, once it was imported: every template has the same globals, so that it is the same for all pages."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self.known is not None:
            return self.known
        module = super()._get_default_module(ctx)
        if module is self._module:
            self.known = module
            for part in vars(module).values():
                if isinstance(part, _Part):
                    part.pure = True
        return module


def _looks(node: nodes.Template) -> tuple[list[str], list[str]] | None:
    """The names that stand in a template, and the templates that it takes in; ``None`` where a value names one."""
    asked: Any = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    others: list[Any] = [one.template for one in node.find_all(asked)]
    if not all(isinstance(one, nodes.Const) and isinstance(one.value, str) for one in others):
        return None
    return sorted({name.name for name in node.find_all(nodes.Name)}), sorted({one.value for one in others})


class _Code(CodeGenerator):
    """Python from templates, without the detours that Jinja takes for what no template of ours can do.

    No global of ours asks for a context or an environment, so calls need not look for that; attributes are looked up
    by Python first. What stands between two statements is given as one text, and what of it needs no escaping, nearly
    everything, is passed on as it is, without a call.
    """

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        super().visit_Template(node, frame)
        self.writeline("special, Macro = environment.special, environment.part")
        self.writeline(f"looks = {_looks(node)!r}")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        finalize = self._make_finalize()
        self.writeline("yield concat((")
        self.indent()
        for child in node.nodes:
            try:
                self.writeline(f"{self._output_const_repr([self._output_child_to_const(child, frame, finalize)])},")
            except Exception:  # noqa: BLE001 - as Jinja does: it is no constant, or fails, which a page shall show
                self.newline(child)
                self._output_child_pre(child, frame, finalize)
                self.visit(child, frame)
                self._output_child_post(child, frame, finalize)
                self.write(",")
        self.outdent()
        self.writeline("))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._usual(frame, finalize):
            self.write("(put if (put := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._usual(frame, finalize):
            self.write(").__class__ is Markup or (put.__class__ is str and not special(put)) else escape(put))")
        else:
            super()._output_child_post(node, frame, finalize)

    @staticmethod
    def _usual(frame: Frame, finalize: Any) -> bool:
        """Whether what comes out is escaped, and nothing else is done to it."""
        return frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        named = any(iskeyword(given.key) for given in node.kwargs)
        if forward_caller or named or node.dyn_args or node.dyn_kwargs or frame.eval_ctx.volatile:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        self.write("(got if (got := getattr((of := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(of, {node.attr!r}))")


class _Environment(Environment):
    """Jinja's, with a short way to the templates that are known."""

    code_generator_class = _Code
    template_class = _Template
    special = staticmethod(re.compile("[&<>'\"]").search)
    part = _Part

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: dict[object, Template] = {}

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:  # noqa: A002
        found = self._found.get(name)
        if found is None or globals:
            found = super().get_template(name, parent, globals)
            if not globals:
                found.globals = dict(found.globals)  # as it is, several mappings that are searched in turn
                self._found[name] = found
        return found


class _Compiled(BytecodeCache):
    """Compiled templates in a folder."""

    def __init__(self, folder: Path) -> None:
        self._kept = Cached(folder)

    @cached_property
    def _made_by(self) -> bytes:
        """What decides, beside a template, how it is compiled: this file, Jinja2's own and Python."""
        total = sha256(MAGIC_NUMBER + sys.version.encode())
        theirs = (module.__file__ or "" for module in (compiler, idtracking, lexer, nodes, optimizer, parser))
        for name in (__file__, *theirs):
            total.update(b"\0" + Path(name).read_bytes())
        return total.digest()

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._kept.get(bucket.key, self._made_by + bucket.checksum.encode()):
            bucket.code = marshal.loads(code)  # noqa: S302 - what we wrote, to the byte

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept.put(bucket.key, self._made_by + bucket.checksum.encode(), marshal.dumps(bucket.code))


class Renderer:
    """The theme's templates for one site."""

    def __init__(self, site: Site, theme: Path, statics: Mapping[str, str], cache: Path | None = None) -> None:
        """Prepare the templates below ``theme/templates``.

        Args:
            site: the settings.
            theme: the theme's folder.
            statics: its files below ``static``, with their SHA-256.
            cache: a folder where compiled templates may be kept, in one of their own.
        """
        self.site = site
        self.theme = theme
        self.statics = statics
        self._base = urls.base(site.url)
        self._versions: dict[str, str] = {}
        self._sections = (*_WITHIN, *((path, path) for _, path in site.menu if path != "/"))
        self._maps: dict[Hashable, Markup] = {}
        self._names: dict[str, AbstractSet[str] | None] = {}
        self._environment = _Environment(
            loader=FileSystemLoader(theme / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_Compiled(cache / COMPILED) if cache else None,
        )
        self._environment.globals.update(
            site=site,
            generator=GENERATOR,
            url=lru_cache(ADDRESSES)(self._url),
            absolute=lru_cache(ADDRESSES)(lambda path: urls.absolute(site, path)),
            section=self._section,
            static=self._static,
            world_map=self._world_map,
            locator=self._locator,
            sparkline=self._sparkline,
        )

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

            made = Markup(maps.locator(points, label, self._url))  # noqa: S704 - drawn and escaped by us
            if len(points) == 1:
                if len(self._maps) >= MAPS:
                    self._maps.clear()
                self._maps[key] = made
        return made

    def drawn(self) -> dict[Any, str]:
        """The regions of maps that were drawn: for other processes, since drawing takes longer than most pages."""
        if not self._maps:
            return {}
        from briefings import map as maps  # noqa: PLC0415

        return maps.drawn()

    def know(self, drawn: Mapping[Any, str]) -> None:
        """Take regions that another process has drawn."""
        if drawn:
            from briefings import map as maps  # noqa: PLC0415

            maps.know(drawn)

    def _sparkline(self, bars: tuple[Bar, ...], label: str = "") -> Markup:
        from briefings import sparkline  # noqa: PLC0415 - of the pages of lists

        return Markup(sparkline.svg(bars, label))  # noqa: S704 - drawn and escaped by us

    def seen(self, name: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """The parts of a context that a template can look at; no other one is made, or counts for its fingerprint."""
        looks = self._looks(name)
        return {part: context[part] for part in context if looks is None or part in looks}

    def _looks(self, name: str) -> AbstractSet[str] | None:
        """Every name that stands in a template or in those that it takes in; ``None`` where that is not to be known."""
        if name in self._names:
            return self._names[name]
        names: set[str] | None = set()
        todo, done = [name], {name}
        while todo and names is not None:
            try:
                template = self._environment.get_template(todo.pop())
            except TemplateError:
                names = None  # which is told when it is rendered
                break
            looks = template.root_render_func.__globals__["looks"]
            names = None if looks is None else names | set(looks[0])
            todo += [other for other in (looks[1] if looks else ()) if other not in done]
            done.update(todo)
        self._names[name] = names
        return names

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
