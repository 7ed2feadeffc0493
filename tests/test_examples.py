"""The examples: every planted fault is found, nothing else, and the clean one is clean."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import make_examples
import narrcheck
from narrcheck.filing import Checked
from narrcheck.pipeline import check_filing
from narrcheck.settings import Settings

EXAMPLES = ROOT / "examples"
PLANTED = {
    "library.txt": {("N01", "流动图书车出车次数"), ("S06", "新增馆藏图书")},
    "clinic.txt": {("F03", "年度资金总额"), ("N06", "老年人健康体检人数"), ("S07", None)},
    "eldercare.txt": {("N08", None), ("S04", "适老化改造户数")},
    "greening.md": {("N02", "公园绿地养护面积"), ("N05", None), ("R03", "补植苗木")},
    "weather.txt": set(),
    "exchange.xlsx": {
        ("N01", "国际技术对接活动"), ("N06", "多语种网站信息发布"), ("N09", "国际青年科学家论坛"),
        ("R04", "服务对象满意度"),
    },
    "building.docx": {
        ("N06", "安全检查"), ("N11", None), ("S03", "维修材料采购成本控制"), ("S04", "电梯困人故障次数"),
    },
    "thinktank.pdf": {("R06", "举办学术年会")},
}  # fmt: skip


def checked(name: str) -> Checked:
    report = narrcheck.check(EXAMPLES / name)
    assert report.errors == ()
    (result,) = report.filings
    return result


@pytest.mark.parametrize("name", PLANTED)
def test_planted_faults_are_found_and_nothing_else(name: str) -> None:
    findings = checked(name).findings
    assert sorted(finding.rule for finding in findings) == sorted(rule for rule, _ in PLANTED[name])
    for rule, row in PLANTED[name]:
        (finding,) = (finding for finding in findings if finding.rule == rule)
        assert row is None or row in {piece.name for piece in finding.evidence}


def test_clean_example_was_really_checked() -> None:
    result = checked("weather.txt")
    assert result.coverage.checked >= 10 and result.filing.doubts == ()


@pytest.mark.parametrize("name", PLANTED)
def test_examples_are_read_whole(name: str) -> None:
    filing = checked(name).filing
    assert filing.goal and filing.narrative and filing.unit and filing.year
    assert 10 <= len(filing.indicators) <= 20
    assert sum(row.weight.value or 0 for row in filing.indicators) == 90
    assert filing.total_score.value is not None


@pytest.mark.parametrize("name", make_examples.MADE)
def test_examples_in_other_formats_hold_what_their_fixtures_say(name: str) -> None:
    found, source = checked(name), make_examples.source(name)
    assert found.filing.notes == () and found.filing.doubts == ()
    assert [finding.id for finding in found.findings] == [
        finding.id for finding in check_filing(source, Settings()).findings
    ]
    assert all(piece.spot is not None for finding in found.findings for piece in finding.evidence)


def test_every_example_is_described() -> None:
    text = (EXAMPLES / "README.md").read_text("utf-8")
    named = {path.name for path in EXAMPLES.iterdir() if path.name != "README.md"}
    assert named == set(PLANTED)
    for name, faults in PLANTED.items():
        line = next(line for line in text.splitlines() if f"`{name}`" in line)
        assert all(rule in line for rule, _ in faults)


def test_demo_ends_with_zero_though_there_are_findings() -> None:
    command = [sys.executable, "-m", "narrcheck", "check", "--fail-on", "never", str(Path("examples"))]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert run.returncode == 0 and "N01" in run.stdout.decode("utf-8")
