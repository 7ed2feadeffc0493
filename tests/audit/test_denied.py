"""Files, folders and stores that permissions keep from the user: each is told, and read once it may be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from batching_helpers import audit, content, filing, rows, unread


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two filings."""
    place = tmp_path / "year"
    place.mkdir()
    for name in ("公园", "泵站"):
        (place / f"{name}.txt").write_text(filing(name, said=36), "utf-8")
    return place


@pytest.fixture
def held(folder: Path, tmp_path: Path) -> Path:
    """The store of a finished run over them."""
    audit(tmp_path / "audit.db", folder)
    return tmp_path / "audit.db"


def sentence(ended: int, text: str, code: int) -> str:
    assert ended == code, text
    assert "Traceback" not in text and "sqlalche.me" not in text and "(sqlite3." not in text
    return [line for line in text.splitlines() if line.startswith("narrcheck: ")][-1]


def as_another(*arguments: str | Path) -> "subprocess.CompletedProcess[bytes]":
    """The command as a user whom permissions bind, which they do not root."""
    who = []
    if os.geteuid() == 0:
        caps = "-dac_override,-dac_read_search"
        who = ["setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}"]
        if shutil.which("setpriv") is None or subprocess.call([*who, "true"]):
            pytest.skip("root cannot give up its rights here")
    command = [*who, sys.executable, "-m", "narrcheck", "batch", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False)


def standing(store: Path) -> list[str]:
    return [path for (path,) in rows(store, "SELECT path FROM files WHERE current ORDER BY path")]


def test_a_store_that_may_only_be_read(held: Path, folder: Path) -> None:
    before = content(held)
    held.chmod(0o444)
    held.parent.chmod(0o555)
    try:
        for _ in range(2):  # first the folder too may not be written, then the file alone
            done = as_another("run", folder, "--store", held)
            said = sentence(done.returncode, done.stderr.decode(), 2)
            assert "不能写入" in said or "打不开" in said
            assert as_another("status", "--store", held).returncode == 0
            held.parent.chmod(0o755)
    finally:
        held.parent.chmod(0o755)
    assert content(held) == before


@pytest.mark.parametrize("mode", [0o300, 0o400], ids=["not to be listed", "listed but not entered"])
def test_a_folder_without_rights_is_listed_as_unread(tmp_path: Path, folder: Path, mode: int) -> None:
    store, shut = tmp_path / "audit.db", folder / "档案"
    shut.mkdir()
    (shut / "书库.txt").write_text(filing("书库"), "utf-8")
    audit(store, folder)
    (folder / "公园.txt").unlink()
    shut.chmod(mode)
    try:
        done = as_another("run", folder, "--store", store, "--jobs", "1")
    finally:
        shut.chmod(0o755)
    assert done.returncode == 3 and b"Traceback" not in done.stderr, done.stderr.decode()
    assert "档案" in done.stdout.decode()
    assert "档案/书库.txt" in standing(store), "what was read there stands"
    assert "公园.txt" not in standing(store), "what is gone does not"
    audit(store, folder)
    assert standing(store) == ["档案/书库.txt", "泵站.txt"] and unread(store) == {}


def test_a_file_that_may_not_be_read_is_read_once_it_may(tmp_path: Path, folder: Path) -> None:
    store = tmp_path / "audit.db"
    (folder / "公园.txt").chmod(0)
    done = as_another("run", folder, "--store", store, "--jobs", "1")
    assert done.returncode == 3 and unread(store) == {str(folder / "公园.txt"): "cannot-read"}
    (folder / "公园.txt").chmod(0o644)
    assert as_another("resume", "--store", store, "--jobs", "1").returncode == 1
    assert unread(store) == {} and len(content(store)["filings"]) == 2


def test_a_folder_that_may_not_be_entered_at_all(tmp_path: Path, folder: Path) -> None:
    folder.chmod(0)
    try:
        done = as_another("run", folder / "a", "--store", tmp_path / "audit.db")
    finally:
        folder.chmod(0o755)
    assert "没有这个文件夹" in sentence(done.returncode, done.stderr.decode(), 2)
