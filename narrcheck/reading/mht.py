"""Saved single-file pages (MIME multipart/related): the web pages among their parts."""

from collections.abc import Iterator

from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.html import page
from narrcheck.reading.limits import ReadingLimits

_BEFORE = b"\xef\xbb\xbf \t\r\n"


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """One document a page. The first part is the page that was saved; a workbook's sheets and frames follow it.

    ReadError: damaged, and what reading a page raises where no part of the file can be read.
    """
    found: list[Document] = []
    first: ReadError | None = None
    for part, charset in _pages(data.lstrip(_BEFORE), path):
        try:
            found.append(page(part, path, charset))
        except ReadError as error:
            first = first or error
    if first and not found:
        raise first
    return tuple(found)


def _pages(data: bytes, path: str) -> Iterator[tuple[bytes, str]]:
    """The bytes of each part that is a web page, with the charset its head names."""
    import email

    # The email package answers some malformed heads with errors of many kinds, none of them its own.
    try:
        for part in email.message_from_bytes(data).walk():
            if part.get_content_type() == "text/html" and isinstance(body := part.get_payload(decode=True), bytes):
                yield body, part.get_content_charset() or ""
    except Exception:
        raise ReadError("damaged", path=path) from None
