"""Templates of usual forms, filled in without Jinja2: the same bytes as it gives, and none of it is loaded.

To load Jinja2 takes a quarter of the time of an edit. What it makes of a template (:mod:`briefings.jinja`) is Python
that leans on a few small things, which are here. A template is of a usual form if nothing else stands in it, nor in
those that it takes in; other templates, and whatever goes wrong, are left to Jinja2, which says it better.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn

from markupsafe import Markup, escape
from msgspec import Struct

from briefings.views import Card, FeedLink, Link, Strip, When

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from types import CodeType

ROOM = 32 * 1024 * 1024
"""Characters that a part of the theme keeps of what it has written; past that it begins anew."""
_BY_IDENTITY = frozenset((Card, Strip))
"""Views that are made once and stand on many pages."""
_BY_VALUE = frozenset((FeedLink, Link, When))
_KNOWN = frozenset((bool, int, str, type(None)))
"""What else a part may be told, and what it wrote be taken again: of one type, equal values are the same."""
_MISSING = object()
SPECIAL = re.compile("[&<>'\"]").search
"""What tells whether a text is to be escaped."""


class UnusualError(Exception):
    """Jinja2 is to do it, or to say what is wrong with it."""


# --- what compiled templates call -----------------------------------------------------------------------------------


def _lower(value: object) -> str:
    return (value if isinstance(value, str) else str(value)).lower()


def _joined(values: Iterable[object]) -> str:
    texts = [value if isinstance(value, str) else str(value) for value in values]
    return (Markup("") if any(hasattr(text, "__html__") for text in texts) else "").join(texts)


class _Undefined:
    """What is not there: whoever looks at it, and does not only ask whether it is, learns what is wrong from Jinja2."""

    def __init__(self, *_: object, **__: object) -> None:
        """Know nothing, whatever is told of it."""

    def _refuse(self, *_: object) -> NoReturn:
        raise UnusualError

    __getattr__ = __str__ = __repr__ = __bool__ = __hash__ = __eq__ = __ne__ = _refuse


FILTERS: dict[str, Callable[[Any], object]] = {"length": len, "lower": _lower, "safe": Markup}
TESTS: dict[str, Callable[[Any], bool]] = {
    "defined": lambda value: value.__class__ is not _Undefined, "even": lambda value: value % 2 == 0,
    "none": lambda value: value is None, "odd": lambda value: value % 2 == 1,
}  # fmt: skip


class _Turn(Struct, frozen=True):
    """What a loop knows of one of its turns; :data:`TURN` names it all."""

    index: int
    first: bool
    last: bool


TURN = frozenset(_Turn.__struct_fields__)


def _loop(items: Iterable[object], _: object) -> Iterator[tuple[object, _Turn]]:
    """Items, each with its turn."""
    every = tuple(items)
    for index, item in enumerate(every, 1):
        yield item, _Turn(index, index == 1, index == len(every))


class Keeping:
    """A macro. One that pages import knows nothing but its arguments, so that what it has written of a view holds."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pure = False
        self._kept: dict[Hashable, tuple[object, str]] = {}
        self._room = ROOM

    def write(self, *args: Any, **kwargs: Any) -> str:
        """What the macro itself makes of its arguments."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        if not self.pure or kwargs:
            return self.write(*args, **kwargs)
        first = args[0] if args else None
        kind, rest = first.__class__, args[1:]
        types = tuple(map(type, rest))
        if not _KNOWN.issuperset(types):
            return self.write(*args)
        if kind in _BY_IDENTITY:
            key: Hashable = (id(first), rest, types)
        elif kind in _BY_VALUE or not args or kind in _KNOWN:
            key = (kind, args, types)
        else:
            return self.write(*args)
        kept = self._kept.get(key)
        if kept is not None:
            return kept[1]
        made = self.write(*args)
        self._room -= len(made) + 100
        if self._room < 0:
            self._kept.clear()
            self._room = ROOM
        self._kept[key] = first, made  # the view is kept, so that no other one gets its number
        return made


class _Written:
    """What a macro is made of."""

    def __init__(
        self, _: object, write: Callable[..., str], name: str, arguments: tuple[str, ...], *__: object
    ) -> None:
        self.name, self.arguments, self._write = name, arguments, write


class _Part(Keeping, _Written):
    """A macro of a template of a usual form."""

    def write(self, *args: Any, **kwargs: Any) -> str:
        missing = self.arguments[len(args) :]
        if len(args) > len(self.arguments) or not kwargs.keys() <= set(missing):
            raise UnusualError
        return Markup(self._write(*args, *(kwargs.get(name, _MISSING) for name in missing)))  # noqa: S704 - escaped


class _Escaping:
    autoescape = True
    volatile = False


class _Context:
    """The names that a template sees, and the blocks of those that it extends."""

    eval_ctx = _Escaping

    def __init__(self, given: Mapping[str, Any], blocks: Mapping[str, Any]) -> None:
        self.vars: dict[str, Any] = {}
        self.exported_vars: set[str] = set()
        self.blocks = {name: [block] for name, block in blocks.items()}
        self._given = given

    def resolve_or_missing(self, name: str) -> object:
        """The value of a name."""
        if name in self.vars:
            return self.vars[name]
        return self._given.get(name, _MISSING)


class _Stencil:
    """A template."""

    def __init__(self, environment: Stencils, code: CodeType) -> None:
        self._environment = environment
        names: dict[str, Any] = {
            "environment": environment, "missing": _MISSING, "Markup": Markup, "escape": escape,
            "LoopContext": _loop, "markup_join": _joined, "Undefined": lambda _: "",
        }  # fmt: skip
        exec(code, names)  # noqa: S102 - what was made of a template of the theme, as Jinja2 does
        self.root_render_func = names["root"]
        self.blocks = names["blocks"]
        self._module: SimpleNamespace | None = None

    def render(self, context: Mapping[str, Any]) -> str:
        """Fill it in."""
        given = {**self._environment.names, **context}
        return "".join(self.root_render_func(_Context(given, self.blocks)))

    def _get_default_module(self, _: object = None) -> SimpleNamespace:
        """What it exports: nothing of a page is in that, so that it is the same for all pages."""
        if self._module is None:
            context = _Context(self._environment.names, self.blocks)
            for _ in self.root_render_func(context):
                pass
            self._module = SimpleNamespace(**{name: context.vars[name] for name in context.exported_vars})
            for part in vars(self._module).values():
                if isinstance(part, Keeping):
                    part.pure = True
        return self._module


class Compiled(Struct, frozen=True):
    """What is known of a template."""

    names: frozenset[str]
    """Every name that stands in it."""
    others: tuple[str, ...]
    """The templates that it takes in."""
    code: CodeType | None
    """What fills it in; ``None`` where it is of no usual form."""


class Stencils:
    """The templates of one theme. Its attributes are those of Jinja2's environment that compiled templates look at."""

    undefined = _Undefined
    concat = "".join
    special = staticmethod(SPECIAL)
    part = _Part
    filters = FILTERS
    tests = TESTS

    def __init__(self, names: Mapping[str, Any], compiled: Callable[[str], Compiled | None]) -> None:
        """Know them.

        Args:
            names: what all of them see.
            compiled: what is known of a template, by its name; ``None`` where that is nothing.
        """
        self.names = names
        self._compiled = compiled
        self._made: dict[str, _Stencil] = {}
        self._known: dict[str, Compiled | None] = {}
        self._reached: dict[str, tuple[frozenset[str] | None, bool]] = {}

    def _reach(self, name: str) -> tuple[frozenset[str] | None, bool]:
        """What :meth:`looks` and :meth:`usual` say of a template, found once: it is asked for every page."""
        reached = self._reached.get(name)
        if reached is None:
            todo, found = [name], dict[str, Compiled | None]()
            while todo:
                one = todo.pop()
                if one not in self._known:
                    self._known[one] = self._compiled(one)
                known = found[one] = self._known[one]
                todo += [other for other in known.others if other not in found] if known else ()
            whole = [known for known in found.values() if known]
            names = frozenset().union(*(one.names for one in whole)) if len(whole) == len(found) else None
            reached = self._reached[name] = names, names is not None and all(one.code for one in whole)
        return reached

    def looks(self, name: str) -> frozenset[str] | None:
        """Every name that stands in a template or in those that it takes in; ``None`` where that is not to be known."""
        return self._reach(name)[0]

    def usual(self, name: str) -> bool:
        """Whether a template, and all that it takes in, can be filled in here."""
        return self._reach(name)[1]

    def get_template(self, name: str, _: str = "") -> _Stencil:
        """A template of a usual form."""
        made = self._made.get(name)
        if made is None:
            known = self._known.get(name)
            if known is None or known.code is None:
                raise UnusualError
            made = self._made[name] = _Stencil(self, known.code)
        return made

    @staticmethod
    def getattr(of: Any, name: str) -> object:
        """What stands under a name in something that has no such attribute."""
        try:
            return of[name]
        except (AttributeError, LookupError, TypeError):
            return _Undefined()

    @staticmethod
    def getitem(of: Any, key: Any) -> object:
        """What stands under a key."""
        try:
            return of[key]
        except (AttributeError, LookupError, TypeError) as error:
            raise UnusualError from error
