"""What every finding across filings carries, and what never changes it: order, keys, copies."""

import random
from dataclasses import replace

import pytest

from across_cases import EVERY, Batch, batches, findings, members
from narrcheck.fields import Fields
from narrcheck.filing import Evidence
from narrcheck.rules.across.members import CrossFinding, Member

FIRING = [batch for batch in batches() if batch.expect]


def each(rule: str, lang: str) -> list[CrossFinding]:
    return [found for batch in FIRING for found in findings(members(batch.forms), [rule], lang)]


def text_of(member: Member, piece: Evidence) -> str:
    return Fields(member.filing).text(piece.field, piece.row).raw


@pytest.mark.parametrize("batch", FIRING, ids=[batch.name for batch in FIRING])
def test_evidence_is_verbatim_and_from_both_filings(batch: Batch) -> None:
    group = members(batch.forms)
    held = {member.key: member for member in group}
    for found in findings(group):
        assert len(found.keys) == len(found.finding.evidence)
        assert len(set(found.keys)) == 2
        for key, piece in zip(found.keys, found.finding.evidence, strict=True):
            assert text_of(held[key], piece)[piece.start : piece.end] == piece.quote
            if piece.row is not None:
                assert piece.name == held[key].filing.indicators[piece.row].name


@pytest.mark.parametrize("batch", FIRING, ids=[batch.name for batch in FIRING])
def test_ids_do_not_depend_on_order_or_keys(batch: Batch) -> None:
    group = members(batch.forms)
    ids = [found.finding.id for found in findings(group)]
    assert len(ids) == len(set(ids))
    chance = random.Random(batch.name)
    for _ in range(5):
        mixed = chance.sample(group, len(group))
        again = [replace(member, key=900 - 7 * place) for place, member in enumerate(mixed)]
        assert sorted(found.finding.id for found in findings(again)) == sorted(ids)


@pytest.mark.parametrize("batch", FIRING, ids=[batch.name for batch in FIRING])
def test_a_file_renamed_keeps_its_findings(batch: Batch) -> None:
    group = members(batch.forms)
    renamed = [
        replace(member, filing=replace(member.filing, source=replace(member.filing.source, path="other.xlsx")))
        for member in group
    ]
    assert findings(renamed) == findings(group)


@pytest.mark.parametrize("rule", EVERY)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_messages_name_the_year_and_have_no_gap(rule: str, lang: str) -> None:
    found = each(rule, lang)
    assert found
    for one in found:
        assert "{" not in one.finding.message + one.finding.suggestion
        assert "202" in one.finding.message


@pytest.mark.parametrize("name", ["visitors of the whole museum", "two rows alike", "other place"])
def test_both_projects_are_named(name: str) -> None:
    group = members(next(batch.forms for batch in FIRING if batch.name == name))
    (found,) = findings(group)
    for member in group:
        assert str(member.filing.project) in found.finding.message


def test_copies_of_copies_have_ids_of_their_own() -> None:
    """Three identical files give two findings that say the same; a reviewer decides each."""
    batch = next(one for one in FIRING if one.name == "two copies of one filing")
    form = batch.forms.split("\n---\n")[0]
    found = findings(members("\n---\n".join([form] * 3)))
    assert [one.finding.rule for one in found] == ["X01", "X01"]
    assert len({one.finding.id for one in found}) == 2
