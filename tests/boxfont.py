"""A font for made PDFs: every character of GB2312 is drawn as a box, half as wide for ASCII.

PDFs carry their fonts with them; so do the ones made here, without any font file on the machine.
"""

import io
from functools import lru_cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

NAME = "Boxes"
_EXTRA = "≥≤±×÷‰≠≈☑☐√—–…·〔〕“”‘’①②③④⑤⑥⑦⑧⑨⑩﹒㎡℃\u00a0"


def _characters() -> list[str]:
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    found = {char for pair in pairs for char in pair.decode("gb2312", "ignore")}
    return sorted(found | set(map(chr, range(0x20, 0x7F))) | set(_EXTRA))


def _box(width: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((60, 0))
    for corner in ((60, 760), (width - 60, 760), (width - 60, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


@lru_cache(maxsize=1)
def font() -> str:
    """The font's name, registered with reportlab."""
    characters = _characters()
    names = [".notdef", *(f"u{ord(char):04X}" for char in characters)]
    widths = {name: 500 if len(name) == 5 and name < "u0080" else 1000 for name in names}
    shapes = {500: _box(500), 1000: _box(1000)}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): name for char, name in zip(characters, names[1:], strict=True)})
    builder.setupGlyf({name: shapes[widths[name]] for name in names})
    builder.setupHorizontalMetrics({name: (widths[name], 60) for name in names})
    builder.setupHorizontalHeader(ascent=860, descent=-140)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=860, sTypoDescender=-140, usWinAscent=860, usWinDescent=140)
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    out.seek(0)
    pdfmetrics.registerFont(TTFont(NAME, out))
    return NAME
