"""The sentences the reports share about an earlier report's findings and about reviewers' decisions."""

from collections import Counter
from collections.abc import Iterator, Mapping

from narrcheck.catalogue import message
from narrcheck.filing import Checked, Decided, Evidence, Finding, Report
from narrcheck.reports.wording import counts, place, shortened, shown, source, title
from narrcheck.resubmitted import STATES, Change, FilingChange, Now, Resubmission, State

_ALWAYS = ("resolved", "standing", "changed", "new")
_ORDER = (*_ALWAYS, *(state for state in STATES if state not in _ALWAYS))
GONE: tuple[State, ...] = ("unknown", "settled", "resolved")
"""The states of earlier findings that are told in lists of their own."""
_QUOTE_LIMIT = 160
_TEXTS = ("goal", "narrative")
_ADDED = (*_TEXTS, "name")


def state(change: Change, lang: str) -> str:
    """The short name of a change's state: 已更正, 仍存在, 新发现, …"""
    return state_name(change.state, lang)


def state_name(key: State, lang: str) -> str:
    """The short name of a state."""
    return message(f"resubmission.state.{key}", lang)


def counted(*filings: FilingChange) -> dict[str, int]:
    """How many findings are in each state, in the order in which the counts are told."""
    found = Counter[str](change.state for item in filings for change in item.changes)
    return {key: found[key] for key in _ORDER}


def change_counts(change: FilingChange, lang: str) -> str:
    """The line of counts: 已更正 2，仍存在 1，内容有变 0，新发现 1, and the other states where there are any."""
    return told_counts(counted(change), lang)


def told_counts(counted: Mapping[str, int], lang: str) -> str:
    """Counts by state as one line; those of states that are rare are left out where they are zero."""
    return message("resubmission.between-counts", lang).join(
        message("resubmission.count", lang, state=message(f"resubmission.state.{key}", lang), count=count)
        for key, count in counted.items()
        if count or key in _ALWAYS
    )


def decided(decision: Decided, lang: str) -> str:
    """Who decided, why, and when where that is known."""
    return message("report.decided", lang, who=shown(decision.who), why=shown(decision.why)) + _at(decision, lang)


def confirmed(decision: Decided, lang: str) -> str:
    """The tag of a finding that a reviewer confirmed: 已确认（who：why，at）."""
    return message("report.confirmed", lang, told=decided(decision, lang))


def dismissed(finding: Finding, decision: Decided, lang: str) -> str:
    """A finding that a reviewer judged to be none, as it is listed beside the waived ones."""
    facts = {"rule": finding.rule, "id": finding.id, "who": shown(decision.who), "why": shown(decision.why)}
    return message("report.dismissed-one", lang, **facts, at=_at(decision, lang))


def _at(decision: Decided, lang: str) -> str:
    return message("report.decided-at", lang, at=shown(decision.at)) if decision.at else ""


def now_says(now: Now, lang: str) -> str:
    """One place: the quote that stood there earlier, and what stands there now."""
    earlier, text = shown(now.earlier.quote), None if now.text is None else shown(now.text)
    facts = {
        "place": place_and_column(now.earlier, lang),
        "earlier": shortened(earlier, _QUOTE_LIMIT),
        "now": shortened(text or "", _QUOTE_LIMIT),
    }
    return message(f"resubmission.{_case(now.earlier, earlier, text)}", lang, **facts)


def _case(piece: Evidence, earlier: str, text: str | None) -> str:
    if text is None:
        return "sentence-gone" if piece.field in _TEXTS else "now-gone"
    if text == earlier:
        return "now-same" if text else "still-blank"
    if not text:
        return "now-blank"
    return "now" if earlier else "added" if piece.field in _ADDED else "was-blank"


def place_and_column(piece: Evidence, lang: str) -> str:
    """The place of a piece of evidence down to its cell: 第 3 行 培训场次 得分."""
    where = place(piece, lang)
    if piece.row is None and piece.column is None:
        return where
    column = f"column.{piece.column}" if piece.column else f"field.{piece.field}"
    return f"{where} {message(column, lang)}"


Item = tuple[str, tuple[str, ...]]
"""A line of a list, and the lines below it."""


def since(change: FilingChange, lang: str) -> Iterator[str]:
    """The lines at the head of a filing: how many findings of the earlier report are in which state."""
    told = change_counts(change, lang)
    if change.earlier is None:
        yield message("resubmission.not-before", lang, counts=told)
        return
    yield message("resubmission.since", lang, source=source(change.earlier, lang), counts=told)
    if change.same_file:
        yield message("resubmission.same-file", lang)


def tag(change: Change | None, lang: str) -> str:
    """The state behind the rule of a finding; nothing without a comparison."""
    return "" if change is None else message("resubmission.tag", lang, state=state(change, lang))


def beside(finding: Finding, checked: Checked, change: Change | None, lang: str) -> Iterator[str]:
    """The lines below a finding: who confirmed it, what it was before, what was said of it then."""
    decision = checked.confirmed.get(finding.id)
    if decision is not None:
        yield confirmed(decision, lang)
    if change is not None and change.earlier is not None:
        if change.state == "changed":
            yield message("resubmission.before", lang, text=shown(change.earlier.message))
        if change.reason:
            yield shown(change.reason)


def sections(change: FilingChange | None, lang: str, *states: State) -> Iterator[tuple[str, list[Item]]]:
    """The earlier findings that are no findings today, by state: a heading and its list, with what stands at their
    places now."""
    if change is None:
        return
    for key in states:
        found = [_item(item, lang) for item in change.of(key)]
        if found:
            yield message(f"resubmission.heading.{key}", lang), found


def _item(change: Change, lang: str) -> Item:
    assert change.earlier is not None
    facts = {"rule": change.earlier.rule, "id": change.earlier.id, "text": shown(change.earlier.message)}
    key = "gone-why" if change.reason else "gone-one"
    line = message(f"resubmission.{key}", lang, **facts, reason=shown(change.reason))
    return line, tuple(dict.fromkeys(now_says(now, lang) for now in change.places))


def missing(told: Resubmission, lang: str) -> Iterator[Item]:
    """The earlier filings that the new report does not have, with their findings."""
    for item in told.missing:
        assert item.earlier is not None
        findings = [change.earlier for change in item.changes if change.earlier is not None]
        facts = {"title": title(item.earlier, lang), "source": source(item.earlier, lang)}
        line = message("resubmission.missing-one", lang, **facts, counts=counts(findings, lang))
        yield line, tuple(_item(change, lang)[0] for change in item.changes)


def total(report: Report) -> str:
    """The last line about the comparison: the counts of the whole run."""
    told = report.resubmission
    assert told is not None
    facts = {"path": shown(told.path), "missing": len(told.missing)}
    return message("resubmission.total", report.lang, counts=told_counts(counted(*told.filings), report.lang), **facts)


def by_position(report: Report) -> Mapping[int, FilingChange]:
    """The changes of the report's filings by their place; empty without a comparison."""
    told = report.resubmission
    return {} if told is None else {item.position: item for item in told.filings if item.position is not None}
