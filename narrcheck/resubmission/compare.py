"""Two reports compared: every finding of either with what became of it."""

from collections.abc import Iterator
from dataclasses import replace

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Filing, Finding, Report
from narrcheck.llm.masking import Mask, mask_all, texts_of
from narrcheck.resubmission import filings
from narrcheck.resubmission.changes import Run, changes
from narrcheck.resubmitted import STATES, Change, FilingChange, Resubmission
from narrcheck.text import squeeze


def compared(new: Report, old: Report, path: str) -> Report:
    """The new report with `resubmission` set: what became of the findings of `old`, which was read from `path`.

    The changes of the new report's filings come in their order, then the earlier filings that it does not have.
    """
    pairs = filings.paired([item.filing for item in old.filings], [item.filing for item in new.filings])
    run = Run.of(new)
    told = [
        _filing(position, old.filings[pairs[position]] if position in pairs else None, checked, run)
        for position, checked in enumerate(new.filings)
    ]
    used = set(pairs.values())
    gone = [_missing(item, new) for at, item in enumerate(old.filings) if at not in used]
    remarks = (*_differences(new, old), *_renamed(told, new))
    return replace(new, resubmission=Resubmission(path, (*told, *gone), remarks))


def _filing(position: int, old: Checked | None, new: Checked, run: Run) -> FilingChange:
    if old is None:
        return FilingChange(position, None, _sorted(Change("new", None, finding) for finding in new.findings))
    same = bool(old.filing.source.sha256) and old.filing.source.sha256 == new.filing.source.sha256
    return FilingChange(position, old.filing, _sorted(changes(old, new, run)), same)


def _missing(old: Checked, new: Report) -> FilingChange:
    """An earlier filing that the new report does not have: nobody can say what became of its findings."""
    unread = any(problem.path == old.filing.source.path for problem in new.errors)
    reason = message("resubmission.unknown.unread" if unread else "resubmission.unknown.missing", new.lang)
    return FilingChange(
        None, old.filing, _sorted(Change("unknown", finding, reason=reason) for finding in old.findings)
    )


def _sorted(found: Iterator[Change]) -> tuple[Change, ...]:
    return tuple(sorted(found, key=lambda change: (STATES.index(change.state), -_finding(change).severity)))


def _finding(change: Change) -> Finding:
    finding = change.now or change.earlier
    assert finding is not None
    return finding


def _differences(new: Report, old: Report) -> Iterator[str]:
    """What differs between the two runs and could itself change findings."""
    lang = new.lang
    every = message("resubmission.all-rules", lang)
    sides = {
        "version": (old.version, new.version),
        "profile": (old.profile, new.profile),
        "selection": tuple(_selection(report) or every for report in (old, new)),
        "mode": tuple(_mode(report) for report in (old, new)),
        "lang": (old.lang, new.lang),
    }
    for key, (then, today) in sides.items():
        if then != today:
            yield message(f"resubmission.remark.{key}", lang, then=then, today=today)


def _selection(report: Report) -> str:
    return next((checked.selection for checked in report.filings if checked.selection), "")


def _mode(report: Report) -> str:
    return report.mode if report.model is None else f"{report.mode} {report.model.model} ({report.model.use})"


def _renamed(told: list[FilingChange], new: Report) -> Iterator[str]:
    """The filings that count as the same though their project or year is another."""
    for item in told:
        if item.position is None or item.earlier is None:
            continue
        then, today = item.earlier, new.filings[item.position].filing
        if squeeze(then.project or "") != squeeze(today.project or "") or then.year != today.year:
            facts = {"then": _title(then), "today": _title(today)}
            yield message("resubmission.remark.head", new.lang, **facts)


def _title(filing: Filing) -> str:
    return " ".join([filing.project or "—", *([] if filing.year is None else [str(filing.year)])])


def masked(report: Report) -> Report:
    """The report with the personal data masked in what it says of the earlier one: what either version of a filing
    shows to be personal is masked in both, and in the name of the earlier file."""
    told = report.resubmission
    if told is None:
        return report
    masks = [_mask(item, report) for item in told.filings]
    items = tuple(mask_all(item, mask) for item, mask in zip(told.filings, masks, strict=True))
    path, remarks = told.path, mask_all(told.remarks, Mask.of(told.remarks))
    for mask in masks:
        path, remarks = mask(path), mask_all(remarks, mask)
    return replace(report, resubmission=replace(told, path=path, filings=items, remarks=remarks))


def _mask(item: FilingChange, report: Report) -> Mask:
    texts = [] if item.earlier is None else [*texts_of(item.earlier)]
    if item.position is not None:
        texts += texts_of(report.filings[item.position].filing)
    texts += texts_of(item.changes)
    return Mask.of(texts)
