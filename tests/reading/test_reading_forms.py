"""Forms of many shapes, each with the one thing that is hard about it."""

from decimal import Decimal

import pytest

from narrcheck.filing import Filing
from narrcheck.reading import ReadError, read_bytes
from narrcheck.text import squeeze

HEAD = """财政项目支出绩效自评表

（2023年度）

项目名称\t\t流动图书车运行\t\t\t\t\t
主管部门\t\t安平县文化和旅游局\t\t实施单位\t\t安平县图书馆\t
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额：\t80.00\t80.00\t76.00\t10\t95.00%\t9.5
\t其中：当年财政拨款\t80.00\t80.00\t76.00\t—\t95.00%\t—
年度总体目标\t预期目标\t\t\t实际完成情况\t\t\t
\t开行图书车120趟，服务站点30个。\t\t\t全年开行图书车126趟，服务站点31个。\t\t\t
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
"""
TAIL = "总分\t\t\t\t\t100\t99.5\t\n评分等级\t\t优\t\t\t\t\t\n"
ROWS = """产出指标\t数量指标\t图书车开行趟次\t≥120趟\t126趟\t40\t40\t
\t质量指标\t图书完好率\t≥95%\t97%\t20\t20\t
效益指标\t社会效益指标\t阅读服务覆盖面\t进一步扩大\t达成指标\t20\t20\t
满意度指标\t服务对象满意度指标\t读者满意度\t≥90%\t92%\t10\t10\t
"""


def read(text: str) -> Filing:
    (filing,) = read_bytes(text.encode(), "a.txt")
    return filing


def rows(filing: Filing) -> list[tuple[str | None, str | None, str, str, str, str, str, str | None]]:
    return [
        (row.level1, row.level2, squeeze(row.name), squeeze(row.target.raw), squeeze(row.actual.raw), row.weight.raw,
         row.score.raw, row.note)
        for row in filing.indicators
    ]  # fmt: skip


PLAIN = rows(read(HEAD + ROWS + TAIL))


def test_a_plain_form() -> None:
    filing = read(HEAD + ROWS + TAIL)
    assert (filing.year, filing.project, filing.department) == (2023, "流动图书车运行", "安平县文化和旅游局")
    assert (filing.unit, filing.money_unit, filing.grade) == ("安平县图书馆", "万元", "优")
    assert filing.goal == "开行图书车120趟，服务站点30个。"
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"
    assert [row.label for row in filing.funds] == ["年度资金总额", "当年财政拨款"]
    assert filing.funds[0].rate.value == Decimal("95.00")
    assert filing.funds[1].weight.value is None
    assert not filing.funds[1].weight.malformed
    assert (filing.total_weight.value, filing.total_score.value) == (Decimal(100), Decimal("99.5"))
    assert filing.layout == "tabular-text"
    assert not filing.doubts
    assert PLAIN[1] == ("产出指标", "质量指标", "图书完好率", "≥95%", "97%", "20", "20", None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\t质量指标\t图书完好率", "质量指标\t图书完好率"),
        ("\t质量指标\t图书完好率", "\t\t质量指标\t图书完好率"),
        ("满意度指标\t服务对象满意度指标", "满意 度指 标\t服务 对象 满意 度指 标"),
        ("效益指标\t社会效益指标", "\t社会效益指标"),
        ("满意度指标\t服务对象满意度指标\t", "服务对象满意度指标\t"),
        ("社会效益指标", "社会效指标"),
        ("20\t20\t\n效益", "20\t20\n效益"),
        ("效益指标\t社会", "\n效益指标\t社会"),
        ("效益指标\t社会", "\f效益指标\t社会"),
        ("效益指标\t社会", "\n" + HEAD.splitlines()[-1] + "\n效益指标\t社会"),
        ("≥95%\t97%", "\t≥95%\t97%"),
        ("总分", "<b>总分</b>"),
        ("\t进一步扩大\t", "\t进一步\n扩大\t"),
        ("≥120趟\t126趟", "≥120趟\t\t126趟"),
        ("评分等级", "填报人：王某\n评分等级"),
    ],
)
def test_the_table_survives(old: str, new: str) -> None:
    text = HEAD + ROWS + TAIL
    assert old in text
    assert rows(read(text.replace(old, new, 1))) == PLAIN


def test_a_cell_torn_at_a_page_end_goes_to_its_own_row() -> None:
    torn = ROWS.replace("进一步扩大\t", "进一步\t").replace(
        "满意度指标\t服务", "\n\t\t\t扩大\t\t\t\t\n满意度指标\t服务"
    )
    assert rows(read(HEAD + torn + TAIL)) == PLAIN
    torn = ROWS.replace("效益指标\t社会效益指标", "\t\t阅读服务\t\t\t\t\t\n\n效益指标\t社会效益指标").replace(
        "\t阅读服务覆盖面", "\t覆盖面"
    )
    assert rows(read(HEAD + torn + TAIL)) == PLAIN


def test_a_label_behind_the_page_end_names_the_rows_above_it() -> None:
    late = ROWS.replace("产出指标\t数量", "\t数量").replace("\t质量指标", "\n产出指标\t质量指标")
    assert rows(read(HEAD + late + TAIL)) == PLAIN


def test_a_narrative_goes_on_behind_repeated_headings() -> None:
    headings = HEAD.splitlines()[-1]
    text = (HEAD + ROWS + TAIL).replace("服务站点31个。\t\t\t\n", "服务站\t\t\t\n\n", 1)
    text = text.replace(headings + "\n", headings + "\n\t\t\t\t点31个。\t\t\t\n", 1)
    filing = read(text)
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"
    assert rows(filing) == PLAIN


def test_a_narrative_goes_on_in_the_first_column_of_the_next_page() -> None:
    text = (HEAD + ROWS + TAIL).replace("服务站点31个。\t\t\t\n", "服务站\t\t\t\n\n点31个。\n\n", 1)
    assert read(text).narrative == "全年开行图书车126趟，服务站点31个。"


def test_markup_and_entities_are_removed() -> None:
    text = HEAD.replace("开行图书车120趟，", "<p style='x'>开行图书车120趟，</p> <p>A&amp;B ").replace(
        "30个。", "30个。</p>"
    )
    assert squeeze(read(text + ROWS + TAIL).goal or "") == "开行图书车120趟,A&B服务站点30个。"


def test_a_name_repeated_with_empty_cells_is_a_row() -> None:
    repeated = ROWS.replace("\t质量指标", "\t\t图书车开行趟次\t\t\t\t\t\n\t质量指标", 1)
    read_rows = rows(read(HEAD + repeated + TAIL))
    assert len(read_rows) == 5
    assert read_rows[1] == ("产出指标", "数量指标", "图书车开行趟次", "", "", "", "", None)


def test_malformed_weights_stay_in_their_place() -> None:
    filing = read(HEAD + ROWS.replace("40\t40", "四十分\t40") + TAIL)
    assert (filing.indicators[0].weight.raw, filing.indicators[0].weight.value) == ("四十分", None)
    assert filing.indicators[0].score.value == Decimal(40)


def test_other_headings_a_serial_number_and_the_weight_before_the_target() -> None:
    head = HEAD.replace(
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施",
        "序号\t一级指标\t二级指标\t三级指标\t权重\t全年目标值\t全年实际完成值\t自评得分\t未完成原因及改进措施",
    )
    moved = ""
    for number, line in enumerate(ROWS.splitlines(), 1):
        level1, level2, name, target, actual, weight, score, note = line.split("\t")
        moved += "\t".join([str(number), level1, level2, name, weight, target, actual, score, note]) + "\n"
    assert rows(read(head + moved + "合计\t\t\t\t100\t\t\t99.5\t\n自评等级\t\t\t优\n")) == PLAIN


def test_headings_of_a_users_own() -> None:
    text = (
        (HEAD + ROWS + TAIL).replace("年度指标值", "计划数").replace("三级指标", "考核内容").replace("项目名称", "课题")
    )
    own = {"columns": {"计划数": "target", "考核内容": "name"}, "fields": {"课题": "project"}}
    (filing,) = read_bytes(text.encode(), "a.txt", own)
    assert rows(filing) == PLAIN
    assert filing.project == "流动图书车运行"
    with pytest.raises(ValueError, match="colums"):
        read_bytes(text.encode(), "a.txt", {"colums": {}})


def test_two_forms_in_one_file_equal_each_alone() -> None:
    other = (HEAD + ROWS + TAIL).replace("流动图书车运行", "古籍修复").replace("2023", "2022")
    first, second = read_bytes((HEAD + ROWS + TAIL + "\n\n" + other).encode(), "a.txt")
    assert rows(first) == PLAIN == rows(second)
    assert (first.project, second.project) == ("流动图书车运行", "古籍修复")
    assert (first.year, second.year) == (2023, 2022)
    assert (first.source.index, second.source.index) == (1, 2)


def test_a_form_cut_off_anywhere_is_read_as_far_as_it_goes() -> None:
    text = HEAD + ROWS + TAIL
    for end in range(text.index("主管部门") + 20, len(text), 7):
        filing = read(text[:end])
        assert filing.project == "流动图书车运行"
        assert len(filing.indicators) <= 4


def test_a_form_without_rows_narrative_or_grade() -> None:
    assert read(HEAD).indicators == ()
    assert read(HEAD + ROWS).grade is None
    bare = "\n".join(line for line in HEAD.splitlines() if "图书车1" not in line) + "\n"
    assert read(bare + ROWS + TAIL).narrative is None


def test_a_total_row_with_the_score_alone() -> None:
    filing = read(HEAD + ROWS + "总分\t\t\t\t\t\t99.5\t\n")
    assert (filing.total_weight.value, filing.total_score.value) == (None, Decimal("99.5"))
    filing = read(HEAD + ROWS + "\n总分\n\n100\n\n99.5\n")
    assert (filing.total_weight.value, filing.total_score.value) == (Decimal(100), Decimal("99.5"))


def test_funds_rows_whose_blanks_are_lost() -> None:
    lines = """项目支出绩效自评表
（2022年度）
项目名称 山塘整治
主管部门 汀西县水利局 实施单位 汀西县农村水利站
资金情况（元） 年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 1,200,000 1,200,000 1,100,000 10 91.67% 9.17
其中：中央补助 资金 700,000 700,000 700,000 — 100.00%
其他资金 500,000 500,000 400,000 80.00%
预期目标 实际完成情况
整治山塘12座。 已整治山塘12座。
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分
产出指标 数量指标 山塘整治座数 =12座 12座 90 90
总分 100 99.17
"""
    filing = read(lines)
    assert [row.label for row in filing.funds] == ["年度资金总额", "中央补助资金", "其他资金"]
    assert filing.funds[2].executed.value == 400000
    assert filing.funds[2].rate.value == Decimal("80.00")
    assert (filing.goal, filing.narrative) == ("整治山塘12座。", "已整治山塘12座。")
    assert rows(filing) == [("产出指标", "数量指标", "山塘整治座数", "=12座", "12座", "90", "90", None)]


def test_a_target_table() -> None:
    text = """财政项目支出绩效目标表\t\t\t
（2021年度）\t\t\t
申报单位名称：安平县图书馆\t\t\t
项目名称：\t古籍数字化\t项目类别：\t一次性项目
项目概况：\t扫描馆藏古籍。\t\t
总目标及阶段性目标：\t年内扫描古籍3000页。\t\t
项目总预算（元）：\t300,000\t项目当年预算（元）：\t120,000
同名项目上年预算额（元）：\t100,000\t同名项目上年预算执行数（元）：\t99,000
2021年绩效目标
一级目标\t二级目标\t三级目标\t指标目标值
产出目标\t数量\t古籍扫描页数\t>=3000页
\t质量\t图像合格率\t=98%
效果目标\t社会效益\t古籍利用率\t提高
满意度\t\t读者满意度\t>=90%
"""
    filing = read(text)
    assert (filing.form, filing.unit, filing.department) == ("target_table", "安平县图书馆", None)
    assert (filing.goal, filing.narrative, filing.money_unit) == ("年内扫描古籍3000页。", None, "元")
    assert [row.label for row in filing.funds] == [
        "项目总预算", "项目当年预算", "同名项目上年预算额", "同名项目上年预算执行数"
    ]  # fmt: skip
    assert filing.funds[3].executed.value == 99000
    assert [(row.level1, row.level2, row.name) for row in filing.indicators] == [
        ("产出目标", "数量", "古籍扫描页数"),
        ("产出目标", "质量", "图像合格率"),
        ("效果目标", "社会效益", "古籍利用率"),
        ("效果目标", "满意度", "读者满意度"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "春眠不觉晓，\n处处闻啼鸟。\n夜来风雨声，\n花落知多少。\n",
        "import sys\n\n\ndef main():\n    print('项目名称')\n    return {'分值': 10}\n",
        "会议通知：请各单位报送绩效自评表，填写项目名称、主管部门和三级指标。",
        "姓名\t年龄\n张某\t12\n",
    ],
)
def test_other_texts_hold_no_filing(text: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(text.encode(), "a.txt")
    assert caught.value.code == "no-filing-found"


def test_a_cell_in_doubt_is_reported() -> None:
    filing = read(HEAD + ROWS.replace("图书完好率\t≥95%\t97%\t20\t20", "\t≥95%\t97%\t20\t20") + TAIL)
    assert [doubt.reason for doubt in filing.doubts] == ["doubt.no-name"]
    assert filing.doubts[0].row == 1


def test_columns_that_are_not_read() -> None:
    head = HEAD.replace("三级指标\t年度指标值\t实际完成值", "三级指标\t指标性质\t年度指标值\t实际完成值\t某某系数")
    moved = ROWS.replace("\t≥", "\t定量\t≥").replace("\t进一步", "\t定性\t进一步")
    for actual in ("126趟", "97%", "达成指标", "92%"):
        moved = moved.replace(f"{actual}\t", f"{actual}\t1.05\t")
    assert rows(read(head + moved + TAIL)) == PLAIN


def test_an_empty_form_is_no_filing() -> None:
    with pytest.raises(ReadError):
        read_bytes("财政项目支出绩效自评表\n项目名称\t\n一级指标\t二级指标\t三级指标\t分值\n".encode(), "a.txt")


def test_headings_nobody_listed_are_known_by_a_word_in_them() -> None:
    head = (
        HEAD.replace(
            "实际完成值\t分值\t得分\t偏差原因分析及改进措施", "实际达到情况\t指标权重分\t单位自评得分\t未达成原因说明"
        )
        .replace("项目资金（万元）", "资金投入情况（万元）")
        .replace("年度指标值", "计划达到的指标值")
    )
    filing = read(head + ROWS + TAIL)
    assert rows(filing) == PLAIN
    assert filing.money_unit == "万元" and not filing.doubts


def test_a_heading_between_texts_and_rows_is_no_text() -> None:
    before, after = HEAD.rsplit("一级指标", 1)
    filing = read(f"{before}2023年绩效指标完成情况\n一级指标{after}{ROWS}{TAIL}")
    assert filing.narrative == "全年开行图书车126趟，服务站点31个。"
    assert rows(filing) == PLAIN


def test_a_level_that_lost_its_ending_has_it_again() -> None:
    filing = read(HEAD + ROWS.replace("质量指标", "时效") + TAIL)
    assert [row.level2 for row in filing.indicators][:2] == ["数量指标", "时效指标"]


@pytest.mark.parametrize(
    ("amounts", "values"),
    [
        ("80万元\t80万元\t76万元", ("80", "80", "76")),
        ("¥80.00\t￥80.00\t¥76.00", ("80.00", "80.00", "76.00")),
        ("800,000元\t800000元\t760000元", ("80", "80", "76")),
    ],
)
def test_amounts_with_a_sign_or_unit_of_their_own(amounts: str, values: tuple[str, ...]) -> None:
    filing = read(HEAD.replace("80.00\t80.00\t76.00", amounts, 1).replace("95.00%", "0.95", 1) + ROWS + TAIL)
    first = filing.funds[0]
    assert [first.initial.value, first.adjusted.value, first.executed.value] == [Decimal(value) for value in values]
    assert first.label == "年度资金总额" and first.rate.value == 95


def test_words_among_the_amounts_are_doubted() -> None:
    filing = read(HEAD.replace("76.00\t10", "76.00（含税）\t10", 1) + ROWS + TAIL)
    assert [(doubt.field, doubt.quote) for doubt in filing.doubts] == [("funds", "76.00（含税）")]
