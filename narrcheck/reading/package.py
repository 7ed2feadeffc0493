"""Packed files (zip and the formats built on it), opened without trusting what they say of themselves."""

import io
import zipfile
import zlib

from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import MEGABYTE, RATIO_FLOOR, ReadingLimits

_CHUNK = 1 << 18
_ENCRYPTED = 0x1
_PROPERTIES = "docprops/core.xml"
try:
    from lzma import LZMAError
except ImportError:  # a Python built without it, which then reads no such member

    class LZMAError(Exception):  # type: ignore[no-redef]
        """Never raised."""


_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
_MEMBER_BROKEN = (RuntimeError, LZMAError, *_BROKEN)

AUTHOR = "narrcheck"
"""Whom the workbooks, letters and pages of narrcheck name as their author, so that none is taken for a filing."""


class Package:
    """The members of a packed file, each unpacked only when asked for and only as far as the limits allow.

    ReadError: damaged (no readable directory), unpacks-too-large.
    """

    def __init__(self, data: bytes, path: str, limits: ReadingLimits) -> None:
        self.path, self.limits = path, limits
        self.packed = len(data)
        self._unpacked = 0
        try:
            self.file = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise ReadError("damaged", path=path) from None
        self.members = [member for member in self.file.infolist() if not member.is_dir()]
        if len(self.members) > limits.members:
            raise ReadError("too-many-members", path=path, members=len(self.members), limit=limits.members)

    @property
    def names(self) -> list[str]:
        """The members' names as stored."""
        return [member.filename for member in self.members]

    def check_declared(self) -> None:
        """Refuse a file whose own directory says that it unpacks to too much (ReadError: unpacks-too-large)."""
        self._allow(sum(member.file_size for member in self.members), self.packed)

    def check(self) -> None:
        """Refuse what `check_declared` does, and an Office document of narrcheck's own (ReadError: no-filing-found)."""
        self.check_declared()
        if self._is_own:
            raise ReadError("no-filing-found", path=self.path)

    @property
    def _is_own(self) -> bool:
        """Whether narrcheck wrote the file, as the properties of an Office document tell."""
        from narrcheck.reading.markup import parse_xml

        part = next((name for name in self.names if name.replace("\\", "/").lstrip("/").lower() == _PROPERTIES), None)
        try:
            return part is not None and parse_xml(self.read(part), self.path).findtext("{*}creator") == AUTHOR
        except ReadError:  # which keeps nobody from what the document says
            return False

    def read(self, member: str | zipfile.ZipInfo) -> bytes:
        """The bytes of a member, counted towards the file's limits.

        ReadError: damaged, password-protected, unpacks-too-large.
        """
        try:
            info = self.file.getinfo(member) if isinstance(member, str) else member
        except KeyError:
            raise ReadError("damaged", path=self.path) from None
        if info.flag_bits & _ENCRYPTED:
            raise ReadError("password-protected", path=self.path)
        pieces: list[bytes] = []
        try:
            with self.file.open(info) as stream:
                while piece := stream.read(_CHUNK):
                    self._unpacked += len(piece)
                    self._allow(self._unpacked, self.packed)
                    pieces.append(piece)
        except _MEMBER_BROKEN:
            raise ReadError("damaged", path=self.path) from None
        return b"".join(pieces)

    def _allow(self, unpacked: int, packed: int) -> None:
        limits = self.limits
        if unpacked > limits.unpacked_mb * MEGABYTE:
            raise ReadError("unpacks-too-large", path=self.path, limit=limits.unpacked_mb)
        if unpacked > RATIO_FLOOR * MEGABYTE and unpacked > limits.ratio * packed:
            raise ReadError("unpacks-too-much", path=self.path, limit=limits.ratio)
