"""The summary's figures, asked again by SQL written here; which filings stand first, and why."""

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import pytest

from batching_helpers import audit, filing, rows, year
from narrcheck.audit.connect import connect
from narrcheck.audit.store import Store
from narrcheck.audit.summary.figures import figures
from narrcheck.audit.summary.model import Figures, GroupLine
from narrcheck.audit.summary.wording import reasons
from narrcheck.catalogue import LANGUAGES, entries
from narrcheck.cli import main
from narrcheck.filing import Waiver
from narrcheck.rules.registry import all_rules

COUNTS = "waiver IS NULL AND coalesce(verdict, '') <> 'dismissed'"
NUMBER = "count(CASE WHEN rule < 'X' THEN 1 END) + count(DISTINCT CASE WHEN rule > 'X' THEN finding END)"
TABLE = f"(SELECT * FROM current_findings WHERE {COUNTS})"
OWN = "filings JOIN files ON files.id = file_id AND files.current WHERE form = 'self_evaluation'"
WAIVED = Waiver("王芳", "已与单位核实", rule="N01", project="泵站运行")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated year with faults across filings and broken files, two contradictions by hand, one of them waived;
    of the other findings one is confirmed, one dismissed, and one dismissed and then confirmed."""
    place = tmp_path_factory.mktemp("summary")
    folder = year(place / "年度", 60, broken=0.08)
    (folder / "公园.txt").write_text(filing("公园养护", said=36), "utf-8")
    (folder / "泵站.txt").write_text(filing("泵站运行", said=36), "utf-8")
    (folder / "说明.txt").write_text("各单位请于月底前报送。", "utf-8")
    audit(place / "audit.db", folder, waivers=(WAIVED,))
    shared = rows(place / "audit.db", "SELECT finding FROM across ORDER BY finding LIMIT 2")
    single = rows(place / "audit.db", "SELECT finding FROM findings WHERE waiver IS NULL ORDER BY finding LIMIT 1")
    verdicts = [(shared[0][0], "confirmed"), (shared[1][0], "dismissed")]
    verdicts += [(single[0][0], "dismissed"), (single[0][0], "confirmed")]
    with closing(sqlite3.connect(place / "audit.db")) as connection, connection:
        for finding, verdict in verdicts:
            values = (finding, verdict, "查过原始资料", "王芳", "2025-03-01T08:00:00Z")
            connection.execute(
                "INSERT INTO decisions (finding, verdict, why, who, decided) VALUES (?, ?, ?, ?, ?)", values
            )
    return place / "audit.db"


@pytest.fixture(scope="module")
def found(store: Path) -> Figures:
    return figures(connect(str(store), writing=False), limit=1000)


def test_files_and_coverage(store: Path, found: Figures) -> None:
    head = found.head
    states = dict(rows(store, "SELECT state, count(*) FROM files WHERE current GROUP BY state"))
    assert head.files == states and states["unread"] > 1 and states["skipped"] >= 1
    told = rows(store, "SELECT problems.path, reason FROM problems JOIN files ON files.id = file_id WHERE current")
    assert {(item.path, item.reason) for item in (*head.unread.items, *head.skipped.items)} == set(told)
    sums = "SELECT sum(numbers), sum(claimed), sum(linked), sum(checked), sum(doubtful_cells) FROM current_filings"
    seen = head.coverage
    assert (seen.numbers, seen.claims, seen.linked, seen.checked, seen.doubtful_cells) == rows(store, sums)[0]
    assert head.unchecked.total == rows(store, f"SELECT count(*) FROM {OWN} AND checked = 0")[0][0]
    assert head.forms == dict(rows(store, "SELECT form, count(*) FROM current_filings GROUP BY form"))
    assert head.compared and head.folders[0].state == "finished"


def test_findings_by_rule(store: Path, found: Figures) -> None:
    query = f"SELECT rule, severity, {NUMBER}, count(DISTINCT filing_id) FROM {TABLE} GROUP BY rule, severity"
    lines = {(line.code, line.severity, line.findings, line.filings) for line in found.rules if line.findings}
    assert lines == set(rows(store, query))
    assert found.findings == rows(store, f"SELECT {NUMBER} FROM {TABLE}")[0][0]
    waived = rows(store, "SELECT count(*) FROM current_findings WHERE waiver IS NOT NULL")[0][0]
    states = [found.decided(state) for state in ("confirmed", "dismissed", "waived")]
    assert states == [2, 1, waived] and waived >= 1
    assert found.decided("open") == found.findings - 2
    assert found.settled.total == 3 + waived
    assert {item.who for item in found.settled.items} == {"王芳"} and not found.settled.left


@pytest.mark.parametrize(("name", "key"), [("departments", "department"), ("units", "unit_key"), ("years", "year")])
def test_findings_and_money_by_group(store: Path, found: Figures, name: str, key: str) -> None:
    lines: tuple[GroupLine, ...] = getattr(found, name).items
    assert len(lines) > 1 and not getattr(found, name).left
    query = f"""SELECT {key}, count(*), sum(budget), sum(executed), sum(id IN (SELECT filing_id FROM {TABLE}
                WHERE severity = 3)), sum(CASE WHEN id IN (SELECT filing_id FROM {TABLE} WHERE severity = 3)
                THEN budget ELSE 0 END) FROM (SELECT filings.* FROM {OWN}) GROUP BY {key}"""
    money = sorted(row[1:] for row in rows(store, query))
    assert sorted((one.filings, one.budget, one.executed, one.faulty, one.budget_faulty) for one in lines) == money
    joined = f"{TABLE} JOIN (SELECT filings.id AS own, unit_key, filings.form FROM {OWN}) ON own = filing_id"
    counts = [
        row[1:]
        for row in rows(
            store, f"SELECT {key}, {NUMBER}, count(DISTINCT filing_id), sum(severity = 3) FROM {joined} GROUP BY {key}"
        )
    ]
    assert sorted((one.findings, one.touched) for one in lines if one.findings) == sorted(row[:2] for row in counts)
    assert [one.findings for one in found.units.items] == sorted(one.findings for one in found.units.items)[::-1]


def test_years_stand_in_order_and_units_are_compared_over_two(store: Path, found: Figures) -> None:
    assert [line.name for line in found.years.items] == sorted(line.name for line in found.years.items)
    assert found.change_years == (int(found.years.items[-2].name), int(found.years.items[-1].name))
    before, after = found.change_years
    both = f"""SELECT count(*) FROM (SELECT unit_key FROM {OWN} AND year = {before} INTERSECT
               SELECT unit_key FROM {OWN} AND year = {after})"""
    assert found.changes.total == rows(store, both)[0][0] > 0
    rises = [item.findings / item.filings - item.findings_before / item.filings_before for item in found.changes.items]
    assert rises == sorted(rises, reverse=True)


def test_filings_with_more_to_see_stand_first(store: Path, found: Figures) -> None:
    points: dict[int, int] = defaultdict(int)
    worth = {3: 10, 2: 3, 1: 1}
    for key, severity in rows(store, f"SELECT filing_id, severity FROM {TABLE} WHERE rule < 'X'"):
        points[key] += worth[severity]
    for key, severity in rows(store, f"SELECT filing_id, max(severity) FROM {TABLE} WHERE rule > 'X' GROUP BY 1, rule"):
        points[key] += worth[severity] + 5
    for (key,) in rows(store, f"SELECT filing_id FROM {TABLE} WHERE verdict = 'confirmed'"):
        points[key] += 5
    budgets = dict(rows(store, "SELECT id, budget FROM filings"))
    steps = ((10**10, 20), (10**9, 15), (10**8, 12), (0, 10))
    factors = {key: next(tenths for least, tenths in steps if (budgets[key] or 0) >= least) for key in points}
    expected = {key: points[key] * factors[key] for key in points}
    assert {item.filed.key: item.tenths for item in found.ranked.items} == expected
    order = [(item.tenths, item.errors, item.budget or -1) for item in found.ranked.items]
    assert order == sorted(order, reverse=True)
    short = figures(connect(str(store), writing=False), limit=3).ranked
    assert short.items == found.ranked.items[:3] and short.left == len(expected) - 3


def test_reasons_name_rules_decisions_and_money(found: Figures) -> None:
    park = next(item for item in found.ranked.items if item.filed.project == "公园养护")
    assert reasons(park, "zh").startswith("错误 1 处（N01 文字数量与完成值不符）")
    assert reasons(park, "zh").endswith("全年预算数 80.00 万元")
    pump = [item for item in found.ranked.items if item.filed.project == "泵站运行"]
    assert all(rule.across for item in pump for rule in item.rules), "its own finding is waived"
    confirmed = [item for item in found.ranked.items if item.confirmed]
    assert confirmed and all("判断为属实" in reasons(item, "zh") for item in confirmed)
    shared = next(item for item in found.ranked.items if any(rule.across for rule in item.rules))
    assert "compared with other filings: X0" in reasons(shared, "en")


def test_copied_narratives_and_findings_across_filings(store: Path, found: Figures) -> None:
    copied = {key for (key,) in rows(store, f"SELECT DISTINCT filing_id FROM {TABLE} WHERE rule = 'X01'")}
    listed = [item.key for cluster in found.copies.items for item in cluster.filings.items]
    assert sorted(listed) == sorted(copied)
    narratives = dict(rows(store, "SELECT id, narrative FROM filings"))
    for cluster in found.copies.items:
        assert len(cluster.filings.items) > 1
        assert narratives[cluster.filings.items[0].key].startswith(cluster.opening)
    for rule, crossings in found.crossings.items():
        query = f"SELECT DISTINCT finding, message FROM {TABLE} WHERE rule = '{rule}'"
        assert {(item.finding, item.message) for item in crossings.items} == set(rows(store, query))
        assert all(len(item.filings) == 2 for item in crossings.items)
    assert sum(crossings.total for crossings in found.crossings.values()) > 2


def test_chains_of_copies_are_one_group(tmp_path: Path) -> None:
    told = "本年度完成古树名木普查，登记在册，逐株挂牌，并对长势衰弱的植株开展复壮，养护台账逐月更新。"
    folder = tmp_path / "园林"
    folder.mkdir()
    for name in ("东园", "西园", "南园"):
        (folder / f"{name}.txt").write_text(filing(f"{name}养护", narrative=told), "utf-8")
    audit(tmp_path / "audit.db", folder)
    copies = figures(connect(str(tmp_path / "audit.db"), writing=False)).copies
    assert [cluster.filings.total for cluster in copies.items] == [3]
    assert copies.items[0].opening == told[:60]


def test_sums_of_the_largest_amounts(tmp_path: Path) -> None:
    folder = tmp_path / "水库"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(filing(f"水库加固{number}"), "utf-8")
    audit(tmp_path / "audit.db", folder)
    with closing(sqlite3.connect(tmp_path / "audit.db")) as connection, connection:
        connection.execute("UPDATE filings SET budget = 999999999999999999")
    assert figures(connect(str(tmp_path / "audit.db"), writing=False)).total.budget == 12 * (10**18 - 1)


def test_an_empty_store_and_one_with_unread_files_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store(str(tmp_path / "audit.db")).close()
    assert main(["batch", "report", "--store", str(tmp_path / "audit.db")]) == 0
    assert "库中还没有自评表" in capsys.readouterr().out
    folder = tmp_path / "破损"
    folder.mkdir()
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    audit(tmp_path / "audit.db", folder)
    for name in ("year.html", "year.xlsx", "year.json", "year.md"):
        assert main(["batch", "report", "--store", str(tmp_path / "audit.db"), "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size
    assert "坏.xlsx" in (tmp_path / "year.html").read_text("utf-8")
    told = json.loads((tmp_path / "year.json").read_text("utf-8"))
    assert (told["head"]["unread"]["total"], told["head"]["forms"]) == (1, {})


def test_a_store_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", "report", "--store", str(tmp_path / "none.db")]) == 2
    assert "none.db" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


def test_every_rule_has_a_short_name() -> None:
    for rule in all_rules():
        assert all(entries()[f"summary.rule.{rule.code}"][lang] for lang in LANGUAGES), rule.code
