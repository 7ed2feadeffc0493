"""The user's own template of the letter: what can be done with one, and what can be wrong with it."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from letter_templates import letter, opened, template, words
from narrcheck.reports import View, render
from narrcheck.reports.docx import LetterError, check_template, default
from report_samples import COMPARED, ERROR, FILING, FULL, REPORT, WARNING, silent

ONE = replace(REPORT, filings=(replace(FULL, findings=(WARNING, ERROR)),))


def refused(path: Path, lang: str = "zh") -> str:
    with pytest.raises(LetterError) as caught:
        check_template(path, lang)
    return caught.value.text(lang)


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    own = template(
        tmp_path / "own.docx", "关于“{{ project }}”的函", "{%p for comment in comments if comment.level == 'error' %}",
        "{{ comment.number }}、{{ comment.message }}（{{ comment.sides[0].quotes|join('，') }}）", "{%p endfor %}",
        rows=("{%tr for item in corrected %}", "已改：{{ item.message }}", "{%tr endfor %}"),
    )  # fmt: skip
    check_template(own, "zh")
    told = words(letter(COMPARED, own))
    assert "关于“河道日常管护”的函" in told and f"1、{ERROR.message}（“巡查132次”）" in told
    assert "已改：年度指标值空缺" in told and WARNING.message not in told and "复核意见" not in told


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{{ projekt }}", "projekt（段落“{{ projekt }}”）。可用的有：addressee"),
        ("{% if false %}{{ projekt }}{% endif %}", "不认识的名称 projekt"),
        ("{% for comment in comments %}{{ comment.quote }}{% endfor %}", "不认识的名称 quote（段落“{% for"),
        ("{% for c in comments %}{{ c.sides[0].text }}{% endfor %}", "可用的有：place, quotes"),
        ("{{ project", "标记写得不对"),
        ("{% for comment in comments %}", "标记写得不对"),
        ("{{ project|centre }}", "标记写得不对（段落“{{ project|centre }}”）"),
        ("{% include 'x' %}{{ project }}", "own.docx"),
        ("{{ ''.__class__.__mro__ }}", "不允许"),
        ("{{ project.__init__.__globals__ }}", "不允许"),
        ("{{ 1 / 0 }}{{ project }}", "无法生成复核意见（段落“{{ 1 / 0 }}{{ project }}”）"),
        ("{% for i in range(10**9) %}x{% endfor %}", "太多"),
        ("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}{{ project }}", "太多（段落"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}{{ project }}", "太多"),
        ("{{ 'x' * 10**9 }}{{ project }}", "太多"),
        ("{{ 'x'.ljust(10**9) }}{{ project }}", "不允许"),
        ("{{ '{:1000000000}'.format(1) }}{{ project }}", "不允许"),
        ("{% set n = namespace(x=9) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}", "太多"),
        ("{% set n = namespace(x='x') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}", "太多"),
        ("{{ ('x' * 99999)|replace('x', 'x' * 99999) }}", "太多"),
        ("{{ range(99999)|join('x' * 99999) }}", "太多"),
        ("{% set x = 'x' * 99999 %}{% for i in range(9999) %}{{ x }}{% endfor %}", "太多"),
        ("{{ project }}，{ unit }", "没有认出的标记，会原样印在信里（段落“A，{ unit }”）"),
        ("{{ project }}｛｛ unit ｝｝", "没有认出的标记"),
        ("没有名称", "没有一个名称"),
        ("存疑：{{ doubts }}", "不是一段文字（段落“存疑：{{ doubts }}”）：请用 for"),
        ("{% for c in comments %}{{ c }}{% endfor %}", "不是一段文字"),
    ],
)
def test_a_fault_in_a_template_is_told_before_anything_is_checked(tmp_path: Path, text: str, part: str) -> None:
    path = template(tmp_path / "own.docx", "函", text)
    told = refused(path)
    assert part in told and str(path) in told
    assert str(path) in refused(path, "en")


def test_a_tag_in_the_wrong_place_is_told(tmp_path: Path) -> None:
    path = template(tmp_path / "own.docx", "{{ project }} {%tr for comment in comments %}", rows=("{%tr endfor %}",))
    assert "own.docx" in refused(path)


def test_a_template_with_tracked_changes_is_refused(tmp_path: Path) -> None:
    path = template(tmp_path / "own.docx", "{{ project }}")
    paper = opened(path.read_bytes())
    run = paper.paragraphs[0].runs[0]._r
    mark = OxmlElement("w:ins")
    run.addprevious(mark)
    mark.append(run)
    paper.save(str(path))
    assert "修订" in refused(path) and "tracked changes" in refused(path, "en")


def test_remarks_in_a_template_are_not_sent(tmp_path: Path) -> None:
    path = template(tmp_path / "own.docx", "{{ project }}")
    paper = opened(path.read_bytes())
    paper.add_comment(paper.paragraphs[0].runs, text="措辞待定", author="某人")
    paper.save(str(path))
    data = letter(replace(ONE, filings=ONE.filings * 2), path)
    assert not any("comments" in name for name in zipfile.ZipFile(BytesIO(data)).namelist())
    assert b"comment" not in zipfile.ZipFile(BytesIO(data)).read("word/document.xml")


def test_a_cell_that_a_loop_leaves_empty_stays_one_that_word_opens(tmp_path: Path) -> None:
    path = template(tmp_path / "own.docx", "{{ project }}", header="{%p if comments %}", rows=("{%tr if comments %}",))
    paper = opened(path.read_bytes())
    paper.sections[0].header.add_paragraph("{%p endif %}")
    (grid,) = paper.tables
    grid.add_row().cells[0].text = "{%tr endif %}"
    cell = paper.add_table(1, 1).rows[0].cells[0]
    cell.text = "{%p for comment in comments %}"
    cell.add_paragraph("{{ comment.message }}")
    cell.add_paragraph("{%p endfor %}")
    paper.save(str(path))
    made = opened(letter(silent(FILING, 3), path))
    assert [[cell.text for cell in table.rows[0].cells] for table in made.tables] == [[""]]
    assert all(cell[-1].tag == qn("w:p") for cell in made.element.body.iter(qn("w:tc")))
    assert len(made.sections[0].header.paragraphs) == 1


def test_what_is_no_docx(tmp_path: Path) -> None:
    absent, text, spoilt, book = (tmp_path / name for name in ("无.docx", "a.docx", "b.docx", "c.docx"))
    text.write_text("{{ project }}", "utf-8")
    spoilt.write_bytes(default("zh")[:9000])
    written = render(ONE, View("xlsx"))
    book.write_bytes(written if isinstance(written, bytes) else b"")
    assert "读不了" in refused(absent) and "无.docx" in refused(absent)
    assert "不是 docx" in refused(text) and "不是 docx" in refused(book)
    assert "已损坏" in refused(spoilt)
