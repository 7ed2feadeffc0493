"""What is drawn on a PDF page: its characters and its rules, upright, measured from the upper left corner."""

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pypdfium2.raw as pdfium

from narrcheck.reading.glyphs import Glyph, plain
from narrcheck.reading.pdfclip import drop_clipped, is_cut
from narrcheck.reading.ruled import Rule

_THIN = 3.0
_LEAST = 2.0
_STRAIGHT = 1.0
_WHITE = 250
_DEEPEST = 6
_SAMPLES = 24
_MOST_OBJECTS = 200_000
_TALL = 2.5
_LOST = "\ufffd"
_LEAST_BLANK = 0.2
_LINE_END_HYPHEN = 2
_EVERYWHERE = ("Helvetica", "Times", "Courier", "Symbol", "ZapfDingbats", "Arial")
"""Fonts that pdfium brings along."""
_LEAST_HEIGHT = 0.8
_SLANTED = 0.1
_ABOVE = 0.86

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass(slots=True)
class Drawing:
    """A page's content. `pictured` is the share of the page that pictures cover, `hidden` whether its text is drawn
    invisibly (the text behind a scanned picture), `shapeless` how many pieces of text have no extent because their font
    is neither in the file nor on the machine: pdfium leaves those out that have one character only. `clipped` counts
    the characters that are cut off where their cell ends, so that nobody sees them."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    pictured: float = 0.0
    hidden: bool = False
    shapeless: int = 0
    clipped: int = 0


class Upright:
    """Turns page coordinates so that the text reads upright, and counts from the upper left corner."""

    def __init__(self, box: tuple[float, float, float, float], turn: int) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.turn = turn
        wide, high = self.right - self.left, self.top - self.bottom
        self.size = (wide, high) if turn % 180 == 0 else (high, wide)

    def point(self, x: float, y: float) -> Point:
        """The place of a point of the page. `turn` is how far the page is turned clockwise to be read."""
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def draw(page: Any) -> Drawing:
    """The drawing of a pypdfium2 page."""
    text = page.get_textpage()
    try:
        count = max(pdfium.FPDFText_CountChars(text), 0)
        upright = Upright(_area(page), _turn(page, text, count))
        drawing = Drawing(*upright.size)
        _glyphs(text, count, upright, drawing)
        cut = _objects(page, upright, drawing)
        if cut:
            drop_clipped(text, upright, drawing)
    finally:
        text.close()
    return drawing


def _area(page: Any) -> tuple[float, float, float, float]:
    """The part of the page that is shown."""
    left, bottom, right, top = page.get_cropbox()
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _turn(page: Any, text: Any, count: int) -> int:
    """How far the page must be turned clockwise so that most of its characters stand upright."""
    votes: dict[int, int] = {}
    for index in range(0, count, max(count // _SAMPLES, 1)):
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or pdfium.FPDFText_GetUnicode(text, index) <= 32:
            continue
        angle = math.degrees(pdfium.FPDFText_GetCharAngle(text, index))
        if angle >= 0:
            quarter = round(-angle / 90) * 90 % 360
            votes[quarter] = votes.get(quarter, 0) + 1
    if not votes:
        return int(page.get_rotation())
    return max(votes, key=lambda quarter: votes[quarter])


def _glyphs(text: Any, count: int, upright: Upright, drawing: Drawing) -> None:
    """The characters. Fonts tell their heights badly, so a box stands on the base line and is as high as the type."""
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    origin_of, size_of = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetFontSize
    angle_of = pdfium.FPDFText_GetCharAngle
    rectangle = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    box, right, up = ctypes.byref(rectangle), ctypes.byref(x), ctypes.byref(y)
    place = upright.point
    glyphs = drawing.glyphs
    for index in range(count):
        code = unicode_of(text, index)
        if code in (10, 13) or not box_of(text, index, box) or not origin_of(text, index, right, up):
            continue
        if abs(math.remainder(angle_of(text, index), math.pi / 2)) > _SLANTED:
            continue  # a watermark across the page
        x0, y0 = place(rectangle.left, rectangle.top)
        x1, y1 = place(rectangle.right, rectangle.bottom)
        if x1 < x0:
            x0, x1 = x1, x0
        if code <= 32 and code != _LINE_END_HYPHEN and x1 - x0 < _LEAST_BLANK:
            continue  # pdfium's own, for what it takes to be a gap
        high = abs(y1 - y0)
        size = size_of(text, index)
        if high < _LEAST_HEIGHT * size:
            high = size
        if not (0 <= (x0 + x1) / 2 <= drawing.width and 0 <= (y0 + y1) / 2 <= drawing.height):
            continue  # outside of what is shown
        base = place(x.value, y.value)[1]
        if code == _LINE_END_HYPHEN:
            code = 0x2D
        char = chr(code) if 32 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else _LOST
        char = plain(char) if char >= "\u2e80" else char
        glyphs.append(Glyph(char, x0, base - _ABOVE * high, x1, base + (1 - _ABOVE) * high, index))
    _without_watermark(drawing)


def _without_watermark(drawing: Drawing) -> None:
    """Leave out characters far taller than the others that lie across the page."""
    if not drawing.glyphs:
        return
    heights = sorted(glyph.bottom - glyph.top for glyph in drawing.glyphs)
    usual = heights[len(heights) // 2]
    if heights[-1] > 2 * _TALL * usual > 0:
        drawing.glyphs = [glyph for glyph in drawing.glyphs if glyph.bottom - glyph.top <= 2 * _TALL * usual]


def _objects(page: Any, upright: Upright, drawing: Drawing) -> bool:
    """The rules and pictures of the page, also those inside of form objects; whether some text is cut off."""
    area = max(drawing.width * drawing.height, 1.0)
    visible = cut = False
    for handle, matrix in _walk(page):
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            _path(handle, matrix, upright, drawing)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, top, right, bottom = _image_box(handle, matrix, upright)
            if not _thin(left, top, right, bottom, drawing):
                drawing.pictured += max(right - left, 0) * max(bottom - top, 0) / area
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            visible = visible or pdfium.FPDFTextObj_GetTextRenderMode(handle) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            drawing.shapeless += _is_shapeless(handle)
            cut = cut or is_cut(handle)
    drawing.hidden = bool(drawing.glyphs) and not visible
    return cut


def _is_shapeless(handle: Any) -> bool:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, edges)) or edges[0].value < edges[2].value:
        return False
    font = pdfium.FPDFTextObj_GetFont(handle)
    if pdfium.FPDFFont_GetIsEmbedded(font) != 0:
        return False
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
    return not name.value.decode("utf-8", "replace").startswith(_EVERYWHERE)


def _walk(page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Every object with the matrix that takes it to the page."""
    identity: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    budget = _MOST_OBJECTS

    def inside(count: int, get: Callable[[int], Any], matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
        nonlocal budget
        for index in range(count):
            budget -= 1
            if budget < 0:
                return
            handle = get(index)
            if not handle:
                continue
            if pdfium.FPDFPageObj_GetType(handle) == pdfium.FPDF_PAGEOBJ_FORM:
                if depth < _DEEPEST:
                    inner = _times(_matrix(handle), matrix)
                    size = pdfium.FPDFFormObj_CountObjects(handle)
                    yield from inside(size, partial(pdfium.FPDFFormObj_GetObject, handle), inner, depth + 1)
                continue
            yield handle, matrix

    yield from inside(pdfium.FPDFPage_CountObjects(page), partial(pdfium.FPDFPage_GetObject, page), identity, 0)


def _matrix(handle: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, ctypes.byref(found)):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _moved(matrix: Matrix, x: float, y: float) -> Point:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def _image_box(handle: Any, matrix: Matrix, upright: Upright) -> tuple[float, float, float, float]:
    whole = _times(_matrix(handle), matrix)
    corners = [upright.point(*_moved(whole, x, y)) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    width, height = upright.size
    return max(min(xs), 0.0), max(min(ys), 0.0), min(max(xs), width), min(max(ys), height)


def _path(handle: Any, matrix: Matrix, upright: Upright, drawing: Drawing) -> None:
    filled, stroked = ctypes.c_int(), pdfium.FPDF_BOOL()
    if not pdfium.FPDFPath_GetDrawMode(handle, ctypes.byref(filled), ctypes.byref(stroked)):
        return
    if not (filled.value or stroked.value) or _is_white(handle, bool(stroked.value)):
        return
    whole = _times(_matrix(handle), matrix)
    for points, closed in _figures(handle):
        corners = [upright.point(*_moved(whole, x, y)) for x, y in points]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        if _thin(min(xs), min(ys), max(xs), max(ys), drawing) or not stroked.value:
            continue
        ends = [*corners[1:], corners[0]] if closed else corners[1:]
        for (x0, y0), (x1, y1) in zip(corners, ends, strict=False):
            if abs(x1 - x0) <= _STRAIGHT or abs(y1 - y0) <= _STRAIGHT:
                _thin(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), drawing)


def _thin(left: float, top: float, right: float, bottom: float, drawing: Drawing) -> bool:
    """Take a long thin box as a rule; False where it is none."""
    wide, high = right - left, bottom - top
    if high <= _THIN and wide >= max(_LEAST, 2 * high):
        drawing.across.append(Rule((top + bottom) / 2, left, right))
    elif wide <= _THIN and high >= max(_LEAST, 2 * wide):
        drawing.down.append(Rule((left + right) / 2, top, bottom))
    else:
        return wide <= _THIN and high <= _THIN
    return True


def _is_white(handle: Any, stroked: bool) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    get = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not get(handle, ctypes.byref(red), ctypes.byref(green), ctypes.byref(blue), ctypes.byref(alpha)):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= _WHITE


def _figures(handle: Any) -> Iterator[tuple[list[Point], bool]]:
    """The figures of a path: their corners, and whether they are closed. Curves count by their end points."""
    points: list[Point] = []
    closed = False
    curve = 0
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(max(pdfium.FPDFPath_CountSegments(handle), 0)):
        segment = pdfium.FPDFPath_GetPathSegment(handle, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        curve = curve + 1 if kind == pdfium.FPDF_SEGMENT_BEZIERTO else 0
        if curve % 3:
            continue  # a control point, which the curve does not touch
        if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
            if len(points) > 1:
                yield points, closed
            points, closed = [], False
        if pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            points.append((x.value, y.value))
        closed = closed or bool(pdfium.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, closed
