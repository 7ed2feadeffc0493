"""Texts cut where claims and evidence begin and end, whatever they say about where that is."""

from dataclasses import replace

import pytest

from narrcheck.filing import Evidence, Finding
from narrcheck.reports.html import bounds
from narrcheck.reports.html.marks import Finder, Segment, Span, inside, segments, windows
from narrcheck.reports.html.placed import placed
from report_samples import CLAIM, ERROR, FULL, NARRATIVE


def told(text: str, *spans: Span) -> list[tuple[str, str, tuple[int, ...]]]:
    """Text, claim and findings of each segment."""
    return [(one.text, one.claim, one.findings) for one in segments(text, spans)]


def test_a_text_without_marks_is_one_piece() -> None:
    assert told("开展巡查") == [("开展巡查", "", ())]
    assert told("") == []


def test_what_overlaps_is_cut_where_something_begins_or_ends() -> None:
    spans = (Span(0, 6, row=3), Span(4, 9), Span(2, 5, finding=1), Span(2, 9, finding=2))
    assert told("0123456789", *spans) == [
        ("01", "linked", ()),
        ("23", "linked", (1, 2)),
        ("4", "linked", (1, 2)),
        ("5", "linked", (2,)),
        ("678", "unlinked", (2,)),
        ("9", "", ()),
    ]


def test_the_pieces_together_are_the_text() -> None:
    text = "一二𠀀四五六七八九十"
    spans = [Span(at, min(at + size, 10), finding=at) for at in range(10) for size in (1, 4, 9)]
    assert "".join(one.text for one in segments(text, spans)) == text


def test_each_piece_of_evidence_begins_once_also_where_it_is_empty_or_at_the_end() -> None:
    spans = [Span(1, 3, finding=1), Span(1, 3, finding=1, piece=1), Span(2, 2, finding=2), Span(4, 4, finding=3)]
    opens = [place for one in segments("甲乙丙丁", spans) for place in one.opens]
    assert opens == [(1, 0), (1, 1), (2, 0), (3, 0)]
    assert list(segments("", [Span(0, 0, finding=1)])) == [Segment("", opens=((1, 0),))]


def test_two_claims_at_one_place_are_one_mark_with_both_rows() -> None:
    (one,) = segments("巡查", [Span(0, 2, row=1), Span(0, 2, row=4), Span(0, 2, row=1)])
    assert (one.claim, one.rows) == ("linked", (1, 4))


def test_a_long_text_is_shown_around_its_evidence() -> None:
    text = "一" * 5_000 + "巡查132次" + "二" * 5_000
    shown = windows(len(text), [(5_000, 5_006)], 2_000, 300)
    spans = [Span(5_000, 5_006, finding=1), Span(100, 110), Span(9_000, 9_010)]
    chosen = [span for span in spans if inside(span, shown)]
    assert chosen == spans[:2]
    pieces = list(segments(text, chosen, shown))
    assert "巡查132次" in [one.text for one in pieces]
    assert sum(one.left for one in pieces) + sum(len(one.text) for one in pieces) == len(text)
    assert sum(len(one.text) for one in pieces) < 2_000
    assert [bool(one.left) for one in pieces][-1]


def test_evidence_everywhere_does_not_make_a_long_text_whole() -> None:
    everywhere = [(at, at + 10) for at in range(0, 1_000_000, 100)]
    shown = windows(1_000_000, everywhere, bounds.TEXT, bounds.BEGINNING)
    assert sum(end - start for start, end in shown) <= bounds.TEXT


@pytest.mark.parametrize(("start", "end"), [(15, 21), (0, 6), (-3, 3), (400, 406), (21, 15)])
def test_a_quote_is_found_whatever_its_offsets_say(start: int, end: int) -> None:
    at = NARRATIVE.index("巡查132次")
    assert Finder().find(NARRATIVE, "巡查132次", start, end) == (at, at + 6)


def test_a_quote_that_is_not_in_the_text_is_found_nowhere_and_costs_little() -> None:
    finder = Finder(budget=10)
    assert finder.find(NARRATIVE, "没有这句", 0, 4) is None
    assert finder.find(NARRATIVE, "拆除违建", 0, 4) is None, "the budget is used up"


def anchored(piece: Evidence) -> str:
    """The text that the evidence of a finding is anchored to."""
    finding = Finding("0" * 12, "N01", "name", ERROR.severity, "m", "s", (piece,))
    form = placed(replace(FULL, claims=()), [finding])
    key, (start, end) = form.anchors[1, 0]
    return form.texts[key][start:end]


def test_evidence_with_a_foreign_quote_marks_its_whole_field() -> None:
    assert anchored(replace(ERROR.evidence[0], quote="没有这句")) == NARRATIVE
    assert anchored(Evidence("total", "九十六", 0, 3, column="score")) == "96.00"


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        (Evidence("goal", "120次", 5, 9), "120次"),
        (Evidence("funds", "900.00", 0, 6, 0, "年度资金总额", column="executed"), "900.00"),
        (Evidence("total", "100.00", 0, 6, column="weight"), "100.00"),
        (Evidence("grade", "优", 0, 1), "优"),
        (Evidence("header", "管理所", 0, 3), "管理所"),
        (Evidence("note", "河段", 0, 2, 1, "水环境面貌|改善"), "河段"),
        (Evidence("name", "巡查", 2, 4, 0, "日常巡查次数"), "巡查"),
    ],
)
def test_every_kind_of_evidence_has_its_place(piece: Evidence, text: str) -> None:
    assert anchored(piece) == text


def test_evidence_of_a_row_that_is_not_there_has_no_place() -> None:
    gone = replace(ERROR, evidence=(replace(ERROR.evidence[1], row=7),))
    assert placed(FULL, [gone]).anchors == {}


def test_a_claim_whose_quote_is_gone_is_counted_and_not_marked() -> None:
    form = placed(replace(FULL, claims=(CLAIM, replace(CLAIM, quote="没有这句"))), [])
    assert form.unmarked == 1
    assert [one.text for one in form.segments(("narrative", None, "")) if one.claim] == ["巡查132次"]
