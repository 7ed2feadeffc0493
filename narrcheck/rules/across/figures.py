"""What tells that a figure is one of the whole unit or of a named event, so that two projects cannot differ in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from narrcheck.data import load
from narrcheck.quantity.units import parse
from narrcheck.rules.across.members import project_key
from narrcheck.rules.across.names import any_of, content_of, quoted, row_name, says_stock
from narrcheck.rules.across.statements import Statement, digits, near, slipped
from narrcheck.text import squeeze
from narrcheck.wording import excluded
from narrcheck.words import words

_NEAR, _ROUGHLY = Decimal("0.15"), Decimal("0.5")
_CLOSE = Decimal("0.1")
_ENOUGH = 4
_TWO, _THREE, _FEW = 2, 3, 20
_LONG = 8  # characters
_NAME = re.compile(r"[“\"「《]?([^“”\"「」《》]{2,30})[”\"」》]")
_BEHIND = 8  # characters behind a name in quotation marks, where an event's mark is looked for
_COUNT, _AMOUNT, _TIMES, _APART = "数", "量", "次", ("种", "类")


class _Patterns(NamedTuple):
    """`whole`: where a clause begins with a word for the whole unit."""

    whole: re.Pattern[str]
    head: re.Pattern[str]
    dropped: re.Pattern[str]
    keeps: re.Pattern[str]
    sites: re.Pattern[str]
    places: re.Pattern[str]
    no_places: re.Pattern[str]
    gate: re.Pattern[str]
    yearly: re.Pattern[str]
    wider: re.Pattern[str]
    event: re.Pattern[str]
    event_mark: re.Pattern[str]
    event_light: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """A name as compared: its `own` words in any order; the `name` in quotation marks; whether they are `visits` to the
    unit or its days of `opening`; whether one is a `deed`, of which each project has its own, or says that the project
    `keeps` the thing; and how much they say (`content`)."""

    own: frozenset[str]
    name: str = ""
    visits: bool = False
    opening: bool = False
    deed: bool = False
    keeps: bool = False
    content: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """`marked`: it says that the whole unit is meant; `stock`: it is what the unit has; `yearly`: it is counted over
    the year; `site`: the place or event that the project is one of, whose figures are its own; `wider`: it holds for
    more than the unit (全国)."""

    words: Words
    marked: bool
    stock: bool
    yearly: bool
    site: str
    wider: bool


def may_differ(first: Figure, second: Figure) -> bool:
    """Whether two projects may well have two figures, whatever else speaks for one: of two places, of one place and
    not said to be of the whole unit, of what a project keeps, or beyond the unit."""
    if first.site != second.site:
        if first.site and second.site:
            return True
        if any(each.site and not each.marked for each in (first, second)):
            return True
    kept = any(each.words.keeps and not (each.marked or each.stock) for each in (first, second))
    return kept or first.wider != second.wider


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    data, event = load("across.toml")["figure"], load("across.toml")["event"]
    fillers = [*data["fillers"], *data["keeps"], *data["having"]]
    long = [word for word in fillers if len(word) > 1 and not word.endswith(_COUNT)]
    leads = any_of([*data["leads"], *data["heads"], *long]).pattern
    prefixes, kinds, areas = (any_of(data[name]).pattern for name in ("prefixes", "kinds", "areas"))
    marks = rf"(?:(?:{prefixes})(?:{kinds})|(?:{kinds})内|{areas})"
    follows = any_of([*data["having"], *data["sorts"], *data["visits"], *data["opening"], *data["keeps"]]).pattern
    return _Patterns(
        whole=re.compile(rf"(?:{leads}|[\W_])*+{marks}"),
        head=re.compile(rf"(?:{any_of(data['leads']).pattern})*+(?:{any_of(data['heads']).pattern})(?={follows})"),
        dropped=any_of(long),
        keeps=any_of(data["keeps"]),
        sites=any_of([*data["sites"], *event["endings"]]),
        places=re.compile(rf"[\u4e00-\u9fff]{{2,3}}(?:{any_of(data['places']).pattern})"),
        no_places=any_of(data["no_places"]),
        gate=any_of(data["gate"]),
        yearly=any_of(data["yearly"]),
        wider=any_of(data["wider"]),
        event=re.compile(rf"[\u4e00-\u9fff]{{2}}(?:{any_of(event['endings']).pattern})"),
        event_mark=any_of(event["marks"]),
        event_light=any_of([*event["fillers"], *event["endings"], *data["deeds"]]),
    )


def _marked(text: str) -> re.Match[str] | None:
    return _patterns().whole.match(text) or _patterns().head.match(text)


@lru_cache(maxsize=1)
def _light() -> frozenset[str]:
    """Words left out where they stand alone: of one character, and count words (户数)."""
    data = load("across.toml")["figure"]
    return frozenset(word for word in (*data["having"], *data["fillers"]) if len(word) == 1 or word.endswith(_COUNT))


@lru_cache(maxsize=32768)
def words_of(text: str, unit: str) -> Words:
    """The words of a row's name or a claim's subject; those of the unit's own name say nothing more."""
    data, patterns = load("across.toml")["figure"], _patterns()
    name, said = _named(squeeze(text))
    plain = row_name(said)
    mark = _marked(plain)
    plain = plain[mark.end() :] if mark else plain
    cut = [word for run in patterns.dropped.sub(" ", plain).split() for word in words(run) if word not in _light()]
    if cut and all(word in data["visits"] for word in cut):
        return Words(frozenset(data["visits"][:1]), name, visits=True)
    if cut and all(word in data["opening"] for word in cut):
        return Words(frozenset(data["opening"][:1]), name, opening=True)
    of_unit = set(words(unit))
    own = frozenset(word for word in cut if len(word) == 1 or word not in of_unit) or frozenset(cut)
    deed, keeps = any(word in data["deeds"] for word in cut), bool(patterns.keeps.search(plain))
    return Words(own, name, deed=deed, keeps=keeps, content=content_of(cut))


def _said(statement: Statement) -> Words:
    """The words of a statement's name; how it is counted (户数, 门诊量) is left to its unit."""
    name, unit = squeeze(statement.name), squeeze(statement.unit)
    if not statement.in_narrative:
        name = row_name(name)
        name = name.removesuffix(f"{unit}{_COUNT}") if name.endswith(f"{unit}{_COUNT}") else name.removesuffix(_COUNT)
    name = name.removesuffix(_AMOUNT)
    return words_of(name or statement.name, squeeze(statement.member.filing.unit or ""))


def _named(text: str) -> tuple[str, str]:
    """The name in quotation marks at the head of a text, whose first mark may be cut off, and what follows it."""
    name = _NAME.match(text)
    return (name[1], text[name.end() :]) if name and name.end() < len(text) else ("", text)


def figure(statement: Statement) -> Figure:
    """What the statement's clause, name and project tell of its figure."""
    patterns, filing = _patterns(), statement.member.filing
    said = _said(statement)
    before = squeeze(statement.clause)
    yearly = bool(patterns.yearly.search(before))
    marked = bool(_marked(before) or _marked(row_name(statement.name)))
    gate = said.visits and yearly and bool(patterns.gate.search(before))
    site = _site(project_key(filing), squeeze(filing.unit or ""))
    wider = bool(patterns.wider.search(before))
    return Figure(said, marked or gate, says_stock(before, marked), yearly, site, wider)


def _site(project: str, unit: str) -> str:
    """The place or event in a project's name, "" for none; the unit's own place is none."""
    found = _patterns().sites.search(project) or _patterns().places.match(_patterns().no_places.sub("", project))
    return found[0] if found and found[0] not in unit else ""


def keys(statement: Statement) -> Iterator[tuple[str, ...]]:
    """What the statement is about, each as a key under which another may stand: its words, and each event it names."""
    said = _said(statement)
    kind = figure_kind(statement.unit, statement.kind)
    if sum(map(len, said.own)) >= _TWO:
        yield ("words", kind, *sorted(said.own))
    for name in sorted(_events(statement)):
        yield ("event", kind, name, *sorted(_beside(statement, name)))


def figure_kind(unit: str, kind: str) -> str:
    """What a unit counts, visits (人次) apart from people and sorts apart from pieces."""
    word = squeeze(unit)
    if word in _APART:
        return word
    return kind + _TIMES if word.endswith(_TIMES) and parse(word) else kind


def _events(statement: Statement) -> set[str]:
    """The events named in the sentence before the number, in quotation marks or by their kind."""
    patterns, text = _patterns(), squeeze(statement.sentence)
    found = set(patterns.event.findall(text))
    for start, end in quoted(text):
        if patterns.event_mark.search(text[start : end + _BEHIND]):
            found.add(text[start:end])
    return found


def _beside(statement: Statement, name: str) -> frozenset[str]:
    """What a statement counts of an event: its last two words without the event, deeds and words every event has."""
    runs = _patterns().event_light.sub(" ", row_name(squeeze(statement.name).rpartition(name)[2])).split()
    cut = [word for run in runs for word in words(run) if word not in _light()]
    return frozenset(cut[-_TWO:])


def one_event(one: Statement, other: Statement, _: int) -> bool:
    """Whether two statements that say the same of one event surely speak of one figure."""
    a, b = one.base, other.base
    if excluded(one.clause, other.clause):
        return False
    close = near(a, b, _CLOSE) and max(digits(a), digits(b)) >= _THREE
    return slipped(a, b) or close or (min(a, b) >= _FEW and near(a, b, _ROUGHLY))


def one_figure(one: Statement, other: Statement, agreed: int) -> bool:
    """Whether two statements with the same words surely speak of one figure of the unit, by votes.

    `agreed` is the number of projects that give the first value.
    """
    first, second = figure(one), figure(other)
    said, marks = first.words, first.marked + second.marked
    if may_differ(first, second) or not _of_one_name(one, other, said.name, second.words.name):
        return False
    if said.visits and not (first.yearly and second.yearly):
        return False
    a, b = one.base, other.base
    slip, close, precise = slipped(a, b), near(a, b, _NEAR), _precise(a, b)
    seen = one.thing.whole and other.thing.whole
    whole = said.visits or said.opening or seen
    evidence = marks + first.stock + second.stock + seen
    if not evidence and close and precise >= 1 and _worded_alike(one, other, said):
        return True
    if evidence < _TWO:
        alone = (marks and slip) or ((whole or said.content >= _TWO) and (slip or close))
        if not evidence or not alone:
            return False
    if not marks and precise < 1:
        return False
    votes = evidence + (marks == _TWO) + whole + (said.content >= _TWO) + (agreed >= _TWO) + precise
    votes += 2 if slip else 1 if close else 0 if near(a, b, _ROUGHLY) else -2
    votes -= 4 * (said.deed and not (first.stock and second.stock))
    return votes >= _ENOUGH


def _worded_alike(one: Statement, other: Statement, said: Words) -> bool:
    """Whether two narratives mean one thing by the same long phrase, which speaks of no deed."""
    same = one.in_narrative and other.in_narrative and one.thing.key == other.thing.key
    return same and len(one.thing.key) >= _LONG and said.content >= _TWO and not said.deed and not said.keeps


def _of_one_name(one: Statement, other: Statement, first: str, second: str) -> bool:
    return not (first and second and first != second) and not excluded(one.clause, other.clause)


def _precise(a: Decimal, b: Decimal) -> int:
    fewest = min(digits(a), digits(b))
    return 1 if max(digits(a), digits(b)) >= _THREE and fewest >= _TWO else -1 if fewest < _TWO else 0


def told_once(statements: Iterable[Statement]) -> Iterator[tuple[tuple[str, ...], Statement]]:
    """The statements of a filing by what they are about; what it gives two figures of is left out."""
    found: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements:
        for key in keys(statement):
            found.setdefault(key, []).append(statement)
    for key, under in found.items():
        if len({statement.base for statement in under}) == 1:
            yield key, under[0]
