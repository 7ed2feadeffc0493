"""Runs the rules over one filing and settles which of them speaks where several saw the same fault."""

import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from narrcheck.filing import Finding, RuleFailure
from narrcheck.rules.case import Case, finding_id, numbered
from narrcheck.rules.registry import Rule, all_rules

# One fault is reported once: the first code speaks, findings of the second about the same row join its evidence.
PRECEDENCE = (
    ("N06", "S09"),
    ("N06", "N01"),
    ("N06", "N02"),
    ("N02", "N01"),
    ("N07", "S04"),
    ("N07", "S06"),
    ("S04", "S06"),
    ("S04", "S08"),
)

_Key = tuple[str, frozenset[int]]


def run_rules(case: Case, rules: Iterable[Rule] | None = None) -> tuple[tuple[Finding, ...], tuple[RuleFailure, ...]]:
    """All findings of the filing in code order, after precedence, and the rules that raised.

    A rule that raises loses its own findings only; the others stand.
    """
    found: list[Finding] = []
    failures: list[RuleFailure] = []
    for rule in all_rules() if rules is None else rules:
        if case.filing.form not in rule.forms:
            continue
        case.rule = rule
        try:
            found.extend(rule.check(case))
        except Exception as error:  # a bug in one rule must not hide what the others saw
            place = traceback.extract_tb(error.__traceback__)[-1]
            failures.append(RuleFailure(rule.code, f"{type(error).__name__}: {error} ({place.name}:{place.lineno})"))
    case.rule = None
    return settle(case, found), tuple(failures)


def settle(case: Case, found: list[Finding]) -> tuple[Finding, ...]:
    """The findings with each fault reported once, by PRECEDENCE; the evidence of those left out is kept.

    A text that repeats a sentence is reported once; rows that look alike are reported each.
    """
    standing = {(finding.id, frozenset(_rows(finding))): finding for finding in found}
    for first, second in PRECEDENCE:
        losers: dict[int, list[_Key]] = {}
        for key, finding in standing.items():
            if finding.rule == second:
                for row in _rows(finding):
                    losers.setdefault(row, []).append(key)
        for key, winner in [(key, finding) for key, finding in standing.items() if finding.rule == first]:
            names = [name for row in sorted(_rows(winner)) for name in losers.get(row, ())]
            beaten = [name for name in dict.fromkeys(names) if name in standing and _same_fault(winner, standing[name])]
            if not beaten:
                continue
            findings = (winner, *(standing.pop(name) for name in beaten))
            evidence = tuple(dict.fromkeys(piece for finding in findings for piece in finding.evidence))
            identity = finding_id(winner.rule, case.filing, evidence)
            standing[key] = replace(winner, evidence=evidence, id=identity)
    return tuple(_told_apart(standing.values()))


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with an id of their own each: rows alike in all that an id is made of are numbered."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.id] += 1
        number = seen[finding.id]
        yield finding if number == 1 else replace(finding, id=numbered(finding.id, number))


def _rows(finding: Finding) -> set[int]:
    return {e.row for e in finding.evidence if e.row is not None and e.field != "funds"}


def _same_fault(winner: Finding, other: Finding) -> bool:
    """Findings that list rows (S05, R06) concern several faults and are never absorbed in part."""
    return len(_rows(other)) == 1 or _rows(other) <= _rows(winner)
