"""Texts of forms as they are shown: nothing in them may change how the rest of the page reads."""

import re

from narrcheck.reports.html import bounds
from narrcheck.reports.wording import shortened, shown

_HIDDEN = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2061-\u206f\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|\x85")


def visible(text: str) -> str:
    """A piece of a text with its line breaks; control and direction marks written out, marks without width dropped."""
    return _UNSHOWN.sub(_written, _HIDDEN.sub("", _BREAKS.sub("\n", text)))


def _written(mark: re.Match[str]) -> str:
    return f"<U+{ord(mark.group()):04X}>"


def line(text: str | None, limit: int = bounds.LINE) -> str:
    """A text on one line of at most `limit` characters."""
    return shortened(shown(clipped(text or "", 2 * limit)), limit)


def clipped(text: str, limit: int) -> str:
    """The text, or its beginning and end where it is much longer than `limit` characters."""
    return text if len(text) <= 2 * limit else f"{text[:limit]} …… {text[-limit:]}"
