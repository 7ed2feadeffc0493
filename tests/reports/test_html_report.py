"""The html report: one file that needs nothing else, whole without scripts, and true to what the filings say."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from html_page import of, text, tree
from narrcheck.filing import Decided, Filing, Source
from narrcheck.reports import View
from narrcheck.reports.html import render
from narrcheck.resubmitted import Change, FilingChange, Now, Resubmission
from report_samples import CLAIM, ERROR, FILING, FULL, INFO, REPORT, UNUSED, WARNING, silent

AWKWARD = '<script>alert(1)</script>" onload="x\' ]]>&amp;'


def spoilt(value: Any) -> Any:
    """The same data with something awkward at the end of every text that is free."""
    fixed = ("field", "column", "rule", "id", "form", "code", "key", "scope", "by", "modifier", "verdict", "comparator")
    if isinstance(value, tuple):
        return tuple(map(spoilt, value))
    if is_dataclass(value) and not isinstance(value, type):
        own = {one.name: getattr(value, one.name) for one in fields(value) if one.init and one.name not in fixed}
        return replace(
            value, **{name: one if name in ("status", "severity") else spoilt(one) for name, one in own.items()}
        )
    return value + AWKWARD if isinstance(value, str) else value


def test_the_page_needs_nothing_but_itself() -> None:
    page = tree(REPORT)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = page.xpath(f"//{tag}/text()")
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert page.xpath("//*[@src or @style or @onclick] | //link | //img") == []
    assert re.findall(r"https?:|url\(|@import", html.tostring(page, encoding="unicode")) == []
    assert page.xpath("//meta[@name='generator']/@content") == ["narrcheck"]


def test_no_text_becomes_markup() -> None:
    plain = tree(REPORT)
    page = tree(replace(spoilt(REPORT), lang="zh", mode="offline"))
    for name in ("script", "b", "svg"):
        assert len(page.xpath(f"//{name}")) == len(plain.xpath(f"//{name}"))
    names = {attribute for element in page.iter() for attribute in element.attrib}
    assert names <= {attribute for element in plain.iter() for attribute in element.attrib}
    whole = page.xpath("//body")[0].text_content()
    filing = FILING.indicators[1]
    said = (FILING.goal, FILING.narrative, filing.name, filing.note, FILING.unit, FILING.grade, filing.score.raw)
    for one in (*said, ERROR.message, ERROR.suggestion, UNUSED.why, FILING.funds[0].label):
        assert f"{one}{AWKWARD}" in whole


def test_every_anchor_is_there_once_and_every_link_finds_one() -> None:
    page = tree(replace(REPORT, filings=(FULL, FULL)))
    ids = Counter(page.xpath("//@id"))
    assert max(ids.values()) == 1
    targets = [link[1:] for link in page.xpath("//a/@href") if link.startswith("#")]
    assert targets and set(targets) <= set(ids)


def test_a_quote_leads_to_its_place_and_the_place_back() -> None:
    page = tree(of(FULL))
    links = page.xpath("//article[@id='f1-1']//a[contains(@class, 'to')]")
    assert [link.xpath("string(b)") for link in links] == ["巡查132次", "120.00(次)"]
    places = [page.get_element_by_id(link.get("href")[1:]) for link in links]
    assert [place.get("href") for place in places] == ["#f1-1", "#f1-1"]
    assert [place.getnext().text_content() for place in places] == ["巡查132次", "120.00(次)"]
    assert places[1].getparent().getparent().get("data-label") == "实际完成值"
    assert "2024年清淤河道 18.5公里，巡查132次" in links[0].text_content()


def test_claims_are_told_apart_in_the_texts() -> None:
    page = tree(of(FULL))
    assert text(page, "//p[@class='text']//span[contains(@class, 'unlinked')]") == ["清淤河道 18.5公里"]
    (mark,) = page.xpath("//p[@class='text']//mark")
    assert (mark.get("class"), mark.get("data-f"), mark.get("data-r")) == ("claim linked", "1", "0")
    in_note = replace(CLAIM, field="note", in_row=1, quote="部分", start=3, end=5)
    page = tree(of(replace(FULL, claims=(in_note,))))
    assert text(page, "//td[@data-label='偏差原因分析及改进措施']//span") == ["部分"]


def test_the_form_is_rebuilt_with_heads_and_groups() -> None:
    page = tree(of(FULL))
    (table,) = page.xpath("//table[@class='indicators']")
    assert [head.text_content() for head in table.xpath(".//thead//th[@scope='col']")] == [
        "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施",
    ]  # fmt: skip
    assert [head.text_content() for head in table.xpath(".//tr[@class='group']/th[@scope='rowgroup']")] == [
        "产出指标 / 数量指标",
        "效益指标 / 社会效益指标",
    ]
    assert [cell.text_content().strip() for cell in table.xpath(".//tfoot//td")] == ["100.00", "96.00", "评分等级 优"]
    assert [cell.text_content() for cell in page.xpath("//table[@class='funds']//tbody//td")] == [
        "1,200.00", "31200.00", "3900.00", "10.00", "385.00%", "8.50",
    ]  # fmt: skip
    assert len(table.xpath(".//tbody//th[@scope='row']")) == 2


def test_headings_are_in_order() -> None:
    levels = [
        int(element.tag[1]) for element in tree(replace(REPORT, filings=(FULL, FULL))).xpath("//h1|//h2|//h3|//h4")
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_severity_is_said_in_words() -> None:
    page = tree(of(FULL))
    assert [" ".join(head.split()[:3]) for head in text(page, "//article/h4")] == [
        "1 错误 N01",
        "2 警告 R04",
        "3 提示 F01",
    ]


def test_the_file_is_linked_relative_to_the_report(tmp_path: Path) -> None:
    def link(path: str, base: Path | None = tmp_path / "报告") -> list[str]:
        filing = replace(FILING, source=Source(path))
        return tree(of(replace(FULL, filing=filing)), View("html", base=base)).xpath("//dd/a/@href")

    assert link(str(tmp_path / "报告" / "javascript:x.txt")) == ["./javascript%3Ax.txt"]
    assert link(str(tmp_path / "年 度" / 'a"#?%.txt')) == ["../%E5%B9%B4%20%E5%BA%A6/a%22%23%3F%25.txt"]
    assert link(str(tmp_path / "包.ZIP" / "内" / "a.txt")) == ["../%E5%8C%85.ZIP"]
    assert link("-") == link("a.txt", None) == link("a\0.txt\ud800", None) == []


def test_an_english_page_speaks_english() -> None:
    report = replace(REPORT, lang="en", errors=(), skipped=(), unused_waivers=())
    assert (
        re.search("[\u3400-\u9fff]", render(replace(silent(Filing(Source("a")), 0), lang="en"), View("html"))) is None
    )
    page = tree(report)
    assert page.get("lang") == "en"
    for element in page.xpath("//*[@lang='zh-Hans']"):
        element.drop_tree()
    said = page.xpath("//body")[0]
    for element in said.xpath(".//article | .//script | .//details | .//*[@class='removed'] | .//*[@class='doubts']"):
        element.drop_tree()
    assert set(re.findall("[\u3400-\u9fff]+", said.text_content())) <= {"河道", "万元"}, "file name and unit of money"


def test_control_and_direction_characters_are_written_out_and_breaks_stay() -> None:
    filing = replace(FILING, narrative="甲\x00乙\u202e丙\ud800\r\n丁\u200b戊")
    page = tree(of(replace(FULL, filing=filing, findings=(), claims=())))
    assert page.xpath("//p[@class='text']")[1].text_content() == "甲<U+0000>乙<U+202E>丙<U+D800>\n丁戊"


def test_decisions_show_who_and_why() -> None:
    decided = Decided("dismissed", "王审核", "原表如此", "2026-05-02T08:15:00Z")
    confirmed = Decided("confirmed", "赵审核", "确有出入")
    page = tree(of(replace(FULL, dismissed=((WARNING, decided),), confirmed={ERROR.id: confirmed})))
    removed = " ".join(text(page, ".removed"))
    for one in (
        "李审核",
        "已电话核实",
        "2026-12-31",
        "王审核",
        "原表如此",
        "2026-05-02",
        WARNING.message,
        INFO.message,
    ):
        assert one in removed
    (badge,) = text(page, "//*[@id='f1-1']//*[contains(@class, 'confirmed')]")
    assert "赵审核" in badge and "确有出入" in badge


def test_failures_doubts_and_unread_inputs_are_told() -> None:
    page = tree(REPORT)
    assert "S10" in text(page, ".failures")[0]
    assert "这一格不是数字" in text(page, ".doubts")[0]
    assert [title.text_content() for title in page.xpath("//h2")][1:] == ["未能读取", "已跳过", "未用到的豁免"]
    assert "共 1 份" in text(page, "//footer")[0]


def test_quiet_leaves_the_form_and_the_findings() -> None:
    page = tree(REPORT, View("html", quiet=True))
    assert len(page.xpath("//article")) == 3 and page.xpath("//table[@class='indicators']")
    assert page.xpath("//details | //*[@class='doubts' or @class='removed' or @class='closing']") == []


def test_verbose_unfolds_the_claims() -> None:
    folded, open_ = tree(REPORT), tree(REPORT, View("html", verbose=True))
    assert len(folded.xpath("//details[not(@open)]")) == len(open_.xpath("//details[@open]")) == 1
    assert open_.xpath("//details//a/@href") == ["#r1-0"]
    assert open_.get_element_by_id("r1-0") is not None


def test_a_report_without_the_form_shows_the_findings_and_says_so() -> None:
    bare = Filing(FILING.source, year=FILING.year, project=FILING.project, unit=FILING.unit)
    page = tree(of(replace(FULL, filing=bare, claims=())))
    assert "这里没有自评表的文字和表格" in text(page, ".findings")[0]
    assert page.xpath("//*[contains(@class, 'texts') or contains(@class, 'tables')]") == []
    assert [quote.text_content() for quote in page.xpath("//article[@id='f1-1']//b")] == ["巡查132次", "120.00(次)"]
    assert page.xpath("//article//a") == []


def test_the_total_row_is_shown_where_no_indicator_was_read() -> None:
    alone = replace(FILING, goal=None, narrative=None, indicators=(), funds=())
    score = replace(ERROR.evidence[0], field="total", quote="96.00", start=0, end=5, row=None, column="score")
    page = tree(of(replace(FULL, filing=alone, claims=(), findings=(replace(ERROR, evidence=(score,)),))))
    assert "没有读出指标行" in text(page, ".tables")[0]
    assert text(page, ".total")[0].split() == ["总分", "100.00", "196.00", "评分等级", "优"]
    (link,) = page.xpath("//article//a/@href")
    assert page.get_element_by_id(link[1:]).getnext().text_content() == "96.00"


def test_a_filing_in_which_nothing_was_compared_is_not_called_clean() -> None:
    assert text(tree(silent(FILING, 3)), ".clean")[0].startswith("未发现不符")
    assert "不能视为" in text(tree(silent(FILING, 0)), ".unsure")[0]


def test_many_filings_are_listed_on_top() -> None:
    page = tree(replace(REPORT, filings=(FULL, FULL)))
    assert page.xpath("//section[@class='list']//a/@href") == ["#s1", "#s2"]
    assert page.xpath("//section[@class='list']//tr[1]/td[@data-label='错误']")[0].text_content() == "1"
    assert tree(REPORT).xpath("//section[@class='list']") == []


def resubmitted() -> Resubmission:
    """A comparison with a finding in every state."""
    before = replace(ERROR, evidence=(replace(ERROR.evidence[0], quote="巡查130次"), ERROR.evidence[1]))
    gone = replace(WARNING, id="b" * 12, message="得分“二十”超过分值")
    lost, waived = replace(INFO, id="c" * 12, message="看不到了"), replace(INFO, id="d" * 12, message="已有说法")
    changes = (
        Change("new", None, WARNING),
        Change("changed", before, ERROR, (Now(before.evidence[0], "巡查132次"),)),
        Change("standing", INFO, INFO),
        Change("unknown", lost, None, (Now(lost.evidence[0], None),), "规则 F01 没有运行"),
        Change("settled", waived, waived, (), "李审核：已电话核实"),
        Change("resolved", gone, None, (Now(gone.evidence[0], "18.00"),)),
    )
    missing = FilingChange(None, replace(FILING, project="泵站维护"))
    return Resubmission("上次.json", (FilingChange(0, FILING, changes), missing), ("规则口径不同",))


def test_a_comparison_says_what_became_of_each_finding() -> None:
    page = tree(replace(REPORT, resubmission=resubmitted()))
    assert page.xpath("//article[contains(@class, 'finding')]/@data-state") == ["changed", "new", "standing"]
    assert [badge for badge in text(page, ".badge") if badge in ("新发现", "仍存在", "内容有变")] == [
        "内容有变", "新发现", "仍存在",
    ]  # fmt: skip
    assert "巡查130次" in text(page, "//article[@id='f1-1']")[0]
    resolved, unknown, settled = (text(page, f".{state}")[0] for state in ("resolved", "unknown", "settled"))
    assert "得分“二十”超过分值" in resolved and "18.00" in resolved
    assert "规则 F01 没有运行" in unknown
    assert "李审核：已电话核实" in settled
    compared = text(page, ".compared")[0]
    for one in ("上次.json", "规则口径不同", "泵站维护"):
        assert one in compared
    assert page.xpath("//select[@name='state']/option/@value") == ["", "new", "changed", "standing"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_of_nothing_says_so(lang: str) -> None:
    page = tree(replace(REPORT, filings=(), lang=lang))
    assert len(text(page, ".unsure")) == 1
    assert page.xpath("//form") == []
