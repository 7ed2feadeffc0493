"""PDF to Document: ruled tables by their lines, what stands outside of them as lines of text, page after page."""

from collections.abc import Iterator, Sequence
from typing import Any

from narrcheck.printed import Note
from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import ReadingLimits
from narrcheck.reading.pagetables import Page, pages_to_rows
from narrcheck.reading.pdfpage import Drawing, draw

_SCANNED_SHARE = 0.4
_FEW_CHARACTERS = 30
_LOST_SHARE = 0.3
_PASSWORD = 4


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The rows of all pages as one document. Scanned pages are read where narrcheck[ocr] is installed.

    ReadError: damaged, password-protected, too-many-pages, scanned (nothing but scanned pages, and no means to read
    them).
    """
    document = _open(data, path)
    try:
        if len(document) > limits.pages:
            raise ReadError("too-many-pages", path=path, pages=len(document), limit=limits.pages)
        return (_document(document, path),)
    finally:
        document.close()


def _open(data: bytes, path: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower()
        raise ReadError("password-protected" if locked else "damaged", path=path) from None


def _document(document: Any, path: str) -> Document:
    pages: list[Page] = []
    scanned: list[int] = []
    recognised: list[int] = []
    for number, drawing in _drawings(document, path):
        if _is_scanned(drawing):
            scanned.append(number)
            again = _recognised(document, number, path)
            if again is None:
                continue
            drawing = again
            recognised.append(number)
        elif drawing.hidden:
            scanned.append(number)
            recognised.append(number)
        pages.append(Page(number, drawing, columns=pages[-1].columns if pages else ()))
    if scanned and not recognised and not any(page.drawing.glyphs for page in pages):
        raise ReadError("scanned", path=path)
    if not any(page.drawing.glyphs for page in pages):
        raise ReadError("empty-file", path=path)
    notes = [Note("note.scanned", _listed(recognised))] if recognised else []
    if not any(page.parts for page in pages) or any(page.columns for page in pages):
        notes.append(Note("note.no-rules"))
    shapeless = sum(page.drawing.shapeless for page in pages)
    if shapeless:
        notes.append(Note("note.font-missing", str(shapeless)))
    clipped = sum(page.drawing.clipped for page in pages)
    if clipped:
        notes.append(Note("note.clipped", str(clipped)))
    unread = [number for number in scanned if number not in recognised]
    if unread:
        notes.append(Note("note.scanned-unread", _listed(unread)))
    return Document(tuple(pages_to_rows(pages)), "pdf", tuple(notes))


def _drawings(document: Any, path: str) -> Iterator[tuple[int, Drawing]]:
    """Each page with its number. A page that cannot be read makes the file a damaged one."""
    import pypdfium2

    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            raise ReadError("damaged", path=path) from None
        try:
            yield index + 1, draw(page)
        finally:
            page.close()


def _is_scanned(drawing: Drawing) -> bool:
    """A picture fills the page and next to nothing is written on it, or its characters have no meaning."""
    lost = sum(glyph.char == "\ufffd" or "\ue000" <= glyph.char <= "\uf8ff" for glyph in drawing.glyphs)
    if lost > _LOST_SHARE * max(len(drawing.glyphs), 1):
        return True
    ruled = len(drawing.across) >= 2 and len(drawing.down) >= 2
    return not ruled and drawing.pictured >= _SCANNED_SHARE and len(drawing.glyphs) < _FEW_CHARACTERS


def _recognised(document: Any, number: int, path: str) -> Drawing | None:
    """The page as the recogniser sees it; None where none is installed."""
    from narrcheck.reading import scan

    if not scan.available():
        return None
    page = document[number - 1]
    try:
        return scan.recognise(page)
    finally:
        page.close()


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))
