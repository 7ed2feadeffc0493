"""N09: a year that is not the year it should be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from narrcheck.data import load
from narrcheck.filing import Evidence, FieldName, Finding, Indicator, Severity
from narrcheck.quantity.compare import falls_short
from narrcheck.rules.case import Case
from narrcheck.rules.registry import rule
from narrcheck.text import Text, clause, squeeze
from narrcheck.wording import planned, told_done

_YEAR = re.compile(
    r"(?<![\d.〔\[第—\-~至])(20[0-4]\d)(?:(年度?)(?![至—\-~])|(?![\d年.%万亿\-—~至、〕\]]))",
)
_DAY = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日")
_WORDS = re.compile(r"(?:“[^“”]{1,20}”|[\u4e00-\u9fffA-Za-z“”\"]){2,30}")
_LEAST_NAME = 6
_SAME_START = 4
_MOST_IN_PLACE = 50
_Place = tuple[str, int | None]
# List marks and markup that may stand before the year a narrative opens with.
_MARKS = r"^(?:<[^>]*>|[\s一1、.(（)）])*"


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    """A year at the beginning of a narrative that says when the work was done (2023年，我单位…)."""
    return re.compile(_MARKS + rf"(20[0-4]\d)年(?:{_either('year_opens')}|,)")


@lru_cache(maxsize=1)
def _adverbial() -> re.Pattern[str]:
    """What stands before a year that tells when something was done; elsewhere a year names a thing."""
    return re.compile(rf"(?:^|{_either('year_when')}|[)）])$")


def _either(name: str) -> str:
    return "|".join(map(re.escape, load("wording.toml")[name]))


@dataclass(frozen=True, slots=True)
class Mention:
    """A year in a text with the words that follow it: `start`/`end` are the offsets of both in the flat text."""

    field: FieldName
    row: Indicator | None
    text: Text
    year: int
    name: str
    start: int
    end: int
    bare: bool

    @property
    def place(self) -> "_Place":
        """The text it stands in."""
        return self.field, None if self.row is None else self.row.position

    @property
    def words(self) -> str:
        """The year and the words after it, verbatim."""
        return self.text.quote(self.start, self.end)


@rule("N09", "period-mismatch", severity=Severity.WARNING)
def period_mismatch(case: Case) -> Iterator[Finding]:
    """年份不一致：同一活动或文件在两处年份不同，或本年完成的工作发生在以后年度。

    不符:
      year: 2022
      narrative: 举办2022城市公共安全高峰论坛1场。
      row: 公共安全高峰论坛 | =1(场) | 举办2023城市公共安全高峰论坛 | 10 | 10
    相符:
      year: 2022
      narrative: 举办2022城市公共安全高峰论坛1场，编制2021年度工作报告。
      row: 公共安全高峰论坛 | =1(场) | 举办2022城市公共安全高峰论坛 | 10 | 10
    """
    mentions = list(_mentions(case))
    known = squeeze(f"{case.filing.project or ''}，{case.filing.unit or ''}")
    for first, second in _conflicts(mentions, known):
        yield case.finding(_shown(case, first), _shown(case, second), first=first.words, second=second.words)
    yield from _renamed_document(case, mentions)
    yield from _later_work(case, mentions)
    yield from _opening_year(case)


def _mentions(case: Case) -> Iterator[Mention]:
    fields: list[tuple[FieldName, Indicator | None, str]] = [
        ("goal", None, case.filing.goal or ""),
        ("narrative", None, case.filing.narrative or ""),
    ]
    for own in case.filing.indicators:
        fields += [("name", own, own.name), ("target", own, own.target.raw), ("actual", own, own.actual.raw)]
        fields.append(("note", own, own.note or ""))
    for field, row, raw in fields:
        text = Text(raw)
        if "20" not in text.flat:
            continue
        for found in _YEAR.finditer(text.flat):
            words = _WORDS.match(text.flat, found.end())
            name = words.group() if words else ""
            end = words.end() if words else found.end()
            yield Mention(field, row, text, int(found.group(1)), name, found.start(), end, not found.group(2))


def _conflicts(mentions: list[Mention], known: str) -> Iterator[tuple[Mention, Mention]]:
    """Mentions in two places that give one event or document two years, once each.

    Where one of the places tells of both years, they are two events, not one with two years. `known` are the names of
    the project and its unit, which many things in a form begin with.
    """
    named: dict[str, dict[_Place, list[Mention]]] = {}
    for mention in mentions:
        if len(mention.name) >= _SAME_START:
            places = named.setdefault(mention.name[:_SAME_START], {})
            told = places.setdefault(mention.place, [])
            if len(told) < _MOST_IN_PLACE:
                told.append(mention)
    for places in named.values():
        said = set()
        years = {place: {mention.year for mention in told} for place, told in places.items()}
        for one, other in combinations(places, 2):
            if len(years[one]) > 1 or len(years[other]) > 1 or years[one] == years[other]:
                continue
            for first, second in product(places[one], places[other]):
                key = (min(first.year, second.year), max(first.year, second.year), first.name[:_LEAST_NAME])
                if key not in said and _one_name(first.name, second.name, known):
                    said.add(key)
                    yield first, second


def _one_name(first: str, second: str, known: str) -> bool:
    """Whether the words right after two years agree far enough to name one thing, more than the project's name does."""
    shared = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        shared += 1
    if first[:shared] in known and not shared == len(first) == len(second):
        return False
    return shared >= _LEAST_NAME or (shared >= _SAME_START and shared == len(first) == len(second))


def _renamed_document(case: Case, mentions: list[Mention]) -> Iterator[Finding]:
    """A row that names a year's document, answered by another year's (2020年度评估报告 … 《2021年度评估报告》)."""
    for row in case.filing.indicators:
        named = [m for m in mentions if m.row is row and m.field == "name"]
        answered = [m for m in mentions if m.row is row and m.field == "actual"]
        if len(named) != 1 or not answered or any(m.year == named[0].year for m in answered):
            continue
        if named[0].year != case.filing.year and row.target.value is not None:
            answer = answered[0]
            yield case.finding(
                _shown(case, named[0]),
                case.cell(row, "name"),
                _shown(case, answer),
                first=named[0].words,
                second=answer.words,
            )


def _later_work(case: Case, mentions: list[Mention]) -> Iterator[Finding]:
    """Work that is told as done, in a year after the form's."""
    year = case.filing.year
    for mention in mentions:
        if year is None or mention.year <= year or mention.bare or not _counts(mention):
            continue
        flat = mention.text.flat
        start, end = clause(flat, mention.start, mention.end)
        told = told_done(flat[mention.start : end]) or _held(mention)
        if told and _adverbial().search(flat[start : mention.start]):
            if planned(flat[start:end]):
                continue
            first, last = mention.text.span(start, end)
            shown = case.words(mention.field, mention.text.raw, first, last, mention.row)
            rows = [case.cell(row, "actual") for row in _counting(case, mention, first, last)]
            yield case.finding(shown, *rows, variant="later", quote=shown.quote, year=year, stated=mention.year)


def _counting(case: Case, mention: Mention, first: int, last: int) -> Iterator[Indicator]:
    """The rows that count what raw[first:last] of the narrative counts, be it as a part of theirs."""
    for claim in case.claims:
        if claim.field != mention.field or claim.field != "narrative" or not first <= claim.number_start < last:
            continue
        whole = claim if claim.row is not None or claim.whole is None else case.claims[claim.whole]
        if whole.row is not None:
            yield case.filing.indicators[whole.row]


def _held(mention: Mention) -> bool:
    """Whether a cell for what was done dates it to the day, so that no verb need say so (于2023年2月18日在…)."""
    flat = mention.text.flat
    dated = _DAY.match(flat, mention.start) and flat[max(mention.start - 1, 0) : mention.start] in ("于", "在")
    return mention.field == "actual" and bool(dated)


def _counts(mention: Mention) -> bool:
    """Whether a text tells what was counted as done: a note does only where its row claims its target."""
    if mention.field != "note" or mention.row is None:
        return mention.field in ("narrative", "actual")
    actual = mention.row.actual
    if actual.value is None:
        return actual.status == "met"
    return falls_short(mention.row.target, actual.value, actual.unit or "") is False


def _opening_year(case: Case) -> Iterator[Finding]:
    """A narrative that opens by naming another year than the form's."""
    text, year = case.fields.text("narrative", None), case.filing.year
    found = _opening().match(text.flat)
    if found and year is not None and int(found.group(1)) < year:
        start, end = text.span(found.start(1), min(found.end(1) + 12, len(text.flat)))
        shown = case.words("narrative", text.raw, start, end)
        yield case.finding(shown, variant="opening", quote=shown.quote, year=year)


def _shown(case: Case, mention: Mention) -> Evidence:
    start, end = mention.text.span(mention.start, mention.end)
    return case.words(mention.field, mention.text.raw, start, end, mention.row)
