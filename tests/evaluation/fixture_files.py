"""Small labelled fixtures, written to a folder."""

import copy
import json
from pathlib import Path
from typing import Any

from form_text import contradiction

_SAID = (
    ("goal", "管网巡检不少于24次", "24", "次", "at_least", "管网巡检次数"),
    ("goal", "更换阀门60只", "60", "只", "exact", "阀门更换数量"),
    ("goal", "满意度达到90%", "90", "%", "exact", "用户满意度"),
    ("narrative", "管网巡检36次", "36", "次", "exact", "管网巡检次数"),
    ("narrative", "更换阀门60只", "60", "只", "exact", "阀门更换数量"),
    ("narrative", "满意度95%", "95", "%", "exact", "用户满意度"),
)
_KEYS = ("field", "quote", "value", "unit", "modifier", "row")
CLAIMS: list[dict[str, Any]] = [dict(zip(_KEYS, said, strict=True)) for said in _SAID]
FINDING: dict[str, Any] = {
    "rule": "N01",
    "row": "管网巡检次数",
    "quotes": ["管网巡检36次", "26.00(次)"],
    "values": ["36", "26"],
    "certainty": "sure",
    "why": "正文36次，表中26次",
}


def labels(name: str = "water", **changed: Any) -> dict[str, Any]:
    """Right labels of the filing with one contradiction, with keys changed."""
    told = {"id": name, "project": "供水管网维护", "year": 2024, "claims": CLAIMS, "findings": [FINDING]}
    return copy.deepcopy({**told, **changed})


def write(folder: Path, name: str = "water", text: str | None = None, **changed: Any) -> Path:
    """A fixture in the folder; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(text or contradiction(), "utf-8")
    told = json.dumps(labels(**{"name": name, **changed}), ensure_ascii=False)
    (folder / f"{name}.labels.json").write_text(told, "utf-8")
    return folder
