"""The example of the package docstring works as printed."""

import doctest
from pathlib import Path

import pytest

import narrcheck


def test_docstring_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    outcome = doctest.testmod(narrcheck)
    assert outcome.attempted == 3
    assert outcome.failed == 0
