"""`check --decisions`: what reviewers decided in a batch shows in the report of a filing."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from batching_helpers import audit, filing, rows
from narrcheck import pipeline
from narrcheck.audit.decided import decided
from narrcheck.audit.errors import StoreError
from narrcheck.cli import main
from narrcheck.filing import Checked, Report, Waiver
from narrcheck.llm.masking import MASK
from narrcheck.settings import Settings

WAIVER = Waiver("何审核", "已与单位核实", rule="N01", project="泵站大修", until="2099-12-31")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three filings with a contradiction each, one of them waived, and their store audit.db."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "year"
    folder.mkdir()
    for name, project in (("a", "供水管网维护"), ("b", "剧场灯光更新"), ("c", "泵站大修")):
        (folder / f"{name}.txt").write_text(filing(project, said=36), "utf-8")
    audit("audit.db", "year", waivers=(WAIVER,))
    return tmp_path


def decide(project: str, verdict: str, why: str, who: str = "林岚") -> str:
    """Decide about the contradiction of a project; its id."""
    query = f"SELECT finding FROM current_findings WHERE rule = 'N01' AND project = '{project}'"
    identity = str(rows("audit.db", query)[0][0])
    assert main(["batch", "decide", identity, verdict, "--why", why, "--who", who, "--store", "audit.db"]) == 0
    return identity


def checked() -> Report:
    return pipeline.examine(["year"], Settings(waivers=(WAIVER,)))


def projects(report: Report) -> dict[str, Checked]:
    return {item.filing.project or "": item for item in report.filings}


def test_the_latest_decision_is_shown_with_who_and_why(place: Path) -> None:
    dismissed = decide("供水管网维护", "confirm", "初看属实")
    decide("供水管网维护", "dismiss", "含复查10次", "方予")
    confirmed = decide("剧场灯光更新", "confirm", "查了台账")
    decide("泵站大修", "dismiss", "不再过问")
    found = projects(decided(checked(), "audit.db"))
    gone = found["供水管网维护"]
    assert dismissed not in {finding.id for finding in gone.findings}
    ((finding, decision),) = gone.dismissed
    assert finding.id == dismissed
    assert (decision.verdict, decision.who, decision.why) == ("dismissed", "方予", "含复查10次") and decision.at
    held = found["剧场灯光更新"]
    assert confirmed in {finding.id for finding in held.findings}
    assert (held.confirmed[confirmed].verdict, held.confirmed[confirmed].why) == ("confirmed", "查了台账")
    waived = found["泵站大修"]
    assert [waiver for _, waiver in waived.waived] == [WAIVER] and not waived.dismissed, "a waived one stays waived"


def test_undecided_findings_stay_as_they_are(place: Path) -> None:
    report = checked()
    assert decided(report, "audit.db") == report


def test_dismissed_findings_weigh_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["check", "year/a.txt", "--format", "json", "--decisions", "audit.db"]
    assert main(given) == 1
    identity = decide("供水管网维护", "dismiss", "含复查10次")
    capsys.readouterr()
    assert main(given) == 0
    written = {item["id"]: item for item in json.loads(capsys.readouterr().out)["filings"][0]["findings"]}
    assert written[identity]["decision"]["why"] == "含复查10次"


def test_persons_in_reasons_are_masked_as_in_waivers(place: Path) -> None:
    identity = decide("供水管网维护", "confirm", "已核实（电话13912345678）")
    (told,) = pipeline.masked_check(projects(decided(checked(), "audit.db"))["供水管网维护"]).confirmed.values()
    assert told.why == f"已核实（电话{MASK * 11}）"
    assert told.verdict == "confirmed" and told.at.endswith("Z") and identity


def test_a_store_that_cannot_be_read_is_told_and_none_is_made(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("no.db").write_bytes(b"this is no database, only some text" * 100)
    with closing(sqlite3.connect("newer.db")) as newer, newer:
        newer.execute("CREATE TABLE alembic_version (version_num TEXT)")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
        newer.execute("CREATE TABLE filings (id INTEGER)")
    for store, code in (
        ("absent.db", "missing"),
        ("no.db", "no-store"),
        ("newer.db", "newer"),
        ("x://y", "bad-address"),
    ):
        with pytest.raises(StoreError) as error:
            decided(checked(), store)
        assert error.value.code == code
        assert main(["check", "year/a.txt", "--decisions", store]) == 2
        assert store in capsys.readouterr().err
    assert not Path("absent.db").exists()


def test_the_summary_lists_what_was_decided_or_waived(place: Path) -> None:
    decide("供水管网维护", "dismiss", "含复查10次", "方予")
    decide("剧场灯光更新", "confirm", "查了=台账")
    words = ("方予", "含复查10次", "林岚", "查了=台账", "何审核", "已与单位核实", "2099-12-31")
    for name in ("year.md", "year.html"):
        assert main(["batch", "report", "--store", "audit.db", "-o", name]) == 0
        text = Path(name).read_text("utf-8")
        assert all(word in text for word in words), name
    assert main(["batch", "report", "--store", "audit.db", "-o", "year.xlsx"]) == 0
    book = openpyxl.load_workbook("year.xlsx")
    for sheet in ("汇总", "发现"):
        cells = " ".join(str(cell.value) for row in book[sheet].iter_rows() for cell in row)
        assert all(word in cells for word in words), sheet
    assert main(["batch", "report", "--store", "audit.db", "-o", "year.json"]) == 0
    settled = json.loads(Path("year.json").read_text("utf-8"))["settled"]
    assert settled["total"] == len(settled["items"]) == 3
    assert {item["state"] for item in settled["items"]} == {"confirmed", "dismissed", "waived"}
