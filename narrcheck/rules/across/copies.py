"""X01: narratives that two filings share. A sketch of each finds the pairs; reading both texts decides."""

from collections.abc import Iterator

from narrcheck.filing import Severity
from narrcheck.rules.across.members import (
    CrossFinding,
    Group,
    Member,
    place,
    project_key,
    stated,
    title,
    unit_key,
    year_of,
)
from narrcheck.rules.across.narratives import of_filings, shared
from narrcheck.rules.across.sketches import candidates, sketch
from narrcheck.rules.case import Case
from narrcheck.rules.registry import across_rule
from narrcheck.text import squeeze

_OPENING = 18

__all__ = ["candidates", "copied", "copied_narrative", "sketch"]


@across_rule("X01", "copied-narrative", severity=Severity.WARNING)
def copied_narrative(group: Group) -> Iterator[CrossFinding]:
    """两份自评表的实际完成情况（30 字以上）不应整段相同或基本相同。

    换了数字、地名、单位名或调整了语句顺序的仍算相同；一份整段包含在另一份中的、中间夹着同一大段（约
    100 字以上）的也算。只有“按照年初计划完成了各项工作任务”一类套话相同的不算。n 份相同的只报告 n - 1 处，各与最相近
    的一份对照。
    只在批量核对（narrcheck batch）时运行。

    不符:
      year: 2024
      project: 东园管护
      narrative: 全年修剪行道树1200株，补植月季3000丛，更换破损座椅45张，疏通排水沟2公里。
      ---
      year: 2024
      project: 西园管护
      narrative: 全年修剪行道树800株，补植月季2500丛，更换破损座椅30张，疏通排水沟3公里。
    相符:
      year: 2024
      project: 剧场灯光更新
      narrative: 按照年初计划完成了各项工作任务，资金使用规范，更换舞台灯具60套，调试音响两轮。
      ---
      year: 2024
      project: 泵站检修
      narrative: 按照年初计划完成了各项工作任务，资金使用规范，检修水泵12台，清掏集水井8座。
    """
    members = {member.key: member for member in group.members}
    told = ((member.key, sketch(member.filing.narrative)) for member in group.members)
    for first, second in candidates(told):
        found = copied(members[first], members[second], group.lang)
        if found:
            yield found


def copied(first: Member, second: Member, lang: str) -> CrossFinding | None:
    """What is to be said of two filings whose narratives may be copies; None where they are not."""
    if "target_table" in (first.filing.form, second.filing.form):
        return None
    earlier, later = sorted((first, second), key=place)
    spans = shared(*of_filings(earlier.filing, later.filing))
    if spans is None:
        return None
    pieces = [
        (member, Case(member.filing, ()).words("narrative", member.filing.narrative or "", *span))
        for member, span in zip((later, earlier), reversed(spans), strict=True)
    ]
    opening = squeeze(pieces[0][1].quote)
    return stated(
        "X01",
        lang,
        pieces,
        _variant(earlier, later),
        project=title(later, lang),
        year=year_of(later, lang),
        other=title(earlier, lang),
        other_year=year_of(earlier, lang),
        opening=opening if len(opening) <= _OPENING else f"{opening[:_OPENING]}…",
    )


def _variant(first: Member, second: Member) -> str:
    """How the two filings stand to each other: the same project and year, another year, another project."""
    one, other = ((unit_key(member.filing), project_key(member.filing)) for member in (first, second))
    if one != other or not one[1]:
        return "project"
    return "same" if first.filing.year == second.filing.year else "year"
