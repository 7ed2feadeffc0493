"""Makes up self-evaluation filings as tab-separated text: the same seed gives the same filing, no two seeds alike."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    unit: str
    planned: int
    done: int
    weight: int

    @property
    def score(self) -> float:
        return self.weight if self.done >= self.planned else round(self.weight * self.done / self.planned, 2)


def filing(seed: int) -> str:
    """One filing of about 1,500 characters. Some rows miss their target, some texts differ from the table."""
    random = Random(seed)
    rows = [_row(random, *thing) for thing in random.sample([*_WORDS["things"].items()], random.randint(9, 13))]
    budget = random.randint(2000, 90000) / 100
    spent = round(budget * random.uniform(0.8, 1), 2)
    place = random.choice(_WORDS["places"]) + random.choice(_WORDS["endings"])
    lines = [*_head(random, place, budget, spent), *_texts(random, rows), *_table(random, rows, spent / budget)]
    return "财政项目支出绩效自评表\n\n" + "\n".join("\t".join(cells) for cells in lines) + "\n"


def filings(count: int, first: int = 0) -> Iterator[bytes]:
    """`count` filings as the bytes of their files."""
    for seed in range(first, first + count):
        yield filing(seed).encode()


def _row(random: Random, name: str, unit: str) -> _Row:
    planned = random.choice((4, 12, 20, 36, 60, 120, 480, 1500, 24000))
    return _Row(name, unit, planned, round(planned * random.choice((0.9, 1, 1, 1.05, 1.2))), random.randint(3, 5))


def _head(random: Random, place: str, budget: float, spent: float) -> Iterator[list[str]]:
    sector = random.choice(_WORDS["sectors"])
    rate = f"{100 * spent / budget:.2f}"
    score = f"{10 * spent / budget:.2f}"
    yield [f"（{random.randint(2020, 2025)}年度）"]
    yield ["项目名称", f"{place}市{sector}专项工作经费{random.randint(1, 9999)}"]
    yield ["主管部门", f"{place}市{sector}局", "", "实施单位", f"{place}市{sector}服务中心"]
    yield ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分数", "执行率(%)", "得分"]
    for label, weight, points in (("年度资金总额：", "10.00", score), ("其中：当年财政拨款", "-", "-")):
        yield ["", label, f"{budget:.2f}", f"{budget:.2f}", f"{spent:.2f}", weight, rate, points]
    for label in ("上年结转资金", "其他资金"):
        yield ["", label, "0.00", "0.00", "0.00", "-", "0.00", "-"]


def _texts(random: Random, rows: list[_Row]) -> Iterator[list[str]]:
    goals = "；".join(f"{row.name[:-2]}不少于{row.planned}{row.unit}" for row in rows[:6])
    done = [f"{row.name[:-2]}{row.done + (random.random() < 0.1)}{row.unit}" for row in rows]
    random.shuffle(done)
    report = (
        random.choice(_WORDS["openings"])
        + "，".join(done[:5])
        + "。"
        + random.choice(_WORDS["openings"])
        + "，".join(done[5:])
    )
    extra = (
        f"。累计服务{random.randint(2, 90)}.{random.randint(1, 9)}万人次，其中线上{random.randint(1000, 9999)}人次。"
    )
    yield ["年度总体目标", "预期目标", "", "", "实际完成情况"]
    yield ["", f"完成年度各项任务。{goals}。", "", "", report + extra + random.choice(_WORDS["closings"])]


def _table(random: Random, rows: list[_Row], rate: float) -> Iterator[list[str]]:
    yield ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    for position, row in enumerate(rows):
        levels = ["产出指标", "数量指标"] if position == 0 else ["", ""]
        note = "" if row.done >= row.planned else f"受天气影响推迟，实际完成{row.done}{row.unit}，计划次年补足。"
        cells = [f"≥{row.planned}.00({row.unit})", f"{row.done}.00({row.unit})", f"{row.weight}.00", f"{row.score:.2f}"]
        yield [*levels, row.name, *cells, note]
    left = 90 - sum(row.weight for row in rows)
    earned = sum(row.score for row in rows)
    names = random.sample(_WORDS["rates"], 3)
    for position, name in enumerate(names):
        weight = left // 4
        yield [
            "",
            "质量指标" if position == 0 else "",
            name,
            "≥90.00(%)",
            "95.00(%)",
            f"{weight}.00",
            f"{weight}.00",
            "",
        ]
    last = left - 3 * (left // 4)
    yield ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90.00(%)", "93.50(%)", f"{last}.00", f"{last}.00", ""]
    yield ["总分", "", "", "", "", "100.00", f"{earned + left + 10 * rate:.2f}"]
    yield ["评分等级", "", "优"]
