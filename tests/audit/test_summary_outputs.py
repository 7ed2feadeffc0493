"""What readers of the summary get: a page that needs nothing else, and a workbook with filters and links."""

import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest

from batching_helpers import audit, filing, rows
from narrcheck.audit.connect import connect
from narrcheck.audit.summary import charts, links, sheets, workbook
from narrcheck.audit.summary.figures import drawn, reading
from narrcheck.audit.summary.model import Place
from narrcheck.cli import main

SCRIPT, FORMULA = "<script>alert(1)</script>", "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the store audit.db of four filings, all contradicting themselves, and a broken file."""
    place = tmp_path_factory.mktemp("outputs")
    folder = place / "报送 材料#1"
    folder.mkdir()
    for name, project in (("一", SCRIPT), ("二", FORMULA), ("javascript:x", "剧场修缮"), ("四", "泵站")):
        (folder / f"{name}.txt").write_text(filing(project, said=36), "utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 nothing")
    audit(place / "audit.db", folder)
    with closing(sqlite3.connect(place / "audit.db")) as connection, connection:
        connection.execute(
            "UPDATE filings SET project = '剧场' || char(11, 65534) || '修缮' WHERE project = '剧场修缮'"
        )
    return place


def written(place: Path, name: str, *options: str) -> Path:
    """The summary as a file beside the store."""
    assert main(["batch", "report", "--store", str(place / "audit.db"), "-o", str(place / name), *options]) == 0
    return place / name


class Parsed(HTMLParser):
    """The elements of a page, and its texts; every element is closed where it should be."""

    EMPTY = ("meta", "br", "rect")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_needs_nothing_but_itself(place: Path) -> None:
    text = written(place, "year.html").read_text("utf-8")
    page = Parsed(text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
    assert not re.search(r"https?:|//[a-z]|@import|url\(|src=", text)
    assert not any(name.startswith("on") or name == "style" for _, given in page.elements for name in given)
    targets = [given["href"] or "" for tag, given in page.elements if tag == "a"]
    assert all(target.startswith(("#", "./")) for target in targets)
    files = {unquote(target) for target in targets if target.startswith("./")}
    assert {(place / target).name for target in files} == {"一.txt", "二.txt", "javascript:x.txt", "四.txt", "坏.docx"}
    assert all((place / target).is_file() for target in files)


def test_texts_of_filings_are_shown_as_they_are(place: Path) -> None:
    page = Parsed(written(place, "year.html").read_text("utf-8"))
    shown = "\n".join(page.texts)
    assert SCRIPT in shown and FORMULA in shown
    assert "错误" in shown and "自评表" in shown
    english = "\n".join(Parsed(written(place, "en.html", "--lang", "en").read_text("utf-8")).texts)
    assert "Filings to look at first" in english


def test_charts_say_in_words_what_they_show(place: Path) -> None:
    text = written(place, "year.html").read_text("utf-8")
    drawings = re.findall(r"<svg.*?</svg>", text, re.S)
    assert drawings
    for drawing in drawings:
        named = re.search(r'aria-labelledby="([^"]+)"', drawing)
        assert named and all(f'id="{name}"' in drawing for name in named[1].split())
    rules = next(drawing for drawing in drawings if 'id="rules-desc"' in drawing)
    assert re.search(r"<desc[^>]*>[^<]*N01[^<]*：4", rules)


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    rows = [charts.Bar("甲 & 乙", "30", (("error", 10.0), ("info", 20.0))), charts.Bar("丙", "15", (("error", 15.0),))]
    svg = charts.bars("t", "图 <1>", rows, "zh")
    widths = re.findall(r'x="([\d.]+)" width="([\d.]+)"[^>]*class="(?:error|info)"', svg)
    assert widths == [("0.00", "120.00"), ("120.00", "240.00"), ("0.00", "180.00")]
    assert "甲 &amp; 乙" in svg and "图 &lt;1&gt;" in svg
    assert charts.bars("t", "图", [], "zh") == ""


def test_the_workbook_filters_and_links(place: Path) -> None:
    book = openpyxl.load_workbook(written(place, "year.xlsx"))
    assert book.sheetnames == ["汇总", "自评表", "发现", "未读"]
    shared = rows(place / "audit.db", "SELECT count(*) FROM across")[0][0]
    assert shared
    for name, count, linked in (("自评表", 4, 4), ("发现", 4 + shared, 4 + 2 * shared), ("未读", 1, 1)):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(sheet.max_column)}{sheet.max_row}"
        assert sheet.max_row == count + 1
        targets = [cell.hyperlink.target for row in sheet.iter_rows(min_row=2) for cell in row if cell.hyperlink]
        assert len(targets) == linked
        assert all((place / unquote(target)).is_file() for target in targets)
    columns = heads(book["自评表"])
    budgets = [row[columns["全年预算数（万元）"]].value for row in book["自评表"].iter_rows(min_row=2)]
    assert budgets == [80] * 4
    assert {row[columns["错误"]].value for row in book["自评表"].iter_rows(min_row=2)} == {1}


def heads(sheet: Any) -> dict[str, int]:
    """The place of each column."""
    return {cell.value: at for at, cell in enumerate(sheet[1])}


def test_texts_in_the_workbook_stay_texts(place: Path) -> None:
    book = openpyxl.load_workbook(written(place, "year.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    for text in (SCRIPT, FORMULA):
        places = {cell.parent.title for cell in cells if cell.value == text and cell.data_type == "s"}
        assert places == {"自评表", "发现"}
    assert "剧场 修缮" in {cell.value for cell in cells}


def test_tables_go_on_in_further_sheets(place: Path) -> None:
    engine = connect(str(place / "audit.db"), writing=False)
    with reading(engine) as connection:
        workbook.write(connection, drawn(connection, 30), place / "small.xlsx", "zh", place, rows=4)
    book = openpyxl.load_workbook(place / "small.xlsx")
    found = [name for name in book.sheetnames if name.startswith("发现")]
    assert book.sheetnames == ["汇总", "自评表", "自评表 2", *found, "未读"]
    names = [row[0].value for name in ("自评表", "自评表 2") for row in book[name].iter_rows(min_row=2)]
    assert len(set(names)) == 4
    ids = [row[0].value for name in found for row in book[name].iter_rows(min_row=2)]
    kept = "SELECT finding FROM findings UNION ALL SELECT finding FROM across"
    assert sorted(ids) == sorted(finding for (finding,) in rows(place / "audit.db", kept))
    assert all(book[name].freeze_panes == "A2" and book[name].auto_filter.ref for name in found)


@pytest.mark.parametrize(("length", "count"), [(60, 65_530), (2_079, 3)])
def test_links_that_a_workbook_cannot_hold_are_texts(
    place: Path, monkeypatch: pytest.MonkeyPatch, length: int, count: int
) -> None:
    whole = [row[0].hyperlink.target for row in openpyxl.load_workbook(written(place, "y.xlsx"))["自评表"]["A2":"A5"]]
    monkeypatch.setattr(sheets, "LINK_LENGTH", length)
    monkeypatch.setattr(sheets, "LINKS", count)
    book = openpyxl.load_workbook(written(place, "links.xlsx"))
    cells = [row[0] for row in book["自评表"].iter_rows(min_row=2)]
    assert all(cell.value.endswith(".txt") for cell in cells)
    targets = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert targets == [target for target in whole if len(target) <= length][:count]
    assert 0 < len(targets) < 4


def test_links_lead_to_files_whatever_their_names(tmp_path: Path) -> None:
    home = Place(str(tmp_path), "", "甲 乙/#1?%41.txt")
    assert unquote(links.href(home, tmp_path)) == "./甲 乙/#1?%41.txt"
    assert "#" not in links.href(home, tmp_path) and "?" not in links.href(home, tmp_path)
    assert links.href(home, tmp_path / "报告").startswith("../")
    assert links.href(home, None).startswith("file:///")
    assert links.href(Place(str(tmp_path), "", "\\xff.txt"), tmp_path) == "./%FF.txt"


def test_outputs_that_cannot_be(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["batch", "report", "--store", str(place / "audit.db")]
    for options in (["--format", "xlsx"], ["-o", str(place / "year.pdf")], ["-o", str(place / "no" / "year.html")]):
        assert main([*given, *options]) == 2
        assert capsys.readouterr().err
    before = (place / "audit.db").read_bytes()
    assert main([*given, "--format", "html", "-o", str(place / "audit.db")]) == 2
    assert (place / "audit.db").read_bytes() == before


def test_on_the_screen_it_is_short(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "report", "--store", str(place / "audit.db"), "--format", "terminal"]) == 0
    screen = capsys.readouterr().out
    assert "宜先复核" in screen and "年度对比" not in screen
    assert "年度对比" in written(place, "year.md").read_text("utf-8")
