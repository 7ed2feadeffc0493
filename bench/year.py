"""A year's folder of generated filings with planted faults across filings: `python -m bench.year FOLDER COUNT`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random

from bench.generator import WORDS, Row, Share, Subject, form, goal, money, narrative, planned_row

_WORDS = WORDS["year"]
RULES = ("X01", "X02", "X03", "X04", "X05")
FIRST_YEAR, IN_FOLDER, PLANTED, WITH_TABLE, STATED = 2023, 200, 0.01, 0.3, 8


@dataclass(slots=True, eq=False)
class Form:
    """A self-evaluation before it is written, with the rows of its target table where it has one."""

    subject: Subject
    rows: list[Row]
    report: str
    percent: list[Share]
    funds: tuple[float, float]
    table: list[Row] | None
    name: str = ""
    table_name: str = ""

    @property
    def unstated(self) -> range:
        """The rows that the narrative leaves out: the last of the first year, the first of the second."""
        first, left = self.subject.year == FIRST_YEAR, len(self.rows) - STATED
        return range(STATED, len(self.rows)) if first else range(left)


Project = list[Form]  # one form a year
Fault = tuple[str, Callable[[], tuple[str, ...]]]  # the rule, and the names of the filings once they are written


class Writer:
    """Puts up to `count` files below a folder, broken ones among them, at most IN_FOLDER of a department together."""

    def __init__(self, folder: Path, count: int, seed: int, broken: float) -> None:
        self.left, self.broken = count, list[tuple[str, ...]]()
        self._folder, self._share, self._random = folder, broken, Random(f"broken-{seed}")
        self._place, self._department, self._folders, self._held = Path(), "", 0, 0

    def put(self, department: str, text: str) -> str:
        """The path below the folder, or nothing where `count` files stand already."""
        while self.left and self._random.random() < self._share:
            self.broken.append((self._file(department, *_broken(self._random, text)),))
        return self._file(department, ".txt", text.encode()) if self.left else ""

    def _file(self, department: str, suffix: str, data: bytes) -> str:
        if department != self._department or self._held == IN_FOLDER:
            self._folders, self._department, self._held = self._folders + 1, department, 0
            self._place = Path(f"{self._folders:05d}-{department}")
            (self._folder / self._place).mkdir(parents=True, exist_ok=True)
        self.left, self._held = self.left - 1, self._held + 1
        name = (self._place / f"{self._held:03d}{suffix}").as_posix()
        (self._folder / name).write_bytes(data)
        return name


def write_year(folder: Path, count: int, seed: int = 0, broken: float = 0.01) -> dict[str, list[tuple[str, ...]]]:
    """Writes `count` files into subfolders by department; the same seed gives the same files.

    Units have 3 to 12 projects, each with self-evaluations of two years and some with target tables. Returned are the
    paths below `folder` of the two filings of each planted fault, by rule, about `PLANTED` × `count` a rule; and under
    "broken" the files that hold no filing, a share of `broken`.
    """
    writer, carried = Writer(folder, count, seed, broken), list[Form]()
    planted: dict[str, list[tuple[str, ...]]] = {rule: [] for rule in RULES}
    for place, subject in enumerate(_units()):
        if not writer.left:
            break
        random = Random(f"{seed}-{place}")
        projects = _projects(random, subject)
        faults, carried = _plant(random, projects, carried, place % 2)
        for one in (one for project in projects for one in project):
            one.name = writer.put(subject.department, _text(one))
            if one.table:
                one.table_name = writer.put(subject.department, _target_table(one, one.table))
        for rule, names in faults:
            if all(names()):
                planted[rule].append(names())
    return {**planted, "broken": writer.broken}


def _units() -> Iterator[Subject]:
    """Every unit there can be; those of one department follow one another."""
    parts = (WORDS["endings"], WORDS["places"], _WORDS["towns"], WORDS["sectors"], _WORDS["offices"])
    for ending, place, town, sector, office in product(*parts):
        where = f"{place}{ending}{town}{sector}"
        yield Subject(FIRST_YEAR, "", f"{where}局", f"{where}{office}")


def _projects(random: Random, subject: Subject) -> list[Project]:
    """The projects of a unit, each about five objects of its own, so that no two count one thing."""
    objects = random.sample(_WORDS["objects"], len(_WORDS["objects"]))
    return [_project(random, subject, objects[5 * i : 5 * i + 5]) for i in range(random.randint(3, 12))]


def _project(random: Random, subject: Subject, objects: Sequence[str]) -> Project:
    project = objects[0] + random.choice(_WORDS["titles"])
    rows = _rows(random, objects, random.randint(13, 16))
    years = [rows, [_next(random, row) for row in rows]]
    budget, names = money(random)[0], random.sample(WORDS["rates"], 3)
    made = []
    for later, rows in enumerate(years):
        funds = (budget, round(budget * random.uniform(0.8, 1), 2))
        about = replace(subject, year=FIRST_YEAR + later, project=project)
        percent = [(name, f"{random.randint(910, 999) / 10:.2f}") for name in (*names, "群众满意度")]
        stated = rows[-STATED:] if later else rows[:STATED]
        report = narrative(random, stated, f"{objects[0]}累计服务")
        table = rows.copy() if random.random() < WITH_TABLE else None
        made.append(Form(about, rows, report, percent, funds, table))
    return made


def _rows(random: Random, objects: Sequence[str], count: int) -> list[Row]:
    deeds = random.sample([*product(objects, _WORDS["deeds"].items())], count)
    return [planned_row(random, thing + deed, unit) for thing, (deed, unit) in deeds]


def _next(random: Random, row: Row) -> Row:
    """The row a year later: its target raised or kept, or lowered to what was reached where it was missed."""
    planned = min(row.done, row.planned) if row.done < row.planned else round(row.planned * random.choice((1, 1, 1.1)))
    return replace(row, planned=planned, done=round(planned * random.choice((0.9, 1, 1.04, 1.15))))


def _plant(random: Random, projects: list[Project], carried: list[Form], turn: int) -> tuple[list[Fault], list[Form]]:
    """Faults, each in projects of its own, and the form whose narrative the next unit is to copy."""
    files = sum(1 + bool(one.table) for project in projects for one in project)
    free, faults = random.sample(projects, len(projects)), list[Fault]()
    if carried and free:
        faults.append(_copied(carried[0], random.choice(free.pop())))
    for plant in (_told_twice, _target_changed, _target_lowered, _counted_twice):
        if random.random() < PLANTED * files:
            faults += plant(random, free)
    if random.random() >= PLANTED * files or not free:
        return faults, []
    source = random.choice(free.pop())
    source.report = narrative(random, _rows(random, _WORDS["spare"][turn], 9), "累计接待")
    return faults, [source]


def _fault(rule: str, one: Form, other: Form) -> Fault:
    return rule, lambda: (one.name, other.name)


def _copied(source: Form, copy: Form) -> Fault:
    copy.report = source.report
    return _fault("X01", source, copy)


def _told_twice(random: Random, free: list[Project]) -> Iterator[Fault]:
    """X02: two projects state a fact of the unit differently."""
    if len(free) < 2:
        return
    later = random.randrange(2)
    one, other = free.pop()[later], free.pop()[later]
    fact, unit = random.choice([*_WORDS["facts"].items()])
    value = random.randint(20, 900)
    one.report += f"截至年底，全单位{fact}为{value}{unit}。"
    other.report += f"全单位现有{fact}{value + value // 4 + random.randint(1, 9)}{unit}。"
    yield _fault("X02", one, other)


def _target_changed(random: Random, free: list[Project]) -> Iterator[Fault]:
    """X03: the self-evaluation lowers (in the second year raises) or drops a row that its narrative does not state."""
    found = [(project, one) for project in free for one in project if one.table]
    if not found:
        return
    project, one = random.choice(found)
    free.remove(project)
    place = random.choice(one.unstated)
    if random.random() < 0.5:
        del one.rows[place]
    else:
        factor = 0.7 if one.subject.year == FIRST_YEAR else 1.5
        one.rows[place] = replace(one.rows[place], planned=round(one.rows[place].planned * factor))
    yield "X03", lambda: (one.table_name, one.name)


def _target_lowered(random: Random, free: list[Project]) -> Iterator[Fault]:
    """X04: a target reached in the first year is lowered in the second."""
    for project in free:
        before, after = project
        reached = [i for i in after.unstated if before.rows[i].done >= before.rows[i].planned >= 12]
        if reached and not after.table:
            place = random.choice(reached)
            planned = round(before.rows[place].planned * 0.6)
            after.rows[place] = replace(after.rows[place], planned=planned, done=round(planned * 1.1))
            free.remove(project)
            yield _fault("X04", before, after)
            return


def _counted_twice(random: Random, free: list[Project]) -> Iterator[Fault]:
    """X05: a project reports two or three rows of another as its own."""
    if len(free) < 2:
        return
    later, count = random.randrange(2), random.randint(2, 3)
    one, other = free.pop()[later], free.pop()[later]
    for source, place in zip(one.unstated[:count], other.unstated[:count], strict=True):
        other.rows[place] = replace(one.rows[source], weight=other.rows[place].weight)
    if other.table:
        other.table = other.rows.copy()
    yield _fault("X05", one, other)


def _text(one: Form) -> str:
    return form(one.subject, one.rows, one.funds, one.report, one.percent)


def _target_table(one: Form, rows: Sequence[Row]) -> str:
    subject, amount = one.subject, f"{one.funds[0] * 10000:,.0f}"
    lines = [
        [f"{subject.year}年财政项目支出绩效目标表"],
        [f"（{subject.year}年度）"],
        [f"申报单位名称：{subject.unit}"],
        ["项目名称：", subject.project, "项目类别：", "其他经常性项目"],
        ["总目标及阶段性目标：", goal(rows)],
        ["项目总预算（元）：", amount, "项目当年预算（元）：", amount],
        [f"{subject.year}年绩效目标"],
        ["一级目标", "二级目标", "三级目标", "指标目标值"],
        *(
            ["" if place else "产出目标", "" if place else "数量", row.name, f"≥{row.planned}{row.unit}"]
            for place, row in enumerate(rows)
        ),
        *(["", "" if place else "质量", name, "≥90%"] for place, (name, _) in enumerate(one.percent[:-1])),
        ["效果目标", "满意度", one.percent[-1][0], "≥90%"],
    ]
    return "\n".join("\t".join(cells) for cells in lines) + "\n"


def _broken(random: Random, text: str) -> tuple[str, bytes]:
    """The suffix and bytes of a file that holds no filing: cut short, empty, or about something else."""
    kinds = [
        (".xlsx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + random.randbytes(400)),
        (".pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + random.randbytes(200)),
        (".txt", b""),
        (".txt", random.choice(_WORDS["notices"]).encode()),
        (".txt", text.encode()[: random.randint(40, 90)]),
    ]
    return random.choice(kinds)


if __name__ == "__main__":
    for rule, pairs in write_year(Path(sys.argv[1]), int(sys.argv[2])).items():
        print(rule, len(pairs))
