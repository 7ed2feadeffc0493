"""The labelled fixtures cover what a measurement needs, and the built ones are what their script builds."""

import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from narrcheck.evaluation.fixtures import Fixture, find_folders
from narrcheck.evaluation.lint import lint
from narrcheck.filing import Severity
from narrcheck.rules.registry import all_rules, find_rule
from narrcheck.settings import Settings

EVAL = Path(__file__).parents[2] / "eval"
sys.path.insert(0, str(EVAL))

from make_fixtures import built, listed  # noqa: E402

NATIONAL = "national"
FEW = ("municipal", "zhejiang", "guangdong", "departmental", "reworded", "two-amounts", "rated", "explained")
"""Layouts that up to three filings have, too few to hold a clean one each."""


@cache
def fixtures() -> tuple[Fixture, ...]:
    (folder,) = find_folders([EVAL / "fixtures"])
    return folder.fixtures


def sure(fixture: Fixture) -> list[str]:
    """The rules of the findings that a reviewer would certainly make."""
    assert fixture.labels is not None, fixture.id
    return [finding.rule for finding in fixture.labels.findings if finding.certainty == "sure"]


def is_clean(fixture: Fixture) -> bool:
    rules = [find_rule(code) for code in sure(fixture)]
    return all(rule is not None and rule.severity == Severity.INFO for rule in rules)


def of(key: str) -> Counter[str]:
    return Counter(getattr(fixture.labels, key) for fixture in fixtures())


@pytest.mark.parametrize("code", [rule.code for rule in all_rules() if rule.code[0] in "NFSR"])
def test_each_rule_is_labelled_three_times(code: str) -> None:
    assert sum(sure(fixture).count(code) for fixture in fixtures()) >= 3


def test_there_are_enough_filings_sectors_and_layouts() -> None:
    sectors, layouts = of("sector"), of("layout")
    assert len(fixtures()) >= 40
    assert len(sectors) >= 10 and min(sectors.values()) >= 2, sectors
    assert sum(count >= 4 for layout, count in layouts.items() if layout != NATIONAL) >= 3, layouts


def test_layouts_hold_filings_with_and_without_faults() -> None:
    kinds = {(fixture.labels.layout, is_clean(fixture)) for fixture in fixtures() if fixture.labels}
    layouts = {layout for layout, _ in kinds}
    assert {layout for layout, clean in kinds if not clean} >= layouts - set(FEW)
    assert {layout for layout, clean in kinds if clean} >= layouts - set(FEW)


def test_each_format_holds_several_filings_and_several_layouts() -> None:
    for suffix in (".txt", ".xlsx", ".docx", ".pdf", ".html"):
        kept = [fixture for fixture in fixtures() if any(file.suffix == suffix for file in fixture.files)]
        assert len(kept) >= 6, suffix
        assert len({fixture.labels.layout for fixture in kept if fixture.labels}) >= 4, suffix


def test_the_labels_fit_their_filings() -> None:
    (folder,) = find_folders([EVAL / "fixtures"])
    assert [problem for problem in lint(folder, Settings()) if problem.serious] == []


def test_every_reading_is_there() -> None:
    """Beside every filing but those that are there only to show that nothing is found in them."""
    labelled = (fixture for fixture in fixtures() if fixture.labels is None or not fixture.labels.findings_only)
    assert [fixture.id for fixture in labelled if fixture.reading is None] == []


def test_the_texts_and_pages_are_what_the_script_builds() -> None:
    """Office files and PDFs change with the versions of what writes them, texts and pages do not."""
    differing = [path.name for path, data in built() if path.suffix in (".txt", ".html") and path.read_bytes() != data]
    assert differing == []


def test_the_built_files_are_small() -> None:
    sizes = {file.name: file.stat().st_size for fixture in fixtures() for file in fixture.files}
    assert [name for name, size in sizes.items() if size > 60_000] == []
    assert sum(sizes.values()) < 2_000_000


def test_the_list_has_a_line_for_each_filing() -> None:
    assert [line.split("`")[1] for line in listed() if "`" in line] == [fixture.id for fixture in fixtures()]
