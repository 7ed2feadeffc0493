"""What LibreOffice shows of a document: the texts of its pages, without blanks."""

import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from narrcheck.reading import office

_BLANKS = re.compile(r"\s+")


def pages(data: bytes, suffix: str, folder: Path) -> list[str]:
    """The text of each page; the test is skipped where LibreOffice is missing."""
    program = office.find_program()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    source = folder / f"report.{suffix}"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with pypdfium2.PdfDocument(folder / "report.pdf") as made:
        return [_BLANKS.sub("", page.get_textpage().get_text_range()) for page in made]
