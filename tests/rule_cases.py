"""Loads the cases of tests/cases/rules: one YAML file a rule, one form in a few lines a case.

A case has `name`, `why` (why a reader would doubt the form, or not), `form` (narrcheck.brief), `expect`, and where it
needs other figures `limits`. `expect` lists every finding of the file's rule, and may list findings of other rules;
each with `rule`, and where they matter `row` (a name in its evidence) and `values` (all must be in its evidence).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from narrcheck.brief import read_brief
from narrcheck.filing import Filing, Finding
from narrcheck.rules.case import Case
from narrcheck.rules.limits import Limits
from narrcheck.text import squeeze

FOLDER = Path(__file__).parent / "cases" / "rules"
_CASE_KEYS = {"name", "why", "form", "expect", "limits"}
_EXPECTED_KEYS = {"rule", "row", "values"}


@dataclass(frozen=True)
class Expected:
    """A finding that must be there."""

    rule: str
    row: str | None = None
    values: tuple[str, ...] = ()

    def matches(self, finding: Finding) -> bool:
        if finding.rule != self.rule:
            return False
        names = {squeeze(e.name) for e in finding.evidence if e.name}
        if self.row is not None and squeeze(self.row) not in names:
            return False
        return all(any(_shows(e.value, e.quote, value) for e in finding.evidence) for value in self.values)


def _shows(value: str | None, quote: str, wanted: str) -> bool:
    same = value is not None and wanted.replace(".", "").isdigit() and Decimal(value) == Decimal(wanted)
    return same or wanted in squeeze(quote)


@dataclass(frozen=True)
class RuleCase:
    """One case: the form as a filing, the figures in force, and the findings that must come out of it."""

    code: str
    name: str
    why: str
    filing: Filing
    limits: Limits
    expect: tuple[Expected, ...] = field(default=())

    @property
    def label(self) -> str:
        return f"{self.code}: {self.name}"

    @property
    def case(self) -> Case:
        """The material of the check, with claims extracted and linked as `narrcheck check` does."""
        from narrcheck.claims.offline import extract
        from narrcheck.linking import link

        claims = link(self.filing, extract(self.filing).claims)
        return Case(self.filing, claims, self.limits)


def load_cases(letters: str, folder: Path = FOLDER) -> list[RuleCase]:
    """The cases of the rules with these letters; ValueError where there are none or a case is not well formed."""
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.stem[0] in letters]
    cases = [case for path in paths for case in _load(path)]
    if missing := set(letters) - {case.code[0] for case in cases}:
        raise ValueError(f"no case in {folder} for the letters {', '.join(sorted(missing))}")
    return cases


def _load(path: Path) -> Iterator[RuleCase]:
    tables = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(tables, list) or not tables:
        raise ValueError(f"{path.name}: a list of cases is expected")
    seen: set[str] = set()
    for table in tables:
        case = read_case(path.stem, table)
        if case.name in seen:
            raise ValueError(f"{path.name}: two cases are called {case.name!r}")
        seen.add(case.name)
        yield case


def read_case(code: str, table: Mapping[str, Any]) -> RuleCase:
    """One case of the rule `code`; ValueError for an unknown or missing key, and an expectation that says nothing."""
    _refuse_unknown(code, table, _CASE_KEYS)
    for key in ("name", "why", "form", "expect"):
        if key not in table:
            raise ValueError(f"{code}: a case lacks {key!r}: {table}")
    if not isinstance(table["expect"], list):
        raise ValueError(f"{code}: expect is a list: {table['name']}")
    limits = replace(Limits(), **{key: _figure(value) for key, value in table.get("limits", {}).items()})
    expect = tuple(_expected(code, entry) for entry in table["expect"])
    return RuleCase(code, table["name"], table["why"], read_brief(table["form"]), limits, expect)


def _figure(value: object) -> object:
    return value if isinstance(value, str) else Decimal(str(value))


def _expected(code: str, entry: Mapping[str, Any]) -> Expected:
    _refuse_unknown(code, entry, _EXPECTED_KEYS)
    if not entry.get("rule"):
        raise ValueError(f"{code}: an expectation names no rule: {entry}")
    values = entry.get("values", [])
    if ("values" in entry and not values) or ("row" in entry and not entry["row"]):
        raise ValueError(f"{code}: an expectation that matches anything: {entry}")
    return Expected(entry["rule"], entry.get("row"), tuple(str(value) for value in values))


def _refuse_unknown(code: str, table: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(table) - known
    if unknown:
        raise ValueError(f"{code}: unknown key {sorted(unknown)[0]!r} in {dict(table)}")


def unmatched(case: RuleCase, findings: tuple[Finding, ...]) -> tuple[list[Expected], list[Finding]]:
    """What was expected and not found, and what the rules named in the case found beyond that, one to one."""
    rules = {case.code, *(expected.rule for expected in case.expect)}
    free = [finding for finding in findings if finding.rule in rules]
    missing = []
    for expected in case.expect:
        hit = next((finding for finding in free if expected.matches(finding)), None)
        if hit is None:
            missing.append(expected)
        else:
            free.remove(hit)
    return missing, free
