"""Reports of evaluations: what a reader of each format finds in it."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.cells import cell_len

from evaluation_samples import CARDS, HOSTILE, NEW, OLD, counted, evaluated, file, finding
from narrcheck.evaluation.compare import compare
from narrcheck.evaluation.report import beside, page, render, to_json
from narrcheck.evaluation.report.marking import locate, passages
from narrcheck.evaluation.result import Quote, Result, System, read_result
from narrcheck.reports import View

BOTH = compare(NEW, OLD)
MARKDOWN = View("markdown")
NONE_OF_TWO = counted(2, 0, 0, 0)
NARRATIVE = "图书馆全年开放。新办借书证1260张，其中少儿证900张。<b>"


def texts(name: str) -> Mapping[str, str] | None:
    return {"narrative": NARRATIVE, "actual:新办借书证": "1206 张"} if name == "library.txt" else None


def part(text: str, start: str, end: str) -> str:
    return text[text.index(start) : text.index(end, text.index(start))]


def test_markdown_begins_with_the_verdict_and_the_counts() -> None:
    lines = render(NEW, BOTH, MARKDOWN, "zh").splitlines()
    assert lines[2].startswith("**只有 2 份自评表，少于 10 份，分不清是变化还是偶然：发现 F1 0.750 → 0.857。")
    assert lines[2].endswith("发现方面得 2 项，失 1 项。**")
    english = render(NEW, BOTH, MARKDOWN, "en").splitlines()
    assert "Too few filings (2, fewer than 10)" in english[2] and "won: 2; lost: 1" in english[2]


@pytest.mark.parametrize(
    ("changed", "said"), [(20, "Better: "), (3, "whose figures changed (3, fewer than 6)"), (0, "Nothing changed")]
)
def test_the_verdict_over_many_filings(changed: int, said: str) -> None:
    old, new = (
        evaluated(*(file(f"pool{at}.txt", counted(1, n, n, n)) for at in range(20) for n in [int(at >= some)]))
        for some in (changed, 0)
    )
    assert said in render(new, compare(new, old), MARKDOWN, "en").splitlines()[2]


def test_a_perfect_interval_is_explained_where_there_is_one() -> None:
    text = render(NEW.model_copy(update={"intervals": {"findings": {"f1": (1.0, 1.0)}}}), None, MARKDOWN, "en")
    assert "not because nothing ever will" in text
    text = render(NEW.model_copy(update={"intervals": {"findings": {"f1": (0.5, 1.0)}}}), None, MARKDOWN, "en")
    assert "not because nothing ever will" not in text


def test_a_lost_finding_is_in_the_lost_table() -> None:
    text = render(NEW, BOTH, MARKDOWN, "zh")
    lost, won = part(text, "### 失（1）", "### 得"), part(text, "### 得（2）", "## 数字")
    assert "| 已发现 → 漏报 | N01 文字数量与完成值不符 | library.txt | 写1260张，表中1206张 |" in lost
    assert "N05" not in lost and "| 漏报 → 已发现 | N05" in won and "| 误报 → — | N08" in won


def test_differences_have_arrows_and_intervals() -> None:
    text = part(render(NEW, BOTH, MARKDOWN, "en"), "## Differences", "## Won")
    assert "| findings | precision | 0.750 | 1.000 | ▲ +0.250 | \\[0, +0.333\\] | no |" in text
    back = render(OLD, compare(OLD, NEW), MARKDOWN, "en")
    assert "▼ -0.250 | \\[-0.333, 0\\]" in back
    assert "recall" not in text and "Figures that are the same: 1." in text


def test_nothing_changed_says_so() -> None:
    same = compare(NEW, NEW)
    assert "**没有变化：各项数字相同，没有得失。**" in render(NEW, same, MARKDOWN, "zh")
    text = render(NEW, same, View("terminal", 100), "en")
    assert "Nothing changed" in text and "Lost (0)\nNone." in text and "＝ 0" in text


def test_figures_cost_and_faults_without_a_comparison() -> None:
    text = render(NEW, None, MARKDOWN, "zh")
    assert "| 发现 | 4 | 3 | 3 | 3 | 1.000 | 0.750 | 0.857 | — |" in text
    assert "80.0% 认作数量陈述；每份文件平均误报 0.00 项" in text
    for row in ("| 请求 | 1,234 |", "| 各请求用时合计（秒） | 12.5 |", "| 费用 | 0.75 元 |"):
        assert row in text
    faults = part(text, "<summary>漏报和误报", "</details>")
    assert "| 漏报 | N01" in faults and "实际完成情况：新办借书证1 260张；实际完成值（新办借书证）：1206张" in faults
    clean = evaluated(file("a.txt", counted(0, 0, 0, 0)))
    assert "没有漏报，也没有误报。" in render(clean, None, MARKDOWN, "zh")


def test_files_that_were_not_read_are_listed_with_the_reason() -> None:
    bad = (file("a.txt").model_copy(update={"error": "not-in-saved"}), file("b.txt").model_copy(update={"error": "|"}))
    text = render(evaluated(*bad), None, MARKDOWN, "zh")
    assert "a.txt：保存的结果里没有这份文件" in text and "b.txt：\\|" in text


def test_texts_of_a_filing_stay_texts_in_markdown() -> None:
    text = render(NEW, BOTH, MARKDOWN, "zh")
    assert "\\<script\\>alert(1)\\</script\\> \\| \\`借书\\`" in text
    assert not re.search(r"(?<!\\)<(?!/?(details|summary)>)", text)


def test_long_lists_are_bounded_and_say_how_many_more() -> None:
    many = evaluated(file("a.txt", counted(60, 0, 0, 0), *(finding(f"N01|灯{at}", "missed") for at in range(60))))
    text = render(many, None, MARKDOWN, "en")
    assert text.count("| missed | N01") == 50 and "and 10 more." in text
    whole = render(many, None, View("markdown", verbose=True), "en")
    assert whole.count("| missed | N01") == 60 and "more." not in whole
    assert "and 50 more." in render(many, None, View("terminal", 100), "en")


def test_one_finding_in_files_of_one_filing_is_told_once() -> None:
    missed = [finding("N01|灯", "missed", "数不同"), finding("N01|灯 #2", "missed", "数不同")]
    result = evaluated(*(file(name, counted(2, 0, 0, 0), *missed) for name in ("a.docx", "a.pdf", "b.pdf")))
    text = render(result, None, MARKDOWN, "en")
    assert text.count("| a.docx .pdf | 数不同 |") == 2 and text.count("| b.pdf | 数不同 |") == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_narrow_screen_shows_everything(lang: str) -> None:
    text = render(NEW, BOTH, View("terminal", 40), lang)
    assert max(cell_len(line) for line in text.splitlines()) <= 40
    flat = "".join(text.split())
    assert "0.857" in flat and "写1260张，表中1206张" in flat and "library.txt" in flat and "+0.333]" in flat


def test_quiet_leaves_out_what_is_folded() -> None:
    text = render(NEW, BOTH, View("terminal", 100, quiet=True), "zh")
    assert "失（1）" in text and "漏报和误报" not in text
    text = render(NEW, BOTH, View("markdown", quiet=True), "zh")
    assert "失（1）" in text and "漏报和误报" not in text and "<details>" not in text


def test_verbose_lists_everything_on_the_screen() -> None:
    many = evaluated(file("a.txt", counted(60, 0, 0, 0), *(finding(f"N01|灯{at}", "missed") for at in range(60))))
    text = render(many, None, View("terminal", 100, verbose=True), "en")
    assert text.count("│ N01") == 60 and "more." not in text


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_marks_that_disturb_the_display_are_written_out(form: str) -> None:
    mark = "\x1b[31m\u202e"
    told = finding(f"N01|{mark}", "missed", f"灯{mark}", Quote(field=f"f{mark}", row=f"r{mark}", quote=f"q{mark}"))
    bad = file(f"a{mark}.txt", counted(1, 0, 0, 0), told.model_copy(update={"key": f"N{mark}"}))
    bad = bad.model_copy(update={"sector": mark, "layout": mark, "error": mark, "counts": {f"N{mark}": NONE_OF_TWO}})
    result = evaluated(bad, system=System(name=mark, version=mark, profile=mark), by={"sector": {mark: {}}})
    other = evaluated(file(f"b{mark}.txt", counted(1, 1, 1, 1)))
    both = compare(result, other)
    text = page(result, both, texts, "en") if form == "html" else render(result, both, View(form), "en")
    assert "\x1b" not in text and "\u202e" not in text and "U+202E" in text


class Parsed(HTMLParser):
    """The elements of a page; every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.marked: list[str] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        (self.marked if "mark" in self.open else self.texts).append(data)


def test_the_page_marks_quotes_in_their_texts_and_escapes_them() -> None:
    text = page(NEW, BOTH, texts, "zh")
    parsed = Parsed(text)
    assert {"新办借书证1260张", "1206 张", "其中少儿证900张"} <= set(parsed.marked)
    assert any(piece.startswith("图书馆全年开放。") for piece in parsed.texts)
    assert any(HOSTILE in piece for piece in parsed.texts) and parsed.tags.count("script") == 1
    assert "b" not in parsed.tags and "&lt;b&gt;" in text
    assert 'class="lead no-difference"' in text and "已发现 → 漏报" in text


def test_the_page_needs_nothing_but_itself() -> None:
    text = page(NEW, None, texts, "en")
    parsed = Parsed(text)
    assert not set(parsed.tags) & {"link", "img", "iframe", "object", "embed", "form", "base", "image"}
    assert not re.search(r"https?:|@import|url\(|src=", text)
    assert not any(name.startswith("on") or name == "style" for name, _ in parsed.attributes)
    assert '<html lang="en">' in text and "What was missed, and what is wrong" in text


def test_a_quote_without_its_text_stands_alone() -> None:
    text = page(NEW, BOTH, lambda name: None, "zh")
    assert not Parsed(text).marked and "新办借书证1 260张" in text and "原文中未找到" in text
    quotes = Quote(field="funds", row="年度资金", quote="80"), Quote(field="goal", quote="90")
    cells = passages(quotes, {"goal": "80"})
    assert [one.known for one in cells] == [True, False]  # no text of the funds is given; the goal does not say 90


def test_quotes_are_found_white_space_and_width_aside() -> None:
    text = "开放 30\n0天，接待１２００人次"
    assert locate(text, "300 天") == (3, 8) and text[3:8] == "30\n0天"
    span = locate(text, "接待1200人次")
    assert span is not None and text[slice(*span)] == "接待１２００人次"
    assert locate("1995年办证95张", "95") == (7, 9) and locate("1995年", "95") is None
    assert locate(text, "301天") is None and locate(text, " ") is None


def test_quotes_of_one_text_are_marked_together_and_far_text_is_left_out() -> None:
    long = "闸" * 500
    found = passages([Quote(quote="检修2座"), Quote(quote="巡查9次")], {"narrative": f"{long}检修2座{long}巡查9次"})
    (one,) = found
    assert [text for text, marked in one.pieces if marked] == ["检修2座", "巡查9次"] and one.place.field == "narrative"
    assert sum(len(text) for text, _ in one.pieces) < 500
    cell = passages([Quote(row="新办借书证", quote="1206张")], texts("library.txt"))
    assert cell[0].place == Quote(field="actual", row="新办借书证", quote="1206张")


def test_json_holds_the_comparison_and_is_a_result_again(tmp_path: Path) -> None:
    text = to_json(NEW, BOTH)
    document = json.loads(text)
    assert document["comparison"]["lost"][0]["quotes"][0]["quote"] == CARDS[0].quote
    assert document["comparison"]["figures"]["findings"]["intervals"]["f1"] == [-0.1333, 0.3333]
    saved = tmp_path / "saved.json"
    saved.write_text(text, "utf-8")
    again = read_result(saved)
    assert again == NEW and to_json(again, compare(again, OLD)) == text
    assert "comparison" not in json.loads(to_json(NEW))


def systems() -> list[Result]:
    return [OLD, NEW.model_copy(update={"false_alarms": 0.25})]


def test_systems_side_by_side() -> None:
    text = beside(systems(), MARKDOWN, "zh")
    assert "| before | 0.750 | 0.750 | 0.750 | — | — | — | — | — | — | — |" in text
    assert "| now | 1.000 | 0.750 | 0.857 | — | — | 0.25 | 1,234 | 64,000 | 12.5 | 0.75 元 |" in text
    assert "now：有 2 个问题记录里没有" in text and "不能直接比较" not in text
    assert "cannot be compared" in beside([OLD, evaluated(OLD.filings[0])], MARKDOWN, "en")


@pytest.mark.parametrize("width", [100, 60, 30])
def test_systems_side_by_side_on_any_screen(width: int) -> None:
    text = beside(systems(), View("terminal", width), "en")
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert all(told in text for told in ("before", "now", "0.857", "64,000", "12.5"))


def test_systems_of_one_name_are_told_apart() -> None:
    text = beside([NEW, NEW, OLD], MARKDOWN, "en")
    assert "| now (0.2, national) \\#1 |" in text or "| now (0.2, national) #1 |" in text
    assert "#2 |" in text and "| before |" in text
