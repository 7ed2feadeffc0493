"""What a reviewer is shown of a finding that is resolved though its own places say what they said, and of rows and
lists whose places moved."""

from dataclasses import replace

from form_text import NARRATIVE, ROWS, form
from handed import change_of, checked, compare, one, report, with_cell
from narrcheck.filing import Evidence
from narrcheck.reports.changes import sections
from narrcheck.resubmitted import FilingChange, State

SHORT = with_cell(0, 2, "22.00(次)", with_cell(0, 4, "8.00"))
MISSED = form(narrative="更换阀门60只，用户满意度95%。", rows=SHORT)


def lines(new: str, old: str, rule: str, state: State = "resolved") -> list[str]:
    """What the report says below the earlier finding of a rule."""
    found: FilingChange = change_of(one(new), one(old))
    items = [item for _, items in sections(found, "zh", state) for item in items if item[0].startswith(rule)]
    (item,) = items
    return [line.split(" ", 3)[-1] if line.startswith("第") else line for line in item[1]]


def test_a_note_that_answers_a_shortfall_is_shown() -> None:
    told = form(narrative="更换阀门60只，用户满意度95%。", rows=with_cell(0, 5, "汛期停检", SHORT))
    assert lines(told, MISSED, "S06")[-1].endswith("偏差原因分析及改进措施：原为空白，现为“汛期停检”")


def test_what_answers_a_goal_is_shown() -> None:
    goal = "新建泵站3座。"
    old = form(narrative=NARRATIVE, goal=goal)
    told = lines(form(narrative=NARRATIVE[:-1] + "，新建泵站4座。", goal=goal), old, "N05")
    assert told == ["预期目标：“新建泵站3座”未变", "实际完成情况：新增“新建泵站4座”"]
    row = ("新建泵站", "=3.00(座)", "3.00(座)", "0.00", "0.00", "")
    assert lines(form(goal=goal, rows=[*ROWS, row]), old, "N05")[-1].endswith("新增“新建泵站”")


def test_the_row_that_a_sum_was_mended_by_is_shown() -> None:
    wrong = form(rows=with_cell(0, 3, ROWS[0][3].replace("0.00", "1.00")))
    assert "分值：原为" in lines(form(), wrong, "S02")[-1]


def test_the_name_a_row_has_today_is_shown_with_its_figures() -> None:
    told = lines(form(rows=with_cell(0, 0, "管网日常巡检次数")), form(narrative=NARRATIVE, rows=SHORT), "S06")
    assert told[-1].endswith("原为“管网巡检次数”，现为“管网日常巡检次数”")


def test_a_row_given_twice_of_which_one_was_taken_out_is_gone() -> None:
    blank, early = (ROWS[0][0], "", "", "", "", ""), with_cell(0, 2, "25.00(次)")[0]
    for twice in ((ROWS[0], blank), (early, ROWS[0])):
        told = lines(form(), form(rows=[*twice, *ROWS[1:]]), "R01")
        gone = [line for line in told if line.endswith("现表中未见此处")]
        assert gone and len(gone) < len(told) and not any("现为" in line for line in told)


def test_a_row_given_twice_of_which_one_was_renamed_is_shown_by_its_new_name() -> None:
    other = with_cell(0, 0, "管网巡检总次数")[0]
    told = lines(form(rows=[*ROWS, other]), form(rows=[*ROWS, ROWS[0]]), "R01")
    assert any(line.endswith("原为“管网巡检次数”，现为“管网巡检总次数”") for line in told)
    assert not any(line.endswith("未见此处") for line in told)


def test_another_row_in_the_place_of_one_that_is_gone_is_not_that_row() -> None:
    old = form(narrative=NARRATIVE.replace("60只", "66只"))
    instead = with_cell(1, 0, "入户宣传", with_cell(1, 2, "61.00(只)"))
    found = change_of(one(form(narrative=NARRATIVE.replace("60只", "66只"), rows=instead)), one(old))
    (lost,) = (change for change in found.of("unknown") if change.earlier and change.earlier.rule == "N01")
    assert "没有这一行" in lost.reason


def test_of_a_cell_the_clause_is_shown() -> None:
    noted = form(rows=with_cell(0, 5, "因汛期调整安排，实际巡检30次"))
    told = lines(noted.replace("实际巡检30次", "实际巡检26次"), noted, "N06")
    assert told[0].endswith("原为“实际巡检30次”，现为“实际巡检26次”")


def test_a_text_that_was_written_anew_is_shown_whole() -> None:
    told = lines(form(), form(narrative="已完成。"), "N10")
    assert told == [f"实际完成情况：原为“已完成。”，现为“{NARRATIVE}”"]


def test_of_a_list_the_item_is_shown() -> None:
    old = "更换阀门60只，其中甲片30只、乙片20只、丙片8只。全年管网巡检26次，用户满意度95%。"
    told = lines(form(narrative=old.replace("丙片8只", "丙片10只")), form(narrative=old), "N08")
    assert told[-1] == "实际完成情况：原为“丙片8只”，现为“丙片10只”"
    old = old.replace("，其中甲片30只、乙片20只、丙片8只", "（甲片30只、乙片20只、丙片8只）")
    told = lines(form(narrative=old.replace("甲片30只", "甲片32只")), form(narrative=old), "N08")
    assert told[1] == "实际完成情况：原为“甲片30只”，现为“甲片32只”"


def test_what_was_added_beside_a_quote_is_shown() -> None:
    old = NARRATIVE + "新建泵站4座（东桥、西桥、南桥）。"
    told = lines(form(narrative=old.replace("南桥", "南桥、北桥")), form(narrative=old), "N08")
    assert told[-1].endswith("原为“新建泵站4座（东桥、西桥、南桥）”，现为“新建泵站4座（东桥、西桥、南桥、北桥）”")


def test_a_row_that_is_as_it_was_was_not_corrected() -> None:
    old = checked(MISSED)
    silent = replace(old, findings=tuple(finding for finding in old.findings if finding.rule != "S06"))
    (lost,) = change_of(report(silent), report(old)).of("unknown")
    assert lost.earlier is not None and lost.earlier.rule == "S06" and "与上次相同" in lost.reason


def test_a_finding_across_filings_is_resolved_by_the_other_filing() -> None:
    base, lowered = checked(form()), Evidence("target", "=26.00(次)", 0, 10, 0, "管网巡检次数")
    across = replace(checked(MISSED).findings[0], id="a" * 12, rule="X03", evidence=(lowered,))
    beside = replace(across, id="b" * 12, rule="X05")
    new = report(replace(base, findings=(beside,)))
    told = compare(new, report(replace(base, findings=(across, beside)))).resubmission
    assert told is not None and [change.state for change in told.filings[0].changes] == ["standing", "resolved"]


def test_the_sum_of_another_column_is_another_finding() -> None:
    old, new = checked(MISSED), checked(MISSED)
    columns = {
        column: replace(
            old.findings[0],
            id=mark * 12,
            rule="F03",
            evidence=(Evidence("funds", "9.00", 0, 4, 0, "年度资金总额", column=column),),
        )
        for mark, column in (("a", "initial"), ("b", "executed"))
    }
    found = change_of(
        report(replace(new, findings=(columns["executed"],))), report(replace(old, findings=(columns["initial"],)))
    )
    assert [change.state for change in found.changes] == ["new", "resolved"]
