"""How long reports take, against the checks that they report."""

from pathlib import Path
from time import perf_counter

from bench.generator import filings
from narrcheck.filing import Report
from narrcheck.pipeline import check_data
from narrcheck.reports import View, render
from narrcheck.settings import Settings

FILINGS, ROUNDS = 40, 3
LIMITS = {"json": 0.1, "sarif": 0.2, "html": 0.8, "xlsx": 0.8, "docx": 3.0}
"""The limit of each format, in checks of the same filing."""


def reports() -> list[tuple[str, float, float, str]]:
    """Each format for one filing at a time, as a folder of reports is written, against checking it."""
    settings, base = Settings(), Path.cwd()
    checking, made = 0.0, []
    for data in filings(FILINGS):
        start = perf_counter()
        checked = check_data(data, "filing.txt", settings)
        checking += perf_counter() - start
        made.append(Report("0", "offline", settings.profile, checked))
    rows = []
    for format, limit in LIMITS.items():
        view = View(format, base=base)
        render(made[0], view)
        taken = min(_seconds(made, view) for _ in range(ROUNDS))
        name = f"{format} report {1000 * taken / FILINGS:.1f} ms / check {1000 * checking / FILINGS:.1f} ms"
        rows.append((name, taken / checking, limit, "x"))
    return rows


def _seconds(made: list[Report], view: View) -> float:
    start = perf_counter()
    for report in made:
        render(report, view)
    return perf_counter() - start
