"""Charts as inline SVG, without scripts, fonts or colours of their own: the page's style gives the colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from rich.cells import cell_len

from narrcheck.audit.summary import wording
from narrcheck.audit.summary.model import Figures, GroupLine
from narrcheck.audit.summary.wording import brief, percent, say, share
from narrcheck.reports.rulename import rule_name

RULES = 15
DEPARTMENTS = 12
_WIDTH, _ROW, _BAR, _TOP = 360, 34, 10, 4
_LABEL = 36


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its label and what it amounts to; `parts` are (class, length) with lengths in one unit a chart."""

    label: str
    text: str
    parts: tuple[tuple[str, float], ...]

    @property
    def length(self) -> float:
        """The length of the whole bar."""
        return sum(length for _, length in self.parts)


def charts(figures: Figures, lang: str) -> dict[str, str]:
    """The SVG of each section that has a chart."""
    made = {
        "findings": [_rules(figures, lang), _departments(figures, lang)],
        "money": [_money(figures, lang)],
        "years": [_years(figures, lang)],
    }
    return {name: "".join(parts) for name, parts in made.items()}


def bars(name: str, title: str, rows: Sequence[Bar], lang: str, full: float | None = None) -> str:
    """Horizontal bars below each other; `full` is what fills the width, the longest bar where it is not given.

    Title and description say the same as the bars, for those who hear the page. Nothing where there are no rows.
    """
    if not rows:
        return ""
    longest = full or max(row.length for row in rows) or 1
    about = {"role": "img", "aria-labelledby": f"{name}-title {name}-desc", "class": "chart"}
    svg = Element("svg", {"viewBox": f"0 0 {_WIDTH} {len(rows) * _ROW + _TOP}", **about})
    SubElement(svg, "title", id=f"{name}-title").text = title
    told = (say("chart.row", lang, label=row.label, text=row.text) for row in rows)
    SubElement(svg, "desc", id=f"{name}-desc").text = say("chart.desc", lang, rows=say("stop", lang).join(told))
    for at, row in enumerate(rows):
        _bar(svg, row, _TOP + at * _ROW, longest)
    return tostring(svg, encoding="unicode")


def _bar(svg: Element, row: Bar, top: int, longest: float) -> None:
    label = {"x": "0", "y": str(top + 14), "class": "label"}
    SubElement(svg, "text", label).text = row.label
    value = {**label, "x": str(_WIDTH), "class": "value", "text-anchor": "end"}
    SubElement(svg, "text", value).text = row.text
    place = {"y": str(top + 19), "height": str(_BAR)}
    SubElement(svg, "rect", {"x": "0", "width": str(_WIDTH), **place, "class": "ground"})
    start = 0.0
    for kind, length in row.parts:
        width = max(length, 0) / longest * _WIDTH
        if width > 0:
            SubElement(svg, "rect", {"x": f"{start:.2f}", "width": f"{width:.2f}", **place, "class": kind})
        start += width


def _rules(figures: Figures, lang: str) -> str:
    lines = sorted((line for line in figures.rules if line.findings), key=lambda line: -line.findings)[:RULES]
    kinds = {3: "error", 2: "warning", 1: "info"}
    rows = [
        Bar(f"{line.code} {_label(rule_name(line.code, lang))}", wording.count(line.findings),
            ((kinds[line.severity], line.findings),))
        for line in lines
    ]  # fmt: skip
    return bars("rules", say("chart.rules", lang), rows, lang)


def _departments(figures: Figures, lang: str) -> str:
    lines = [line for line in figures.departments.items if line.findings][:DEPARTMENTS]
    rows = [Bar(_label(brief(line.name, lang)), _severities(line), _parts(line)) for line in lines]
    return bars("departments", say("chart.departments", lang), rows, lang)


def _label(text: str) -> str:
    """The text as far as it fits beside a figure."""
    if cell_len(text) <= _LABEL:
        return text
    while cell_len(text) >= _LABEL:
        text = text[:-1]
    return f"{text}…"


def _severities(line: GroupLine) -> str:
    return " / ".join(map(wording.count, (line.errors, line.warnings, line.info)))


def _parts(line: GroupLine) -> tuple[tuple[str, float], ...]:
    return ("error", line.errors), ("warning", line.warnings), ("info", line.info)


def _years(figures: Figures, lang: str) -> str:
    rows = [
        Bar(line.name or say("no-year", lang), f"{line.faulty} / {line.filings}（{percent(part)}）", (("error", part),))
        for line in figures.years.items
        if (part := share(line.faulty, line.filings)) is not None
    ]
    return bars("years", say("chart.years", lang), rows, lang, 1.0) if len(rows) > 1 else ""


def _money(figures: Figures, lang: str) -> str:
    lines = [(say("chart.all", lang), figures.total)] if figures.total.budget > 0 else []
    lines += [(brief(line.name, lang), line) for line in figures.departments.items if line.budget > 0][:DEPARTMENTS]
    rows = [
        Bar(_label(name), percent(share(line.budget_faulty, line.budget)),
            (("error", line.budget_faulty / line.budget),))
        for name, line in lines
    ]  # fmt: skip
    return bars("budgets", say("chart.money", lang), rows, lang, 1.0)
