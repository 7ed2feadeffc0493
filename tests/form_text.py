"""Writes a small self-evaluation form as tab-separated text, for tests of the whole way."""

from collections.abc import Sequence

ROWS = (
    ("管网巡检次数", "≥24.00(次)", "26.00(次)", "20.00", "20.00", ""),
    ("阀门更换数量", "=60.00(只)", "60.00(只)", "30.00", "30.00", ""),
    ("用户满意度", "≥90.00(%)", "95.00(%)", "40.00", "40.00", ""),
)
GOAL = "全年管网巡检不少于24次，更换阀门60只，用户满意度达到90%。"
NARRATIVE = "全年管网巡检26次，更换阀门60只，用户满意度95%。"
HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")


def form(
    goal: str = GOAL,
    narrative: str = NARRATIVE,
    rows: Sequence[Sequence[str]] = ROWS,
    total: str = "100.00",
    project: str = "供水管网维护",
) -> str:
    """The form's text; as it stands it holds no contradiction."""
    lines: list[Sequence[str]] = [
        ("项目名称", project),
        ("主管部门", "青川市水务局", "", "实施单位", "青川市供水服务中心"),
        ("项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分数", "执行率(%)", "得分"),
        ("", "年度资金总额：", "80.00", "80.00", "80.00", "10.00", "100.00", "10.00"),
        ("", "其中：当年财政拨款", "80.00", "80.00", "80.00", "-", "100.00", "-"),
        ("", "上年结转资金", "0.00", "0.00", "0.00", "-", "0.00", "-"),
        ("", "其他资金", "0.00", "0.00", "0.00", "-", "0.00", "-"),
        ("年度总体目标", "预期目标", "", "", "实际完成情况"),
        ("", goal, "", "", narrative),
        HEADS,
    ]
    for position, row in enumerate(rows):
        levels = ("产出指标", "数量指标") if position == 0 else ("", "")
        lines.append((*levels, *row))
    lines += [("总分", "", "", "", "", "100.00", total), ("评分等级", "", "优")]
    return "财政项目支出绩效自评表\n\n（2024年度）\n\n" + "\n".join("\t".join(line) for line in lines) + "\n"


def contradiction() -> str:
    """The form with one error: the narrative counts 36 inspections, the row 26."""
    return form(narrative=NARRATIVE.replace("26次", "36次"))
