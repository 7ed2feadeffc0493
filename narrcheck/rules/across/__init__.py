"""The X rules: what no single filing shows.

`across_unit` runs X02–X05 over the filings of one unit. X01 compares the narratives of the whole batch, in the three
steps of narrcheck.rules.across.copies: a sketch of each, the pairs worth comparing, the comparison.
"""

import traceback
from collections.abc import Collection, Sequence

import narrcheck.rules.across.changes
import narrcheck.rules.across.copies
import narrcheck.rules.across.facts
import narrcheck.rules.across.outputs  # noqa: F401 - the four register X01–X05
from narrcheck.filing import RuleFailure
from narrcheck.rules.across.members import CrossFinding, Group, Member, told_apart
from narrcheck.rules.registry import find_rule

OF_A_UNIT = ("X02", "X03", "X04", "X05")


def across_unit(
    group: Sequence[Member], lang: str = "zh", rules: Collection[str] = OF_A_UNIT
) -> tuple[tuple[CrossFinding, ...], tuple[RuleFailure, ...]]:
    """What `rules` say of the filings of one unit (all years, both forms), in code order, and the rules that raised.

    Ids and evidence depend on what the filings say, never on their keys or order.
    """
    found: list[CrossFinding] = []
    failures: list[RuleFailure] = []
    compared = Group(group, lang)
    for code in sorted(rules):
        rule = find_rule(code)
        if rule is None or rule.across is None:
            continue
        try:
            found.extend(rule.across(compared))
        except Exception as error:  # a bug in one rule must not hide what the others saw
            spot = traceback.extract_tb(error.__traceback__)[-1]
            failures.append(RuleFailure(code, f"{type(error).__name__}: {error} ({spot.name}:{spot.lineno})"))
    return tuple(told_apart(found)), tuple(failures)
