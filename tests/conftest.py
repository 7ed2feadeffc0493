"""Shared means of the tests: the repository's folders, the command line as a process, and tests that CI must run."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., subprocess.CompletedProcess[bytes]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "required: with REQUIRE_ALL_TESTS=1 a skip of this test is a failure")
    config.addinivalue_line("markers", "in_process: the command line runs in this process, whose libraries are loaded")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _must_run(item):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and REQUIRE_ALL_TESTS=1 asks for it: {report.longrepr}"
    return report


def _must_run(item: pytest.Item) -> bool:
    return os.environ.get("REQUIRE_ALL_TESTS") == "1" and item.get_closest_marker("required") is not None


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def narrcheck(tmp_path: Path, request: pytest.FixtureRequest) -> Run:
    """The command line as a process: narrcheck("check", path) → its exit code and output as bytes. Tests marked
    in_process call it in their own, which saves its start where that is not what they are about."""
    here = request.node.get_closest_marker("in_process") is not None

    def run(
        *arguments: str | Path, stdin: bytes = b"", cwd: Path = tmp_path, timeout: float = 60, **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        given = [str(argument) for argument in arguments]
        own = {key: value for key, value in os.environ.items() if not key.startswith("NARRCHECK_")}
        env = {**own, **environment}
        if here:
            return called(given, stdin, cwd, env)
        command = [sys.executable, "-m", "narrcheck", *given]
        return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=env, timeout=timeout, check=False)

    return run


def called(arguments: list[str], stdin: bytes, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """The command line called in this process, with streams, folder and environment of its own."""
    from narrcheck.cli import main

    streams = [io.TextIOWrapper(io.BytesIO(data), "utf-8") for data in (stdin, b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        for key in set(os.environ) - set(env):
            patch.delenv(key)
        for key, value in env.items():
            patch.setenv(key, value)
        patch.chdir(cwd)
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
    out, err = (stream.buffer.getvalue() for stream in streams[1:] if stream.flush() is None)
    return subprocess.CompletedProcess(arguments, code, out, err)


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """snapshot(name, text): the text equals tests/snapshots/name; UPDATE_SNAPSHOTS=1 writes it anew."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "snapshots" / name
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        assert path.exists(), f"{path} is missing: run with UPDATE_SNAPSHOTS=1"
        assert text == path.read_text("utf-8")

    return compare
