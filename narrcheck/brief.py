"""A form in a few lines: how rule docstrings, test cases and `narrcheck rules CODE` write a filing.

Each line is `key: value`; the cells of a table line are separated by `|` and trailing cells may be left out:

    year: 2024
    project: 路灯养护
    money: 元
    funds: 年度资金总额 | 1200.00 | 1200.00 | 1182.00 | 10 | 98.50 | 9.85
    level: 产出指标 / 数量指标
    row: 路灯巡查次数 | ≥12次 | 13次 | 10 | 10 | 增加一次雨季巡查
    total: 100 | 98.50 | 优

Several forms that are compared with each other are separated by a line `---`.

A form may be followed by what a language model holds against it, under the code of an L rule with two passages, each a
text or a cell of a row (from 1) and a quote from it:

    judged: L03 | narrative 全部按期完成 | note:1 推迟到次年

`funds` has label, initial, adjusted, executed, weight, rate, score; `row` has name, target, actual, weight, score,
note; `total` has weight, score, grade. `level` holds for the rows below it. A text key given again adds a line to the
text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from narrcheck.advice import Judgement, Words
from narrcheck.fields import Fields
from narrcheck.filing import FieldName, Filing, FormKind, FundsRow, Indicator, Number, Source
from narrcheck.quantity.cells import read_actual, read_number, read_target

_JUDGED = "judged"
_NEXT = "---"
_TEXTS = ("project", "department", "unit", "goal", "narrative")
_FUNDS_CELLS = 7
_ROW_CELLS = 6
_TOTAL_CELLS = 3
_FORMS = ("self_evaluation", "target_table")
FAULTY, SOUND = "不符", "相符"


@dataclass(slots=True)
class _Draft:
    """What the lines read so far hold."""

    texts: dict[str, str] = field(default_factory=dict)
    year: int | None = None
    money: str = "万元"
    form: FormKind = "self_evaluation"
    levels: tuple[str | None, str | None] = (None, None)
    funds: list[FundsRow] = field(default_factory=list)
    rows: list[Indicator] = field(default_factory=list)
    total: tuple[Number, Number] = (Number(), Number())
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a rule's docstring: `faulty` says whether the rule must speak about the form in `text`."""

    faulty: bool
    text: str

    @property
    def filing(self) -> Filing:
        return read_brief(self.text)

    @property
    def filings(self) -> tuple[Filing, ...]:
        """The filings of an example of several forms, in order."""
        return tuple(map(read_brief, self.text.split(f"\n{_NEXT}\n")))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        return read_judged(self.text)


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule's docstring, taken apart: its one-sentence statement, further explanation, and examples."""

    statement: str
    details: str
    examples: tuple[Example, ...]


def read_brief(brief: str) -> Filing:
    """The filing that `brief` describes; ValueError names the line that cannot be read."""
    draft = _Draft()
    for line in brief.splitlines():
        if line.strip():
            _read_line(draft, line.strip())
    text_of = draft.texts.get
    return Filing(
        Source("brief"),
        form=draft.form,
        layout="brief",
        year=draft.year,
        project=text_of("project"),
        department=text_of("department"),
        unit=text_of("unit"),
        money_unit=draft.money,
        goal=text_of("goal"),
        narrative=text_of("narrative"),
        funds=tuple(draft.funds),
        indicators=tuple(draft.rows),
        total_weight=draft.total[0],
        total_score=draft.total[1],
        grade=draft.grade,
    )


def read_judged(brief: str) -> tuple[Judgement, ...]:
    """What a model holds against the form that `brief` describes; ValueError for a quote that is not in its text."""
    filing = read_brief(brief)
    found = []
    for line in brief.splitlines():
        key, _, value = line.strip().partition(":")
        if key == _JUDGED:
            code, first, second = _cells(value, 3, line)
            found.append(Judgement(code, _words(filing, first), _words(filing, second)))
    return tuple(found)


def _words(filing: Filing, passage: str) -> Words:
    place, _, quote = passage.partition(" ")
    field, _, number = place.partition(":")
    name, row = cast(FieldName, field), int(number) - 1 if number else None
    start = Fields(filing).text(name, row).raw.find(quote)
    if start < 0:
        raise ValueError(f"the quote is not in the text: {passage!r}")
    return Words(name, row, start, start + len(quote))


def _read_line(draft: _Draft, line: str) -> None:
    key, colon, value = line.partition(":")
    key, value = key.strip(), value.strip()
    if not colon:
        raise ValueError(f"a line of a brief form is 'key: value': {line!r}")
    if key in _TEXTS:
        draft.texts[key] = f"{draft.texts[key]}\n{value}" if key in draft.texts else value
    elif key == "year":
        if not value.isdecimal():
            raise ValueError(f"year is no number: {line!r}")
        draft.year = int(value)
    elif key == "money":
        draft.money = value
    elif key == "form":
        if value not in _FORMS:
            raise ValueError(f"form is one of {', '.join(_FORMS)}: {line!r}")
        draft.form = cast(FormKind, value)
    elif key == "level":
        first, _, second = value.partition("/")
        draft.levels = (first.strip() or None, second.strip() or None)
    elif key == "funds":
        label, *numbers = _cells(value, _FUNDS_CELLS, line)
        draft.funds.append(FundsRow(label, *map(read_number, numbers)))
    elif key == "row":
        draft.rows.append(_row(draft, _cells(value, _ROW_CELLS, line)))
    elif key == "total":
        weight, score, grade = _cells(value, _TOTAL_CELLS, line)
        draft.total, draft.grade = (read_number(weight), read_number(score)), grade or None
    elif key != _JUDGED:
        raise ValueError(f"unknown key {key!r} in a brief form: {line!r}")


def _cells(value: str, count: int, line: str) -> list[str]:
    cells = [cell.strip() for cell in value.split("|")]
    if len(cells) > count:
        raise ValueError(f"at most {count} cells: {line!r}")
    return cells + [""] * (count - len(cells))


def _row(draft: _Draft, cells: list[str]) -> Indicator:
    name, target, actual, weight, score, note = cells
    return Indicator(
        len(draft.rows),
        *draft.levels,
        name,
        read_target(target, name),
        read_actual(actual, name),
        read_number(weight),
        read_number(score),
        note or None,
    )


def read_doc(doc: str) -> RuleText:
    """A rule's docstring, taken apart.

    The first line is the statement. The sections 不符: (the rule speaks) and 相符: (it does not) hold one form each, or
    several with an empty line between them; what stands before the first section explains the rule.
    """
    lines = doc.strip().splitlines()
    statement, rest = (lines[0].strip(), lines[1:]) if lines else ("", [])
    details: list[str] = []
    while rest and _section(rest[0]) is None:
        details.append(rest.pop(0).strip())
    return RuleText(statement, "\n".join(details).strip(), tuple(_examples(rest)))


def _section(line: str) -> bool | None:
    """Whether the line opens the section of faulty (True) or sound (False) forms; None for any other line."""
    return {FAULTY: True, SOUND: False}.get(line.strip().rstrip(":："))


def _examples(lines: list[str]) -> Iterator[Example]:
    faulty = True
    held: list[str] = []
    for line in [*lines, ""]:
        section = _section(line)
        if held and (section is not None or not line.strip()):
            yield Example(faulty, "\n".join(held))
            held = []
        if section is not None:
            faulty = section
        elif line.strip():
            held.append(line.strip())


def docstring_examples(doc: str) -> list[tuple[bool, Filing]]:
    """The examples of a rule's docstring as filings, each with whether the rule must speak about it."""
    return [(example.faulty, example.filing) for example in read_doc(doc).examples]
