"""Line-by-line tables, each with the one thing that is hard about it."""

from test_reading_forms import read

from narrcheck.filing import Filing, Indicator
from narrcheck.reading.document import Place, Row
from narrcheck.reading.tokens import joined, tokens
from narrcheck.reading.vocabulary import headings

HEAD = """财政项目支出绩效自评表

（2023年度）

项目名称 流动图书车运行

主管部门 安平县文化和旅游局 实施单位 安平县图书馆

项目资金

（万元）

年初预算数 全年预算数 全年执行数 分值 执行率 得分

年度资金总额： 80.00 80.00 76.00 10.00 95.00 9.50

年度

总体

目标

预期目标 实际完成情况

开行图书车120趟，服务站点30个。

已完成。

一级

指标

二级

指标
三级指标 年度指标值 实际完成值 分值 得分

偏差原因分析

及改进措施

产出

指标

数量

指标

图书车开行趟次 ≥120.00(趟) 126.00(趟) 30.00 30.00

"""
TAIL = """
满意

度指

标
读者满意度 ≥90.00(%) 92.00(%) 10.00 10.00

总分 100.00 98.50

评分等级 优
"""


def table(lines: str) -> Filing:
    """A form with these lines, which hold rows of 50 points, between its first row and its last."""
    return read(HEAD + "\n\n".join(lines.strip().split("\n")) + "\n" + TAIL)


def plain(cell: str | None) -> str:
    return "".join((cell or "").split())


def cells(row: Indicator) -> tuple[str, ...]:
    found = (row.name, row.target.raw, row.actual.raw, row.weight.raw, row.score.raw, row.note or "")
    return tuple(plain(cell) for cell in found)


def test_numbers_inside_the_words_of_a_target() -> None:
    filing = table("""
流动服务小队建设
组建不少于 2
支小队，每支
不少于 15
人
达成指标 20.00 20.00
新书上架及时性
到馆后 7个工
作日内完成编
目并上架流通
达成指标 30.00 29.00
""")
    assert [cells(row) for row in filing.indicators[1:3]] == [
        ("流动服务小队建设", "组建不少于2支小队，每支不少于15人", "达成指标", "20.00", "20.00", ""),
        ("新书上架及时性", "到馆后7个工作日内完成编目并上架流通", "达成指标", "30.00", "29.00", ""),
    ]
    assert len(filing.indicators) == 4


def test_short_pieces_of_a_target_are_no_actual() -> None:
    filing = table("""
图书车安全运行保障水平
落实出车检
查、路线报
备、驾驶员
轮休制度
达成指标 50.00 49.00
""")
    assert cells(filing.indicators[1])[:3] == (
        "图书车安全运行保障水平",
        "落实出车检查、路线报备、驾驶员轮休制度",
        "达成指标",
    )


def test_a_note_of_several_lines_before_the_next_name() -> None:
    filing = table("""
图书完好率 ≥95.00(%) 93.00(%) 20.00 19.00 部分图书使用年
限较长，将分批
更新。
图书车出车准点率 ≥95.00(%) 97.00(%) 30.00 30.00
""")
    assert filing.indicators[1].note == "部分图书使用年限较长，将分批更新。"
    assert filing.indicators[2].name == "图书车出车准点率" and filing.indicators[2].note is None


def test_target_and_note_torn_at_one_page_end() -> None:
    filing = table("""
乡村阅读氛围和读者参与程度
开展形式多
样的阅读推
广活动，带
达成指标 50.00 49.00
偏远站点读者活动
场次偏少，下年度



动乡村读者
参与
将增加周末场次。
""")
    row = filing.indicators[1]
    assert plain(row.target.raw) == "开展形式多样的阅读推广活动，带动乡村读者参与"
    assert plain(row.note) == "偏远站点读者活动场次偏少，下年度将增加周末场次。"


def test_sums_that_do_not_add_up_leave_the_pairs_likely() -> None:
    filing = read((HEAD + TAIL).replace("总分 100.00 98.50", "总分 100.00 97.00"))
    assert [row.weight.raw for row in filing.indicators] == ["30.00", "10.00"]


def test_what_is_put_between_lines() -> None:
    def text(*lines: str) -> str:
        found = [Row((line,), Place(number)) for number, line in enumerate(lines)]
        return joined(tokens(found, headings()))

    assert text("全年接待读者44", "90人次") == "全年接待读者4490人次"
    assert text("与Open", "Library合作") == "与Open Library合作"
    assert text("编目标准V3", "版") == "编目标准V3版"


def test_lines_that_number_the_page_are_no_cells() -> None:
    from narrcheck.reading.plain import to_document

    text = "甲\t乙\n第 1 页 共 3 页\n\n- 2 -\n丙\t丁\n— 3 —\n12\n第 2 页说明\n"
    assert [row.cells for row in to_document(text).rows] == [("甲", "乙"), ("丙", "丁"), ("12",), ("第 2 页说明",)]
