"""What the printed forms call their parts (data/headings.toml), and how a printed cell is looked up in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from narrcheck.data import load
from narrcheck.text import squeeze

LONGEST = 24
"""Characters of the longest cell that is looked up: labels are short, texts are not."""

_TABLES = (
    "titles", "fields", "texts", "funds_columns", "funds_rows", "funds_total", "plan_funds",
    "columns", "totals", "grades", "footers", "level1", "level2", "verdicts", "text_words",
    "cell_words", "column_stems", "funds_stems", "text_stems",
)  # fmt: skip
_LABELS = [name for name in _TABLES[1:10] if name != "funds_rows"]
_GOALS = ("指标", "目标")
_FORMULA = "ABCDEFabcdef/×÷*=%-+.0123456789()"
_YEAR = re.compile(r"^20\d\d年度?")
_ORDINAL = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、](?=\D))(?=.)")
_SIGNS = "=≥≤><"
_MARKS = "，。；,;"
_NO_ENDING = ("于", "超过")


@dataclass(frozen=True, eq=False)
class Headings:
    """The tables of the data file, looked up by heading key; `prefixes` are the openings of every label, and
    `verdict_prefixes` those of every verdict.

    `whole_verdicts` are those that end in 指标 or 目标; `comparators` the words before numbers that end no name;
    `bound` finds a comparator with its number.
    """

    titles: tuple[tuple[str, str], ...]
    fields: Mapping[str, str]
    texts: Mapping[str, str]
    funds_columns: Mapping[str, str]
    funds_rows: frozenset[str]
    funds_total: frozenset[str]
    plan_funds: Mapping[str, str]
    columns: Mapping[str, str]
    column_stems: Mapping[str, str]
    funds_stems: Mapping[str, str]
    text_stems: Mapping[str, str]
    totals: frozenset[str]
    grades: frozenset[str]
    footers: tuple[str, ...]
    level1: frozenset[str]
    level2: Mapping[str, str]
    verdicts: frozenset[str]
    verdict_openings: tuple[str, ...]
    goal_words: tuple[str, ...]
    narrative_words: tuple[str, ...]
    narrative_openings: tuple[str, ...]
    name_endings: tuple[str, ...]
    openings: Mapping[str, tuple[str, ...]]
    before_numbers: tuple[str, ...]
    signals: frozenset[str]
    prefixes: frozenset[str]
    verdict_prefixes: frozenset[str]
    whole_verdicts: frozenset[str]
    comparators: tuple[str, ...]
    bound: re.Pattern[str]

    def is_level(self, key: str) -> bool:
        return key in self.level1 or key in self.level2

    def column_like(self, key: str) -> str:
        """The column that an unknown heading seems to head, by a word in it; empty where it has none."""
        return next((column for stem, column in self.column_stems.items() if stem in key), "")

    def names_table(self, cell: str) -> bool:
        """Whether the cell only names the table of indicators (绩效指标完成情况), of which it may be a heading."""
        flat = squeeze(cell) if len(cell) <= LONGEST else ""
        if any(mark in flat for mark in _MARKS):
            return False
        return any(word in flat for word, column in self.columns.items() if column == "group")

    def text_like(self, key: str) -> str:
        """The free text that an unknown heading seems to head, by how it ends; empty where it is none."""
        return next((text for stem, text in self.text_stems.items() if key.endswith(stem)), "")

    def funds_name(self, key: str) -> str:
        """The funds column that a heading names, whatever year or formula it has beside; empty where it is none."""
        name = self.funds_columns.get(key)
        return name or (self.funds_columns.get(_YEAR.sub("", key.rstrip(_FORMULA)), "") if key else "")

    def funds_column(self, key: str) -> str:
        """The same, or the column that a heading seems to name by a word in it; empty for labels of funds rows."""
        name = self.funds_name(key)
        if name or not key or key in self.fields or key in self.texts or key in self.funds_total:
            return name
        if key.endswith(tuple(self.funds_rows)):
            return ""
        return next((column for stem, column in self.funds_stems.items() if stem in key), "")


@lru_cache(maxsize=8192)
def key(cell: str) -> str:
    """The cell as headings are compared: squeezed, without ordinal, colon, stars, closing brackets; "" for a long
    cell."""
    if len(cell) > 3 * LONGEST:
        return ""
    text = _ORDINAL.sub("", squeeze(cell).strip(":*★#、"), count=1)
    while text.endswith(")") and (shorter := text[: max(text.rfind("("), 0)].rstrip(":")):
        text = shorter
    return text if len(text) <= LONGEST else ""


def headings(extra: Mapping[str, Any] | None = None) -> Headings:
    """The built-in headings with `extra` tables added; ValueError names a table or entry that does not fit."""
    return _build(extra) if extra else _standard()


@lru_cache(maxsize=1)
def _standard() -> Headings:
    return _build({})


def _build(extra: Mapping[str, Any]) -> Headings:
    tables = _tables(extra)
    words = {word for name in (*_LABELS, "level1", "level2") for word in tables[name]}
    before = load("modifiers.toml")["before"]
    comparators = [
        word for word, entry in before.items() if "comparator" in entry and (len(word) > 1 or word in _SIGNS)
    ]
    signals = {word for name in ("fields", "texts", "funds_columns", "funds_total", "columns") for word in tables[name]}
    return Headings(
        titles=tuple(sorted(tables["titles"].items(), key=lambda item: -len(item[0]))),
        fields=tables["fields"],
        texts=tables["texts"],
        funds_columns=tables["funds_columns"],
        funds_rows=frozenset(tables["funds_rows"]),
        funds_total=frozenset(tables["funds_total"]),
        plan_funds=tables["plan_funds"],
        columns=tables["columns"],
        column_stems=tables["column_stems"],
        funds_stems=tables["funds_stems"],
        text_stems=tables["text_stems"],
        totals=frozenset(tables["totals"]),
        grades=frozenset(tables["grades"]),
        footers=tuple(tables["footers"]),
        level1=frozenset(tables["level1"]),
        level2=tables["level2"],
        verdicts=frozenset(k for k, v in tables["verdicts"].items() if v != "opening"),
        verdict_openings=_saying(tables["verdicts"], "opening"),
        goal_words=_saying(tables["text_words"], "goal"),
        narrative_words=_saying(tables["text_words"], "narrative"),
        narrative_openings=_saying(tables["text_words"], "narrative opens"),
        name_endings=_saying(tables["cell_words"], "name ends"),
        openings={column: _saying(tables["cell_words"], f"{column} opens") for column in ("target", "actual")},
        before_numbers=tuple(before),
        signals=frozenset(signals),
        prefixes=frozenset(_openings(words)),
        verdict_prefixes=frozenset(_openings(tables["verdicts"])),
        whole_verdicts=frozenset(word for word in tables["verdicts"] if word.endswith(_GOALS)),
        comparators=tuple(word for word in comparators if word[0] in _SIGNS or word.endswith(_NO_ENDING)),
        bound=_bound(tables["cell_words"], comparators),
    )


def _tables(extra: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The tables of the data file with `extra` added, by squeezed word."""
    tables: dict[str, dict[str, str]] = {}
    for name in _TABLES:
        added = extra.get(name, {})
        if not isinstance(added, Mapping) or not all(isinstance(v, str) for v in added.values()):
            raise ValueError(f"headings table {name!r}: each entry must be text = text")
        tables[name] = {squeeze(k): v for k, v in {**load("headings.toml")[name], **added}.items()}
    unknown = [name for name in extra if name not in _TABLES]
    if unknown:
        raise ValueError(f"unknown headings table {unknown[0]!r}; known are {', '.join(_TABLES)}")
    return tables


def _bound(cell_words: Mapping[str, str], comparators: Sequence[str]) -> re.Pattern[str]:
    """The opening of a cell that states a bound: one or two comparators, and a number."""
    rests = _saying(cell_words, "comparator rest")
    openings = [*(word for word in comparators if word not in rests), *_saying(cell_words, "number opens")]
    either = "|".join(re.escape(word) for word in sorted(openings, key=len, reverse=True))
    return re.compile(rf"(?:{either}){{1,2}}\s*+[\d.,一二三四五六七八九十百千万]")


def _saying(table: Mapping[str, str], what: str) -> tuple[str, ...]:
    """The words of a table that are marked as `what`."""
    return tuple(word for word, role in table.items() if role == what)


def _openings(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        for length in range(1, len(word) + 1):
            yield word[:length]
