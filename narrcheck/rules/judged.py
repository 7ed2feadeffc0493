"""The L rules: what a language model holds against the words of a filing, once code has found both its quotes."""

from collections.abc import Iterator

from narrcheck.advice import Judgement, Words
from narrcheck.filing import Evidence, Finding, Severity
from narrcheck.rules.case import Case
from narrcheck.rules.registry import rule


@rule("L01", "goal-unanswered", severity=Severity.WARNING)
def goal_unanswered(case: Case) -> Iterator[Finding]:
    """预期目标中用文字提出的任务，实际完成情况和各指标行都没有回应。

    由语言模型判断，只在使用语言模型时运行；两处原文都须在表中逐字找到。

    不符:
      goal: 修缮古戏台，编印戏台图录。
      narrative: 古戏台修缮完成。
      judged: L01 | goal 编印戏台图录 | narrative 古戏台修缮完成
    相符:
      goal: 修缮古戏台，编印戏台图录。
      narrative: 古戏台修缮完成，图录付印。
    """
    for judgement in _of(case, "L01"):
        goal, nearest = _evidence(case, judgement)
        yield case.finding(goal, nearest, goal=goal.quote, nearest=nearest.quote)


@rule("L02", "note-without-reason", severity=Severity.WARNING)
def note_without_reason(case: Case) -> Iterator[Finding]:
    """偏差说明没有说明产生偏差的原因，只写了措施，或说的是别的事。

    由语言模型判断，只在使用语言模型时运行；所引说明须在该行逐字找到。

    不符:
      row: 消防演练次数 | ≥6(次) | 4.00(次) | 10 | 6.67 | 下一步加强统筹安排。
      judged: L02 | note:1 加强统筹安排 | actual:1 4.00(次)
    相符:
      row: 消防演练次数 | ≥6(次) | 4.00(次) | 10 | 6.67 | 两个站点搬迁，演练改到次年。
    """
    for judgement in _of(case, "L02"):
        note, result = _evidence(case, judgement)
        if note.row is not None:
            row = case.filing.indicators[note.row]
            yield case.finding(note, result, case.cell(row, "target"), row=row.name, note=note.quote)


@rule("L03", "wording-contradiction", severity=Severity.WARNING)
def wording_contradiction(case: Case) -> Iterator[Finding]:
    """两处文字的说法互相矛盾，不能同时成立。

    由语言模型判断，只在使用语言模型时运行；两处原文都须在表中逐字找到。数量之间的矛盾由其他规则核对。

    不符:
      narrative: 各站点均按期开放。
      row: 站点开放情况 | 全部开放 | 部分开放 | 10 | 8 | 东站因装修延期，至年底未开放。
      judged: L03 | narrative 各站点均按期开放 | note:1 至年底未开放
    相符:
      narrative: 除东站外，各站点均按期开放。
      row: 站点开放情况 | 全部开放 | 部分开放 | 10 | 8 | 东站因装修延期，至年底未开放。
    """
    for judgement in _of(case, "L03"):
        first, second = _evidence(case, judgement)
        yield case.finding(first, second, first=first.quote, second=second.quote)


def _of(case: Case, code: str) -> Iterator[Judgement]:
    """The judgements under a rule, each pair of passages once: a shorter or longer quote of the same is the same."""
    told: list[tuple[Words, Words]] = []
    for judgement in case.judgements:
        if judgement.rule != code:
            continue
        first, second = judgement.first, judgement.second
        pairs = ((a, b) for one, other in told for a, b in ((one, other), (other, one)))
        if not any(_overlap(first, a) and (code == "L01" or _overlap(second, b)) for a, b in pairs):
            told.append((first, second))
            yield judgement


def _overlap(one: Words, other: Words) -> bool:
    return (one.field, one.row) == (other.field, other.row) and one.start < other.end and other.start < one.end


def _evidence(case: Case, judgement: Judgement) -> tuple[Evidence, Evidence]:
    return _shown(case, judgement.first), _shown(case, judgement.second)


def _shown(case: Case, words: Words) -> Evidence:
    row = None if words.row is None else case.filing.indicators[words.row]
    raw = case.fields.text(words.field, words.row).raw
    if row is not None and (words.start, words.end) == (0, len(raw)):
        return case.cell(row, words.field)
    return case.words(words.field, raw, words.start, words.end, row)
