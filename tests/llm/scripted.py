"""Scripted models: one that answers from labels, always right, and one whose every answer is wrong."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from modelserver import TASKS, Asked, Reply
from narrcheck.quantity.scan import scan
from narrcheck.text import Text, squeeze

_PASSAGE = re.compile(r"\[(T\d+)\] ([^\n]*)\n(.*?)(?=\n\n\[T\d+\] |\Z)", re.S)
_ROW = re.compile(r"^(R\d+)｜[^｜\n]*｜([^｜\n]*)｜单位", re.M)
_NAMED = re.compile(r"^(R\d+)｜([^｜\n]*)｜", re.M)
_CLAIM = re.compile(r"^(C\d+)｜\[([^\]]*)\] (.*)｜候选：(.*)$", re.M)
_FIELDS = {
    "预期目标": "goal",
    "实际完成情况": "narrative",
    "偏差原因": "note",
    "实际完成值": "actual",
    "年度指标值": "target",
}


@dataclass(frozen=True)
class Said:
    """A labelled claim: the field with its row, the quote, the number as read, and the name of the row it counts."""

    field: str
    quote: str
    value: str
    unit: str
    row: str | None
    debatable: bool = False


def labelled(folders: Iterable[Path]) -> list[Said]:
    """The claims of every label file in the folders."""
    found = []
    for folder in folders:
        for path in sorted(folder.glob("*.labels.json")):
            document = json.loads(path.read_text("utf-8"))
            for item in document.get("claims", ()):
                told = (item["field"], item["quote"], item["value"], item["unit"], item.get("row"))
                found.append(Said(*told, bool(item.get("row_debatable"))))
    return found


class Perfect:
    """Answers every question from labels; where they say nothing, it says nothing."""

    def __init__(self, said: Iterable[Said]) -> None:
        self._said = list(said)

    def __call__(self, asked: Asked) -> Reply:
        items: list[Any] = []
        if asked.task == "extract":
            items = [item for passage in _PASSAGE.finditer(asked.text) for item in self._stated(passage)]
        elif asked.task == "link":
            items = list(self._links(asked.text))
        return Reply({TASKS[asked.task]: items})

    def _stated(self, passage: re.Match[str]) -> Iterator[dict[str, str]]:
        field = next(name for title, name in _FIELDS.items() if passage[2].endswith(title))
        for said in self._said:
            if said.field.partition(":")[0] == field and squeeze(said.quote) in squeeze(passage[3]):
                number = _number(said)
                if number:
                    yield {"text": passage[1], "quote": said.quote, "number": number}

    def _links(self, question: str) -> Iterator[dict[str, str | None]]:
        rows = {squeeze(name): id for id, name in _ROW.findall(question)}
        for id, title, clause, listed in _CLAIM.findall(question):
            number = re.search("【(.*)】", clause)
            assert number is not None
            field = _FIELDS[title]
            said = self._meant(field, clause.replace("【", "").replace("】", ""), number[1])
            if said is None or said.debatable:
                continue
            row = rows.get(squeeze(said.row or ""))
            yield {"claim": id, "row": row if row in listed.split("、") else None}

    def _meant(self, field: str, clause: str, number: str) -> Said | None:
        told = squeeze(clause)
        for said in self._said:
            own = _number(said)
            if said.field == field and own and squeeze(own) == squeeze(number) and _share(squeeze(said.quote), told):
                return said
        return None


def _share(quote: str, clause: str) -> bool:
    return quote in clause or clause in quote or any(quote[k : k + 6] in clause for k in range(max(1, len(quote) - 5)))


@lru_cache(maxsize=8192)
def _number(said: Said) -> str | None:
    """The labelled number as it stands in its quote."""
    text = Text(said.quote)
    for quantity in scan(text.flat):
        if not quantity.reason and format(quantity.value, "f") == said.value:
            return text.quote(quantity.start, quantity.end)
    written = re.search(re.escape(said.value) + r"\s*" + re.escape(said.unit), said.quote)
    return written[0] if written else None


class Wrong:
    """Answers every question wrongly, in the right form and with true quotes, which is the hardest to see through."""

    def __init__(self, said: Iterable[Said] = ()) -> None:
        self._right = Perfect(said)

    def __call__(self, asked: Asked) -> Reply:
        make = {"extract": self._stated, "link": self._links, "goal": _goals, "note": _notes, "wording": _wording}
        return Reply({TASKS[asked.task]: list(make[asked.task](asked.text))})

    def _stated(self, question: str) -> Iterator[dict[str, str]]:
        """Years, ordinals and single digits instead of quantities; halves of numbers; quotes with other digits."""
        for passage in _PASSAGE.finditer(question):
            for number in re.finditer(r"\d+[\u4e00-\u9fff]?", passage[3]):
                start = max(0, number.start() - 6)
                quote = passage[3][start : number.end()]
                yield {"text": passage[1], "quote": quote, "number": number[0]}
                other = "9" + number[0]
                yield {"text": passage[1], "quote": quote.replace(number[0], other), "number": other}

    def _links(self, question: str) -> Iterator[dict[str, str | None]]:
        right = {item["claim"]: item["row"] for item in self._right._links(question)}
        for id, _, _, listed in _CLAIM.findall(question):
            rows: list[str | None] = [row for row in listed.split("、") if row != right.get(id)]
            yield {"claim": id, "row": rows[-1] if rows else None}


def _goals(question: str) -> Iterator[dict[str, str]]:
    texts = {
        match[1]: match[3].split("\n指标行：")[0] for match in _PASSAGE.finditer(question.replace("\n[T2]", "\n\n[T2]"))
    }
    for clause in re.split("[，。；\n]", texts["T1"]):
        if len(clause) > 3:
            yield {"goal": clause, "nearest": re.split("[，。；\n]", texts["T2"])[0]}


def _notes(question: str) -> Iterator[dict[str, str]]:
    for row, note in re.findall(r"^(R\d+)｜[^\n]*\n偏差原因：(.*)$", question, re.M):
        yield {"row": row, "quote": note[:20]}


def _wording(question: str) -> Iterator[dict[str, str]]:
    found = [(match[1], match[3].split("。")[0].strip()) for match in _PASSAGE.finditer(question)]
    for (one, first), (other, second) in pairwise(found):
        if first and second:
            yield {"first_text": one, "first": first, "second_text": other, "second": second}
