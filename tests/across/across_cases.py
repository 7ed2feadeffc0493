"""Small batches written as brief forms, for tests of the rules across filings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from narrcheck.brief import read_brief
from narrcheck.claims.offline import extract
from narrcheck.linking import link
from narrcheck.rules.across import across_unit
from narrcheck.rules.across.members import CrossFinding, Member

EVERY = ("X01", "X02", "X03", "X04", "X05")
_KEYS = {"name", "why", "forms", "expect"}


@dataclass(frozen=True)
class Batch:
    """One case: the forms of a unit, separated by ---, and the findings expected, each as its rule and quotes."""

    name: str
    why: str
    forms: str
    expect: list[list[str]]


def members(forms: str) -> list[Member]:
    """The forms as members of a batch, keyed in order, with their claims linked."""
    filings = [read_brief(form) for form in forms.split("\n---\n")]
    return [Member(key, filing, link(filing, extract(filing).claims)) for key, filing in enumerate(filings)]


def findings(group: Sequence[Member], rules: Iterable[str] = EVERY, lang: str = "zh") -> tuple[CrossFinding, ...]:
    """What the rules say; a rule that raises fails the test."""
    found, failures = across_unit(group, lang, list(rules))
    assert not failures, failures
    return found


def told(found: Iterable[CrossFinding]) -> list[list[str]]:
    """Each finding as its rule and the sorted quotes of its evidence."""
    return sorted([one.finding.rule, *sorted(piece.quote for piece in one.finding.evidence)] for one in found)


def batches() -> list[Batch]:
    """The cases of the YAML files beside this one; an unknown key is refused."""
    found: list[Batch] = []
    for name in ("batches.yaml", "wording.yaml"):
        read: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name(name).read_text("utf-8"))
        for case in read:
            if set(case) != _KEYS:
                raise ValueError(f"{name}: {case.get('name')}: keys are {', '.join(sorted(_KEYS))}")
            found.append(Batch(**case))
    return found
