"""The wheel: what is inside, and that it installs from a folder of wheels without network."""

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from form_text import contradiction

pytestmark = [pytest.mark.required, pytest.mark.xdist_group("wheels")]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheels of narrcheck and of everything it needs."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"the wheels could not be prepared, which takes a package index: {done.stderr[-300:]}")
    return folder


def test_wheel_holds_prompts_and_data(wheels: Path) -> None:
    (wheel,) = wheels.glob("narrcheck-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    kinds = (".py", ".toml", ".j2", ".css", ".js", ".docx")
    own = (path for path in (ROOT / "narrcheck").rglob("*") if path.suffix in kinds)
    expected = {path.relative_to(ROOT).as_posix() for path in own}
    assert {"narrcheck/reports/html/page.css", "narrcheck/data/letters/letter.zh.docx"} <= expected
    expected |= {f"narrcheck/prompts/{path.name}" for path in (ROOT / "prompts").iterdir()}
    expected |= {"narrcheck/py.typed", "narrcheck/cli.py"}
    assert expected <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if not name.startswith(("narrcheck/", "narrcheck-"))]


def test_wheel_installs_and_runs_without_network(wheels: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "fresh", with_pip=True)
    binaries = tmp_path / "fresh" / ("Scripts" if sys.platform == "win32" else "bin")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON"))}
    clean["PIP_CONFIG_FILE"] = os.devnull
    install = [
        binaries / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--find-links",
        wheels,
        "narrcheck",
    ]
    subprocess.run(install, env=clean, check=True, timeout=300)
    (tmp_path / "form.txt").write_text(contradiction(), "utf-8")
    command = [binaries / "narrcheck", "check", "form.txt", "--offline"]
    run = subprocess.run(command, env=clean, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert run.returncode == 1 and "N01" in run.stdout.decode("utf-8"), run.stderr.decode("utf-8")
    for name in ("report.html", "letter.docx", "table.xlsx", "log.sarif"):
        run = subprocess.run(
            [*command, "-o", name], env=clean, cwd=tmp_path, capture_output=True, timeout=60, check=False
        )
        assert run.returncode == 1 and (tmp_path / name).stat().st_size > 2000, run.stderr.decode("utf-8")


def test_versions_agree() -> None:
    from narrcheck import __version__, check

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__ == check().version
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
