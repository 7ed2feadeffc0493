"""Addresses of the files that filings were read from, as reports link to them."""

import os
from pathlib import Path
from urllib.parse import quote

STDIN = "-"
"""The path of what was read from standard input."""
_ARCHIVE = ".zip"
_UNKNOWN = "\ufffd"


def chain(path: str) -> list[str]:
    """A path cut behind each zip file on its way: the file on disk, then the members."""
    found, begun = list[str](), list[str]()
    parts = path.split("/")
    for position, part in enumerate(parts):
        begun.append(part)
        if part.lower().endswith(_ARCHIVE) or position == len(parts) - 1:
            found.append("/".join(begun))
            begun = []
    return found


def uri(path: str, base: Path | None) -> str:
    """The URI of a file: relative to the folder `base`, or absolute where there is none or it is on another drive.
    ValueError for names that no file can have."""
    try:
        parts = () if base is None else Path(os.path.relpath(path, base)).parts
    except ValueError:
        parts = ()
    if not parts:
        return Path(path).absolute().as_uri()
    start = "" if parts[0] == os.pardir else "./"  # so that no name reads as the scheme of an address
    return start + "/".join(quote(os.fsencode(part)) for part in parts)


def href(path: str, base: Path | None) -> str | None:
    """Where a filing's file is, from the folder `base`; for a member of a zip file that file. None for standard input,
    without a base, and for names that no address can hold."""
    if base is None or path in ("", STDIN) or _UNKNOWN in path:
        return None
    try:
        return uri(chain(path)[0], base)
    except (ValueError, OSError):
        return None
