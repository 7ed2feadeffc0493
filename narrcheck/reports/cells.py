"""The tables of a filing as JSON: every cell as printed and as read."""

from decimal import Decimal
from typing import Any

from narrcheck.filing import Actual, FundsRow, Indicator, Number, Target

_FUNDS_COLUMNS = ("initial", "adjusted", "executed", "weight", "rate", "score")


def decimal(value: Decimal | None) -> str | None:
    """The digits as printed, never with an exponent."""
    return None if value is None else format(value, "f")


def funds_to_json(row: FundsRow) -> dict[str, Any]:
    """A funds row: decimals as strings, and the cells as printed under "raw"."""
    cells: dict[str, Number] = {column: getattr(row, column) for column in _FUNDS_COLUMNS}
    return {
        "label": row.label,
        **{column: decimal(number.value) for column, number in cells.items()},
        "raw": {column: number.raw for column, number in cells.items()},
    }


def indicator_to_json(row: Indicator) -> dict[str, Any]:
    """An indicator row: each cell as printed and as read."""
    return {
        "level1": row.level1,
        "level2": row.level2,
        "name": row.name,
        "target": _target(row.target),
        "actual": _actual(row.actual),
        "weight": decimal(row.weight.value),
        "score": decimal(row.score.value),
        "note": row.note,
        "raw": {"weight": row.weight.raw, "score": row.score.raw},
    }


def _target(cell: Target) -> dict[str, Any]:
    return {
        "raw": cell.raw,
        "comparator": cell.comparator,
        "value": decimal(cell.value),
        "upper": decimal(cell.upper),
        "unit": cell.unit,
    }


def _actual(cell: Actual) -> dict[str, Any]:
    return {
        "raw": cell.raw,
        "value": decimal(cell.value),
        "upper": decimal(cell.upper),
        "unit": cell.unit,
        "status": cell.status,
    }
