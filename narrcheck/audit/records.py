"""From a checked filing to the rows that the store keeps of it. Made in the workers."""

import json
from decimal import Decimal
from typing import Any

from narrcheck.audit.rows import FilingRows, Row, storable
from narrcheck.filing import Checked, Claim, Finding, FundsRow, Indicator, Waiver
from narrcheck.quantity.units import in_base
from narrcheck.reports.encoding import encodable
from narrcheck.reports.json import (
    decimal,
    doubt_to_json,
    finding_to_json,
    funds_to_json,
    note_to_json,
    waiver_to_json,
)
from narrcheck.reports.model import advice_to_json
from narrcheck.rules.across.copies import sketch
from narrcheck.rules.across.members import project_key, unit_key
from narrcheck.rules.figures import total_funds

_CENTS = 100
_LARGEST = 10**18


def filing_rows(checked: Checked, path: str, lang: str) -> FilingRows:
    """The rows of a filing that was read from the file reported as `path`."""
    filing, coverage = checked.filing, checked.coverage
    source, total = filing.source, total_funds(filing)
    money = filing.money_unit or ""
    member = source.path[len(path) :] if source.path.startswith(path) else f"\0{source.path}"
    row = (
        _text(member) or None, source.index, source.sha256, filing.form, _text(filing.layout), filing.year,
        _text(filing.project), _text(filing.department), _text(filing.unit), _text(filing.money_unit),
        coverage.numbers, coverage.claims, coverage.linked, coverage.checked, coverage.doubtful_cells,
        _json([doubt_to_json(doubt, lang) for doubt in filing.doubts]),
        _json([note_to_json(item, lang) for item in filing.notes]),
        _json([{"rule": failure.rule, "error": failure.error} for failure in checked.failures]),
        None if checked.advice is None else _json(advice_to_json(checked, lang)),
        checked.advice is not None and bool(checked.advice.troubles),
        _text(filing.goal), _text(filing.narrative), _text(filing.grade), decimal(filing.total_score.value),
        _cents(total, "adjusted", money), _cents(total, "executed", money),
        _json([funds_to_json(row) for row in filing.funds]),
        storable(unit_key(filing)), storable(project_key(filing)), sketch(filing.narrative),
    )  # fmt: skip
    findings = (*((finding, None) for finding in checked.findings), *checked.waived)
    severities = [0, 0, 0]
    for finding in checked.findings:
        severities[finding.severity - 1] += 1
    return FilingRows(
        row,
        tuple(_claim(claim) for claim in checked.claims),
        tuple(_indicator(item) for item in filing.indicators),
        tuple(_finding(finding, waiver) for finding, waiver in findings),
        (severities[0], severities[1], severities[2]),
    )


def _text(text: str | None) -> str | None:
    return text if text is None else storable(text)


def _json(value: Any) -> str:
    return encodable(json.dumps(value, ensure_ascii=False))


def _claim(claim: Claim) -> Row:
    return (
        claim.field, claim.in_row, storable(claim.quote), claim.start, claim.end, decimal(claim.value),
        decimal(claim.upper), _text(claim.unit), claim.modifier, _text(claim.subject), claim.row, _text(claim.why),
        claim.by, claim.scope,
    )  # fmt: skip


def _indicator(row: Indicator) -> Row:
    target, actual = row.target, row.actual
    return (
        _text(row.level1), _text(row.level2), storable(row.name), storable(target.raw), target.comparator,
        decimal(target.value), decimal(target.upper), _text(target.unit), storable(actual.raw), decimal(actual.value),
        decimal(actual.upper), _text(actual.unit), actual.status, storable(row.weight.raw), storable(row.score.raw),
        _text(row.note),
    )  # fmt: skip


def _finding(finding: Finding, waiver: Waiver | None) -> Row:
    document = finding_to_json(finding)
    return (
        finding.id, finding.rule, int(finding.severity), storable(finding.message), storable(finding.suggestion),
        finding.by, _json(document["evidence"]), None if waiver is None else _json(waiver_to_json(waiver)),
    )  # fmt: skip


def _cents(row: FundsRow | None, column: str, money_unit: str) -> int | None:
    """An amount of a funds row in 分; None where there is none, or no sane one."""
    value: Decimal | None = None if row is None else getattr(row, column).value
    if value is None:
        return None
    cents = in_base(value, money_unit) * _CENTS
    return int(cents.to_integral_value()) if abs(cents) < _LARGEST else None
