"""`narrcheck check --llm-dry-run`: what would be sent to a language model, and how much of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from narrcheck import pipeline
from narrcheck.advice import Trouble
from narrcheck.catalogue import message
from narrcheck.commands import output
from narrcheck.filing import Filing, Problem
from narrcheck.reports.model import trouble
from narrcheck.settings import Settings

DONE, UNREAD = 0, 3


@dataclass
class _Sum:
    filings: int = 0
    questions: int = 0
    tokens: int = 0
    other: int = 0


def dry_run(paths: Sequence[str], settings: Settings, path: Path | None, stdin: bytes | None) -> int:
    """Print every question of the run without asking it; exit code 3 where an input could not be read."""
    errors: list[Problem] = []
    text = "\n".join(_lines(paths, settings, stdin, errors))
    output.write(text + "\n", path, settings.lang)
    for error in errors:
        output.say(error.message)
    return UNREAD if errors else DONE


def _lines(paths: Sequence[str], settings: Settings, stdin: bytes | None, errors: list[Problem]) -> Iterator[str]:
    total, lang = _Sum(), settings.lang
    use = settings.llm if settings.llm in ("auto", "full") else "auto"
    model = settings.model
    if settings.llm == "off":
        yield message("dry-run.off", lang, use=use)
    elif model.configured:
        yield message("dry-run.endpoint", lang, endpoint=model.endpoint, model=model.model)
    else:
        yield message("dry-run.no-endpoint", lang)
    for item in pipeline.read_each(paths, settings, stdin):
        if isinstance(item, Filing) and item.form != "target_table":
            yield from _filing(item, settings, use, total)
        elif isinstance(item, Problem):
            errors.append(item)
    other = "full" if use == "auto" else "auto"
    counts = {"filings": total.filings, "questions": total.questions, "tokens": total.tokens}
    yield message("dry-run.total", lang, **counts, use=use, other=other, other_tokens=total.other)


def _filing(filing: Filing, settings: Settings, use: str, total: _Sum) -> Iterator[str]:
    from narrcheck.llm.ledger import tokens_of_messages
    from narrcheck.llm.plan import cost, planned
    from narrcheck.llm.questions import Material

    prepared, material = pipeline.prepare(filing, settings), Material.of(filing)
    rules = pipeline.speaking(settings)
    tasks = planned(material, prepared.claims, use == "full", rules)
    asked = [question for task in tasks.values() for question in task.questions]
    tokens = sum(tokens_of_messages(question.messages) for question in asked)
    facts = {"path": filing.source.path, "index": filing.source.index, "questions": len(asked), "tokens": tokens}
    yield ""
    yield "# " + message("dry-run.filing", settings.lang, **facts)
    for question in asked:
        task = message(f"task.{question.task}", settings.lang)
        yield f"\n## {task} ({question.task}, {tokens_of_messages(question.messages)} token)"
        yield from (f"[{part['role']}]\n{part['content']}" for part in question.messages)
    for task, left in tasks.items():
        if left.left_out:
            yield "\n" + trouble(Trouble(task, "too-long"), settings.lang)
    total.filings += 1
    total.questions += len(asked)
    total.tokens += tokens
    total.other += cost(material, prepared.claims, use != "full", rules)
