"""The report as SARIF 2.1.0, which code-review tools read: a result a finding, a rule a kind of discrepancy.

Every result names its file, so that tools which show nothing without one (GitHub's code scanning) take them all. A line
(`region`) stands only where the file is a text; in workbooks, documents and PDFs, and inside of zip files, a line would
lead nowhere: there `logicalLocations` name the sheet and cell, the page or the table, and the result stands at the
file. Addresses are relative to the folder in which narrcheck ran, which for code scanning should be the top of the
repository.

Waived and dismissed findings are suppressed results. In a comparison, findings that are gone are results too, with the
state `absent`; tools that know no states show them like the others, so a comparison is nothing to feed those.
`quiet`, `verbose` and `compare` of a view change nothing here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from narrcheck.brief import read_doc
from narrcheck.catalogue import message
from narrcheck.filing import Checked, Decided, Filing, Finding, Report, Severity, Waiver
from narrcheck.reports import View, rulebook, wording
from narrcheck.reports.addresses import STDIN
from narrcheck.reports.changes import by_position, decided, place_and_column
from narrcheck.reports.encoding import encode
from narrcheck.reports.model import by_model, use_to_json
from narrcheck.reports.sarifnotes import descriptors, invocation
from narrcheck.reports.sarifplaces import Artifacts, Json, link, plain, quoted
from narrcheck.resubmitted import FilingChange
from narrcheck.rules.registry import find_rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "narrcheckFindingId/v1"
_LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
_LEVELS = {Severity.INFO: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}
_STATES = {"new": "new", "changed": "updated", "standing": "unchanged", "settled": "unchanged", "resolved": "absent"}
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_NAME = 200


def render(report: Report, view: View) -> str:
    """The whole run as one log, each result on a line of its own."""
    artifacts = Artifacts(report.lang, view.base)
    results = list(_results(report, artifacts))
    run = _run(report, artifacts, results)
    head = encode({"$schema": SCHEMA, "version": "2.1.0"})[:-1]
    lines = ",\n".join(map(encode, results))
    return f'{head}, "runs": [{encode(run)[:-1]},\n"results": [\n{lines}\n]}}]}}\n'


def _run(report: Report, artifacts: Artifacts, results: list[Json]) -> Json:
    """All of the run but its results, which are told the places of their rules."""
    lang = report.lang
    run = invocation(report, artifacts)
    streams = [checked.filing for checked in report.filings if checked.filing.source.path == STDIN]
    if streams:
        run["stdin"] = artifacts.location(streams[0])
    rules = _rules(report)
    positions = {code: position for position, code in enumerate(rules)}
    for result in results:
        result["ruleIndex"] = positions[result["ruleId"]]
    driver: Json = {
        "name": "narrcheck",
        "semanticVersion": report.version,
        "language": _LANGUAGES[lang],
        "rules": [_rule(code, name, lang) for code, name in rules.items()],
        "notifications": descriptors(run, lang),
    }
    return {
        "tool": {"driver": driver},
        "language": _LANGUAGES[lang],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": artifacts.bases(),
        "invocations": [run],
        "artifacts": artifacts.items,
        "properties": _properties(report),
    }


def _properties(report: Report) -> Json:
    """How the run was made, and how much of each filing was looked at."""
    told: Json = {"mode": report.mode, "profile": report.profile}
    if report.model is not None:
        told["model"] = use_to_json(report.model, report.lang)
    if report.resubmission is not None:
        told["against"] = report.resubmission.path
    return {**told, "filings": [_filing(checked, report.lang) for checked in report.filings]}


def _filing(checked: Checked, lang: str) -> Json:
    filing, seen = checked.filing, checked.coverage
    told: Json = {
        **_about(filing),
        "form": filing.form,
        "coverage": {
            "numbers": seen.numbers,
            "claims": seen.claims,
            "linked": seen.linked,
            "checked": seen.checked,
            "doubtful_cells": seen.doubtful_cells,
        },
        "findings": wording.count_by_severity(checked.findings),
    }
    verdict = wording.verdict(checked, lang)
    return told if verdict is None else {**told, "verdict": verdict}


def _about(filing: Filing) -> Json:
    """Which filing of its file, of which project and year."""
    project = None if filing.project is None else wording.shown(wording.shortened(filing.project, _NAME))
    path = wording.shown(filing.source.path)
    return {"path": path, "filing": filing.source.index, "project": project, "year": filing.year}


def _rules(report: Report) -> dict[str, str]:
    """The codes of all rules that the log speaks of, in order, each with its name."""
    named: dict[str, str] = {}
    for checked in report.filings:
        named.update((failure.rule, "") for failure in checked.failures)
    for finding in _all_findings(report):
        named[finding.rule] = finding.name
    return dict(sorted(named.items()))


def _all_findings(report: Report) -> Iterator[Finding]:
    for checked in report.filings:
        yield from checked.findings
        yield from (finding for finding, _ in chain(checked.waived, checked.dismissed))
    if report.resubmission is not None:
        changes = (change for item in report.resubmission.filings for change in item.of("resolved", "unknown"))
        yield from (change.earlier for change in changes if change.earlier is not None)


def _rule(code: str, name: str, lang: str) -> Json:
    """What the catalogue says of a rule; of one that this version does not have, its code and name."""
    rule = find_rule(code)
    if rule is None:
        return {"id": code, "name": name} if name else {"id": code}
    text = read_doc(rule.doc)
    statement, details = (
        "\n".join(map(plain, lines.splitlines())) for lines in (text.statement, text.details or text.statement)
    )
    page = _PLACEHOLDER.sub("…", rulebook.page(rule, lang)).replace("{", "{{").replace("}", "}}")
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": statement},
        "fullDescription": {"text": details},
        "help": {"text": f"{statement}\n{details}" if text.details else statement, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _results(report: Report, artifacts: Artifacts) -> Iterator[Json]:
    """The findings filing by filing: those that stand, those that are waived or dismissed, those that are gone."""
    compared = report.resubmission
    changes = by_position(report)
    for position, checked in enumerate(report.filings):
        artifacts.location(checked.filing)  # a file without findings was looked at, too
        change = changes.get(position)
        states = None if compared is None else _states(change)
        for finding, settled in _settled(checked, report.lang):
            result = _result(finding, checked.filing, artifacts)
            result["suppressions"] = settled
            if finding.id in checked.confirmed:
                result["properties"]["confirmed"] = _decision(checked.confirmed[finding.id])
            if states is not None and (finding.id in states or not _was_there(settled, change)):
                result["baselineState"] = states.get(finding.id, "new")
            yield result
        if change is not None:
            yield from _gone(change, change.earlier or checked.filing, artifacts)
    for item in () if compared is None else compared.missing:
        if item.earlier is not None:
            yield from _gone(item, item.earlier, artifacts)


def _was_there(settled: list[Json], change: FilingChange | None) -> bool:
    """Whether a finding that is waived or dismissed may have been so in the earlier report, which a comparison does not
    tell."""
    return bool(settled) and change is not None and change.earlier is not None


def _states(change: FilingChange | None) -> Mapping[str, str]:
    """What became of a filing's findings, in SARIF's words, by the finding's id as it is now."""
    known = () if change is None else change.changes
    named = ((item.now or item.earlier, item.state) for item in known if item.state in _STATES)
    return {finding.id: _STATES[state] for finding, state in named if finding is not None}


def _gone(change: FilingChange, filing: Filing, artifacts: Artifacts) -> Iterator[Json]:
    for item in change.of("resolved"):
        if item.earlier is not None:
            result = _result(item.earlier, filing, artifacts)
            yield {**result, "suppressions": [], "baselineState": _STATES[item.state]}


def _settled(checked: Checked, lang: str) -> Iterator[tuple[Finding, list[Json]]]:
    """Every finding of a filing with its suppressions."""
    yield from ((finding, []) for finding in checked.findings)
    yield from ((finding, [_suppression(_why(waiver, lang))]) for finding, waiver in checked.waived)
    for finding, decision in checked.dismissed:
        yield finding, [{**_suppression(decided(decision, lang)), "properties": _decision(decision)}]


def _suppression(why: str) -> Json:
    return {"kind": "external", "status": "accepted", "justification": wording.shown(why)}


def _why(waiver: Waiver, lang: str) -> str:
    told = message("report.decided", lang, who=waiver.who, why=waiver.why)
    return told if waiver.until is None else told + message("report.until", lang, until=waiver.until)


def _decision(decision: Decided) -> Json:
    told = {"verdict": decision.verdict, "who": decision.who, "why": decision.why, "at": decision.at}
    return {key: wording.shown(value) for key, value in told.items() if value}


def _result(finding: Finding, filing: Filing, artifacts: Artifacts) -> Json:
    lang = artifacts.lang
    places = [artifacts.place(piece, filing) for piece in finding.evidence]
    if not places:
        places = [{"physicalLocation": {"artifactLocation": artifacts.location(filing)}}]
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": -1,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(_lines(finding, lang))},
        "locations": places[:1],
        "partialFingerprints": {FINGERPRINT: finding.id},
        "properties": {**_about(filing), "by": finding.by},
    }
    if places[1:]:
        result["relatedLocations"] = [{"id": number, **place} for number, place in enumerate(places[1:], 1)]
    return result


def _lines(finding: Finding, lang: str) -> Iterable[str]:
    """What was seen, the quotes of all sides, those behind the first leading to their places, and what to do."""
    yield plain(finding.message + by_model(finding, lang))
    separator = message("label.separator", lang)
    for number, piece in enumerate(finding.evidence):
        where = place_and_column(piece, lang)
        quote = f"{separator}{plain(quoted(piece))}" if piece.quote else ""
        yield f"- {link(where, number) if number else plain(where)}{quote}"
    if finding.suggestion:
        yield plain(message("report.suggestion", lang, text=finding.suggestion))
