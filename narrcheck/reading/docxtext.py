"""The text of a Word paragraph: what is shown of its runs, with tracked changes accepted."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHANGES = frozenset(["ins", "del", "moveTo", "moveFrom", "cellIns", "cellDel"])
_LEFT_OUT = frozenset(
    ["del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "rt", "sectPr", "sdtPr", "altChunk"]
)
CHARACTERS = frozenset(["t", "tab", "ptab", "br", "cr", "noBreakHyphen", "sym"])
"""The names of the elements that are printed."""
_OFF = frozenset(["0", "false", "off"])
_SYMBOL_FONT = {0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB0: "°", 0xB9: "≠", 0xBB: "≈", 0xB7: "·"}
_WINGDINGS = {0xFC: "✓", 0xFE: "☑", 0x52: "☑", 0xFB: "✗", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x6C: "●"}


_CHANGED = (b":del", b":ins", b":move", b"<del", b"<ins", b"<move", b"cellDel", b"cellIns", b"PrChange")
_HIDDEN = (b"vanish",)
_INTRICATE = (b"txbxContent", b"AlternateContent", b"ruby")


@dataclass(slots=True)
class Changes:
    """Whether tracked changes were met, and what the document can have at all: tracked changes, hidden text, or
    neither of them nor text boxes and the like (`plain`). They are rare, and looking for them in every run takes time.
    """

    possible: bool = True
    hiding: bool = True
    plain: bool = False
    found: bool = False

    @classmethod
    def of(cls, xml: bytes) -> "Changes":
        """What a part can have, by the names that stand in its XML."""

        def holds(names: tuple[bytes, ...]) -> bool:
            return wide or any(name in xml for name in names)

        wide = b"\0" in xml[:4]
        possible, hiding = holds(_CHANGED), holds(_HIDDEN)
        return cls(possible, hiding, not (possible or hiding or holds(_INTRICATE)))

    def see(self, name: str) -> None:
        """Take note of an element of this name."""
        self.found = self.found or name in _CHANGES


@dataclass(slots=True)
class Paragraph:
    """The text shown, the text boxes anchored in it, and whether its end is deleted, so that the next one goes on in
    it."""

    text: str
    boxes: "list[_Element]" = field(default_factory=list)
    runs_on: bool = False

    def joined(self, following: "Paragraph") -> "Paragraph":
        """This paragraph with the following one behind it."""
        return Paragraph(self.text + following.text, self.boxes + following.boxes, following.runs_on)


@lru_cache(maxsize=1024)
def local(tag: str) -> str:
    """A tag's name without its namespace."""
    return tag.rpartition("}")[2]


@lru_cache(maxsize=1024)
def _beside(tag: str, name: str) -> str:
    """The tag of this name in the namespace of another."""
    return f"{tag[: tag.rfind('}') + 1]}{name}"


def name_of(element: "_Element") -> str:
    """The element's name without its namespace: documents use one of two for the same things."""
    return local(element.tag)


def child(element: "_Element", name: str) -> "_Element | None":
    """The first child of this name, in the element's own namespace."""
    for found in element.iterchildren(_beside(element.tag, name)):
        return found
    return None


def attribute(element: "_Element", name: str) -> str:
    """An attribute by its name without namespace; empty where it is missing."""
    return next((str(value) for key, value in element.items() if local(str(key)) == name), "")


def without_placeholders(root: "_Element") -> "_Element":
    """The document without the words that an empty content control shows (单击此处输入文字)."""
    for mark in root.iter(_beside(root.tag, "showingPlcHdr")):
        about = mark.getparent()
        control = None if about is None else about.getparent()
        for text in () if control is None else control.iter(_beside(root.tag, "t")):
            text.text = ""
    return root


def is_off(element: "_Element") -> bool:
    """Whether a switch says no."""
    return attribute(element, "val").lower() in _OFF


def alternative(element: "_Element") -> "_Element | None":
    """The one of several forms of the same content that is read: the first choice, or what stands in for it."""
    choice = child(element, "Choice")
    return choice if choice is not None else child(element, "Fallback")


def paragraph(element: "_Element", changes: Changes) -> Paragraph:
    """What a paragraph shows."""
    pieces: list[str] = []
    found = Paragraph("", runs_on=changes.possible and _end_is_deleted(element, changes))
    _collect(element, pieces, found.boxes, changes)
    found.text = "".join(pieces)
    return found


def _end_is_deleted(element: "_Element", changes: Changes) -> bool:
    properties = child(element, "pPr")
    mark = None if properties is None else child(properties, "rPr")
    names = set() if mark is None else {name_of(found) for found in mark}
    changes.found = changes.found or not names.isdisjoint(_CHANGES)
    return "del" in names


def _collect(element: "_Element", pieces: list[str], boxes: "list[_Element]", changes: Changes) -> None:
    for part in element:
        name = local(part.tag)
        if name == "r":
            if not (changes.hiding and _is_hidden(part)):
                _collect(part, pieces, boxes, changes)
        elif name in CHARACTERS:
            pieces.append(character(part, name))
        elif name in _LEFT_OUT:
            changes.see(name)
        elif name == "AlternateContent":
            chosen = alternative(part)
            if chosen is not None:
                _collect(chosen, pieces, boxes, changes)
        elif name == "txbxContent":
            boxes.append(part)
        elif len(part):
            changes.see(name)
            _collect(part, pieces, boxes, changes)


def character(part: "_Element", name: str) -> str:
    """What an element of a run prints."""
    if name == "t":
        return part.text or ""
    if name in ("tab", "ptab"):
        return " "
    if name == "noBreakHyphen":
        return "-"
    if name == "sym":
        return _symbol(part)
    return "" if attribute(part, "type") in ("page", "column") else "\n"


def _is_hidden(run: "_Element") -> bool:
    properties = child(run, "rPr")
    hidden = None if properties is None else child(properties, "vanish")
    return hidden is not None and not is_off(hidden)


def _symbol(part: "_Element") -> str:
    """A character of a symbol font, as the character it looks like."""
    try:
        code = int(attribute(part, "char"), 16)
    except ValueError:
        return ""
    own = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    font = attribute(part, "font").lower()
    if font.startswith("symbol"):
        return _SYMBOL_FONT.get(own, "")
    if font.startswith("wingdings"):
        return _WINGDINGS.get(own, "")
    return chr(code) if code < 0xD800 else ""
