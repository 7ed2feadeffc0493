"""Leaving out a part of the checker changes what that part is for, and nothing once it is back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from narrcheck.brief import read_brief
from narrcheck.catalogue import LANGUAGES, message
from narrcheck.evaluation.ablations import ABLATIONS
from narrcheck.parts import PARTS, Part, on, without
from narrcheck.pipeline import check_filing
from narrcheck.reading import ReadingLimits, read_bytes
from narrcheck.reading.guard import Guard
from narrcheck.rules.across.names import bag_name, loose_name
from narrcheck.settings import Settings
from narrcheck.text import squeeze

# A form, and the row that its last claim is linked to: as ever, and without the part.
LINKS: dict[Part, tuple[str, str | None, str | None]] = {
    "synonyms": (
        """
narrative: 全年外借书籍8600册次。
row: 图书借阅情况 | ≥8000(册次) | 8200.00(册次) | 10 | 10
row: 读者讲座 | ≥10(场) | 11.00(场) | 10 | 10
""",
        "图书借阅情况",
        None,
    ),
    "rarity": (
        """
narrative: 全年登记馆藏账本860册。
row: 馆藏期刊 | ≥500(册) | 520.00(册) | 10 | 10
row: 馆藏字画 | ≥300(幅) | 310.00(幅) | 10 | 10
row: 馆藏印章 | ≥40(枚) | 45.00(枚) | 10 | 10
row: 馆藏瓷器 | ≥20(件) | 22.00(件) | 10 | 10
""",
        None,
        "馆藏期刊",
    ),
    "agreement": (
        """
narrative: 年内给湖边补了座椅137张。
row: 滨水休憩设施添置 | ≥130(张) | 137.00(张) | 10 | 10
row: 长廊座椅油漆 | ≥50(张) | 50.00(张) | 10 | 10
""",
        "滨水休憩设施添置",
        None,
    ),
    "exclusivity": (
        """
narrative: 城区剧场上演话剧48场。乡镇戏台上演话剧31场。
row: 话剧上演场次 | ≥45(场) | 48.00(场) | 10 | 10
""",
        None,
        "话剧上演场次",
    ),
    "borders": (
        """
narrative: 公园林荫座椅26处。
row: 公园林带 | ≥20(处) | 21.00(处) | 10 | 10
row: 公园演习 | ≥2(次) | 3.00(次) | 10 | 10
row: 公园讲座 | ≥2(场) | 3.00(场) | 10 | 10
row: 公园通道 | ≥2(条) | 3.00(条) | 10 | 10
row: 公园值守 | ≥2(人) | 3.00(人) | 10 | 10
""",
        None,
        "公园林带",
    ),
}
METERS = """
narrative: 更换东区水表320只，更换西区水表180只。
row: 更换水表数量 | ≥500(只) | 500.00(只) | 10 | 10
"""
CLINIC = """财政项目支出绩效自评表

（2024年度）

项目名称 社区门诊运行

主管部门 云岭市卫生局 实施单位 云岭市第三门诊部

项目资金（万元）

年初预算数 全年预算数 全年执行数 分值 执行率 得分

年度资金总额： 60.00 60.00 60.00 10.00 100.00 10.00

年度总体目标

预期目标 实际完成情况

门诊接诊8000人次。

已完成。

一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施

产出指标 数量指标 门诊接诊人次 ≥8000.00(人次) 8150.00(人次) 30.00 30.00

上门诊疗小组设立情况

组成不少于 3

个小组，每组

不少于 4

人

达成指标 30.00 30.00

检验报告送达时效

采样后 2个工

作日内送交居

民

达成指标 30.00 29.00

总分 100.00 99.00

评分等级 优
"""
ROWS = ["门诊接诊人次", "上门诊疗小组设立情况", "检验报告送达时效"]
PAGE = """<html><body><table>
<tr><td colspan=7>财政项目支出绩效自评表（2024年度）</td></tr>
<tr><td>项目名称</td><td colspan=6>剧场夜间开放</td></tr>
<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>年度指标值</td><td>实际完成值</td><td>分值</td><td>得分</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>夜场开放天数</td><td>≥90天</td><td>92天</td><td>60</td><td>60</td></tr>
<tr><td></td><td></td><td>夜场观众</td><td>≥4000人次</td><td>3500人次</td><td>40</td><td>35</td></tr>
<tr><td>总分</td><td></td><td></td><td></td><td></td><td></td><td>100</td></tr>
</table></body></html>"""


def last_row(form: str) -> str | None:
    """The row that the last claim of a narrative is linked to."""
    filing = read_brief(form.strip())
    row = [claim for claim in check_filing(filing, Settings()).claims if claim.field == "narrative"][-1].row
    return None if row is None else filing.indicators[row].name


def rules(form: str) -> list[str]:
    return [finding.rule for finding in check_filing(read_brief(form.strip()), Settings()).findings]


def names(text: str) -> list[str]:
    (filing,) = read_bytes(text.encode(), "clinic.txt")
    return [squeeze(row.name) for row in filing.indicators]


@pytest.mark.parametrize("part", LINKS)
def test_a_link_that_a_part_decides(part: Part) -> None:
    form, usual, other = LINKS[part]
    for _ in range(2):  # neither way of checking leaves anything behind for the other
        with without(part):
            assert last_row(form) == other
        assert last_row(form) == usual


def test_figures_that_add_up_explain_a_difference() -> None:
    with without("sums"):
        assert rules(METERS) == ["N01"]
    assert rules(METERS) == []


def test_weights_that_add_up_tell_which_numbers_stand_in_words() -> None:
    with without("constraints"):
        assert names(CLINIC) != ROWS
    assert names(CLINIC) == ROWS


def test_row_names_across_filings_without_synonyms() -> None:
    lent, borrowed = "绘本外借册数", "绘本借阅册数"
    for name_of in (loose_name, bag_name):
        with without("synonyms"):
            assert name_of(lent) != name_of(borrowed)
        assert name_of(lent) == name_of(borrowed)


def test_the_process_that_reads_web_pages_follows() -> None:
    def total(guard: Guard) -> tuple[str, str]:
        (filing,) = guard.read(PAGE.encode(), "theatre.html")
        return filing.total_weight.raw, filing.total_score.raw

    with Guard(ReadingLimits()) as guard:
        with without("constraints"):
            assert total(guard) == ("", "100")
        assert total(guard) == ("100", "")


def test_a_context_holds_for_its_own_thread_and_ends_with_an_error() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(KeyError), without("sums"):
        with without("rarity"):
            assert not on("sums") and not on("rarity")
            assert pool.submit(on, "sums").result()
        assert on("rarity")
        raise KeyError
    assert all(map(on, PARTS))


def test_a_part_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"spelling.*synonyms"), without("spelling"):  # type: ignore[arg-type]
        pass


def test_every_part_has_an_ablation_that_says_what_it_leaves_out() -> None:
    alone = {part for ablation in ABLATIONS if len(ablation.parts) == 1 for part in ablation.parts}
    assert alone == PARTS
    assert len({message(ablation.key, lang) for ablation in ABLATIONS for lang in LANGUAGES}) == 2 * len(ABLATIONS)
