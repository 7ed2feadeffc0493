"""X05: outputs that two projects of one unit and year both report."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from operator import itemgetter

from narrcheck.data import load
from narrcheck.filing import Indicator, Severity
from narrcheck.quantity.units import in_base, is_money, is_percent
from narrcheck.rules.across.members import CrossFinding, Group, Member, cells, project_key, stated, title, year_of
from narrcheck.rules.across.names import any_of, bag_name, kind_of, names_thing, row_name
from narrcheck.rules.across.statements import digits
from narrcheck.rules.registry import across_rule
from narrcheck.text import squeeze
from narrcheck.wording import excluded, phrase

_PAIRED = 12  # projects with one row alike, up to which all are paired; beyond, each with the first only
_LEAST_ROWS = 2
_ROUND, _ODD = 1, 3  # digits that carry something
_CROWD = 50  # projects of a unit and year
_ENOUGH, _ENOUGH_OF_MANY = Decimal(3), Decimal(4)
_SHARED, _SHARED_SMALL, _FEWEST = Decimal("0.6"), Decimal("0.74"), 2
_WORK = 200  # hours
_REWORDED = Decimal("0.5")
_WEAK, _SMALL, _TENS, _TELLING, _NAMED = Decimal("0.5"), Decimal(1), Decimal("1.5"), Decimal(2), Decimal(1)


@dataclass(frozen=True, slots=True)
class Output:
    """A row as compared: name, what its unit counts, and the value in that measure; `printed` is the name in full."""

    name: str
    kind: str
    value: Decimal
    printed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Alike:
    """A row that two projects report: as the first names it and as the second does."""

    first: Output
    second: Output

    @property
    def same_name(self) -> bool:
        return self.first.name == self.second.name


Shown = dict[Output, Indicator]
Pair = tuple[int, int]


@across_rule("X05", "output-counted-twice", severity=Severity.WARNING)
def output_counted_twice(group: Group) -> Iterator[CrossFinding]:
    """同一单位同一年度的两个项目，不应填报同样的产出：名称、单位和实际完成值都相同的指标行有两行以上。
    名称换了语序、多一两个词的，也算相同。

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
        names = "；".join(f"{row.name} {row.actual.raw}" for row in (shown[second][both.second] for both in alike))
        pieces = [piece for both in alike for piece in cells(other, shown[second][both.second], "actual")]
        pieces += [piece for both in alike for piece in cells(one, shown[first][both.first], "actual")]
        facts = {"project": title(one, lang), "other": title(other, lang), "year": year_of(one, lang)}
        yield stated("X05", lang, pieces, count=len(alike), rows=names, **facts)


def _pairs(shown: Sequence[Shown]) -> Iterator[tuple[Pair, list[Alike]]]:
    """The pairs of projects (by position) with enough rows alike; of projects that share the same rows, each with the
    first of them."""
    named: dict[Output, list[tuple[int, Output]]] = defaultdict(list)
    valued: dict[tuple[str, Decimal], list[tuple[int, Output]]] = defaultdict(list)
    for at, outputs in enumerate(shown):
        for output in outputs:
            named[output].append((at, output))
            valued[output.kind, output.value].append((at, output))
    shared: dict[Pair, list[Alike]] = defaultdict(list)
    for found in named.values():
        for (first, one), (second, other) in _paired(found):
            if not excluded(one.printed, other.printed):
                shared[first, second].append(Alike(one, other))
    for (_, value), held in valued.items():
        if len(held) <= _PAIRED and value not in load("across.toml")["outputs"]["calendar"]:
            _reworded(held, shared)
    crowded = len(shown) > _CROWD
    yield from _stars(
        {pair: alike for pair, alike in sorted(shared.items(), key=itemgetter(0)) if _tells(alike, crowded)}
    )


def _paired(found: Sequence[tuple[int, Output]]) -> Iterable[tuple[tuple[int, Output], tuple[int, Output]]]:
    """Every two of a few; of many, each with the first."""
    return combinations(found, 2) if len(found) <= _PAIRED else ((found[0], other) for other in found[1:])


def _reworded(held: Sequence[tuple[int, Output]], shared: dict[Pair, list[Alike]]) -> None:
    """Adds the rows of one value whose names are not the same, but say much the same."""
    for (first, one), (second, other) in combinations(held, 2):
        alike = shared.get((first, second), ())
        taken = any(both.first == one or both.second == other for both in alike)
        if first != second and not taken and _much_the_same(one, other):
            shared[first, second].append(Alike(one, other))


def _much_the_same(one: Output, other: Output) -> bool:
    """Whether two names share nearly all that the shorter one says; less is enough beside a telling figure."""
    if one.name == other.name:
        return False
    first, second = (phrase(each.printed) for each in (one, other))
    common, shorter = len(first.features & second.features), min(len(first.features), len(second.features))
    least = _SHARED if digits(one.value) >= _ODD else _SHARED_SMALL
    if common < _FEWEST or common < least * shorter or excluded(one.printed, other.printed):
        return False
    return _one_within(one, other)


def _one_within(one: Output, other: Output) -> bool:
    """Whether the words of one name stand in the other, but for words that share a character (居家, 家庭)."""
    here = [word for word in one.name.split("|") if word not in other.printed]
    there = [word for word in other.name.split("|") if word not in one.printed]
    if len(here) == one.name.count("|") + 1 and len(there) == other.name.count("|") + 1:
        return False
    return all(_akin(word, there) for word in here) or all(_akin(word, here) for word in there)


def _akin(word: str, others: Sequence[str]) -> bool:
    return any(not set(word).isdisjoint(other) for other in others)


def _stars(shared: dict[Pair, list[Alike]]) -> Iterator[tuple[Pair, list[Alike]]]:
    """The pairs without those whose rows both already share with an earlier project."""
    earlier: dict[int, list[int]] = defaultdict(list)
    for (first, second), alike in shared.items():
        known = (at for at in earlier[first] if at in earlier[second])
        if not any(_held_by(alike, shared[at, first], shared[at, second]) for at in known):
            yield (first, second), alike
        earlier[second].append(first)


def _held_by(alike: Sequence[Alike], first: Sequence[Alike], second: Sequence[Alike]) -> bool:
    return {both.first for both in alike} <= {both.second for both in first} and {both.second for both in alike} <= {
        both.second for both in second
    }


def _tells(alike: Sequence[Alike], crowded: bool) -> bool:
    """Whether rows alike are more than two projects would share by chance; among many projects common names are not."""
    points = [_points(both.first) - (0 if both.same_name else _REWORDED) for both in alike]
    named = any(names_thing(output.name) for both in alike for output in (both.first, both.second))
    enough = _ENOUGH_OF_MANY if crowded and not named else _ENOUGH
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


def _is_work(unit: str, value: Decimal) -> bool:
    """Whether a length of time is work done (服务时长 9620小时), not a term or how long something took."""
    return squeeze(unit) in load("across.toml")["outputs"]["work"] and value >= _WORK


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
        if is_percent(unit) or is_money(unit) or "/" in kind or (kind == "time" and not _is_work(unit, actual.value)):
            continue
        if _counts_none(f"{row.level1 or ''}{row.level2 or ''}{row.name}"):
            continue
        found.setdefault(Output(bag_name(row.name), kind, in_base(actual.value, unit), row_name(row.name)), row)
    return found
