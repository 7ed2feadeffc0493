"""What kind of file the bytes are, whatever its name says."""

import io
from typing import Literal

from narrcheck.reading.limits import ReadingLimits

Kind = Literal[
    "text", "html", "mht", "pdf", "xlsx", "xls", "ods", "docx", "office", "zip", "archive", "image", "locked", "unknown"
]
"""`office` is read with LibreOffice's help, `archive` is packed in a way nobody here unpacks, `locked` asks for a
password."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_PROGRAMS = (b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe")
_OFFICE_XML = (
    b"urn:schemas-microsoft-com:office:spreadsheet",
    b"schemas.microsoft.com/office/word/2003/wordml",
    b"schemas.microsoft.com/office/2006/xmlpackage",
    b"urn:oasis:names:tc:opendocument:xmlns:office:1.0",
)
_PAGE_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
_FRAGMENT_OPENINGS = (b"<meta ", b"<style", b"<title")
_OFFICE_PARTS = frozenset(["[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "xl/workbook.bin"])
_STREAMS = ("EncryptedPackage", "WordDocument", "Workbook", "Book")
_HEAD = 4096


def is_text(data: bytes) -> bool:
    """Whether the file is a text, told by its opening only: nothing in it is followed."""
    return not data.startswith((*_ZIP, _OLE)) and kind_of(data) == "text"


def kind_of(data: bytes, path: str = "", limits: ReadingLimits | None = None) -> Kind:
    """The kind of the file. ReadError (damaged, …) where it is packed and its directory cannot be read."""
    if data.startswith(_ZIP):
        return _packed(data, path, limits or ReadingLimits())
    if data.startswith(_OLE):
        return _compound(data)
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "office"
    if head.startswith(_ARCHIVES):
        return "archive"
    if head.startswith(_PROGRAMS) or (head[:4] == b"RIFF" and head[8:12] != b"WEBP"):
        return "unknown"
    if head.startswith(_IMAGES) or head[8:12] == b"WEBP":
        return "image"
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if plain.startswith(b"<?xml") and any(name in plain for name in _OFFICE_XML):
        return "office"
    if b"multipart/related" in plain and (b"mime-version:" in plain or plain.startswith(b"from:")):
        return "mht"
    is_page = any(opening in plain for opening in _PAGE_OPENINGS) or plain.startswith(_FRAGMENT_OPENINGS)
    return "html" if is_page or (plain.startswith(b"<") and b"<table" in plain) else "text"


def _packed(data: bytes, path: str, limits: ReadingLimits) -> Kind:
    from narrcheck.reading.package import Package

    package = Package(data, path, limits)
    names = set(package.names)
    if names & _OFFICE_PARTS:
        if "xl/workbook.bin" in names:
            return "office"
        if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
            return "xlsx"
        if any(name.startswith("word/") for name in names):
            return "docx"
        return "unknown"
    if "mimetype" in names and "content.xml" in names:
        what = package.read("mimetype").strip()
        if what.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        return "office" if what.startswith(b"application/vnd.oasis.opendocument.text") else "unknown"
    return "unknown" if "OFD.xml" in names else "zip"


def _compound(data: bytes) -> Kind:
    """The old office formats share a container; the names of its own streams, not those of objects inside of it, tell
    which one it is. Where its directory cannot be read, names found anywhere must do."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            names = {path[0] for path in file.listdir() if len(path) == 1}
    except Exception:  # olefile trusts the file: broken bytes come out as whatever error they lead to
        names = set()
    names = names or {name for name in _STREAMS if name.encode("utf-16-le") in data}
    if "EncryptedPackage" in names:
        return "locked"
    if "WordDocument" in names:
        return "office"
    return "xls" if names & {"Workbook", "Book"} else "unknown"
