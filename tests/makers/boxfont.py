"""A TrueType font that shows every character as a box: Chinese print that needs no font of the machine.

Boxes are as large as the ink of the characters they stand for: a sign fills its square, a stop lies in its lower left
corner, a dash is flat. Such ink is what a reader of a PDF measures.
"""

import io
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
from reportlab.pdfbase.ttfonts import TTFont

NAME = "BoxSong"
_BOXES = {
    ".notdef": None,
    "blank": None,
    "sign": (40, -90, 960, 840),
    "stop": (90, -80, 330, 160),
    "flat": (60, 350, 940, 430),
    "half": (60, -20, 440, 720),
}
_RANGES = (
    (0x20, 0x7E, "half"), (0xA0, 0x2FFF, "sign"), (0x3000, 0x3000, "blank"), (0x3001, 0x3002, "stop"),
    (0x3003, 0x4DFF, "sign"), (0x4E00, 0x4E00, "flat"), (0x4E01, 0x9FFF, "sign"), (0xFF01, 0xFF0B, "sign"),
    (0xFF0C, 0xFF0C, "stop"), (0xFF0D, 0xFF0D, "flat"), (0xFF0E, 0xFF0E, "stop"), (0xFF0F, 0xFF19, "sign"),
    (0xFF1A, 0xFF1B, "stop"), (0xFF1C, 0xFFEE, "sign"),
)  # fmt: skip


def box_font() -> str:
    """The font's name, registered with reportlab."""
    if NAME not in getRegisteredFontNames():
        registerFont(TTFont(NAME, io.BytesIO(_file())))
    return NAME


@cache
def _file() -> bytes:
    widths = {name: 500 if name == "half" else 1000 for name in _BOXES}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(_BOXES))
    builder.setupCharacterMap({code: name for first, last, name in _RANGES for code in range(first, last + 1)})
    builder.setupGlyf({name: _glyph(box) for name, box in _BOXES.items()})
    builder.setupHorizontalMetrics({name: (widths[name], box[0] if box else 0) for name, box in _BOXES.items()})
    builder.setupHorizontalHeader(ascent=860, descent=-140)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=860, sTypoDescender=-140, usWinAscent=860, usWinDescent=140)
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _glyph(box: tuple[int, int, int, int] | None) -> object:
    pen = TTGlyphPen(None)
    if box:
        left, bottom, right, top = box
        pen.moveTo((left, bottom))
        for corner in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()
