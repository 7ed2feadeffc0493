"""What share of planted faults is caught by the right rule, and which rewrites change a finding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from narrcheck import pipeline
from narrcheck.evaluation.perturb.faults import FAMILIES, FAULTS
from narrcheck.evaluation.perturb.same import differences
from narrcheck.evaluation.perturb.variant import Maker, Subject, Variant
from narrcheck.filing import Checked, Evidence, Finding
from narrcheck.reading.saved import filing_from_json
from narrcheck.settings import Settings

REWRITES = "rewrites"
"""The family of the kinds that must change nothing."""
Families = Mapping[str, Mapping[str, Maker]]
"""Makers by kind, and kinds by family: the letter of the rules that must report them, or REWRITES."""
_TOTALS = ("weight", "score", "total", "grade")
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One variant of a filing and what became of it.

    `good`: the fault was caught by a right rule, or the rewrite changed nothing. `reported` are the findings that the
    original has not, in short; of a rewrite what it changed.
    """

    filing: str
    family: str
    variant: Variant
    good: bool
    reported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many variants of a kind or family were made, of how many filings, and how many came out well."""

    made: int
    good: int
    filings: int

    @property
    def share(self) -> float:
        """The share that came out well."""
        return self.good / self.made


def families(rewrites: Mapping[str, Maker]) -> Families:
    """The kinds of faults, and these rewrites."""
    return {**FAMILIES, REWRITES: rewrites}


def chosen(known: Families, kinds: Sequence[str]) -> Families:
    """Only these kinds; a kind that is not known raises KeyError."""
    missing = [kind for kind in kinds if not any(kind in makers for makers in known.values())]
    if missing:
        raise KeyError(missing[0])
    if not kinds:
        return known
    return {family: {kind: makers[kind] for kind in makers if kind in kinds} for family, makers in known.items()}


def measure(
    found: Iterable[Subject], settings: Settings, makers: Families, *, each: int = 2, seed: int = 0
) -> Iterator[Outcome]:
    """At most `each` variants of every kind of every filing, checked with the settings.

    What is made depends on seed, kind and filing alone, not on what else is measured.
    """
    for subject in found:
        original = pipeline.check_filing(subject.filing, settings)
        for family, known in makers.items():
            for kind, maker in known.items():
                random = Random(f"{seed}:{kind}:{subject.id}")
                for variant in islice(maker(subject, random), each):
                    yield _outcome(subject, original, variant, family, settings)


def _outcome(subject: Subject, original: Checked, variant: Variant, family: str, settings: Settings) -> Outcome:
    checked = pipeline.check_filing(filing_from_json(variant.document), settings)
    if family == REWRITES:
        changed = tuple(differences(original, checked))
        return Outcome(subject.id, family, variant, not changed, changed)
    known = {_identity(finding) for finding in original.findings}
    new = [finding for finding in checked.findings if _identity(finding) not in known]
    caught = any(finding.rule in variant.rules and touches(finding, variant) for finding in new)
    return Outcome(subject.id, family, variant, caught, tuple(map(_told, new)))


def _identity(finding: Finding) -> tuple[str, frozenset[tuple[str, str, str, str]]]:
    """What makes two findings one: the rule, and what the evidence shows where."""
    pieces = ((piece.field, piece.name or "", piece.quote, piece.value or "") for piece in finding.evidence)
    return finding.rule, frozenset(pieces)


def touches(finding: Finding, variant: Variant) -> bool:
    """Whether the evidence shows the planted place: its row, its cell, or in goal and narrative the changed passage."""
    return any(_shows(piece, variant) for piece in finding.evidence)


def _shows(piece: Evidence, variant: Variant) -> bool:
    if variant.field in ("goal", "narrative"):
        return piece.field == variant.field and _overlaps(piece, variant)
    if variant.row is not None and piece.name == variant.row:
        return True
    # The sums of weights and scores are shown by the total row, which names no row.
    return variant.field in _TOTALS and piece.field in ("total", "grade")


def _overlaps(piece: Evidence, variant: Variant) -> bool:
    """Whether evidence from the changed text shares characters with the changed passage."""
    text, passage = str(variant.document[variant.field] or ""), variant.after
    start = text.find(passage)
    while start >= 0:
        if piece.start < start + len(passage) and start < piece.end:
            return True
        start = text.find(passage, start + 1)
    return False


def _told(finding: Finding) -> str:
    """A finding in short: its rule and what it quotes."""
    quotes = dict.fromkeys(piece.quote for piece in finding.evidence)
    return f"{finding.rule} " + " | ".join(list(quotes)[:_TOLD])


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    """The share of each kind of which something was made, faults in the order of their families first."""
    order = {kind: at for at, kind in enumerate(FAULTS)}
    ordered = sorted(outcomes, key=lambda outcome: order.get(outcome.variant.kind, len(order)))
    return _shares((outcome.variant.kind, outcome) for outcome in ordered)


def by_family(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    """The share of each family of which something was made."""
    return _shares((outcome.family, outcome) for outcome in outcomes)


def _shares(named: Iterable[tuple[str, Outcome]]) -> dict[str, Share]:
    groups: dict[str, list[Outcome]] = {}
    for name, outcome in named:
        groups.setdefault(name, []).append(outcome)
    return {
        name: Share(len(group), sum(outcome.good for outcome in group), len({outcome.filing for outcome in group}))
        for name, group in groups.items()
    }
