"""What only an office program reads (doc, wps, rtf, odt, xlsb, Office XML of 2003, flat ODF): LibreOffice makes a docx
or xlsx of it, in a folder of its own, with macros, links and network shut off."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from narrcheck.reading.document import Document, Note
from narrcheck.reading.errors import ReadError
from narrcheck.reading.limits import MEGABYTE, ReadingLimits
from narrcheck.reading.markup import parse_xml
from narrcheck.reading.package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_FLAT_PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"
_OPEN_FORMAT = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_MANIFEST = "META-INF/manifest.xml"
_SHARE = 0.8
"""LibreOffice's part of the time a file may take: whoever waits for this reader stops it when that time is over, and
LibreOffice must have been stopped by then."""
_EXPORTS = {"docx": "MS Word 2007 XML", "xlsx": "Calc MS Excel 2007 XML"}
_USUAL_PLACES = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_SCRIPTING = "Office.Common/Security/Scripting"
_NOWHERE = "127.0.0.1"
_SETTINGS: tuple[tuple[str, str, object], ...] = (
    (_SCRIPTING, "MacroSecurityLevel", 3),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", 2),
    ("Office.Calc/Content/Update", "Link", 2),
    ("Inet/Settings", "ooInetProxyType", 2),
    ("Inet/Settings", "ooInetNoProxy", ""),
    *(
        ("Inet/Settings", f"ooInet{protocol}Proxy{what}", value)
        for protocol in ("HTTP", "HTTPS", "FTP")
        for what, value in (("Name", _NOWHERE), ("Port", 9))
    ),
)
"""Macros: the highest level, and none at all. Links: never updated; pictures and other parts kept elsewhere are not
fetched. Network: a proxy that does not answer stands before all of it."""


@dataclass(frozen=True, slots=True)
class _Sort:
    """What a file is: its usual suffix, LibreOffice's name for reading it, and what it becomes. The name is always
    given, since LibreOffice takes broken files for plain text when it may choose."""

    suffix: str
    imported_as: str
    target: Literal["docx", "xlsx"]


_WORD = _Sort("doc", "MS Word 97", "docx")
_RICH_TEXT = _Sort("rtf", "Rich Text Format", "docx")
_OPEN_TEXT = _Sort("odt", "writer8", "docx")
_BINARY_SHEET = _Sort("xlsb", "Calc MS Excel 2007 Binary", "xlsx")
_BY_NAMESPACE = {
    "urn:schemas-microsoft-com:office:spreadsheet": _Sort("xml", "MS Excel 2003 XML Orcus", "xlsx"),
    "http://schemas.microsoft.com/office/word/2003/wordml": _Sort("xml", "MS Word 2003 XML", "docx"),
}
_BY_MIMETYPE = {
    "application/vnd.oasis.opendocument.text": _Sort("fodt", "OpenDocument Text Flat XML", "docx"),
    "application/vnd.oasis.opendocument.spreadsheet": _Sort("fods", "OpenDocument Spreadsheet Flat XML", "xlsx"),
}


def read(data: bytes, path: str, limits: ReadingLimits) -> tuple[Document, ...]:
    """The rows of what the file was converted to, each document with a note that says so.

    A package written as one XML file is only packed, not converted. ReadError: needs-office, office-failed, too-slow,
    damaged, password-protected, unsafe-xml, unknown-kind, unpacks-too-large, …
    """
    from narrcheck.reading import prepare

    root = None
    if not data.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        root = parse_xml(data, path)
        if _namespace(root) == _FLAT_PACKAGE:
            return prepare("docx")(_packed(root, path), path, limits)
    sort = _sort(root, path) if root is not None else _sort_of_bytes(data, path, limits)
    made = _converted(data, sort, path, limits)
    try:
        documents = prepare(sort.target)(made, path, limits)
    except ReadError as error:
        raise ReadError("office-failed", path=path) if error.code == "damaged" else error from None
    return tuple(replace(document, notes=(*document.notes, Note("note.converted"))) for document in documents)


def _sort_of_bytes(data: bytes, path: str, limits: ReadingLimits) -> _Sort:
    """The sort of a file that is not XML; packed ones are looked into before LibreOffice unpacks them."""
    if data.startswith(b"{\\rtf"):
        return _RICH_TEXT
    if not data.startswith(b"PK"):
        return _WORD
    package = Package(data, path, limits)
    package.check_declared()
    if "xl/workbook.bin" in package.names:
        return _BINARY_SHEET
    if _MANIFEST in package.names and b"encryption-data" in package.read(_MANIFEST):
        raise ReadError("password-protected", path=path)
    for name in package.names:
        if name.endswith(".xml"):
            parse_xml(package.read(name), path)
    return _OPEN_TEXT


def _sort(root: "_Element", path: str) -> _Sort:
    namespace = _namespace(root)
    found = _BY_NAMESPACE.get(namespace)
    if namespace == _OPEN_FORMAT:
        found = _BY_MIMETYPE.get(root.get(f"{{{_OPEN_FORMAT}}}mimetype", ""))
    if found is None:
        raise ReadError("unknown-kind", path=path)
    return found


def _namespace(root: "_Element") -> str:
    return str(root.tag).rpartition("}")[0].lstrip("{")


def _packed(root: "_Element", path: str) -> bytes:
    """The package whose parts stand one behind the other in one XML file; pictures are left out."""
    from lxml import etree

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part in root.iterchildren(f"{{{_FLAT_PACKAGE}}}part"):
            name = part.get(f"{{{_FLAT_PACKAGE}}}name", "").lstrip("/")
            content = next(
                (inner for holder in part.iterchildren(f"{{{_FLAT_PACKAGE}}}xmlData") for inner in holder), None
            )
            if content is not None and name and name not in file.NameToInfo:
                file.writestr(name, etree.tostring(content, with_tail=False))
        if not any(name.startswith("word/") for name in file.NameToInfo):
            raise ReadError("unknown-kind", path=path)
    return out.getvalue()


def _converted(data: bytes, sort: _Sort, path: str, limits: ReadingLimits) -> bytes:
    """The docx or xlsx that LibreOffice makes of the file. ReadError: needs-office, office-failed, too-slow, …"""
    program = find_program()
    if program is None:
        raise ReadError("needs-office", path=path)
    try:
        with tempfile.TemporaryDirectory(prefix="narrcheck-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            (folder / f"source.{sort.suffix}").write_bytes(data)
            _write_profile(folder / "profile")
            _run(_command(program, folder, sort), folder, limits.seconds * _SHARE)
            made = folder / "made" / f"source.{sort.target}"
            if made.stat().st_size > limits.unpacked_mb * MEGABYTE:
                raise ReadError("unpacks-too-large", path=path, limit=limits.unpacked_mb)
            return made.read_bytes()
    except subprocess.TimeoutExpired:
        raise ReadError("too-slow", path=path, limit=limits.seconds) from None
    except OSError:
        raise ReadError("office-failed", path=path) from None


def find_program() -> str | None:
    """LibreOffice's command, from PATH or where its installer puts it."""
    return next(_places(), None)


def _places() -> Iterator[str]:
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            yield found
    yield from (place for place in _USUAL_PLACES if Path(place).is_file())


def _write_profile(profile: Path) -> None:
    """The settings LibreOffice starts with."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{place}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        "</item>"
        for place, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}'
        "</oor:items>",
        "utf-8",
    )


def _command(program: str, folder: Path, sort: _Sort) -> list[str]:
    return [
        program, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"--infilter={sort.imported_as}",
        "--convert-to", f"{sort.target}:{_EXPORTS[sort.target]}", "--outdir", str(folder / "made"),
        str(folder / f"source.{sort.suffix}"),
    ]  # fmt: skip


def _run(command: list[str], folder: Path, seconds: float) -> None:
    """Run it to its end; subprocess.TimeoutExpired, with all its processes stopped, where it takes longer."""
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    nothing = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
    )
    try:
        process.wait(seconds)
    except BaseException:
        _stop(process)
        raise


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the program and what it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        import signal

        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
