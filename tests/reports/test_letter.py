"""The letter to the filer: what it says, how several are joined, the given templates."""

import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path

import pytest
from conftest import Run
from docx.oxml.ns import qn

from letter_templates import letter, opened, template, words
from narrcheck.filing import Checked, Source
from narrcheck.pipeline import run
from narrcheck.reading import ReadError, read_bytes
from narrcheck.reports.docx import check_template, default
from narrcheck.reports.docx.facts import Comment, Earlier, Letter, Side
from narrcheck.settings import Settings
from office_pages import pages
from report_samples import COMPARED, DISMISSED, ERROR, FILING, FULL, INFO, REPORT, UNKNOWN, WARNING, silent

pytestmark = pytest.mark.in_process

ONE = replace(REPORT, filings=(replace(FULL, findings=(WARNING, ERROR)),))
HOSTILE = "</w:t><script>]]> {{ project }} {% for %} {_{ =cmd|' /C calc'!A0 \x00\x07\ud800 &amp;"


def test_a_letter_names_the_filing_and_lists_the_comments_errors_first() -> None:
    data = letter(ONE)
    told = words(data)
    for part in (
        "复核意见",
        "致：河道管理所",
        "河道日常管护",
        "2024",
        "水务局",
        "河道.txt",
        "（错误 1，警告 1，提示 0）",
    ):
        assert part in told
    table = opened(data).tables[1]
    head, *rows = ([cell.text for cell in row.cells] for row in table.rows)
    assert head == ["序号", "问题及依据", "需更正或说明的内容", "单位答复"]
    assert [(row[0], row[2], row[3]) for row in rows] == [("1", ERROR.suggestion, ""), ("2", WARNING.suggestion, "")]
    assert rows[0][1].startswith(f"【错误】{ERROR.message}")
    assert "实际完成情况：“巡查132次”" in rows[0][1]
    assert "第 1 行 日常巡查次数：实际完成值 120.00(次)" in rows[0][1]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert all(row.height is not None for row in table.rows[1:])


def test_what_was_settled_is_not_sent_and_what_was_not_checked_is_told() -> None:
    told = words(letter(COMPARED))
    assert "李审核" not in told and "顾青" not in told and INFO.id not in told
    assert told.count(WARNING.message) == 1 and DISMISSED.id not in told
    assert "参与核对 1 处；存疑单元格 1 个" in told
    assert "这一格不是数字" in told and "本次没有核对的规则：S10" in told


def test_a_filing_without_findings_gets_a_letter_that_says_so() -> None:
    told = words(letter(silent(FILING, 3)))
    assert "没有需要更正或说明的意见" in told and "文字中 3 处数量与表格或其他文字相符" in told
    assert "单位答复" not in told and "参与核对 3 处" in told


def test_after_a_resubmission_each_comment_says_whether_it_was_raised_before() -> None:
    data = letter(COMPARED)
    rows = {row.cells[1].text.splitlines()[0]: row.cells[2].text for row in opened(data).tables[1].rows[1:]}
    assert "（上次已提出，内容有变，仍待更正）" in rows[f"【错误】{ERROR.message}"]
    assert "（上次已提出，仍未更正）" in rows[f"【警告】{WARNING.message}"]
    assert "（新提出）" in rows[f"【警告】{INFO.message}"]
    told = words(data)
    assert "已更正 1 处，仍未更正 2 处，新提出 1 处，这次无法确认 1 处" in told
    resolved, unknown = told.index("上次意见中已更正的"), told.index("上次意见中这次无法确认的")
    assert resolved < told.index("年度指标值空缺") < told.index("现为“≥120.00(次)”") < unknown
    assert unknown < told.index(UNKNOWN.message) < told.index("规则 N07 这次未能完成")
    assert "上次" not in words(letter(ONE))


def test_english() -> None:
    told = words(letter(replace(COMPARED, lang="en")))
    for part in (
        "Review comments",
        "To: 河道管理所",
        "[error] ",
        "raised before and still open",
        "2 still open",
        "now blank",
    ):
        assert part in told
    assert "复核" not in told and "未更正" not in told


def test_texts_of_a_filing_are_neither_markup_nor_template() -> None:
    project = replace(FILING, project=HOSTILE, unit=None, department="=水务局", year=None)
    finding = replace(ERROR, message=HOSTILE, evidence=(replace(ERROR.evidence[0], quote=HOSTILE),))
    data = letter(replace(REPORT, filings=(replace(FULL, filing=project, findings=(finding,)),)))
    told = words(data)
    assert told.count("</w:t><script>]]> {{ project }} {% for %} {_{ =cmd|' /C calc'!A0") >= 4
    assert "致：=水务局" in told and "&amp;" in told and "\x07" not in told


def test_two_filings_are_two_letters_each_from_page_one(tmp_path: Path) -> None:
    other = replace(FULL, filing=replace(FILING, project="第二中学操场翻新", source=Source("操场.xlsx", 2)))
    both = replace(ONE, filings=(*ONE.filings, other, other))
    own = template(tmp_path / "own.docx", "意见：{{ project }}", "{{ file }}", header="页眉 {{ project }}")
    for data in (letter(both), letter(both, own)):
        sections = opened(data).sections
        assert len(sections) == 3
        numbers = [section._sectPr.find(qn("w:pgNumType")) for section in sections]
        assert [None if one is None else one.get(qn("w:start")) for one in numbers] == [None, "1", "1"]
    heads = [section.header.paragraphs[0].text for section in sections]
    assert heads == ["页眉 河道日常管护", "页眉 第二中学操场翻新", "页眉 第二中学操场翻新"]
    assert words(letter(both)).count("复核意见\n") == 3
    assert "操场.xlsx（第 2 份）" in words(letter(both))
    names = zipfile.ZipFile(BytesIO(data)).namelist()
    assert len(names) == len(set(names)) and sum("header" in name for name in names) == 2


def test_each_section_of_a_template_keeps_the_header_of_its_own_letter(tmp_path: Path) -> None:
    own = template(tmp_path / "own.docx", "封面", header="页眉 {{ project }}", second="正文 {{ project }}")
    other = replace(FULL, filing=replace(FILING, project="第二中学操场翻新"))
    sections = opened(letter(replace(ONE, filings=(*ONE.filings, other)), own)).sections
    heads = [section.header.paragraphs[0].text for section in sections]
    assert heads == ["页眉 河道日常管护", "页眉 河道日常管护", "页眉 第二中学操场翻新", "页眉 第二中学操场翻新"]
    starts = [section._sectPr.find(qn("w:pgNumType")) is not None for section in sections]
    assert starts == [False, False, True, False]


def test_five_thousand_findings_make_one_letter_of_bounded_size() -> None:
    many = tuple(replace(ERROR, id=f"{number:012}") for number in range(5000))
    data = letter(replace(REPORT, filings=(replace(FULL, findings=many),)))
    assert len(opened(data).tables[1]._tbl.tr_lst) == 5001
    assert len(data) < 500_000


def test_no_filing_is_said_too() -> None:
    told = words(letter(replace(REPORT, filings=())))
    assert "没有读出任何自评表" in told and "空.txt 是空文件" in told


def test_narrcheck_does_not_read_its_own_letters_and_pages_as_filings(narrcheck: Run, tmp_path: Path) -> None:
    found = run(["examples/clinic.txt"], Settings())
    own = template(tmp_path / "own.docx", "{{ project }}")
    for data in (letter(found), letter(replace(found, filings=found.filings * 2), own), default("zh"), default("en")):
        with pytest.raises(ReadError) as caught:
            read_bytes(data, "a.docx")
        assert caught.value.code == "no-filing-found"
    page = "<html><head><meta name='generator' content='{}'></head><body><pre>{}</pre></body></html>"
    text = Path("examples/clinic.txt").read_text("utf-8")
    (filing,) = read_bytes(page.format("Word", text).encode(), "a.html")
    assert filing.project == "基本公共卫生服务"
    with pytest.raises(ReadError):
        read_bytes(page.format("narrcheck", text).encode(), "a.html")


def test_the_signature_stays_with_the_sentence_before_it() -> None:
    lines = opened(letter(ONE)).paragraphs
    last = next(index for index, line in enumerate(lines) if line.text.startswith("请于"))
    follow = [line.paragraph_format.keep_with_next for line in lines[last:]]
    assert follow == [True, True, True, False]


def test_the_given_templates_pass_their_own_check_and_are_what_the_script_makes(tmp_path: Path, root: Path) -> None:
    for lang in ("zh", "en"):
        path = tmp_path / f"{lang}.docx"
        path.write_bytes(default(lang))
        check_template(path, lang)
    done = subprocess.run([sys.executable, root / "docs" / "letters.py", "--check"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_every_name_is_documented(root: Path) -> None:
    page = (root / "docs" / "letter.md").read_text("utf-8")
    names = {field.name for kind in (Letter, Comment, Side, Earlier) for field in fields(kind)}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_the_template_command_writes_a_new_file_only(narrcheck: Run, tmp_path: Path) -> None:
    done = narrcheck("template", "-o", "letter.docx", "--lang", "en")
    assert done.returncode == 0 and b"letter.docx" in done.stderr
    assert (tmp_path / "letter.docx").read_bytes() == default("en")
    again = narrcheck("template", "-o", "letter.docx")
    assert again.returncode == 2 and "已存在".encode() in again.stderr
    assert (tmp_path / "letter.docx").read_bytes() == default("en")
    assert narrcheck("template", "-o", "letter.doc").returncode == 2
    assert narrcheck("template", "-o", "-").returncode == 2


@pytest.mark.required
def test_libreoffice_shows_the_letters(tmp_path: Path) -> None:
    examples = run(["examples"], Settings())
    two: tuple[Checked, ...] = (examples.filings[0], FULL)
    made = letter(replace(examples, filings=two))
    shown = pages(made, "docx", tmp_path)
    whole = "".join(shown)
    for checked in two:
        assert checked.filing.unit and checked.filing.unit in whole
        for finding in checked.findings:
            assert finding.message.replace(" ", "") in whole and finding.suggestion in whole
    assert "巡查132次" in whole and "单位答复" in whole and "（盖章）" in whole
    second = next(number for number, page in enumerate(shown) if "致：河道管理所" in page)
    assert second and "第1页" in shown[0] and "第1页" in shown[second]
