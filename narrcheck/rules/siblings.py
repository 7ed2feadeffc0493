"""R02: two rows about one thing, one counting it, the other stating its completed share."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from narrcheck.filing import Finding, Indicator, Severity
from narrcheck.quantity.compare import falls_short, share
from narrcheck.quantity.units import is_percent
from narrcheck.rules.case import Case
from narrcheck.rules.figures import HUNDRED, longest_first, shown, words
from narrcheck.rules.registry import rule
from narrcheck.text import squeeze

_PUNCTUATION = re.compile(r"[^\w]+")
_BRACKETS = re.compile(r"[((][^()()]{0,12}[))]")
_LEAST_THING = 3
_POINT = Decimal(1)


@rule("R02", "sibling-contradiction", severity=Severity.ERROR)
def sibling_contradiction(case: Case) -> Iterator[Finding]:
    """同一事项的数量与完成率应一致：数量按计划全部完成的，完成率不应低于 100%；数量未完成的，完成率不应为 100%。

    只在完成率行的名称明确指向唯一一个数量行时核对。

    不符:
      row: 农技简报编印期数 | =12期 | 12期 | 5 | 5
      row: 农技简报编印完成率 | =100% | 75% | 5 | 3.75 | 稿件延误

      row: 示范基地建设数量 | ≥10个 | 8个 | 5 | 4 | 土地未落实
      row: 示范基地建设完成率 | =100% | 100% | 5 | 5
    相符:
      row: 农技简报编印期数 | =12期 | 9期 | 5 | 3.75 | 稿件延误
      row: 农技简报编印完成率 | =100% | 75% | 5 | 3.75 | 稿件延误

      row: 农技简报编印期数 | =12期 | 12期 | 5 | 5
      row: 示范基地建设完成率 | =100% | 80% | 5 | 4 | 土地未落实

      row: 农机检修数量 | ≥300台 | 360台 | 5 | 5
      row: 农机检修完成率 | ≥95% | 98% | 5 | 5
    """
    rows = case.filing.indicators
    for rate in rows:
        thing = rated_thing(rate.name)
        if thing is None or not _is_rate(rate):
            continue
        counted = [row for row in rows if row is not rate and _is_count(row) and same_thing(thing, row.name)]
        if len(counted) != 1:
            continue
        part = _planned_share(counted[0])
        if (
            part is None
            or rate.actual.value is None
            or not _disagree(
                counted[0], part, rate.actual.value, falls_short(rate.target, rate.actual.value, "%") is True
            )
        ):
            continue
        yield case.finding(
            case.cell(counted[0], "actual"),
            case.cell(counted[0], "target"),
            case.cell(rate, "actual"),
            name=counted[0].name,
            target=counted[0].target.raw,
            actual=counted[0].actual.raw,
            rate_name=rate.name,
            rate=rate.actual.raw,
            share=shown(part * HUNDRED),
        )


def _is_rate(row: Indicator) -> bool:
    return row.actual.value is not None and row.actual.upper is None and is_percent(row.actual.unit or "")


def _is_count(row: Indicator) -> bool:
    if row.target.value is None or row.actual.value is None or row.target.upper is not None:
        return False
    return not is_percent(row.target.unit or "") and row.target.comparator not in ("≤", "<") and row.target.value > 0


def _planned_share(row: Indicator) -> Decimal | None:
    if row.actual.value is None:
        return None
    return share(row.target, row.actual.value, row.actual.unit or row.target.unit or "")


def _disagree(counted: Indicator, part: Decimal, rate: Decimal, missed: bool) -> bool:
    """Whether a completed share of `rate` percent certainly contradicts `part` of the plan done.

    More than an open target's number may have been asked for, so a rate below 100 beside an exceeded count is a
    contradiction only where the rate `missed` its own target.
    """
    if part < 1:
        return rate >= HUNDRED or (counted.target.comparator in ("=", None) and abs(part * HUNDRED - rate) > _POINT)
    exact = counted.target.comparator in ("=", None) or part == 1
    return rate < HUNDRED and (exact or missed)


@lru_cache(maxsize=4096)
def rated_thing(name: str) -> str | None:
    """What a completion-rate row is about (农技简报编印 of 农技简报编印完成率); None for any other row."""
    plain = plain_name(name)
    for ending in longest_first("siblings", "share"):
        if plain.endswith(ending):
            thing = plain[: -len(ending)]
            return None if any(word in thing for word in words("siblings", "other")) else thing
    return None


@lru_cache(maxsize=4096)
def same_thing(thing: str, name: str) -> bool:
    """Whether a row called `name` certainly counts `thing`: what is left of both without actions and measures is one.

    A longer name may hold the thing at its end (金融专刊 holds 专刊), but not a thing too common to be one.
    """
    core, other = _core(thing), _core(plain_name(name))
    if len(core) < 2 or core in words("siblings", "vague"):
        return False
    if core == other:
        return True
    endings = (thing, *(thing + count for count in longest_first("siblings", "counts")))
    return len(thing) > _LEAST_THING and plain_name(name).endswith(endings)


def plain_name(name: str) -> str:
    """A row's name without brackets and punctuation."""
    return _PUNCTUATION.sub("", _BRACKETS.sub("", squeeze(name)))


def _core(name: str) -> str:
    """A name without the words for what was done and how it is counted, at its start and end."""
    left = name
    actions, counts = longest_first("siblings", "actions"), longest_first("siblings", "counts")
    for _ in range(4):
        before = left
        for count in counts:
            if left.endswith(count) and len(left) > len(count) + 1:
                left = left.removesuffix(count)
                break
        for action in actions:
            left = left.removeprefix(action).removesuffix(action) if len(left) > len(action) + 1 else left
        if left == before:
            break
    return left
