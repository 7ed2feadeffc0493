"""Comparing evaluations: differences with their intervals, and what is won and lost."""

import pytest

from evaluation_samples import NEW, OLD, counted, evaluated, fault, file, finding
from narrcheck.evaluation.changes import Change
from narrcheck.evaluation.compare import compare
from narrcheck.evaluation.intervals import grouped, intervals
from narrcheck.evaluation.result import MEASURES, Result


def names(changes: list[Change]) -> list[tuple[str, str | None, str | None]]:
    return [(change.name, change.before, change.now) for change in changes]


def test_differences_and_their_intervals_are_those_worked_out_by_hand() -> None:
    found = compare(NEW, OLD).figures["findings"]
    assert found.differences == {"precision": 0.25, "recall": 0.0, "f1": 0.1071}
    # Two filings: each is drawn twice in a quarter of the draws, both once in half of them. The library twice: its
    # precision 2/2 less 4/6, recall 2/4 less 4/4, F1 2/3 less 4/5. The clinic twice: 1 less 1, 4/4 less 2/4, and
    # 1 less 2/3.
    assert found.intervals == {"precision": (0.0, 0.3333), "recall": (-0.5, 0.5), "f1": (-0.1333, 0.3333)}
    assert found.beyond_chance == []
    assert compare(NEW, OLD).verdict == "no-difference"


def test_findings_won_and_lost_are_listed_one_by_one() -> None:
    comparison = compare(NEW, OLD)
    assert names(comparison.lost) == [("N01|新办借书证|1206", "found", "missed")]
    assert names(comparison.won) == [("N05|义诊", "missed", "found"), ("N08|narrative", "false", None)]
    assert comparison.lost[0].file == "library.txt" and comparison.lost[0].quotes[0].quote == "新办借书证1 260张"
    assert not comparison.relabelled
    back = compare(OLD, NEW)
    assert [change.name for change in back.won] == ["N01|新办借书证|1206"]
    assert [change.name for change in back.lost] == ["N05|义诊", "N08|narrative"]


def test_an_evaluation_differs_from_itself_by_exactly_nothing() -> None:
    comparison = compare(NEW, NEW)
    assert comparison.verdict == "same"
    assert not comparison.won and not comparison.lost
    for one in comparison.figures.values():
        assert all(one.differences[measure] == 0 and one.intervals[measure] == (0, 0) for measure in MEASURES)


def parks(count: int, halved: int) -> Result:
    """So many filings of which some have only one of two findings found."""
    found = [1 if at < halved else 2 for at in range(count)]
    return evaluated(*(file(f"town/park{at}.txt", counted(2, n, n, n)) for at, n in enumerate(found)))


@pytest.mark.parametrize(
    ("count", "changed", "too_few"),
    [(9, 9, "filings"), (40, 5, "changed"), (10, 6, None), (12, 0, None), (4, 0, None)],
)
def test_few_filings_or_changes_are_no_better_and_no_worse(count: int, changed: int, too_few: str | None) -> None:
    comparison = compare(parks(count, 0), parks(count, changed))
    assert (comparison.fixtures, comparison.too_few) == (count, too_few)
    one = comparison.figures["findings"]
    assert one.changed == changed and bool(one.beyond_chance) is (comparison.verdict == "better")
    assert comparison.verdict == ("no-difference" if too_few else "better" if changed else "same")


@pytest.mark.parametrize("worse", [False, True])
def test_what_is_so_in_every_filing_is_no_chance(worse: bool) -> None:
    full, half = parks(10, 0), parks(10, 10)
    comparison = compare(half, full) if worse else compare(full, half)
    assert comparison.verdict == ("worse" if worse else "better") and comparison.too_few is None
    found = comparison.figures["findings"]
    sign = -1 if worse else 1
    assert found.intervals["recall"] == (0.5 * sign, 0.5 * sign) and found.beyond_chance == ["recall", "f1"]


def test_files_of_one_filing_are_drawn_together() -> None:
    """Were they drawn apart, a draw could hold the good file alone and the bad file alone."""
    new = evaluated(file("a.txt", counted(1, 1, 1, 1)), file("a.pdf", counted(1, 0, 0, 0)))
    old = evaluated(file("a.txt", counted(1, 0, 0, 0)), file("a.pdf", counted(1, 0, 0, 0)))
    assert compare(new, old).figures["findings"].intervals["recall"] == (0.5, 0.5)


def test_a_share_without_denominator_has_no_difference() -> None:
    new, old = evaluated(file("a.txt", counted(1, 1, 1, 1))), evaluated(file("a.txt", counted(1, 0, 0, 0)))
    found = compare(new, old).figures["findings"]
    assert found.differences["precision"] is None and found.intervals["precision"] is None
    assert found.differences["f1"] == 1


def test_labels_that_one_side_does_not_know_are_neither_won_nor_lost() -> None:
    old = evaluated(file("a.txt", counted(1, 1, 2, 1), finding("N03|喷泉", "found"), finding("N01|花坛|7", "false")))
    new = evaluated(file("a.txt", counted(1, 1, 1, 1), finding("N01|花坛", "found"), finding("F01|年度", "missed")))
    comparison = compare(new, old)
    assert not comparison.won and not comparison.lost
    assert names(comparison.relabelled) == [
        ("F01|年度", None, "missed"),
        ("N01|花坛", None, "found"),
        ("N01|花坛|7", "false", None),  # the false alarm that the new label of its rule may have made right
        ("N03|喷泉", "found", None),
    ]


def test_repetitions_and_debatable_labels_are_neither_won_nor_lost() -> None:
    old = evaluated(file("a.txt", counted(1, 1, 1, 1), finding("N01|灯", "found"), finding("N01|灯 #2", "repetition")))
    new = evaluated(file("a.txt", counted(1, 1, 1, 1), finding("N01|灯", "found"), finding("N02|灯", "debatable")))
    comparison = compare(new, old)
    assert not comparison.won and not comparison.lost and not comparison.relabelled


def test_of_two_false_alarms_of_one_name_one_is_gone() -> None:
    two = [finding("N01|灯", "false"), finding("N01|灯 #2", "false")]
    old = evaluated(file("a.txt", counted(0, 0, 2, 0), *two))
    new = evaluated(file("a.txt", counted(0, 0, 1, 0), two[1]))
    assert names(compare(new, old).won) == [("N01|灯", "false", None)]
    assert not compare(new, old).lost


def test_claims_links_modifiers_and_cells() -> None:
    figures = {"claims": counted(3, 2, 2, 2), "parse.cells": counted(9, 8, 9, 8)}
    stays = fault("claims", "丁", "false")
    before = [fault("claims", "甲", "missed"), fault("links", "乙", "differs"), fault("modifiers", "丙", "differs")]
    now = [fault("claims", "乙", "missed"), fault("links", "甲", "differs"), fault("reading", "goal", "differs")]
    old = evaluated(file("a.txt", None, *before, stays, **figures))
    new = evaluated(file("a.txt", None, *now, stays, **figures))
    comparison = compare(new, old)
    assert [(change.layer, *told) for change, told in zip(comparison.lost, names(comparison.lost), strict=True)] == [
        ("claims", "乙", "found", "missed"),
        ("reading", "goal", "found", "differs"),
    ]  # 甲 had no claim to be linked before
    assert [(change.layer, *told) for change, told in zip(comparison.won, names(comparison.won), strict=True)] == [
        ("claims", "甲", "missed", "found"),
        ("modifiers", "丙", "differs", "found"),
    ]  # 乙 has no claim to be linked now


def test_claims_of_a_file_that_was_labelled_anew_are_told_apart() -> None:
    old = evaluated(file("a.txt", counted(1, 1, 1, 1), claims=counted(3, 3, 3, 3)))
    missed = fault("claims", "甲", "missed")
    new = evaluated(file("a.txt", counted(1, 1, 1, 1), missed, claims=counted(4, 3, 3, 3)))
    comparison = compare(new, old)
    assert not comparison.lost and names(comparison.relabelled) == [("甲", "found", "missed")]


def test_files_and_layers_of_one_side_alone_are_left_out() -> None:
    old = evaluated(file("one/a.txt", counted(1, 1, 1, 1)), file("one/b.txt", counted(5, 0, 0, 0)))
    cells = {"parse.cells": counted(9, 1, 9, 1)}
    new = evaluated(
        file("a.txt", counted(1, 1, 1, 1), fault("reading", "goal", "differs"), **cells),
        file("c.txt", counted(7, 0, 0, 0)),
    )
    comparison = compare(new, old)
    assert (comparison.shared, comparison.only_new, comparison.only_old) == (1, ["c.txt"], ["one/b.txt"])
    assert comparison.not_compared == ["reading"] and list(comparison.figures) == ["findings"]
    assert comparison.figures["findings"].new.labels == 1 and not comparison.lost
    nothing = compare(evaluated(), old)
    assert nothing.verdict == "nothing-shared" and nothing.only_old == ["one/a.txt", "one/b.txt"]


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [
        (["k1/water.txt", "k2/water.txt"], ["x/k2/water.txt"], [("x/k2/water.txt", "k2/water.txt")]),
        (["k1/water.txt", "k2/water.txt"], ["water.txt"], []),
        (["water.txt"], ["k1/water.txt", "k2/water.txt"], []),
        (["water.txt"], ["k1/water.txt"], [("k1/water.txt", "water.txt")]),
        (["k1/water.txt", "k1/water.pdf"], ["a/k1/water.pdf"], [("a/k1/water.pdf", "k1/water.pdf")]),
        (["north/across.labels.json"], ["south/across.labels.json"], []),
    ],
)
def test_files_are_known_by_the_ends_of_their_paths(
    old: list[str], new: list[str], shared: list[tuple[str, str]]
) -> None:
    """Each file has a label that the old side misses and the new one finds, named after it."""
    sides = (("missed", old, 0), ("found", new, 1))
    before, now = (
        evaluated(*(file(name, counted(1, n, n, n), finding(f"N01|{name[:2]}", state)) for name in names))
        for state, names, n in sides
    )
    comparison = compare(now, before)
    assert comparison.shared == len(shared) and bool(shared) is (comparison.verdict != "nothing-shared")
    assert comparison.only_new == [name for name in new if name not in dict(shared)]
    assert comparison.only_old == [name for name in old if name not in dict(shared).values()]


def test_findings_are_compared_where_one_side_reports_none_and_none_is_labelled() -> None:
    old = evaluated(file("a.txt", None))
    new = evaluated(file("a.txt", counted(0, 0, 1, 0), finding("N01|灯", "false")))
    comparison = compare(new, old)
    assert comparison.verdict == "no-difference" and names(comparison.lost) == [("N01|灯", None, "false")]
    assert compare(old, old).verdict == "same" and not comparison.not_compared


def test_findings_across_filings_are_compared_alone() -> None:
    label = "X05|甲|乙"
    old, new = (
        evaluated(
            file("north/across.labels.json", None, finding(label, state), **{"findings.X": counts, "X05": counts})
        ).model_copy(update={"recognised": None})
        for state, counts in (("found", counted(1, 1, 1, 1)), ("missed", counted(1, 0, 0, 0)))
    )
    comparison = compare(new, old)
    assert comparison.decided_by == "findings.X" and names(comparison.lost) == [(label, "found", "missed")]


def test_a_file_that_is_no_longer_read_is_named() -> None:
    good = file("a.txt", counted(1, 1, 1, 1), finding("N01|灯", "found"))
    bad = file("a.txt", counted(1, 0, 0, 0), finding("N01|灯", "missed")).model_copy(update={"error": "broken"})
    comparison = compare(evaluated(bad), evaluated(good))
    assert comparison.no_longer_read == ["a.txt"] and [change.name for change in comparison.lost] == ["N01|灯"]
    assert compare(evaluated(good), evaluated(bad)).read_again == ["a.txt"]


def test_figures_that_are_no_shares_of_labels_are_those_of_the_shared_files() -> None:
    comparison = compare(NEW, OLD)
    assert (comparison.new.false_alarms, comparison.old.false_alarms) == (0.0, 0.5)  # none, and 1 in 2 files
    assert comparison.new.recognised == 0.8 and comparison.old.system.name == "before"


def test_an_interval_and_one_of_differences_leave_out_the_same_draws() -> None:
    """Of 12 filings one has findings under the rule: the draws without it say nothing, in the difference as well."""
    rare = {"N07": counted(2, 1, 1, 1)}
    new = evaluated(*(file(f"park{at}.txt", counted(1, 1, 1, 1), **(rare if at == 3 else {})) for at in range(12)))
    old = evaluated(*(file(f"park{at}.txt", counted(1, 1, 1, 1)) for at in range(12)))
    none = {"N07": counted(2, 0, 1, 0)}
    zero = evaluated(*(file(f"park{at}.txt", counted(1, 1, 1, 1), **(none if at == 3 else {})) for at in range(12)))
    assert intervals(grouped(new.filings))["N07"]["recall"] == (0.5, 0.5)
    assert compare(new, zero).figures["N07"].intervals["recall"] == (0.5, 0.5)
    assert compare(new, old).figures["N07"].intervals["recall"] is None
