"""Which row answers a claim: agreement, wording, units, exclusivity, and no row at all."""

import pytest

from narrcheck.brief import read_brief
from narrcheck.claims.offline import extract
from narrcheck.filing import Claim
from narrcheck.linking import link

FORM = """
year: 2024
goal: 新建社区食堂12个，开展入户探访不少于3000人次。
narrative: {narrative}
row: 社区食堂新建数量 | =12(个) | 12.00(个) | 10 | 10
row: 独居老人探访人次 | ≥3000(人次) | 3260.00(人次) | 10 | 10
row: 适老化改造户数 | ≥150(户) | 150.00(户) | 10 | 10
row: 助餐服务满意度 | ≥90(%) | 94.50(%) | 10 | 10
row: 养老护理员培训合格率 | ≥95(%) | 97.00(%) | 10 | 10
row: 信息系统运行情况 | 稳定 | 完成升级2次 | 10 | 10
"""


def linked(narrative: str) -> dict[str, str | None]:
    """Each number of the narrative with the row it was linked to."""
    filing = read_brief(FORM.format(narrative=narrative).strip())
    claims = link(filing, extract(filing).claims)
    return {
        str(claim.value): None if claim.row is None else filing.indicators[claim.row].name
        for claim in claims
        if claim.field == "narrative"
    }


@pytest.mark.parametrize(
    ("narrative", "value", "row"),
    [
        ("全年建成社区食堂12个。", "12", "社区食堂新建数量"),
        ("全年新增社区食堂9个。", "9", "社区食堂新建数量"),
        ("组织社工入户看望独居老年人3260人次。", "3260", "独居老人探访人次"),
        ("完成困难家庭适老化改造150户。", "150", "适老化改造户数"),
        ("培训养老护理员，考核合格率97%。", "97", "养老护理员培训合格率"),
        ("用餐老人对助餐服务的满意率为94.5%。", "94.5", "助餐服务满意度"),
    ],
)
def test_paraphrase_finds_its_row(narrative: str, value: str, row: str) -> None:
    assert linked(narrative)[value] == row


def test_a_slip_of_the_hand_finds_the_one_row_left() -> None:
    assert linked("春节前后送去温暖3620人次。")["3620"] == "独居老人探访人次"


@pytest.mark.parametrize(
    ("narrative", "value"),
    [
        ("采购轮椅46台。", "46"),
        ("护理床位使用率82%。", "82"),
        ("探访人次比上年增长11.3%。", "11.3"),
        ("2023年新建社区食堂8个。", "8"),
        ("发放宣传册5000份。", "5000"),
    ],
)
def test_no_row_is_a_normal_answer(narrative: str, value: str) -> None:
    assert linked(narrative)[value] is None


def test_a_row_is_answered_once_and_the_closer_claim_has_it() -> None:
    found = linked("新建社区食堂12个，改扩建乡镇敬老院食堂7个。")
    assert found == {"12": "社区食堂新建数量", "7": None}


def test_an_agreeing_number_goes_before_a_differing_one() -> None:
    found = linked("探访独居老人3260人次，电话问候独居老人1280人次。")
    assert found == {"3260": "独居老人探访人次", "1280": None}


@pytest.mark.parametrize(
    ("opening", "row"), [("在科普宣传方面，", 0), ("科普工作上，", 0), ("书画修复方面，", None), ("", None)]
)
def test_a_sum_is_of_what_its_sentence_says_it_is_about(opening: str, row: int | None) -> None:
    lines = f"""
    narrative: 采购书架12组。{opening}进校园14场、工地9场、军营4场，合计27场。
    row: 科普宣讲场次 | ≥25(场次) | 27.00(场) | 10 | 10
    row: 读书会场次 | ≥20(场) | 22.00(场) | 10 | 10
    """
    filing = read_brief("\n".join(line.strip() for line in lines.strip().splitlines()))
    rows = {str(claim.value): claim.row for claim in link(filing, extract(filing).claims)}
    assert (rows["27"], rows["14"]) == (row, None)


def test_the_reason_is_kept_in_both_languages() -> None:
    filing = read_brief(FORM.format(narrative="全年建成社区食堂12个。").strip())
    for lang, word in (("zh", "数值一致"), ("en", "same value")):
        (claim,) = [c for c in link(filing, extract(filing).claims, lang) if c.field == "narrative"]
        assert word in claim.why and "个" in claim.why


def test_nothing_to_link_to_changes_nothing() -> None:
    filing = read_brief("narrative: 新建社区食堂12个。")
    claims: tuple[Claim, ...] = extract(filing).claims
    assert link(filing, claims) == claims


def test_the_projects_own_words_make_no_link_to_a_row_in_words() -> None:
    lines = """
    project: 非遗传承人扶持
    narrative: 慰问非遗传承人二十户。
    row: 非遗传承人归属感 | 增强 | 达成指标 | 10 | 10
    row: 收徒传艺次数 | ≥6(次) | 7.00(次) | 10 | 10
    """
    filing = read_brief("\n".join(line.strip() for line in lines.strip().splitlines()))
    assert [claim.row for claim in link(filing, extract(filing).claims)] == [None]


@pytest.mark.parametrize("stated", ["投放鱼苗36万尾", "投放鱼苗360000尾"])
@pytest.mark.parametrize("row", ["36.00(万尾)", "360000.00(尾)"])
def test_a_unit_links_with_and_without_ten_thousand(stated: str, row: str) -> None:
    filing = read_brief(f"narrative: {stated}。\nrow: 增殖放流数量 | ≥30(万尾) | {row} | 10 | 10")
    claims = link(filing, extract(filing).claims)
    assert [claim.row for claim in claims] == [0]


@pytest.mark.parametrize(
    ("goal", "row"),
    [
        ("对9个泵房开展检修", None),
        ("在9个泵房组织检修演练", None),
        ("泵房检修72次", 0),
        ("为全区9个泵房提供检修", None),
    ],
)
def test_the_number_of_places_is_not_how_often_something_is_done(goal: str, row: int | None) -> None:
    filing = read_brief(f"goal: {goal}。\nrow: 泵房检修次数 | ≥72次 | 75次 | 10 | 10")
    (claim,) = link(filing, extract(filing).claims)
    assert claim.row == row
