"""Jinja for templates that others wrote: no access to what is not theirs, no unknown names, no endless output."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context, pass_eval_context
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import do_join, do_replace, make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from narrcheck.reports.workbooks import xml_text

_STEPS, _STEPS_EACH = 1_000_000, 100
_SIZE, _SIZE_EACH = 50_000_000, 20_000
"""How often the loops of a letter may turn and how many characters they may write: of themselves, and a comment."""
_LONGEST = 1_000_000
_BITS = 10_000
_TURN, _BOUNDED = "count a turn", "not too long"
"""The filters that count and that refuse what is too long: no template can name them."""
_METHODS = frozenset([
    "capitalize", "count", "endswith", "find", "isdigit", "lower", "lstrip", "partition", "removeprefix",
    "removesuffix", "rstrip", "split", "startswith", "strip", "title", "upper",
])  # fmt: skip
"""What can be called of a text or a number: nothing that makes much of little."""
_LEFT_OUT = (
    "batch", "center", "format", "indent", "pprint", "safe", "slice", "sum", "tojson", "urlize", "wordwrap", "xmlattr",
)  # fmt: skip
"""Filters that make a text of any length, or markup out of what a filing says."""


class TooMuch(Exception):
    """A template that makes more than any letter has."""


class NoText(Exception):
    """Something that is no text, where one is to be printed."""


class UnknownName(UndefinedError):
    """A name that nothing has: `name`, of the object `owner` or of the letter itself (None)."""

    def __init__(self, name: str, owner: object) -> None:
        super().__init__(name)
        self.name, self.owner = name, owner


class _Missing(StrictUndefined):
    """What is not there; every use of it says which name it was."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> None:
        super().__init__(hint, obj, name, exc)
        if exc is UndefinedError:
            owner = None if obj is missing else obj
            self._undefined_exception = lambda told: UnknownName(name or "", owner)  # type: ignore[assignment]


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment that one template is rendered in. `source` is the text of the part rendered last."""

    intercepted_binops = frozenset(["*", "**", "%", "+"])

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Missing, finalize=self._plain)
        self.source = ""
        self._made: dict[str, Template] = {}
        self.steps = self.size = 0
        own = {**self.filters, "join": _join, "replace": _replace, _BOUNDED: lambda value: value}
        self.filters = {name: _bounded(one) for name, one in own.items() if name not in _LEFT_OUT}
        self.filters[_TURN] = self._turn
        del self.globals["lipsum"]

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Template:
        """The template of this source, made once."""
        self.source = source
        if source not in self._made:
            self._made[source] = super().from_string(source, *args, **kwargs)
        return self._made[source]

    def start(self, comments: int) -> None:
        """Begin another letter, of so many comments."""
        self.steps = _STEPS + _STEPS_EACH * comments
        self.size = _SIZE + _SIZE_EACH * comments

    @pass_context  # which keeps it from being worked out beforehand
    def _turn(self, context: Context, size: int) -> str:
        """One turn of a loop that writes so many characters. TooMuch."""
        self.steps -= 1
        if self.steps < 0:
            raise TooMuch
        self._write(size)
        return ""

    def _write(self, size: int) -> None:
        self.size -= size
        if self.size < 0:
            raise TooMuch

    def _plain(self, value: Any) -> Any:
        """A value as it goes into the document: text that is no markup, no template, and nothing that XML does not
        take. NoText, TooMuch."""
        if value is None or isinstance(value, Undefined):
            return "" if value is None else value
        if isinstance(value, Markup):
            self._write(len(value))
            return value
        if not isinstance(value, (str, int, float)):
            raise NoText
        text = xml_text(str(value))
        self._write(len(text))
        return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with a count at the head of each loop and macro, and texts strung together held short."""
        made: nodes.Template = _Strung().visit(super()._parse(source, name, filename))
        loops: list[nodes.For | nodes.Macro] = [*made.find_all(nodes.For), *made.find_all(nodes.Macro)]
        for node in loops:
            size = sum(len(text.data) for text in node.find_all(nodes.TemplateData))
            count = nodes.Filter(nodes.Const(size), _TURN, [], [], None, None)
            node.body.insert(0, nodes.ExprStmt(count, lineno=node.lineno))
        return made

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic, refused where it could make something of any size."""
        sides = (left, right)
        if operator == "%" and isinstance(left, str):
            raise SecurityError("%")
        if operator == "**" and any(isinstance(side, (int, float)) and abs(side) > 1000 for side in sides):
            raise TooMuch
        made = [len(side) for side in sides if isinstance(side, (str, list, tuple))]
        times = [side for side in sides if isinstance(side, int)]
        if sum(side.bit_length() for side in times) > _BITS:
            raise TooMuch
        if operator in "+*" and made and sum(made) * max(times, default=1) > _LONGEST:
            raise TooMuch
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use the attribute."""
        allowed = attr in _METHODS or not isinstance(obj, (str, int, float))
        return allowed and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No way to format: a width makes a text of any length."""


class _Strung(NodeTransformer):
    """Puts a bound on what `~` makes."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return nodes.Filter(node, _BOUNDED, [], [], None, None, lineno=node.lineno)


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses to make more than a letter has. TooMuch."""

    @wraps(function)
    def bounded(*given: Any, **named: Any) -> Any:
        made = function(*given, **named)
        if isinstance(made, (str, list, tuple)) and len(made) > _LONGEST:
            raise TooMuch
        return made

    return bounded


@pass_eval_context
def _join(context: EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    """Jinja's filter, told beforehand how long the text will be. TooMuch."""
    get = make_attrgetter(context.environment, attribute) if attribute is not None else None
    parts = list(value) if get is None else [get(item) for item in value]
    if sum(len(part) for part in parts if isinstance(part, str)) + len(parts) * len(str(d)) > _LONGEST:
        raise TooMuch
    made: str = do_join(context, parts, d)
    return made


@pass_eval_context
def _replace(context: EvalContext, s: str, old: str, new: str, count: int | None = None) -> str:
    """Jinja's filter, told beforehand how long the text may be. TooMuch."""
    if len(str(s)) + str(s).count(str(old)) * len(str(new)) > _LONGEST:
        raise TooMuch
    made: str = do_replace(context, s, old, new, count)
    return made
