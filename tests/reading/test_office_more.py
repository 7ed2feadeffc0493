"""What LibreOffice is kept from, and files that are refused before it is asked."""

import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from makers.word import to_docx
from narrcheck.reading import ReadError, ReadingLimits, office, read_bytes

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = (
    f'xmlns:office="{ODF}office:1.0" xmlns:text="{ODF}text:1.0" xmlns:draw="{ODF}drawing:1.0" '
    f'xmlns:svg="{ODF}svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"


def flat(body: str, kind: str = "text") -> bytes:
    return (
        f'<?xml version="1.0"?><office:document {NAMES} office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:body><office:text>{body}'
        "</office:text></office:body></office:document>"
    ).encode()


def form() -> bytes:
    (filing,) = read_bytes((HEAD + ROWS + TAIL).encode(), "a.txt")
    return to_docx(filing)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine, and what was asked of it."""
    found: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", found
    server.shutdown()
    server.server_close()


@pytest.mark.required
def test_a_picture_kept_elsewhere_is_not_fetched(asked: tuple[str, list[str]]) -> None:
    if office.find_program() is None:
        pytest.skip("LibreOffice is not installed")
    address, found = asked
    picture = f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{address}/a.png"/></draw:frame>'
    (document,) = office.read(flat(f"<text:p>渡口{picture}</text:p>"), "a.fodt", ReadingLimits())
    assert [row.cells for row in document.rows] == [("渡口",)]
    assert found == []


def test_the_profile_shuts_off_macros_links_and_network(tmp_path: Path) -> None:
    office._write_profile(tmp_path)
    space = "{http://openoffice.org/2001/registry}"
    settings = {
        (item.get(f"{space}path", "").removeprefix("/org.openoffice."), prop.get(f"{space}name")): prop.findtext(
            "value"
        )
        for item in ElementTree.parse(tmp_path / "user" / "registrymodifications.xcu").getroot()
        for prop in item
    }
    scripting = "Office.Common/Security/Scripting"
    assert settings[scripting, "MacroSecurityLevel"] == "3"
    assert settings[scripting, "DisableMacrosExecution"] == "true"
    assert settings[scripting, "BlockUntrustedRefererLinks"] == "true"
    assert {settings[f"Office.{part}/Content/Update", "Link"] for part in ("Writer", "Calc")} == {"2"}
    assert settings["Inet/Settings", "ooInetProxyType"] == "2"


def test_a_package_written_as_one_file_needs_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    parts = ""
    with zipfile.ZipFile(BytesIO(form())) as file:
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                xml = file.read(name).decode().partition("?>")[2]
                parts += f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{xml}</pkg:xmlData></pkg:part>'
    (filing,) = read_bytes(
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{PACKAGE}">{parts}</pkg:package>'.encode(), "a.xml"
    )
    assert rows(filing) == PLAIN
    assert "note.converted" not in [note.key for note in filing.notes]


def test_an_empty_path_has_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(office, "_USUAL_PLACES", ())
    with pytest.raises(ReadError) as caught:
        office.read(b"{\\rtf1 x}", "a.rtf", ReadingLimits())
    assert caught.value.code == "needs-office"
    assert caught.value.facts == {"path": "a.rtf"}


def opened(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {"mimetype": b"application/vnd.oasis.opendocument.text", **members}.items():
            file.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (flat("<text:p>x</text:p>").replace(b'"1.0"?>', b'"1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'), "unsafe-xml"),
        (flat("<text:p>x</text:p>", "presentation"), "unknown-kind"),
        (flat("<text:p>x"), "damaged"),
        (b"", "damaged"),
        (f'<?xml version="1.0"?><p:package xmlns:p="{PACKAGE}"/>'.encode(), "unknown-kind"),
        (opened({"content.xml": b"<a/>", "META-INF/manifest.xml": b"<m><encryption-data/></m>"}), "password-protected"),
        (opened({"content.xml": b"<!DOCTYPE a><a/>"}), "unsafe-xml"),
        (opened({"content.xml": b"<a>" + bytes(3 << 20) + b"</a>"}), "unpacks-too-large"),
    ],
)
def test_refused_before_libreoffice_sees_it(monkeypatch: pytest.MonkeyPatch, data: bytes, code: str) -> None:
    monkeypatch.setattr(office, "find_program", lambda: pytest.fail("asked"))
    with pytest.raises(ReadError) as caught:
        office.read(data, "a.odt", ReadingLimits(unpacked_mb=2))
    assert caught.value.code == code


@pytest.mark.required
def test_a_torn_document_fails_and_is_not_read_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if office.find_program() is None:
        pytest.skip("LibreOffice is not installed")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    noise = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 40
    with pytest.raises(ReadError) as caught:
        office.read(noise, "a.doc", ReadingLimits())
    assert caught.value.code == "office-failed"
    assert not list(tmp_path.iterdir())
