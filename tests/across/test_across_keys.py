"""Which filings stand together: unit and project as compared."""

from decimal import Decimal

import pytest

from across_cases import findings, members
from narrcheck.brief import read_brief
from narrcheck.rules.across import across_unit
from narrcheck.rules.across.members import project_key, unit_key
from narrcheck.rules.across.statements import slipped


def of(line: str) -> tuple[str, str]:
    filing = read_brief(line)
    return unit_key(filing), project_key(filing)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024年社区食堂运营项目", "社区食堂运营"),
        ("社区食堂运营（2023年度）", "２０２４年度社区食堂 运营经费"),
        ("二〇二四年社区食堂运营专项经费", "社区食堂运营专项资金"),
        ("社区食堂“暖心”运营", "社区食堂暖心运营项目经费"),
    ],
)
def test_one_project_under_two_names(one: str, other: str) -> None:
    assert of(f"project: {one}") == of(f"project: {other}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("河道清淤（一期）", "河道清淤（二期）"),
        ("老城二十年树木普查", "老城树木普查"),
        ("专项经费", "设备专项经费"),
        ("第3标段", "第4标段"),
    ],
)
def test_two_projects(one: str, other: str) -> None:
    assert of(f"project: {one}") != of(f"project: {other}")


def test_a_name_of_nothing_but_year_and_ending_is_kept() -> None:
    assert of("project: 2024年项目经费")[1]
    assert of("year: 2024") == ("", "")


def test_the_department_stands_in_for_the_unit() -> None:
    assert of("unit: 云溪市图书馆（本级）")[0] == of("unit: 云溪市图书馆")[0] == of("department: 云溪市 图书馆")[0]
    assert of("unit: 云溪市图书馆\ndepartment: 云溪市文化局")[0] == of("unit: 云溪市图书馆")[0]


@pytest.mark.parametrize(
    ("one", "other", "slip"),
    [
        ("12460", "12640", True),
        ("386000", "368000", True),
        ("12460", "1246", True),
        ("4520", "45200000", True),
        ("8613", "8618", True),
        ("8613", "86613", True),
        ("210", "120", False),
        ("512", "532", False),
        ("1246", "2146.5", False),
        ("48", "84", False),
    ],
)
def test_slips_of_typing(one: str, other: str, slip: bool) -> None:
    assert slipped(Decimal(one), Decimal(other)) is slip
    assert slipped(Decimal(other), Decimal(one)) is slip


def test_a_rule_that_is_not_asked_for_is_silent() -> None:
    text = "全年组织科普剧巡演26场，走进18所小学，观众9400人次；新编剧目两部，培训讲解员35名。"
    form = f"year: 2024\nproject: 科普剧巡演\nnarrative: {text}\nrow: 巡演场次 | ≥20场 | 26场"
    forms = f"{form}\n---\n{form.replace('| 26场', '| 28场')}"
    assert {found.finding.rule for found in findings(members(forms))} == {"X01", "X02"}
    assert {found.finding.rule for found in across_unit(members(forms))[0]} == {"X02"}
