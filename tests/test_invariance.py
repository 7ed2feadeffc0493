"""Harmless rewriting of a filing's texts changes no finding: blanks, width, numerals in words."""

import random
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from narrcheck.claims.offline import extract
from narrcheck.filing import Filing
from narrcheck.pipeline import check_filing
from narrcheck.reading import read_bytes
from narrcheck.settings import Settings
from narrcheck.text import fold
from test_quantity import spelled

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "examples").glob("*.txt")) + sorted((ROOT / "eval" / "fixtures").glob("*.txt"))
INSIDE = re.compile(r"[0-9A-Za-z.,]{2}")
WIDER = {ord(c): ord(c) + 0xFEE0 for c in "0123456789%()<>=;:"}


@lru_cache(maxsize=64)
def filing(path: Path) -> Filing:
    return read_bytes(path.read_bytes(), path.name)[0]


def outcome(read: Filing) -> list[tuple[str, ...]]:
    """The findings as rule, rows and values: what is left when quotes may be spelled otherwise."""
    found = check_filing(read, Settings()).findings
    return sorted((f.rule, *sorted(f"{e.name}|{e.value}|{e.field}" for e in f.evidence if e.value)) for f in found)


def identities(read: Filing) -> list[str]:
    return sorted(finding.id for finding in check_filing(read, Settings()).findings)


def retold(read: Filing, narrative: str, goal: str | None = None) -> Filing:
    return replace(read, narrative=narrative, goal=read.goal if goal is None else goal)


def with_blanks(text: str, seed: int) -> str:
    """Blanks and line ends at random places, but not inside a number or a Latin word."""
    chance = random.Random(seed)
    pieces = []
    for at, character in enumerate(text):
        pieces.append(character)
        beside = text[at + 1 : at + 2]
        inside = INSIDE.fullmatch(fold(character + beside))
        if beside and not inside and chance.random() < 0.15:
            pieces.append(chance.choice(" \n\u3000"))
    return "".join(pieces)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_blanks_change_no_finding(path: Path) -> None:
    read = filing(path)
    narrative, goal = read.narrative or "", read.goal or ""
    for seed in range(3):
        blank = retold(read, with_blanks(narrative, seed), with_blanks(goal, seed))
        assert outcome(blank) == outcome(read)
        assert identities(blank) == identities(read)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_width_changes_no_finding(path: Path) -> None:
    read = filing(path)
    wide = retold(read, (read.narrative or "").translate(WIDER), (read.goal or "").translate(WIDER))
    assert outcome(wide) == outcome(read)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_numbers_in_words_change_no_finding(path: Path) -> None:
    read = filing(path)
    text = read.narrative or ""
    claims = [c for c in extract(read).claims if c.field == "narrative"]
    for claim in sorted(claims, key=lambda c: -c.number_start):
        plain = claim.value == claim.value.to_integral_value() and 2 < claim.value < 10000 and claim.upper is None
        number = re.search(r"(?<![\d.,])\d+(?![\d.,])", text[claim.number_start : claim.number_end])
        if plain and number and claim.unit and not claim.unit.startswith(("万", "亿", "%")):
            start = claim.number_start + number.start()
            text = text[:start] + spelled(int(number.group())) + text[start + len(number.group()) :]
    assert outcome(retold(read, text)) == outcome(read)
