"""The html report of very large filings: a page of bounded size that says what it leaves out."""

from dataclasses import replace

from lxml.html import HtmlElement, document_fromstring

from html_page import of, text, tree
from narrcheck.filing import Checked, Claim, Finding
from narrcheck.reports import View
from narrcheck.reports.html import bounds, render
from report_samples import CLAIM, ERROR, FILING, FULL, REPORT, ROWS

SENTENCE = "巡查132次。"
LARGEST = 6_000_000
"""Bytes of the page of one filing, whatever it holds."""


def narrative(characters: int) -> str:
    return SENTENCE * (characters // len(SENTENCE))


def claims(count: int) -> tuple[Claim, ...]:
    size = len(SENTENCE)
    return tuple(
        replace(CLAIM, start=at, end=at + 6, number_start=at + 2, number_end=at + 6)
        for at in range(0, count * size, size)
    )


def findings(count: int, step: int) -> tuple[Finding, ...]:
    """Findings whose evidence lies `step` sentences apart."""
    size = step * len(SENTENCE)
    return tuple(
        replace(
            ERROR,
            id=f"{number:012x}",
            evidence=(replace(ERROR.evidence[0], start=number * size, end=number * size + 6), ERROR.evidence[1]),
        )
        for number in range(count)
    )


def page_of(checked: Checked) -> HtmlElement:
    """The page, which is of bounded size."""
    written = render(of(checked), View("html"))
    assert len(written.encode()) < LARGEST
    return document_fromstring(written)


def test_ten_thousand_claims() -> None:
    checked = replace(
        FULL, filing=replace(FILING, narrative=narrative(90_000)), claims=claims(10_000), findings=(ERROR,)
    )
    page = page_of(checked)
    assert len(page.xpath("//p[@class='text']//*[contains(@class, 'claim')]")) <= bounds.MARKS
    left = text(page, ".left")
    assert f"另有 {10_000 - bounds.MARKS + 2} 处数量陈述没有在文中标出。" in left
    assert f"另有 {10_000 - bounds.CLAIMS} 行没有列出。" in left
    assert [mark.text_content() for mark in page.xpath("//mark[@data-f='1']")] == ["巡查132次", "120.00(次)"]


def test_a_narrative_of_a_megabyte() -> None:
    long = narrative(1_100_000)
    checked = replace(FULL, filing=replace(FILING, narrative=long), claims=claims(10_000), findings=findings(20, 5_000))
    page = page_of(checked)
    (shown,) = page.xpath("//p[@class='text']")[1:]
    marks = [mark.text_content() for mark in shown.xpath(".//mark")]
    assert marks == ["巡查132次"] * 20, "every finding's quote is there, however far down"
    assert len(shown.text_content()) < bounds.TEXT
    (left,) = [one for one in text(page, ".left") if "省略" in one]
    count = int("".join(mark for mark in left if mark.isdigit()))
    cuts = sum(len(cut.text_content()) for cut in shown.xpath(".//*[@class='cut']"))
    refs = sum(len(ref.text_content()) for ref in shown.xpath(".//a"))
    assert count + len(shown.text_content()) - cuts - refs == len(long)


def test_three_thousand_findings() -> None:
    checked = replace(FULL, filing=replace(FILING, narrative=narrative(1_100_000)), findings=findings(3_000, 50))
    page = page_of(checked)
    cards = page.xpath("//article")
    assert len(cards) == bounds.CARDS
    assert all(card.xpath("string(.//b)") == "巡查132次" for card in cards)
    assert f"另有 {3_000 - bounds.CARDS} 条发现没有列出；json 或 xlsx 格式的报告里有全部发现。" in text(page, ".left")
    ids = set(page.xpath("//@id"))
    assert {link[1:] for link in page.xpath("//article//a/@href")} <= ids, "no link to what is not shown"


def test_one_cell_of_a_megabyte_that_all_findings_quote() -> None:
    long = narrative(1_100_000)
    piece = replace(ERROR.evidence[1], field="note", quote=long, end=len(long), name=long)
    many = tuple(replace(one, message=long, evidence=(piece,) * 30) for one in findings(600, 1))
    row = replace(ROWS[0], name=long, note=long)
    page = page_of(replace(FULL, filing=replace(FILING, indicators=(row, ROWS[1])), findings=many))
    assert "另有 10 处依据没有列出。" in text(page, "//article[@id='f1-1']//*[@class='left']")


def test_ten_thousand_rows_and_doubts() -> None:
    rows = tuple(replace(ROWS[0], position=at) for at in range(10_000))
    checked = replace(
        FULL, filing=replace(FILING, indicators=rows, funds=FILING.funds * 5_000, doubts=FILING.doubts * 10_000)
    )
    left = text(page_of(checked), ".left")
    for sentence in (
        f"另有 {10_000 - bounds.ROWS} 行",
        f"另有 {5_000 - bounds.ROWS} 行",
        f"另有 {10_000 - bounds.LINES} 条",
    ):
        assert any(one.startswith(sentence) for one in left)


def test_more_filings_than_fit_are_listed_only() -> None:
    page = tree(replace(REPORT, filings=(FULL,) * (bounds.FILINGS + 20)))
    assert len(page.xpath("//section[@class='filing']")) == bounds.FILINGS
    assert len(page.xpath("//section[@class='list']//tbody/tr")) == bounds.FILINGS + 20
    (left,) = text(page, ".left")
    assert "其余 20 份" in left and "-o 文件夹/" in left
