"""The workbook: what each sheet holds, that texts stay texts, and that LibreOffice shows it all."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from narrcheck.filing import Report, Source
from narrcheck.pipeline import run
from narrcheck.reading import ReadError, read_bytes
from narrcheck.reports import View, render
from narrcheck.reports.xlsx.table import Book, Column, Table
from narrcheck.settings import Settings
from office_pages import pages
from report_samples import COMPARED, ERROR, FILING, FULL, INFO, REPORT, WARNING

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "<script>", "]]>", "http://example.org/x", "mailto:a@b",
    "a\x00b\x07\x1b", "\ud800", "<r>=1</r>", "_x0041_", "{=1}",
)  # fmt: skip


def written(report: Report, base: Path | None = None) -> bytes:
    data = render(report, View("xlsx", base=base))
    assert isinstance(data, bytes)
    return data


def sheets(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def table(sheet: Any, head: int = 1) -> list[dict[str, Any]]:
    """The rows of a sheet by their headings."""
    heads, *rows = sheet.iter_rows(min_row=head, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_each_finding_has_both_sides_and_room_for_the_reply() -> None:
    rows = table(sheets(written(COMPARED))["发现"])
    first, new, standing = rows
    assert (first["序号"], first["级别"], first["规则"], first["年度"]) == (1, "错误", "N01", 2024)
    assert (first["规则名"], first["项目"], first["单位"]) == ("文字数量与完成值不符", "河道日常管护", "河道管理所")
    assert (first["问题"], first["建议"], first["编号"]) == (ERROR.message, ERROR.suggestion, ERROR.id)
    assert first["依据一"] == "实际完成情况：“巡查132次”"
    assert first["依据二"] == "第 1 行 日常巡查次数：实际完成值 120.00(次)"
    assert first["判断"] == "已确认（顾青：现场看过，2025-03-01T08:00:00Z）"
    assert [row["与上次相比"].split("\n")[0] for row in rows] == ["内容有变", "新发现", "仍存在"]
    assert all(row["单位答复"] is None and row["复核结论"] is None for row in rows)
    assert new["依据一"] == "资金表 年度资金总额：执行率(%) 85.00%"
    assert new["依据二"] == "资金表 年度资金总额：全年执行数 900.00；全年预算数 1200.00"
    assert "此前不计入" in standing["与上次相比"]


def test_the_other_sheets_count_and_list(tmp_path: Path) -> None:
    book = sheets(written(COMPARED, tmp_path))
    assert book.sheetnames == [
        "汇总", "发现", "按自评表", "按规则", "已豁免与判断", "存疑", "未读取", "与上次比较",
    ]  # fmt: skip
    counts = {(row["类别"], row["项目"]): row["数量"] for row in table(book["汇总"], 5)}
    assert counts["发现", "错误"] == 1 and counts["发现", "警告"] == 2 and counts["豁免与判断", "已豁免"] == 2
    assert counts["与上次比较", "已更正"] == 1 and counts["核对范围", "存疑单元格"] == 1
    (filing,) = table(book["按自评表"])
    assert (filing["错误"], filing["警告"], filing["提示"], filing["已豁免"], filing["参与核对"]) == (1, 2, 0, 2, 1)
    assert "已更正 1" in filing["与上次相比"] and filing["来源文件"] == "河道.txt 第 1 份"
    rules = {row["规则"]: row for row in table(book["按规则"])}
    assert (rules["N01"]["错误"], rules["N01"]["自评表数"], rules["F01"]["已豁免"]) == (1, 1, 2)
    assert (rules["R04"]["警告"], rules["R04"]["判断不成立"]) == (1, 1)
    decided = [(row["类别"], row["谁"], row["理由"]) for row in table(book["已豁免与判断"])]
    assert ("已豁免", "李审核", "已电话核实") in decided and ("判断不成立", "顾青", "已核对原件") in decided
    assert ("判断成立", "顾青", "现场看过") in decided
    assert "有效期至 2026-12-31" in [row["时间或有效期"] for row in table(book["已豁免与判断"])]
    assert [row["类别"] for row in table(book["存疑"])] == ["读取存疑", "规则未完成"]
    assert [(row["类别"], row["文件"]) for row in table(book["未读取"])][:2] == [
        ("未能读取", "空.txt"), ("已跳过", "照片.jpg"),
    ]  # fmt: skip
    gone = {row["情形"]: row for row in table(book["与上次比较"])}
    assert "原为“待定”，现为“≥120.00(次)”" in gone["已更正"]["现在的内容"]
    assert "李审核" in gone["已有处理意见"]["说明"]
    assert gone["这次没有的自评表"]["项目"] == "第二中学操场翻新"
    assert gone["两次核对的差别"]["说明"].startswith("版本不同")


def test_without_an_earlier_report_nothing_speaks_of_one() -> None:
    book = sheets(written(REPORT))
    assert "与上次比较" not in book.sheetnames
    assert "与上次相比" not in table(book["发现"])[0]


def test_sheets_are_set_up_for_reading_and_for_paper() -> None:
    book = sheets(written(COMPARED))
    for sheet in book:
        head = 5 if sheet.title == "汇总" else 1
        assert sheet.freeze_panes == f"A{head + 1}"
        assert sheet.auto_filter.ref.startswith(f"A{head}:") and sheet.auto_filter.ref.endswith(str(sheet.max_row))
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.page_setup.fitToHeight == 0 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"${head}:${head}"
        for row in sheet.iter_rows(min_row=head + 1):
            assert sheet.row_dimensions[row[0].row].height is not None
    found = book["发现"]
    fills = {row[1].value: row[1].fill.fgColor.rgb for row in found.iter_rows(min_row=2)}
    assert fills["错误"] != fills["警告"] and all(
        cell.alignment.wrap_text for cell in found[2] if cell.data_type == "s"
    )
    message, width = found["G2"].value, found.column_dimensions["G"].width
    assert found.row_dimensions[2].height >= 13 * (2 * len(message) // width)
    assert "$Q" not in found.print_area and found.print_area.endswith("$M$4")


def test_rows_grow_with_what_people_write_into_them() -> None:
    package = zipfile.ZipFile(BytesIO(written(REPORT)))
    assert b"customHeight" not in package.read("xl/worksheets/sheet2.xml")


def test_texts_stay_texts(tmp_path: Path) -> None:
    findings = tuple(
        replace(ERROR, id=text, message=text, suggestion=text, evidence=(replace(ERROR.evidence[0], quote=text),))
        for text in HOSTILE
    )
    filing = replace(FILING, project=HOSTILE[0], unit=HOSTILE[3], source=Source("=1.txt"))
    data = written(replace(REPORT, filings=(replace(FULL, filing=filing, findings=findings),)), tmp_path)
    book = sheets(data)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    rows = table(book["发现"])
    assert [row["问题"].strip() for row in rows[:8]] == [text.strip() for text in HOSTILE[:8]]
    assert rows[9]["编号"] == "ab" and rows[11]["编号"].strip() == "<r>=1</r>" and rows[12]["编号"] == "_x0041_"
    assert {row["项目"] for row in rows} == {HOSTILE[0]} and {row["单位"] for row in rows} == {HOSTILE[3]}
    package = zipfile.ZipFile(BytesIO(data))
    parts = b"".join(package.read(name) for name in package.namelist())
    assert b"<f>" not in parts and b"externalLink" not in parts
    targets = {cell.hyperlink.target for cell in cells if cell.hyperlink}
    assert len(targets) == 1 and targets.pop().endswith("/%3D1.txt")


def test_links_start_from_the_folder_of_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = ("年 度/甲#1.txt", "packed.zip/乙.txt", "-", "\ufffd.txt")
    filings = tuple(replace(FULL, filing=replace(FILING, source=Source(path))) for path in paths)
    report = replace(REPORT, filings=filings)

    def links(base: Path | None) -> list[str | None]:
        column = [row[-1] for row in sheets(written(report, base))["按自评表"].iter_rows(min_row=2)]
        return [cell.hyperlink and cell.hyperlink.target for cell in column]

    first, second, *others = links(tmp_path / "报告")
    assert first == "../%E5%B9%B4%20%E5%BA%A6/%E7%94%B2%231.txt" and second == "../packed.zip"
    assert others == [None, None]
    assert links(None) == [None] * 4


def test_five_thousand_findings_and_long_texts_are_bounded() -> None:
    long = replace(WARNING, message="长" * 40_000, evidence=(replace(WARNING.evidence[0], quote="引" * 100_000),))
    many = (*(replace(ERROR, id=f"{number:012}") for number in range(5000)), long)
    data = written(replace(REPORT, filings=(replace(FULL, findings=many),)))
    rows = table(sheets(data)["发现"])
    assert len(rows) == 5001 and len(rows[-1]["问题"]) <= 32_767 and len(rows[-1]["依据一"]) < 1000
    assert len(data) < 2_000_000


def test_a_table_goes_on_in_a_further_sheet() -> None:
    out = BytesIO()
    with Workbook(out) as made:
        whole = Table(Book(made, "zh", None), "rules", [Column("rule", 8)], rows=3)
        for number in range(5):
            whole.add(number)
        whole.close()
    book = sheets(out.getvalue())
    assert book.sheetnames == ["按规则", "按规则 2", "按规则 3"]
    assert [cell.value for sheet in book for (cell,) in sheet.iter_rows()] == ["规则", 0, 1, "规则", 2, 3, "规则", 4]
    assert book["按规则 2"].freeze_panes == "A2" and book["按规则 3"].auto_filter.ref == "A1:A2"


def test_english() -> None:
    book = sheets(written(replace(COMPARED, lang="en")))
    assert book.sheetnames[:3] == ["Summary", "Findings", "By filing"]
    first = table(book["Findings"])[0]
    assert first["severity"] == "error" and first["one side"].startswith("narrative: ")


def test_narrcheck_does_not_read_its_own_workbooks_as_filings() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(written(REPORT), "a.xlsx")
    assert caught.value.code == "no-filing-found"


@pytest.mark.required
def test_libreoffice_shows_the_workbook(tmp_path: Path) -> None:
    examples = run(["examples"], Settings())
    report = replace(COMPARED, filings=(COMPARED.filings[0], *examples.filings))
    whole = "".join(pages(written(report, tmp_path), "xlsx", tmp_path))
    for checked in report.filings:
        assert (checked.filing.unit or "") in whole
        for finding in checked.findings:
            assert finding.message.replace(" ", "") in whole and finding.suggestion.replace(" ", "") in whole
            assert finding.evidence[0].quote.replace(" ", "") in whole
    for part in ("单位答复", "复核结论", "与上次比较", "已电话核实", "空.txt是空文件", INFO.message.replace(" ", "")):
        assert part in whole
