"""X05: outputs that two projects of one unit and year both report."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from narrcheck.data import load
from narrcheck.filing import Indicator, Severity
from narrcheck.quantity.units import in_base, is_money, is_percent
from narrcheck.rules.across.members import CrossFinding, Group, Member, cells, project_key, stated, title, year_of
from narrcheck.rules.across.names import any_of, bag_name, kind_of, names_thing
from narrcheck.rules.across.statements import digits
from narrcheck.rules.registry import across_rule

_PAIRED = 12  # projects with one row alike, up to which all are paired; beyond, each with the first only
_LEAST_ROWS = 2
_ROUND, _ODD = 1, 3  # digits that carry something
_CROWD = 50  # projects of a unit and year
_ENOUGH, _ENOUGH_OF_MANY = Decimal(3), Decimal(4)
_WEAK, _SMALL, _TENS, _TELLING, _NAMED = Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2), Decimal(1)


@dataclass(frozen=True, slots=True)
class Output:
    """A row as compared: name, what its unit counts, and the value in that measure."""

    name: str
    kind: str
    value: Decimal


Shown = dict[Output, Indicator]


@across_rule("X05", "output-counted-twice", severity=Severity.WARNING)
def output_counted_twice(group: Group) -> Iterator[CrossFinding]:
    """同一单位同一年度的两个项目，不应填报同样的产出：名称、单位和实际完成值都相同的指标行有两行以上。

    百分比、金额、期限和文字结果不计；每季一次、每月一次之类的小数目，以及各项目通用的名称，只有与其他更具体的行一起相同时才算。
    几个项目各行都相同的，各与第一个对照。
    只在批量核对（narrcheck batch）时运行。

    不符:
      year: 2024
      project: 街区绿化
      row: 行道树修剪数量 | ≥1200株 | 1260株 | 10 | 10
      row: 花箱更换数量 | ≥85个 | 88个 | 10 | 10
      ---
      year: 2024
      project: 公园管护
      row: 行道树修剪数量 | ≥1200株 | 1260株 | 10 | 10
      row: 花箱更换数量 | ≥80个 | 88个 | 10 | 10
    相符:
      year: 2024
      project: 街区绿化
      row: 培训场次 | ≥4场 | 4场 | 10 | 10
      row: 行道树修剪数量 | ≥1200株 | 1260株 | 10 | 10
      row: 验收合格率 | =100% | 100% | 10 | 10
      ---
      year: 2024
      project: 公园管护
      row: 培训场次 | ≥4场 | 4场 | 10 | 10
      row: 行道树修剪数量 | ≥900株 | 930株 | 10 | 10
      row: 验收合格率 | =100% | 100% | 10 | 10
    """
    for members in group.by_year.values():
        yield from _of_year(members, group.lang)


def _of_year(members: Sequence[Member], lang: str) -> Iterator[CrossFinding]:
    projects: dict[str, Member] = {}
    for member in members:
        projects.setdefault(project_key(member.filing), member)
    projects.pop("", None)
    shown = [_outputs(member) for member in projects.values()]
    ordered = tuple(projects.values())
    for (first, second), alike in _pairs(shown):
        one, other = ordered[first], ordered[second]
        names = "；".join(f"{row.name} {row.actual.raw}" for row in (shown[second][output] for output in alike))
        pieces = [
            piece
            for at, member in ((second, other), (first, one))
            for output in alike
            for piece in cells(member, shown[at][output], "actual")
        ]
        facts = {"project": title(one, lang), "other": title(other, lang), "year": year_of(one, lang)}
        yield stated("X05", lang, pieces, count=len(alike), rows=names, **facts)


def _pairs(shown: Sequence[Shown]) -> Iterator[tuple[tuple[int, int], list[Output]]]:
    """The pairs of projects (by position) with enough rows alike; of projects that share the same rows, each with the
    first of them."""
    holders: dict[Output, list[int]] = defaultdict(list)
    for at, outputs in enumerate(shown):
        for output in outputs:
            holders[output].append(at)
    shared: dict[tuple[int, int], list[Output]] = defaultdict(list)
    for output, found in holders.items():
        pairs = combinations(found, 2) if len(found) <= _PAIRED else ((found[0], other) for other in found[1:])
        for pair in pairs:
            shared[pair].append(output)
    crowded = len(shown) > _CROWD
    yield from _stars({pair: alike for pair, alike in sorted(shared.items()) if _tells(alike, crowded)})


def _stars(shared: dict[tuple[int, int], list[Output]]) -> Iterator[tuple[tuple[int, int], list[Output]]]:
    """The pairs without those whose rows both already share with an earlier project."""
    earlier: dict[int, list[int]] = defaultdict(list)
    for (first, second), alike in shared.items():
        known = (at for at in earlier[first] if at in earlier[second])
        if not any(set(alike) <= {*shared[at, first]} & {*shared[at, second]} for at in known):
            yield (first, second), alike
        earlier[second].append(first)


def _tells(alike: Sequence[Output], crowded: bool) -> bool:
    """Whether rows alike are more than two projects would share by chance; among many projects common names are not."""
    points = [_points(output) for output in alike]
    enough = _ENOUGH_OF_MANY if crowded and not any(names_thing(output.name) for output in alike) else _ENOUGH
    return sum(point >= _SMALL for point in points) >= _LEAST_ROWS and sum(points) >= enough


def _points(output: Output) -> Decimal:
    """How telling it is that two projects report this row: more for large and odd figures, and for a specific name."""
    value, named = output.value, names_thing(output.name)
    if value <= 1:
        return _WEAK
    if value in load("across.toml")["outputs"]["calendar"]:
        return _SMALL if named else _WEAK
    telling = digits(value) >= _ODD or (value >= 100 and digits(value) > _ROUND)
    points = _TELLING if telling else _TENS if value >= 10 else _SMALL
    return points + _NAMED if named else points


@lru_cache(maxsize=8192)
def _counts_none(text: str) -> bool:
    return bool(any_of(load("across.toml")["outputs"]["none"]).search(text))


def _outputs(member: Member) -> Shown:
    """The rows of a filing that count an output, by what they count."""
    found: Shown = {}
    for row in member.filing.indicators:
        actual, unit = row.actual, row.actual.unit or row.target.unit or ""
        if actual.value is None or actual.upper is not None or not row.name.strip():
            continue
        kind = kind_of(unit)
        if is_percent(unit) or is_money(unit) or kind == "time" or "/" in kind:
            continue
        if _counts_none(f"{row.level1 or ''}{row.level2 or ''}{row.name}"):
            continue
        found.setdefault(Output(bag_name(row.name), kind, in_base(actual.value, unit)), row)
    return found
