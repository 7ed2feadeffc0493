"""Where a model's quotes stand: exact places, whole numbers, repetitions, and what code reads in them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrcheck.brief import read_brief
from narrcheck.claims.offline import extract
from narrcheck.filing import Claim, Filing
from narrcheck.linking import link
from narrcheck.llm.answers import StatedClaim
from narrcheck.llm.grounding import Grounds, Passage
from narrcheck.llm.reading import merge, places
from narrcheck.llm.texts import LONGEST_PIECE, numbered, pieces


def passage(text: str, id: str = "T1") -> Passage:
    return Passage(id, "narrative", None, "实际完成情况", text, text)


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("全年走访23家企业", "走访23家", ["走访23家"]),
        ("全年走访123家企业", "23家", []),
        ("全年走访1,234家企业", "234家", []),
        ("全年走访1.25万家企业", "25万家", []),
        ("全年走访3.5家", "走访3", []),
        ("走访二十三家", "三家", []),
        ("走访１２３家，又走访 12 3家", "走访123家", ["走访１２３家"]),
        ("开展巡查\n 132 次。", "巡查132次", ["巡查\n 132 次"]),
        ("培训5场，讲座5场", "5场", ["5场", "5场"]),
        ("Q1完成3项，Q2完成3项", "完成3项", ["完成3项", "完成3项"]),
        ("水质达到2.0 标准", "", []),
        ("联系人＊＊＊走访5家", "＊＊＊走访5家", ["＊＊＊走访5家"]),
        ("百分之九十五的用户", "十五的用户", []),
        ("共1,234人", "共1", []),
        ("共3万人", "共3", []),
        ("甲1,乙2", "甲1", ["甲1"]),
    ],
)
def test_a_quote_is_found_verbatim_and_cuts_no_number(text: str, quote: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in passage(text).find(quote)] == found


@given(st.text(alphabet="走访企业3家5场，。 \n１２", min_size=1, max_size=60), st.integers(0, 59), st.integers(1, 20))
def test_every_found_place_reads_as_the_quote(text: str, start: int, length: int) -> None:
    quote = text[start : start + length]
    for first, last in passage(text).find(quote):
        shown = text[first:last]
        assert passage(shown).text.flat.replace(" ", "") == passage(quote).text.flat.replace(" ", "")


def test_pieces_know_their_place_in_the_whole() -> None:
    text = "".join(f"第{n}批设备检修{n}台，运行正常。" for n in range(400))
    parts = numbered(pieces(passage(text), LONGEST_PIECE))
    assert len(parts) > 1 and "".join(part.raw for part in parts) == text
    assert all(len(part.raw) <= LONGEST_PIECE and part.raw.endswith("。") for part in parts)
    last = parts[-1]
    item = StatedClaim(text=last.id, quote="设备检修399台", number="399台")
    ((_, _, start, end),) = places(Grounds(passages={part.id: part for part in parts}), [item])
    assert text[start:end] == "399台"


def stated(text: str, *items: tuple[str, str]) -> tuple[Filing, tuple[Claim, ...], list[Claim], int]:
    """A filing with this narrative, its offline claims, and the list after a model named these quotes and numbers."""
    filing = read_brief(f"year: 2024\nnarrative: {text}\nrow: 剧目排演 | ≥3(幕) | 3.00(幕)")
    offline = link(filing, extract(filing).claims)
    grounds = Grounds(passages={"T1": passage(filing.narrative or "")})
    told = [StatedClaim(text="T1", quote=quote, number=number) for quote, number in items]
    merged = merge(filing, offline, places(grounds, told), "zh")
    return filing, offline, list(merged.claims), merged.dropped


def test_a_repeated_quote_is_placed_by_occurrence() -> None:
    text = "东区培训5场，西区培训5场，南区培训5场。"
    _, _, claims, dropped = stated(text, ("培训5场", "5场"), ("培训5场", "5场"))
    assert [claim.by for claim in claims] == ["both", "both", "offline"] and dropped == 0


def test_code_reads_what_the_model_only_points_at() -> None:
    filing, offline, claims, _ = stated(
        "全年排演新剧目3幕，复排折子戏七幕，演出120场。", ("新剧目3幕", "3幕"), ("折子戏七幕", "七幕")
    )
    assert [claim.unit for claim in offline] == ["场"]
    own = [claim for claim in claims if claim.by == "llm"]
    assert [(claim.value, claim.unit) for claim in own] == [(Decimal(3), "幕"), (Decimal(7), "幕")]
    narrative = filing.narrative or ""
    assert all(narrative[claim.start : claim.end] == claim.quote for claim in claims)
    assert all(narrative[claim.number_start : claim.number_end] in ("3幕", "七幕", "120场") for claim in claims)


@pytest.mark.parametrize(
    ("text", "quote", "number"),
    [
        ("依据财预〔2024〕12号文件安排，培训5场。", "财预〔2024〕12号", "12号"),
        ("第三届书展接待读者500人。", "第三届书展", "三届"),
        ("2024年开展培训5场。", "2024年开展培训", "2024年"),
        ("新装7*24小时值守台，培训5场。", "7*24小时", "24小时"),
    ],
)
def test_what_is_no_quantity_becomes_none_on_a_model_s_word(text: str, quote: str, number: str) -> None:
    _, offline, claims, dropped = stated(text, (quote, number))
    assert [(claim.value, claim.unit) for claim in claims] == [(claim.value, claim.unit) for claim in offline]
    assert {claim.by for claim in claims} == {"offline"} and dropped == 1


@pytest.mark.parametrize("range_", ["30至50箩", "30-50箩", "30箩至50箩"])
def test_a_range_in_a_unit_that_only_the_model_knows(range_: str) -> None:
    _, offline, claims, dropped = stated(f"全年移栽苗木{range_}。", (f"移栽苗木{range_}", range_))
    assert not offline and dropped == 0
    assert [(c.value, c.upper, c.unit, c.by) for c in claims] == [(Decimal(30), Decimal(50), "箩", "llm")]


def test_a_claim_that_a_new_neighbour_changes_is_not_called_the_rules_own() -> None:
    _, offline, claims, _ = stated("移栽苗木50箩、种植40株。", ("移栽苗木50箩", "50箩"))
    (alone,) = offline
    (after,) = [claim for claim in claims if claim.unit == "株"]
    assert (after.quote, after.subject) != (alone.quote, alone.subject) and after.by == "llm"
