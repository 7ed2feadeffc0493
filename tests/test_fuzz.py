"""Spoilt files of every format are read or refused with a reason: nothing breaks, hangs or fills the memory."""

import pytest

import fuzzing
from narrcheck.reading import scan

COUNT = 200


@pytest.mark.parametrize("kind", fuzzing.kinds())
def test_spoilt_files(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A spoilt PDF often looks like a scan; recognising hundreds of them is left to `make fuzz`.
    monkeypatch.setattr(scan, "available", lambda: False)
    tally = fuzzing.attack(kind, COUNT)
    assert tally.broken == []
    assert tally.read + tally.refused == COUNT
    assert tally.refused > 0


def test_sound_samples_hold_a_filing() -> None:
    from narrcheck.filing import Filing
    from narrcheck.reading.inputs import STANDARD_INPUT, read_paths

    for kind, data in fuzzing.samples().items():
        outcomes = list(read_paths([STANDARD_INPUT], data, limits=fuzzing.LIMITS))
        assert outcomes and all(isinstance(outcome, Filing) for outcome in outcomes), kind


def test_a_seed_gives_the_same_file_again() -> None:
    assert fuzzing.spoilt("xlsx", 7) == fuzzing.spoilt("xlsx", 7) != fuzzing.spoilt("xlsx", 8)
