"""N10, N11: the narrative as a whole."""

import re
from collections.abc import Iterator

from narrcheck.filing import Evidence, FieldName, Finding, Severity
from narrcheck.rules.case import Case
from narrcheck.rules.registry import rule
from narrcheck.text import squeeze

_SENTENCE = re.compile(r"[^。;]{1,60}[。;]?")
_NUMBER = re.compile(r"[\d.,%一二两三四五六七八九十百千万零]+")
_COPIED = 0.8
_LEAST_LENGTH = 12


@rule("N10", "empty-narrative", severity=Severity.INFO)
def empty_narrative(case: Case) -> Iterator[Finding]:
    """实际完成情况没有写出可以核对的数量，指标表却设有定量指标。

    不符:
      narrative: 已完成。
      row: 培训期数 | ≥3(期) | 3.00(期) | 10 | 10
    相符:
      narrative: 举办培训3期。
      row: 培训期数 | ≥3(期) | 3.00(期) | 10 | 10
    """
    rows = [row for row in case.filing.indicators if row.target.value is not None]
    if not rows or any(claim.field == "narrative" for claim in case.claims):
        return
    yield case.finding(_opening(case, "narrative") or case.cell(rows[0], "target"), rows=len(rows))


@rule("N11", "copied-goal", severity=Severity.INFO)
def copied_goal(case: Case) -> Iterator[Finding]:
    """实际完成情况几乎逐字照抄预期目标。

    不符:
      goal: 保障园区绿化养护和保洁工作正常开展，为职工提供整洁舒适的办公环境。
      narrative: 保障园区绿化养护和保洁工作正常开展，为职工提供整洁舒适的办公环境。
    相符:
      goal: 保障园区绿化养护和保洁工作正常开展，为职工提供整洁舒适的办公环境。
      narrative: 全年修剪绿地四次，更换草坪300平方米，保洁检查合格。
    """
    goal, narrative = (_NUMBER.sub("", squeeze(text or "")) for text in (case.filing.goal, case.filing.narrative))
    if min(len(goal), len(narrative)) < _LEAST_LENGTH:
        return
    shared = _threes(goal) & _threes(narrative)
    if all(_said(text, shared) >= _COPIED for text in (narrative, goal)):
        pieces = [_opening(case, "narrative"), _opening(case, "goal")]
        yield case.finding(*(piece for piece in pieces if piece))


def _opening(case: Case, field: FieldName) -> Evidence | None:
    """The first sentence of the goal or the narrative, 60 characters of it at most."""
    text = case.fields.text(field, None)
    sentence = _SENTENCE.search(text.flat)
    return case.words(field, text.raw, *text.span(*sentence.span())) if sentence else None


def _threes(text: str) -> set[str]:
    return {text[i : i + 3] for i in range(len(text) - 2)}


def _said(text: str, shared: set[str]) -> float:
    """The share of a text's characters that stand in one of the shared groups of three, in whatever order."""
    covered = end = 0
    for at in range(len(text) - 2):
        if text[at : at + 3] in shared:
            covered += at + 3 - max(at, end)
            end = at + 3
    return covered / len(text)
