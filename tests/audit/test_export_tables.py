"""The export as tables: a row a finding and filing, figures as figures, text as text whatever it begins with."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet
from xlsxwriter import Workbook

from batching_helpers import audit, filing
from form_text import NARRATIVE, form
from narrcheck.audit.decisions import beginning, decide, standing
from narrcheck.audit.export import Export
from narrcheck.audit.store import Store
from narrcheck.audit.tables import COLUMNS, Sheet, cell_text, rows
from narrcheck.cli import main
from narrcheck.filing import Waiver
from narrcheck.settings import Settings

HOSTILE = '=HYPERLINK("http://x")&更新'


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two filings: one with a decided, a waived and an open finding, and one of a project with a hostile name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "a.txt").write_text(filing("码头照明", said=36), "utf-8")
    text = NARRATIVE.replace("26次", "28次") + "@值班\x1b电话"
    (tmp_path / "year" / "b.txt").write_text(form(narrative=text, project=HOSTILE), "utf-8")
    audit("a.db", "year", ignore=("X",), waivers=(Waiver("严舟", "已更正", rule="N01", project=HOSTILE),))
    with Store("a.db") as opened:
        with opened.engine.connect() as connection:
            found = [standing(connection, one) for one in beginning(connection, "", 99)]
        (about,) = [one for one in found if one is not None and one.rule == "N01" and one.project == "码头照明"]
        decide(opened.engine, about, "dismissed", "+口径不同", "严舟")
    return tmp_path / "a.db"


def documents(store: Path) -> list[dict[str, Any]]:
    main(["batch", "export", "--store", str(store), "-o", "all.jsonl"])
    return [json.loads(line) for line in Path("all.jsonl").read_text("utf-8").splitlines()[1:]]


def test_parquet_holds_the_three_tables(store: Path) -> None:
    assert main(["batch", "export", "--store", "a.db", "-o", "year.parquet"]) == 0
    findings, filings, claims = (
        parquet.read_table(f"year{part}.parquet").to_pylist() for part in ("", ".filings", ".claims")
    )
    told = documents(store)
    assert [one["path"] for one in filings] == ["year/a.txt", "year/b.txt"]
    assert [one["project"] for one in filings] == ["码头照明", HOSTILE]
    assert all(one["budget"] == Decimal("800000.00") and one["year"] == 2024 for one in filings)
    assert [one["finding"] for one in findings] == [
        finding["id"] for one in told for finding in (*one["findings"], *one["waived"])
    ]
    assert [json.loads(one["evidence"]) for one in findings if one["path"] == "year/a.txt"] == [
        finding["evidence"] for finding in told[0]["findings"]
    ]
    (decided,) = [one for one in findings if one["verdict"]]
    assert (decided["verdict"], decided["why"], decided["who"]) == ("dismissed", "+口径不同", "严舟")
    (waived,) = [one for one in findings if one["waived_by"]]
    assert (waived["rule"], waived["waived_why"]) == ("N01", "已更正")
    assert [(one["quote"], one["value"]) for one in claims] == [
        (claim["quote"], claim["value"]) for one in told for claim in one["claims"]
    ]
    assert "管网巡检次数" in {one["row_name"] for one in claims}


def test_the_workbook_holds_text_as_text(store: Path) -> None:
    assert main(["batch", "export", "--store", "a.db", "-o", "year.xlsx", "--lang", "en"]) == 0
    book = load_workbook("year.xlsx")
    assert book.sheetnames == ["filings", "findings", "claims"]
    for sheet, columns in zip(book, COLUMNS.values(), strict=True):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.max_column == len(columns)
        assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet for cell in row)
    heads, *told = book["filings"].values
    second = dict(zip(heads, told[1], strict=True))
    assert second["project"] == HOSTILE and second["budget (yuan)"] == 800000
    assert second["narrative"].endswith("@值班电话")
    heads, *told = book["findings"].values
    assert "+口径不同" in {row[heads.index("reason of the decision")] for row in told}
    assert "narrative: 全年管网巡检36次" in " ".join(str(row[heads.index("evidence")]) for row in told)


def test_rows_beyond_a_sheet_s_limit_go_to_another(store: Path, tmp_path: Path) -> None:
    with Export(str(store), Settings()) as source, Workbook("small.xlsx", {"constant_memory": True}) as book:
        claims = [row for item in source.items(names=True) for row in rows(item)["claims"]]
        sheet = Sheet(book, "claims", "en", limit=4)
        for row in claims:
            sheet.add(row)
        sheet.close()
    sheets = load_workbook("small.xlsx").worksheets
    assert len(claims) > 3 and [one.title for one in sheets[:2]] == ["claims", "claims 2"]
    assert {one.max_row for one in sheets[:-1]} == {4} and all(one["A1"].value == "folder" for one in sheets)
    quotes = [row[list(COLUMNS["claims"]).index("quote")] for one in sheets for row in list(one.values)[1:]]
    assert quotes == [row[list(COLUMNS["claims"]).index("quote")] for row in claims]


@pytest.mark.parametrize("text", ["<r>巡检</r>", "_x000D_", "a\0b\x0bc\ufffed", "字" * 40_000, "😀" * 20_000, "\ud800"])
def test_no_text_spoils_a_workbook(text: str, tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx", {"constant_memory": True}) as book:
        assert book.add_worksheet().write_string(0, 0, cell_text(text)) == 0
    value = load_workbook(tmp_path / "a.xlsx").active["A1"].value
    assert value[:2].strip("<\0\x0b") == text.replace("\0", "").replace("\ud800", "\\ud800")[:2].strip("<")
    assert len(value.encode("utf-16-le")) <= 2 * 32_767


def test_parquet_without_its_library_names_the_extra(store: Path) -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from narrcheck.cli import main; sys.exit(main(['batch', 'export', '--store', 'a.db', '-o', 'y.parquet']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 2 and b"narrcheck[parquet]" in done.stderr
    assert not list(Path().glob("*.parquet")) and not list(Path().glob(".*.part"))
