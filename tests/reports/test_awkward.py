"""Filings that are made to break a report: texts that look like code, and texts without end, in every format."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from lxml import etree, html

import narrcheck
from form_text import NARRATIVE, ROWS, form
from narrcheck.filing import Report
from narrcheck.reports import FORMATS, View, render

pytestmark = pytest.mark.xdist_group("awkward")

CODE = ("<script>alert(1)</script>", '"onload="x', "]]>", "=cmd|' /C calc'!A0", "{{ 7 * 7 }}", "{% raw %}", "<!--")
MOST = {
    "terminal": 20_000, "markdown": 20_000, "sarif": 60_000, "docx": 100_000, "xlsx": 100_000, "html": 3_000_000,
}  # fmt: skip
"""How many bytes a report may have whose filing has one finding, however long the filing's texts are. The formats for
programs hold all of it and are not bounded."""


def checked(folder: Path, text: str) -> Report:
    path = folder / "表.txt"
    path.write_text(text, "utf-8")
    return narrcheck.check(path)


@pytest.fixture
def coded(tmp_path: Path) -> Report:
    """A filing with code in its project, texts, row, note and cells, and with findings that quote them."""
    words = "、".join(CODE)
    rows = [
        (f"管网{words}巡检次数", "≥24.00(次)", f"26.00(次){words}", "20.00", "20.00", f"{words}，实际巡检36次。"),
        ("=1+1阀门更换数量", "=60.00(只)", "50.00(只)", "30.00", "30.00", f"{words}"),
        ROWS[2],
    ]
    text = NARRATIVE.replace("更换阀门60只", f"更换阀门{words}66只")
    return checked(tmp_path, form(narrative=f"{words}。{text}", goal=words, rows=rows, project=f"供水{words}"))


def flat(text: str) -> str:
    return "".join(text.split())


def test_code_in_a_filing_is_text_in_the_page(coded: Report) -> None:
    assert coded.filings[0].findings
    page = str(render(coded, View("html")))
    tree = html.fromstring(page.encode())
    assert len(tree.xpath("//script")) == 1 and not tree.xpath("//*[@onload]") and not tree.xpath("//comment()")
    shown = flat(tree.text_content())
    assert all(flat(code) in shown for code in CODE)


def test_code_in_a_filing_is_text_in_the_office_formats(coded: Report, tmp_path: Path) -> None:
    for kind in ("xlsx", "docx"):
        data = render(coded, View(kind, base=tmp_path))
        assert isinstance(data, bytes)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
        texts = [etree.fromstring(part) for part in parts.values()]
        shown = flat("".join("".join(str(text) for text in tree.itertext()) for tree in texts))
        assert all(flat(code) in shown for code in CODE[:4])
        assert not any(tree.xpath("//*[local-name()='f']") for tree in texts), "a formula"


def test_code_in_a_filing_is_text_for_programs(coded: Report) -> None:
    for kind in ("json", "sarif"):
        document = json.loads(render(coded, View(kind)))
        assert flat(CODE[0]) in flat(json.dumps(document, ensure_ascii=False))


@pytest.fixture(scope="module")
def long_ones(tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    """One filing with 10,000 quantities in its narrative, one with a narrative of a million characters."""
    many = "".join(f"第{number}批换阀门{number % 97 + 2}只，" for number in range(10_000))
    long = "供水服务中心认真落实各项要求，扎实做好管网维护工作。" * 40_000
    texts = [f"{many}全年管网巡检36次。", f"{long}全年管网巡检36次。{long[:1000]}"]
    return [checked(tmp_path_factory.mktemp("long"), form(narrative=text)) for text in texts]


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_has_its_bounds_and_still_the_finding(long_ones: list[Report], format: str) -> None:
    assert len(long_ones[0].filings[0].claims) > 10_000
    for report in long_ones:
        written = render(report, View(format))
        data = written if isinstance(written, bytes) else written.encode()
        assert len(data) < MOST.get(format, 20_000_000)
        if isinstance(written, str):
            assert "巡检36次" in flat(written) and report.filings[0].findings[0].id in written
