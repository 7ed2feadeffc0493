"""X03 and X04: targets that differ from the project's target table, or ask less than the year before."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from narrcheck.filing import Filing, FormKind, Indicator, Severity
from narrcheck.quantity.compare import falls_short, is_upper_bound
from narrcheck.quantity.units import comparable, in_base
from narrcheck.rules.across.matching import Matching, less_is_better, match_rows, nearest
from narrcheck.rules.across.members import CrossFinding, Group, Member, Piece, cells, stated, title, year_of
from narrcheck.rules.across.names import loose_name, row_name
from narrcheck.rules.across.renamed import renamed
from narrcheck.rules.registry import across_rule
from narrcheck.text import squeeze

_BOTH: tuple[FormKind, ...] = ("self_evaluation", "target_table")
_COUNTED = ("数量", "数", "量")
_MANY = 4  # rows of a target table, of which more than half must be missing to speak of another version


@across_rule("X03", "target-changed", severity=Severity.WARNING, forms=_BOTH)
def target_changed(group: Group) -> Iterator[CrossFinding]:
    """自评表的指标和指标值应与同一项目同一年度的绩效目标表一致：指标值改变的行、未列入的指标各报告一处。

    写法不同而意思相同的不算（≥90%、不低于 90.00(%)；1.2万人次、12000人次）；改了名称而指标值相同的行视为同一指标。
    目标表过半的指标在自评表中都没有时，可能是另一版本，只报告一处。一年有几份目标表的，与最接近的一份对照。
    只在批量核对（narrcheck batch）时运行。

    不符:
      form: target_table
      year: 2024
      project: 剧场运行
      row: 公益演出场次 | ≥60场
      row: 演出设备检修次数 | ≥12次
      ---
      year: 2024
      project: 剧场运行
      row: 公益演出场次 | ≥45场 | 48场 | 10 | 10
      row: 演出设备检修次数 | ≥12次 | 12次 | 10 | 10
    相符:
      form: target_table
      year: 2024
      project: 剧场运行
      row: 公益演出场次 | ≥60场
      row: 观众满意度 | ≥90%
      ---
      year: 2024
      project: 剧场运行
      row: 公益演出场次 | 不少于60场 | 62场 | 10 | 10
      row: 观众满意度 | ≥90.00(%) | 95% | 10 | 10
    """
    for members in group.by_project.values():
        tables = [member for member in members if member.filing.form == "target_table" and member.filing.indicators]
        if not tables:
            continue
        told: set[str] = set()
        for member in members:
            if member.filing.form != "self_evaluation" or not any(row.name for row in member.filing.indicators):
                continue
            matchings = [(table, match_rows(table.filing.indicators, member.filing.indicators)) for table in tables]
            table, matching = min(matchings, key=lambda pair: len(pair[1].missing) + len(pair[1].changed))
            for found in _changes(table, member, matching, group.lang):
                if found.finding.id not in told:  # a copy of the same form says nothing more
                    told.add(found.finding.id)
                    yield found


def _changes(table: Member, member: Member, matching: Matching, lang: str) -> Iterator[CrossFinding]:
    facts = {"project": title(member, lang), "year": year_of(member, lang)}
    for row, own in matching.changed:
        pieces = [*cells(table, row, "target"), *cells(member, own, "target")]
        values = {"target": row.target.raw, "own": own.target.raw}
        yield stated("X03", lang, pieces, "changed", name=row.name, own_name=own.name, **values, **facts)
    count, missing = len(table.filing.indicators), matching.missing
    if count >= _MANY and len(missing) * 2 > count:
        shown: list[Piece] = [piece for row in missing for piece in cells(table, row, "target")]
        shown += [piece for row in member.filing.indicators for piece in cells(member, row, "name")]
        yield stated("X03", lang, shown, "most", count=count, missing=len(missing), **facts)
        return
    for row in missing:
        near = nearest(row, member.filing.indicators)
        pieces = [*cells(table, row, "target"), *cells(member, near, "name")]
        yield stated("X03", lang, pieces, "dropped", name=row.name, target=row.target.raw, nearest=near.name, **facts)


@across_rule("X04", "target-lowered", severity=Severity.INFO, forms=_BOTH)
def target_lowered(group: Group) -> Iterator[CrossFinding]:
    """同一项目同一指标的指标值，上年已经达到的，本年不应更低（≤、< 的指标值不应更高）。

    本年的指标值取自评表，没有自评表的取绩效目标表。上年没有达到的，以及金额、时限等越少越好而写作等号的，不报告。
    项目名称只改了“补助”“管理”一类词而各行大多相同的，视为同一项目。只在批量核对（narrcheck batch）时运行。

    不符:
      year: 2023
      project: 管网巡检
      row: 管线巡检里程 | ≥800公里 | 812公里 | 10 | 10
      ---
      year: 2024
      project: 管网巡检
      row: 管线巡检里程 | ≥600公里 | 640公里 | 10 | 10
    相符:
      year: 2023
      project: 管网巡检
      row: 管线巡检里程 | ≥800公里 | 690公里 | 10 | 8 | 汛期封路
      ---
      year: 2024
      project: 管网巡检
      row: 管线巡检里程 | ≥600公里 | 640公里 | 10 | 10
    """
    going_on = renamed(group)
    for (name, year), members in group.by_project.items():
        before = [member for member in members if member.filing.form == "self_evaluation"]
        after = group.by_project.get((going_on.get((name, year), name), year + 1), [])
        after = sorted(after, key=lambda member: member.filing.form != "self_evaluation")
        told: set[str] = set()
        for member in after:
            rows = _by_name(member.filing.indicators)
            for earlier in before:
                for past, row in _pairs(earlier.filing, rows):
                    key = loose_name(row.name)
                    if key not in told and _asks_less(past, row):
                        told.add(key)
                        yield _lowered(earlier, past, member, row, group.lang)
            told.update(rows)


def _by_name(rows: Sequence[Indicator]) -> dict[str, Indicator]:
    """The rows by name; a name that several bear is left out."""
    found: dict[str, Indicator] = {}
    twice: set[str] = set()
    for row in rows:
        key = loose_name(row.name)
        if key in found:
            twice.add(key)
        found[key] = row
    return {key: row for key, row in found.items() if key and key not in twice}


def _pairs(earlier: Filing, rows: dict[str, Indicator]) -> Iterator[tuple[Indicator, Indicator]]:
    """The rows of the year before with those of the year: by name, or where only the order of its words changed."""
    before = _by_name(earlier.indicators)
    turned: dict[str, list[Indicator]] = defaultdict(list)
    for key, own in rows.items():
        if key not in before:
            turned[_characters(own)].append(own)
    for key, past in before.items():
        row = rows.get(key)
        others = turned[_characters(past)]
        if row is not None and (row_name(row.name) == row_name(past.name) or row.level2 == past.level2):
            yield past, row
        elif row is None and len(others) == 1:
            yield past, others[0]


def _characters(row: Indicator) -> str:
    """The characters of a row's name in any order, without how it is counted (件数, 业务量)."""
    name = row_name(row.name)
    name = next((name.removesuffix(end) for end in _COUNTED if name.endswith(end)), name)
    unit = squeeze(row.target.unit or row.actual.unit or "").lstrip("十百千万亿")
    return "".join(sorted(name.removesuffix(unit)))


def _asks_less(past: Indicator, row: Indicator) -> bool:
    """Whether the row's target is weaker than the year before's, which that year's actual reached."""
    old, new = past.target, row.target
    if old.value is None or new.value is None or is_upper_bound(old) != is_upper_bound(new):
        return False
    old_unit, new_unit = old.unit or new.unit or "", new.unit or old.unit or ""
    if not comparable(old_unit, new_unit) or not _reached(past):
        return False
    before, after = in_base(old.value, old_unit), in_base(new.value, new_unit)
    if is_upper_bound(old):
        return before > 0 and after > before
    plain = old.comparator in (None, "=") or new.comparator in (None, "=")
    return after < before and not (plain and less_is_better(past))


def _reached(past: Indicator) -> bool:
    if past.actual.value is None:
        return past.actual.status == "met"
    return falls_short(past.target, past.actual.value, past.actual.unit or "") is False


def _lowered(earlier: Member, past: Indicator, member: Member, row: Indicator, lang: str) -> CrossFinding:
    pieces = [*cells(earlier, past, "target", "actual"), *cells(member, row, "target")]
    values = {"before": past.target.raw, "done": past.actual.raw, "after": row.target.raw}
    years = {"year": year_of(member, lang), "before_year": year_of(earlier, lang)}
    return stated("X04", lang, pieces, project=title(member, lang), name=row.name, **values, **years)
