"""Zip files of mixed content: their members one after another, unpacked in memory, named as people named them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from narrcheck.catalogue import message
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import MEGABYTE, RATIO_FLOOR, ReadingLimits

if TYPE_CHECKING:
    from zipfile import ZipInfo

READINGS = (".parse.json", ".labels.json")
"""How the names of saved readings (and labels) end, which may stand beside the file they were read from."""

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def is_passed_over(name: str) -> bool:
    """A file or folder nobody means: hidden, the lock of an open document, or what macOS adds to archives."""
    return name.startswith((".", "~$", "~WRL")) or name == "__MACOSX"


class RestUnread(ReadError):
    """The archive has unpacked to so much that the rest of it is not read (`left` files, with this one)."""

    def explain(self, lang: str) -> str:
        """The sentence for people."""
        return message(f"rest.{self.code}", lang, **self.facts)


class Account:
    """What an archive has unpacked to, with the archives inside of it. Once it is used up, it stays so."""

    def __init__(self, packed: int, limits: ReadingLimits) -> None:
        self.packed, self.limits = packed, limits
        self.unpacked = 0
        self.refusal = ""

    def take(self, size: int) -> str:
        """Count what is going to be unpacked; the code of the limit that forbids it, or nothing."""
        self.unpacked += size
        if not self.refusal:
            self.refusal = too_much(self.unpacked, self.packed, self.limits)
        return self.refusal


def too_much(unpacked: int, packed: int, limits: ReadingLimits) -> str:
    """The code of the limit that these sizes exceed, or nothing."""
    if unpacked > limits.unpacked_mb * MEGABYTE:
        return "unpacks-too-large"
    return "unpacks-too-much" if unpacked > max(RATIO_FLOOR * MEGABYTE, limits.ratio * packed) else ""


class Archive:
    """An opened zip file. ReadError: damaged, too-many-members."""

    def __init__(self, data: bytes, path: str, limits: ReadingLimits, account: Account | None = None) -> None:
        """`path` names it; an archive inside another one shares its account."""
        from narrcheck.reading.package import Package

        self.path, self.limits = path, limits
        self.package = Package(data, path, limits)
        self.account = account or Account(len(data), limits)
        named = [(_name(info), info) for info in self.package.members]
        self.members = [
            Member(self, _normal(name), info, unsafe=_leads_out(name), position=0)
            for name, info in named
            if _leads_out(name) or not any(map(is_passed_over, _normal(name).split("/")))
        ]
        for position, member in enumerate(self.members):
            member.position = position

    def __iter__(self) -> "Iterator[Member]":
        return iter(self.members)

    @cached_property
    def originals(self) -> list[str]:
        """The names of all members but JSON files, sorted."""
        return sorted(member.name for member in self.members if not member.name.endswith(".json"))


@dataclass(slots=True)
class Member:
    """A file in an archive. `name` is fit to print, with "/" between folders."""

    archive: Archive
    name: str
    info: "ZipInfo"
    unsafe: bool
    position: int

    @property
    def path(self) -> str:
        """The archive's path and the name in it."""
        return f"{self.archive.path}/{self.name}"

    @property
    def is_reading_of_neighbour(self) -> bool:
        """x.parse.json (or x.labels.json) beside x.txt in the same archive."""
        if not self.name.endswith(READINGS):
            return False
        start = self.name.rsplit(".", 2)[0] + "."
        originals = self.archive.originals
        at = bisect_left(originals, start)
        return at < len(originals) and originals[at].startswith(start)

    def data(self) -> bytes:
        """Its bytes. What forbids a single member (its size, a password) is said of it, and the next one is read.

        ReadError: unsafe-name, file-too-large, unpacks-too-large, unpacks-too-much, password-protected, damaged.
        RestUnread: the archive has used up what its limits allow.
        """
        archive, info, path, limits = self.archive, self.info, self.path, self.archive.limits
        if self.unsafe:
            raise ReadError("unsafe-name", path=path)
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("password-protected", path=path)
        if info.file_size > limits.file_mb * MEGABYTE:
            raise ReadError("file-too-large", path=path, limit=limits.file_mb)
        # A member never unpacks to more than the directory says: it is cut off there, and then counts as damaged.
        if code := too_much(info.file_size, info.compress_size, limits):
            raise ReadError(code, path=path, limit=_limit(code, limits))
        if code := archive.account.take(info.file_size):
            left = len(archive.members) - self.position
            raise RestUnread(code, path=archive.path, limit=_limit(code, limits), left=left)
        try:
            return archive.package.read(info)
        except ReadError as error:
            raise ReadError(error.code, **{**error.facts, "path": path}) from None


def _limit(code: str, limits: ReadingLimits) -> int:
    return limits.unpacked_mb if code == "unpacks-too-large" else limits.ratio


def _name(info: "ZipInfo") -> str:
    """The member's name. Where its encoding is not told, it is UTF-8 or that of Chinese Windows."""
    if not info.flag_bits & _UTF8_NAME:
        try:
            raw = info.filename.encode("cp437")
        except UnicodeEncodeError:
            return info.filename
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return info.filename


def _normal(name: str) -> str:
    """The name as it is printed: one kind of slash, no signs that a terminal obeys."""
    parts = name.replace("\\", "/").split("/")
    return _CONTROL.sub("\ufffd", "/".join(part for part in parts if part != "."))


def _leads_out(name: str) -> bool:
    """The name would lead out of the folder the archive is unpacked in: nobody names a form like that."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or bool(_DRIVE.match(plain)) or ".." in plain.split("/")
