"""`check … -o folder/`: a report a filing and an index, through the command line."""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import ROOT, Run
from docx import Document
from lxml import html

from narrcheck.commands.reportfolder import SUFFIXES

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


@pytest.mark.parametrize("format", ["html", "json", "jsonl", "markdown", "terminal", "sarif", "xlsx", "docx"])
def test_a_second_run_takes_the_place_of_the_first_in_every_format(narrcheck: Run, tmp_path: Path, format: str) -> None:
    home, suffix = tmp_path / "year", SUFFIXES[format]
    home.mkdir()
    for example in (CLINIC, LIBRARY):
        shutil.copy(example, home / f"{example.stem}.text")
    (home / f"library{suffix}").write_text("关于报送自评材料的通知", "utf-8")
    command = ("check", home, "-o", f"{home}/", "--format", format, "--fail-on", "never")
    pages = []
    for _ in range(2):
        done = narrcheck(*command)
        assert done.returncode == 0, done.stderr.decode()
        written = {unquote(link).removeprefix("./") for link in links(home / "index.html")}
        assert written == {f"clinic{suffix}", f"library (2){suffix}"}
        assert all((home / name).stat().st_size > 500 for name in written)
        pages.append((home / "index.html").read_text("utf-8"))
    assert len(list(home.iterdir())) == 6
    assert (home / f"library{suffix}").read_text("utf-8") == "关于报送自评材料的通知"
    assert pages[0] == pages[1], "reports of the first run are neither read nor listed"


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


def test_what_the_command_line_names_is_not_written_over(narrcheck: Run, tmp_path: Path) -> None:
    first, page = tmp_path / "clinic.json", tmp_path / "index.html"
    page.write_text("<p>本站首页</p>", "utf-8")
    assert narrcheck("check", CLINIC, "-o", first).returncode == 1
    kept = first.read_bytes()
    assert narrcheck("check", CLINIC, "--against", first, "-o", first).returncode == 2
    done = narrcheck("check", CLINIC, "--against", first, "-o", tmp_path, "--format", "json")
    assert done.returncode == 1, done.stderr.decode()
    assert first.read_bytes() == kept and page.read_text("utf-8") == "<p>本站首页</p>"
    assert {path.name for path in tmp_path.iterdir()} == {
        "clinic.json", "clinic (2).json", "index.html", "index (2).html",
    }  # fmt: skip
    corrected = tmp_path / "表.json"
    narrcheck("parse", CLINIC, "-o", corrected)
    before = corrected.read_bytes()
    assert narrcheck("check", tmp_path, "-o", corrected).returncode == 2
    assert corrected.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="the names are not allowed there")
def test_names_that_no_system_takes_are_written_otherwise(narrcheck: Run, tmp_path: Path) -> None:
    for name in ("a\u202etxt.txt", "index.txt", "a:b?.txt", "NUL.txt", "长" * 80 + ".txt", "A.txt", "a.text"):
        shutil.copy(CLINIC, tmp_path / name)
    out = tmp_path / "out"
    done = narrcheck("check", *sorted(tmp_path.glob("*.t*xt")), "-o", f"{out}/", "--format", "jsonl", cwd=tmp_path)
    names = {path.name for path in out.iterdir()} - {"index.html"}
    assert len(names) == 7 and len({name.casefold() for name in names}) == 7, done.stderr.decode()
    assert not any(set(name) & set('<>:"|?*\u202e') or name.lower().startswith("nul.") for name in names)
    assert all(len(name.encode()) <= 200 for name in names)


def test_a_place_that_cannot_be_written_to_is_told_before_anything_else(narrcheck: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", "utf-8")
    done = narrcheck("check", CLINIC, "-o", f"{tmp_path}/taken/", "--lang", "en")
    assert done.returncode == 2 and "taken is a file" in done.stderr.decode()
    assert narrcheck("check", CLINIC, "-o", "").returncode == 2
    assert not (tmp_path / "index.html").exists()
    assert (tmp_path / "taken").read_text("utf-8") == "x"
    for format in ("xlsx", "docx"):
        done = narrcheck("check", CLINIC, "--format", format)
        assert (done.returncode, done.stdout) == (2, b"") and "-o" in done.stderr.decode()
    done = narrcheck("check", CLINIC, "--template", "x.docx")
    assert done.returncode == 2
    done = narrcheck("parse", CLINIC, "-o", tmp_path / "x.html")
    assert done.returncode == 2 and "html" in done.stderr.decode()


def test_the_suffix_goes_before_the_settings_and_what_is_asked_for_before_both(narrcheck: Run, tmp_path: Path) -> None:
    (tmp_path / "narrcheck.toml").write_text('format = "docx"\n', "utf-8")
    assert narrcheck("check", CLINIC, "-o", "a.json").stderr == b""
    assert json.loads((tmp_path / "a.json").read_bytes())["filings"]
    done = narrcheck("check", CLINIC, "-o", "b.xlsx", "--format", "json")
    assert "b.xlsx" in done.stderr.decode(), "the suffix says something else"
    assert json.loads((tmp_path / "b.xlsx").read_bytes())["filings"]


def test_a_letter_that_somebody_has_filled_in_is_kept(narrcheck: Run, tmp_path: Path) -> None:
    run = "check", CLINIC, "-o", f"{tmp_path}/", "--format", "docx", "--fail-on", "never"
    assert narrcheck(*run).returncode == narrcheck(*run).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"clinic.docx", "index.html"}
    letter = Document(str(tmp_path / "clinic.docx"))
    letter.add_paragraph("已核实。")
    (last,) = letter.core_properties._element.xpath("*[local-name()='lastModifiedBy']")
    last.text = "卫健局"
    letter.save(str(tmp_path / "clinic.docx"))
    for _ in range(2):
        assert narrcheck(*run).returncode == 0
        assert {path.name for path in tmp_path.iterdir()} == {"clinic.docx", "clinic (2).docx", "index.html"}
    assert Document(str(tmp_path / "clinic.docx")).paragraphs[-1].text == "已核实。"
