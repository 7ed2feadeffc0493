"""One filing reads the same, and says the same, from every format it is kept in."""

import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from makers.ink import Ink
from makers.pdf import to_pdf
from makers.plaintext import to_txt
from makers.spreadsheet import to_xlsx
from makers.table import LAYOUTS, Layout
from makers.webpage import to_html
from makers.word import to_docx
from narrcheck.filing import Filing, Number
from narrcheck.pipeline import check_filing
from narrcheck.reading import read_bytes
from narrcheck.settings import Settings
from narrcheck.text import squeeze

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
Maker = Callable[..., bytes]

_EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.name != "README.md")
_SAMPLE = ("agr_11", "edu_11", "gre_31", "hou_11", "mus_31", "tgt_31", "tra_11", "vet_21", "wat_11")
_FIXTURES = sorted((ROOT / "eval" / "fixtures").glob("*.txt"))
# ALL_FIXTURES=1 takes every made-up filing, not the sample of one a sector.
SOURCES = _EXAMPLES + [path for path in _FIXTURES if os.environ.get("ALL_FIXTURES") == "1" or path.stem in _SAMPLE]
MAKERS: dict[str, Maker] = {"txt": to_txt, "html": to_html, "xlsx": to_xlsx, "docx": to_docx, "pdf": to_pdf}
PRINTS: dict[str, Maker] = {
    "landscape": partial(to_pdf, paper="landscape"),
    "rotated": partial(to_pdf, paper="rotated"),
    "headings-repeated": partial(to_pdf, repeat_headings=True, lower=150),
    "rows-whole": partial(to_pdf, tear=False, lower=150),
    "torn-in-the-texts": partial(to_pdf, lower=430),
    "torn-in-the-rows": partial(to_pdf, lower=90),
}


def read(data: bytes, name: str) -> Filing:
    (filing,) = read_bytes(data, name)
    return filing


def original(path: Path) -> Filing:
    return read(path.read_bytes(), path.name)


def seen(filing: Filing) -> dict[str, object]:
    """All that a reader of the form sees in it, white space apart."""
    heads = ("project", "department", "unit", "goal", "narrative", "grade")
    rows = {
        f"row {row.position}": (
            _flat(row.level1), _flat(row.level2), _flat(row.name), _flat(row.target.raw), row.target.comparator,
            row.target.value, row.target.upper, row.target.unit, _flat(row.actual.raw), row.actual.value,
            row.actual.upper, row.actual.unit, row.actual.status, _number(row.weight), _number(row.score),
            _flat(row.note),
        )
        for row in filing.indicators
    }  # fmt: skip
    funds = {
        f"funds {position} {row.label}": tuple(
            _number(getattr(row, column)) for column in ("initial", "adjusted", "executed", "weight", "rate", "score")
        )
        for position, row in enumerate(filing.funds)
    }
    return {
        "form": filing.form,
        "year": filing.year,
        "money_unit": filing.money_unit,
        **{name: _flat(getattr(filing, name)) for name in heads},
        **funds,
        **rows,
        "total": (_number(filing.total_weight), _number(filing.total_score)),
    }


def findings(filing: Filing) -> set[tuple[str, str]]:
    return {(finding.rule, finding.id) for finding in check_filing(filing, Settings()).findings}


def said(filing: Filing) -> Counter[tuple[object, ...]]:
    """The findings by what they point at: field, row and value of each side."""
    return Counter(
        (finding.rule, *((side.field, side.row, side.column, side.value, side.unit) for side in finding.evidence))
        for finding in check_filing(filing, Settings()).findings
    )


def _flat(text: str | None) -> str:
    return squeeze(text or "")


def _number(number: Number) -> tuple[str, object]:
    return squeeze(number.raw), number.value


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_format_reads_and_says_the_same(path: Path, kind: str, layout: Layout) -> None:
    source = original(path)
    again = read(MAKERS[kind](source, layout=layout), f"{path.stem}.{kind}")
    assert seen(again) == seen(source)
    assert findings(again) == findings(source)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("how", PRINTS)
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_way_of_printing_reads_and_says_the_same(path: Path, how: str, layout: Layout) -> None:
    source = original(path)
    again = read(PRINTS[how](source, layout=layout), f"{path.stem}.pdf")
    assert seen(again) == seen(source)
    assert findings(again) == findings(source)


@pytest.mark.parametrize("kind", MAKERS)
def test_several_filings_of_one_file(kind: str) -> None:
    sources = [original(path) for path in SOURCES if path.stem in ("greening", "library", "weather")]
    found = read_bytes(MAKERS[kind](*sources), f"all.{kind}")
    assert [filing.source.index for filing in found] == [1, 2, 3]
    assert [seen(filing) for filing in found] == [seen(source) for source in sources]


def _machine_has_a_chinese_font() -> bool:
    """Without one pdfium draws nothing for a font that is only named, and loses each character that stands alone."""
    page = BytesIO()
    canvas = Canvas(page, pagesize=(40, 40))
    Ink(embed=False).write(canvas, "表", 5, 5, size=30)
    canvas.save()
    darkest: int = pypdfium2.PdfDocument(page.getvalue())[0].render().to_pil().convert("L").getextrema()[0]
    return darkest < 128


def test_print_whose_chinese_font_is_only_named() -> None:
    if not _machine_has_a_chinese_font():
        pytest.skip("no Chinese font on this machine")
    (path,) = (path for path in SOURCES if path.stem == "library")
    source = original(path)
    again = read(to_pdf(source, embed=False, lower=90), "library.pdf")
    assert seen(again) == seen(source)


@pytest.mark.required
@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the corpus is not beside this checkout (../shared)")
@pytest.mark.parametrize("kind", ["xlsx", "docx", "pdf", "html"])
@pytest.mark.parametrize(
    "stem", sorted(path.stem for path in (SHARED / "corpus" / "dev-forms").glob("*.txt")) or ["none"]
)
def test_forms_of_the_corpus_say_the_same_in_every_format(stem: str, kind: str) -> None:
    folder = SHARED / "corpus" / "dev-forms"
    text, other = (original(folder / f"{stem}.{suffix}") for suffix in ("txt", kind))
    assert said(other) == said(text)
