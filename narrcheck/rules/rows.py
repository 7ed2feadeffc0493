"""R01 and R03–R06: what the cells of the indicator rows hold. R02 (sibling rows) is in rules/siblings.py."""

import re
from collections.abc import Iterator
from dataclasses import replace

import narrcheck.rules.siblings  # noqa: F401 - registers R02
from narrcheck.filing import Evidence, FieldName, Finding, FormKind, Indicator, Severity, Target
from narrcheck.quantity.cells import read_target
from narrcheck.quantity.compare import Agreement, compare
from narrcheck.quantity.units import conflicting, is_percent
from narrcheck.rules.case import Case
from narrcheck.rules.figures import is_own_verdict, words
from narrcheck.rules.registry import rule
from narrcheck.text import Text, fold, squeeze

_OPEN = ("≥", ">", "≤", "<")
_SHORT = 8
_JUDGED = 4
_DIGIT = re.compile(r"[\d一二三四五六七八九十百千两]")
_NAMED = re.compile(r"\w")
_PIECES = re.compile(r"[\s;；、,，]+")
_COMPARED = re.compile(r"[≥≤<>]=?|=")
_BOTH: tuple[FormKind, ...] = ("self_evaluation", "target_table")


@rule("R01", "duplicate-row", severity=Severity.WARNING, forms=_BOTH)
def duplicate_row(case: Case) -> Iterator[Finding]:
    """同一指标不应重复：名称与指标值相同的两行，或名称重复而其余各栏空白的行。每个重复的名称报告一次。

    不符:
      row: 救助站巡查 | ≥48次 | 50次 | 5 | 5
      row: 物资发放 | ≥300份 | 320份 | 5 | 5
      row: 救助站巡查 | ≥48次 | 50次 | 5 | 5

      row: 救助站巡查 | ≥48次 | 50次 | 5 | 5
      row: 救助站巡查
    相符:
      row: 服务对象满意度 | ≥90% | 95% | 5 | 5
      row: 服务对象满意度 | ≥85% | 88% | 5 | 5
    """
    named: dict[str, list[Indicator]] = {}
    for row in case.filing.indicators:
        if _NAMED.search(row.name):
            named.setdefault(squeeze(row.name), []).append(row)
    for rows in named.values():
        again = [row for row in rows if any(_repeats(row, other) for other in rows if other is not row)]
        if again:
            evidence = [case.cell(row, column) for row in again for column in _NAME_AND_TARGET]
            empty = any(_is_empty(row) for row in again)
            yield case.finding(*evidence, variant="empty" if empty else "", name=again[0].name, count=len(again))


_NAME_AND_TARGET: tuple[FieldName, ...] = ("name", "target")


def _repeats(row: Indicator, other: Indicator) -> bool:
    return _is_empty(row) or _is_empty(other) or _same_target(row.target, other.target)


def _is_empty(row: Indicator) -> bool:
    return not (row.target.raw.strip() or row.actual.raw.strip())


def _same_target(a: Target, b: Target) -> bool:
    if a.value is None or b.value is None:
        return squeeze(a.raw) == squeeze(b.raw)
    return (a.comparator or "=", a.value, a.upper, a.unit) == (b.comparator or "=", b.value, b.upper, b.unit)


@rule("R03", "unit-mismatch", severity=Severity.ERROR, forms=_BOTH)
def unit_mismatch(case: Case) -> Iterator[Finding]:
    """指标值与实际完成值的计量单位应是同一事物的单位；同义的量词（家、个、项）不算不符。

    不符:
      row: 土地流转规模 | ≥500户 | 620亩 | 5 | 5

      row: 宣传活动 | ≥6次 | 100% | 5 | 5
    相符:
      row: 帮扶企业 | ≥30家 | 32个 | 5 | 5

      row: 惠及群众 | ≥2万人次 | 21000人次 | 5 | 5
    """
    for row in case.filing.indicators:
        target, actual = row.target, row.actual
        if target.value is None or actual.value is None or not target.unit or not actual.unit:
            continue
        if conflicting(target.unit, actual.unit):
            yield case.finding(
                case.cell(row, "target"),
                case.cell(row, "actual"),
                name=row.name,
                target=target.raw,
                actual=actual.raw,
                target_unit=target.unit,
                actual_unit=actual.unit,
            )


@rule("R04", "malformed-value", severity=Severity.WARNING, forms=_BOTH)
def malformed_value(case: Case) -> Iterator[Finding]:
    """各栏应填该栏所要求的内容。

    分值、得分应为数字；定量指标不应以“符合”“完成”等词代替数值（表中规定的“达成年度指标”等评判除外）；
    实际完成值不应照抄比较符号；一格不应合填几行的指标值。

    不符:
      row: 道路清扫覆盖率 | =95% | 符合 | 5 | 5

      row: 道路清扫覆盖率 | >95% | 大于95% | 5 | 5

      row: 道路清扫覆盖率 | ≥95% | 96% | 5 | 五分

      row: 垃圾分类宣传 | ≥10场 ≥2000人次 | 12场 | 5 | 5
    相符:
      row: 道路清扫覆盖率 | ≥95% | 达成年度指标 | 5 | 5

      row: 转运站改造 | =1座 | 完成城北转运站主体改造并投入使用 | 5 | 5

      row: 垃圾分类宣传 | 宣传：10场，入户：2000户 | 宣传：12场，入户：2100户 | 5 | 5
    """
    for row in case.filing.indicators:
        name = row.name
        for column, number in (("weight", row.weight), ("score", row.score)):
            if number.malformed:
                yield case.finding(_number_cell(case, row, column), variant=column, name=name, text=number.raw)
        if _holds_several_targets(row.target.raw):
            yield case.finding(case.cell(row, "target"), variant="several", name=name, text=row.target.raw)
        if row.target.value is None:
            continue
        if _is_short_word(row):
            variant = "word"
        elif _copies_comparator(row):
            variant = "comparator"
        else:
            continue
        yield case.finding(
            case.cell(row, "target"),
            case.cell(row, "actual"),
            variant=variant,
            name=name,
            target=row.target.raw,
            text=row.actual.raw,
        )


def _number_cell(case: Case, row: Indicator, column: str) -> Evidence:
    return case.cell(row, "weight" if column == "weight" else "score")


def _is_short_word(row: Indicator) -> bool:
    """Whether the actual is a short word that judges instead of stating a value, and no verdict of the form."""
    text = squeeze(row.actual.raw).rstrip("。.!！")
    if row.actual.value is not None or not text or is_own_verdict(text) or not _NAMED.search(text):
        return False
    if text in words("notes", "blank"):
        return False
    if len(text) > _SHORT or _DIGIT.search(text):
        return False
    if row.actual.status is not None:
        return True
    return len(text) <= _JUDGED or any(word in text for word in words("verdicts", "words"))


def _copies_comparator(row: Indicator) -> bool:
    """Whether the actual repeats an open target as a bound (>90% … 大于90%) instead of stating what was reached."""
    if row.actual.value is not None or row.target.comparator not in _OPEN or row.target.value is None:
        return False
    bound = read_target(row.actual.raw, row.name)
    if bound.value is None or bound.comparator not in _OPEN or bound.comparator[0] not in _same_way(row.target):
        return False
    printed = squeeze(row.actual.raw).startswith(_OPEN)
    unit = bound.unit or row.target.unit or ""
    same = compare("exact", bound.value, bound.upper, unit, row.target.value, row.target.unit or unit)
    return printed or same is Agreement.EQUAL


def _same_way(target: Target) -> str:
    return "≥>" if target.comparator in ("≥", ">") else "≤<"


def _holds_several_targets(raw: str) -> bool:
    """Whether a cell is a list of complete targets, each with its comparator, that do not form one range."""
    # A blank may part two targets, or a number from its unit.
    return _are_targets(fold(raw)) or _are_targets(Text(raw).flat)


def _are_targets(text: str) -> bool:
    marked = _COMPARED.sub(lambda match: " " + match.group(), text)
    pieces = [piece for piece in _PIECES.split(marked) if piece]
    targets = [read_target(piece, "") for piece in pieces]
    if any(target.value is None for target in targets) or sum(t.comparator is not None for t in targets) < 2:
        return False
    ways = {"≥" if t.comparator in ("≥", ">") else "≤" if t.comparator in ("≤", "<") else "=" for t in targets}
    return not (len(targets) == 2 and ways == {"≥", "≤"})


@rule("R05", "actual-copies-target", severity=Severity.INFO)
def actual_copies_target(case: Case) -> Iterator[Finding]:
    """凡指标值为“不少于”“不超过”一类的定量指标（两行及以上），实际完成值全部恰等于指标值的，可能照抄了指标值。

    不符:
      row: 技能比武 | ≥4场 | 4场 | 10 | 10
      row: 参赛人数 | ≥260人 | 260人 | 10 | 10
      row: 经费标准 | =300元/人 | 300元/人 | 10 | 10

      row: 审批时限 | ≤5天 | 5天 | 10 | 10
      row: 满意度 | ≥90% | 90.00% | 10 | 10
    相符:
      row: 技能比武 | ≥4场 | 4场 | 10 | 10
      row: 参赛人数 | ≥260人 | 274人 | 10 | 10

      row: 技能比武 | ≥4场 | 4场 | 10 | 10
      row: 经费标准 | =300元/人 | 300元/人 | 10 | 10
    """
    rows = [r for r in case.filing.indicators if r.target.value is not None and r.target.comparator in _OPEN]
    if len(rows) >= 2 and all(_same_number(row) for row in rows):
        evidence = [case.cell(row, column) for row in rows for column in _TARGET_AND_ACTUAL]
        yield case.finding(*evidence, count=len(rows))


_TARGET_AND_ACTUAL: tuple[FieldName, ...] = ("target", "actual")


def _same_number(row: Indicator) -> bool:
    target, actual = row.target, row.actual
    if actual.value is None:  # an actual that copies the comparator too (大于98%)
        copied = read_target(actual.raw, row.name)
        actual = replace(actual, value=copied.value, upper=copied.upper, unit=copied.unit)
    if target.value is None or actual.value is None or target.upper is not None or actual.upper is not None:
        return False
    unit = target.unit or actual.unit or ""
    return compare("exact", actual.value, None, actual.unit or unit, target.value, unit) is Agreement.EQUAL


@rule("R06", "status-for-count", severity=Severity.INFO)
def status_for_count(case: Case) -> Iterator[Finding]:
    """定量指标只填“达成年度指标”一类评判，看不出完成了多少。一份自评表报告一次，列出各行。

    不符:
      row: 公益电影放映 | ≥120场 | 达成年度指标 | 10 | 10
      row: 观众人次 | ≥1万人次 | 9800人次 | 10 | 9

      row: 公益电影放映 | =120场 | 100%完成 | 10 | 10
    相符:
      row: 公益电影放映 | ≥120场 | 126场 | 10 | 10
      row: 文化氛围 | 提升 | 达成年度指标 | 10 | 10

      row: 放映计划完成率 | =100% | 100%完成 | 10 | 10
    """
    rows = [r for r in case.filing.indicators if r.target.value is not None and _is_only_verdict(r)]
    if rows:
        names = ("、" if case.lang == "zh" else ", ").join(row.name for row in rows)
        yield case.finding(*(case.cell(row, "actual") for row in rows), count=len(rows), names=names)


def _is_only_verdict(row: Indicator) -> bool:
    if row.actual.status is None or not is_own_verdict(row.actual.raw):
        return False
    states_share = squeeze(row.actual.raw).startswith(tuple(words("verdicts", "share")))
    return not (states_share and is_percent(row.target.unit or ""))
