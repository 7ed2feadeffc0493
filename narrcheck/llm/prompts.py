"""The prompts: one file a task, with version and examples in front; a hash over all stands in every report."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

TASKS = ("extract", "link", "goal", "note", "wording")
_KEYS = {"task", "version", "language", "examples"}


@dataclass(frozen=True)
class Prompt:
    """What is sent ahead of a filing's own texts: the system message, and examples as question and answer."""

    task: str
    version: int
    language: str
    system: str
    examples: tuple[tuple[str, Any], ...]

    def messages(self, text: str) -> list[dict[str, str]]:
        """The messages of one request."""
        messages = [{"role": "system", "content": self.system}]
        for question, answer in self.examples:
            messages.append({"role": "user", "content": question})
            messages.append({"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)})
        return [*messages, {"role": "user", "content": text}]


def folder() -> Path:
    """Where the prompts are: inside the installed package, or beside it in the repository."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "prompts"
    return inside if inside.is_dir() else package.parent / "prompts"


@lru_cache(maxsize=8)
def prompt(task: str) -> Prompt:
    """The prompt of a task; ValueError with the file where it is not in order."""
    path = folder() / f"{task}.md"
    return read(path.read_text("utf-8"), path.name)


def read(text: str, name: str) -> Prompt:
    """The prompt a file holds: YAML between two lines of ---, then the system message."""
    import yaml

    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ValueError(f"{name}: the front matter stands between two lines of ---")
    head = yaml.safe_load(parts[1])
    if not isinstance(head, dict) or set(head) != _KEYS:
        raise ValueError(f"{name}: the front matter has the keys {', '.join(sorted(_KEYS))}")
    examples = tuple((example["input"].strip(), example["answer"]) for example in head["examples"])
    if f"{head['task']}.md" != name or not isinstance(head["version"], int):
        raise ValueError(f"{name}: task is the name of the file, version a whole number")
    return Prompt(head["task"], head["version"], head["language"], parts[2].strip(), examples)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Twelve hexadecimal digits over the prompts and the forms of answers of all tasks, as a report names them."""
    from narrcheck.llm.answers import ANSWERS

    digest = hashlib.sha256()
    for task in TASKS:
        digest.update((folder() / f"{task}.md").read_bytes().replace(b"\r\n", b"\n"))
        digest.update(json.dumps(ANSWERS[task].model_json_schema(), sort_keys=True).encode())
    return digest.hexdigest()[:12]
