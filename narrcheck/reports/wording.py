"""The sentences the reports share: verdicts, places, coverage, counts. Each is plain text in the run's language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from narrcheck.catalogue import entries, message
from narrcheck.filing import (
    Checked,
    Claim,
    Doubt,
    Evidence,
    Filing,
    Finding,
    Problem,
    Report,
    RuleFailure,
    Severity,
    Skipped,
    Waiver,
)
from narrcheck.printed import Note, Spot

# Characters that would change how the rest of a line is shown: controls, direction marks, unpaired surrogates.
_HIDDEN = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2061-\u206f\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


def sentence(key: str, lang: str) -> str:
    """The catalogue's sentence for `key`; a text that is no key (a doubt of a saved reading) stays as it is."""
    return message(key, lang) if key in entries() else key


def shown(text: str) -> str:
    """A verbatim text on one line: breaks become blanks, marks that would disturb the display are written out."""
    line = _BLANKS.sub(" ", _HIDDEN.sub("", text)).strip()
    return _UNSHOWN.sub(lambda mark: f"<U+{ord(mark.group()):04X}>", line)


def shortened(text: str, limit: int) -> str:
    """The text, its middle left out where it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    half = (limit - 2) // 2
    return f"{text[:half]}……{text[-half:]}"


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first; within one severity the order of the rule codes."""
    return sorted(findings, key=lambda finding: -finding.severity)


def count_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings each severity has, zero included."""
    counts = {severity.label: 0 for severity in reversed(Severity)}
    for finding in findings:
        counts[finding.severity.label] += 1
    return counts


def title(filing: Filing, lang: str) -> str:
    """Project and year: how a reviewer names the filing."""
    project = shown(filing.project or "") or message("report.no-project", lang)
    if filing.year is None:
        return project
    year = message("report.year", lang, year=filing.year)
    return f"{project}（{year}）" if lang == "zh" else f"{project} ({year})"


def source(filing: Filing, lang: str) -> str:
    """File and position of the filing in it."""
    path = message("report.stdin", lang) if filing.source.path == "-" else shown(filing.source.path)
    return message("report.source", lang, path=path, index=filing.source.index)


def head(filing: Filing, lang: str) -> Iterator[tuple[str, str]]:
    """What heads a filing's section: catalogue key of the label, and the text. Blank entries are left out."""
    yield "source", source(filing, lang)
    yield "form", message(f"form.{filing.form}", lang)
    for key in ("department", "unit"):
        text = shown(getattr(filing, key) or "")
        if text:
            yield key, text


def verdict(checked: Checked, lang: str) -> str | None:
    """What the absence of findings means for this filing; None where there are findings."""
    if checked.findings:
        return None
    if not checked.filing.indicators and not _is_not_kept(checked.filing):
        return message("report.nothing-checked", lang)
    if aside := len(checked.waived) + len(checked.dismissed):
        return message("report.set-aside", lang, count=aside)
    if checked.selection and (checked.coverage.checked or checked.filing.form == "target_table"):
        return message("report.clean-selection", lang, selection=checked.selection)
    if checked.filing.form == "target_table":
        return message("report.target-table", lang)
    if checked.coverage.checked == 0:
        return message("report.table-only", lang)
    return message("report.clean", lang, checked=checked.coverage.checked)


def looks_clean(checked: Checked) -> bool:
    """Whether having no findings means agreement: something in the texts was compared."""
    read = bool(checked.filing.indicators) or _is_not_kept(checked.filing)
    return not checked.findings and checked.coverage.checked > 0 and read


def _is_not_kept(filing: Filing) -> bool:
    """Whether the table was read, and the saved report that holds the findings left it out."""
    return any(note.key == "note.reading-not-kept" for note in filing.notes)


def coverage(checked: Checked, lang: str) -> str:
    """The line that says how much was looked at."""
    seen = checked.coverage
    return message(
        "report.coverage",
        lang,
        numbers=seen.numbers,
        claims=seen.claims,
        linked=seen.linked,
        checked=seen.checked,
        doubtful_cells=seen.doubtful_cells,
    )


def counts(findings: Iterable[Finding], lang: str) -> str:
    """How many findings of each severity."""
    return message("report.counts", lang, **count_by_severity(findings))


def summary(report: Report) -> str:
    """The last line of a report."""
    lang = report.lang
    return message(
        "report.summary",
        lang,
        filings=len(report.filings),
        counts=counts((finding for checked in report.filings for finding in checked.findings), lang),
        waived=_set_aside(report),
        errors=len(report.errors),
        skipped=len(report.skipped),
    )


def _set_aside(report: Report) -> str:
    """How many findings are waived, and how many dismissed where there are any."""
    dismissed = sum(len(checked.dismissed) for checked in report.filings)
    told = message("report.summary-dismissed", report.lang, count=dismissed) if dismissed else ""
    return str(sum(len(checked.waived) for checked in report.filings)) + told


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a finding: a text of the form, or one of its rows, with the quotes taken from it."""

    place: str
    quotes: tuple[str, ...]


def sides(finding: Finding, filing: Filing, lang: str) -> list[Side]:
    """The evidence by place, in the order of the evidence: the quotes of one row stand together."""
    grouped: dict[str, list[str]] = {}
    for piece in finding.evidence:
        grouped.setdefault(place(piece, lang), []).append(_quote(piece, filing, lang))
    return [Side(where, tuple(dict.fromkeys(quotes))) for where, quotes in grouped.items()]


def place(piece: Evidence, lang: str) -> str:
    """Where a piece of evidence stands: 实际完成情况, 第 3 行 培训场次, 资金表 年度资金总额."""
    if piece.row is None:
        return message(f"field.{piece.field}", lang)
    if piece.field == "funds":
        return message("report.funds-row", lang, name=shown(piece.name or ""))
    return row_place(piece.row, piece.name or "", lang)


def row_place(row: int, name: str, lang: str) -> str:
    """How an indicator row is named to people, who count from one."""
    return message("report.row", lang, number=row + 1, name=shown(name))


def _quote(piece: Evidence, filing: Filing, lang: str) -> str:
    text = shown(piece.quote)
    if piece.field in ("goal", "narrative", "note"):
        text = message("report.quoted", lang, text=text)
    if piece.row is not None or piece.column is not None:
        column = f"column.{piece.column}" if piece.column else f"field.{piece.field}"
        text = message("report.cell", lang, column=message(column, lang), text=text)
    return text if piece.spot is None else text + message("report.spot", lang, spot=spot(piece.spot, lang))


def spot(where: Spot, lang: str) -> str:
    """Where a quote stands in the file: 自评表!F13, 第 2 页 表 1 第 5 行第 6 列, 第 12 行."""
    if where.sheet is not None:
        return f"{shown(where.sheet)}!{where.cell}"
    parts: list[str] = []
    if where.page is not None:
        parts.append(message("spot.page", lang, page=where.page))
    if where.table is not None:
        parts.append(message("spot.cell", lang, table=where.table, row=where.row, column=where.column))
    elif where.paragraph is not None and where.page is None:
        parts.append(message("spot.paragraph", lang, paragraph=where.paragraph))
    if where.line is not None:
        parts.append(message("spot.line", lang, line=where.line))
    return " ".join(parts)


def claim_heads(lang: str) -> list[str]:
    """The headings of the table of claims."""
    return [message(f"claims.{key}", lang) for key in ("place", "quote", "value", "row", "why")]


def claim_rows(checked: Checked, lang: str) -> Iterator[tuple[str, ...]]:
    """One line a claim: where it stands, what it says, which row it was linked to, and why."""
    for claim in checked.claims:
        yield (
            claim_place(claim, checked.filing, lang),
            shown(claim.quote),
            claim_value(claim, lang),
            claim_row(claim, checked.filing, lang),
            shown(claim.why),
        )


def claim_place(claim: Claim, filing: Filing, lang: str) -> str:
    """The text a claim stands in."""
    field = message(f"field.{claim.field}", lang)
    return field if claim.in_row is None else f"{row_place(claim.in_row, _name(filing, claim.in_row), lang)} {field}"


def claim_value(claim: Claim, lang: str) -> str:
    """Modifier, number and unit of a claim."""
    upper = "" if claim.upper is None else f"—{number(claim.upper)}"
    return f"{message(f'modifier.{claim.modifier}', lang)}{number(claim.value)}{upper}{shown(claim.unit)}"


def claim_row(claim: Claim, filing: Filing, lang: str) -> str:
    """The row a claim is linked to, or that there is none."""
    if claim.row is None:
        return message("claims.no-row", lang)
    return row_place(claim.row, _name(filing, claim.row), lang)


def number(value: Decimal | None) -> str:
    """A number as written, without exponent; a blank for None."""
    return "" if value is None else format(value, "f")


def doubt(item: Doubt, filing: Filing, lang: str) -> str:
    """A cell in doubt, with its place and reason."""
    field = message(f"field.{item.field}", lang)
    where = field if item.row is None else f"{row_place(item.row, _name(filing, item.row), lang)} {field}"
    quote = shortened(shown(item.quote), 80)
    return message("report.doubt", lang, place=where, quote=quote, reason=sentence(item.reason, lang))


def note(item: Note, lang: str) -> str:
    """How the filing was read, where that matters."""
    known = item.key.startswith("note.") and item.key in entries()
    return message(item.key, lang, fact=shown(item.fact)) if known else shown(item.fact)


def waived(finding: Finding, waiver: Waiver, lang: str) -> str:
    """A finding that a waiver covers."""
    line = message(
        "report.waived-one", lang, rule=finding.rule, id=finding.id, who=shown(waiver.who), why=shown(waiver.why)
    )
    return line if waiver.until is None else line + message("report.until", lang, until=shown(str(waiver.until)))


def unused_waiver(waiver: Waiver, lang: str) -> str:
    """A waiver that covers nothing."""
    parts = (waiver.id, waiver.rule, waiver.project, waiver.row)
    target = " ".join(shown(part) for part in parts if part)
    until = message("report.until", lang, until=shown(waiver.until)) if waiver.until else ""
    facts = {"target": target + until, "who": shown(waiver.who), "why": shown(waiver.why)}
    return message("report.unused-waiver", lang, **facts)


def skipped(item: Skipped, lang: str) -> str:
    """A file that was left out; the reason names it."""
    return shown(sentence(item.reason, lang))


def problem(item: Problem, lang: str) -> str:
    """An input that could not be read; the message names it."""
    return message("report.error", lang, message=shown(item.message), code=item.code)


def failure(item: RuleFailure, lang: str) -> str:
    """A rule that raised."""
    return message("report.failure", lang, rule=item.rule, error=shown(item.error))


def _name(filing: Filing, row: int) -> str:
    return filing.indicators[row].name if 0 <= row < len(filing.indicators) else ""
