"""Reading: bytes of a file → the filings it holds."""

import hashlib
from collections.abc import Mapping
from typing import Any

from narrcheck.filing import Filing
from narrcheck.reading.decode import decode
from narrcheck.reading.errors import ReadError
from narrcheck.reading.form import filings
from narrcheck.reading.plain import to_document

__all__ = ["ReadError", "read_bytes"]


def read_bytes(data: bytes, path: str, extra_headings: Mapping[str, Any] | None = None) -> tuple[Filing, ...]:
    """The filings of one file, in order. `path` names it in sources and errors; `extra_headings` adds to the
    built-in headings (tables as in data/headings.toml).

    ReadError: empty-file, not-text, undecodable, no-filing-found, bad-reading.
    """
    digest = hashlib.sha256(data).hexdigest()
    text = decode(data, path)
    if text.lstrip()[:1] in ("{", "["):
        from narrcheck.reading.saved import filings_from_text

        return filings_from_text(text, path, digest)
    found = filings(to_document(text), path, digest, extra_headings)
    if not found:
        raise ReadError("no-filing-found", path=path)
    return found
