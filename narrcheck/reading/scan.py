"""Scanned pages → characters and rules, with the packages of narrcheck[ocr] (RapidOCR and OpenCV, both offline).

The characters of a line that was recognised as one are spread evenly over its box, so that the rules of the table
part them as they part printed ones. A cell with ink in it where nothing was found is looked at again alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from narrcheck.reading.glyphs import Glyph
from narrcheck.reading.pdfpage import Drawing
from narrcheck.reading.ruled import Cells, Rule, lattices

_DPI = 200
_POINTS = 72 / _DPI
_LEVEL_PIXELS = 45
_UPRIGHT_PIXELS = 32
_LONG = 300
_SKEWED = 0.0008
_LEAST_SURE = 0.5
_INSET = 4
_INK = 12
_TALL = 1.5
_UPRIGHT_QUALITY = 0.8


Pixels = tuple[float, float, float, float]
"""A box in pixels: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A recognised line; `sure` is the recogniser's own figure, at most 1."""

    box: Pixels
    words: str
    sure: float


def available() -> bool:
    """Whether the packages of narrcheck[ocr] are installed and can be loaded (OpenCV wants libraries of the system)."""
    try:
        import cv2
        import rapidocr_onnxruntime
    except (ImportError, OSError):
        return False
    return bool(cv2.__version__ and rapidocr_onnxruntime)


def recognise(page: Any) -> Drawing:
    """What a pypdfium2 page shows, recognised from its picture."""
    image = _straightened(page.render(scale=_DPI / 72, grayscale=True).to_numpy().squeeze())
    found = _texts(image)
    if sum(_is_tall(text.box) for text in found) * 2 > len(found):
        image, found = _turned(image, (1, 3))
    elif _quality(found) < _UPRIGHT_QUALITY * max(sum(len(text.words) for text in found), 1):
        image, found = _turned(image, (0, 2))
    height, width = image.shape[:2]
    drawing = Drawing(width * _POINTS, height * _POINTS, pictured=1.0)
    drawing.across, drawing.down = _rules(image)
    for text in found:
        drawing.glyphs += _spread(text.box, text.words)
    drawing.glyphs += _missed(image, drawing)
    return drawing


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR()


def _texts(image: Any) -> list[_Text]:
    """The lines of text. Lines upside down are not turned one by one: the page is turned."""
    result, _ = _engine()(image, use_cls=False)
    found: list[_Text] = []
    for corners, words, sure in result or []:
        if float(sure) >= _LEAST_SURE and words.strip():
            xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            found.append(_Text((min(xs), min(ys), max(xs), max(ys)), _mended(words), float(sure)))
    return found


def _quality(found: Sequence[_Text]) -> float:
    """How many characters were read, weighted by how sure they are."""
    return sum(len(text.words) * text.sure for text in found if not _is_tall(text.box))


def _mended(text: str) -> str:
    """The text with the sign that recognisers take for two."""
    return text.strip().replace("%0", "‰").replace("%o", "‰")


def _is_tall(box: Pixels) -> bool:
    return box[3] - box[1] > _TALL * (box[2] - box[0])


def _turned(image: Any, quarters: Sequence[int]) -> tuple[Any, list[_Text]]:
    """A page that lies on its side or its head, turned the way in which it reads best."""
    import numpy

    ways = [numpy.ascontiguousarray(numpy.rot90(image, quarter)) for quarter in quarters]
    read = [(way, _texts(way)) for way in ways]
    return max(read, key=lambda pair: _quality(pair[1]))


def _spread(box: Pixels, text: str) -> list[Glyph]:
    """The characters of a line over its box: those of half width take half the room."""
    left, top, right, bottom = (pixel * _POINTS for pixel in box)
    widths = [0.55 if char.isascii() else 1.0 for char in text]
    step = (right - left) / sum(widths)
    glyphs: list[Glyph] = []
    for char, width in zip(text, widths, strict=True):
        glyphs.append(Glyph(char, left, top, left + width * step, bottom))
        left += width * step
    return glyphs


def _ink(image: Any) -> Any:
    """The picture as black (0) and ink (255)."""
    import cv2

    return cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)


def _runs(ink: Any, width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, wide, high) of the runs of ink at least this wide and high."""
    import cv2

    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (width, height))
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
    # Thin breaks of a scanned line are closed.
    opened = cv2.dilate(opened, cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5)))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    return [tuple(map(int, box[:4])) for box in boxes[1:]]  # type: ignore[misc]


def _rules(image: Any) -> tuple[list[Rule], list[Rule]]:
    ink = _ink(image)
    thick = 8 / _POINTS
    across = [
        Rule((top + high / 2) * _POINTS, left * _POINTS, (left + wide) * _POINTS)
        for left, top, wide, high in _runs(ink, _LEVEL_PIXELS, 1)
        if high < thick
    ]
    down = [
        Rule((left + wide / 2) * _POINTS, top * _POINTS, (top + high) * _POINTS)
        for left, top, wide, high in _runs(ink, 1, _UPRIGHT_PIXELS)
        if wide < thick
    ]
    return across, down


def _straightened(image: Any) -> Any:
    """The picture turned by the small angle at which its long level lines lie."""
    import cv2
    import numpy

    image = numpy.ascontiguousarray(image)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_LEVEL_PIXELS, 1))
    level = cv2.morphologyEx(_ink(image), cv2.MORPH_OPEN, kernel)
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    slopes = []
    for number, (left, top, wide, high, _) in enumerate(boxes[1:], 1):
        if wide < _LONG:
            continue
        part = labels[top : top + high, left : left + wide] == number
        columns = numpy.flatnonzero(part.any(axis=0))
        ys = [float(numpy.flatnonzero(part[:, column]).mean()) for column in (columns[0], columns[-1])]
        slopes.append((ys[1] - ys[0]) / max(int(columns[-1] - columns[0]), 1))
    slope = float(numpy.median(slopes)) if slopes else 0.0
    if abs(slope) < _SKEWED:
        return image
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(numpy.degrees(numpy.arctan(slope))), 1.0)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=255)


def _missed(image: Any, drawing: Drawing) -> list[Glyph]:
    """The characters of cells that hold ink but no text yet."""
    ink = _ink(image)
    found: list[Glyph] = []
    for lattice in lattices(drawing.across, drawing.down):
        cells = Cells(lattice, lattice.columns())
        held = {cells.at(glyph.center, glyph.middle) for glyph in drawing.glyphs}
        for place, box in cells.boxes().items():
            if place in held:
                continue
            left, top, right, bottom = (round(edge / _POINTS) for edge in box)
            left, top, right, bottom = left + _INSET, top + _INSET, right - _INSET, bottom - _INSET
            if right - left < _INK or bottom - top < _INK:
                continue
            found += _alone(image, ink, left, top, right, bottom)
    return found


def _alone(image: Any, ink: Any, left: int, top: int, right: int, bottom: int) -> list[Glyph]:
    """The text of one cell, cut out around its ink."""
    import numpy

    rows = numpy.flatnonzero((ink[top:bottom, left:right] > 0).sum(axis=1))
    columns = numpy.flatnonzero((ink[top:bottom, left:right] > 0).sum(axis=0))
    if len(rows) * len(columns) < _INK:
        return []
    x0, x1 = left + max(int(columns[0]) - _INSET, 0), left + int(columns[-1]) + _INSET
    y0, y1 = top + max(int(rows[0]) - _INSET, 0), top + int(rows[-1]) + _INSET
    result, _ = _engine()(image[y0:y1, x0:x1], use_det=False, use_cls=False, use_rec=True)
    pieces = [(text, float(sure)) for text, sure in result or []]
    if not pieces or pieces[0][1] < _LEAST_SURE or not pieces[0][0].strip():
        return []
    return _spread((x0, y0, x1, y1), _mended(pieces[0][0]))
