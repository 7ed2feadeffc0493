"""Waivers: a reviewer's records of findings that need not be reported again."""

from collections.abc import Iterable, Sequence
from datetime import date

from narrcheck.filing import Filing, Finding, Waiver
from narrcheck.text import squeeze

Pairs = tuple[tuple[Finding, Waiver], ...]


def apply(
    findings: Sequence[Finding], waivers: Sequence[Waiver], filing: Filing, today: date
) -> tuple[tuple[Finding, ...], Pairs]:
    """The findings that stay, and those that a waiver covers, each with the first waiver that does.

    A waiver holds to the end of its day `until`; afterwards its findings are reported again.
    """
    valid = [waiver for waiver in waivers if waiver.until is None or date.fromisoformat(waiver.until) >= today]
    if not valid:
        return tuple(findings), ()
    kept: list[Finding] = []
    waived: list[tuple[Finding, Waiver]] = []
    for finding in findings:
        cover = next((waiver for waiver in valid if covers(waiver, finding, filing)), None)
        if cover is None:
            kept.append(finding)
        else:
            waived.append((finding, cover))
    return tuple(kept), tuple(waived)


def covers(waiver: Waiver, finding: Finding, filing: Filing) -> bool:
    """Whether the waiver names this finding: by its id, or by rule and project and, where given, the row.

    Names compare without white space and width.
    """
    if waiver.id is not None:
        return waiver.id == finding.id
    if waiver.rule != finding.rule or squeeze(waiver.project or "") != squeeze(filing.project or ""):
        return False
    return waiver.row is None or squeeze(waiver.row) in {squeeze(e.name) for e in finding.evidence if e.name}


def unused(waivers: Iterable[Waiver], used: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """The waivers that covered nothing; `used` are those that apply() paired with a finding, over the whole run."""
    covering = set(used)
    return tuple(waiver for waiver in waivers if waiver not in covering)
