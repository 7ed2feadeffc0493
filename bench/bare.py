"""`python -m bench.bare check FOLDER PART PARTS`: checks every PARTS-th file of a folder, and nothing else.
`python -m bench.bare hash FOLDER`: reads every file of a folder and takes its SHA-256.

The yardsticks of a batch: no store, no limits, no progress.
"""

import hashlib
import sys
from pathlib import Path

from narrcheck.reading.inputs import walk


def check(folder: str, part: int, parts: int) -> None:
    """Bytes to JSON; what cannot be read is passed over."""
    from narrcheck.pipeline import check_data
    from narrcheck.reading import ReadError
    from narrcheck.reports.encoding import encode
    from narrcheck.reports.json import checked_to_json
    from narrcheck.settings import Settings

    settings = Settings()
    for path in _files(folder)[part::parts]:
        try:
            for checked in check_data(path.read_bytes(), str(path), settings):
                encode(checked_to_json(checked))
        except ReadError:
            continue


def digests(folder: str) -> None:
    """The SHA-256 of every file."""
    for path in _files(folder):
        hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder: str) -> list[Path]:
    return [Path(place) / name for place, names in walk(folder) for name in names]


if __name__ == "__main__":
    if sys.argv[1] == "check":
        check(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        digests(sys.argv[2])
