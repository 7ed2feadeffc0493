"""Makes up self-evaluation filings as tab-separated text: the same seed gives the same filing, no two seeds alike."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
Share = tuple[str, str]  # the name of a percentage row, and what was reached


@dataclass(frozen=True, slots=True)
class Row:
    """A quantity planned and done; a row's score is its weight, or less in proportion to what was missed."""

    name: str
    unit: str
    planned: int
    done: int
    weight: int

    @property
    def score(self) -> float:
        return self.weight if self.done >= self.planned else round(self.weight * self.done / self.planned, 2)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a filing is about."""

    year: int
    project: str
    department: str
    unit: str


def filing(seed: int) -> str:
    """One filing of about 1,500 characters. Some rows miss their target, some texts differ from the table."""
    random = Random(seed)
    things = random.sample([*WORDS["things"].items()], random.randint(9, 13))
    rows = [planned_row(random, *thing) for thing in things]
    budget, spent = money(random)
    subject = _subject(random)
    return form(subject, rows, (budget, spent), narrative(random, rows), shares(random))


def filings(count: int, first: int = 0) -> Iterator[bytes]:
    """`count` filings as the bytes of their files."""
    for seed in range(first, first + count):
        yield filing(seed).encode()


def form(
    subject: Subject, rows: Sequence[Row], funds: tuple[float, float], report: str, percent: Sequence[Share]
) -> str:
    """The filing's text. `funds` are budget and spending in 万元; the last of four percentages is the satisfaction."""
    budget, spent = funds
    lines = [*_head(subject, budget, spent), *_texts(rows, report), *_table(rows, spent / budget, percent)]
    return "财政项目支出绩效自评表\n\n" + "\n".join("\t".join(cells) for cells in lines) + "\n"


def planned_row(random: Random, name: str, unit: str) -> Row:
    """A row that reaches its target four times in five."""
    planned = random.choice((4, 12, 20, 36, 60, 120, 480, 1500, 24000))
    return Row(name, unit, planned, round(planned * random.choice((0.9, 1, 1, 1.05, 1.2))), random.randint(3, 5))


def money(random: Random) -> tuple[float, float]:
    """Budget and spending in 万元."""
    budget = random.randint(2000, 90000) / 100
    return budget, round(budget * random.uniform(0.8, 1), 2)


def shares(random: Random) -> list[Share]:
    """Three percentages and the satisfaction, the same in every filing."""
    return [*((name, "95.00") for name in random.sample(WORDS["rates"], 3)), ("群众满意度", "93.50")]


def goal(rows: Sequence[Row]) -> str:
    """预期目标, with the targets of the first rows."""
    goals = "；".join(f"{row.name[:-2]}不少于{row.planned}{row.unit}" for row in rows[:6])
    return f"完成年度各项任务。{goals}。"


def narrative(random: Random, rows: Sequence[Row], served: str = "累计服务") -> str:
    """实际完成情况, with the results of the rows; one in ten is off by one. `served` begins the last figures."""
    done = [f"{row.name[:-2]}{row.done + (random.random() < 0.1)}{row.unit}" for row in rows]
    random.shuffle(done)
    report = (
        random.choice(WORDS["openings"])
        + "，".join(done[:5])
        + "。"
        + random.choice(WORDS["openings"])
        + "，".join(done[5:])
    )
    extra = (
        f"。{served}{random.randint(2, 90)}.{random.randint(1, 9)}万人次，其中线上{random.randint(1000, 9999)}人次。"
    )
    return f"{report}{extra}{random.choice(WORDS['closings'])}"


def _subject(random: Random) -> Subject:
    place = random.choice(WORDS["places"]) + random.choice(WORDS["endings"])
    sector = random.choice(WORDS["sectors"])
    year = random.randint(2020, 2025)
    project = f"{place}市{sector}专项工作经费{random.randint(1, 9999)}"
    return Subject(year, project, f"{place}市{sector}局", f"{place}市{sector}服务中心")


def _head(subject: Subject, budget: float, spent: float) -> Iterator[list[str]]:
    rate = f"{100 * spent / budget:.2f}"
    score = f"{10 * spent / budget:.2f}"
    yield [f"（{subject.year}年度）"]
    yield ["项目名称", subject.project]
    yield ["主管部门", subject.department, "", "实施单位", subject.unit]
    yield ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分数", "执行率(%)", "得分"]
    for label, weight, points in (("年度资金总额：", "10.00", score), ("其中：当年财政拨款", "-", "-")):
        yield ["", label, f"{budget:.2f}", f"{budget:.2f}", f"{spent:.2f}", weight, rate, points]
    for label in ("上年结转资金", "其他资金"):
        yield ["", label, "0.00", "0.00", "0.00", "-", "0.00", "-"]


def _texts(rows: Sequence[Row], report: str) -> Iterator[list[str]]:
    yield ["年度总体目标", "预期目标", "", "", "实际完成情况"]
    yield ["", goal(rows), "", "", report]


def _table(rows: Sequence[Row], rate: float, percent: Sequence[Share]) -> Iterator[list[str]]:
    yield ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    for position, row in enumerate(rows):
        levels = ["产出指标", "数量指标"] if position == 0 else ["", ""]
        note = "" if row.done >= row.planned else f"受天气影响推迟，实际完成{row.done}{row.unit}，计划次年补足。"
        cells = [f"≥{row.planned}.00({row.unit})", f"{row.done}.00({row.unit})", f"{row.weight}.00", f"{row.score:.2f}"]
        yield [*levels, row.name, *cells, note]
    left = 90 - sum(row.weight for row in rows)
    earned = sum(row.score for row in rows)
    weight = f"{left // 4}.00"
    *others, (last, reached) = percent
    for position, (name, value) in enumerate(others):
        yield ["", "" if position else "质量指标", name, "≥90.00(%)", f"{value}(%)", weight, weight, ""]
    weight = f"{left - 3 * (left // 4)}.00"
    yield ["满意度指标", "服务对象满意度指标", last, "≥90.00(%)", f"{reached}(%)", weight, weight, ""]
    yield ["总分", "", "", "", "", "100.00", f"{earned + left + 10 * rate:.2f}"]
    yield ["评分等级", "", "优"]
