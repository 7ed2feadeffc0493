"""One filing's answers against its labels: reading, claims, modifiers, links, findings.

Under which key each is counted: parse.cells and parse.filings for the reading, claims, claims.modifier, links,
findings, findings.<letter> and the rule's code for findings. L and X findings are not counted here: nobody labels what
a model may judge, and what lies across filings has labels of its own (`narrcheck.evaluation.across`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from narrcheck.evaluation.labels import ClaimLabel, FindingLabel, Labels
from narrcheck.evaluation.matching import (
    Answer,
    answers,
    bare,
    kind_of_field,
    number,
    pair_claims,
    pair_findings,
    pair_rows,
    row_of,
    same_unit,
    same_value,
)
from narrcheck.evaluation.result import Quote
from narrcheck.evaluation.tally import Tally

_HEADER = (
    "form", "year", "project", "department", "unit", "money_unit", "goal", "narrative", "total_weight", "total_score",
    "grade",
)  # fmt: skip
_FUNDS = ("label", "initial", "adjusted", "executed", "weight", "rate", "score")
_ROW = ("level1", "level2", "name", "weight", "score", "note")
_CELLS = {"target": ("raw", "comparator", "value", "upper", "unit"), "actual": ("raw", "value", "unit", "status")}
_LONGEST = 120
_NOT_COUNTED = "LX"


def score_reading(wanted: Answer, had: Answer, tally: Tally) -> None:
    """The cells of a form one by one, and whether all of them are right. Cells blank on both sides do not count."""
    whole = True
    for key in _HEADER:
        whole &= _cell(tally, key, wanted.get(key), had.get(key))
    for table, first in (("funds", "label"), ("indicators", "name")):
        for at, row, other in pair_rows(wanted.get(table) or [], had.get(table) or [], first):
            whole &= bool(row) and bool(other)
            whole &= _score_row(tally, f"{table}[{at}]", row, other)
    tally.both("parse.filings", whole)


def _score_row(tally: Tally, where: str, row: Answer, other: Answer) -> bool:
    whole = True
    parted = where.startswith("indicators")
    for key in _ROW if parted else _FUNDS:
        whole &= _cell(tally, f"{where}.{key}", row.get(key), other.get(key))
    for part, cells in _CELLS.items() if parted else ():
        one, another = row.get(part) or {}, other.get(part) or {}
        for key in cells:
            whole &= _cell(tally, f"{where}.{part}.{key}", one.get(key), another.get(key), exact=key == "raw")
    return whole


def _cell(tally: Tally, where: str, wanted: Any, had: Any, exact: bool = False) -> bool:
    one, other = bare(wanted), bare(had)
    good = same_value(wanted, had) if not exact and number(wanted) is not None else one == other
    tally.cell("parse.cells", bool(one), bool(other), good)
    if not good:
        text = f"{_short(wanted)} → {_short(had)}"
        tally.note("reading", "parse.cells", "differs", where, text, [Quote(field=where, quote=_short(wanted))])
    return good


def _short(value: object) -> str:
    text = "—" if value is None else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def score_claims(labels: Labels, claims: Sequence[Answer], rows: Sequence[Answer], tally: Tally) -> None:
    """The claims, their modifiers and their links; `rows` are the indicator rows as they were read."""
    for label, claim in pair_claims(labels.claims, claims):
        if label is None:
            assert claim is not None
            tally.answered(["claims"], right=False)
            tally.note("claims", "claims", "false", _claim_name(claim), "", [_quote_of(claim)])
        elif claim is None:
            tally.labelled(["claims"], found=False)
            tally.note("claims", "claims", "missed", _label_name(label), "", [_labelled_quote(label)])
        else:
            _score_pair(label, claim, rows, tally)


def _score_pair(label: ClaimLabel, claim: Answer, rows: Sequence[Answer], tally: Tally) -> None:
    name, quotes = _label_name(label), [_labelled_quote(label)]
    good = same_unit(label, claim)
    tally.both("claims", good)
    if not good:
        tally.note("claims", "claims", "differs", name, f"{label.unit} → {claim['unit'] or '—'}", quotes)
    good = label.modifier == claim["modifier"]
    tally.both("claims.modifier", good)
    if not good:
        text = f"{label.modifier} → {claim['modifier']}"
        tally.note("modifiers", "claims.modifier", "differs", name, text, quotes)
    if kind_of_field(label.field) != "narrative" or label.row_debatable:
        return
    wanted, had = bare(label.row), bare(row_of(claim, rows))
    good = wanted == had
    if wanted:
        tally.labelled(["links"], good)
    if had:
        tally.answered(["links"], good)
    if not good:
        text = f"{label.row or '—'} → {row_of(claim, rows) or '—'}"
        tally.note("links", "links", "differs", name, text, quotes)


def score_findings(labels: Labels, findings: Sequence[Answer], tally: Tally) -> None:
    """The findings against the sure labels; one that answers only a debatable label, or again a label that is answered,
    is not counted."""
    counted = [finding for finding in findings if finding["rule"][0] not in _NOT_COUNTED]
    score_labelled(labels, counted, tally, answers, keys_of)


def score_labelled(
    labels: Labels,
    findings: Sequence[Answer],
    tally: Tally,
    fits: Callable[[FindingLabel, Answer], bool],
    keys: Callable[[str], tuple[str, ...]],
) -> None:
    """Findings against labels; `fits` says whether one answers the other, `keys` what a rule is counted under."""
    sure = [label for label in labels.findings if label.certainty == "sure"]
    debatable = [label for label in labels.findings if label.certainty != "sure"]
    pairs = pair_findings(sure, findings, fits)
    for at, label in enumerate(sure):
        tally.labelled(keys(label.rule), at in pairs)
        also = [] if at in pairs else _told_otherwise(label, findings)
        note_label(tally, label, "found" if at in pairs else "missed", also)
    right = set(pairs.values())
    for at, finding in enumerate(findings):
        if at not in right:
            known = next((label for label in debatable if fits(label, finding)), None)
            if known is not None:
                note_label(tally, known, "debatable")
                continue
            if any(fits(label, finding) for label in sure):
                note_finding(tally, finding, "repetition")
                continue
        tally.answered(keys(finding["rule"]), at in right)
        if at not in right:
            note_finding(tally, finding, "false")


def keys_of(rule: str) -> tuple[str, str, str]:
    """The keys that a finding of a rule is counted under."""
    return rule, "findings", f"findings.{rule[0]}"


def _told_otherwise(label: FindingLabel, findings: Sequence[Answer]) -> list[str]:
    """The rules under which what a label asks for was reported."""
    if not label.row:
        return []
    return sorted({finding["rule"] for finding in findings if answers(label, finding, any_rule=True)})


def note_label(tally: Tally, label: FindingLabel, verdict: Any, also: Sequence[str] = ()) -> None:
    """What became of a label; `also` are the rules that reported it instead."""
    rows = label.rows or ([label.row] if label.row else label.filings or [])
    name = "|".join([label.rule, *rows, *(label.values if not label.rows else ())])
    text = label.why + (f" [{', '.join(also)}]" if also else "")
    row = label.row if not label.rows else None
    quotes = [Quote(row=row, quote=quote) for quote in label.quotes]
    tally.note("findings", label.rule, verdict, name, text, quotes)


def note_finding(tally: Tally, finding: Answer, verdict: Any) -> None:
    """A finding that answers no label, or not alone."""
    pieces = finding["evidence"]
    told = [str(piece.get("name") or piece["field"]) for piece in pieces]
    values = [str(piece["value"]) for piece in pieces if piece.get("value")]
    name = "|".join(dict.fromkeys([finding["rule"], *told, *values]))
    tally.note("findings", finding["rule"], verdict, name, finding.get("message", ""), map(_quote_of_piece, pieces))


def _claim_name(claim: Answer) -> str:
    return "|".join([str(claim["field"]), bare(claim["quote"]), str(claim["value"]), claim["unit"] or ""])


def _label_name(label: ClaimLabel) -> str:
    return "|".join([label.field, bare(label.quote), label.value, label.unit])


def _quote_of(claim: Mapping[str, Any]) -> Quote:
    return Quote(field=str(claim["field"]), quote=claim["quote"], value=claim["value"])


def _labelled_quote(label: ClaimLabel) -> Quote:
    field, _, row = label.field.partition(":")
    return Quote(field=field, row=row or None, quote=label.quote, value=label.value)


def _quote_of_piece(piece: Mapping[str, Any]) -> Quote:
    return Quote(field=piece["field"], row=piece.get("name"), quote=piece.get("quote") or "", value=piece.get("value"))
