"""What a rewrite changed in the findings about a filing: nothing, where it is harmless and the checker is sound."""

from collections import Counter
from decimal import Decimal, InvalidOperation

from narrcheck.filing import Checked, Evidence, Finding
from narrcheck.quantity.units import in_base
from narrcheck.text import squeeze


def differences(before: Checked, after: Checked) -> list[str]:
    """The findings that only one of two checks has, marked - (before) and + (after), and rules that failed (!).

    Findings are the same when rule, severity, the rows named and the values do: numbers in base units, so that 2.5万 is
    25000. Wording, quotes and their places do not count.
    """
    had, has = _told(before), _told(after)
    lost = [f"- {line}" for line in sorted((had - has).elements())]
    won = [f"+ {line}" for line in sorted((has - had).elements())]
    failed = [f"! {rule}" for rule in sorted({f.rule for f in after.failures} - {f.rule for f in before.failures})]
    return lost + won + failed


def _told(checked: Checked) -> Counter[str]:
    return Counter(map(_line, checked.findings))


def _line(finding: Finding) -> str:
    """A finding in one line: rule, severity, rows, values."""
    rows = sorted({f"{e.name}" for e in finding.evidence if e.row is not None})
    values = sorted(_value(evidence) for evidence in finding.evidence if evidence.value is not None)
    return " ".join([finding.rule, finding.severity.label, "、".join(rows) or "—", *values])


def _value(evidence: Evidence) -> str:
    """A value of the evidence in base units; as written where it is no number."""
    text = squeeze(evidence.value or "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{in_base(number, evidence.unit or '').normalize():f}"
