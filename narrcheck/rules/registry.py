"""The rule registry: one small function a rule, its facts on top. A code used twice raises."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from narrcheck.filing import Finding, FormKind, Severity

if TYPE_CHECKING:
    from narrcheck.rules.across.members import CrossFinding, Group
    from narrcheck.rules.case import Case

RuleFunction = Callable[["Case"], Iterator[Finding]]
AcrossFunction = Callable[["Group"], Iterator["CrossFinding"]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's public facts. `forms` names the kinds of form it speaks on.

    `across` is the check of a rule that compares filings; such a rule says nothing of a single one.
    """

    code: str
    name: str
    severity: Severity
    check: RuleFunction
    forms: tuple[FormKind, ...] = ("self_evaluation",)
    across: AcrossFunction | None = None

    @property
    def doc(self) -> str:
        return (self.across or self.check).__doc__ or ""


_RULES: dict[str, Rule] = {}


def rule(
    code: str, name: str, *, severity: Severity, forms: tuple[FormKind, ...] = ("self_evaluation",)
) -> Callable[[RuleFunction], RuleFunction]:
    """Register the decorated function under `code`; raises ValueError when the code or name is taken."""

    def register(check: RuleFunction) -> RuleFunction:
        _enter(Rule(code, name, severity, check, forms))
        return check

    return register


def across_rule(
    code: str, name: str, *, severity: Severity, forms: tuple[FormKind, ...] = ("self_evaluation",)
) -> Callable[[AcrossFunction], AcrossFunction]:
    """Register the decorated function as the rule `code` across filings; raises ValueError as `rule` does."""

    def register(check: AcrossFunction) -> AcrossFunction:
        _enter(Rule(code, name, severity, _nothing, forms, check))
        return check

    return register


def _nothing(case: "Case") -> Iterator[Finding]:
    """What a rule across filings says of a single one."""
    yield from ()


def _enter(new: Rule) -> None:
    if new.code in _RULES or any(known.name == new.name for known in _RULES.values()):
        raise ValueError(f"rule {new.code} ({new.name}) is registered already")
    _RULES[new.code] = new


def all_rules() -> tuple[Rule, ...]:
    """Every rule in code order: the order in which they run."""
    import narrcheck.rules.across
    import narrcheck.rules.funds
    import narrcheck.rules.judged
    import narrcheck.rules.rows
    import narrcheck.rules.scoring
    import narrcheck.rules.texts  # noqa: F401

    return tuple(_RULES[code] for code in sorted(_RULES))


def find_rule(code: str) -> Rule | None:
    """The rule of this code, or None."""
    all_rules()
    return _RULES.get(code)
