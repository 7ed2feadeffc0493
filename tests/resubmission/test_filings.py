"""Which filing is which, when several are handed in again."""

from dataclasses import replace

from form_text import form
from handed import SAID, checked, compare, report
from narrcheck.filing import Checked, Problem, Report
from narrcheck.resubmission import masked
from narrcheck.resubmitted import Resubmission


def filing(project: str, path: str = "a.txt", narrative: str = SAID, year: int = 2024) -> Checked:
    text = form(project=project, narrative=narrative).replace("（2024年度）", f"（{year}年度）")
    return checked(text, path)


def told(new: Report, old: Report) -> Resubmission:
    found = compare(new, old).resubmission
    assert found is not None
    return found


def pairs(new: Report, old: Report) -> list[tuple[int | None, str | None]]:
    """The new filing's place and the earlier one's path, in the order in which they are told."""
    found = told(new, old).filings
    return [(item.position, None if item.earlier is None else item.earlier.source.path) for item in found]


def test_filings_pair_by_project_and_year_wherever_they_stand() -> None:
    old = report(filing("东片管网", "1/a.txt"), filing("西片管网", "1/b.txt"), filing("东片管网", "1/c.txt", year=2023))
    new = report(
        filing("东片管网", "2/x.txt", year=2023), filing("西 片管网", "2/y.txt"), filing("东片管网", "2/z.txt")
    )
    assert pairs(new, old) == [(0, "1/c.txt"), (1, "1/b.txt"), (2, "1/a.txt")]


def test_a_corrected_year_or_project_is_found_by_project_and_file_name() -> None:
    old = report(filing("东片管网", "1/a.txt", year=2023), filing("泵站检修", "1/b.txt"), filing("剧场座椅", "1/c.txt"))
    new = report(filing("东片管网", "2/q.txt"), filing("泵房大修", "2/b.txt"), filing("剧场座椅", "2/c.txt"))
    assert pairs(new, old) == [(0, "1/a.txt"), (1, "1/b.txt"), (2, "1/c.txt")]
    remarks = told(new, old).remarks
    assert len(remarks) == 2 and "东片管网 2023" in remarks[0] and "泵房大修" in remarks[1]


def test_of_several_that_are_left_over_the_renamed_one_is_found_by_its_unit_and_rows() -> None:
    other = checked(
        form(project="泵站检修", rows=[("泵站检修座数", "=2.00(座)", "2.00(座)", "90.00", "90.00", "")]), "1/b.txt"
    )
    old = report(other, filing("东片管网", "1/a.txt"))
    renamed = filing("供水设施养护", "2/q.txt")
    assert pairs(report(renamed), old) == [(0, "1/a.txt"), (None, "1/b.txt")]
    elsewhere = replace(renamed, filing=replace(renamed.filing, unit="白沙市供水所"))
    assert pairs(report(elsewhere), old) == [(0, None), (None, "1/b.txt"), (None, "1/a.txt")]


def test_filings_with_equal_heads_pair_in_order_and_never_twice() -> None:
    same = [filing("东片管网", f"1/{name}.txt") for name in "ab"]
    again = [filing("东片管网", f"2/{name}.txt") for name in "xyz"]
    assert pairs(report(*again), report(*same)) == [(0, "1/a.txt"), (1, "1/b.txt"), (2, None)]
    assert pairs(report(*same[::-1]), report(*same)) == [(0, "1/b.txt"), (1, "1/a.txt")]


def test_a_filing_that_is_missing_leaves_its_findings_unknown() -> None:
    old = report(filing("东片管网", "a.txt"), filing("剧场座椅", "b.txt"))
    new = report(filing("东片管网", "a.txt"))
    (gone,) = told(new, old).missing
    assert [change.state for change in gone.changes] == ["unknown"] * 2 and "没有这一份" in gone.changes[0].reason
    unread = replace(new, errors=(Problem("b.txt", "too-slow", "b.txt 太慢"),))
    assert "未能读取" in told(unread, old).missing[0].changes[0].reason


def test_another_project_is_not_the_one_that_is_missing() -> None:
    old = report(filing("东片管网", "a.txt"), filing("剧场座椅更新", "b.txt"))
    rows = [("培训场次", "≥4(场)", "4(场)", "90.00", "90.00", "")]
    other = checked(form(project="乡村医生培训", narrative="培训5场。", rows=rows), "c.txt")
    found = told(report(filing("东片管网", "a.txt"), other), old)
    assert len(found.missing) == 1 and found.filings[1].earlier is None
    assert {change.state for change in found.filings[1].changes} == {"new"}
    renamed = filing("剧场座椅更新改造", "d.txt")
    assert pairs(report(filing("东片管网", "a.txt"), renamed), old)[1] == (1, "b.txt")


def test_two_reports_of_one_filing_each_are_of_the_same_filing() -> None:
    assert pairs(report(filing("泵站检修", "2.txt")), report(filing("乡村医生培训", "1.txt"))) == [(0, "1.txt")]


def test_a_target_table_is_not_the_evaluation_of_its_project() -> None:
    table = filing("东片管网", "a.txt")
    table = replace(table, filing=replace(table.filing, form="target_table"))
    assert pairs(report(filing("东片管网", "a.txt")), report(table)) == [(0, None), (None, "a.txt")]


def test_the_same_file_is_told_to_be_the_same() -> None:
    item = filing("东片管网")
    same = replace(item, filing=replace(item.filing, source=replace(item.filing.source, sha256="0" * 64)))
    other = replace(item, filing=replace(item.filing, source=replace(item.filing.source, sha256="1" * 64)))
    assert [told(report(new), report(same)).filings[0].same_file for new in (same, other)] == [True, False]


def test_what_differs_between_the_runs_is_told() -> None:
    old = replace(report(filing("东片管网")), version="0.0.9", profile="strict", mode="llm")
    remarks = told(report(filing("东片管网")), old).remarks
    assert [word in "".join(remarks) for word in ("0.0.9", "strict", "llm")] == [True] * 3
    assert told(report(filing("东片管网")), report(filing("东片管网"))).remarks == ()


def test_names_are_masked_alike_on_both_sides() -> None:
    named = "联系人：欧阳晓芸，电话13812345678。" + SAID.replace("全年", "欧阳晓芸全年")
    old = report(filing("东片管网", narrative=named))
    bare = SAID.replace("全年", "欧阳晓芸全年").replace("36次", "37次")
    compared = compare(report(filing("东片管网", narrative=bare)), old)
    assert "欧阳晓芸" in str(compared.resubmission)
    hidden = masked(compared)
    assert "欧阳晓芸" not in str(hidden.resubmission) and "13812345678" not in str(hidden.resubmission)
    assert hidden.filings == compared.filings
    plain = report(filing("东片管网"))
    assert masked(plain) is plain
