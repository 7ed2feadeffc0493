"""A file loads what its own format needs and nothing of another's."""

import subprocess
import sys
from pathlib import Path

import pytest

from form_text import form
from makers.pdf import to_pdf
from makers.spreadsheet import to_xlsx
from makers.word import to_docx
from narrcheck.reading import read_bytes

FOREIGN = ("lxml", "pypdfium2", "xlrd", "cv2", "numpy", "rapidocr_onnxruntime", "multiprocessing", "zipfile")
OF_MODELS = ("openai", "instructor", "tenacity", "httpx", "httpx2", "aiohttp", "yaml", "asyncio", "sqlite3", "pydantic")
SCRIPT = """
import sys
from narrcheck.reading import read_bytes
data = open(sys.argv[1], "rb").read()
read_bytes(data, "form")
print(*sorted(name for name in sys.modules if "." not in name))
"""
COMMAND = """
import sys
from narrcheck.cli import main
main(["check", sys.argv[1], "-o", sys.argv[1] + ".json", "--format", "json"])
print(*sorted(name for name in sys.modules if "." not in name))
"""


def loaded(script: str, path: Path) -> set[str]:
    """The packages in memory after the script has read the file."""
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", timeout=60)
    return set(done.stdout.split()) & {*FOREIGN, *OF_MODELS}


@pytest.mark.parametrize("script", [SCRIPT, COMMAND])
def test_a_text_loads_no_reader_of_another_format(tmp_path: Path, script: str) -> None:
    path = tmp_path / "form.txt"
    path.write_text(form(), "utf-8")
    assert loaded(script, path) == set()


def test_each_format_loads_its_own(tmp_path: Path) -> None:
    (filing,) = read_bytes(form().encode(), "form.txt")
    path = tmp_path / "form"
    for data, own in (
        (to_xlsx(filing), {"lxml", "zipfile"}),
        (to_docx(filing), {"lxml", "zipfile"}),
        (to_pdf(filing), {"pypdfium2"}),
    ):
        path.write_bytes(data)
        assert own <= loaded(SCRIPT, path) <= {*own, "multiprocessing", "numpy"}
