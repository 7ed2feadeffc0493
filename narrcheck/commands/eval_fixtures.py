"""What the actions of `narrcheck eval` share: the fixtures they are given, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.commands import output
from narrcheck.evaluation.fixtures import FixtureError, Folder, find_folders
from narrcheck.evaluation.lint import Problem, lint, serious
from narrcheck.reading.inputs import printable
from narrcheck.reports.wording import shown
from narrcheck.settings import Settings

_LISTED = 20


def folders(paths: Sequence[str], suffix: str | None, lang: str) -> tuple[Folder, ...]:
    """The fixtures of the folders; UsageError, with file and place, where they cannot be used."""
    if suffix is not None and not suffix.startswith("."):
        suffix = f".{suffix}"
    try:
        return find_folders([Path(path) for path in paths], suffix.lower() if suffix else None)
    except FixtureError as error:
        raise output.UsageError(explained(error, lang)) from None


def spare(given: str | None, folders: Sequence[Folder], lang: str, *others: str | None) -> None:
    """UsageError where the file to write to is one of the fixtures', or one of the other files given."""
    inputs = [str(path) for folder in folders for path in folder.inputs()]
    output.target(given, lang, [*inputs, *(other for other in others if other)])


def explained(error: FixtureError, lang: str) -> str:
    """What is wrong with fixtures, as a sentence."""
    facts = {name: shown(fact) for name, fact in error.facts.items()}
    return message(f"eval.fixture.{error.key}", lang, path=printable(str(error.path)), **facts)


def told(problem: Problem, lang: str) -> str:
    """A problem of labels, as a sentence."""
    text = message(f"eval.lint.{problem.key}", lang, fact=shown(problem.fact))
    path = printable(str(problem.path))
    return message("eval.lint.line", lang, path=path, where=problem.where or "—", problem=text)


def listed(problems: Sequence[Problem], lang: str) -> Iterator[str]:
    """The first problems, a line each, and how many more there are."""
    yield from (told(problem, lang) for problem in problems[:_LISTED])
    if len(problems) > _LISTED:
        yield message("eval.more", lang, count=len(problems) - _LISTED)


def refused(problems: Iterable[Problem], lang: str) -> output.UsageError:
    """That labels do not fit their filings, with the places."""
    return output.UsageError("\n".join([message("eval.refused", lang), *listed(list(problems), lang)]))


def check(folders: Iterable[Folder], settings: Settings) -> None:
    """UsageError where labels certainly do not fit their filings."""
    problems = [problem for folder in folders for problem in serious(lint(folder, settings), certain=True)]
    if problems:
        raise refused(problems, settings.lang)
