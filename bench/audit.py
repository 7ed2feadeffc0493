"""`python -m bench.audit FOLDER STORE`: audits a folder as `narrcheck batch run` does and prints, as JSON, the seconds
to the end of checking and of comparing, and the most memory this process took, in MB."""

import json
import os
import sys
from pathlib import Path
from time import perf_counter

from narrcheck.audit.engines import Local
from narrcheck.audit.interrupts import stoppable
from narrcheck.audit.run import Run
from narrcheck.audit.store import Store
from narrcheck.commands.progress import Progress
from narrcheck.settings import Settings

_BEGUN = perf_counter()


class _Timed(Progress):
    """Notes when the checking ended."""

    seconds = 0.0

    def __enter__(self) -> "_Timed":
        super().__enter__()
        return self

    def comparing(self) -> None:
        self.seconds = perf_counter() - _BEGUN
        super().comparing()


def _most_memory() -> float:
    """The most memory this process took until now, in MB (Linux)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(folder: str, address: str) -> None:
    """One run with a process a core."""
    with Store(address) as store, _Timed("en") as progress, stoppable():
        Run(store, folder, Settings(), Local(os.cpu_count() or 1), progress)()
    whole = perf_counter() - _BEGUN
    print(json.dumps({"check": progress.seconds, "compare": whole - progress.seconds, "memory": _most_memory()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
