"""Cells of the form: numbers, targets, actuals, verdicts; and how a stated value compares with them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrcheck.filing import Target
from narrcheck.quantity.cells import read_actual, read_number, read_target, unit_in_name
from narrcheck.quantity.compare import Agreement, compare, falls_short, same_to_rounding, share
from narrcheck.quantity.units import comparable, conflicting, in_base, is_money, is_percent, is_unit

TARGETS = [
    ("≥30.00(个)", "≥ 30.00 个"),
    ("＝100.00（％）", "= 100.00 %"),
    ("不少于2500人", "≥ 2500 人"),
    ("不低于95%", "≥ 95 %"),
    ("至少3次", "≥ 3 次"),
    ("大于等于90%", "≥ 90 %"),
    ("大于90%", "> 90 %"),
    (">=60 人", "≥ 60 人"),
    ("≧60人", "≥ 60 人"),
    ("不超过5%", "≤ 5 %"),
    ("≤1‰", "≤ 1 ‰"),
    ("小于2秒", "< 2 秒"),
    ("控制在5%以内", "≤ 5 %"),
    ("30家以上", "≥ 30 家"),
    ("95%及以上", "≥ 95 %"),
    ("10个工作日内", "≤ 10 个工作日"),
    ("10个工作日以内", "≤ 10 个工作日"),
    ("8条。", "- 8 条"),
    ("0.63万元/套", "- 0.63 万元/套"),
    ("1.6万批次", "- 1.6 万批次"),
    ("1,200人", "- 1200 人"),
    ("20-30家", "- 20~30 家"),
    ("3～4次", "- 3~4 次"),
    ("20家-30家", "- 20~30 家"),
    ("五期", "- 5 期"),
    ("两万余人次", "≥ 2 万人次"),
    ("3千人", "- 3000 人"),
    ("5千米", "- 5 千米"),
    ("30.00(标准舱)", "- 30.00 标准舱"),
    ("8宗次", "- 8 宗次"),
    ("=0", "= 0 -"),
    ("≤12个月", "≤ 12 个月"),
]
WORDS = [
    "",
    "—",
    "提升",
    "2个月以内拨付",
    "6月18日完成",
    "12月底前完成",
    "2024年",
    "12月",
    "每个网点每年3篇",
    "与7个系统共享",
    "讲座：6次，签约：2项",
    "提交2份方案",
    "满意度达92%",
    "约30个",
    "5个项目",
    "一次性",
]


@pytest.mark.parametrize(("raw", "expected"), TARGETS)
def test_targets(raw: str, expected: str) -> None:
    target = read_target(raw, "巡查")
    upper = "" if target.upper is None else f"~{target.upper}"
    assert f"{target.comparator or '-'} {target.value}{upper} {target.unit or '-'}" == expected
    assert target.raw == raw


@pytest.mark.parametrize("raw", WORDS)
def test_words_are_no_quantity(raw: str) -> None:
    assert read_target(raw, "巡查") == Target(raw)
    assert read_actual(raw, "巡查").value is None


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("达成指标", "met"),
        ("达成年度指标", "met"),
        ("100%完成", "met"),
        ("已完成。", "met"),
        ("合 格", "met"),
        ("部分达成年度指标并具有一定效果", "partly_met"),
        ("未达成年度指标且效果较差", "not_met"),
        ("按时报送", None),
        ("圆满完成", None),
        ("95%", None),
        ("部分达成，完成3场", None),
        ("完成了验收工作", None),
    ],
)
def test_verdicts(raw: str, status: str | None) -> None:
    assert read_actual(raw, "巡查").status == status


def test_an_actual_has_no_comparator() -> None:
    assert read_actual("大于90%", "合格率").value is None
    assert read_actual("35家以上", "企业").value is None
    assert read_actual("36.00(次)", "巡查").value == 36


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("检查次数（次）", "次"),
        ("合格率(%)", "%"),
        ("培训（单位：人次）", "人次"),
        ("数据量（企业主体）", None),
        ("检查", None),
    ],
)
def test_the_unit_of_a_bare_number_stands_in_the_name(name: str, unit: str | None) -> None:
    assert unit_in_name(name) == unit
    assert read_target("≥5", name).unit == unit
    assert read_actual("5", name).unit == unit


@pytest.mark.parametrize(
    ("raw", "value", "malformed"),
    [
        ("10.00", "10.00", False),
        ("512,806", "512806", False),
        ("98.50%", "98.50", False),
        ("-5", "-5", False),
        (".00", "0.00", False),
        ("—", None, False),
        ("", None, False),
        ("十分", None, True),
        ("10/20", None, True),
    ],
)
def test_numbers(raw: str, value: str | None, malformed: bool) -> None:
    number = read_number(raw)
    assert (None if number.value is None else str(number.value)) == value
    assert number.malformed is malformed


def test_units() -> None:
    assert is_unit("万人次") and is_unit("元/平方米") and is_unit("台(套)") and not is_unit("企业主体")
    assert is_percent("‰") and is_money("亿元") and not is_money("个")
    assert (
        comparable("场次", "次") and comparable("家", "个") and comparable("人", "万人次") and comparable("公里", "米")
    )
    assert not comparable("次", "%") and not comparable("户", "亩")
    assert conflicting("户", "亩") and conflicting("次", "%") and conflicting("场", "万人次")
    assert not conflicting("家", "项") and not conflicting("家", "户") and not conflicting("没有的词", "次")
    assert in_base(Decimal("1.5"), "公里") == in_base(Decimal(1500), "米")
    assert in_base(Decimal(2), "小时") == in_base(Decimal(120), "分钟") == in_base(Decimal(7200), "秒")
    assert in_base(Decimal(15), "亩") == in_base(Decimal(1), "公顷") == in_base(Decimal(10000), "平方米")
    assert in_base(Decimal(2), "万人次") == 20000


@pytest.mark.parametrize(
    ("modifier", "value", "unit", "table", "table_unit", "expected"),
    [
        ("exact", "145", "次", "130.00", "次", Agreement.DIFFERS),
        ("exact", "145", "场次", "145.00", "次", Agreement.EQUAL),
        ("exact", "58.37", "亿元", "58.00", "亿元", Agreement.ROUNDED),
        ("exact", "98.27", "%", "98.00", "%", Agreement.ROUNDED),
        ("exact", "99.6", "%", "100", "%", Agreement.ROUNDED),
        ("exact", "3.1", "万册", "31480", "册", Agreement.ROUNDED),
        ("exact", "28.4", "万人次", "284000", "人次", Agreement.EQUAL),
        ("at_least", "600", "套", "640", "套", Agreement.ADMITTED),
        ("at_least", "600", "套", "599", "套", Agreement.DIFFERS),
        ("at_most", "15", "分钟", "12", "分钟", Agreement.ADMITTED),
        ("about", "12", "万人次", "110000", "人次", Agreement.ADMITTED),
        ("about", "12", "万人次", "15", "万人次", Agreement.DIFFERS),
        ("exact", "12", "万人次", "15", "场", Agreement.INCOMPARABLE),
        ("exact", "5", "‰", "0.5", "%", Agreement.EQUAL),
    ],
)
def test_comparing(modifier: str, value: str, unit: str, table: str, table_unit: str, expected: Agreement) -> None:
    assert compare(modifier, Decimal(value), None, unit, Decimal(table), table_unit) is expected  # type: ignore[arg-type]


def test_a_range_admits_what_lies_in_it() -> None:
    assert compare("range", Decimal(3), Decimal(4), "次", Decimal("4.00"), "场") is Agreement.ADMITTED
    assert compare("range", Decimal(3), Decimal(4), "次", Decimal(5), "场") is Agreement.DIFFERS


@given(
    st.decimals(0, 10**9, places=6, allow_nan=False),
    st.integers(0, 5),
    st.sampled_from(["ROUND_HALF_UP", "ROUND_DOWN"]),
)
def test_a_rounded_value_always_agrees(value: Decimal, places: int, rounding: str) -> None:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    # Zeros that end a fraction count as added by the form's system, so such a value says less than it shows.
    if rounded == rounded.quantize(Decimal(1).scaleb(-max(0, places - 1))) and places:
        return
    assert same_to_rounding(value, "元", rounded, "元") and same_to_rounding(rounded, "元", value, "元")


@pytest.mark.parametrize(
    ("target", "value", "short", "reached"),
    [
        ("≥30(个)", "29", True, "0.9667"),
        ("≥30(个)", "30", False, "1"),
        ("30家", "31", False, "1.0333"),
        (">90%", "90", True, "1"),
        ("≤12分钟", "15", True, "0.8"),
        ("≤12分钟", "10", False, "1.2"),
        ("=0起", "1", True, "0"),
        ("=0起", "0", False, "1"),
        ("20-30家", "19", True, "0.95"),
        ("20-30家", "40", False, "2"),
    ],
)
def test_targets_missed_and_met(target: str, value: str, short: bool, reached: str) -> None:
    read = read_target(target, "x")
    unit = read.unit or ""
    assert falls_short(read, Decimal(value), unit) is short
    part = share(read, Decimal(value), unit)
    assert part is not None and round(part, 4) == Decimal(reached)


def test_words_and_strange_units_cannot_be_judged() -> None:
    assert falls_short(read_target("提升", "x"), Decimal(1), "个") is None
    assert falls_short(read_target("≥3(次)", "x"), Decimal(50), "%") is None
    assert share(read_target("≥3(次)", "x"), Decimal(50), "%") is None
