"""How the summary writes numbers, filings, rules and reasons. Every text of a filing is on one line and shortened."""

from decimal import Decimal

from narrcheck.audit.summary.model import Filed, Ranked, RuleCount
from narrcheck.catalogue import message
from narrcheck.filing import Severity
from narrcheck.reports.rulename import rule_name
from narrcheck.reports.wording import shortened, shown

NAME = 60
SENTENCE = 240
_CENTS = 1_000_000  # 分 in 万元


def say(key: str, lang: str, **facts: object) -> str:
    """The sentence summary.<key>."""
    return message(f"summary.{key}", lang, **facts)


def brief(text: str | None, lang: str, limit: int = NAME) -> str:
    """A text of a filing, or that there is none."""
    return shortened(shown(text or ""), limit) or say("none", lang)


def count(value: int) -> str:
    """A whole number with its thousands set off."""
    return f"{value:,}"


def money(cents: int | None) -> str:
    """分 in 万元, two places."""
    return "" if cents is None else f"{Decimal(cents) / _CENTS:,.2f}"


def share(part: int, whole: int) -> float | None:
    """A part of the whole; None where there is no whole."""
    return part / whole if whole > 0 else None


def percent(value: float | None) -> str:
    """A share in percent, one place; a dash for None."""
    return "—" if value is None else f"{value:.1%}"


def severity(value: int, lang: str) -> str:
    """The name of a severity."""
    return message(f"severity.{Severity(value).label}", lang)


def title(filed: Filed, lang: str) -> str:
    """Project and year of a filing, and that it is a target table where it is one."""
    project = shortened(shown(filed.project or ""), NAME) or say("unnamed", lang)
    named = project if filed.year is None else say("filed", lang, project=project, year=filed.year)
    return named if filed.form == "self_evaluation" else say("filed-form", lang, filing=named)


def reasons(item: Ranked, lang: str) -> str:
    """Why a filing is to be looked at."""
    said: list[str] = []
    for value in (Severity.ERROR, Severity.WARNING, Severity.INFO):
        own = [one for one in item.rules if one.severity == value and not one.across]
        if own:
            total = sum(one.count for one in own)
            said.append(say(f"why.{value.label}", lang, count=total, rules=_rules(own, lang)))
    across = [one for one in item.rules if one.across]
    if across:
        said.append(say("why.across", lang, rules=_rules(across, lang)))
    if item.confirmed:
        said.append(say("why.confirmed", lang, count=item.confirmed))
    if item.budget is not None:
        said.append(say("why.budget", lang, budget=money(item.budget)))
    return say("stop", lang).join(said)


def _rules(counts: list[RuleCount], lang: str) -> str:
    texts = (
        say("why.rule" if one.count == 1 else "why.rule-times", lang, code=one.code, name=rule_name(one.code, lang),
            count=one.count)
        for one in counts
    )  # fmt: skip
    return say("list", lang).join(texts)
