"""What people do wrong, or in another order than meant: nothing is lost, nothing counts twice, no secret is shown."""

import contextlib
import json
import sqlite3
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest

from batching_helpers import ROOT, Inline, audit, batch, content, filing, rows, unread
from narrcheck.audit.connect import connect
from narrcheck.audit.engines import Result
from narrcheck.audit.rows import FileRows
from narrcheck.audit.work import Worker
from narrcheck.cli import main

SECRET = "wasserwerk"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder 年 with one fault, audited into audit.db, as the working folder's content."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "年").mkdir()
    (tmp_path / "年" / "泵站.txt").write_text(filing("泵站", said=36), "utf-8")
    assert batch("run", "年", "--jobs", "1").code == 1
    return tmp_path


def interrupted(store: str = "audit.db") -> None:
    with contextlib.closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE runs SET state = 'interrupted'")


@pytest.mark.parametrize("output", ["audit.db", "年/泵站.txt"])
@pytest.mark.parametrize(
    ("action", "store"),
    [
        (("run", "年"), "sqlite:///audit.db"),
        (("status",), "audit.db"),
        (("resume",), "audit.db"),
        (("report",), "sqlite:///audit.db"),
        (("export",), "audit.db"),
    ],
)
def test_no_report_is_written_over_the_store_or_a_filing(
    place: Path, action: tuple[str, ...], output: str, store: str
) -> None:
    before = Path(output).read_bytes()
    done = batch(*action, "--store", store, "--format", "json", "-o", output)
    assert done.code == 2 and "输入文件" in done.err
    assert Path(output).read_bytes() == before


def test_where_the_state_goes_is_looked_at_before_anything_is_checked(place: Path) -> None:
    done = batch("run", "年", "--store", "new.db", "-o", "无/状态.md")
    assert done.code == 2 and not Path("new.db").exists()


def test_reports_among_the_filings_are_not_taken_for_filings(place: Path) -> None:
    for name in ("年.json", "年.jsonl", "表.xlsx"):
        assert batch("export", "-o", f"年/{name}").code == 0
    for name in ("汇总.xlsx", "汇总.html", "汇总.md", "汇总2.json"):
        assert batch("report", "-o", f"年/{name}").code == 0
    assert main(["check", "年/泵站.txt", "--format", "json", "-o", "年/核对.json"]) == 1
    batch("run", "年", "--jobs", "1")
    assert rows("audit.db", "SELECT path FROM current_filings") == [("泵站.txt",)]
    assert batch("report", "-o", "年/汇总.xlsx").code == 0, "an earlier report may be written anew"


def test_a_reading_is_a_filing_also_beside_what_check_found(place: Path) -> None:
    assert main(["parse", "年/泵站.txt", "--format", "json", "-o", "读.json"]) == 0
    assert main(["check", "读.json", "-o", "报告.md"]) == 1


@pytest.mark.parametrize("other", [".", "年/..", "年/下"])
def test_folders_that_overlap_are_not_audited_into_one_store(place: Path, other: str) -> None:
    Path("年/下").mkdir()
    before = content("audit.db")
    done = batch("run", other, "--jobs", "1")
    assert done.code == 2 and "年" in done.err and "--store" in done.err
    assert content("audit.db") == before
    assert batch("run", "./年/", "--jobs", "1").code == 1, "the same folder by another name is no other"


def test_a_folder_without_filings_ends_as_check_does(place: Path) -> None:
    Path("空").mkdir()
    done = batch("run", "空", "--fail-on", "never")
    assert done.code == 3 == main(["check", "空", "-o", "报告.md"])
    assert "空" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("resume", "无"), ("report", "--limit", "-1"), ("run", "年", "--address", "10.0.0.1:6379")],
)
def test_what_cannot_be_meant_is_refused(place: Path, arguments: tuple[str, ...]) -> None:
    assert batch(*arguments).code == 2


def test_resuming_several_folders_tells_of_all_of_them(place: Path) -> None:
    Path("后").mkdir()
    Path("后/水厂.txt").write_text(filing("水厂"), "utf-8")
    batch("run", "后", "--jobs", "1")
    interrupted()
    done = batch("resume", "--jobs", "1", "--format", "json")
    told = {folder["folder"]: folder["run"]["state"] for folder in json.loads(done.out)["folders"]}
    assert told == {"年": "finished", "后": "finished"}
    assert done.code == 1


def test_a_run_is_resumed_under_its_own_settings_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("narrcheck.toml").write_text('ignore = ["N01"]\n[batch]\nstore = "elsewhere.db"\n', "utf-8")
    assert batch("run", "年", "--jobs", "1", "--store", "audit.db").code == 0
    interrupted()
    Path("工作").mkdir()
    monkeypatch.chdir("工作")
    assert batch("resume", "--store", "../audit.db", "--jobs", "1").code == 0
    assert not rows("../audit.db", "SELECT rule FROM current_findings WHERE rule = 'N01'")
    assert not Path("../elsewhere.db").exists() and not Path("elsewhere.db").exists()


def test_offline_once_is_not_offline_for_good(place: Path) -> None:
    assert batch("run", "年", "--jobs", "1", "--offline", "--again").code == 1
    interrupted()
    model = {"NARRCHECK_LLM_BASE_URL": "http://127.0.0.1:9/v1", "NARRCHECK_LLM_MODEL": "none"}
    assert "127.0.0.1:9" not in batch("resume", "--jobs", "1", **model).err
    interrupted()
    assert "127.0.0.1:9" in batch("resume", "--jobs", "1", "--llm", "auto", **model).err


def test_one_state_of_two_folders_is_two_tables(place: Path) -> None:
    Path("后").mkdir()
    Path("后/水厂.txt").write_text(filing("水厂"), "utf-8")
    batch("run", "后", "--jobs", "1")
    lines = batch("status").out.splitlines()
    assert lines[lines.index(next(line for line in lines if line.startswith("后："))) - 1] == ""


def test_a_target_table_is_called_one_in_the_summary(tmp_path: Path) -> None:
    store = tmp_path / "audit.db"
    batch("run", ROOT / "eval" / "batches" / "agritech", "--store", store, "--jobs", "1")
    assert batch("report", "--store", store, "-o", tmp_path / "汇总.md").code == 0
    told = (tmp_path / "汇总.md").read_text("utf-8")
    titles = [line for line in told.splitlines() if "测土配方目标.txt" in line]
    assert titles and all("（2024年度）绩效目标表 |" in line for line in titles)
    assert not [line for line in told.splitlines() if "测土配方自评.txt" in line and "绩效目标表 |" in line]


def test_names_of_files_do_not_steer_the_screen(place: Path) -> None:
    Path("年/\x1b[31m红\n坏.pdf").write_bytes(b"%PDF-1.4\n")
    done = batch("run", "年", "--jobs", "1", "-q")
    assert done.code == 3 and "\x1b" not in done.out and "红 坏.pdf" in done.out


class Odd(Inline):
    """Gives one file a size that no database takes."""

    def run(self, worker: Worker, paths: Iterable[str]) -> Generator[tuple[str, Result], None, None]:
        for path, result in super().run(worker, paths):
            assert isinstance(result, FileRows)
            yield path, result._replace(size=2**70) if path == "水厂.txt" else result


def test_a_file_that_cannot_be_stored_costs_only_itself(place: Path) -> None:
    for name in ("水厂", "阀门"):
        Path(f"年/{name}.txt").write_text(filing(name), "utf-8")
    audit("audit.db", "年", Odd())
    assert unread("audit.db") == {"年/水厂.txt": "worker-failed"}
    assert rows("audit.db", "SELECT path FROM current_filings ORDER BY path") == [("泵站.txt",), ("阀门.txt",)]
    assert batch("resume", "--jobs", "1").code == 1
    assert not unread("audit.db")


def test_a_reading_with_a_value_that_is_no_year_costs_only_itself(place: Path) -> None:
    main(["parse", "年/泵站.txt", "--format", "json", "-o", "读.json"])
    document = json.loads(Path("读.json").read_text("utf-8"))
    document["filings"][0]["year"] = 10**30
    Path("年/大.json").write_text(json.dumps(document), "utf-8")
    Path("年/水厂.txt").write_text(filing("水厂"), "utf-8")
    done = batch("run", "年", "--jobs", "1")
    assert done.code == 1 and "Traceback" not in done.err
    assert rows("audit.db", "SELECT path FROM current_filings ORDER BY path") == [("水厂.txt",), ("泵站.txt",)]
    assert main(["check", "年/大.json", "-o", "报告.md"]) == 3


@pytest.mark.parametrize(
    "store",
    [
        f"postgresql://amt:{SECRET}@127.0.0.1:port/year",
        f"postgresql://amt:was/{SECRET}@127.0.0.1:1/year",
        f"postgresql://amt:was@{SECRET}@127.0.0.1:1/year",
        f"postgresql://amt:{SECRET}",
        f"postgresql://127.0.0.1:1/year?user=amt&password={SECRET}",
        f"mysql://amt:{SECRET}@127.0.0.1/year",
        f"://amt:{SECRET}@",
    ],
)
def test_passwords_of_a_database_are_not_shown(place: Path, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = batch("run", "年", "--store", store)
    assert done.code == 2 and SECRET not in done.err and "Traceback" not in done.err
    assert main(["config", "--config", str(settings(place, store)), "-o", "设置.md"]) == 0
    if "@" in store or "?" in store:
        assert SECRET not in Path("设置.md").read_text("utf-8")


def settings(place: Path, store: str) -> Path:
    path = place / "narrcheck.toml"
    path.write_text(f'[batch]\nstore = "{store}"\n', "utf-8")
    return path


@pytest.mark.parametrize("store", [":memory:", "sqlite://", "sqlite+pysqlite://"])
def test_a_store_that_would_be_lost_at_once_is_refused(place: Path, store: str) -> None:
    assert batch("run", "年", "--store", store).code == 2


def test_asking_a_store_that_is_not_there_makes_none(place: Path) -> None:
    assert batch("status", "--store", "sqlite+pysqlite:///none.db").code == 2
    assert not Path("none.db").exists()


def test_a_store_is_read_where_nothing_can_be_written_whatever_its_folder_is_called(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = place / "100% 归档?#"
    there.mkdir()
    Path("audit.db").rename(there / "audit.db")
    monkeypatch.setattr("os.access", lambda *_: False)
    engine = connect(str(there / "audit.db"), writing=False)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM current_filings").scalar() == 1
    engine.dispose()
