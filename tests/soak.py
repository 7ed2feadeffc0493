"""Kills a batch with kill -9 at many points, resumes it, and compares its store with an undisturbed one: make soak."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "audit")]

from batching_helpers import Content, content, finished, kill_when, mixed, points, resumed, rows, started  # noqa: E402

FILES, POINTS = 400, 20


def main(files: int = FILES, count: int = POINTS) -> int:
    """A line a point; the exit code is 1 where any ended otherwise than the undisturbed run."""
    failed = 0
    with tempfile.TemporaryDirectory() as place:
        folder, store = mixed(Path(place) / "year", files), Path(place) / "whole.db"
        finished("run", folder, "--store", store)
        whole = content(store)
        total = len(whole["files"])
        print(f"{total} files, {len(whole['across'])} places of findings across filings")
        for number, (name, _) in enumerate(points(store, total, count)):
            told = _killed(folder, Path(place) / f"{number}.db", number, whole, count)
            failed += told != "the same"
            print(f"{number + 1:3}  killed when {name}: {told}", flush=True)
    return 1 if failed else 0


def _killed(folder: Path, store: Path, number: int, whole: Content, count: int) -> str:
    """What came of a run that is killed at one of the points, and then resumed."""
    total = len(whole["files"])
    _, met = list(points(store, total, count))[number]
    process = started("run", folder, "--store", store)
    if not kill_when(process, met(process)):
        return "it ended before it could be killed"
    resumed(store, folder)
    if content(store) != whole:
        return "another content"
    return "the same" if rows(store, "SELECT COUNT(*) FROM files") == [(total,)] else "a file was worked on twice"


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
