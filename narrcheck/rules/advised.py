"""The findings with a model's advice: what the rules found alone stands as it is, the model can only add."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from narrcheck.filing import Claim, Evidence, Finding, Severity
from narrcheck.rules.engine import PRECEDENCE


def joined(offline: Sequence[Finding], advised: Iterable[Finding], claims: Sequence[Claim]) -> tuple[Finding, ...]:
    """Both lists as one, in code order.

    An offline finding keeps its words, severity and evidence; it is marked "both" where the advised claims, which the
    model confirmed, give the same. A finding of the model's alone is marked "llm", is no error, and is left out where
    an offline finding tells of the same fault.
    """
    confirmed = {finding.id for finding in advised if _rests_on_both(finding, claims)}
    standing = [replace(f, by="both") if f.id in confirmed else f for f in offline]
    ids = {finding.id for finding in offline}
    added = [
        replace(finding, by="llm", severity=min(finding.severity, Severity.WARNING))
        for finding in advised
        if finding.id not in ids and not any(_told(finding, other) for other in offline)
    ]
    return tuple(sorted([*standing, *added], key=lambda finding: finding.rule))


def _rests_on_both(finding: Finding, claims: Sequence[Claim]) -> bool:
    """Whether one of the finding's quotes is a claim that rules and model agree on."""
    return any(_shows(piece, claim) for claim in claims if claim.by == "both" for piece in finding.evidence)


def _shows(piece: Evidence, claim: Claim) -> bool:
    same = (piece.field, piece.row) == (claim.field, claim.in_row)
    return same and (piece.start, piece.end) == (claim.start, claim.end)


def _told(new: Finding, known: Finding) -> bool:
    """Whether `known` tells of the fault of `new`: by the same rule about the same rows and passage, or a rule that
    goes before."""
    if new.rule == known.rule:
        return _rows(new) == _rows(known) and any(_overlap(a, b) for a in new.evidence for b in known.evidence)
    return (known.rule, new.rule) in PRECEDENCE and bool(_rows(new)) and _rows(new) <= _rows(known)


def _rows(finding: Finding) -> set[int]:
    return set(_row_numbers(finding.evidence))


def _row_numbers(evidence: Iterable[Evidence]) -> Iterator[int]:
    return (piece.row for piece in evidence if piece.row is not None and piece.field != "funds")


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = (one.field, one.row, one.column) == (other.field, other.row, other.column)
    return same and one.start < other.end and other.start < one.end
