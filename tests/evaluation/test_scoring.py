"""Figures over small fixtures, every number worked out by hand, and the same as the outside referee's."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from fixture_files import FINDING, write
from form_text import contradiction, form
from narrcheck.evaluation.fixtures import find_folders
from narrcheck.evaluation.result import Cost, Result, System
from narrcheck.evaluation.run import evaluate
from narrcheck.evaluation.systems import Answered, Live
from narrcheck.pipeline import check_filing
from narrcheck.reading import read_bytes
from narrcheck.reports.json import checked_to_json, filing_to_json
from narrcheck.settings import Settings
from referee import CORPUS, judged, needs_corpus


class Given:
    """A system that gives the answers it is told to."""

    system, cost = System(), None

    def __init__(self, **answers: Answered) -> None:
        self._answers = answers

    def answers(self, files: Sequence[Path]) -> Mapping[Path, Answered]:
        return {file: self._answers[file.stem] for file in files}


def answered(text: str | None = None) -> dict[str, Any]:
    """narrcheck's answers about a form, to be changed."""
    (filing,) = read_bytes((text or contradiction()).encode(), "water.txt")
    return checked_to_json(check_filing(filing, Settings())) | {"indicators": filing_to_json(filing)["indicators"]}


def counts(result: Result, key: str) -> tuple[int, int, int, int]:
    figure = result.figures[key]
    return figure.labels, figure.found, figure.reported, figure.right


def test_what_is_right_counts_on_both_sides(tmp_path: Path) -> None:
    result = evaluate(find_folders([write(tmp_path)]), Live(Settings()))
    assert {key: counts(result, key) for key in ("claims", "links", "findings", "N01")} == {
        "claims": (6, 6, 6, 6),
        "links": (3, 3, 3, 3),
        "findings": (1, 1, 1, 1),
        "N01": (1, 1, 1, 1),
    }
    assert result.figures["findings"].f1 == 1 and result.false_alarms == 0 and result.unread == 0
    assert result.by["severity"]["error"]["findings"].found == 1


def test_wrong_answers_count_where_they_are_wrong(tmp_path: Path) -> None:
    told = answered()
    inspections = next(one for one in told["claims"] if one["quote"].endswith("36次"))
    valves = next(one for one in told["claims"] if one["field"] == "narrative" and "60只" in one["quote"])
    inspections.update(unit="处", modifier="about")
    valves.update(row=None)
    told["claims"] = [one for one in told["claims"] if "90%" not in one["quote"]]
    told["claims"].append({**valves, "value": "7", "quote": "7台"})
    told["findings"].append({**told["findings"][0], "rule": "S01", "evidence": []})
    result = evaluate(find_folders([write(tmp_path)]), Given(water=Answered(None, told)))
    assert counts(result, "claims") == (6, 4, 6, 4)
    assert counts(result, "claims.modifier") == (5, 4, 5, 4)
    assert counts(result, "links") == (3, 2, 2, 2)
    assert counts(result, "findings") == (1, 1, 2, 1)
    assert (counts(result, "S01"), result.figures["S01"].recall) == ((0, 0, 1, 0), None)
    assert result.false_alarms == 1


def test_debatable_labels_and_repetitions_do_not_count(tmp_path: Path) -> None:
    told = answered()
    told["findings"] *= 2
    folder = write(tmp_path, findings=[FINDING, {**FINDING, "rule": "S04", "certainty": "debatable"}])
    again = evaluate(find_folders([folder]), Given(water=Answered(None, told)))
    assert counts(again, "findings") == (1, 1, 1, 1)
    told["findings"][1] = {**told["findings"][0], "rule": "S04"}
    assert counts(evaluate(find_folders([folder]), Given(water=Answered(None, told))), "findings") == (1, 1, 1, 1)


def test_findings_of_a_model_and_across_filings_do_not_count(tmp_path: Path) -> None:
    told = answered()
    told["findings"] += [{**told["findings"][0], "rule": rule} for rule in ("L01", "X02")]
    result = evaluate(find_folders([write(tmp_path)]), Given(water=Answered(None, told)))
    assert counts(result, "findings") == (1, 1, 1, 1)


def test_a_file_that_is_not_read_misses_all_its_labels(tmp_path: Path) -> None:
    result = evaluate(find_folders([write(tmp_path, text="今天天气很好。")]), Live(Settings()))
    assert (counts(result, "claims"), counts(result, "findings")) == ((6, 0, 0, 0), (1, 0, 0, 0))
    assert result.unread == 1 and result.filings[0].error


def test_labels_of_findings_alone_say_nothing_about_claims(tmp_path: Path) -> None:
    result = evaluate(find_folders([write(tmp_path, claims=[], findings_only=True)]), Live(Settings()))
    assert "claims" not in result.figures and counts(result, "findings") == (1, 1, 1, 1)


def test_means_of_filings_differ_from_the_pool(tmp_path: Path) -> None:
    write(tmp_path, findings=[FINDING])
    write(
        tmp_path, name="clean", text=form(), findings=[FINDING, {**FINDING, "rule": "N03"}, {**FINDING, "rule": "N04"}]
    )
    result = evaluate(find_folders([tmp_path]), Live(Settings()))
    assert result.figures["findings"].recall == 0.25
    assert result.per_filing["findings"]["recall"] == 0.5
    low, high = result.intervals["findings"]["recall"] or (1, 0)
    assert low == 0 and high == 1
    assert result.per_filing_intervals["findings"]["recall"] == (0, 1)


def test_figures_of_sectors_layouts_and_formats(tmp_path: Path) -> None:
    write(tmp_path, sector="水务", layout="national")
    write(tmp_path, name="other", sector="文化", layout="省一", findings=[])
    result = evaluate(find_folders([tmp_path]), Live(Settings()))
    assert result.by["sector"]["水务"]["findings"].right == 1
    assert result.by["sector"]["文化"]["findings"].right == 0
    assert set(result.by["layout"]) == {"national", "省一"} and set(result.by["format"]) == {"txt"}


def test_the_share_of_numbers_that_are_recognised(tmp_path: Path) -> None:
    told = answered()
    told["coverage"] = {"numbers": 8, "claims": 6}
    assert evaluate(find_folders([write(tmp_path)]), Given(water=Answered(None, told))).recognised == 0.75


def test_a_saved_result_is_read_as_it_was(tmp_path: Path) -> None:
    from narrcheck.evaluation.result import read_result

    result = evaluate(find_folders([write(tmp_path / "in")]), Live(Settings()))
    result = result.model_copy(update={"cost": Cost(requests=2, sent=30)})
    (tmp_path / "saved.json").write_text(result.to_json(), "utf-8")
    assert read_result(tmp_path / "saved.json") == result


def _spoilt(checked: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The answers with claims and findings dropped, doubled and changed at random."""
    for one in checked["claims"]:
        if chance.random() < 0.3:
            one.update(
                chance.choice([{"unit": "次"}, {"row": None}, {"row": 1}, {"value": "3"}, {"modifier": "about"}])
            )
        if chance.random() < 0.2:
            one["quote"] = one["quote"][chance.randrange(len(one["quote"])) :] or "一"
    for kind in ("claims", "findings"):
        checked[kind] = [one for one in checked[kind] for _ in range(chance.choice([0, 1, 1, 1, 2]))]
    for one in checked["findings"]:
        if chance.random() < 0.2:
            one["rule"] = chance.choice(["N01", "N08", "S05", "S06", "R06", "L02", "X02"])
        if chance.random() < 0.2:
            one["evidence"] = one["evidence"][1:]
    return checked


@pytest.mark.required
@needs_corpus
@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_the_outside_referee(tmp_path: Path, seed: int) -> None:
    """Over answers that are right and wrong in many ways."""
    (folder,) = find_folders([CORPUS / "dev"], ".txt")
    given: dict[str, Answered] = {}
    for fixture in folder.fixtures:
        (filing,) = read_bytes(fixture.files[0].read_bytes(), fixture.files[0].name)
        checked = checked_to_json(check_filing(filing, Settings()))
        reading = filing_to_json(filing)
        chance = random.Random(f"{seed} {fixture.id}")
        for row in reading["indicators"]:
            if seed and chance.random() < 0.1:
                row.update(chance.choice([{"name": "别的"}, {"weight": None}, {"note": "无"}, {"score": "3.0"}]))
        given[fixture.id] = Answered(reading, _spoilt(checked, chance) if seed else checked)
    ours = evaluate([folder], Given(**given), resample=False)

    def answer(command: str, path: Path) -> dict[str, Any]:
        told = given[path.stem]
        return {"filings": [told.reading if command.startswith("narrcheck parse") else told.checked]}

    theirs = judged(CORPUS / "dev", tmp_path / "figures.json", answer)
    assert {key: figure.model_dump() for key, figure in ours.figures.items()} == theirs
    assert len(theirs) > 20
