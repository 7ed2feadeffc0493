"""Claims of whole sentences and filings: quote, place, subject, scope, and what belongs to what."""

import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from narrcheck.claims.offline import claims_of, extract
from narrcheck.filing import Actual, Claim, Filing, Indicator, Source, Target
from narrcheck.quantity.cells import read_actual, read_target

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "quantities_claims.yaml").read_text(encoding="utf-8"))
TEXTS = [case["text"] for case in CASES]


def shown(claim: Claim) -> str:
    upper = "" if claim.upper is None else f"~{claim.upper}"
    scope = claim.scope if claim.whole is None else f"{claim.scope} of {claim.whole}"
    return f"{claim.quote} | {claim.value}{upper} {claim.unit} | {claim.subject} | {scope}"


def values(text: str) -> list[tuple[Decimal, Decimal | None, str, str]]:
    return [(c.value, c.upper, c.unit, c.modifier) for c in claims_of(text, "narrative", None, 2024)[0]]


@pytest.mark.parametrize("case", CASES, ids=TEXTS)
def test_claims_of_a_sentence(case: dict[str, object]) -> None:
    name = "日常巡查次数" if case["field"] == "note" else ""
    claims, _ = claims_of(str(case["text"]), case["field"], None, 2024, name=name)  # type: ignore[arg-type]
    assert [shown(claim) for claim in claims] == case["claims"]


def filing(**texts: str | None) -> Filing:
    row = Indicator(
        0,
        "产出指标",
        "数量指标",
        "巡查次数",
        read_target(texts.get("target") or "", "巡查次数"),
        read_actual(texts.get("actual") or "", "巡查次数"),
        note=texts.get("note"),
    )
    return Filing(
        Source("a.txt"), year=2024, goal=texts.get("goal"), narrative=texts.get("narrative"), indicators=(row,)
    )


def test_texts_in_order_with_their_rows() -> None:
    found = extract(
        filing(
            goal="巡查20次",
            narrative="全年巡查 26 次，其中夜间8次。",
            target="每月巡查2次，夜间1次",
            actual="已巡查26次，发现问题3个",
            note="实际巡查26次",
        )
    )
    assert [(c.field, c.in_row) for c in found.claims] == [
        ("goal", None),
        ("narrative", None),
        ("narrative", None),
        ("target", 0),
        ("target", 0),
        ("actual", 0),
        ("actual", 0),
        ("note", 0),
    ]
    assert found.claims[2].whole == 1
    assert found.numbers == 8


@pytest.mark.parametrize(
    "cell", ["≥30.00(个)", "不少于2500人", "30家以上", "约30个", "达成指标", "100%完成", "20-30家", ""]
)
def test_row_values_are_no_claims(cell: str) -> None:
    assert extract(filing(target=cell, actual=cell)).claims == ()


def test_cells_that_are_not_set_are_skipped() -> None:
    empty = Filing(Source("a.txt"), indicators=(Indicator(0, None, None, "巡查", Target(), Actual()),))
    assert extract(empty).claims == ()


def test_quotes_are_verbatim_in_broken_text() -> None:
    raw = "全年开\n展巡查１３２\n次，发　放手册 1,200 余\n册。"
    claims, numbers = claims_of(raw, "narrative", None, 2024)
    assert numbers == 2
    assert [(c.value, c.unit, c.modifier) for c in claims] == [(132, "次", "exact"), (1200, "册", "at_least")]
    for claim in claims:
        assert raw[claim.start : claim.end] == claim.quote
        assert claim.start <= claim.number_start < claim.number_end <= claim.end
    assert raw[claims[1].number_start : claims[1].number_end] == "1,200 余\n册"


def test_full_width_commas_part_clauses_and_numbers() -> None:
    assert values("检查36次，120家单位") == [(36, None, "次", "exact"), (120, None, "家", "exact")]
    assert values("投入12，345元另计")[0][0] == 345


@given(st.sampled_from(TEXTS), st.data())
def test_white_space_outside_numbers_changes_no_claim(text: str, data: st.DataObject) -> None:
    places = [i for i in range(len(text) + 1) if not re.fullmatch(r"[\d.%]{2}", text[max(0, i - 1) : i + 1])]
    for at in sorted(data.draw(st.lists(st.sampled_from(places), max_size=5)), reverse=True):
        text = text[:at] + data.draw(st.sampled_from([" ", "\n", "　"])) + text[at:]
    plain, _ = claims_of(re.sub(r"\s", "", text), "narrative", None, 2024)
    spaced, _ = claims_of(text, "narrative", None, 2024)
    assert [(c.value, c.unit, c.scope, c.whole, c.subject) for c in spaced] == [
        (c.value, c.unit, c.scope, c.whole, c.subject) for c in plain
    ]


@given(st.sampled_from(TEXTS))
def test_width_changes_no_claim(text: str) -> None:
    wide = text.translate({c: c + 0xFEE0 for c in range(ord("0"), ord("9") + 1)} | {ord("%"): "％", ord("."): "．"})
    assert values(wide) == values(text)


@settings(max_examples=50)
@given(
    st.text(
        alphabet="一二两十百万0123456789.,%，。；、（）()《》“”其中合计共分别约近余次家人年月第每 \n\x00\u202e\ud800",
        max_size=120,
    )
)
def test_any_text_gives_claims_with_verbatim_quotes(text: str) -> None:
    claims, numbers = claims_of(text, "note", 0, 2024, 0, "培训")
    assert numbers >= len(claims)
    for claim in claims:
        assert text[claim.start : claim.end] == claim.quote
        assert claim.start <= claim.number_start < claim.number_end <= claim.end
        assert claim.whole is None or 0 <= claim.whole < len(claims)


@pytest.mark.parametrize(
    "piece",
    [
        "巡查7次，其中夜间2次（东区1次）、白天3次，合计82场；",
        "5场、6场，合计11场，",
        "1",
        "一",
        "万",
        "《",
        "1对",
        "1-2个-",
        "(1个",
        "百分之",
        "2023年，",
        "“1个",
        "1,234,",
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def spent(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        claims_of(text, "narrative", None, 2024)
        return time.process_time() - start

    spent(2_000)
    short, long = min(spent(10_000) for _ in range(3)), spent(80_000)
    assert long < 8 * short * 4 + 0.1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("补助2，563，880.6元，", ["2563880.6"]),
        ("补助2，563，880元，增长", ["2563880"]),
        ("补助1，200.5元", ["1200.5"]),
        ("补助1，000人", ["1000"]),
        ("补助5，120人", ["120"]),
        ("补助5人，120户，130家", ["5", "120", "130"]),
        ("甲、乙、丙分别为120，130，150人", ["120", "130", "150"]),
    ],
)
def test_full_width_commas_part_thousands_where_nothing_else_is_meant(text: str, expected: list[str]) -> None:
    assert [format(value, "f") for value, *_ in values(text)] == expected


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("2.开展护理培训5场", "开展护理培训5场"),
        ("完成改造。4、受理投诉12件", "受理投诉12件"),
        ("(3)走访住户8户", "走访住户8户"),
        ("（三）走访住户8户", "走访住户8户"),
        ("一、走访住户8户", "走访住户8户"),
        ("四、12个站点完工", "12个站点完工"),
        ("1、2号楼改造5处", "1、2号楼改造5处"),
        ("一、二号楼改造5处", "一、二号楼改造5处"),
        ("3.5公里步道", "3.5公里步道"),
        ("及时处理故障5件", "及时处理故障5件"),
        ("和走访住户8户", "走访住户8户"),
    ],
)
def test_quotes_begin_with_words(text: str, quote: str) -> None:
    claims, _ = claims_of(text, "narrative", None, 2024)
    assert claims[0].quote == quote
    assert text[claims[0].start : claims[0].end] == quote
