"""A record in the place of a service: every question is looked up, and nothing is sent."""

from narrcheck.advice import ModelUse, Trouble, Usage
from narrcheck.llm.completion import sift
from narrcheck.llm.exchange import Errand
from narrcheck.llm.options import ModelOptions
from narrcheck.llm.prompts import fingerprint
from narrcheck.llm.question import Question, Reply
from narrcheck.llm.recording import question_key, read
from narrcheck.llm.trouble import ModelTrouble, RecordingError


class Replay:
    """The answers of the record that the settings name, in the order they are asked for. Its costs are the record's."""

    def __init__(self, options: ModelOptions) -> None:
        """RecordingError where the record cannot be read, or the run is to be recorded as well."""
        assert options.replay is not None
        if options.record is not None:
            raise RecordingError("both", {"record": options.record, "replay": options.replay})
        self.options = options
        self._path = options.replay.expanduser()
        self._head, self._answers = read(self._path)
        self._usage, self._missing = Usage(), 0
        self._stopped: ModelTrouble | None = None

    async def close(self) -> None:
        """Nothing is open."""

    async def ask(self, question: Question, errand: Errand) -> Reply:
        """The recorded answer to a question; ModelTrouble where there was none then, or there is none in the record."""
        found = self._answers.get(question_key(question))
        if found is None:
            self._missing += 1
            raise ModelTrouble("not-recorded")
        errand.usage += found.usage
        self._usage += found.usage
        if found.trouble is not None:
            trouble = ModelTrouble(found.trouble.code, found.trouble.facts)
            self._stopped = self._stopped or (trouble if trouble.fatal else None)
            raise trouble
        return sift(question, {"items": found.items})

    def summary(self, use: str) -> ModelUse:
        """What a report says of the record and its use."""
        stopped = self._stopped
        return ModelUse(
            model=self._head.model,
            endpoint=self._head.endpoint,
            use=use,
            mode="replay",
            prompts=fingerprint(),
            usage=self._usage,
            stopped=None if stopped is None else Trouble("run", stopped.code, stopped.facts),
            replayed=str(self._path),
            not_recorded=self._missing,
        )
