"""What must hold for any text: no crash, no change by white space or width, time linear in the size."""

import time
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from layouts import LAYOUTS, form
from test_reading_forms import HEAD, PLAIN, ROWS, TAIL, rows

from narrcheck.reading import ReadError, read_bytes

_WIDE = {code: code + 0xFEE0 for code in b"0123456789.%()"}


def _try(data: bytes) -> None:
    """Read; only ReadError is an answer to bad input."""
    try:
        read_bytes(data, "x")
    except ReadError:
        return


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    _try(data)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(LAYOUTS)), st.integers(0, 30), st.randoms(use_true_random=False))
def test_spoilt_forms(layout: str, seed: int, random: Random) -> None:
    """Cut, shuffled, with lines missing or strange characters put in."""
    text = LAYOUTS[layout](form(seed), Random(seed))
    lines = text.split("\n")
    spoilt = [
        text[: random.randrange(len(text))],
        text[random.randrange(len(text)) :],
        "\n".join(random.sample(lines, len(lines))),
        "\n".join(line for line in lines if random.random() < 0.8),
        text.replace("\t", random.choice(["", " ", "\n", "\t\t"])),
    ]
    letters = list(text)
    for _ in range(20):
        letters[random.randrange(len(letters))] = random.choice("\t\n\f |<&\u202e\x00１-\r")
    for other in [*spoilt, "".join(letters)]:
        _try(other.encode("utf-8", "replace"))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["", "\t", "-"]), min_size=4, max_size=4))
def test_a_leading_tab_more_or_less(changes: list[str]) -> None:
    lines = []
    for line, change in zip(ROWS.splitlines(), changes, strict=True):
        if change == "\t":
            line = "\t" + line
        elif change == "-" and line.startswith("\t"):
            line = line[1:]
        lines.append(line)
    (filing,) = read_bytes((HEAD + "\n".join(lines) + "\n" + TAIL).encode(), "x")
    assert rows(filing) == PLAIN


def test_full_width_reads_alike() -> None:
    (filing,) = read_bytes((HEAD + ROWS + TAIL).translate(_WIDE).encode(), "x")
    (plain,) = read_bytes((HEAD + ROWS + TAIL).encode(), "x")
    assert [row.target.value for row in filing.indicators] == [row.target.value for row in plain.indicators]
    assert [row.weight.value for row in filing.indicators] == [row.weight.value for row in plain.indicators]
    assert filing.total_score.value == plain.total_score.value


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 50), st.randoms(use_true_random=False))
def test_blanks_inside_level_names(seed: int, random: Random) -> None:
    made = form(seed)
    text = LAYOUTS["tabular"](made, Random(seed))
    for name in {row["level1"] for row in made.rows} | {row["level2"] for row in made.rows}:
        cut = random.randrange(1, len(name))
        text = text.replace(f"{name}\t", f"{name[:cut]} {name[cut:]}\t")
    (filing,) = read_bytes(text.encode(), "x")
    assert [row.level2 for row in filing.indicators] == [row["level2"] for row in made.rows]


def test_two_forms_in_one_file_equal_each_alone_in_every_layout() -> None:
    for name, layout in LAYOUTS.items():
        texts = [layout(form(seed), Random(seed)) for seed in (4, 9)]
        alone = [read_bytes(text.encode(), "x")[0] for text in texts]
        both = read_bytes("\n\n".join(texts).encode(), "x")
        assert [filing.indicators for filing in both] == [filing.indicators for filing in alone], name
        assert [filing.narrative for filing in both] == [filing.narrative for filing in alone], name


def _seconds(text: str) -> float:
    start = time.process_time()
    _try(text.encode())
    return time.process_time() - start


def test_time_is_linear() -> None:
    """Long texts, many rows and marks that could send a pattern back and forth."""
    for big in (
        HEAD.replace("全年开行", "全年开行图书车，服务读者。" * 80_000) + ROWS + TAIL,
        HEAD + ROWS * 125 + TAIL,
        HEAD.replace("全年开行", "<!-- " * 100_000) + ROWS + TAIL,
        HEAD.replace("全年开行", "<p " * 100_000) + ROWS + TAIL,
        HEAD + ROWS.replace("126趟", "9" * 100_000 + "趟") + TAIL,
        HEAD + "\t" * 300_000 + "x\n" + ROWS + TAIL,
        HEAD.replace("\t", " ") + ROWS.replace("\t", " ") * 30 + TAIL.replace("\t", " "),
    ):
        assert _seconds(big) < 4
