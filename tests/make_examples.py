"""Writes the examples that are no texts, from filings of eval/fixtures: `python tests/make_examples.py`."""

from collections.abc import Callable
from pathlib import Path

from makers.pdf import to_pdf
from makers.spreadsheet import to_xlsx
from makers.word import to_docx
from narrcheck.filing import Filing
from narrcheck.reading import read_bytes

ROOT = Path(__file__).resolve().parent.parent
MADE: dict[str, tuple[str, Callable[[Filing], bytes]]] = {
    "exchange.xlsx": ("gre_31", to_xlsx),
    "building.docx": ("pro_31", to_docx),
    "thinktank.pdf": ("thk_31", to_pdf),
}
"""Example → the fixture it holds, and what writes it."""


def source(name: str) -> Filing:
    """The filing of an example as its fixture gives it."""
    path = ROOT / "eval" / "fixtures" / f"{MADE[name][0]}.txt"
    (filing,) = read_bytes(path.read_bytes(), path.name)
    return filing


def main() -> None:
    for name, (_, make) in MADE.items():
        (ROOT / "examples" / name).write_bytes(make(source(name)))


if __name__ == "__main__":
    main()
