"""Harmless rewrites: each kind changes the spelling or wording of a filing and nothing of what is said, and a change of
a number is seen."""

import tomllib
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from narrcheck.brief import read_brief
from narrcheck.claims.offline import extract
from narrcheck.evaluation.labels import ClaimLabel
from narrcheck.evaluation.perturb.rewording import SynonymsError, synonyms
from narrcheck.evaluation.perturb.rewrites import REWRITES, in_words, rewrites
from narrcheck.evaluation.perturb.same import differences
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.filing import Filing
from narrcheck.pipeline import check_filing
from narrcheck.quantity.numerals import read_chinese
from narrcheck.reading.saved import filing_from_json
from narrcheck.reports.json import filing_to_json
from narrcheck.settings import Settings

ROOT = Path(__file__).parents[2]
PAIRS = ROOT / "eval" / "rewrites.toml"
KINDS, _ = rewrites(PAIRS)

FORM = """
year: 2024
project: 城北图书馆运行
goal: 举办读书会不少于12场，服务读者5.2万人次。采购图书12500册（含绘本）；修复古籍 6 部。
narrative: 举办读书会14场，服务读者约5.2万人次，其中少儿1.6万人次、成人3.6万人次。采购图书12500册；修复古籍五部。
row: 读书会场次 | ≥12(场) | 14.00(场) | 10 | 10
row: 服务读者人次 | ≥52000(人次) | 52000.00(人次) | 10 | 10
row: 采购图书册数 | =12500(册) | 12500.00(册) | 10 | 10
row: 修复古籍部数 | =6(部) | 6.00(部) | 10 | 10
row: 志愿服务 | 规范 | 培训36名志愿者 | 10 | 10
"""
"""The narrative counts five books where the row says six."""


def subject(form: str = FORM) -> Subject:
    filing = read_brief(form.strip())
    claims = tuple(_label(filing, at) for at in range(len(extract(filing).claims)))
    return Subject("library", filing, filing_to_json(filing), claims, labelled=False)


def _label(filing: Filing, at: int) -> ClaimLabel:
    claim = extract(filing).claims[at]
    row = None if claim.in_row is None else filing.indicators[claim.in_row].name
    return ClaimLabel(
        field=claim.field if row is None else f"{claim.field}:{row}",
        quote=claim.quote,
        value=str(claim.value),
        upper=None,
        unit=claim.unit,
        modifier=claim.modifier,
        subject=claim.subject,
        row=None,
        row_debatable=False,
    )


def made(kind: str, form: str = FORM) -> list[Variant]:
    return list(KINDS[kind](subject(form), Random(1)))


def passages(kind: str, narrative: str) -> set[tuple[str, str]]:
    """Before and after of the single changes that one narrative allows."""
    form = f"narrative: {narrative}\nrow: 设施完好率 | ≥95% | 96% | 20 | 20"
    return {(variant.before, variant.after) for variant in made(kind, form)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_rewrites_a_filing_and_changes_no_finding(kind: str) -> None:
    original = subject()
    before = check_filing(original.filing, Settings())
    assert "N01" in {finding.rule for finding in before.findings}
    variants = made(kind)
    assert variants
    for variant in variants:
        assert variant.kind == kind
        assert not variant.rules
        assert variant.document != original.document
        assert variant.before != variant.after
        assert differences(before, check_filing(filing_from_json(variant.document), Settings())) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_variants(kind: str) -> None:
    assert made(kind) == made(kind)


@pytest.mark.parametrize(
    ("kind", "narrative", "before", "after"),
    [
        ("full-width", "清洗水箱12座", "12", "１２"),
        ("full-width", "清洗水箱（高位）", "（", "("),
        ("spaces", "清洗水箱 12座", " ", ""),
        ("thousands", "更换水表12500只。", "12500", "12,500"),
        ("thousands", "更换水表12,500只。", "12,500", "12500"),
        ("chinese-numerals", "清洗水箱12座。", "12", "十二"),
        ("chinese-numerals", "清洗水箱2座。", "2", "两"),
        ("chinese-numerals", "清洗水箱三十座。", "三十", "30"),
        ("ten-thousand", "供水量2.5万立方米。", "2.5万", "25000"),
        ("ten-thousand", "供水量2.50万立方米。", "2.50万", "25000"),
        ("ten-thousand", "供水量25000立方米。", "25000", "2.5万"),
        ("clause-order", "清洗水箱12座；检修泵房9间；", "清洗水箱12座；检修泵房9间；", "检修泵房9间；清洗水箱12座；"),
        ("clause-order", "清洗水箱12座；检修泵房9间。", "清洗水箱12座；检修泵房9间。", "检修泵房9间；清洗水箱12座。"),
        ("modifiers", "更换水表约300只。", "约", "大约"),
        ("modifiers", "更换水表超过300只。", "超过", "不少于"),
        ("modifiers", "更换水表300只左右。", "左右", "上下"),
        ("verb-forms", "更换300只水表。", "更换", "更换了"),
        ("verb-forms", "更换了300只水表。", "更换了", "更换"),
        ("synonyms", "走访用水大户。", "走访", "造访"),
    ],
)
def test_what_a_kind_rewrites(kind: str, narrative: str, before: str, after: str) -> None:
    starts = range(20)
    form = f"narrative: {narrative}\nrow: 设施完好率 | ≥95% | 96% | 20 | 20"
    seen = {(v.before, v.after) for seed in starts for v in KINDS[kind](subject(form), Random(seed))}
    assert (before, after) in seen


@pytest.mark.parametrize(
    ("kind", "narrative"),
    [
        ("thousands", "工单编号12345号已办结。"),
        ("thousands", "2024年更换水表。"),
        ("chinese-numerals", "参训人数10人。"),
        ("chinese-numerals", "水质合格率95%。"),
        ("chinese-numerals", "抽检3-5次。"),
        ("ten-thousand", "供水量25123立方米。"),
        ("clause-order", "清洗水箱12座；其中高位水箱5座；"),
        ("clause-order", "清洗水箱12座。检修泵房9间；"),
        ("clause-order", "一、清洗水箱12座；二、检修泵房9间；"),
        ("clause-order", "优化服务流程。检修泵房9间。"),
        ("clause-order", "2023年清洗水箱12座。检修泵房9间。"),
        ("modifiers", "签约4项。"),
        ("verb-forms", "水表更换率95%。"),
        ("synonyms", "“检修开展月”活动顺延，任务完成率95%。"),
    ],
)
def test_what_is_left_as_it_is(kind: str, narrative: str) -> None:
    assert passages(kind, narrative) == set()


def test_a_list_of_full_width_commas_keeps_them() -> None:
    assert all("," not in after for _, after in passages("full-width", "甲乙两站分别为5，120只"))


def test_ten_thousand_is_left_where_rounding_would_tell_the_two_apart() -> None:
    close = "narrative: 供水量2.5万立方米。\nrow: 供水量 | ≥20000(立方米) | 25300.00(立方米) | 20 | 20"
    assert made("ten-thousand", close) == []
    assert made("ten-thousand", close.replace("25300", "25000"))


def test_a_number_changed_in_the_text_is_seen() -> None:
    filing = subject().filing
    before = check_filing(filing, Settings())
    changed = replace(filing, narrative=(filing.narrative or "").replace("读书会14场", "读书会41场"))
    told = differences(before, check_filing(changed, Settings()))
    assert "+ N01 error 读书会场次 14 41" in told


def test_another_number_in_the_same_finding_is_seen() -> None:
    filing = subject().filing
    changed = replace(filing, narrative=(filing.narrative or "").replace("修复古籍五部", "修复古籍四部"))
    told = differences(check_filing(filing, Settings()), check_filing(changed, Settings()))
    assert "- N01 error 修复古籍部数 5 6" in told
    assert "+ N01 error 修复古籍部数 4 6" in told


def test_the_same_number_spelled_otherwise_is_the_same_finding() -> None:
    filing = read_brief("narrative: 发放棉被2.5万床。\nrow: 发放棉被 | ≥30000(床) | 31000.00(床) | 20 | 20")
    other = replace(filing, narrative="发放棉被25000床。")
    before, after = (check_filing(one, Settings()) for one in (filing, other))
    assert "N01" in {finding.rule for finding in before.findings}
    assert differences(before, after) == []


@pytest.mark.parametrize("value", range(1, 100))
def test_numerals_in_words_read_back(value: int) -> None:
    assert read_chinese(in_words(value)) == (value, "")


def test_no_replacement_stands_in_a_data_file() -> None:
    known = "\n".join(path.read_text("utf-8") for path in (ROOT / "narrcheck" / "data").rglob("*.toml"))
    pairs = tomllib.loads(PAIRS.read_text("utf-8"))["synonyms"]
    assert len(pairs) >= 30
    assert [other for other in pairs.values() if other in known] == []


def test_without_pairs_only_the_synonyms_are_missing(tmp_path: Path) -> None:
    kinds, error = rewrites(tmp_path / "none.toml")
    assert set(kinds) == set(REWRITES)
    assert error is not None
    assert error.key == "perturb.synonyms-missing"
    assert str(tmp_path) in error.fact
    kinds, error = rewrites(None)
    assert set(kinds) == set(REWRITES) and error is not None and error.key == "perturb.synonyms-none"


@pytest.mark.parametrize(
    ("text", "key"), [("[synonyms", "perturb.synonyms-unreadable"), ("", "perturb.synonyms-shape")]
)
def test_pairs_that_cannot_be_used_are_refused(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "pairs.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SynonymsError) as caught:
        synonyms(path)
    assert caught.value.key == key
