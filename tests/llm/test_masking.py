"""Masking: what is personal goes, every quantity and every offset stays."""

from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrcheck.data import load
from narrcheck.filing import Actual, Evidence, Filing, Finding, FundsRow, Indicator, Number, Severity, Source, Target
from narrcheck.llm.masking import MASK, Mask, mask_all, texts_of
from narrcheck.printed import Place, Row

# The part in 「」 is what has to be masked; the brackets are no part of the text.
PERSONAL = [
    "填报人：「王小明」",
    "填报人（签字）：「李四」　　联系电话：「88001234」",
    "填报人（签章） 「陈立新」",
    "填表人:「孙丽」 填表日期:2024年3月5日",
    "联系人：「张　三」 电话：「0571-88001234转801」",
    "联系人：「买买提·艾力」",
    "联系人及联系电话：「周小燕」 「88001234」",
    "联系人及电话：「周小燕」「88001234」",
    "成员：「王小明」 「李晓峰」 「赵六」",
    "填报人：「张三」联系电话：「138 1234 5678」",
    "经办人：「巴特尔」",
    "审核人：「欧阳晓峰」；复核人：「吴敏」",
    "制表人：「高峰」",
    "单位负责人（签字）：「刘建国」（公章）",
    "项目负责人 「郑洁」",
    "评价人：「何玲」、「徐强」",
    "组长：「蒋勇」 成员：「王小明」、「赵六」（记账）、「韩雪梅」",
    "负责人：\n「沈一鸣」\n联系人：「董倩」",
    "邀请「王小明」教授到剧院授课3场",
    "聘请「欧阳晓峰」老师指导合唱团",
    "由「张伟」副主任带队巡查水厂4次",
    "由「许文静」主讲公园植物课2场",
    "组织「钱红梅」、「郭亮」等5名专家评审",
    "「李建国」同志负责泵房改造",
    "「高建国」总工程师验收",
    "「程思远」院士到馆座谈",
    "患者「谭丽华」，65岁",
    "主持人「王小明」，到场300人",
    "讲师「罗敏」等讲课12次",
    "手机「13812345678」，",
    "报修请拨「138-1234-5678」",
    "报修请拨「138 1234 5678」，24小时",
    "报修请拨「１３８１２３４５６７８」",
    "报修请拨「+86 13812345678」",
    "联系方式：「1 3 8 1 2 3 4 5 6 7 8」",
    "诊所「0571-88001234」",
    "诊所「(0571)88001234」",
    "诊所「（0571）88001234」",
    "诊所「010-66001234转12」",
    "诊所「057188001234」",
    "电话：「88001234」、「88005678」",
    "联系电话 「8800123」",
    "传真：「8800 1234」",
    "客服「400-123-4567」",
    "客服电话：「4001234567」",
    "邮箱「wang.xm_1@mail.example.cn」，",
    "邮箱：「ｌｉ＠example.com」",
    "身份证号：「330106199001011234」",
    "身份证「33010619900101123X」已核",
    "身份证 「330106 19900101 1234」",
    "账号：「6222021234567890」",
    "开户行：和平支行 账号：「6222 0212 3456 7890 123」",
    "开户名称为新城剧院，卡号「6222021234567890123」。",
]

PLAIN = [
    "填报人：____",
    "联系人：无",
    "联系人：详见附件",
    "负责人：　　　　联系电话：",
    "责任人：财务科",
    "成员：教务处、总务处、各科室",
    "成员单位：12家",
    "组长单位：新城剧院",
    "负责人签字：同意",
    "联系人 单位 职务",
    "填报人：2024",
    "预算资金\t1200000\t1200000",
    "高级教师、全体老师、项目主任、常务副市长",
    "邀请水利专家、林草专家、文旅专家",
    "卫健局长、江苏省书记、金融办主任",
    "马上、方面、市长、江苏、成都",
    "对于专家提出的意见，方便老师使用",
    "培训50余名专家、万名教师、数万名医生",
    "每周老师家访1次，本周专家坐诊3场",
    "由施工方负责，由项目组负责，由党支部牵头",
    "由于专家人数不足，由应急局负责",
    "由江北区负责，由安保处现场值守",
    "邀请高校教授3人、连云港医生2人",
    "计算机老师、语文老师、张贴海报",
    "农田水利专家、华东师范大学教授",
    "教师高峰论坛2场，学生唐诗诵读3场",
    "工程师、研究员、先生、女士",
    "支出13800000000元",
    "全年执行数 13800000000 元",
    "接待13812345678人次",
    "预算（元）：13812345678",
    "电话88001234人次",
    "联系电话：8800123次",
    "传真 1200000 元",
    "热线12345，12315，110，96110",
    "财预〔2024〕12号",
    "项目编号13812345678",
    "统一社会信用代码：330106199001011234",
    "合同编号：330106199001011234",
    "2024年1月1日至2024年12月31日，20240101",
    "13812345678.55",
    "资金1,381,234.56万元，完成率98.5%",
    "1 5 10 20 30 40 50",
    "账号12个，卡号绑定1200000000万次",
    "流水号ZX13812345678",
    "购置图书88001234册",
    "@全体馆员",
    "新城剧院舞台灯光改造项目",
    "2080505机关事业单位基本养老保险缴费支出",
]


def split(marked: str) -> tuple[str, str]:
    """A text marked with 「」: without the marks, and as it is expected masked."""
    text, expected, inside = "", "", False
    for character in marked:
        if character in "「」":
            inside = character == "「"
            continue
        text += character
        expected += MASK if inside else character
    return text, expected


@pytest.mark.parametrize("marked", PERSONAL)
def test_personal_data_is_masked(marked: str) -> None:
    text, expected = split(marked)
    mask = Mask.of([text])
    assert mask(text) == expected
    assert mask(expected) == expected
    assert mask.count == len(mask.secrets) > 0


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_stays(text: str) -> None:
    mask = Mask.of([text])
    assert mask(text) == text
    assert mask.secrets == ()


def test_a_name_from_the_signature_is_masked_in_the_prose() -> None:
    mask = Mask.of(["填报人：王小明 联系电话：88001234", "经办人：张　三", "审核人：巴特尔"])
    assert mask("公园步道由王小明设计，长88001234米") == "公园步道由＊＊＊设计，长88001234米"
    assert mask("张三和张 三、巴特尔到场") == "＊＊和＊＊＊、＊＊＊到场"
    assert mask.secrets == ("88001234", "巴特尔", "王小明", "张三")
    assert mask.count == 4


def test_a_name_from_the_prose_is_masked_in_the_other_texts() -> None:
    assert Mask.of(["邀请钱红梅教授讲课", ""])("钱红梅讲课3场") == "＊＊＊讲课3场"


def test_a_name_that_is_a_word_or_part_of_words_is_masked_only_as_a_name() -> None:
    mask = Mask.of(["填报人：高峰", "审核人：江大"])
    assert mask("填报人：高峰，游客高峰期限流") == "填报人：＊＊，游客高峰期限流"
    assert mask("浙江大学医院义诊6次") == "浙江大学医院义诊6次"


def test_an_account_is_masked_where_its_label_is_missing() -> None:
    mask = Mask.of(["账号：6222021234567890"])
    assert mask("已付至6222021234567890") == "已付至" + MASK * 16
    assert mask("16222021234567890") == "16222021234567890"


def test_a_quantity_with_the_digits_of_a_known_number_stays() -> None:
    mask = Mask.of(["手机：13812345678"])
    assert mask("供水13812345678吨，项目编号13812345678") == "供水13812345678吨，项目编号13812345678"


def test_full_and_half_width_of_one_number_are_one_secret() -> None:
    assert Mask.of(["13812345678", "１３８１２３４５６７８"]).count == 1


def test_a_figure_beside_a_name_in_a_table_stays() -> None:
    text = "项目负责人\t王小明\t1200000\t时间\t高峰"
    assert Mask.of([text])(text) == text.replace("王小明", "＊＊＊")


SPICE = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from([text for marked in PERSONAL for text in (split(marked)[0], *marked.split("「"))]),
        st.sampled_from(PLAIN),
        st.sampled_from(
            ["教授", "由", "、", "：", "王小明", "万", "张", " ", "元", "-", "(", "13812345678", MASK, "联系人"]
        ),
    ),
    max_size=8,
).map("".join)


@given(SPICE, SPICE)
def test_length_stays_and_masking_twice_is_masking_once(known: str, text: str) -> None:
    mask = Mask.of([known, text])
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(new in (old, MASK) for old, new in zip(text, masked, strict=True))
    assert mask(masked) == masked


QUOTE = "邀请王小明教授讲课3场"
EVIDENCE = Evidence("narrative", QUOTE, 5, 5 + len(QUOTE), row=0, name="讲课场次（联系人：李四）", value="3", unit="场")
FINDING = Finding(
    "n01-5c0de13812345678",
    "N01",
    "number-mismatch",
    Severity.ERROR,
    "王小明讲课3场，表中5场",
    "请李四核对",
    (EVIDENCE,),
)


def filing() -> Filing:
    narrative = f"本年度，{QUOTE}，支出12万元。"
    indicator = Indicator(
        0,
        "产出指标",
        "数量指标",
        "讲课场次",
        Target("5场", "=", Decimal(5), None, "场"),
        Actual("13812345678", Decimal(13812345678)),
        Number("13812345678", Decimal(13812345678)),
        note="详询李四88001234",
        columns=MappingProxyType({"name": 2}),
    )
    signature = Row(("填报人", "李四", "联系电话", "88001234", "金额", "13800000000"), Place(line=9), tabular=True)
    return Filing(
        Source("王小明/自评表.txt"),
        project="社区讲堂",
        narrative=narrative,
        funds=(FundsRow("年度资金总额", Number("13812345678", Decimal(13812345678))),),
        indicators=(indicator,),
        printed=(signature,),
    )


def test_a_finding_keeps_its_offsets_and_numbers() -> None:
    whole = filing()
    mask = Mask.of(texts_of((whole, FINDING)))
    masked = mask_all(FINDING, mask)
    (evidence,) = masked.evidence
    assert evidence.quote == "邀请＊＊＊教授讲课3场"
    assert (masked.message, masked.suggestion) == ("＊＊＊讲课3场，表中5场", "请＊＊核对")
    assert evidence.name == "讲课场次（联系人：＊＊）"
    assert (evidence.start, evidence.end, evidence.value, evidence.unit) == (5, 5 + len(QUOTE), "3", "场")
    assert (masked.id, masked.rule, masked.severity) == (FINDING.id, "N01", Severity.ERROR)
    narrative = mask_all(whole, mask).narrative
    assert narrative is not None
    assert narrative[4 : 4 + len(QUOTE)] == evidence.quote


def test_a_filing_keeps_its_numbers() -> None:
    whole = filing()
    masked = mask_all(whole, Mask.of(texts_of(whole)))
    assert masked.source.path == "＊＊＊/自评表.txt"
    assert masked.printed[0].cells == ("填报人", "＊＊", "联系电话", MASK * 8, "金额", "13800000000")
    assert masked.indicators[0].note == "详询＊＊" + "88001234"
    for field in ("target", "actual", "weight", "columns"):
        assert getattr(masked.indicators[0], field) is getattr(whole.indicators[0], field)
    assert masked.funds is whole.funds
    assert masked.project == "社区讲堂"
    assert whole == filing()


def test_what_holds_nothing_personal_is_the_same_object() -> None:
    whole = Filing(Source("park.txt"), narrative="公园开放365天", notes=())
    assert mask_all(whole, Mask.of(["填报人：王小明"])) is whole


def test_containers_keep_their_kind() -> None:
    mask = Mask.of(["填报人：王小明"])
    tree = {"王小明": ("王小明", ["王小明", 3, None]), "number": Decimal(5)}
    assert mask_all(tree, mask) == {"王小明": ("＊＊＊", ["＊＊＊", 3, None]), "number": Decimal(5)}


def test_a_quote_of_a_number_cell_stays() -> None:
    evidence = Evidence("funds", "13812345678", 0, 11, row=0, name="年度资金总额", value="13812345678")
    assert mask_all(evidence, Mask.of(["13812345678"])) is evidence


def test_the_word_lists_do_not_contradict_one_another() -> None:
    name = load("masking.toml")["name"]
    assert not set(name["surnames"]) & set(name["wordlike"])
    assert not set(name["never"]) & {character for word in name["given"] for character in word}
    for key in ("surnames", "wordlike", "compound", "ordinary", "places", "given", "never"):
        assert len(name[key]) == len(set(name[key])), key
