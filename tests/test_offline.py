"""An offline run opens no socket, starts no process, and reads only its inputs, its settings and its own code."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import narrcheck
from form_text import contradiction, form

# The run under watch: every audit event that opens something is printed after the report is written.
WATCH = """
import json, os, sys
seen = []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        seen.append([event, os.path.realpath(os.fsdecode(arguments[0])), arguments[1], arguments[2]])
    elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.", "ftplib.", "http.")):
        seen.append([event, repr(arguments), None, 0])
sys.addaudithook(hook)
from narrcheck.cli import main
code = main(sys.argv[2:])
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({"code": code, "seen": seen[:]}, file)
"""  # noqa: E501


def watch(folder: Path, *arguments: str) -> tuple[int, list[list[object]]]:
    """Exit code and events of one run in `folder`."""
    log = folder.parent / "events.json"
    command = [sys.executable, "-c", WATCH, str(log), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    answer = json.loads(log.read_text("utf-8"))
    return answer["code"], [event for event in answer["seen"] if event[1] != str(log.resolve())]


def own_code() -> list[Path]:
    """The folders that hold Python, the installed packages and narrcheck itself."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return [*(Path(sysconfig.get_path(name)).resolve() for name in names), Path(narrcheck.__file__).resolve().parent]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "a.txt", "folder", "--offline", "--format", "json", "-o", "out.json"], 1),
        (["check", "a.txt", "-v", "--format", "terminal", "-o", "out.txt"], 1),
        (["check", "a.txt", "--llm", "auto", "-o", "out.md"], 1),
        (["parse", "folder", "-o", "out.json"], 0),
    ],
)
def test_offline_run_stays_at_home(tmp_path: Path, arguments: list[str], code: int) -> None:
    folder = tmp_path / "work"
    (folder / "folder").mkdir(parents=True)
    (folder / "a.txt").write_text(contradiction(), "utf-8")
    (folder / "folder" / "b.txt").write_text(form(), "utf-8")
    (folder / "narrcheck.toml").write_text('profile = "national"\n', "utf-8")
    (folder / "private.txt").write_text("not an input", "utf-8")
    inputs = {folder.resolve() / name for name in ("a.txt", "folder/b.txt", "narrcheck.toml")}
    ended, events = watch(folder, *arguments)
    assert ended == code
    assert [event for event in events if event[0] != "open"] == []
    written = {Path(str(event[1])).name for event in events if is_write(event)}
    # The folder itself is opened to see whether it can be written to.
    assert all(arguments[-1] in name for name in written - {folder.name}), written
    homes = own_code()
    strangers = [
        path
        for event in events
        if not is_write(event) and (path := Path(str(event[1]))) not in inputs
        if not any(path.is_relative_to(home) for home in homes)
    ]
    assert strangers == []


def is_write(event: list[object]) -> bool:
    """Whether an open event asks for writing."""
    mode, flags = event[2], event[3]
    return (isinstance(mode, str) and mode[:1] in ("w", "a", "x")) or (isinstance(flags, int) and bool(flags & 3))
