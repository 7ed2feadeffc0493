"""Jinja for templates that others wrote: no access to what is not theirs, no unknown names, no endless output."""

from typing import Any

from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup, escape

from narrcheck.reports.workbooks import xml_text

_STEPS, _STEPS_EACH = 1_000_000, 100
_SIZE, _SIZE_EACH = 50_000_000, 20_000
"""How often the loops of a letter may turn and how many characters they may write: of themselves, and a comment."""
_LONGEST = 1_000_000
_TURN = "count a turn"
"""The filter that counts: no template can name it."""
_FILLING = frozenset(["center", "expandtabs", "ljust", "rjust", "zfill"])
"""Methods that make a text of any length."""
_LEFT_OUT = ("center", "format", "indent", "safe", "tojson", "urlize", "xmlattr")
"""Filters that make a text of any length, or markup out of what a filing says."""


class TooMuch(Exception):
    """A template that makes more than any letter has."""


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
        super().__init__(autoescape=True, undefined=_Missing, finalize=_plain)
        self.source = ""
        self._made: dict[str, Template] = {}
        self.steps = self.size = 0
        for name in _LEFT_OUT:
            del self.filters[name]
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
        self.size -= size
        if self.steps < 0 or self.size < 0:
            raise TooMuch
        return ""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with a count at the head of each loop and macro."""
        made = super()._parse(source, name, filename)
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
        if operator in "+*" and made and sum(made) * max(times, default=1) > _LONGEST:
            raise TooMuch
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use the attribute."""
        filling = isinstance(obj, str) and attr in _FILLING
        return not filling and super().is_safe_attribute(obj, attr, value)


def _plain(value: Any) -> Any:
    """A value as it goes into the document: text that is no markup, no template, and nothing that XML does not take."""
    if isinstance(value, (Undefined, Markup)) or value is None:
        return "" if value is None else value
    text = xml_text(str(value))
    return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))
