"""How the work grows with the batch: pairs and comparisons are counted, not timed."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import rapidfuzz.fuzz

from across_cases import findings, members
from narrcheck.brief import read_brief
from narrcheck.rules.across.copies import candidates, copied, sketch
from narrcheck.rules.across.members import Member

WORK = ("修剪", "更换", "疏通", "粉刷", "检测", "安装", "清运", "登记", "加固", "抄录", "校准", "回填")
THINGS = (
    "梧桐",
    "水泵",
    "灯箱",
    "管沟",
    "看台",
    "闸门",
    "书柜",
    "琴房",
    "跑道",
    "温室",
    "船闸",
    "钟楼",
    "窑炉",
    "碑刻",
    "苗圃",
)
PLACES = ("柳湾", "梅岭", "青石", "白鹭", "枫桥", "竹溪", "石门", "云台", "莲花", "双河")


def narrative(chance: random.Random) -> str:
    clauses = [
        f"{chance.choice(PLACES)}{chance.choice(WORK)}{chance.choice(THINGS)}{chance.randint(2, 900)}处"
        for _ in range(8)
    ]
    return "按照年初计划完成了各项工作任务，" + "，".join(clauses) + "。"


def filed(key: int, text: str) -> Member:
    return Member(key, read_brief(f"year: 2024\nproject: 工程{key}号\nnarrative: {text}"))


def test_copies_among_thousands_are_found_by_few_comparisons() -> None:
    chance = random.Random(11)
    texts = [narrative(chance) for _ in range(3000)]
    copies = {len(texts) + at: chance.randrange(3000) for at in range(100)}
    texts += [re.sub(r"\d+", "7", texts[source]) + f"另移交养护单位{source}处。" for source in copies.values()]
    pairs = list(candidates((key, sketch(text)) for key, text in enumerate(texts)))
    assert len(pairs) <= 2 * len(texts)
    assert all(first < second for first, second in pairs)
    found = {pair for pair in pairs if copied(filed(pair[0], texts[pair[0]]), filed(pair[1], texts[pair[1]]), "zh")}
    assert sum(any(second == key for _, second in found) for key in copies) >= 90
    assert all(second in copies for _, second in found)


def test_passages_among_thousands_are_found_by_few_comparisons() -> None:
    chance = random.Random(5)
    marks = "".join(map(chr, range(0x4E00, 0x5200)))

    def clauses(count: int) -> str:
        return "，".join("".join(chance.choices(marks, k=12)) for _ in range(count))

    passages = [clauses(9) for _ in range(100)]
    texts = [f"{clauses(6)}，{clauses(9)}，{clauses(4)}。" for _ in range(2000)]
    for _ in range(2):
        texts += [f"{clauses(6)}，{passage}，{clauses(4)}。" for passage in passages]
    pairs = list(candidates((key, sketch(text)) for key, text in enumerate(texts)))
    assert len(pairs) <= len(texts) // 4
    found = {pair for pair in pairs if copied(filed(pair[0], texts[pair[0]]), filed(pair[1], texts[pair[1]]), "zh")}
    assert len(found & {(2000 + at, 2100 + at) for at in range(100)}) >= 90
    assert len(found) <= 100


@pytest.mark.parametrize(
    "change", [lambda text, at: text, lambda text, at: text.replace("柳湾", PLACES[at % 10] + "西")]
)
def test_a_cluster_of_copies_gives_one_pair_a_copy(change: Callable[[str, int], str]) -> None:
    text = "柳湾街道" + narrative(random.Random(3)) + "柳湾街道验收。"
    told = [(at, sketch(change(text, at))) for at in range(2000)]
    pairs = list(candidates(told))
    assert sorted(second for _, second in pairs) == list(range(1, 2000))


def test_a_sketch_is_small_and_the_same_everywhere() -> None:
    text = "全年组织科普剧巡演26场，走进18所小学，观众9400人次；新编剧目两部，培训讲解员35名。"
    assert sketch(text).hex()[:16] == "01a5a76308849305"
    assert len(sketch(text * 50)) <= 96
    assert sketch(text) == sketch(text.replace("26", "3100").replace("，", " ，\n"))
    assert sketch(None) == sketch("") == sketch("已完成。") == sketch("按照年初计划圆满完成了各项工作任务，" * 5) == b""


def test_projects_that_share_all_rows_are_each_reported_once() -> None:
    rows = "row: 路面清扫里程 | ≥1800公里 | 1860公里 | 10 | 10\nrow: 边坡隐患处置数量 | ≥70处 | 74处 | 10 | 10"
    forms = [f"year: 2024\nproject: 第{at}标段\n{rows}" for at in range(400)]
    found = findings(members("\n---\n".join(forms)), ["X05"])
    assert len(found) == 399


def test_comparisons_of_targets_grow_with_the_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    ratio = rapidfuzz.fuzz.ratio

    def counted(*given: Any, **named: Any) -> float:
        nonlocal calls
        calls += 1
        return ratio(*given, **named)

    monkeypatch.setattr(rapidfuzz.fuzz, "ratio", counted)
    counts = []
    for projects in (50, 200):
        forms = []
        for at in range(projects):
            rows = [f"row: {work}{THINGS[at % 14]} | ≥{at + 20}处 | {at + 20}处" for work in WORK[:6]]
            dropped = "row: 观众满意度 | ≥90%"
            forms.append(f"form: target_table\nyear: 2024\nproject: 工程{at}号\n" + "\n".join([*rows, dropped]))
            forms.append(f"year: 2024\nproject: 工程{at}号\n" + "\n".join(rows))
        calls = 0
        assert len(findings(members("\n---\n".join(forms)), ["X03"])) == projects
        counts.append(calls)
    assert 0 < counts[1] <= 4 * counts[0]


def test_rules_of_a_unit_compare_few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of projects with rows of one name and values of their own are compared by counting, not in pairs."""
    import narrcheck.rules.across.statements as statements

    calls = 0
    compare = statements.compare

    def counted(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        return compare(*given)

    monkeypatch.setattr(statements, "compare", counted)
    rows = "row: 培训人次 | ≥10人次 | {}人次\nrow: 采购设备 | ≥1台 | {}台"
    forms = [f"year: 2024\nproject: 工程{at}号\n" + rows.format(at + 10, at % 7 + 3) for at in range(2000)]
    assert findings(members("\n---\n".join(forms)), ["X02", "X03", "X04", "X05"]) == ()
    assert calls <= 2000
