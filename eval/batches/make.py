"""Writes the folders of filings from their plans: `python eval/batches/make.py` in any folder.

A plan is `<name>.toml`: `why`, what its filings share (`year`, `unit`, `department`), the filings, and the findings
that a careful reviewer would make. A filing has a `file`, a `project`, `funds` (年初预算数/全年预算数/全年执行数, in
万元), a `goal`, a `narrative` and `rows`. A line of `rows` is: a letter for the sort of indicator (a key of LEVELS)
and its name | 年度指标值 | 实际完成值 | note, the note only where the target is missed. Weights, scores, rates and
totals are worked out here, so that the figures of one filing agree with one another. `form = "target"` makes a target
table (绩效目标表), whose rows have no actuals; `layout` names one of LAYOUTS.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CENT = Decimal("0.01")
LEVELS = {
    "量": ("产出指标", "数量指标"),
    "质": ("产出指标", "质量指标"),
    "时": ("产出指标", "时效指标"),
    "本": ("产出指标", "成本指标"),
    "经": ("效益指标", "经济效益指标"),
    "社": ("效益指标", "社会效益指标"),
    "生": ("效益指标", "生态效益指标"),
    "续": ("效益指标", "可持续影响指标"),
    "满": ("满意度指标", "服务对象满意度指标"),
}
GOALS = {"产出指标": "产出目标", "效益指标": "效果目标", "满意度指标": "效果目标"}


@dataclass(frozen=True)
class Row:
    """One indicator row with the weight and score it gets."""

    sort: str
    name: str
    target: str
    actual: str = ""
    note: str = ""
    weight: Decimal = Decimal(0)
    score: Decimal = Decimal(0)


def main() -> None:
    """Every plan beside this file becomes a folder of its name."""
    for plan in sorted(HERE.glob("*.toml")):
        folder = HERE / plan.stem
        folder.mkdir(exist_ok=True)
        for name, text in rendered(plan).items():
            (folder / name).write_text(text, "utf-8")


def rendered(plan: Path) -> dict[str, str]:
    """File names of a plan's folder and their texts, the labels across its filings among them."""
    facts = tomllib.loads(plan.read_text("utf-8"))
    shared = {key: facts[key] for key in ("year", "unit", "department") if key in facts}
    files = {item["file"]: _text({**shared, **item}) for item in facts["filing"]}
    labels = {
        "id": "across",
        "why": facts["why"],
        "findings_only": True,
        "findings": [*map(_label, facts.get("finding", []))],
    }
    files["across.labels.json"] = json.dumps(labels, ensure_ascii=False, indent=1) + "\n"
    return files


def _label(finding: dict[str, Any]) -> dict[str, Any]:
    """A finding with its filings by their ids, which are the names of their files without ending."""
    return {**finding, "filings": [Path(name).stem for name in finding["filings"]]}


def _text(filing: dict[str, Any]) -> str:
    rows = [*_rows(filing["rows"])]
    if filing.get("form") == "target":
        return "\n".join(_target_table(filing, rows)) + "\n"
    return "\n".join(LAYOUTS[filing.get("layout", "tabs")](filing, rows)) + "\n"


def _rows(lines: str) -> Iterator[Row]:
    parts = [[cell.strip() for cell in line.split("|")] for line in lines.strip().splitlines()]
    base, more = divmod(90, len(parts))
    for place, (head, *cells) in enumerate(parts):
        weight = Decimal(base + (place < more))
        row = Row(head[0], head[1:].strip(), *cells)
        share = _share(row) if row.note else Decimal(1)
        score = (weight * share).quantize(CENT, ROUND_DOWN)
        yield Row(row.sort, row.name, row.target, row.actual, row.note, weight, score)


def _share(row: Row) -> Decimal:
    """How much of a missed target was reached: 实际/目标, for an upper bound 目标/实际."""
    target, actual = (_number(cell) for cell in (row.target, row.actual))
    share = target / actual if row.target.startswith(("≤", "不超过")) else actual / target
    return min(share, Decimal(1))


def _number(cell: str) -> Decimal:
    found = re.search(r"([\d.]+)(万?)", cell.replace(",", ""))
    assert found, cell
    return Decimal(found[1]) * (10000 if found[2] else 1)


def _funds(filing: dict[str, Any]) -> tuple[list[str], Decimal]:
    """The cells of 年度资金总额 after its label, and the score for the execution rate."""
    initial, adjusted, executed = (Decimal(part) for part in filing["funds"].split("/"))
    rate = (100 * executed / adjusted).quantize(CENT, ROUND_HALF_UP)
    score = (rate / 10).quantize(CENT, ROUND_HALF_UP)
    return [f"{initial:.2f}", f"{adjusted:.2f}", f"{executed:.2f}", "10.00", f"{rate}", f"{score}"], score


def _grade(total: Decimal) -> str:
    return next(name for name, least in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if total >= least)


def _form(filing: dict[str, Any], rows: list[Row]) -> Iterator[list[str]]:
    """The printed rows of a self-evaluation, eight cells wide."""
    funds, points = _funds(filing)
    zero = ["0.00", "0.00", "0.00", "-", "0.00", "-"]
    yield ["项目名称", filing["project"], *[""] * 6]
    yield ["主管部门", filing["department"], "", "", "实施单位", filing["unit"], "", ""]
    yield ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率(%)", "得分"]
    yield ["", "年度资金总额：", *funds]
    yield ["", "其中：当年财政拨款", *funds[:3], "-", funds[4], "-"]
    yield ["", "上年结转资金", *zero]
    yield ["", "其他资金", *zero]
    yield ["年度总体目标", "预期目标", "", "", "实际完成情况", "", "", ""]
    yield ["", filing["goal"], "", "", filing["narrative"], "", "", ""]
    yield ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    for levels, row in zip(_levels(rows), rows, strict=True):
        yield [*levels, row.name, row.target, row.actual, f"{row.weight}.00", f"{row.score:.2f}", row.note]
    total = points + sum(row.score for row in rows)
    yield ["总分", "", "", "", "", "100.00", f"{total:.2f}", ""]
    yield ["评分等级", _grade(total), *[""] * 6]


def _levels(rows: list[Row]) -> Iterator[tuple[str, str]]:
    """一级指标 and 二级指标 of each row, printed where they begin."""
    before = ("", "")
    for row in rows:
        first, second = LEVELS[row.sort]
        yield ("" if first == before[0] else first, "" if (first, second) == before else second)
        before = (first, second)


def _tabs(filing: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    yield from ("财政项目支出绩效自评表", "", f"（{filing['year']}年度）", "")
    for cells in _form(filing, rows):
        yield "\t".join(cells)


def _markdown(filing: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    yield from ("# 财政项目支出绩效自评表", "", f"({filing['year']}年度)", "")
    for place, cells in enumerate(_form(filing, rows)):
        yield "| " + " | ".join(cells) + " |"
        if place == 0:
            yield "| " + " | ".join(["---"] * len(cells)) + " |"


def _html(filing: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    """Tab-separated, with the tags that the texts of some systems keep."""
    yield '<p style="text-align: center;">财政项目支出绩效自评表</p>'
    yield f'<p style="text-align: center;">({filing["year"]}年度)</p>'
    for cells in _form(filing, rows):
        marked = (f"<p>{cell}</p>" if len(cell) > 30 else cell.replace("≥", "&ge;") for cell in cells)
        yield "\t".join(marked)


def _spaced(filing: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    """As text comes out of a page: cells parted by spaces, long ones broken over lines."""
    form = [*_form(filing, rows)]
    yield from ("财政项目支出绩效自评表", f"（{filing['year']}年度）")
    for cells in form[:2]:
        yield " ".join(filter(None, cells))
    yield from ("项目资金", "（万元）", " ".join(form[2][2:]))
    for cells in form[3:7]:
        yield " ".join(filter(None, cells))
    yield from ("年度", "总体", "目标", "预期目标 实际完成情况")
    for text in (filing["goal"], filing["narrative"]):
        yield from (text[start : start + 26] for start in range(0, len(text), 26))
        yield ""
    yield " ".join(form[9])
    for cells in form[10:-2]:
        yield from filter(None, cells[:2])
        yield " ".join(filter(None, cells[2:]))
    for cells in form[-2:]:
        yield " ".join(filter(None, cells))


def _target_table(filing: dict[str, Any], rows: list[Row]) -> Iterator[str]:
    year, money = filing["year"], f"{int(Decimal(filing['funds']) * 10000):,}"
    lines = [
        ["财政项目支出绩效目标表", "", "", ""],
        [f"({year}年度)", "", "", ""],
        [f"申报单位名称：{filing['unit']}", "", "", ""],
        ["项目名称：", filing["project"], "项目类别：", "其他经常性项目"],
        ["计划开始日期：", f"{year}-01-01", "计划完成日期：", f"{year}-12-31"],
        ["总目标及阶段性目标：", filing["goal"], "", ""],
        [""],
        ["项目总预算（元）：", money, "项目当年预算（元）：", money],
        [""],
        [f"{year}年绩效目标"],
        [""],
        ["一级目标", "二级目标", "三级目标", "指标目标值"],
    ]
    for (first, second), row in zip(_levels(rows), rows, strict=True):
        lines.append([GOALS.get(first, first), second.removesuffix("指标"), row.name, row.target])
    yield from ("\t".join(cells) for cells in lines)


LAYOUTS = {"tabs": _tabs, "markdown": _markdown, "html": _html, "spaced": _spaced}

if __name__ == "__main__":
    main()
