"""Files that hang a reader, eat memory or end a worker: each is listed with its reason, and the rest is checked."""

import contextlib
import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from batching_helpers import batch, content, filing, rows, unread


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "year"
    place.mkdir()
    for name in ("公园", "泵站", "水厂"):
        (place / f"{name}.txt").write_text(filing(name, said=36), "utf-8")
    return place


def settings(folder: Path, text: str) -> Path:
    path = folder.parent / "narrcheck.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_worker_with_too_little_memory_costs_only_the_large_file(folder: Path) -> None:
    store = folder.parent / "audit.db"
    with zipfile.ZipFile(folder / "大.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("空白.txt", bytes(400 << 20))
    config = settings(folder, "[batch]\nmemory-mb = 256\n[reading]\nfile-mb = 1000\nunpacked-mb = 1000\n")
    done = batch("run", folder, "--store", store, "--jobs", "1", "--config", config)
    assert done.code == 3 and "Traceback" not in done.err, done.err
    (path,) = unread(store)
    assert path.startswith(str(folder / "大.zip"))
    assert len(content(store)["filings"]) == 3
    again = batch("resume", "--store", store, "--jobs", "1")
    assert again.code == 3, "it is tried again, and is still too large"


def test_a_file_that_takes_too_long_costs_only_itself(folder: Path) -> None:
    store, large = folder.parent / "audit.db", filing("泵站", narrative="巡检26次，更换阀门60只。" * 100000)
    (folder / "长.txt").write_text(large, "utf-8")
    config = settings(folder, "[batch]\nseconds = 2\n")
    done = batch("run", folder, "--store", store, "--jobs", "1", "--config", config)
    assert done.code == 3
    assert unread(store) == {str(folder / "长.txt"): "too-slow"}
    assert "2 秒没有进展" in done.out
    assert len(content(store)["filings"]) == 3


def test_json_of_a_run_and_of_its_status(folder: Path) -> None:
    store = folder.parent / "audit.db"
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4\n")
    ran = batch("run", folder, "--store", store, "--jobs", "1", "--format", "json")
    asked = batch("status", "--store", store, "--format", "json")
    assert (ran.code, asked.code) == (3, 0)
    for told in (json.loads(ran.out), json.loads(asked.out)):
        (place,) = told["folders"]
        assert place["files"] == {"read": 3, "unread": 1}
        assert place["run"]["state"] == "finished" and place["findings"]["error"] == 3
        (error,) = place["errors"]
        assert (error["path"], error["code"]) == (str(folder / "坏.pdf"), "damaged") and error["message"]


@pytest.mark.parametrize(
    ("options", "code"), [((), 1), (("--fail-on", "never"), 0), (("--select", "S07"), 0), (("--fail-on", "info"), 1)]
)
def test_exit_codes(folder: Path, options: tuple[str, ...], code: int) -> None:
    done = batch("run", folder, "--store", folder.parent / "audit.db", "--jobs", "1", *options)
    assert done.code == code, done.err


def test_wrong_use(folder: Path) -> None:
    for arguments in (("run",), ("run", "no-such"), ("run", folder / "公园.txt"), ("run", folder, "--jobs", "0")):
        done = batch(*arguments)
        assert done.code == 2 and "Traceback" not in done.err and done.out == ""
    assert not (folder.parent / "audit.db").exists()


def test_resuming_keeps_the_options_of_the_run(folder: Path) -> None:
    store = folder.parent / "audit.db"
    batch("run", os.path.relpath(folder), "--store", store, "--jobs", "1", "--lang", "en", "--select", "N", "--mask")
    before = content(store)
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE runs SET state = 'running'")
    done = batch("resume", "--store", store)
    assert "going on with" in done.err and done.code == 1
    assert content(store) == before
    assert rows(store, "SELECT COUNT(*) FROM files") == [(3,)]
