"""Planted faults: each kind on one made-up filing of a library, and the report of what was caught."""

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from narrcheck.commands.eval_perturb import perturb
from narrcheck.commands.output import UsageError
from narrcheck.evaluation.perturb.faults import FAULTS
from narrcheck.evaluation.perturb.measure import chosen, families, measure
from narrcheck.evaluation.perturb.numbers import chinese, slips, times_ten
from narrcheck.evaluation.perturb.subjects import subjects
from narrcheck.evaluation.perturb.variant import Subject, Variant
from narrcheck.reading.saved import filing_from_json
from narrcheck.settings import Settings

GOAL = (
    "举办阅读推广活动40场；采购新书12000册；培训志愿者6期；建设城市书房3处；编印导读手册5000册；读者满意度达到90%以上。"
)
NARRATIVE = (
    "2023年，本馆全年支出285.6万元，预算执行率95.2%。全年举办阅读推广活动46场，其中讲座18场、展览12场、读书会16场；"
    "采购新书12,350册。全年接待读者1.86万人次。培训志愿者6期。建设城市书房2处；编印导读手册5200册。"
    "完成阅览区修缮860.5平方米。设立专架3类：亲子、银龄、乡土。举办2023临溪读书文化周活动，反响良好。"
)
ROWS = (
    ("阅读推广活动场次", "≥40(场)", "46(场)", "10", "10", None),
    ("新书采购", "≥12000(册)", "12350(册)", "10", "10", None),
    ("接待读者人次", "≥1.8(万人次)", "1.86(万人次)", "10", "10", None),
    ("志愿者培训", "=6(期)", "6(期)", "10", "10", None),
    ("城市书房建设", "≥3(处)", "2(处)", "10", "6", "实际建成2处，另有选址调整，顺延实施。"),
    ("导读手册编印", "≥5000(册)", "达成指标", "10", "10", None),
    ("阅览区修缮面积", "≥800(平方米)", "860.5(平方米)", "10", "10", None),
    ("举办2023临溪读书文化周活动", "=1(次)", "1(次)", "5", "5", None),
    ("读者满意度", "≥90(%)", "94(%)", "10", "10", None),
    ("阅览环境", "改善", "达成年度指标", "5", "5", None),
)
CLAIMS = (
    ("goal", "举办阅读推广活动40场", "40", "场", "阅读推广活动场次"),
    ("goal", "采购新书12000册", "12000", "册", "新书采购"),
    ("goal", "培训志愿者6期", "6", "期", "志愿者培训"),
    ("goal", "建设城市书房3处", "3", "处", "城市书房建设"),
    ("goal", "编印导读手册5000册", "5000", "册", "导读手册编印"),
    ("narrative", "全年支出285.6万元", "285.6", "万元", None),
    ("narrative", "预算执行率95.2%", "95.2", "%", None),
    ("narrative", "举办阅读推广活动46场", "46", "场", "阅读推广活动场次"),
    ("narrative", "其中讲座18场", "18", "场", None),
    ("narrative", "展览12场", "12", "场", None),
    ("narrative", "读书会16场", "16", "场", None),
    ("narrative", "采购新书12,350册", "12350", "册", "新书采购"),
    ("narrative", "接待读者1.86万人次", "1.86", "万人次", "接待读者人次"),
    ("narrative", "培训志愿者6期", "6", "期", "志愿者培训"),
    ("narrative", "建设城市书房2处", "2", "处", "城市书房建设"),
    ("narrative", "编印导读手册5200册", "5200", "册", "导读手册编印"),
    ("narrative", "完成阅览区修缮860.5平方米", "860.5", "平方米", "阅览区修缮面积"),
    ("narrative", "设立专架3类", "3", "类", None),
    ("note:城市书房建设", "实际建成2处", "2", "处", "城市书房建设"),
)


def _funds(label: str, *cells: str) -> dict[str, Any]:
    columns = ("initial", "adjusted", "executed", "weight", "rate", "score")
    return {"label": label, **dict(zip(columns, cells, strict=False))}


def _document() -> dict[str, Any]:
    rows = [
        {"name": name, "target": {"raw": target}, "actual": {"raw": actual}, "weight": weight, "score": score}
        | ({"note": note} if note else {})
        for name, target, actual, weight, score, note in ROWS
    ]
    return {
        "form": "self_evaluation",
        "year": 2023,
        "project": "全民阅读推广与馆藏建设",
        "unit": "临溪市图书馆",
        "money_unit": "万元",
        "goal": GOAL,
        "narrative": NARRATIVE,
        "funds": [
            _funds("年度资金总额", "300.00", "300.00", "285.60", "10", "95.20", "9.52"),
            _funds("当年财政拨款", "280.00", "280.00", "266.10"),
            _funds("其他资金", "20.00", "20.00", "19.50"),
        ],
        "indicators": rows,
        "total_weight": "100",
        "total_score": "95.52",
        "grade": "优",
    }


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder that holds the filing and its labels."""
    folder = tmp_path / "filings"
    folder.mkdir()
    (folder / "library.json").write_text(json.dumps(_document(), ensure_ascii=False), encoding="utf-8")
    claims = [
        {"field": field, "quote": quote, "value": value, "unit": unit, "modifier": "exact", "row": row}
        | {"subject": quote.rstrip("0123456789.,%" + unit)}
        for field, quote, value, unit, row in CLAIMS
    ]
    labels = {"id": "library", "claims": claims, "findings": []}
    (folder / "library.labels.json").write_text(json.dumps(labels, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture
def subject(library: Path) -> Subject:
    (found,), problems = subjects([str(library)], Settings())
    assert not problems and found.labelled
    return found


def _variants(subject: Subject, kind: str, seed: int = 0) -> list[Variant]:
    return list(FAULTS[kind](subject, Random(seed)))


def _changed(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The paths of what differs between two documents, read-off values of cells aside."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = ["raw"] if isinstance(before.get("raw"), str) else sorted({*before, *after} - {"raw"})
        for key in keys:
            yield from _changed(before.get(key), after.get(key), f"{path}.{key}" if key != "raw" else path)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from _changed(one, other, path)
    elif before != after:
        yield path.lstrip(".")


# Where each kind changes the form; in kinds that several places may show, all of them.
PLACES = {
    "goal-unanswered": {"indicators", "narrative"},
    "exchanged": {"indicators.target", "indicators.actual"},
    "score-raised": {"indicators.score", "total_score"},
    "score-off-rule": {"indicators.score", "total_score"},
    "score-deducted": {"indicators.score", "total_score"},
    "row-doubled": {"indicators"},
    "total-changed": {"total_score"},
    "grade-changed": {"grade"},
    "year-changed": {"narrative", "indicators.name"},
}


@pytest.mark.parametrize("kind", FAULTS)
def test_one_thing_is_changed_and_a_right_rule_reports_it(subject: Subject, kind: str) -> None:
    original = json.dumps(subject.document, ensure_ascii=False)
    outcomes = list(measure([subject], Settings(), chosen(families({}), [kind]), each=50))
    assert outcomes, kind
    for outcome in outcomes:
        variant = outcome.variant
        filing_from_json(variant.document)
        places = set(_changed(subject.document, variant.document))
        column = variant.field if variant.row is None or variant.field == "funds" else f"indicators.{variant.field}"
        assert places, kind
        assert all(place.startswith(tuple(PLACES.get(kind, {column}))) for place in places), (kind, places)
        assert variant.rules and all(rule[0] == outcome.family for rule in variant.rules if rule != "N07")
        assert outcome.good, (kind, variant.before, variant.after, outcome.reported)
    assert json.dumps(subject.document, ensure_ascii=False) == original


def _one(subject: Subject, kind: str, before: str) -> Variant:
    (variant,) = [variant for variant in _variants(subject, kind) if variant.before == before]
    return variant


def test_what_is_planted_reads_as_the_slip_it_stands_for(subject: Subject) -> None:
    assert _one(subject, "times-ten", "采购新书12,350册").after == "采购新书123,500册"
    assert _one(subject, "times-ten", "接待读者1.86万人次").after == "接待读者18.6万人次"
    assert _one(subject, "ten-thousand-dropped", "接待读者1.86万人次").after == "接待读者1.86人次"
    assert _one(subject, "chinese-numeral", "培训志愿者6期").after in ("培训志愿者五期", "培训志愿者七期")
    assert _one(subject, "decimals-cut", "860.5(平方米)").after == "860.0(平方米)"
    assert _one(subject, "list-count-changed", "设立专架3类").after == "设立专架4类"
    assert _one(subject, "exchanged", "≥40(场) / 46(场)").after == "≥46(场) / 40(场)"
    doubled = _one(subject, "row-doubled", "新书采购").document["indicators"]
    assert [row["name"] for row in doubled].count("新书采购") == 2


def test_a_planted_cell_is_read_anew(subject: Subject) -> None:
    for variant in _variants(subject, "actual-digit-swapped"):
        row = next(row for row in filing_from_json(variant.document).indicators if row.name == variant.row)
        before = next(row for row in subject.filing.indicators if row.name == variant.row)
        assert row.actual.raw == variant.after
        assert row.actual.value != before.actual.value and row.actual.unit == before.actual.unit


def test_numbers_slip_within_their_own_length() -> None:
    for text in ("7", "12,350", "0.86", "860.50", "100.00"):
        found = list(slips(text, Random(1)))
        assert found and text not in found
        assert all(len(new) == len(text) and (new[0] != "0" or text[0] == "0") for new in found)
    assert all(new.endswith(".00") for new in slips("100.00", Random(1)))
    assert [times_ten(text) for text in ("6", "1,250", "120.00", "1.35", "0.5")] == [
        "60",
        "12,500",
        "1200.00",
        "13.5",
        "5",
    ]
    assert [chinese(number) for number in (2, 10, 12, 20, 35)] == ["两", "十", "十二", "二十", "三十五"]


def test_a_sum_that_the_text_leaves_open_is_no_place_for_a_missing_part(subject: Subject, library: Path) -> None:
    document = _document()
    document["narrative"] = NARRATIVE.replace("读书会16场", "读书会16场等")
    (library / "library.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    (found,), _ = subjects([str(library)], Settings())
    sums = [46 - 18 - 12 - 16 + _digits(v.after) - _digits(v.before) for v in _variants(found, "part-changed")]
    assert all(more > 0 for more in sums)


def _digits(text: str) -> int:
    return int("".join(sign for sign in text if sign.isdigit()))


def test_the_same_seed_plants_the_same_faults(subject: Subject) -> None:
    makers = chosen(families({}), ["digit-swapped", "score-changed"])

    def planted(seed: int) -> list[str]:
        found = measure([subject], Settings(), makers, each=3, seed=seed)
        return [f"{outcome.variant.row} {outcome.variant.after}" for outcome in found]

    assert planted(0) == planted(0)
    assert planted(0) != planted(1)
    alone = measure([subject], Settings(), chosen(makers, ["score-changed"]), each=3, seed=0)
    assert [f"{outcome.variant.row} {outcome.variant.after}" for outcome in alone] == planted(0)[3:]


def _given(paths: list[Path], **options: Any) -> Namespace:
    defaults: dict[str, Any] = {
        "command": "eval", "action": "perturb", "seed": 0, "each": 1, "kinds": "grade-changed,row-doubled",
        "synonyms": None, "format": "json", "output": None, "lang": "en", "config": None, "select": None,
        "ignore": None, "profile": None, "llm": None, "offline": True,
    }  # fmt: skip
    return Namespace(**{**defaults, **options, "paths": [str(path) for path in paths]})


def test_what_no_rule_reports_is_listed_as_missed(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert perturb(_given([library], ignore=["S07"])) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["filings"], told["labelled"]) == (1, 1)
    assert told["kinds"]["grade-changed"] == {"filings": 1, "made": 1, "good": 0, "share": 0.0}
    assert told["families"]["R"]["share"] == 1.0
    (missed,) = told["missed"]
    assert (missed["filing"], missed["kind"], missed["field"]) == ("library", "grade-changed", "grade")
    assert missed["before"] == "优" and missed["after"] != "优" and missed["rules"] == ["S07"]


def test_the_report_for_people_names_kinds_and_misses(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert perturb(_given([library], ignore=["S07"], format="markdown", lang="zh")) == 0
    told = capsys.readouterr().out
    assert "| 评分等级写错 | 1 | 1 | 0 | 0.000 |" in told
    assert "漏报的差错：1 处" in told and "优 →" in told


def test_a_filing_without_labels_is_measured_by_its_own_claims(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (library / "library.labels.json").unlink()
    assert perturb(_given([library], kinds="digit-swapped", each=3)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["labelled"] == 0 and told["kinds"]["digit-swapped"]["made"] == 3


def test_a_filing_in_two_formats_is_taken_once(library: Path) -> None:
    text = (library / "library.json").read_text(encoding="utf-8")
    (library / "library.parse.json").write_text(text, encoding="utf-8")
    found, _ = subjects([str(library)], Settings())
    assert [one.id for one in found] == ["library"]


def test_what_cannot_be_used_is_told(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shopping = tmp_path / "shopping.txt"
    shopping.write_text("牛奶两盒，鸡蛋十个", encoding="utf-8")
    assert perturb(_given([shopping, library])) == 3
    said = capsys.readouterr()
    assert "shopping.txt" in said.err and json.loads(said.out)["filings"] == 1
    with pytest.raises(UsageError, match="grade-swapped"):
        perturb(_given([library], kinds="grade-swapped"))
    (library / "library.labels.json").write_text('{"id": "library", "findings": [], "claim": []}', encoding="utf-8")
    with pytest.raises(UsageError, match=r"library\.labels\.json: claim"):
        perturb(_given([library]))
