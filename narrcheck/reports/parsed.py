"""What `narrcheck parse` prints for people: the filings as they were read, as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrcheck.catalogue import message
from narrcheck.filing import Filing, FundsRow, Indicator, Problem, Skipped
from narrcheck.reports import wording

_FUNDS_COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score")
_CELL_COLUMNS = ("target", "actual", "weight", "score", "note")


@dataclass(frozen=True, slots=True)
class Readings:
    """The outcome of reading all inputs, without checking them."""

    version: str
    profile: str
    filings: tuple[Filing, ...]
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[Problem, ...] = ()
    lang: str = "zh"

    @property
    def summary(self) -> str:
        """The last line."""
        return message(
            "parse.summary",
            self.lang,
            filings=len(self.filings),
            doubts=sum(len(filing.doubts) for filing in self.filings),
            errors=len(self.errors),
            skipped=len(self.skipped),
        )


def head(filing: Filing, lang: str) -> Iterator[tuple[str, str]]:
    """Label and text of each entry of the form's head; an entry that was not read is shown as blank."""
    texts = {
        "source": wording.source(filing, lang),
        "form": f"{message(f'form.{filing.form}', lang)} {filing.layout}",
        "project": filing.project,
        "year": None if filing.year is None else str(filing.year),
        "department": filing.department,
        "unit": filing.unit,
        "money_unit": filing.money_unit,
    }
    for key, text in texts.items():
        yield message(f"label.{key}", lang), wording.shown(text or "")


def texts(filing: Filing, lang: str) -> Iterator[tuple[str, str]]:
    """The free texts under their headings."""
    yield message("field.goal", lang), filing.goal or ""
    yield message("field.narrative", lang), filing.narrative or ""


def funds(filing: Filing, lang: str) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the funds table, with the cells as printed."""
    heads = [message(f"column.{column}", lang) for column in ("label", *_FUNDS_COLUMNS)]
    return heads, [_funds_row(row) for row in filing.funds]


def indicators(filing: Filing, lang: str) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the indicator table, with the cells as printed; the last row is the form's total.

    The levels stand once, on the first of the rows that share them.
    """
    heads = [message(f"column.{column}", lang) for column in ("position", "level", "name")]
    heads += [message(f"field.{column}", lang) for column in _CELL_COLUMNS]
    levels = [(row.level1, row.level2) for row in filing.indicators]
    above = [None, *levels]
    rows = [
        _indicator(row, "" if level == before else " / ".join(part or "—" for part in level))
        for row, level, before in zip(filing.indicators, levels, above, strict=False)
    ]
    total = [filing.total_weight.raw, filing.total_score.raw, filing.grade or ""]
    if any(total):
        rows.append(["", "", message("field.total", lang), "", "", *total])
    return heads, rows


def doubts(filing: Filing, lang: str) -> list[str]:
    """The cells that could not be read for certain."""
    return [wording.doubt(item, filing, lang) for item in filing.doubts]


def problems(readings: Readings) -> Sequence[tuple[str, list[str]]]:
    """What could not be read and what was left out, each under its heading."""
    lang = readings.lang
    errors = [wording.problem(item, lang) for item in readings.errors]
    skipped = [wording.skipped(item, lang) for item in readings.skipped]
    return ((message("report.errors", lang), errors), (message("report.skipped", lang), skipped))


def _funds_row(row: FundsRow) -> list[str]:
    return [row.label, *(wording.shown(getattr(row, column).raw) for column in _FUNDS_COLUMNS)]


def _indicator(row: Indicator, level: str) -> list[str]:
    cells = (level, row.name, row.target.raw, row.actual.raw, row.weight.raw, row.score.raw, row.note or "")
    return [str(row.position + 1), *(wording.shown(cell) for cell in cells)]
