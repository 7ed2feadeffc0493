"""Reports made by hand: every part that a report can have, and what is awkward to print."""

from dataclasses import replace
from decimal import Decimal

from narrcheck.filing import (
    Actual,
    Checked,
    Claim,
    Coverage,
    Decided,
    Doubt,
    Evidence,
    FieldName,
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
from narrcheck.resubmitted import Change, FilingChange, Now, Resubmission


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


def _piece(field: FieldName, quote: str, row: int | None = None, name: str | None = None) -> Evidence:
    return Evidence(field, quote, 0, len(quote), row, name)


def _earlier(id: str, rule: str, message: str, *evidence: Evidence, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(id, rule, "earlier", severity, message, "核实后更正", evidence)


WAS = _earlier("aaaaaaaaaaa1", "N01", "实际完成情况所述 140次 与指标“日常巡查次数”的实际完成值不符", *ERROR.evidence)
RESOLVED = _earlier(
    "aaaaaaaaaaa2",
    "R04",
    "年度指标值空缺",
    _piece("target", "待定", 0, "日常巡查次数"),
    _piece("narrative", "年初已定指标"),
    _piece("note", "现已补齐", 1, "水环境面貌|改善"),
    severity=Severity.WARNING,
)
UNKNOWN = _earlier("aaaaaaaaaaa3", "N07", "指标值 3 处 与文字 5处 不符", _piece("actual", "3处", 4, "违建|拆除"))
DISMISSED = replace(WARNING, id="99aabbccddee")
NEW_ONE = replace(INFO, id="bbbbbbbbbbb1", rule="F02", severity=Severity.WARNING)
EARLIER = replace(FILING, source=Source("上次/河道.txt", 1, "1" * 64))
ABSENT = replace(
    FILING, source=Source("上次/操场.txt", 2, "2" * 64), project="第二中学操场翻新", narrative="翻新操场1处。"
)
CHANGES = FilingChange(
    0,
    EARLIER,
    (
        Change("new", None, NEW_ONE),
        Change("changed", WAS, ERROR, (Now(ERROR.evidence[0], "巡查132次"), Now(ERROR.evidence[1], "120.00(次)"))),
        Change("standing", WARNING, WARNING, (Now(WARNING.evidence[0], "十八"),), "此前不计入：李审核 豁免：待补"),
        Change("unknown", UNKNOWN, None, (Now(UNKNOWN.evidence[0], None),), "规则 N07 这次未能完成"),
        Change(
            "settled", INFO, INFO, tuple(Now(piece, piece.quote) for piece in INFO.evidence), "李审核 豁免：按口径不计"
        ),
        Change(
            "resolved",
            RESOLVED,
            None,
            (
                Now(RESOLVED.evidence[0], "≥120.00(次)"),
                Now(RESOLVED.evidence[1], None),
                Now(RESOLVED.evidence[2], ""),
            ),
        ),
    ),
)
COMPARED = replace(
    REPORT,
    filings=(
        replace(
            FULL,
            findings=(NEW_ONE, WARNING, ERROR),
            waived=((INFO, WAIVER), (replace(INFO, id="ccccccccccc1"), WAIVER)),
            dismissed=((DISMISSED, Decided("dismissed", "顾青", "已核对原件")),),
            confirmed={ERROR.id: Decided("confirmed", "顾青", "现场看过", "2025-03-01T08:00:00Z")},
        ),
    ),
    resubmission=Resubmission(
        "上次.json",
        (
            CHANGES,
            FilingChange(
                None, ABSENT, (Change("unknown", replace(UNKNOWN, id="ddddddddddd1"), reason="这次没有这一份"),)
            ),
        ),
        ("版本不同：上次 0.0.9，这次 0.1.0",),
    ),
)
"""Compared with an earlier report: a finding in every state, a filing that is missing, decisions of a reviewer."""
