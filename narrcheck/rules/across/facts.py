"""X02: one thing, two values, in two filings of one unit and year."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from narrcheck.filing import Severity
from narrcheck.rules.across.figures import figure, may_differ, one_event, one_figure, told_once
from narrcheck.rules.across.members import CrossFinding, Group, Member, cells, project_key, stated, title, year_of
from narrcheck.rules.across.names import names_activity, row_name
from narrcheck.rules.across.statements import (
    Statement,
    alone_in_name,
    contradict,
    digits,
    is_rate,
    near,
    of_claims,
    of_rows,
    slipped,
)
from narrcheck.rules.registry import across_rule

_HALF = 2
_NEAR, _ROUGHLY = Decimal("0.1"), Decimal("0.5")
_TWO, _THREE = 2, 3
_FEW = 20
_SHORTEST = 2


@across_rule("X02", "cross-filing-contradiction", severity=Severity.ERROR)
def cross_filing_contradiction(group: Group) -> Iterator[CrossFinding]:
    """同一单位同一年度的两份自评表，对同一事项不应有两个数值。

    同一项目报送两份的，逐行核对实际完成值，并核对叙述中的数量。不同项目之间，只核对全单位的事实（全馆接待读者、在册人员、现有
    设施等）和有专名的活动，或者名称具体而两个数像是笔误的事项；各项目自己的培训次数、合格率等，某一场馆、片区的数可以不同。有“约”“以上”的数、舍入后一致的数、
    部分时段或地点的数不算不符。
    只在批量核对（narrcheck batch）时运行。

    不符:
      year: 2024
      project: 阅读推广
      narrative: 全馆接待读者38.6万人次，举办讲座24场。
      ---
      year: 2024
      project: 夜间开放
      narrative: 全馆接待读者36.8万人次，夜间开放210天。

      year: 2024
      project: 阅读推广
      row: 讲座场次 | ≥20场 | 24场 | 10 | 10
      ---
      year: 2024
      project: 阅读推广项目
      row: 讲座场次 | ≥20场 | 27场 | 10 | 10
    相符:
      year: 2024
      project: 阅读推广
      narrative: 全馆接待读者38.6万人次，培训志愿者120人。
      row: 讲座场次 | ≥20场 | 24场 | 10 | 10
      ---
      year: 2024
      project: 夜间开放
      narrative: 全馆接待读者近40万人次，培训志愿者45人。
      row: 讲座场次 | ≥10场 | 12场 | 10 | 10
    """
    for members in group.by_project.values():
        versions = [member for member in members if member.filing.form == "self_evaluation"]
        if len(versions) > 1:
            yield from _of_versions(versions, group.lang)
    for members in group.by_year.values():
        yield from _of_projects(members, group.lang)


Told = dict[tuple[str, ...], list[Statement]]


def _of_versions(versions: Sequence[Member], lang: str) -> Iterator[CrossFinding]:
    """Each thing that filings of one project state, the first value against every other."""
    told: Told = defaultdict(list)
    first = alone_in_name(versions[0])
    for member in versions:
        if not _same_form(set(first), set(alone_in_name(member))):
            continue
        for statement in of_rows(member):
            told["row", row_name(statement.name)].append(statement)
        for about, statement in _unique_claims(member).items():
            told["claim", *about].append(statement)
    fired: set[tuple[int, str]] = set()
    for key, statements in sorted(told.items(), key=lambda item: item[0][0] != "row"):
        for one, other in _different(statements):
            rows = {(each.member.key, each.row.name) for each in (one, other) if each.row is not None}
            if key[0] == "claim" and rows & fired:
                continue
            fired.update(rows)
            names = {"name": one.row.name if one.row and key[0] == "row" else one.name}
            pieces = [(one.member, one.evidence), (other.member, other.evidence)]
            facts = {"project": title(one.member, lang), "year": year_of(one.member, lang), **names}
            yield stated("X02", lang, pieces, "version", first=one.text, second=other.text, **facts)
    yield from _verdicts(versions, lang)


def _same_form(first: set[str], other: set[str]) -> bool:
    """Whether two filings of one project are versions of one form: they share half of the shorter one's rows."""
    return len(first & other) * _HALF >= min(len(first), len(other))


def _unique_claims(member: Member) -> dict[tuple[str, str], Statement]:
    """The narrative's claims by thing and kind of unit; a thing stated twice is left out."""
    found: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in of_claims(member):
        if len(statement.thing.key) >= _SHORTEST:
            found[statement.thing.key, statement.kind].append(statement)
    return {key: statements[0] for key, statements in found.items() if len(statements) == 1}


def _different(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """The first statement with each other value that contradicts it, once a value."""
    first, seen = statements[0], set()
    for other in statements[1:]:
        if other.base not in seen and other.member is not first.member and contradict(first, other):
            seen.add(other.base)
            yield first, other


def _verdicts(versions: Sequence[Member], lang: str) -> Iterator[CrossFinding]:
    """Rows that one version calls met and another not."""
    first, rows = versions[0], alone_in_name(versions[0])
    for member in versions[1:]:
        for name, other in alone_in_name(member).items():
            row = rows.get(name)
            if row is None or None in (row.actual.status, other.actual.status):
                continue
            if row.actual.status != other.actual.status:
                pieces = [*cells(first, row, "actual"), *cells(member, other, "actual")]
                facts = {"project": title(first, lang), "year": year_of(first, lang), "name": row.name}
                yield stated("X02", lang, pieces, "version", first=row.actual.raw, second=other.actual.raw, **facts)


def _of_projects(members: Sequence[Member], lang: str) -> Iterator[CrossFinding]:
    """Each thing that several projects state: the value most of them give against every other that contradicts it."""
    fired: set[frozenset[tuple[str, Decimal]]] = set()
    for by_project, same in _grouped(members):
        statements = [each for each in by_project.values() if each.modifier == "exact" and each.upper is None]
        if len(statements) < _TWO:
            continue
        for one, other in _against_most(statements, same):
            both = frozenset((project_key(each.member.filing), each.base) for each in (one, other))
            if both in fired:
                continue
            fired.add(both)
            pieces = [(one.member, one.evidence), (other.member, other.evidence)]
            facts = {"project": title(one.member, lang), "other": title(other.member, lang), "name": one.name}
            texts = {"first": one.text, "second": other.text, "year": year_of(one.member, lang)}
            yield stated("X02", lang, pieces, "unit", **facts, **texts)


Same = Callable[[Statement, Statement, int], bool]
Under = dict[tuple[str, ...], dict[str, Statement]]


def _grouped(members: Sequence[Member]) -> Iterator[tuple[dict[str, Statement], Same]]:
    """What the projects of a year state, thing by thing, with the test whether two surely speak of one: under the same
    name first, then under the same words, then of the same event."""
    named: Under = defaultdict(dict)
    alike: Under = defaultdict(dict)
    for member in members:
        project = project_key(member.filing)
        if not project:
            continue
        rows = [statement for statement in of_rows(member) if not is_rate(statement)]
        for statement in (*_unique_claims(member).values(), *rows):
            if len(statement.thing.key) >= _SHORTEST and not is_rate(statement):
                named[statement.thing.key, statement.kind].setdefault(project, statement)
        claims = [statement for statement in of_claims(member) if not is_rate(statement)]
        for key, statement in (*told_once(claims), *told_once(rows)):
            alike[key].setdefault(project, statement)
    yield from ((found, _is_one_thing) for found in named.values())
    for key in sorted(alike, key=lambda key: (key[0] != "words", key)):
        yield alike[key], one_figure if key[0] == "words" else one_event


def _against_most(statements: Sequence[Statement], same: Same) -> Iterator[tuple[Statement, Statement]]:
    values: dict[Decimal, list[Statement]] = defaultdict(list)
    for statement in statements:
        values[statement.base].append(statement)
    if len(values) == 1:
        return
    most = max(values, key=lambda value: len(values[value]))
    agreed = len(values[most])
    if len(values) > _TWO and agreed < _TWO:
        return  # each project has a figure of its own
    one = values[most][0]
    for value, others in values.items():
        if value != most and contradict(one, others[0]) and same(one, others[0], agreed):
            yield one, others[0]


def _is_one_thing(one: Statement, other: Statement, agreed: int) -> bool:
    """Whether two projects surely speak of one thing: by its name, and by how near the two figures are.

    `agreed` is the number of projects that give the first value.
    """
    thing, a, b = one.thing, one.base, other.base
    first, second = figure(one), figure(other)
    named = bool(thing.proper and other.thing.proper)
    if not named and may_differ(first, second):
        return False
    told = one.in_narrative or other.in_narrative
    fewest, slip = min(digits(a), digits(b)), slipped(a, b)
    telling = max(digits(a), digits(b)) >= _THREE
    close = near(a, b, _NEAR) and telling
    if thing.whole and first.marked and second.marked:
        return fewest >= _TWO or slip or close
    if thing.whole:
        share = _ROUGHLY if agreed >= _TWO or (told and thing.held) else _NEAR
        sure = agreed >= _TWO or (told and (telling or first.marked or second.marked)) or (thing.held and telling)
        return slip or (sure and near(a, b, share) and fewest >= _TWO)
    if named:
        return slip or close or (told and min(a, b) >= _FEW and near(a, b, _ROUGHLY))
    if first.marked and second.marked:
        apart = first.words.deed or names_activity(thing.key)
        sure = told and thing.content >= _TWO and near(a, b, _ROUGHLY) and fewest >= _TWO
        return slip and thing.content >= _THREE if apart else slip or close or sure
    return slip and thing.content >= (_TWO if told else _THREE)
