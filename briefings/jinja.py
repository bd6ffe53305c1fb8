"""What Jinja2 makes of templates: Python, with or without Jinja2 behind it. Alone in knowing Jinja2.

Autoescape is on, a name that is not there is an error, and templates get finished values: they only place them.
"""

from __future__ import annotations

import marshal
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    nodes,
    pass_eval_context,
)
from jinja2.compiler import CodeGenerator
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.runtime import Macro

from briefings.stencil import FILTERS, SPECIAL, TESTS, TURN, Compiled, Keeping

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2.bccache import Bucket
    from jinja2.compiler import Frame
    from jinja2.environment import TemplateModule
    from jinja2.runtime import Context

    from briefings.cached import Cached

Error = TemplateError


class _Part(Keeping, Macro):
    """A macro."""

    write = Macro.__call__

    @pass_eval_context  # where Jinja itself calls it, which tells whether its words are to be escaped
    def __call__(self, *args: Any, **kwargs: Any) -> str:
        return super().__call__(*args, **kwargs)


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


class _Code(CodeGenerator):
    """Python from templates, without the detours that Jinja takes for what no template of ours can do.

    No global of ours asks for a context or an environment, so calls need not look for that; attributes are looked up
    by Python first. What stands between two statements is given as one text, and what of it needs no escaping, nearly
    everything, is passed on as it is, without a call.
    """

    _escapes = True
    """Whether all of the template is escaped: else whoever calls a macro tells it whether its words are."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self._escapes = node.find(nodes.ScopedEvalContextModifier) is None
        super().visit_Template(node, frame)
        self.writeline("special, Macro = environment.special, environment.part")

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
        inner = isinstance(node.node, nodes.Name) and node.node.name == "caller"  # of a template that may not escape
        if forward_caller or named or inner or node.dyn_args or node.dyn_kwargs or not self._escapes:
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


class Templates(Environment):
    """Jinja's, with a short way to the templates that are known."""

    code_generator_class = _Code
    template_class = _Template
    special = staticmethod(SPECIAL)
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

    def __init__(self, kept: Cached, made_by: bytes) -> None:
        self._kept, self._made_by = kept, made_by

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._kept.get(bucket.key, self._made_by + bucket.checksum.encode()):
            bucket.code = marshal.loads(code)  # noqa: S302 - what we wrote, to the byte

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept.put(bucket.key, self._made_by + bucket.checksum.encode(), marshal.dumps(bucket.code))


def environment(folder: Path, names: Mapping[str, Any], kept: Cached | None, made_by: bytes) -> Templates:
    """The templates of a folder.

    Args:
        folder: where they are.
        names: what all of them see.
        kept: takes compiled ones.
        made_by: the digest of what compiles them.
    """
    made = Templates(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_Compiled(kept, made_by) if kept else None,
    )
    made.globals.update(names)
    return made


# --- templates of usual forms ---------------------------------------------------------------------------------------

_USUAL = (
    nodes.Add, nodes.And, nodes.Assign, nodes.Block, nodes.Call, nodes.Compare, nodes.Concat, nodes.CondExpr,
    nodes.Const, nodes.Dict, nodes.Extends, nodes.Filter, nodes.For, nodes.FromImport, nodes.Getattr, nodes.Getitem,
    nodes.If, nodes.Keyword, nodes.List, nodes.Macro, nodes.Name, nodes.Neg, nodes.Not, nodes.Operand, nodes.Or,
    nodes.Output, nodes.Pair, nodes.Slice, nodes.Sub, nodes.Template, nodes.TemplateData, nodes.Test, nodes.Tuple,
)  # fmt: skip
"""What may stand in a template that is filled in without Jinja2."""
_MAGIC = frozenset(("caller", "kwargs", "self", "super", "varargs", *DEFAULT_NAMESPACE))
"""Names that mean something to Jinja2 alone."""


def compiled(made: Templates, name: str, source: str) -> Compiled | None:
    """What a template says, as Python if it is of a usual form; ``None`` where that is not to be known.

    Raises:
        Error: it is wrong.
    """
    tree = made.parse(source, name)
    asked: Any = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    others: list[Any] = [one.template for one in tree.find_all(asked)]
    if not all(isinstance(one, nodes.Const) and isinstance(one.value, str) for one in others):
        return None
    names = frozenset(one.name for one in tree.find_all(nodes.Name))
    code = None
    if _usual(tree, names):
        text = made.compile(tree, name, name, raw=True)
        head, _, rest = text.partition("\n")
        if head.startswith("from jinja2.runtime import "):  # what stands in for these names is at hand
            code = compile(rest, name, "exec", dont_inherit=True)
    return Compiled(names, tuple(sorted({one.value for one in others})), code)


def _usual(tree: nodes.Template, names: frozenset[str]) -> bool:
    """Whether nothing stands in a template but what :mod:`briefings.stencil` fills in as Jinja2 does."""
    if names & _MAGIC or not all(one in tree.body for one in tree.find_all(nodes.Extends)):
        return False
    shown = {id(child) for output in tree.find_all(nodes.Output) for child in output.nodes}
    turns = {id(one.node) for one in tree.find_all(nodes.Getattr) if one.attr in TURN}
    return all(_is_usual(node, shown, turns) for node in (tree, *tree.find_all(nodes.Node)))


def _is_usual(node: nodes.Node, shown: set[int], turns: set[int]) -> bool:
    """The same of one node; ``shown`` are those whose value is put out, ``turns`` those that a turn is asked of."""
    match node:
        case nodes.For():
            return not (node.recursive or node.test)
        case nodes.Block():
            return not (node.scoped or node.required)
        case nodes.FromImport():
            return not node.with_context
        case nodes.Filter():
            plain = not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
            return plain and node.node is not None and node.name in FILTERS
        case nodes.Test():
            return not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs) and node.name in TESTS
        case nodes.Call():
            named = any(iskeyword(one.key) for one in node.kwargs)
            return not (named or node.dyn_args or node.dyn_kwargs)
        case nodes.CondExpr():
            return node.expr2 is not None or id(node) in shown
        case nodes.Name(name="loop"):
            return id(node) in turns
        case _:
            return isinstance(node, _USUAL)
