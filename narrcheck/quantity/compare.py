"""How a stated quantity and a table value compare: modifiers, rounding as written, conversion of units."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from enum import Enum

from narrcheck.filing import Modifier, Target
from narrcheck.quantity.units import comparable, in_base

_ABOUT = Decimal("0.1")
_UPPER_BOUNDS = ("≤", "<")


class Agreement(Enum):
    """The outcome of a comparison, from the same number down to no comparison at all."""

    EQUAL = "equal"
    ROUNDED = "rounded"  # the same to rounding or truncation, but not equal
    ADMITTED = "admitted"  # a different value that the modifier allows
    DIFFERS = "differs"
    INCOMPARABLE = "incomparable"


def compare(
    modifier: Modifier, value: Decimal, upper: Decimal | None, unit: str, table_value: Decimal, table_unit: str
) -> Agreement:
    """How a claim (value with its modifier, `upper` for a range) stands to a table value.

    Units convert; an empty unit is taken for the other side's. Digits count as written, except zeros at the end of a
    decimal fraction, which the forms' systems add.
    """
    unit, table_unit = unit or table_unit, table_unit or unit
    if not comparable(unit, table_unit):
        return Agreement.INCOMPARABLE
    stated, table = in_base(value, unit), in_base(table_value, table_unit)
    if upper is not None:
        return Agreement.ADMITTED if stated <= table <= in_base(upper, unit) else Agreement.DIFFERS
    if stated == table:
        return Agreement.EQUAL
    if _admits(modifier, stated, table):
        return Agreement.ADMITTED
    return Agreement.ROUNDED if same_to_rounding(value, unit, table_value, table_unit) else Agreement.DIFFERS


def _admits(modifier: Modifier, stated: Decimal, table: Decimal) -> bool:
    if modifier == "at_least":
        return table >= stated
    if modifier == "at_most":
        return table <= stated
    return modifier == "about" and abs(table - stated) <= abs(stated) * _ABOUT


def same_to_rounding(a: Decimal, a_unit: str, b: Decimal, b_unit: str) -> bool:
    """Whether the value given with more digits, rounded or truncated to the other's precision, equals it."""
    x, y = in_base(a, a_unit), in_base(b, b_unit)
    step_x, step_y = in_base(_step(a), a_unit), in_base(_step(b), b_unit)
    if abs(x - y) >= max(step_x, step_y):
        return False
    if step_x > step_y:
        x, y, step_y = y, x, step_x
    # Enough digits for a quotient of numbers of any length.
    context = Context(prec=max(len(x.as_tuple().digits), len(y.as_tuple().digits)) + 40)
    steps = context.divide(x, step_y)
    target = context.divide(y, step_y)
    return any(steps.to_integral_value(how, context) == target for how in (ROUND_HALF_UP, ROUND_DOWN))


def _step(value: Decimal) -> Decimal:
    """The size of the last written digit, zeros that end a fraction aside: 0.1 for 3.50, 1 for 66.00 and 1200."""
    digits, exponent = value.as_tuple().digits, int(value.as_tuple().exponent)
    end = len(digits)
    while exponent < 0 and end > 1 and digits[end - 1] == 0:
        end, exponent = end - 1, exponent + 1
    return Decimal(1).scaleb(min(exponent, 0)) if any(digits) else Decimal(1)


def falls_short(target: Target, value: Decimal, unit: str) -> bool | None:
    """Whether a value misses its target; None where the target is words or its unit cannot be compared.

    A target without comparator is read as "="; one that is exceeded is met, except =0, which is an upper bound.
    """
    pair = _in_base_of(target, value, unit)
    if pair is None:
        return None
    goal, done = pair
    match target.comparator:
        case "≥":
            return done < goal
        case ">":
            return done <= goal
        case "≤":
            return done > _top(target, goal, unit)
        case "<":
            return done >= _top(target, goal, unit)
        case _:
            return done > goal if goal == 0 else done < goal


def share(target: Target, value: Decimal, unit: str) -> Decimal | None:
    """How much of its target a value reaches: value/target, or target/value for an upper bound; 1 is reached.

    None where the target is words or its unit cannot be compared. A bound of zero is reached wholly or not at all.
    """
    pair = _in_base_of(target, value, unit)
    if pair is None:
        return None
    goal, done = pair
    if is_upper_bound(target):
        goal = _top(target, goal, unit)
        if done <= 0:
            return Decimal(1)
        return goal / done
    return done / goal if goal > 0 else Decimal(1)


def is_upper_bound(target: Target) -> bool:
    """Whether less is better: ≤, <, or =0."""
    return target.comparator in _UPPER_BOUNDS or (target.comparator in (None, "=") and target.value == 0)


def _in_base_of(target: Target, value: Decimal, unit: str) -> tuple[Decimal, Decimal] | None:
    if target.value is None:
        return None
    goal_unit, done_unit = target.unit or unit, unit or target.unit or ""
    if not comparable(goal_unit, done_unit):
        return None
    return in_base(target.value, goal_unit), in_base(value, done_unit)


def _top(target: Target, goal: Decimal, unit: str) -> Decimal:
    """The upper end of an upper bound that is written as a range."""
    return goal if target.upper is None else in_base(target.upper, target.unit or unit)
