"""Deadlines: a target that is a date (10月底前) and an actual that names another (12月8日完成)."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from narrcheck.filing import Indicator
from narrcheck.rules.figures import longest_first
from narrcheck.text import squeeze

_DATE = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号]|(?P<part>[\u4e00-\u9fff]{1,2})?))"
)
_PARTS = {"上旬": 10, "中旬": 20, "中": 20}
_FIRST_DAYS = {"中旬": 11, "中": 11, "下旬": 21, "底": 21, "末": 21}


def is_late(row: Indicator, year: int | None) -> bool:
    """Whether the row's target is a deadline, and the one date its actual names certainly lies after it.

    A date without a year is one of the filing's `year`.
    """
    if row.target.value is not None or "月" not in row.target.raw or "月" not in row.actual.raw:
        return False
    due = _deadline(squeeze(row.target.raw), year)
    done = _earliest(squeeze(row.actual.raw), year)
    return due is not None and done is not None and done > due


@lru_cache(maxsize=1024)
def _deadline(target: str, year: int | None) -> date | None:
    """The last day that a target such as 2023年10月底前完成 allows; None where it is no single deadline."""
    dates = list(_DATE.finditer(target))
    if len(dates) != 1:
        return None
    found = dates[0]
    after = target[found.end("day") + 1 if found["day"] else found.end("month") + 1 :]
    for part in ("上旬", "中旬", "下旬", "中", "底", "末"):
        after = after.removeprefix(part)
    if not after.startswith(longest_first("deadlines", "before")):
        return None
    return _day(found, year, last=True)


@lru_cache(maxsize=1024)
def _earliest(actual: str, year: int | None) -> date | None:
    """The earliest day that the one date in a text may mean; None where it names none or several."""
    dates = list(_DATE.finditer(actual))
    return _day(dates[0], year, last=False) if len(dates) == 1 else None


def _day(found: re.Match[str], year: int | None, *, last: bool) -> date | None:
    own_year = int(found["year"]) if found["year"] else year
    month = int(found["month"])
    if own_year is None or not 1900 <= own_year <= 2999 or not 1 <= month <= 12:
        return None
    end = monthrange(own_year, month)[1]
    part = found["part"] or ""
    if found["day"]:
        day = int(found["day"])
    elif last:
        day = next((_PARTS[word] for word in _PARTS if part.startswith(word)), end)
    else:
        day = next((_FIRST_DAYS[word] for word in _FIRST_DAYS if part.startswith(word)), 1)
    return date(own_year, month, day) if 1 <= day <= end else None
