"""Prints figures against their limits. Ratios hold between machines; milliseconds are for orientation."""

import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.batch import batch
from bench.formats import formats
from bench.generator import filings
from bench.model import model
from bench.reports import reports
from narrcheck.pipeline import check_data
from narrcheck.reports.encoding import encode
from narrcheck.reports.json import checked_to_json
from narrcheck.settings import Settings

WARM_UP, MEASURED, STARTS, MANY = 50, 200, 7, 10_000
WARM_LIMIT, COLD_LIMIT, MEMORY_LIMIT = 3.0, 1.8, 20.0


def main() -> None:
    """All measurements and a table."""
    rows = [warm(), cold(), memory(), *formats(), *reports(), *model(), *batch()]
    print(f"{'measured':<74}{'figure':>10}{'limit':>9}  result")
    for name, figure, limit, unit in rows:
        print(f"{name:<74}{figure:>9.2f}{unit:1}{limit:>8.2f}{unit:1}  {'ok' if figure <= limit else 'over'}")


def warm() -> tuple[str, float, float, str]:
    """Bytes to JSON against jieba.lcut of the same text; every filing is new to both, and they take turns."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    settings = Settings()

    def whole(data: bytes) -> None:
        for checked in check_data(data, "filing.txt", settings):
            encode(checked_to_json(checked))

    def tokens(data: bytes) -> None:
        jieba.lcut(data.decode())

    for data in filings(WARM_UP):
        whole(data)
        tokens(data)
    ours, theirs = [], []
    for data in filings(MEASURED, first=WARM_UP):
        ours.append(_seconds(lambda data=data: whole(data)))  # type: ignore[misc]
        theirs.append(_seconds(lambda data=data: tokens(data)))  # type: ignore[misc]
    name = f"check {1000 * median(ours):.2f} ms / jieba.lcut {1000 * median(theirs):.2f} ms"
    return name, sum(ours) / sum(theirs), WARM_LIMIT, "x"


def cold() -> tuple[str, float, float, str]:
    """A fresh process that checks one file against one that loads jieba's dictionary."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.txt"
        path.write_bytes(next(filings(1)))
        ours = [sys.executable, "-m", "narrcheck", "check", "--fail-on", "never", str(path)]
        theirs = [sys.executable, "-c", "import jieba; jieba.initialize()"]
        pairs = [(_seconds(lambda: _run(ours)), _seconds(lambda: _run(theirs))) for _ in range(STARTS + 1)][1:]
    check, load = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return f"cold check {1000 * check:.0f} ms / jieba.initialize {1000 * load:.0f} ms", check / load, COLD_LIMIT, "x"


def memory() -> tuple[str, float, float, str]:
    """What the second half of many filings adds to one process."""
    command = [sys.executable, "-m", "bench.memory", str(MANY)]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return f"{MANY:,} filings in one process: added by the second half", float(done.stdout), MEMORY_LIMIT, "M"


def _seconds(action: Callable[[], None]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def _run(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
