"""The README's examples do what they show. UPDATE_SNAPSHOTS=1 writes the outputs anew."""

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, called

README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COLUMNS = "96"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language."""
    return [text for name, text in BLOCK.findall(README.read_text("utf-8")) if name == language]


def run(line: str, folder: Path) -> str:
    """What a `$ narrcheck …` line prints, and its exit code where it is not 0."""
    arguments = shlex.split(line.removeprefix("$ narrcheck "))
    command = [sys.executable, "-m", "narrcheck", *arguments]
    env = {**os.environ, "COLUMNS": COLUMNS}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=60, check=False)
    assert b"Traceback" not in done.stderr
    return (done.stdout + done.stderr).decode("utf-8")


def test_console_examples_print_what_is_shown(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shown = blocks("console")
    assert shown
    for block in shown:
        lines = block.splitlines()
        assert lines[0].startswith("$ narrcheck ")
        printed = run(lines[0], tmp_path)
        fresh = f"{lines[0]}\n{printed.rstrip()}\n"
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            README.write_text(README.read_text("utf-8").replace(block, fresh), "utf-8", newline="\n")
        else:
            assert block == fresh


def test_shown_commands_are_accepted(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "eval").symlink_to(ROOT / "eval")
    commands = [line.split("#")[0].strip() for block in blocks("shell") for line in block.splitlines() if line.strip()]
    assert len(commands) >= 5
    for command in commands:
        assert command.startswith("narrcheck ")
        done = called(shlex.split(command)[1:], b"", tmp_path, dict(os.environ))
        assert done.returncode in (0, 1), f"{command}: {done.stderr.decode('utf-8')}"


def test_python_examples_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (text,) = blocks("python")
    test = doctest.DocTestParser().get_doctest(text, {}, "README", str(README), 0)
    result = doctest.DocTestRunner().run(test)
    assert result.attempted and not result.failed


def test_settings_example_is_accepted(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "narrcheck.toml").write_text(text, "utf-8")
    command = [sys.executable, "-m", "narrcheck", "config"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8")


def test_install_commands_are_those_that_are_tested() -> None:
    text = README.read_text("utf-8")
    assert "pip wheel --wheel-dir" in text and "pip install --no-index --find-links" in text
    targets = set(re.findall(r"make (\w+)", text))
    known = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert targets and targets <= known


def test_links_lead_somewhere() -> None:
    for page in (README, *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
