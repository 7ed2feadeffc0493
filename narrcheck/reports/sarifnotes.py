"""What a SARIF log tells of the run beside its results: what was not read, failed, or is in doubt."""

from collections.abc import Iterator

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Finding, Report
from narrcheck.reports import model, wording
from narrcheck.reports.sarifplaces import Artifacts, Json, plain

_LEVELS = {
    "unread": "error",
    "rule-failed": "error",
    "model": "warning",
    "unused-waiver": "warning",
    "unknown": "warning",
    "missing": "warning",
    "compared": "note",
    "doubt": "note",
    "reading": "note",
    "skipped": "note",
}
"""The kinds of notification, each with its level."""


def invocation(report: Report, artifacts: Artifacts) -> Json:
    """The run: whether every input was read, and notifications on what it could not do or be sure of."""
    return {
        "executionSuccessful": not report.errors,
        "toolExecutionNotifications": list(_of_run(report, artifacts)),
        "toolConfigurationNotifications": [
            _notification("unused-waiver", wording.unused_waiver(waiver, report.lang))
            for waiver in report.unused_waivers
        ],
    }


def descriptors(invocations: Json, lang: str) -> list[Json]:
    """The kinds of notification that occur, with what they mean."""
    lists = (invocations["toolExecutionNotifications"], invocations["toolConfigurationNotifications"])
    used = {item["descriptor"]["id"] for items in lists for item in items}
    return [
        {
            "id": kind,
            "shortDescription": {"text": message(f"sarif.note.{kind}", lang)},
            "defaultConfiguration": {"level": level},
        }
        for kind, level in _LEVELS.items()
        if kind in used
    ]


def _of_run(report: Report, artifacts: Artifacts) -> Iterator[Json]:
    lang = report.lang
    for error in report.errors:
        yield _notification("unread", wording.problem(error, lang), artifacts.address(error.path))
    for checked in report.filings:
        yield from _of_filing(checked, lang, artifacts.location(checked.filing))
    yield from _of_comparison(report, artifacts)
    for item in report.skipped:
        yield _notification("skipped", wording.skipped(item, lang), artifacts.address(item.path))
    if report.model is not None and report.model.stopped is not None:
        yield _notification("model", model.stopped(report.model, lang))


def _of_filing(checked: Checked, lang: str, where: Json) -> Iterator[Json]:
    for failure in checked.failures:
        yield _notification("rule-failed", wording.failure(failure, lang), where, failure.rule)
    for line in model.filing_lines(checked, lang):
        yield _notification("model", line, where)
    for note in checked.filing.notes:
        yield _notification("reading", wording.note(note, lang), where)
    for doubt in checked.filing.doubts:
        yield _notification("doubt", wording.doubt(doubt, checked.filing, lang), where)


def _of_comparison(report: Report, artifacts: Artifacts) -> Iterator[Json]:
    """What differs between the two runs, earlier findings of which nobody can say what became, and earlier filings that
    are no longer there."""
    compared, lang = report.resubmission, report.lang
    if compared is None:
        return
    for remark in compared.remarks:
        yield _notification("compared", remark)
    for item in compared.filings:
        where = None if item.earlier is None else artifacts.address(item.earlier.source.path)
        if item.position is None and item.earlier is not None:
            facts = {"title": wording.title(item.earlier, lang), "source": wording.source(item.earlier, lang)}
            yield _notification("missing", message("sarif.missing", lang, **facts), where)
        for change in item.of("unknown"):
            if change.earlier is not None:
                yield _unknown(change.earlier, change.reason, lang, where)


def _unknown(earlier: Finding, reason: str, lang: str, where: Json | None) -> Json:
    facts = {"rule": earlier.rule, "id": earlier.id, "message": earlier.message, "reason": reason}
    return _notification("unknown", message("sarif.unknown", lang, **facts), where, earlier.rule)


def _notification(kind: str, text: str, where: Json | None = None, rule: str | None = None) -> Json:
    told: Json = {"descriptor": {"id": kind}, "level": _LEVELS[kind], "message": {"text": plain(text)}}
    if where is not None:
        told["locations"] = [{"physicalLocation": {"artifactLocation": where}}]
    if rule is not None:
        told["associatedRule"] = {"id": rule}
    return told
