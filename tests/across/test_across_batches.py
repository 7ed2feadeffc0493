"""What a reader of a batch sees: which pairs of filings are reported, with which quotes."""

import pytest

from across_cases import EVERY, Batch, batches, findings, members, told

BATCHES = batches()


@pytest.mark.parametrize("batch", BATCHES, ids=[batch.name for batch in BATCHES])
def test_batch(batch: Batch) -> None:
    assert told(findings(members(batch.forms))) == batch.expect, batch.why


@pytest.mark.parametrize("code", EVERY)
def test_every_rule_is_seen_to_speak(code: str) -> None:
    assert any(code == found[0] for batch in BATCHES for found in batch.expect)
