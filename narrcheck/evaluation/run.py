"""An evaluation: a system's answers about the filings of fixtures, scored and summed up."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from narrcheck.evaluation.fixtures import Fixture, Folder
from narrcheck.evaluation.intervals import grouped, intervals, mean_intervals, pooled
from narrcheck.evaluation.labels import Labels
from narrcheck.evaluation.result import MEASURES, Counts, Figure, FileResult, Measure, Result
from narrcheck.evaluation.scoring import score_claims, score_findings, score_reading
from narrcheck.evaluation.systems import Answered, Measured
from narrcheck.evaluation.tally import Tally
from narrcheck.rules.registry import find_rule

_DIGITS = 4
_BREAKDOWNS = ("sector", "layout", "format")


def evaluate(folders: Sequence[Folder], system: Measured, resample: bool = True) -> Result:
    """The system's answers about all fixtures against their labels; `resample` asks for intervals."""
    files = [(folder, fixture, file) for folder in folders for fixture in folder.fixtures for file in fixture.files]
    answers = system.answers([file for _, _, file in files])
    filings = [score_file(fixture, file, folder.named(file), answers[file]) for folder, fixture, file in files]
    return summed(filings, [folder.name for folder in folders], resample).model_copy(
        update={"system": system.system, "cost": system.cost}
    )


def score_file(fixture: Fixture, file: Path, name: str, answered: Answered) -> FileResult:
    """One file of a fixture."""
    tally = Tally()
    labels, checked = fixture.labels, answered.checked
    if fixture.reading is not None and answered.reading is not None:
        score_reading(fixture.reading, answered.reading, tally)
    if labels is not None and checked is not None:
        if not labels.findings_only:
            rows = (answered.reading or checked).get("indicators") or checked.get("rows") or []
            score_claims(labels, checked.get("claims", []), rows, tally)
        score_findings(labels, checked.get("findings", []), tally)
    coverage = (checked or {}).get("coverage", {})
    return FileResult(
        id=fixture.id,
        file=name,
        format=file.suffix.lstrip(".").lower(),
        numbers=coverage.get("numbers", 0),
        claims=coverage.get("claims", 0),
        checked=labels is not None and bool(checked) and answered.error is None,
        error=answered.error,
        several=answered.filings > 1,
        counts=tally.counts(),
        items=tally.items,
        **_described(labels, checked or {}),
    )


def _described(labels: Labels | None, checked: Mapping[str, object]) -> dict[str, str | None]:
    """Sector and layout; where no layout is labelled, how the form was read."""
    sector, layout = (None, None) if labels is None else (labels.sector, labels.layout)
    return {"sector": sector, "layout": layout or str(checked.get("layout") or "") or None}


def summed(filings: Sequence[FileResult], folders: Sequence[str], resample: bool = True) -> Result:
    """The figures over scored files; `resample` asks for intervals."""
    groups = grouped(filings)
    sums = pooled(groups)
    told = sum(one.numbers for one in filings)
    findings = sums.get("findings", Counts())
    checked = sum(one.checked for one in filings)
    return Result(
        schema="narrcheck-eval/1",
        folders=list(folders),
        files=len(filings),
        unread=sum(one.error is not None for one in filings),
        several=sum(one.several for one in filings),
        figures={key: sums[key].figure() for key in ordered(sums)},
        intervals=intervals(groups) if resample else {},
        per_filing={key: _mean(groups, key) for key in ordered(sums)},
        per_filing_intervals=mean_intervals(groups) if resample else {},
        by={"severity": _by_severity(sums), **{name: _by(filings, name) for name in _BREAKDOWNS}},
        recognised=round(sum(one.claims for one in filings) / told, _DIGITS) if told else None,
        false_alarms=round((findings.reported - findings.right) / checked, _DIGITS) if checked else None,
        filings=list(filings),
    )


def ordered(keys: Iterable[str]) -> list[str]:
    """Layers first, then the rules."""
    return sorted(keys, key=lambda key: (key[0].isupper(), key))


def _mean(groups: Sequence[Mapping[str, Counts]], key: str) -> dict[Measure, float | None]:
    """The means of the filings' own shares, over those that have them."""
    figures = [group[key].figure() for group in groups if key in group]
    means: dict[Measure, float | None] = {}
    for measure in MEASURES:
        known = [share for figure in figures if (share := getattr(figure, measure)) is not None]
        means[measure] = round(sum(known) / len(known), _DIGITS) if known else None
    return means


def _by_severity(sums: Mapping[str, Counts]) -> dict[str, dict[str, Figure]]:
    """The findings of single filings by the severity of their rules."""
    found: dict[str, Counts] = {}
    for key, counts in sums.items():
        rule = find_rule(key)
        if rule is not None and not rule.across:
            label = rule.severity.label
            found[label] = found[label].plus(counts) if label in found else counts
    return {name: {"findings": found[name].figure()} for name in ("error", "warning", "info") if name in found}


def _by(filings: Sequence[FileResult], name: str) -> dict[str, dict[str, Figure]]:
    """The layers by sector, layout or format."""
    parts: dict[str, list[FileResult]] = {}
    for one in filings:
        parts.setdefault(getattr(one, name) or "", []).append(one)
    return {
        value: {key: counts.figure() for key, counts in sorted(pooled(grouped(part)).items()) if key[0].islower()}
        for value, part in sorted(parts.items())
    }
