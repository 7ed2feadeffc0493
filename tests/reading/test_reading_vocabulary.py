"""The headings file: every entry is of a known kind, none twice, none spelt so that it could not be found."""

from narrcheck.data import load
from narrcheck.reading.vocabulary import LONGEST, headings, key
from narrcheck.text import squeeze

_KINDS = {
    "titles": {"self_evaluation", "target_table"},
    "fields": {"project", "department", "unit", "filer", "year", "money", "other"},
    "texts": {"goal", "narrative", "group", "annual"},
    "text_stems": {"goal", "narrative"},
    "funds_columns": {"initial", "adjusted", "budget", "executed", "weight", "rate", "score", "other"},
    "funds_stems": {"initial", "adjusted", "budget", "executed", "weight", "rate", "score", "other"},
    "funds_rows": {"part"},
    "funds_total": {"total"},
    "plan_funds": {"initial", "executed"},
    "columns": {"number", "group", "other", "level1", "level2", "name", "target", "actual", "weight", "score", "note"},
    "column_stems": {"level1", "level2", "name", "target", "actual", "weight", "score", "note", "other"},
    "totals": {"total"},
    "grades": {"grade"},
    "footers": {"footer"},
    "level1": {"level1"},
    "verdicts": {"whole", "opening"},
    "text_words": {"goal", "narrative", "narrative opens"},
    "cell_words": {"name ends", "target opens", "number opens", "comparator rest", "actual opens"},
}


def test_every_entry_is_of_a_known_kind() -> None:
    tables = load("headings.toml")
    assert set(tables) == {*_KINDS, "level2"}
    for name, kinds in _KINDS.items():
        assert set(tables[name].values()) <= kinds, name
    for child, parent in tables["level2"].items():
        assert not parent or parent in tables["level1"], child


def test_labels_are_found_under_their_own_key() -> None:
    tables = load("headings.toml")
    for name in ("fields", "texts", "funds_columns", "plan_funds", "columns", "totals", "grades", "level1", "level2"):
        for label in tables[name]:
            assert key(label) == squeeze(label), label
            assert len(label) <= LONGEST


def test_own_headings_override_single_entries() -> None:
    own = headings({"columns": {"完成 情况": "note"}})
    assert own.columns["完成情况"] == "note"
    assert headings().columns["完成情况"] == "actual"
    assert own.columns["三级指标"] == "name"
