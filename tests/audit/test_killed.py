"""Killed, interrupted or asked to end at any moment: what is stored stays, and resuming ends as an undisturbed run."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from batching_helpers import (
    EXAMPLES,
    PATIENCE,
    ROOT,
    Content,
    content,
    kill_when,
    left_alone,
    mixed,
    points,
    resumed,
    rows,
    session,
    started,
    stored,
    until,
)  # fmt: skip

FILES, POINTS = 34, 5


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Content]:
    """A folder and what a run that nobody disturbs makes of it."""
    place = tmp_path_factory.mktemp("whole")
    folder = mixed(place / "year", FILES)
    process = started("run", folder, "--store", place / "whole.db", "--jobs", "2")
    process.communicate(timeout=PATIENCE)
    whole = content(place / "whole.db")
    assert process.returncode == 3 and whole["problems"]
    assert len({row[5] for row in whole["across"]}) > 2, "faults of several rules across filings"
    assert len(whole["files"]) == FILES + len(EXAMPLES)
    return folder, whole


@pytest.mark.parametrize("at", range(POINTS))
def test_killed_and_resumed_is_as_if_never_killed(undisturbed: tuple[Path, Content], tmp_path: Path, at: int) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    _, met = next(islice(points(store, len(whole["files"]), POINTS), at, None))
    process = started("run", folder, "--store", store, "--jobs", "2")
    assert kill_when(process, met(process)), "it ended before it could be killed"
    done = resumed(store, folder)
    assert b"Traceback" not in done.stderr and done.returncode == 3
    assert content(store) == whole
    assert rows(store, "SELECT COUNT(*) FROM files") == [(len(whole["files"]),)], "a file was worked on twice"


def test_killed_again_and_again(undisturbed: tuple[Path, Content], tmp_path: Path) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    command = "run", folder
    for most in (8, 30):
        process = started(*command, "--store", store, "--jobs", "2")
        assert kill_when(process, lambda most=most: stored(store) >= most)  # type: ignore[misc]
        assert stored(store) >= most
        command = ("resume",)  # type: ignore[assignment]
    resumed(store, folder)
    assert content(store) == whole
    assert "未做完" not in resumed(store, folder).stdout.decode()


def test_workers_end_when_only_the_command_is_killed(undisturbed: tuple[Path, Content], tmp_path: Path) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    process = started("run", folder, "--store", store, "--jobs", "2")
    assert until(lambda: stored(store) > 3)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert left_alone(process.pid)
    resumed(store, folder)
    assert content(store) == whole


def to_the_group(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C, as a terminal sends it: to all processes at once."""
    os.killpg(process.pid, signal.SIGINT)


def to_the_command(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()


def to_all(process: "subprocess.Popen[bytes]") -> None:
    """As a service manager ends a service."""
    os.killpg(process.pid, signal.SIGTERM)


@pytest.mark.parametrize("stop", [to_the_group, to_the_command, to_all])
def test_stopped_in_the_middle(undisturbed: tuple[Path, Content], tmp_path: Path, stop: Callable[[Any], None]) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    process = started("run", folder, "--store", store, "--jobs", "2")
    assert until(lambda: stored(store) > 3)
    stop(process)
    said, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130 and said == b""
    assert b"Traceback" not in told and "batch resume" in told.decode()
    assert left_alone(process.pid)
    assert rows(store, "SELECT state FROM runs") == [("interrupted",)]
    assert 3 < stored(store) < len(whole["files"])
    assert resumed(store, folder).returncode == 3
    assert content(store) == whole


@pytest.mark.parametrize("patience", [0, 3])
def test_an_impatient_ctrl_c_again_and_again(undisturbed: tuple[Path, Content], tmp_path: Path, patience: int) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    process = started("run", folder, "--store", store, "--jobs", "2")
    assert until(lambda: stored(store) > patience)
    for _ in range(2000):
        if process.poll() is not None:
            break
        to_the_group(process)
    process.communicate(timeout=PATIENCE)
    assert left_alone(process.pid)
    resumed(store, folder)
    assert content(store) == whole


def test_stopped_while_filings_are_compared(undisturbed: tuple[Path, Content], tmp_path: Path) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    process = started("run", folder, "--store", store, "--jobs", "2")
    assert until(lambda: stored(store) >= len(whole["files"]))
    to_the_group(process)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode in (130, 3) and b"Traceback" not in told
    resumed(store, folder)
    assert content(store) == whole


def test_without_a_terminal_there_are_plain_lines(undisturbed: tuple[Path, Content], tmp_path: Path) -> None:
    folder, whole = undisturbed
    process = started("run", folder, "--store", tmp_path / "audit.db", "--jobs", "2")
    _, told = process.communicate(timeout=PATIENCE)
    lines = told.decode().splitlines()
    assert lines[0] == f"narrcheck: 共 {len(whole['files'])} 个文件"
    assert all(line.startswith("narrcheck: ") for line in lines) and "\x1b" not in told.decode()


def test_on_a_terminal_there_is_a_bar_and_ctrl_c_clears_it(undisturbed: tuple[Path, Content], tmp_path: Path) -> None:
    folder, _ = undisturbed
    store = tmp_path / "audit.db"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "narrcheck", "batch", "run", folder, "--store", store, "--jobs", "2"]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True, cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(theirs)
    said = bytearray()

    def met() -> bool:
        said.extend(os.read(ours, 4096))
        return stored(store) > 3 and "核对".encode() in said

    assert until(met)
    os.killpg(process.pid, signal.SIGINT)
    while process.poll() is None or session(process.pid):
        try:
            said.extend(os.read(ours, 4096))
        except OSError:  # nobody holds the other end any more
            break
    process.communicate(timeout=PATIENCE)
    os.close(ours)
    told = said.decode("utf-8", "replace")
    assert process.returncode == 130 and "Traceback" not in told
    assert "\x1b[?25l" in told and told.rfind("\x1b[?25h") > told.rfind("\x1b[?25l"), "the cursor stays hidden"


def test_a_broken_pipe_to_the_progress_ends_nothing_badly(undisturbed: tuple[Path, Content], tmp_path: Path) -> None:
    folder, whole = undisturbed
    store = tmp_path / "audit.db"
    process = started("run", folder, "--store", store, "--jobs", "2")
    assert process.stdout is not None
    process.stdout.close()
    process.wait(timeout=PATIENCE)
    assert left_alone(process.pid)
    assert content(store) == whole
