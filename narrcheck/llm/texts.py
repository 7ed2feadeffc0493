"""A filing's texts as a model is shown them: numbered, titled, in pieces of bearable length, personal data masked."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from narrcheck.claims.offline import texts
from narrcheck.filing import Filing, Indicator
from narrcheck.llm.grounding import Passage
from narrcheck.llm.masking import Mask, texts_of

LONGEST_PIECE = 3000
_ENDS = "。；！？!?;\n"
TITLES = {"goal": "预期目标", "narrative": "实际完成情况"}
_CELLS = {"note": "偏差原因", "actual": "实际完成值", "target": "年度指标值"}


def mask_of(filing: Filing) -> Mask:
    """The personal data anywhere in a filing: who signs below the table is masked in the texts as well."""
    return Mask.of(texts_of(filing))


def passages(filing: Filing, mask: Mask) -> tuple[Passage, ...]:
    """The free texts in order, numbered T1, T2, …; a long one in several pieces."""
    found: list[Passage] = []
    names = {row.position: row.name for row in filing.indicators}
    for field, row, raw in texts(filing):
        title = TITLES[field] if row is None else f"指标“{mask(one_line(names[row]))}”的{_CELLS[field]}"
        whole = Passage("", field, row, title, raw, sendable(mask(raw)))
        found += pieces(whole, LONGEST_PIECE)
    return numbered(found)


def numbered(found: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages with ids in order."""
    return tuple(replace(passage, id=f"T{at}") for at, passage in enumerate(found, 1))


def pieces(whole: Passage, longest: int) -> Iterator[Passage]:
    """A passage cut at ends of sentences into pieces of at most `longest` characters."""
    start, size = 0, len(whole.raw)
    while size - start > longest:
        cut = max(whole.raw.rfind(mark, start, start + longest) for mark in _ENDS) + 1
        end = cut if cut > start else start + longest
        yield piece(whole, start, end)
        start = end
    yield piece(whole, start, size) if start else whole


def piece(whole: Passage, start: int, end: int) -> Passage:
    """The part raw[start:end] of a passage, which knows its place in the whole."""
    return replace(whole, raw=whole.raw[start:end], shown=whole.shown[start:end], base=whole.base + start)


def sentence(whole: Passage, start: int, end: int) -> tuple[int, int]:
    """Where the sentences around raw[start:end] begin and end."""
    first = max(whole.raw.rfind(mark, 0, start) for mark in _ENDS) + 1
    ends = [at for mark in _ENDS if (at := whole.raw.find(mark, end)) >= 0]
    return first, min(ends) + 1 if ends else len(whole.raw)


def row_line(row: Indicator, mask: Mask) -> str:
    """A row with what was planned and reached."""
    parts = (row_id(row.position), row.name, f"指标值 {row.target.raw}", f"完成值 {row.actual.raw}")
    return sendable("｜".join(mask(one_line(part)) for part in parts))


def row_id(position: int) -> str:
    """How a row is named to the model."""
    return f"R{position + 1}"


def one_line(text: str) -> str:
    """The text without line breaks and the mark that parts cells."""
    return " ".join(text.replace("｜", "|").split())


def sendable(text: str) -> str:
    """The text with what UTF-8 cannot hold replaced, character for character."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text) if not text.isprintable() else text
