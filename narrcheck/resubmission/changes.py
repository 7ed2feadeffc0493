"""What became of each finding of one filing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from narrcheck import pipeline
from narrcheck.catalogue import message
from narrcheck.filing import Checked, Decided, Evidence, Finding, Report, Waiver
from narrcheck.resubmission.beside import Beside
from narrcheck.resubmission.findings import Entry, entries, paired
from narrcheck.resubmission.marks import NO_ANSWERS, NO_READING
from narrcheck.resubmission.places import Places
from narrcheck.resubmission.rows import rows
from narrcheck.resubmitted import Change, Now
from narrcheck.rules.registry import find_rule
from narrcheck.settings import Settings


@dataclass(slots=True)
class Run:
    """The new run: which rules could speak in it. `across`: rules that compare filings ran."""

    lang: str
    mode: str
    across: bool
    _speaks: dict[tuple[str, str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report) -> "Run":
        """The run of a report. Only a batch compares filings; its export keeps no readings."""
        across = any(_is_across(finding) for checked in report.filings for finding in _all(checked))
        return cls(report.lang, report.mode, across or any(map(_without_reading, report.filings)))

    def speaks(self, rule: str, selection: str) -> bool:
        """Whether a rule was asked for."""
        if (rule, selection) not in self._speaks:
            self._speaks[rule, selection] = pipeline.speaks(rule, _selected(selection))
        return self._speaks[rule, selection]


def _selected(selection: str) -> Settings:
    """The settings behind `Checked.selection`: N,F01 -N05."""
    parts = selection.split()
    select = [code for part in parts if not part.startswith("-") for code in part.split(",")]
    return Settings(select=tuple(select), ignore=tuple(part[1:] for part in parts if part.startswith("-")))


def _all(checked: Checked) -> Iterator[Finding]:
    yield from checked.findings
    yield from (finding for finding, _ in (*checked.waived, *checked.dismissed))


def _is_across(finding: Finding) -> bool:
    rule = find_rule(finding.rule)
    return rule is not None and rule.across is not None


def _without_reading(checked: Checked) -> bool:
    return any(note.key == NO_READING for note in checked.filing.notes)


def changes(old: Checked, new: Checked, run: Run) -> Iterator[Change]:
    """The changes of a filing, those of findings that stand in the order of the new report. A finding that was waived
    or dismissed before counts only where it stands today."""
    by_row = rows(old, new)
    places = None if _without_reading(new) else Places(old.filing, new.filing, by_row)
    beside = Beside(old.filing, new.filing, by_row)
    olds, news = entries(old, by_row), entries(new)
    pairing = paired(olds, news)
    for at in sorted(range(len(olds)), key=lambda at: pairing.now.get(at, len(news))):
        entry = olds[at]
        said = () if places is None else tuple(map(places.now, _shown(entry)))
        place = pairing.now.get(at)
        if place is not None:
            yield from _still(entry, news[place], said, run.lang)
        elif entry.aside is None:
            whole = news[pairing.within[at]].finding if at in pairing.within else None
            reason = _unknown(entry.finding, new, said, run, places) if whole is None else _within(whole, run.lang)
            more = () if reason or places is None else beside.told(said)
            yield Change("unknown" if reason else "resolved", entry.finding, None, (*said, *more), reason)
    yield from (Change("new", None, news[at].finding) for at in pairing.free if news[at].aside is None)


def _shown(entry: Entry) -> tuple[Evidence, ...]:
    return tuple(piece for piece in entry.finding.evidence if piece.field != "header")


def _still(old: Entry, new: Entry, said: tuple[Now, ...], lang: str) -> Iterator[Change]:
    """A finding that is there today as well, waived or not."""
    if new.aside is not None:
        if old.aside is None:
            yield Change("settled", old.finding, new.finding, said, _aside(new.aside, lang))
        return
    same = old.finding.id == new.finding.id or old.same == new.same
    before = "" if old.aside is None else message("resubmission.was-aside", lang, told=_aside(old.aside, lang))
    yield Change("standing" if same else "changed", old.finding, new.finding, said, before)


def _aside(aside: Waiver | Decided, lang: str) -> str:
    """Who set a finding aside, and why."""
    key = "waived" if isinstance(aside, Waiver) else "dismissed"
    return message(f"resubmission.aside.{key}", lang, who=aside.who, why=aside.why)


def _within(whole: Finding, lang: str) -> str:
    return message("resubmission.unknown.within", lang, rule=whole.rule, id=whole.id)


def _unknown(finding: Finding, new: Checked, said: tuple[Now, ...], run: Run, places: Places | None) -> str:
    """Why nobody can say that a finding that is gone was resolved; empty where its rule looked at its place."""
    key = _not_looked_for(finding, new, run) or ("" if places is None else _not_read(finding, said, places))
    return message(f"resubmission.unknown.{key}", run.lang, rule=finding.rule) if key else ""


def _not_looked_for(finding: Finding, new: Checked, run: Run) -> str:
    rule = find_rule(finding.rule)
    if rule is None:
        return "no-rule"
    if not run.speaks(finding.rule, new.selection):
        return "not-selected"
    if any(failure.rule == finding.rule for failure in new.failures):
        return "failed"
    if rule.across is not None and not run.across:
        return "across"
    if finding.by == "llm":
        return "offline" if run.mode == "offline" else "no-answer" if _unanswered(new) else ""
    return ""


def _unanswered(checked: Checked) -> bool:
    if checked.advice is not None:
        return bool(checked.advice.troubles)
    return any(note.key == NO_ANSWERS for note in checked.filing.notes)


def _not_read(finding: Finding, said: tuple[Now, ...], places: Places) -> str:
    """Whether the places of the evidence were read, its texts and a row at least, and say anything else today. Where a
    rule compares filings, the other one may have been corrected."""
    texts = [now for now in said if now.earlier.field in ("goal", "narrative")]
    cells = [now for now in said if now.earlier.row is not None]
    if any(places.unread(now) for now in texts):
        return "no-text"
    if cells and all(now.text is None for now in cells):
        return "no-row"
    if any(map(places.doubtful, said)):
        return "doubt"
    return "unchanged" if not _is_across(finding) and places.untouched(said) else ""
