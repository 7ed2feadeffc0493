"""Formats that LibreOffice converts: the same filing, with a note; a clear word where it is missing or fails."""

import shutil
import subprocess
from pathlib import Path

import pytest
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from makers.spreadsheet import to_xlsx
from makers.word import to_docx
from narrcheck.filing import Filing
from narrcheck.reading import ReadError, office, read_bytes
from narrcheck.reading.limits import ReadingLimits

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le")


def filing() -> Filing:
    (found,) = read_bytes((HEAD + ROWS + TAIL).encode(), "a.txt")
    return found


def converted(data: bytes, suffix: str, target: str, folder: Path) -> bytes:
    """The file as LibreOffice writes it in another format."""
    program = office.find_program()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    source = folder / f"form.{suffix}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", target, "--outdir", str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "out" / f"form.{target}").read_bytes()


@pytest.mark.required
@pytest.mark.parametrize(
    ("suffix", "target"), [("docx", "doc"), ("docx", "rtf"), ("docx", "odt"), ("docx", "fodt"), ("xlsx", "fods")]
)
def test_a_form_in_an_old_format(tmp_path: Path, suffix: str, target: str) -> None:
    made = (to_docx if suffix == "docx" else to_xlsx)(filing())
    (found,) = read_bytes(converted(made, suffix, target, tmp_path), f"a.{target}")
    assert rows(found) == PLAIN
    assert found.narrative == filing().narrative
    assert "note.converted" in [note.key for note in found.notes]


@pytest.mark.required
def test_a_workbook_of_office_2003() -> None:
    if office.find_program() is None:
        pytest.skip("LibreOffice is not installed")
    lines = [line.split("\t") for line in (HEAD + ROWS + TAIL).split("\n") if line]
    cells = [
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in line) + "</Row>"
        for line in lines
    ]
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    book = (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="表"><Table>{"".join(cells)}</Table></Worksheet></Workbook>'
    )
    (found,) = read_bytes(book.encode(), "a.xls")
    assert rows(found) == PLAIN


@pytest.mark.required
def test_what_is_no_document_fails_with_a_word() -> None:
    if office.find_program() is None:
        pytest.skip("LibreOffice is not installed")
    with pytest.raises(ReadError) as caught:
        read_bytes(OLD_WORD + bytes(range(256)) * 20, "a.doc")
    assert caught.value.code in ("office-failed", "no-filing-found")


def test_without_libreoffice_the_file_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_program", lambda: None)
    with pytest.raises(ReadError) as caught:
        read_bytes(OLD_WORD, "a.wps")
    assert caught.value.code == "needs-office"
    assert "LibreOffice" in caught.value.explain("zh") and "docx" in caught.value.explain("en")


def stand_in(folder: Path, script: str) -> str:
    """A program in LibreOffice's place."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(shutil.which("sh") is None, reason="the stand-in program is a shell script")
def test_a_conversion_that_hangs_is_ended_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rest = tmp_path / "rest"
    rest.mkdir()
    program = stand_in(tmp_path, "sleep 60 & sleep 60")
    monkeypatch.setattr(office, "find_program", lambda: program)
    monkeypatch.setattr("tempfile.tempdir", str(rest))
    with pytest.raises(ReadError) as caught:
        read_bytes(OLD_WORD, "a.doc", None, ReadingLimits(seconds=1))
    assert caught.value.code == "too-slow"
    assert not list(rest.iterdir())


@pytest.mark.skipif(shutil.which("sh") is None, reason="the stand-in program is a shell script")
def test_macros_and_links_are_off_and_the_name_is_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = stand_in(
        tmp_path,
        f'echo "$@" > {told}; for word in "$@"; do case "$word" in -env:*) '
        f'cat "${{word#-env:UserInstallation=file://}}/user/registrymodifications.xcu" >> {told};; esac; done',
    )
    monkeypatch.setattr(office, "find_program", lambda: program)
    with pytest.raises(ReadError) as caught:
        read_bytes(OLD_WORD, "--macro; rm -rf.doc")
    assert caught.value.code == "office-failed"
    said = told.read_text("utf-8")
    assert "rm -rf" not in said and "source.doc" in said
    assert "DisableMacrosExecution" in said and "true" in said
