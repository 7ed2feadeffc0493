"""The decisions of a batch's store in the report of a check: a finding is the same wherever its id is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from narrcheck.audit.connect import connect, explained
from narrcheck.audit.decisions import Decision, latest
from narrcheck.filing import Checked, Decided, Report, Verdict


def decided(report: Report, store: str) -> Report:
    """The report with the latest decision about each finding: dismissed ones no longer stand among the findings, the
    confirmed ones are marked; waived ones stay waived. The store is only read. StoreError, where it cannot be."""
    engine = connect(store, writing=False)
    try:
        with explained(engine), engine.connect() as connection:
            standing = latest(connection)
    finally:
        engine.dispose()
    known = {identity: _decided(decision) for identity, decision in standing.items()}
    return replace(report, filings=tuple(_with_decisions(checked, known) for checked in report.filings))


def _decided(decision: Decision) -> Decided:
    return Decided(cast(Verdict, decision.verdict), decision.who, decision.why, decision.at)


def _with_decisions(checked: Checked, known: Mapping[str, Decided]) -> Checked:
    told = {finding.id: known[finding.id] for finding in checked.findings if finding.id in known}
    if not told:
        return checked
    gone = {identity for identity, decision in told.items() if decision.verdict == "dismissed"}
    confirmed = {identity: decision for identity, decision in told.items() if identity not in gone}
    dismissed = tuple((finding, told[finding.id]) for finding in checked.findings if finding.id in gone)
    return replace(
        checked,
        findings=tuple(finding for finding in checked.findings if finding.id not in gone),
        dismissed=(*checked.dismissed, *dismissed),
        confirmed={**checked.confirmed, **confirmed},
    )
