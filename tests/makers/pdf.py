"""A filing printed to PDF: ruled narrow cells whose texts wrap, over as many pages as it takes.

A row is torn where the page ends inside it: each cell goes on at the top of the next page, and so do the labels merged
beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Literal

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable

from makers.ink import Ink
from makers.table import Cell, Layout, Table, table
from narrcheck.filing import Filing

Paper = Literal["portrait", "landscape", "rotated"]
"""`rotated`: upright pages turned by /Rotate 90, so that a reader sees them landscape and the right way up."""

HEAD = "预算绩效管理资料汇编"
_LEADING, _PAD = 12.0, 3.0
_MARGIN, _TITLE = 45.0, 22.0


@dataclass(frozen=True, slots=True)
class _Paging:
    """How a form falls on its pages; see `to_pdf`."""

    width: float
    height: float
    lower: float
    tear: bool
    repeat_headings: bool


@dataclass(frozen=True, slots=True)
class _Strip:
    """A row, or the part of a torn row, on one page."""

    row: int
    height: float


def to_pdf(
    *filings: Filing,
    layout: Layout = "national",
    paper: Paper = "portrait",
    repeat_headings: bool = False,
    tear: bool = True,
    lower: float = 0.0,
    embed: bool = True,
) -> bytes:
    """The forms, each from a page of its own on, with a running head and “第 1 页 共 2 页” on every page.

    `repeat_headings` prints the indicator table's headings again on top of every further page; without `tear` a row
    that does not fit moves to the next page whole; `lower` moves the forms down by so many points, and with them the
    place where the page ends; without `embed` the Chinese font is named only.
    """
    ink = Ink(embed)
    width, height = A4 if paper == "portrait" else (A4[1], A4[0])
    paging = _Paging(width, height, lower, tear, repeat_headings)
    prints = [page for filing in filings for page in _prints(table(filing, layout), paging, ink)]
    out = BytesIO()
    # With a rotation reportlab turns the page size given here by itself.
    canvas = Canvas(out, pagesize=(width, height), invariant=True)
    for number, page in enumerate(prints, 1):
        if paper == "rotated":
            canvas.setPageRotation(90)
            canvas.translate(height, 0)
            canvas.rotate(90)
        page.draw(canvas, width, height)
        for text, y in ((HEAD, height - 30), (f"第 {number} 页 共 {len(prints)} 页", 24)):
            ink.write(canvas, text, (width - ink.width(text)) / 2, y)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@dataclass(slots=True)
class _Print:
    """What one page shows of a form; `texts` has the lines of every cell that reaches into the page."""

    ink: Ink
    titles: tuple[str, ...]
    strips: list[_Strip]
    texts: dict[Cell, list[str]]
    widths: list[float]
    foot: str
    top: float

    def draw(self, canvas: Canvas, width: float, height: float) -> None:
        y = height - self.top
        for number, title in enumerate(self.titles):
            size = 10 if number else 15
            self.ink.write(canvas, title, (width - self.ink.width(title, size)) / 2, y - size, size)
            y -= _TITLE
        grid = self._grid()
        _, tall = grid.wrapOn(canvas, width, height)
        grid.drawOn(canvas, _MARGIN, y - tall)
        if self.foot:
            self.ink.write(canvas, self.foot, _MARGIN + _PAD, y - tall - _LEADING)

    def _grid(self) -> LongTable:
        data: list[list[object]] = [[""] * len(self.widths) for _ in self.strips]
        style: list[tuple[object, ...]] = [
            ("GRID", (0, 0), (-1, -1), 0.5, black),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            *((f"{side}PADDING", (0, 0), (-1, -1), _PAD) for side in ("LEFT", "RIGHT")),
            *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "BOTTOM")),
        ]
        for cell, lines in self.texts.items():
            own = [index for index, strip in enumerate(self.strips) if _reaches(cell, strip)]
            last = cell.column + cell.columns - 1
            data[own[0]][cell.column] = _Lines(self.ink, lines, cell.sort != "text") if lines else ""
            if len(own) > 1 or cell.columns > 1:
                style.append(("SPAN", (cell.column, own[0]), (last, own[-1])))
        return LongTable(data, self.widths, [strip.height for strip in self.strips], style=style)


class _Lines(Flowable):
    """The wrapped lines of a cell."""

    def __init__(self, ink: Ink, lines: Sequence[str], centred: bool) -> None:
        super().__init__()
        self.ink, self.lines, self.centred = ink, lines, centred

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width = width
        return width, len(self.lines) * _LEADING

    def draw(self) -> None:
        for number, line in enumerate(self.lines, 1):
            x = (self.width - self.ink.width(line)) / 2 if self.centred else 0.0
            self.ink.write(self.canv, line, x, (len(self.lines) - number) * _LEADING + 3)


def _reaches(cell: Cell, strip: _Strip) -> bool:
    return cell.row <= strip.row < cell.row + cell.rows


def _prints(made: Table, paging: _Paging, ink: Ink) -> Iterator[_Print]:
    """The pages of one form. A cell fills its part of each page as far as it has lines left."""
    share = (paging.width - 2 * _MARGIN) / sum(made.widths)
    widths = [share * own for own in made.widths]
    wrapped = {cell: _wrapped(cell, widths, ink) for cell in made.cells}
    pages = _pages(_heights(made, wrapped), made, paging)
    left = dict(wrapped)
    for number, strips in enumerate(pages):
        texts: dict[Cell, list[str]] = {}
        for cell in made.cells:
            own = [strip.height for strip in strips if _reaches(cell, strip)]
            if not own:
                continue
            if number and cell.row == made.header and cell.rows == 1 and paging.repeat_headings:
                texts[cell] = wrapped[cell]
                continue
            fit = int((sum(own) - 2 * _PAD + 0.01) // _LEADING)
            texts[cell], left[cell] = left[cell][:fit], left[cell][fit:]
        first, last = number == 0, number == len(pages) - 1
        titles, foot = made.titles if first else (), made.foot if last else ""
        yield _Print(ink, titles, strips, texts, widths, foot, _MARGIN + paging.lower if first else _MARGIN)


def _heights(made: Table, wrapped: dict[Cell, list[str]]) -> list[float]:
    """The rows' heights; a merged label that needs more lengthens its last row."""
    heights = [_LEADING + 2 * _PAD] * made.height
    for cell in sorted(made.cells, key=lambda cell: cell.rows):
        lack = len(wrapped[cell]) * _LEADING + 2 * _PAD - sum(heights[cell.row : cell.row + cell.rows])
        heights[cell.row + cell.rows - 1] += max(lack, 0.0)
    return heights


def _pages(heights: Sequence[float], made: Table, paging: _Paging) -> list[list[_Strip]]:
    """The rows of each page; the last one of a page may be the upper part of a row."""
    pages: list[list[_Strip]] = [[]]
    whole = paging.height - 2 * _MARGIN
    room = whole - paging.lower - _TITLE * len(made.titles)
    for row, height in enumerate(heights):
        strip = _Strip(row, height)
        while strip.height > room:
            upper = (room - 2 * _PAD) // _LEADING * _LEADING + 2 * _PAD
            if (paging.tear or height > whole) and 2 * _PAD < upper < strip.height:
                pages[-1].append(replace(strip, height=upper))
                strip = replace(strip, height=strip.height - upper + 2 * _PAD)
            pages.append([])
            room = whole
            if paging.repeat_headings and row > made.header:
                pages[-1].append(_Strip(made.header, heights[made.header]))
                room -= heights[made.header]
        pages[-1].append(strip)
        room -= strip.height
    return pages


def _wrapped(cell: Cell, widths: Sequence[float], ink: Ink) -> list[str]:
    room = sum(widths[cell.column : cell.column + cell.columns]) - 2 * _PAD
    return [line for part in cell.text.split("\n") for line in ink.wrapped(part.strip(), room) if line]
