"""From a file to the document model, against what each format's well-known library takes for the same file."""

import io
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from narrcheck.reading import ReadingLimits, prepare, read_bytes
from narrcheck.reading.kinds import Kind

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 25
XLSX_LIMIT, DOCX_LIMIT, PDF_LIMIT = 1.0, 3.0, 1.2


def formats() -> list[tuple[str, float, float, str]]:
    """A line for each format; all hold the same form, and both sides take turns."""
    made = makers()
    text = (ROOT / "examples" / "library.txt").read_bytes()
    (filing,) = read_bytes(text, "library.txt")
    return [
        _line("xlsx", made["xlsx"](filing), _openpyxl, "openpyxl.load_workbook", XLSX_LIMIT),
        _line("docx", made["docx"](filing), _lxml, "lxml over word/document.xml", DOCX_LIMIT),
        _line("pdf", made["pdf"](filing), _pdfplumber, "pdfplumber.extract_tables", PDF_LIMIT),
    ]


def makers() -> dict[str, Callable[..., bytes]]:
    """The makers of test files, which stand with the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    homes = {"xlsx": "spreadsheet", "docx": "word", "pdf": "pdf"}
    return {name: getattr(import_module(f"makers.{home}"), f"to_{name}") for name, home in homes.items()}


def _line(
    kind: Kind, data: bytes, yardstick: Callable[[bytes], Any], name: str, limit: float
) -> tuple[str, float, float, str]:
    reader, limits = prepare(kind), ReadingLimits()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: reader(data, "form", limits)))
        theirs.append(_seconds(lambda: yardstick(data)))
    own, other = min(ours), min(theirs)
    return f"{kind} {1000 * own:.2f} ms / {name} {1000 * other:.2f} ms", own / other, limit, "x"


def _openpyxl(data: bytes) -> list[Any]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]


def _lxml(data: bytes) -> list[str]:
    from lxml import etree

    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return ["".join(text.text or "" for text in cell.iter(f"{space}t")) for cell in root.iter(f"{space}tc")]


def _pdfplumber(data: bytes) -> list[Any]:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as file:
        return [table for page in file.pages for table in page.extract_tables()]


def _seconds(action: Callable[[], Any]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start
