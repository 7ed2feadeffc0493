"""Reports made by hand: every part that a report can have, and what is awkward to print."""

from dataclasses import replace
from decimal import Decimal

from narrcheck.filing import (
    Actual,
    Checked,
    Claim,
    Coverage,
    Doubt,
    Evidence,
    Filing,
    Finding,
    FundsRow,
    Indicator,
    Number,
    Problem,
    Report,
    RuleFailure,
    Severity,
    Skipped,
    Source,
    Target,
    Waiver,
)


def number(raw: str) -> Number:
    """A number cell as printed."""
    digits = raw.replace(",", "").rstrip("%")
    return Number(raw, Decimal(digits) if digits.replace(".", "").isdigit() else None)


NARRATIVE = "2024年清淤河道 18.5公里，巡查132次，\n拆除违建3处。"
ROWS = (
    Indicator(
        0,
        "产出指标",
        "数量指标",
        "日常巡查次数",
        Target("≥120.00(次)", "≥", Decimal("120.00"), None, "次"),
        Actual("120.00(次)", Decimal("120.00"), None, "次"),
        number("10.00"),
        number("10.00"),
    ),
    Indicator(
        1,
        "效益指标",
        "社会效益指标",
        "水环境面貌|改善",
        Target("提升"),
        Actual("达成指标", status="met"),
        number("20.00"),
        Number("十八", None),
        "<b>部分</b>河段*反复*。",
    ),
)
FUNDS = (
    FundsRow(
        "年度资金总额",
        number("1,200.00"),
        number("1200.00"),
        number("900.00"),
        number("10.00"),
        number("85.00%"),
        number("8.50"),
    ),
)
FILING = Filing(
    Source("河道.txt", 1, "0" * 64),
    layout="tabular-text",
    year=2024,
    project="河道日常管护",
    department="水务局",
    unit="河道管理所",
    money_unit="万元",
    goal="巡查不少于120次。",
    narrative=NARRATIVE,
    funds=FUNDS,
    indicators=ROWS,
    total_weight=number("100.00"),
    total_score=number("96.00"),
    grade="优",
    doubts=(Doubt("score", "十八", "这一格不是数字", 1),),
)
CLAIM = Claim(
    "narrative",
    None,
    "巡查132次",
    15,
    21,
    Decimal(132),
    None,
    "次",
    "exact",
    "巡查",
    17,
    21,
    row=0,
    why="单位相同；共有“巡查”",
)
LOOSE = Claim("narrative", None, "清淤河道 18.5公里", 5, 16, Decimal("18.5"), None, "公里", "about", "清淤河道", 10, 16)
ERROR = Finding(
    "0a1b2c3d4e5f",
    "N01",
    "value-contradiction",
    Severity.ERROR,
    "实际完成情况所述 132次 与指标“日常巡查次数”的实际完成值 120.00(次) 不符",
    "核实实际次数后更正文字或表格",
    (
        Evidence("narrative", "巡查132次", 15, 21, value="132", unit="次"),
        Evidence("actual", "120.00(次)", 0, 9, 0, "日常巡查次数", "120.00", "次"),
    ),
)
WARNING = Finding(
    "112233445566",
    "R04",
    "malformed-value",
    Severity.WARNING,
    "得分“十八”不是数字",
    "按表格要求填写数字",
    (Evidence("score", "十八", 0, 2, 1, "水环境面貌|改善"),),
)
INFO = Finding(
    "665544332211",
    "F01",
    "execution-rate-mismatch",
    Severity.INFO,
    "执行率 85.00% 与全年执行数/全年预算数 75.00% 不符",
    "重算执行率",
    (
        Evidence("funds", "85.00%", 0, 6, 0, "年度资金总额", "85.00", "%", "rate"),
        Evidence("funds", "900.00", 0, 6, 0, "年度资金总额", "900.00", "万元", "executed"),
        Evidence("funds", "1200.00", 0, 7, 0, "年度资金总额", "1200.00", "万元", "adjusted"),
    ),
)
WAIVER = Waiver("李审核", "已电话核实", id="665544332211", until="2026-12-31")
FULL = Checked(
    FILING,
    (LOOSE, CLAIM),
    (INFO, WARNING, ERROR),
    Coverage(4, 2, 1, 1, 1),
    ((INFO, WAIVER),),
    (RuleFailure("S10", "ZeroDivisionError: division by zero (spending:12)"),),
)
UNUSED = Waiver("王审核", "上年已说明", rule="S05", project="河道日常管护", row="水环境面貌")
REPORT = Report(
    "0.1.0",
    "offline",
    "national",
    (FULL,),
    (Skipped("照片.jpg", "照片.jpg 不是文字"),),
    (Problem("空.txt", "empty-file", "空.txt 是空文件"),),
    (UNUSED,),
)


def silent(filing: Filing, checked: int) -> Report:
    """A report of one filing without findings, of which `checked` claims were compared."""
    result = Checked(filing, (), (), Coverage(checked, checked, checked, checked))
    return replace(REPORT, filings=(result,), skipped=(), errors=(), unused_waivers=())
