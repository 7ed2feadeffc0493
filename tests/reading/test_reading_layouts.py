"""Reading inverts writing: a made-up form, printed in any of the layouts, is read back cell for cell."""

from random import Random

import pytest
from layouts import LAYOUTS, Form, form
from printed import printed, with_numbers

from narrcheck.filing import Filing
from narrcheck.reading import read_bytes
from narrcheck.text import squeeze

EXACT = [name for name in LAYOUTS if name != "lines"]


def _cells(filing: Filing) -> dict[str, str]:
    """Every cell of a filing, white space left out."""
    cells: dict[str, object] = {
        "year": filing.year, "project": filing.project, "department": filing.department, "unit": filing.unit,
        "money": filing.money_unit, "goal": filing.goal, "narrative": filing.narrative, "grade": filing.grade,
        "total_weight": filing.total_weight.raw, "total_score": filing.total_score.raw,
    }  # fmt: skip
    for number, row in enumerate(filing.indicators):
        cells |= {
            f"{number}.level1": row.level1, f"{number}.level2": row.level2, f"{number}.name": row.name,
            f"{number}.target": row.target.raw, f"{number}.actual": row.actual.raw, f"{number}.weight": row.weight.raw,
            f"{number}.score": row.score.raw, f"{number}.note": row.note or "",
        }  # fmt: skip
    for number, funds in enumerate(filing.funds):
        for name in ("label", "initial", "adjusted", "executed", "weight", "rate", "score"):
            cell = getattr(funds, name)
            cells[f"funds {number}.{name}"] = cell if isinstance(cell, str) else cell.raw
    return {name: squeeze(str(cell)) for name, cell in cells.items()}


def _printed(made: Form) -> dict[str, str]:
    cells: dict[str, object] = {
        "year": made.year, "project": made.project, "department": made.department, "unit": made.unit,
        "money": made.money_unit, "goal": made.goal, "narrative": made.narrative, "grade": made.grade,
        "total_weight": made.total_weight, "total_score": made.total_score,
    }  # fmt: skip
    for number, row in enumerate(made.rows):
        cells |= {f"{number}.{name}": cell for name, cell in row.items()}
    for number, funds in enumerate(made.funds):
        cells |= {f"funds {number}.{name}": cell for name, cell in funds.items()}
        cells[f"funds {number}.label"] = funds["label"].removeprefix("其中：")
    return {name: squeeze(str(cell)) for name, cell in cells.items()}


def _differences(made: Form, text: str) -> tuple[dict[str, tuple[str, str]], Filing]:
    filings = read_bytes(text.encode(), "a.txt")
    assert len(filings) == 1
    want, have = _printed(made), _cells(filings[0])
    return {n: (want.get(n, ""), have.get(n, "")) for n in want | have if want.get(n) != have.get(n)}, filings[0]


@pytest.mark.parametrize("order", ["national", "weight-first"])
@pytest.mark.parametrize("layout", EXACT)
def test_reading_inverts_writing(layout: str, order: str) -> None:
    for seed in range(40):
        made = form(seed, order)
        different, _ = _differences(made, LAYOUTS[layout](made, Random(seed)))
        assert not different, (layout, order, seed)


@pytest.mark.parametrize("order", ["national", "weight-first"])
def test_wrapped_lines_are_read_or_doubted(order: str) -> None:
    """Where only line ends are left, a few boundaries between words are lost; most of those are reported."""
    cells = wrong = silent = 0
    for seed in range(60):
        made = form(seed, order)
        different, filing = _differences(made, LAYOUTS["lines"](made, Random(seed)))
        cells += len(_printed(made))
        wrong += len(different)
        silent += bool(different) and not filing.doubts
    assert wrong < cells * 0.003
    assert silent <= 2


@pytest.mark.parametrize("order", ["national", "weight-first"])
@pytest.mark.parametrize(("tear", "share"), [(False, 0.004), (True, 0.015)])
def test_printed_pages_are_read_or_doubted(order: str, tear: bool, share: float) -> None:
    """Numbers inside the words of targets, digits set apart, a page end inside a row."""
    cells = wrong = silent = 0
    for seed in range(60):
        made = with_numbers(form(seed, order), Random(seed))
        different, filing = _differences(made, printed(made, Random(seed), tear))
        cells += len(_printed(made))
        wrong += len(different)
        silent += bool(different) and not filing.doubts
    assert wrong < cells * share
    assert silent <= 3
