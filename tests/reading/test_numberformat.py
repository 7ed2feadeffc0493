"""Stored numbers and their formats: the text Excel shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrcheck.reading.numberformat import code_of, shown

DAY = 45657
"""31 December 2024, a Tuesday."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1500, "1500"),
        (0, "0"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (-2.5, "-2.5"),
        (1 / 3, "0.333333333"),
        (123456789.123, "123456789.1"),
        (12345678901, "12345678901"),
        (123456789012, "1.23457E+11"),
        (99999999999.9, "1E+11"),
        (0.00001234, "0.00001234"),
        (0.000012345678, "1.23457E-05"),
    ],
)
def test_general(value: float, text: str) -> None:
    assert shown(value, "General") == text
    assert shown(value, "") == shown(value, "@") == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.98, "0.00%", "98.00%"),
        (0.045, "0.0%", "4.5%"),
        (1, "0%", "100%"),
        (1500, "#,##0.00", "1,500.00"),
        (1234567.891, "#,##0", "1,234,568"),
        (12, "#,##0", "12"),
        (0, "#,##0.00", "0.00"),
        (0, "#", ""),
        (7, "000", "007"),
        (3.25, "0.0??", "3.25"),
        (3.5, "0.0#", "3.5"),
        (0.5, ".00", ".50"),
        (12345, "00-00-00", "01-23-45"),
        (1e20, "0", "100000000000000000000"),
    ],
)
def test_places_thousands_and_percent(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1.005, "0.00", "1.01"),
        (2.675, "0.00", "2.68"),
        (-0.125, "0.00", "-0.13"),
        (0.285 * 100, "0", "29"),
        (0.98765, "0.00%", "98.77%"),
        (99.995, "0.00", "100.00"),
        (2.5, "0", "3"),
    ],
)
def test_half_is_rounded_away_from_zero_on_the_digits_one_sees(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (5, '0"次"', "5次"),
        (5, "0次", "5次"),
        (3, 'General"人"', "3人"),
        (3, 'G/通用格式"人"', "3人"),
        (12, '"第"0"名"', "第12名"),
        (5, "0\\%", "5%"),
        (-5, '"¥"#,##0', "-¥5"),
        (5, "[$¥-804]#,##0.00", "¥5.00"),
        (5, "[$-zh-CN]0", "5"),
        (1500, "0.00_ ", "1500.00"),
        (1500, "* #,##0.00_)", "1,500.00"),
        (123456, '0.0,"千元"', "123.5千元"),
        (12345678, "0.0,,", "12.3"),
        (123456, '0!.0,"万元"', "12.3万元"),
        (123456, '0\\.0,"万元"', "12.3万元"),
    ],
)
def test_words_and_signs_around_the_number(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (-3, "0;(0)", "(3)"),
        (-3, "#,##0.00;[Red]-#,##0.00", "-3.00"),
        (-3, "[红色]0.0", "-3.0"),
        (0, '0.0;-0.0;"—"', "—"),
        (4, '0.0;-0.0;"—"', "4.0"),
        (0, "0;-0;;@", ""),
        (7, ";;;", ""),
        (7, "0;@", "7"),
        (12, "[>=10]0;0.0", "12"),
        (5, "[>=10]0;0.0", "5.0"),
        (100, '[=100]"满分";[<60]"不及格";0', "满分"),
        (59, '[=100]"满分";[<60]"不及格";0', "不及格"),
        (75, '[=100]"满分";[<60]"不及格";0', "75"),
        (-0.5, '[<0]"超支"0%;0%', "超支50%"),
        (5, "[>10]0", "5"),
    ],
)
def test_sections(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "number", "text"),
    [
        (1500, 43, "1,500.00"),
        (-1500.5, 43, "-1,500.50"),
        (0, 43, "-"),
        (1500, 41, "1,500"),
        (1500, 44, "¥1,500.00"),
        (-1500, 7, "¥-1,500.00"),
        (-1500, 37, "-1,500"),
        (0.5, 9, "50%"),
        (12345, 11, "1.23E+04"),
        (0.00012, 11, "1.20E-04"),
        (9999, 11, "1.00E+04"),
        (12345, 48, "12.3E+3"),
        (1.5, 12, "1 1/2"),
        (2, 12, "2"),
        (0.37, 13, "27/73"),
        (12, 999, "12"),
    ],
)
def test_formats_a_file_names_by_number_alone(value: float, number: int, text: str) -> None:
    assert shown(value, code_of(number, {})) == text


def test_codes_a_file_declares() -> None:
    declared = {176: '0.00"亩"', 43: "0.000", 14: "m/d/yy"}
    assert code_of(176, declared) == '0.00"亩"'
    assert code_of(43, declared) == "0.000"
    assert code_of(14, declared) == "yyyy/m/d"  # a date as the system writes dates


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (DAY, 'yyyy"年"m"月"d"日"', "2024年12月31日"),
        (DAY, 'yyyy"年"m"月"d"日";@', "2024年12月31日"),
        (DAY, '[DBNum1][$-804]yyyy"年"m"月"d"日"', "2024年12月31日"),
        (DAY, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年12月31日"),
        (DAY, "YYYY-MM-DD", "2024-12-31"),
        (DAY, "yy.m.d", "24.12.31"),
        (DAY, "e/m/d", "2024/12/31"),
        (DAY, "d-mmm-yy", "31-Dec-24"),
        (DAY, "mmmm d, yyyy", "December 31, 2024"),
        (DAY, "[$-804]mmmm", "十二月"),
        (DAY, "aaaa", "星期二"),
        (DAY, '"周"aaa', "周二"),
        (DAY, "[$-804]ddd", "周二"),
        (DAY, "dddd", "Tuesday"),
        (DAY + 0.75, "yyyy/m/d h:mm", "2024/12/31 18:00"),
        (DAY + 0.75, 'h"时"mm"分"ss"秒"', "18时00分00秒"),
        (DAY + 0.75, 'yyyy"年"m"月"d"日"上午/下午h"时"', "2024年12月31日下午6时"),
        (0.5, "h:mm AM/PM", "12:00 PM"),
        (0, "h:mm A/P", "12:00 A"),
        (1.26, "[h]:mm:ss", "30:14:24"),
        (0.01, "[mm]:ss", "14:24"),
        (1.5 / 86400, "mm:ss.0", "00:01.5"),
        (DAY + 0.999999999, "h:mm", "0:00"),
        (1, "yyyy/m/d", "1900/1/1"),
        (59, "yyyy/m/d", "1900/2/28"),
        (60, "yyyy/m/d", "1900/2/29"),
        (61, "yyyy/m/d", "1900/3/1"),
        (-1, "yyyy/m/d", "-1"),
        (3000000, "yyyy/m/d", "3000000"),
    ],
)
def test_dates_and_times(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((14,), "2024/12/31"),
        ((31,), "2024年12月31日"),
        ((27, 36, 50, 52, 57), "2024年12月"),
        ((28, 29, 51, 53, 54, 58), "12月31日"),
        ((30,), "12-31-24"),
        ((22,), "2024/12/31 18:30"),
        ((32,), "18时30分"),
        ((33,), "18时30分00秒"),
        ((34, 55), "下午6时30分"),
        ((35, 56), "下午6时30分00秒"),
    ],
)
def test_chinese_dates_a_file_names_by_number_alone(numbers: tuple[int, ...], text: str) -> None:
    assert [shown(DAY + 18.5 / 24, code_of(number, {})) for number in numbers] == [text] * len(numbers)


def test_days_counted_from_1904() -> None:
    assert shown(DAY - 1462, "yyyy-m-d", date1904=True) == "2024-12-31"
    assert shown(0, "yyyy-m-d", date1904=True) == "1904-1-1"


@pytest.mark.parametrize("code", ["0 kg", "qq", "# ?/?/?", "0" * 2000, "0;0;0;0;0;0"])
def test_codes_not_understood_count_as_general(code: str) -> None:
    assert shown(12.5, code) == "12.5"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_two_places_are_printed_as_they_are(number: object) -> None:
    assert shown(float(str(number)), "0.00").replace("-0.00", "0.00") == str(number).replace("-0.00", "0.00")


@given(st.floats(allow_nan=True), st.text('0#?.,%;"\\_*[]<>=@EyYmdhsaAPM/年-+$804 ', max_size=14))
def test_any_code_shows_any_number(value: float, code: str) -> None:
    text = shown(value, code)
    assert text == text.strip()
