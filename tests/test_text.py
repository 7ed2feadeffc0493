"""Text as compared: blanks dropped, width folded, every place mapped back to the original."""

from hypothesis import given
from hypothesis import strategies as st

from narrcheck.text import Text, clause, clauses, squeeze

PRINTABLE = st.text(alphabet="全年开展 \u3000\n\t１2３a，。()（）% \u200b", max_size=40)


@given(PRINTABLE)
def test_every_flat_character_comes_from_its_place(raw: str) -> None:
    text = Text(raw)
    for at, character in enumerate(text.flat):
        assert squeeze(text.quote(at, at + 1)) in (character, "")


@given(PRINTABLE)
def test_the_quote_of_everything_holds_everything_said(raw: str) -> None:
    text = Text(raw)
    assert squeeze(text.quote(0, len(text.flat))) == squeeze(text.flat)


def test_blanks_vanish_in_chinese_and_stay_between_words() -> None:
    assert Text("修复 路灯 57 盏").flat == "修复路灯57盏"
    assert Text("参与 WIPO GREEN 年会").flat == "参与WIPO GREEN年会"
    assert Text("２０２４ 年度").flat == "2024年度"


def test_invisible_marks_separate_nothing() -> None:
    assert Text("出车1\u200b36次").flat == "出车136次"
    assert Text("WI\u00adPO").flat == "WIPO"
    assert Text("12 \u200b34").flat == "12 34"
    text = Text("出车1\u200b36次")
    assert text.quote(2, 5) == "1\u200b36"


def test_a_blank_between_groups_of_three_is_dropped() -> None:
    assert Text("服务1 000人").flat == "服务1000人"
    assert Text("1 200 000元").flat == "1200000元"
    assert Text("2024 100家").flat == "2024 100家"
    assert Text("第5 120人，Q1 200家").flat == "第5 120人,Q1 200家"


def test_a_quote_is_verbatim_where_lines_break() -> None:
    text = Text("共培训 1\n 203人")
    start = text.flat.index("1 203人") if "1 203人" in text.flat else text.flat.index("203人")
    assert text.quote(start, len(text.flat)).endswith("203人")


def test_clauses_end_at_punctuation_and_have_a_reach() -> None:
    text = "开展巡查132次，发现问题57起。"
    start, end = clause(text, 4, 8)
    assert text[start:end] == "开展巡查132次"
    assert clauses(text) == ["开展巡查132次", "发现问题57起"]
    long = "甲" * 500 + "12次" + "乙" * 500
    first, last = clause(long, 500, 503)
    assert (first, last) == (440, 533)
