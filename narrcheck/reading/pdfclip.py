"""Text that is cut off where its cell ends: characters outside of the area their text may show in are not seen."""

import ctypes
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from narrcheck.printed import Box

if TYPE_CHECKING:
    from narrcheck.reading.pdfpage import Drawing, Upright

_OVER = 2.0
_MOST_PATHS = 8


def is_cut(handle: Any) -> bool:
    """Whether a text object reaches out of the area it may show in."""
    area = _area(handle)
    if area is None:
        return False
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, edges)):
        return False
    left, bottom, right, top = (edge.value for edge in edges)
    return left < area[0] - _OVER or bottom < area[1] - _OVER or right > area[2] + _OVER or top > area[3] + _OVER


def drop_clipped(text: Any, upright: "Upright", drawing: "Drawing") -> None:
    """Leave out the characters whose middle lies outside of their area, and count those that are no blanks."""
    known: dict[int, Box | None] = {}
    kept = []
    for glyph in drawing.glyphs:
        handle = pdfium.FPDFText_GetTextObject(text, glyph.index)
        address = ctypes.cast(handle, ctypes.c_void_p).value or 0
        if address not in known:
            area = _area(handle) if address else None
            known[address] = None if area is None else _turned(area, upright)
        box = known[address]
        if box is None or (box[0] <= glyph.center <= box[2] and box[1] <= glyph.middle <= box[3]):
            kept.append(glyph)
        else:
            drawing.clipped += not glyph.char.isspace()
    drawing.glyphs = kept


def _turned(area: Box, upright: "Upright") -> Box:
    x0, y0 = upright.point(area[0], area[1])
    x1, y1 = upright.point(area[2], area[3])
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _area(handle: Any) -> Box | None:
    """Left, bottom, right and top, on the page, of the area a text object may show in; None where all of it may."""
    path = pdfium.FPDFPageObj_GetClipPath(handle)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else -1
    if not 0 < count <= _MOST_PATHS:
        return None
    x, y = ctypes.c_float(), ctypes.c_float()
    area: Box | None = None
    for number in range(count):
        points: list[tuple[float, float]] = []
        for at in range(pdfium.FPDFClipPath_CountPathSegments(path, number)):
            segment = pdfium.FPDFClipPath_GetPathSegment(path, number, at)
            if pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                points.append((x.value, y.value))
        if not points:
            continue
        xs, ys = [x for x, _ in points], [y for _, y in points]
        own = (min(xs), min(ys), max(xs), max(ys))
        area = own if area is None else (
            max(area[0], own[0]), max(area[1], own[1]), min(area[2], own[2]), min(area[3], own[3])
        )  # fmt: skip
    return area
