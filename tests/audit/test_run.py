"""A folder audited again and again: what is new or changed is checked, the rest is left, and history is kept."""

import dataclasses
import os
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest

from batching_helpers import audit, content, filing, rows, unread, year
from narrcheck.audit.stamp import stamp
from narrcheck.audit.store import Store
from narrcheck.filing import Waiver
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


def test_an_unchanged_file_is_not_checked_again(folder: Path, store: Path) -> None:
    assert done(store, folder) == (3, 0, 0)
    first = content(store)
    assert done(store, folder) == (0, 3, 0)
    assert content(store) == first
    assert rows(store, "SELECT COUNT(*) FROM files") == [(3,)]


def test_a_touched_file_is_unchanged_and_one_changed_under_its_old_time_is_not(folder: Path, store: Path) -> None:
    done(store, folder)
    os.utime(folder / "公园.txt")
    path = folder / "水务" / "泵站.txt"
    before = path.stat()
    path.write_text(filing("泵站运行", said=46), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert done(store, folder) == (1, 2, 0)


def test_a_changed_file_replaces_its_findings_and_history_is_kept(folder: Path, store: Path) -> None:
    done(store, folder)
    assert "N01" in findings(store, "水务/泵站.txt")
    (folder / "水务" / "泵站.txt").write_text(filing("泵站运行"), "utf-8")
    assert done(store, folder) == (1, 2, 0)
    assert "N01" not in findings(store, "水务/泵站.txt")
    history = """SELECT files.current, COUNT(findings.rule) FROM files JOIN filings ON file_id = files.id
                 LEFT JOIN findings ON filing_id = filings.id AND rule = 'N01'
                 WHERE path = '水务/泵站.txt' GROUP BY files.id ORDER BY files.id"""
    assert rows(store, history) == [(0, 1), (1, 0)]


def test_identical_copies_under_two_paths_are_two_filings(folder: Path, store: Path) -> None:
    shutil.copy(folder / "水务" / "泵站.txt", folder / "泵站（副本）.txt")
    done(store, folder)
    assert findings(store, "水务/泵站.txt") == findings(store, "泵站（副本）.txt") != []
    assert len(content(store)["filings"]) == 4


def test_a_file_that_is_gone_and_comes_back(folder: Path, store: Path) -> None:
    done(store, folder)
    first = content(store)
    path, kept = folder / "公园.txt", (folder / "公园.txt").read_bytes()
    status = path.stat()
    path.unlink()
    assert done(store, folder) == (0, 2, 1)
    assert paths(store) == ["水务/水厂.txt", "水务/泵站.txt"]
    path.write_bytes(kept)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert done(store, folder) == (1, 2, 0)
    assert content(store) == first


def test_a_renamed_file_stands_under_its_new_name_only(folder: Path, store: Path) -> None:
    done(store, folder)
    (folder / "公园.txt").rename(folder / "公园绿地.txt")
    assert done(store, folder) == (1, 2, 1)
    assert paths(store) == ["公园绿地.txt", "水务/水厂.txt", "水务/泵站.txt"]


def test_all_files_gone_leave_an_empty_folder_and_no_findings(folder: Path, store: Path) -> None:
    done(store, folder)
    shutil.rmtree(folder)
    folder.mkdir()
    assert done(store, folder) == (0, 0, 3)
    assert not any(content(store).values())


@pytest.mark.parametrize(
    "changed", [{"lang": "en"}, {"profile": "shanghai"}, {"select": ("N",)}, {"ignore": ("N01",)}, {"mask": "yes"}]
)
def test_other_settings_check_everything_again(folder: Path, store: Path, changed: dict[str, object]) -> None:
    done(store, folder)
    first = content(store)
    assert done(store, folder, **changed) == (3, 0, 0)
    assert done(store, folder, **changed) == (0, 3, 0)
    assert done(store, folder) == (3, 0, 0)
    assert content(store) == first


def test_what_cannot_change_the_outcome_checks_nothing_again(folder: Path, store: Path) -> None:
    done(store, folder)
    assert done(store, folder, fail_on="never", format="json") == (0, 3, 0)


def test_another_version_checks_everything_again(folder: Path, store: Path) -> None:
    done(store, folder)
    rows_before = content(store)
    with Store(str(store)) as opened, opened.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE files SET version = '0.0.9'")
    assert done(store, folder) == (3, 0, 0)
    assert content(store) == rows_before


def test_a_waiver_that_expires_checks_everything_again() -> None:
    waived = Settings(waivers=(Waiver("林审", "已核实", rule="N01", until="2030-06-30"),))
    before, last, after = (stamp(waived, date(2030, *day)) for day in ((6, 1), (6, 30), (7, 1)))
    assert before == last != after
    assert after == stamp(Settings(), date(2030, 7, 1))
    assert dataclasses.replace(after, settings="") == dataclasses.replace(before, settings="")


def test_a_waived_finding_is_kept_with_its_waiver(folder: Path, store: Path) -> None:
    waiver = Waiver("林审", "已核实", rule="N01", project="泵站运行")
    done(store, folder, waivers=(waiver,))
    assert rows(store, "SELECT COUNT(*) FROM findings WHERE rule = 'N01' AND waiver LIKE '%已核实%'") == [(1,)]


def test_a_zip_file_gives_a_filing_for_each_member_and_lists_the_damaged_one(folder: Path, store: Path) -> None:
    archive = folder / "二月.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name in ("剧场.txt", "影院.txt", "书店.txt"):
            packed.writestr(name, filing(name.removesuffix(".txt")))
    data = bytearray(archive.read_bytes())
    data[data.index("影院".encode(), data.index("影院".encode()) + 1)] ^= 0xFF
    archive.write_bytes(data)
    done(store, folder)
    held = [row[2:5] for row in content(store)["filings"] if row[1] == "二月.zip"]
    assert [(position, member) for position, member, _ in held] == [(0, "/剧场.txt"), (1, "/书店.txt")]
    assert unread(store) == {f"{archive}/影院.txt": "damaged"}


def test_each_broken_file_is_listed_once_with_its_reason(tmp_path: Path, store: Path) -> None:
    folder = year(tmp_path / "year", 60)
    kinds = {
        "a.xlsx": b"PK\x03\x04" + bytes(200),
        "b.pdf": b"%PDF-1.7\n1 0 obj\n",
        "c.docx": b"PK\x03\x04",
        "d.xls": b"",
    }
    for name, data in kinds.items():
        (folder / name).write_bytes(data)
    done(store, folder)
    listed = rows(store, "SELECT files.path, reason FROM problems JOIN files ON files.id = file_id WHERE current")
    assert sorted(path for path, _ in listed) == sorted(kinds)
    assert all(path in reason and len(reason) > len(path) for path, reason in listed)
    assert rows(store, "SELECT state, COUNT(*) FROM files WHERE path LIKE '%.txt' GROUP BY state") == [("read", 60)]
    assert done(store, folder)[1:] == (64, 0)


def test_names_that_are_not_utf8_are_different_files(folder: Path, store: Path) -> None:
    for byte, said in ((b"\xff", 36), (b"\xfe", 26)):
        path = os.fsencode(folder) + b"/\xb1\xed" + byte + b".txt"
        try:
            Path(os.fsdecode(path)).write_text(filing(said=said), "utf-8")
        except OSError:
            pytest.skip("the file system takes UTF-8 only")
    assert done(store, folder) == (5, 0, 0)
    assert findings(store, r"\xb1\xed\xff.txt") != findings(store, r"\xb1\xed\xfe.txt") == []
    assert done(store, folder) == (0, 5, 0)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb1\xed\xff.txt")).unlink()
    assert done(store, folder) == (0, 4, 1)


def test_a_folder_whose_name_is_not_utf8(folder: Path, store: Path) -> None:
    odd = os.fsdecode(os.fsencode(folder.parent) + b"/\xc4\xea\xb6\xc8")
    try:
        folder.rename(odd)
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    assert done(store, odd) == (3, 0, 0)
    assert done(store, f"{odd}/") == (0, 3, 0)


def test_one_folder_under_several_names_is_one_folder(
    folder: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert done(store, folder) == (3, 0, 0)
    monkeypatch.chdir(folder.parent)
    (folder.parent / "link").symlink_to(folder)
    for name in ("年度", "年度/", "./年度", f"{folder}//", "年度/../年度", "link"):
        assert done(store, name) == (0, 3, 0)
    monkeypatch.chdir(folder)
    assert done(store, ".") == (0, 3, 0)
    assert rows(store, "SELECT location FROM folders") == [(str(folder),)]


def test_pipes_and_links_that_lead_nowhere_are_left_out(folder: Path, store: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "nowhere.txt").symlink_to("no-such.txt")
    (folder / "itself.txt").symlink_to("itself.txt")
    (folder / "水务" / "up").symlink_to("..")
    (folder / "same.txt").symlink_to("公园.txt")
    done(store, folder)
    assert paths(store) == ["same.txt", "公园.txt", "水务/水厂.txt", "水务/泵站.txt"]


def test_an_empty_folder_is_audited_too(tmp_path: Path, store: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert done(store, tmp_path / "empty") == (0, 0, 0)
    assert rows(store, "SELECT state FROM runs") == [("finished",)]


def test_two_folders_in_one_store_do_not_disturb_each_other(folder: Path, store: Path) -> None:
    done(store, folder / "水务")
    done(store, folder)
    assert done(store, folder / "水务") == (0, 2, 0)
    (folder / "水务" / "水厂.txt").unlink()
    assert done(store, folder / "水务") == (0, 1, 1)
    assert len(content(store)["files"]) == 4


def test_the_store_may_stand_in_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in ("audit.db", "./audit.db", str(folder / "audit.db")):
        done(Path(name), ".")
        assert unread(Path(name)) == {} and len(paths(Path(name))) == 3
