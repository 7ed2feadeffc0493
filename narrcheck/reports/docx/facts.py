"""What a letter says of a filing: the names that templates use, documented in docs/letter.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Filing, Finding, Report, Severity
from narrcheck.reports import changes, model, wording
from narrcheck.reports.wording import shown
from narrcheck.resubmitted import Change, FilingChange

_QUOTE_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comment: a place in the form, and the quotes taken from it."""

    place: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A finding. `level` is error, warning or info, `severity` its name; `before` is new, changed or standing, `state`
    says so in words, both empty where nothing was compared."""

    number: int
    level: str
    severity: str
    rule: str
    message: str
    sides: tuple[Side, ...]
    suggestion: str
    id: str
    before: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding of the earlier letter that is not among the comments now. `now` says, place by place, what stands there
    today; `reason` why nobody can tell whether it was resolved."""

    number: int
    severity: str
    message: str
    now: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a template can name. Texts are empty and counts 0 where the filing has nothing."""

    addressee: str
    unit: str
    department: str
    project: str
    year: str
    form: str
    file: str
    comments: tuple[Comment, ...]
    errors: int
    warnings: int
    infos: int
    verdict: str
    coverage: str
    doubts: tuple[str, ...]
    notes: tuple[str, ...]
    failed_rules: tuple[str, ...]
    compared: bool
    corrected: tuple[Earlier, ...]
    unknown: tuple[Earlier, ...]
    version: str


def letters(report: Report) -> Iterator[Letter]:
    """The facts of each letter, in the order of the filings."""
    for position, checked in enumerate(report.filings):
        change = None if report.resubmission is None else report.resubmission.filing(position)
        yield _letter(checked, report, change)


def _letter(checked: Checked, report: Report, change: FilingChange | None) -> Letter:
    filing, lang = checked.filing, report.lang
    counts = wording.count_by_severity(checked.findings)
    unit, department = shown(filing.unit or ""), shown(filing.department or "")
    states = {} if change is None or change.earlier is None else change.by_finding
    findings = enumerate(wording.by_severity(checked.findings), 1)
    return Letter(
        addressee=unit or department or message("letter.addressee", lang),
        unit=unit,
        department=department,
        project=shown(filing.project or "") or message("report.no-project", lang),
        year="" if filing.year is None else str(filing.year),
        form=message(f"form.{filing.form}", lang),
        file=_file(filing, lang),
        comments=tuple(_comment(number, one, filing, lang, states.get(one.id)) for number, one in findings),
        errors=counts[Severity.ERROR.label],
        warnings=counts[Severity.WARNING.label],
        infos=counts[Severity.INFO.label],
        verdict=wording.verdict(checked, lang) or "",
        coverage=wording.coverage(checked, lang),
        doubts=tuple(wording.doubt(item, filing, lang) for item in filing.doubts),
        notes=tuple(wording.note(item, lang) for item in filing.notes),
        failed_rules=tuple(dict.fromkeys(failure.rule for failure in checked.failures)),
        compared=change is not None and change.earlier is not None,
        corrected=_earlier(change.of("resolved") if change else (), lang),
        unknown=_earlier(change.of("unknown") if change else (), lang),
        version=report.version,
    )


def _file(filing: Filing, lang: str) -> str:
    """The file's name without its folders, which are none of the filer's."""
    path = filing.source.path
    name = message("report.stdin", lang) if path == "-" else shown(PurePath(path.replace("\\", "/")).name)
    return name if filing.source.index == 1 else message("letter.file", lang, name=name, index=filing.source.index)


def _comment(number: int, finding: Finding, filing: Filing, lang: str, change: Change | None) -> Comment:
    before = "" if change is None else change.state
    sides = (
        Side(side.place, tuple(wording.shortened(quote, _QUOTE_LIMIT) for quote in side.quotes))
        for side in wording.sides(finding, filing, lang)
    )
    return Comment(
        number=number,
        level=finding.severity.label,
        severity=message(f"severity.{finding.severity.label}", lang),
        rule=finding.rule,
        message=shown(finding.message + model.by_model(finding, lang)),
        sides=tuple(sides),
        suggestion=shown(finding.suggestion),
        id=finding.id,
        before=before,
        state=message(f"letter.state.{before}", lang) if before else "",
    )


def _earlier(gone: tuple[Change, ...], lang: str) -> tuple[Earlier, ...]:
    told = [(change, change.earlier) for change in gone if change.earlier is not None]
    return tuple(
        Earlier(
            number=number,
            severity=message(f"severity.{finding.severity.label}", lang),
            message=shown(finding.message),
            now=tuple(changes.now_says(place, lang) for place in change.places),
            reason=shown(change.reason),
        )
        for number, (change, finding) in enumerate(told, 1)
    )
