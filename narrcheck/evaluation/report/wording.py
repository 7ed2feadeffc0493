"""How reports of evaluations write shares, differences, systems and places."""

from narrcheck.catalogue import entries, message
from narrcheck.evaluation.report.document import Entry
from narrcheck.evaluation.result import Cost, Figure, Measure, Quote, System
from narrcheck.reports.rulename import rule_name
from narrcheck.reports.wording import shortened, shown

NONE = "—"
_NAME = 60
_PLACES = 3
_UP, _DOWN, _SAME = "▲", "▼", "＝"


def say(key: str, lang: str, **facts: object) -> str:
    """The sentence evalreport.<key>."""
    return message(f"evalreport.{key}", lang, **facts)


def named(group: str, key: str, lang: str) -> str:
    """The catalogue's word for a key of the result; the key itself where there is none."""
    full = f"evalreport.{group}.{key}"
    return message(full, lang) if full in entries() else shown(key)


def is_rule(key: str) -> bool:
    """Whether a key of the figures is a rule's code."""
    return key[:1].isupper()


def kind(key: str, lang: str) -> str:
    """A layer, or a rule with its code."""
    if not is_rule(key):
        return named("key", key, lang)
    words = rule_name(key, lang)
    return shown(key) if words == key else f"{key} {words}"


def share(value: float | None) -> str:
    """A share with three places."""
    return NONE if value is None else f"{value:.{_PLACES}f}"


def ends(interval: tuple[float, float] | None, signed: bool = False) -> str:
    """An interval; `signed` for one of differences."""
    if interval is None:
        return NONE
    low, high = (_signed(end) if signed else share(end) for end in interval)
    return f"[{low}, {high}]"


def difference(value: float | None) -> str:
    """A difference with an arrow that says its direction."""
    if value is None:
        return NONE
    return f"{_SAME} 0" if value == 0 else f"{_UP if value > 0 else _DOWN} {_signed(value)}"


def _signed(value: float) -> str:
    return "0" if value == 0 else f"{value:+.{_PLACES}f}"


def with_interval(figure: Figure, measure: Measure, interval: tuple[float, float] | None) -> str:
    """A share and its interval."""
    value = share(getattr(figure, measure))
    return value if interval is None or value == NONE else f"{value} {ends(interval)}"


def count(value: int) -> str:
    """A whole number with its thousands set off."""
    return f"{value:,}"


def money(cost: Cost) -> str:
    """What a model cost, where there are prices."""
    return NONE if cost.money is None else shown(f"{cost.money} {cost.currency or ''}")


def seconds(cost: Cost) -> str:
    """The seconds of all requests."""
    return NONE if cost.seconds is None else f"{cost.seconds:.1f}"


def system(one: System, lang: str) -> str:
    """A system with what tells it from another."""
    parts = (one.version, one.profile, one.selection, one.model)
    facts = say("list", lang).join(shortened(shown(part), _NAME) for part in parts if part)
    name = shortened(shown(one.name), _NAME)
    return say("system", lang, name=name, facts=facts) if facts else name


def place(quote: Quote, lang: str) -> str:
    """Where a quote stands; empty where that is not known."""
    field = f"field.{quote.field}"
    where = message(field, lang) if field in entries() else shown(quote.field)
    row = shortened(shown(quote.row or ""), _NAME)
    if not row:
        return where
    return say("place", lang, field=where, row=row) if where else say("row", lang, row=row)


def files(entry: Entry) -> str:
    """The file of an entry, followed by the endings of the same filing's other files."""
    first, *others = entry.files
    return " ".join([shown(first), *(shown(f".{other.rpartition('.')[2]}") for other in others)])
