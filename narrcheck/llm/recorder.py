"""Takes down what a run asks and is answered, so that a run that breaks off leaves a record that can be used."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from narrcheck.advice import Usage
from narrcheck.llm.question import Question
from narrcheck.llm.recording import Head, is_json, question_key, read
from narrcheck.llm.trouble import ModelTrouble, RecordingError


class Recorder:
    """Takes down a run, line by line. A file that fails meanwhile is done without: `broken` says why."""

    def __init__(self, path: Path, head: Head) -> None:
        """RecordingError where the file cannot be written, holds something else, or the answers of another model."""
        self.broken: str | None = None
        self._path = path
        last = _last_head(path)
        if last is not None and (last.model, last.endpoint) != (head.model, head.endpoint):
            raise RecordingError("other-model", {"path": path, "model": last.model, "endpoint": last.endpoint})
        try:
            if last is None:
                path.touch(mode=0o600)
            else:
                _mend(path)
            self._file = path.open("ab")
        except OSError as error:
            raise RecordingError("unwritable", {"path": path, "detail": error.strerror or error}) from None
        if last != head:
            self._write(head.model_dump(by_alias=True))

    def answered(self, question: Question, items: list[Any], spent: Usage) -> None:
        """Take down an answer that was asked for."""
        self._put(question, spent, items=items)

    def kept(self, question: Question, items: list[Any], spent: Usage | None) -> None:
        """Take down an answer from the cache, with what it cost when it was asked for, where that is known."""
        self._put(question, spent or Usage(), items=items, cached=True)

    def failed(self, question: Question, trouble: ModelTrouble, spent: Usage) -> None:
        """Take down a question that got no answer."""
        facts = {key: value if isinstance(value, int | float) else str(value) for key, value in trouble.facts.items()}
        self._put(question, spent, trouble={"code": trouble.code, "facts": facts})

    def close(self) -> None:
        """Let go of the file."""
        with suppress(OSError):
            self._file.close()

    def _put(self, question: Question, spent: Usage, **outcome: Any) -> None:
        asked = {"task": question.task, "key": question_key(question), "messages": question.messages}
        tokens = {"sent": spent.sent, "received": spent.received, "estimated": spent.estimated}
        self._write({**asked, **outcome, "requests": spent.requests, **tokens, "seconds": spent.seconds})

    def _write(self, line: dict[str, Any]) -> None:
        """One line; half a surrogate pair, which a model may write, is kept as an escape of JSON."""
        if self.broken is not None:
            return
        text = json.dumps(line, ensure_ascii=False)
        try:
            self._file.write(text.encode("utf-8", "backslashreplace") + b"\n")
            self._file.flush()
        except OSError as error:
            self.broken = f"{self._path}: {error.strerror or error}"
            self.close()


def _last_head(path: Path) -> Head | None:
    """The last head of the record at `path`; None where there is no file or an empty one."""
    with suppress(OSError):
        if not path.exists() or (path.is_file() and not path.stat().st_size):
            return None
    return read(path)[0]


def _mend(path: Path) -> None:
    """Complete a last line that lacks its end; cut it off where it breaks off before."""
    data = path.read_bytes()
    tail = data[data.rfind(b"\n") + 1 :]
    if not tail:
        return
    whole = is_json(tail)
    with path.open("r+b") as file:
        file.seek(len(data) if whole else len(data) - len(tail))
        if whole:
            file.write(b"\n")
        else:
            file.truncate()
