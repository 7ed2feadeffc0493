"""`python -m bench.memory COUNT`: checks COUNT filings in this process and prints what the second half added, in MB."""

import gc
import os
import sys
from pathlib import Path

from bench.generator import filings
from narrcheck.pipeline import check_data
from narrcheck.reports.encoding import encode
from narrcheck.reports.json import checked_to_json
from narrcheck.settings import Settings

MEGABYTE = 1 << 20


def resident() -> float:
    """Memory of this process in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def main(count: int) -> None:
    """Each filing is new, so that a cache without bounds would show."""
    settings = Settings()
    half = 0.0
    for number, data in enumerate(filings(count, first=1_000_000)):
        for checked in check_data(data, "filing.txt", settings):
            encode(checked_to_json(checked))
        if number == count // 2:
            half = resident()
    print(f"{resident() - half:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
