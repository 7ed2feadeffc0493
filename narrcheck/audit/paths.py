"""Names of files as the store keeps them: texts that name one file each, also where a name is not UTF-8.

A name that is UTF-8 stays as it is. Otherwise each stray byte becomes \\xNN, and a backslash of the name is doubled; so
is it in the rare name that holds the characters of such an escape.
"""

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from narrcheck.reading.inputs import walk

_ESCAPE = re.compile(r"\\x[0-9a-f]{2}")
_UNESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|(\\))")
_PIECE = 1 << 20
_STRAY = re.compile("[\udc80-\udcff]")


def kept(name: str) -> str:
    """The name as the store keeps it; `named` turns it back."""
    if not _STRAY.search(name) and not _ESCAPE.search(name):
        return name
    return _STRAY.sub(lambda stray: f"\\x{ord(stray[0]) - 0xDC00:02x}", name.replace("\\", "\\\\"))


def named(name: str) -> str:
    """The name as the system takes it."""
    if not _ESCAPE.search(name):
        return name
    return _UNESCAPE.sub(lambda found: "\\" if found[2] else chr(0xDC00 + int(found[1], 16)), name)


def location(folder: str, path: str) -> Path:
    """The file that the store keeps as `path` below the folder."""
    return Path(folder) / named(path)


def absolute(folder: str) -> str:
    """The folder's whole path as the store keeps it."""
    return kept(os.path.realpath(folder))


def below(folder: str, places: Iterable[str]) -> set[str]:
    """Those of the files, given by their real paths, that lie below the folder, as the store keeps them."""
    top = os.path.join(os.path.realpath(folder), "")
    return {kept(place[len(top) :].replace(os.sep, "/")) for place in places if place.startswith(top)}


def nested(one: str, other: str) -> bool:
    """Whether one of two folders, as the store keeps them, lies in the other, or they are the same."""
    first, second = (os.path.join(named(folder), "") for folder in (one, other))
    return first.startswith(second) or second.startswith(first)


def listing(folder: str, unlisted: Callable[[OSError], None]) -> Iterator[str]:
    """The files below a folder as the store keeps them, in the order of `check`."""
    top = len(os.path.join(folder, ""))
    for place, names in walk(folder, unlisted):
        if not os.access(place, os.X_OK):  # its names can be had, but none of its files
            unlisted(PermissionError(errno.EACCES, os.strerror(errno.EACCES), place))
        above = place[top:].replace(os.sep, "/")
        for name in names:
            yield kept(f"{above}/{name}" if above else name)


def digest(folder: str, path: str) -> str | None:
    """The SHA-256 of a file; None where it cannot be read."""
    try:
        with open(os.path.join(folder, named(path)), "rb", buffering=0) as file:
            data = file.read(_PIECE)
            found = hashlib.sha256(data)
            while len(data) == _PIECE and (data := file.read(_PIECE)):
                found.update(data)
            return found.hexdigest()
    except OSError:
        return None
