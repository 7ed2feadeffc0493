"""`check … -o folder/`: a report a filing and an index, through the command line."""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import ROOT, Run
from lxml import html

pytestmark = pytest.mark.in_process

EXAMPLES = ROOT / "examples"
CLINIC, LIBRARY = EXAMPLES / "clinic.txt", EXAMPLES / "library.txt"


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """Two offices, each with a filing of the same name; one more that holds two; a file that is none, one damaged."""
    folder = tmp_path / "year"
    for office, example in (("卫健 局", CLINIC), ("文旅局", LIBRARY)):
        (folder / office).mkdir(parents=True)
        shutil.copy(example, folder / office / "自评#表.txt")
    both = [json.loads(line) for line in _parsed(CLINIC, LIBRARY)]
    (folder / "两份.json").write_text(json.dumps({"filings": both}, ensure_ascii=False), "utf-8")
    (folder / "通知.txt").write_text("关于报送绩效自评材料的通知\n", "utf-8")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04")
    return folder


def _parsed(*paths: Path) -> list[str]:
    import narrcheck
    from narrcheck.reports.json import filing_to_json

    return [json.dumps(filing_to_json(narrcheck.read(path)[0]), ensure_ascii=False) for path in paths]


def links(page: Path) -> list[str]:
    tree = html.fromstring(page.read_bytes())
    return [unquote(link) for link in tree.xpath("//tbody//a/@href")]


def test_each_filing_gets_a_report_and_the_index_leads_to_it(narrcheck: Run, year: Path, tmp_path: Path) -> None:
    done = narrcheck("check", year, "-o", f"{tmp_path}/deep/reports/", "--format", "markdown")
    reports = tmp_path / "deep" / "reports"
    assert done.returncode == 3, "one file could not be read"
    assert str(reports / "index.html") in done.stderr.decode()
    names = {"两份.md", "两份-2.md", "卫健_局_自评#表.md", "文旅局_自评#表.md"}
    assert {path.name for path in reports.iterdir()} == {"index.html", *names}
    assert {name.removeprefix("./") for name in links(reports / "index.html")} == names
    page = html.fromstring((reports / "index.html").read_bytes()).text_content()
    assert "坏.docx" in page and "通知.txt" in page
    clinic = (reports / "卫健_局_自评#表.md").read_text("utf-8")
    assert "基本公共卫生服务" in clinic and "F03" in clinic and "公共图书馆" not in clinic


@pytest.mark.parametrize("format", ["html", "json", "jsonl", "terminal", "sarif", "xlsx", "docx"])
def test_every_format_can_be_written_to_a_folder(narrcheck: Run, tmp_path: Path, format: str) -> None:
    (tmp_path / "out").mkdir()
    done = narrcheck("check", CLINIC, LIBRARY, "-o", tmp_path / "out", "--format", format, "--fail-on", "never")
    assert done.returncode == 0, done.stderr.decode()
    written = [unquote(link) for link in links(tmp_path / "out" / "index.html")]
    assert len(written) == 2 and all((tmp_path / "out" / name).stat().st_size > 500 for name in written)


def test_pages_are_written_where_no_format_is_named_and_are_no_filings(narrcheck: Run, tmp_path: Path) -> None:
    shutil.copy(CLINIC, tmp_path / "clinic.txt")
    assert narrcheck("check", tmp_path, "-o", f"{tmp_path}/").returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {"clinic.txt", "clinic.html", "index.html"}
    again = json.loads(narrcheck("check", tmp_path, "--format", "json").stdout)
    assert [filing["source"]["path"] for filing in again["filings"]] == [str(tmp_path / "clinic.txt")]
    assert not again["errors"]


def test_no_file_that_was_read_is_written_over(narrcheck: Run, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "exchange.xlsx", tmp_path / "exchange.xlsx")
    before = (tmp_path / "exchange.xlsx").read_bytes()
    done = narrcheck("check", "exchange.xlsx", "-o", ".", "--format", "xlsx", "--fail-on", "never")
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "exchange.xlsx").read_bytes() == before
    assert (tmp_path / "exchange (2).xlsx").exists()


@pytest.mark.skipif(os.name == "nt", reason="the names are not allowed there")
def test_names_that_no_system_takes_are_written_otherwise(narrcheck: Run, tmp_path: Path) -> None:
    for name in ("index.txt", "a:b?.txt", "NUL.txt", "长" * 80 + ".txt", "A.txt", "a.text"):
        shutil.copy(CLINIC, tmp_path / name)
    out = tmp_path / "out"
    done = narrcheck("check", *sorted(tmp_path.glob("*.t*xt")), "-o", f"{out}/", "--format", "jsonl", cwd=tmp_path)
    names = {path.name for path in out.iterdir()} - {"index.html"}
    assert len(names) == 6 and len({name.casefold() for name in names}) == 6, done.stderr.decode()
    assert not any(set(name) & set('<>:"|?*') or name.lower().startswith("nul.") for name in names)
    assert all(len(name.encode()) <= 200 for name in names)


def test_a_place_that_cannot_be_written_to_is_told_before_anything_else(narrcheck: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", "utf-8")
    done = narrcheck("check", CLINIC, "-o", f"{tmp_path}/taken/")
    assert done.returncode == 2 and "taken" in done.stderr.decode()
    assert (tmp_path / "taken").read_text("utf-8") == "x"
    for format in ("xlsx", "docx"):
        done = narrcheck("check", CLINIC, "--format", format)
        assert (done.returncode, done.stdout) == (2, b"") and "-o" in done.stderr.decode()
    done = narrcheck("check", CLINIC, "--template", "x.docx")
    assert done.returncode == 2
    done = narrcheck("parse", CLINIC, "-o", tmp_path / "x.html")
    assert done.returncode == 2 and "html" in done.stderr.decode()
