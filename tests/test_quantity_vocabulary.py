"""The vocabulary files of quantities and claims: no word twice in one sense, factors positive, only known values."""

from decimal import Decimal

import pytest

from narrcheck.data import load
from narrcheck.quantity.numerals import characters

MODIFIERS = {"exact", "at_least", "at_most", "about"}
FILES = ["units.toml", "modifiers.toml", "numerals.toml", "status.toml", "claims.toml", "scopes.toml"]


@pytest.mark.parametrize("name", FILES)
def test_files_hold_words_without_blanks(name: str) -> None:
    for section, table in load(name).items():
        assert table, section
        for word in table:
            assert word and word == word.strip(), (section, word)


def test_units() -> None:
    units = load("units.toml")
    assert not set(units["measure"]) & set(units["count"])
    kinds = {kind for kind, _ in units["measure"].values()} | set(units["count"].values())
    assert all(Decimal(factor) > 0 for _, factor in units["measure"].values())
    assert all(Decimal(factor) > 1 for factor in units["scale"].values())
    known = set(units["measure"]) | set(units["count"])
    assert set(units["cells_only"]) <= known, set(units["cells_only"]) - known
    assert set(units["not_before"]) <= known, set(units["not_before"]) - known
    for kind, near in units["near"].items():
        assert {kind, *near} <= kinds, (kind, {kind, *near} - kinds)


def test_modifiers() -> None:
    words = load("modifiers.toml")
    for section in ("before", "after", "inside"):
        for word, entry in words[section].items():
            assert entry["modifier"] in MODIFIERS, word
            assert entry.get("comparator") in (None, "=", "≥", ">", "≤", "<"), word
    assert set(words["not_after"]) <= set(words["before"])


def test_numerals() -> None:
    numerals = load("numerals.toml")
    assert all(0 <= value <= 9 for value in numerals["digit"].values())
    assert set(numerals["power"].values()) == {10, 100, 1000}
    assert not set(numerals["tens"]) & (set(numerals["digit"]) | set(numerals["power"]))
    assert set(numerals["goes_on"]) <= set(characters())
    assert set(numerals["name"]) == {word for word in numerals["name"] if set(word) & (set(characters()) | set("7双"))}
    assert set(numerals["one"]) <= set(load("units.toml")["count"]) | set(load("units.toml")["measure"])


def test_verdicts() -> None:
    for section in load("status.toml").values():
        assert set(section.values()) <= {"met", "partly_met", "not_met"}


def test_units_before_their_number() -> None:
    units = load("units.toml")
    assert set(load("claims.toml")["unit_before"].values()) <= set(units["count"]) | set(units["measure"])
