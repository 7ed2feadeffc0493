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
    "blank": None,
    "sign": (40, -90, 960, 840),
    "stop": (90, -80, 330, 160),
    "flat": (60, 350, 940, 430),
    "half": (60, -20, 440, 720),
}
_RANGES = (
    (0x20, 0x7E, "half"), (0xA0, 0xFF, "sign"), (0x2010, 0x206F, "sign"), (0x2100, 0x26FF, "sign"),
    (0x3000, 0x3000, "blank"), (0x3001, 0x3002, "stop"), (0x3003, 0x303F, "sign"), (0x4E00, 0x4E00, "flat"),
    (0x4E01, 0x9FFF, "sign"), (0xFF01, 0xFF0B, "sign"), (0xFF0C, 0xFF0C, "stop"), (0xFF0D, 0xFF0D, "flat"),
    (0xFF0E, 0xFF0E, "stop"), (0xFF0F, 0xFF19, "sign"), (0xFF1A, 0xFF1B, "stop"), (0xFF1C, 0xFFEE, "sign"),
)  # fmt: skip


def box_font() -> str:
    """The font's name, registered with reportlab."""
    if NAME not in getRegisteredFontNames():
        registerFont(TTFont(NAME, io.BytesIO(_file())))
    return NAME


@cache
def _file() -> bytes:
    shapes = {code: shape for first, last, shape in _RANGES for code in range(first, last + 1)}
    names = {code: f"u{code:04X}" for code in shapes}
    drawn = {shape: _glyph(box) for shape, box in _BOXES.items()}
    metrics = {shape: (500 if shape == "half" else 1000, box[0] if box else 0) for shape, box in _BOXES.items()}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    builder.setupGlyf({".notdef": _glyph(None), **{names[code]: drawn[shape] for code, shape in shapes.items()}})
    builder.setupHorizontalMetrics(
        {".notdef": (1000, 0), **{names[code]: metrics[shape] for code, shape in shapes.items()}}
    )
    builder.setupHorizontalHeader(ascent=860, descent=-140)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=860, sTypoDescender=-140, usWinAscent=860, usWinDescent=140)
    builder.setupPost(keepGlyphNames=False)
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
