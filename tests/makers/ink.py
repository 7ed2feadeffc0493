"""Lines of print: their fonts, their widths, and where a text is broken to fit a cell."""

import re
from collections.abc import Iterator

from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from makers.boxfont import box_font

SIZE = 9.0
_LATIN, _NAMED = "Times-Roman", "STSong-Light"
_TOKENS = re.compile(r"[!-~]+|.", re.DOTALL)
_RUNS = re.compile(r"[ -~]+|[^ -~]+")
_NO_START = frozenset("、，。；：！？）》”’〕】％‰")


class Ink:
    """Digits and Latin letters have a font of their own. The Chinese one is embedded and shows boxes; where it is only
    named, as some programs leave it, the machine's font is asked for."""

    def __init__(self, embed: bool) -> None:
        self.chinese = box_font() if embed else _NAMED
        if self.chinese not in getRegisteredFontNames():
            registerFont(UnicodeCIDFont(_NAMED))

    def width(self, text: str, size: float = SIZE) -> float:
        return sum(stringWidth(run, font, size) for font, run in self._runs(text))

    def write(self, canvas: Canvas, text: str, x: float, y: float, size: float = SIZE) -> None:
        """One line, from the left end of its baseline on."""
        for font, run in self._runs(text):
            canvas.setFont(font, size)
            canvas.drawString(x, y, run)
            x += stringWidth(run, font, size)

    def wrapped(self, text: str, room: float) -> list[str]:
        """The text in lines of this width, broken anywhere but inside Latin words and numbers, and never before a
        closing mark."""
        lines: list[list[str]] = [[]]
        for token in _TOKENS.findall(text):
            for piece in [token] if self.width(token) <= room else token:
                if self.width("".join(lines[-1])) + self.width(piece) > room and lines[-1]:
                    moved = [lines[-1].pop()] if piece in _NO_START and len(lines[-1]) > 1 else []
                    lines.append(moved)
                lines[-1].append(piece)
        return ["".join(line).strip() for line in lines]

    def _runs(self, text: str) -> Iterator[tuple[str, str]]:
        for run in _RUNS.findall(text):
            yield (_LATIN if run.isascii() else self.chinese), run
