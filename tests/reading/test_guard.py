"""Reading in a process of its own: a file that hangs, crashes or eats memory costs only itself."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_reading_forms import HEAD, ROWS, TAIL

from narrcheck.filing import Filing, Source
from narrcheck.reading import ReadError, ReadingLimits, guard
from narrcheck.reading.guard import Guard

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="the stand-in reader needs a forked process"
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "building.docx"
PDF = b"%PDF-1.7 stand-in"
GOOD = (Filing(Source("good.pdf")),)


def hang() -> None:
    while True:
        time.sleep(0.01)


def crash() -> None:
    os._exit(9)


def fill() -> None:
    hold = [bytearray(64 << 20) for _ in range(1000)]
    raise AssertionError(f"{len(hold)} pieces were allowed")


def break_off() -> None:
    raise KeyError("a fault of the reader")


def sink() -> None:
    sink()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Puts an action in the place of reading bad.pdf."""

    def put(action: Callable[[], None]) -> None:
        def read_bytes(data: bytes, path: str, *rest: Any) -> tuple[Filing, ...]:
            if path == "bad.pdf":
                action()
            return GOOD

        monkeypatch.setattr(guard, "read_bytes", read_bytes)

    return put


@pytest.mark.parametrize(
    ("action", "code", "reason"),
    [
        (hang, "too-slow", "1"),
        (crash, "reader-failed", "EOFError"),
        (fill, "reader-failed", "MemoryError"),
        (break_off, "reader-failed", "KeyError"),
        (sink, "reader-failed", "RecursionError"),
    ],
)
def test_a_bad_file_is_given_up_and_the_next_is_read(
    stand_in: Callable[[Callable[[], None]], None], action: Callable[[], None], code: str, reason: str
) -> None:
    stand_in(action)
    limits = ReadingLimits(seconds=1 if action is hang else 30, memory_mb=512 if action is fill else 4096)
    with Guard(limits) as reader:
        with pytest.raises(ReadError) as caught:
            reader.read(PDF, "bad.pdf")
        assert caught.value.code == code
        assert reason in caught.value.explain("zh") and "bad.pdf" in caught.value.explain("zh")
        assert reader.read(PDF, "good.pdf") == GOOD
    assert not multiprocessing.active_children()


def test_what_the_reader_refuses_is_told_with_its_facts() -> None:
    with Guard(ReadingLimits()) as reader, pytest.raises(ReadError) as caught:
        reader.read(b"%PDF-1.7\nnothing more", "a.pdf")
    assert caught.value.code == "damaged" and "a.pdf" in caught.value.explain("en")


def test_texts_need_no_process() -> None:
    with Guard(ReadingLimits()) as reader:
        (filing,) = reader.read((HEAD + ROWS + TAIL).encode(), "a.txt")
        assert filing.project and not multiprocessing.active_children()


def test_a_large_file_is_not_read() -> None:
    with Guard(ReadingLimits(file_mb=1)) as reader, pytest.raises(ReadError) as caught:
        reader.read(b"%PDF-1.7" + bytes(1 << 20), "a.pdf")
    assert caught.value.code == "file-too-large" and "reading.file-mb" in caught.value.explain("zh")


def test_a_helper_that_has_ended_between_two_files_is_replaced(stand_in: Callable[[Callable[[], None]], None]) -> None:
    stand_in(hang)
    with Guard(ReadingLimits()) as reader:
        assert reader.read(PDF, "good.pdf") == GOOD
        (helper,) = multiprocessing.active_children()
        helper.kill()
        helper.join()
        assert reader.read(PDF, "good.pdf") == GOOD


def test_a_script_with_threads_is_not_run_again_by_the_helper(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import threading, time, narrcheck\n"
        "threading.Thread(target=time.sleep, args=(3,), daemon=True).start()\n"
        "print('once')\n"
        f"print(len(narrcheck.read({str(EXAMPLE)!r})))\n",
        "utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["once", "1"], "")
