"""Quantities in running text: the table of ways to write them, and properties that hold for all of them."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from narrcheck.data import load
from narrcheck.quantity.numerals import read_arabic, read_chinese
from narrcheck.quantity.scan import Quantity, scan
from narrcheck.text import Text, fold

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "quantities.yaml").read_text(encoding="utf-8"))
DIGITS = "零一二三四五六七八九"


def quantities(text: str) -> list[Quantity]:
    return [q for q in scan(Text(text).flat) if not q.reason]


def shown(quantity: Quantity) -> str:
    upper = "" if quantity.upper is None else f"~{quantity.upper}"
    return f"{quantity.value}{upper} {quantity.unit} {quantity.modifier}"


def spelled(number: int) -> str:
    """A whole number below 100,000,000 in Chinese numerals."""
    if number >= 10_000:
        rest = number % 10_000
        tail = ("零" if rest < 1000 else "") + spelled(rest) if rest else ""
        return spelled(number // 10_000) + "万" + tail
    written, zero = "", False
    for power, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            written += ("零" if zero else "") + DIGITS[digit] + mark
        zero = bool(written) and not digit
    return written


@pytest.mark.parametrize(("text", "expected"), CASES["claims"], ids=[case[0] for case in CASES["claims"]])
def test_ways_to_write(text: str, expected: list[str]) -> None:
    assert [shown(q) for q in quantities(text)] == expected


@pytest.mark.parametrize("text", CASES["nothing"])
def test_what_is_no_quantity(text: str) -> None:
    assert [shown(q) for q in quantities(text)] == []


def test_a_rejected_number_keeps_its_reason() -> None:
    reasons = {str(q.value): q.reason for q in scan("2024年印发《方案（5条）》，第3批G318线")}
    assert reasons == {"2024": "year", "5": "title", "3": "ordinal", "318": "code"}


@given(st.integers(1, 99_999_999))
def test_reading_a_numeral_inverts_writing_it(number: int) -> None:
    read = read_chinese(spelled(number))
    assert read is not None
    value, scale = read
    assert value * (10_000 if scale else 1) == number


@given(st.integers(0, 10**12), st.integers(0, 4))
def test_reading_digits_inverts_writing_them(number: int, places: int) -> None:
    value = Decimal(number).scaleb(-places)
    assert read_arabic(f"{value:,f}") == value
    assert str(read_arabic(f"{value:f}")) == f"{value:f}"


@given(st.integers(11, 9999), st.sampled_from(["次", "家", "人次", "公里", "份"]))
def test_numerals_say_the_same_as_digits(number: int, unit: str) -> None:
    digits, numerals = quantities(f"全年共开展{number}{unit}"), quantities(f"全年共开展{spelled(number)}{unit}")
    assert [shown(q) for q in digits] == [shown(q) for q in numerals] == [f"{number} {unit} exact"]


@given(
    st.sampled_from([case[0] for case in CASES["claims"]]), st.integers(0, 40), st.sampled_from([" ", "\n", "\t", "　"])
)
def test_white_space_outside_numbers_changes_nothing(text: str, place: int, blank: str) -> None:
    at = min(place, len(text))
    beside = fold(text[max(at - 1, 0) : at + 1])
    if 0 < at < len(text) and beside.isascii():
        return
    spaced = text[:at] + blank + text[at:]
    assert [shown(q) for q in quantities(spaced)] == [shown(q) for q in quantities(text)]


@given(st.text(alphabet="0123456789.,一二两十百千万亿零余多%个家次年月日第“”《》（）()-至和、。每", max_size=60))
def test_any_text_is_scanned(text: str) -> None:
    flat = Text(text).flat
    end = 0
    for quantity in scan(flat):
        assert 0 <= quantity.start <= quantity.number < quantity.end <= len(flat)
        assert quantity.number >= end
        end = quantity.number


def test_long_numbers_and_control_characters() -> None:
    assert quantities("9" * 400 + "个")[0].value == Decimal("9" * 400)
    assert [shown(q) for q in quantities("完成\x00培训\u202e30\u202c次，\ud800开展\udc005场")] == [
        "30 次 exact",
        "5 场 exact",
    ]


VERBS = sorted(
    {
        *load("claims.toml")["light_verb"],
        *["完成", "建成", "形成", "组织", "开展", "举办", "新建", "培训", "走访", "达到", "达成"],
    }
)


@pytest.mark.parametrize("unit", ["场", "座", "次", "家", "人次", "公里", "%"])
def test_numerals_in_words_say_the_same_as_digits_after_any_verb(unit: str) -> None:
    for verb in VERBS:
        for number in (*range(10, 22), 100, 101, 110, 205):
            digits, words = f"{verb}{number}{unit}。", f"{verb}{spelled(number)}{unit}。"
            assert [shown(q) for q in quantities(words)] == [shown(q) for q in quantities(digits)], words
            assert quantities(words)[0].value == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("服务12,00人", "broken"),
        ("服务1,234,56人", "broken"),
        ("出车1百零5次", "broken"),
        ("出车36十次", "broken"),
        ("惠及1万5人", "broken"),
        ("服务00人", "broken"),
    ],
)
def test_a_number_that_cannot_be_read_whole_is_not_read_in_part(text: str, reason: str) -> None:
    assert quantities(text) == []
    assert reason in {q.reason for q in scan(text)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("出车1\u200b36次", "136 次 exact"),
        ("出车13\u00ad6次", "136 次 exact"),
        ("服务1 000人", "1000 人 exact"),
        ("投入1 200 000.5元", "1200000.5 元 exact"),
    ],
)
def test_a_number_with_a_blank_or_a_hidden_mark_inside(text: str, value: str) -> None:
    assert [shown(q) for q in quantities(text)] == [value]
