"""Saved output of `check` and `parse` that is measured: what is damaged, and which filing a file's answers are."""

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from fixture_files import write
from form_text import contradiction
from narrcheck.evaluation.fixtures import find_folders
from narrcheck.evaluation.run import evaluate
from narrcheck.evaluation.saved import SavedError
from narrcheck.evaluation.systems import Saved
from narrcheck.pipeline import check_filing
from narrcheck.reading import read_bytes
from narrcheck.reports.json import checked_to_json, filing_to_json
from narrcheck.settings import Settings

Change = Callable[[dict[str, Any]], object]


def _filings() -> tuple[dict[str, Any], dict[str, Any]]:
    (filing,) = read_bytes(contradiction().encode(), "water.txt")
    return checked_to_json(check_filing(filing, Settings())), filing_to_json(filing)


CHECKED, READ = _filings()


def filing(path: str = "fix/water.txt", index: int = 1, **changed: Any) -> dict[str, Any]:
    """The checked filing as it was read from a path."""
    source = {"path": path, "index": index, "sha256": "0"}
    return copy.deepcopy({**CHECKED, "source": source, **changed})


def save(place: Path, *filings: dict[str, Any], **changed: Any) -> Path:
    document = {"version": "0", "mode": "offline", "profile": "national", "filings": list(filings), **changed}
    place.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return place


def found(outputs: Sequence[Path], *files: Path) -> list[int | None]:
    """How many findings each file has according to the outputs; None where it is not in them."""
    answers = Saved(outputs, Settings()).answers(files)
    return [None if answers[file].error else len((answers[file].checked or {})["findings"]) for file in files]


def water(folder: Path) -> Path:
    return write(folder) / "water.txt"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda one: one.update(errors=None), "errors"),
        (lambda one: one.update(errors=["broken"]), "errors[0]"),
        (lambda one: one.update(errors=[{"code": "broken"}]), "errors[0].path"),
        (lambda one: one.update(filings=None), "filings"),
        (lambda one: one["filings"].append(3), "filings[1]"),
        (lambda one: one["filings"][0].pop("source"), "filings[0].source"),
        (lambda one: one["filings"][0]["source"].update(index="1"), "filings[0].source.index"),
        (lambda one: one["filings"][0].pop("findings"), "filings[0].findings"),
        (lambda one: one["filings"][0].pop("claims"), "filings[0].claims"),
        (lambda one: one["filings"][0].update(coverage=None), "filings[0].coverage"),
        (lambda one: one["filings"][0]["coverage"].update(numbers="8"), "filings[0].coverage.numbers"),
        (lambda one: one["filings"][0]["claims"].insert(1, "36次"), "filings[0].claims[1]"),
        (lambda one: one["filings"][0]["claims"][0].pop("field"), "filings[0].claims[0].field"),
        (lambda one: one["filings"][0]["claims"][2].pop("modifier"), "filings[0].claims[2].modifier"),
        (lambda one: one["filings"][0]["claims"][0].update(quote=None), "filings[0].claims[0].quote"),
        (lambda one: one["filings"][0]["claims"][0].update(row=1.5), "filings[0].claims[0].row"),
        (lambda one: one["filings"][0]["claims"][0].update(row=True), "filings[0].claims[0].row"),
        (lambda one: one["filings"][0]["findings"].append([]), "filings[0].findings[1]"),
        (lambda one: one["filings"][0]["findings"][0].pop("rule"), "filings[0].findings[0].rule"),
        (lambda one: one["filings"][0]["findings"][0].update(rule=""), "filings[0].findings[0].rule"),
        (lambda one: one["filings"][0]["findings"][0].update(message=None), "filings[0].findings[0].message"),
        (lambda one: one["filings"][0]["findings"][0].pop("evidence"), "filings[0].findings[0].evidence"),
        (
            lambda one: one["filings"][0]["findings"][0]["evidence"][0].pop("field"),
            "filings[0].findings[0].evidence[0].field",
        ),
    ],
)
def test_what_is_damaged_is_refused_with_its_place(tmp_path: Path, change: Change, place: str) -> None:
    path = save(tmp_path / "out.json", filing())
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(SavedError) as caught:
        Saved([path], Settings())
    assert caught.value.path == path and caught.value.key == "no-output"
    assert caught.value.reason.partition(": ")[0] == place


@pytest.mark.parametrize("text", ["", "[", "3", "[]", "null", "[" * 100000, '{"filings": {}}'])
def test_what_is_no_output_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "out.json").write_text(text, "utf-8")
    with pytest.raises(SavedError, match=r"out\.json"):
        Saved([tmp_path / "out.json"], Settings())


def test_an_older_version_may_lack_what_is_not_needed(tmp_path: Path) -> None:
    (folder,) = find_folders([write(tmp_path / "fix")])
    whole = evaluate([folder], Saved([save(tmp_path / "new.json", filing())], Settings()), resample=False)
    old = filing()
    for key in ("coverage", "doubts", "notes", "waived", "layout"):
        old.pop(key, None)
    for claim in old["claims"]:
        del claim["upper"], claim["why"]
    for piece in old["findings"][0]["evidence"]:
        del piece["column"], piece["place"]
    old["new"] = [1]
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"filings": [old]}), "utf-8")
    lacking = evaluate([folder], Saved([path], Settings()), resample=False)
    assert lacking.figures == whole.figures and whole.figures["N01"].right == 1


def test_a_false_alarm_is_scored_whatever_its_evidence_lacks(tmp_path: Path) -> None:
    (folder,) = find_folders([write(tmp_path / "fix")])
    alarm = {"rule": "S01", "evidence": [{"field": "total"}]}
    path = save(tmp_path / "out.json", filing(findings=[alarm, {"rule": "R02", "evidence": []}]))
    figure = evaluate([folder], Saved([path], Settings()), resample=False).figures["findings"]
    assert (figure.found, figure.reported, figure.right) == (0, 2, 0)


def test_files_of_one_name_get_their_own_answers(tmp_path: Path) -> None:
    one, other = water(tmp_path / "a" / "fix"), water(tmp_path / "b" / "fix2")
    none, whole = filing("x/fix/water.txt", findings=[]), filing("x/fix2/water.txt")
    assert found([save(tmp_path / "out.json", whole, none)], one, other) == [0, 1]
    assert found([save(tmp_path / "one.json", none)], one, other) == [0, None]
    assert found([save(tmp_path / "one.json", none)], other) == [0]  # one file of the name on either side
    assert found([save(tmp_path / "bare.json", filing("C:\\old\\fix2\\water.txt", findings=[]))], one, other) == [
        None,
        0,
    ]
    with pytest.raises(SavedError) as caught:
        found([save(tmp_path / "bare.json", filing("water.txt"))], one, other)  # which of the two is not told
    assert caught.value.key == "none-in-saved"


def test_output_that_holds_none_of_the_files_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "out.json", filing("fix/park.txt"))
    with pytest.raises(SavedError) as caught:
        found([path], water(tmp_path / "fix"))
    assert (caught.value.path, caught.value.key) == (path, "none-in-saved")
    unread = save(tmp_path / "out.json", errors=[{"path": "water.txt", "code": "broken", "message": "damaged"}])
    file = water(tmp_path / "fix")
    assert Saved([unread], Settings()).answers([file])[file].error == "damaged"


def test_two_filings_for_one_file_are_refused(tmp_path: Path) -> None:
    file = water(tmp_path / "fix")
    one = save(tmp_path / "one.json", filing())
    for path in ("fix/water.txt", "./fix/water.txt", "old/fix/water.txt"):
        other = save(tmp_path / "other.json", filing(path))
        with pytest.raises(SavedError) as caught:
            found([one, other], file)
        assert (caught.value.path, caught.value.key) == (other, "saved-twice") and str(file) == caught.value.reason


def test_the_first_filing_of_a_file_counts_wherever_it_stands(tmp_path: Path) -> None:
    path = save(tmp_path / "out.json", filing(index=2, findings=[]), filing(index=1))
    file = water(tmp_path / "fix")
    assert found([path], file) == [1]
    assert Saved([path], Settings()).answers([file])[file].filings == 2


def test_a_saved_reading_is_measured_with_or_without_findings(tmp_path: Path) -> None:
    folder = write(tmp_path / "fix")
    (folder / "water.parse.json").write_text(json.dumps(READ, ensure_ascii=False), "utf-8")
    folders = find_folders([folder])
    read = save(tmp_path / "read.json", {**READ, "source": {"path": "fix/water.txt", "index": 1}})
    alone = evaluate(folders, Saved([read], Settings()), resample=False)
    assert alone.figures["parse.filings"].right == 1 and set(alone.figures) == {"parse.cells", "parse.filings"}
    assert alone.unread == 0
    checked = save(tmp_path / "out.json", filing())
    both = evaluate(folders, Saved([checked, read], Settings()), resample=False)
    assert both.figures["parse.filings"].right == both.figures["N01"].right == 1 and both.figures["links"].recall == 1
