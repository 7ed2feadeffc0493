"""A filing to be changed, and a filing with one change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from narrcheck.evaluation.labels import ClaimLabel
from narrcheck.filing import Filing

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """A filing as read, the same as a saved reading (what `narrcheck parse` prints), and its claims: those that were
    labelled, otherwise narrcheck's own."""

    id: str
    filing: Filing
    document: Document
    claims: tuple[ClaimLabel, ...]
    labelled: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """One change to a filing: its saved reading afterwards, and what was changed where.

    `field` and `row` are those of the changed text, `before` and `after` the passage. `rules` are those of which one
    must report it; none for a rewrite that must change nothing.
    """

    kind: str
    document: Document
    field: str
    row: str | None
    before: str
    after: str
    rules: frozenset[str] = frozenset()


Maker = Callable[[Subject, Random], Iterator[Variant]]
"""The variants of one kind that a filing allows, in random order; none where it has no place for one."""
