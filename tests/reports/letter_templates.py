"""Templates made for tests, and the words of a letter."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Paper

from narrcheck.filing import Report
from narrcheck.reports import View, render


def template(path: Path, *paragraphs: str, rows: Iterable[str] = (), header: str = "", second: str = "") -> Path:
    """A template with these paragraphs, a table of one column with these rows, a header, and a second section."""
    paper = Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    cells = list(rows)
    if cells:
        grid = paper.add_table(len(cells), 1)
        for row, text in zip(grid.rows, cells, strict=True):
            row.cells[0].text = text
    if header:
        paper.sections[0].header.paragraphs[0].text = header
    if second:
        paper.add_section()
        paper.add_paragraph(second)
    paper.save(str(path))
    return path


def opened(data: bytes) -> Paper:
    """A letter as python-docx reads it."""
    return Document(BytesIO(data))


def words(data: bytes) -> str:
    """All that a letter says, paragraphs and cells in their order, one a line."""
    body = opened(data).element.body
    return "\n".join("".join(text.text or "" for text in line.iter("{*}t")) for line in body.iter("{*}p"))


def letter(report: Report, own: Path | None = None) -> bytes:
    """The letters about a report."""
    written = render(report, View("docx", template=own))
    assert isinstance(written, bytes)
    return written
