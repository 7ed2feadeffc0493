"""What happens to a folder while it is audited: files that come, go, are replaced or written to."""

import subprocess
import sys
from pathlib import Path

import pytest

from batching_helpers import Inline, Unwatched, audit, content, filing, rows, unread
from narrcheck.audit.run import Run
from narrcheck.audit.store import Store
from narrcheck.settings import Settings

CURRENT = "SELECT path FROM files WHERE current ORDER BY path"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three filings; the second has a contradiction."""
    place = tmp_path / "年度"
    (place / "水务").mkdir(parents=True)
    (place / "公园.txt").write_text(filing("公园养护"), "utf-8")
    (place / "水务" / "泵站.txt").write_text(filing("泵站运行", said=36), "utf-8")
    (place / "水务" / "水厂.txt").write_text(filing("水厂检修"), "utf-8")
    return place


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "audit.db"


def done(store: Path, folder: Path | str, **settings: object) -> tuple[int, int, int]:
    """How many files a run checked, left as they were, and found gone."""
    tally = audit(store, folder, **settings)
    return tally.checked, tally.unchanged, tally.gone


def paths(store: Path) -> list[str]:
    return [path for (path,) in rows(store, CURRENT)]


def findings(store: Path, path: str) -> list[str]:
    return [row[5] for row in content(store)["findings"] if row[1] == path]


class Meanwhile(Inline):
    """Does something to the folder when the second file's turn comes."""

    def __init__(self, deed: object) -> None:
        super().__init__(self._told)
        self._deed, self._seen = deed, 0

    def _told(self, path: str) -> None:
        self._seen += 1
        if self._seen == 2:
            self._deed()  # type: ignore[operator]


def test_a_file_that_vanishes_before_it_is_read_is_no_failure(folder: Path, store: Path) -> None:
    audit(store, folder, Meanwhile((folder / "水务" / "水厂.txt").unlink))
    assert paths(store) == ["公园.txt", "水务/泵站.txt"] and unread(store) == {}


def test_a_file_that_vanishes_after_it_was_read_is_gone(folder: Path, store: Path) -> None:
    audit(store, folder, Meanwhile((folder / "公园.txt").unlink))
    assert paths(store) == ["水务/水厂.txt", "水务/泵站.txt"]


def test_a_file_replaced_after_it_was_read_is_read_again(folder: Path, store: Path) -> None:
    def replace() -> None:
        draft = folder.parent / "draft.txt"
        draft.write_text(filing("公园养护", said=36), "utf-8")
        draft.replace(folder / "公园.txt")

    audit(store, folder, Meanwhile(replace))
    assert "N01" in findings(store, "公园.txt")


def test_files_that_come_during_the_run_are_checked_by_it(folder: Path, store: Path) -> None:
    def grow() -> None:
        (folder / "a").mkdir()
        (folder / "a" / "新.txt").write_text(filing("新馆建设", said=36), "utf-8")

    tally = audit(store, folder, Meanwhile(grow))
    assert "N01" in findings(store, "a/新.txt") and not tally.growing
    assert tally.listed == tally.checked == 4


def test_a_folder_that_never_stops_growing_ends_and_says_so(folder: Path, store: Path) -> None:
    count = iter(range(1000))

    def grow(path: str) -> None:
        (folder / f"z{next(count):03d}.txt").write_text(filing(f"路灯{path}"), "utf-8")

    tally = audit(store, folder, Inline(grow))
    assert tally.growing
    audit(store, folder)
    assert len(paths(store)) == len([*folder.rglob("*.txt")])


def test_a_file_that_is_never_as_long_as_it_says_is_listed_and_read_once_it_is(folder: Path, store: Path) -> None:
    path = folder / "公园.txt"
    whole = path.read_bytes()
    path.unlink()
    path.symlink_to("/proc/self/status")  # its length is 0 before it is read, as that of a file just begun
    if not path.is_file():
        pytest.skip("no /proc")
    audit(store, folder)
    assert unread(store) == {str(path): "file-changing"}
    path.unlink()
    path.write_bytes(whole)
    assert done(store, folder) == (1, 2, 0)
    assert unread(store) == {} and len(content(store)["filings"]) == 3


APPENDING = """
import sys
print(flush=True)
while True:
    with open(sys.argv[1], "a") as file:
        file.write("\\n")
"""


def test_a_file_written_to_during_a_run_is_read_as_it_ends_up_by_the_next(folder: Path, store: Path) -> None:
    path = folder / "公园.txt"
    writer = subprocess.Popen([sys.executable, "-c", APPENDING, path], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None and writer.stdout.readline()
        audit(store, folder)
    finally:
        writer.kill()
        writer.communicate()
    assert len(paths(store)) == 3
    audit(store, folder)
    audit(store.with_name("fresh.db"), folder)
    assert content(store) == content(store.with_name("fresh.db"))


def test_a_run_stopped_by_an_error_says_so_and_keeps_what_is_stored(folder: Path, store: Path) -> None:
    def fail() -> None:
        raise RuntimeError("a part of the machine is broken")

    with pytest.raises(RuntimeError), Store(str(store)) as opened:
        Run(opened, str(folder), Settings(), Meanwhile(fail), Unwatched())()
    assert rows(store, "SELECT state, reason FROM runs") == [
        ("stopped", "RuntimeError: a part of the machine is broken")
    ]
    assert len(paths(store)) == 1
    assert done(store, folder) == (2, 1, 0)
