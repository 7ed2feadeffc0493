"""The figures that provinces set differently. Rules read them from here; profiles and settings fill them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits, bands and formulas of the rules; the defaults are the national form's.

    Ratios are plain (0.5 is 50 %), gaps in percentage points.
    """

    over_achievement: Decimal = Decimal("0.5")
    over_achievement_least: Decimal = Decimal(3)
    budget_change: Decimal = Decimal("0.30")
    spending_gap: Decimal = Decimal(30)
    grade_excellent: Decimal = Decimal(90)
    grade_good: Decimal = Decimal(80)
    grade_fair: Decimal = Decimal(60)
    band_met: Decimal = Decimal("0.8")
    band_partly: Decimal = Decimal("0.6")
    upper_bound_score: Literal["proportional", "linear"] = "proportional"
