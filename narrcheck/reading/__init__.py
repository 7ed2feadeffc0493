"""Reading: bytes of a file → the filings it holds."""

import hashlib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from narrcheck.filing import Filing
from narrcheck.reading.decode import decode
from narrcheck.reading.document import Document
from narrcheck.reading.errors import ReadError
from narrcheck.reading.kinds import Kind, kind_of
from narrcheck.reading.limits import MEGABYTE, ReadingLimits
from narrcheck.reading.plain import to_document

__all__ = ["ReadError", "ReadingLimits", "documents", "prepare", "read_bytes"]

Reader = Callable[[bytes, str, ReadingLimits], tuple[Document, ...]]

_READERS: dict[Kind, str] = {
    "pdf": "pdf", "xlsx": "xlsx", "xls": "xls", "ods": "ods", "docx": "docx", "html": "html", "mht": "mht",
    "office": "office",
}  # fmt: skip
_REFUSED: dict[Kind, str] = {
    "image": "image", "archive": "packed-otherwise", "locked": "password-protected", "unknown": "unknown-kind",
    "zip": "zip-inside",
}  # fmt: skip


def read_bytes(
    data: bytes,
    path: str,
    extra_headings: Mapping[str, Any] | None = None,
    limits: ReadingLimits | None = None,
) -> tuple[Filing, ...]:
    """The filings of one file, in order, whatever its format; the bytes tell which, not the name.

    `path` names it in sources and errors; `extra_headings` adds to the built-in headings (tables as in
    data/headings.toml). ReadError, with a code of its own for every way a file can be wrong.
    """
    from narrcheck.reading.form import filings

    limits = limits or ReadingLimits()
    if len(data) > limits.file_mb * MEGABYTE:
        raise ReadError("file-too-large", path=path, limit=limits.file_mb)
    digest = hashlib.sha256(data).hexdigest()
    kind = kind_of(data, path, limits)
    if kind == "text":
        text = decode(data, path)
        if text.lstrip()[:1] in ("{", "["):
            from narrcheck.reading.saved import filings_from_text

            return filings_from_text(text, path, digest)
        found = filings((to_document(text),), path, digest, extra_headings)
    else:
        found = filings(documents(data, path, kind, limits), path, digest, extra_headings)
    if not found:
        raise ReadError("no-filing-found", path=path)
    return found


def documents(data: bytes, path: str, kind: Kind, limits: ReadingLimits) -> tuple[Document, ...]:
    """The rows of a file of this kind, one document a sheet. ReadError where it cannot be read."""
    if kind == "text":
        return (to_document(decode(data, path)),)
    if kind not in _READERS:
        raise ReadError(_REFUSED[kind], path=path)
    return prepare(kind)(data, path, limits)


def prepare(kind: Kind) -> Reader:
    """The reader of a kind, loaded now: no reader is loaded before a file asks for it."""
    reader: Reader = import_module(f"narrcheck.reading.{_READERS[kind]}").read
    return reader
