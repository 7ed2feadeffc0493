"""`narrcheck eval run`: how good a system is over labelled fixtures, and whether it is better than another."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.commands import eval_fixtures, options, output
from narrcheck.commands.check import tell_of_model
from narrcheck.evaluation import report
from narrcheck.evaluation.across import score_across
from narrcheck.evaluation.changes import Change
from narrcheck.evaluation.compare import Comparison, compare
from narrcheck.evaluation.fixtures import Folder
from narrcheck.evaluation.gate import Broken, Floor, FloorError, broken, read_floors, stated
from narrcheck.evaluation.lint import lint, serious
from narrcheck.evaluation.result import Result, ResultError, read_result
from narrcheck.evaluation.run import evaluate, summed
from narrcheck.evaluation.systems import Live, Measured, Saved, SavedError
from narrcheck.evaluation.texts import Texts
from narrcheck.reports import View
from narrcheck.settings import Settings

DONE, BELOW, UNREAD = 0, 1, 3
FORMATS = ("terminal", "markdown", "json", "html")
_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json", ".md": "markdown", ".markdown": "markdown",
             ".txt": "markdown", "": "markdown"}  # fmt: skip
_USES = ("off", "auto", "full")
_LISTED = 50
SYSTEMS = "narrcheck-eval-systems/1"


def run(given: argparse.Namespace) -> int:
    """Evaluate and report; exit code 1 where a floor is not reached or, with --fail-on-lost, something was lost against
    the other system; 3 where a file could not be read."""
    settings = options.settings(given)
    lang = settings.lang
    path = output.target(given.output, lang, [*(given.answers or ()), *([given.against] if given.against else [])])
    chosen = _format(given, path, lang)
    if given.systems and (chosen == "html" or given.against or given.answers):
        raise output.UsageError(message("eval.systems-alone", lang))
    view = output.view(None if chosen in ("json", "html") else chosen, None if chosen else path, lang)
    floors = _floors(given, lang)
    folders = eval_fixtures.folders(given.folders, given.suffix, lang)
    _check(folders, given, settings)
    results = _results(folders, given, settings)
    first = results[0]
    comparison = None
    if given.against:
        comparison = compare(first, _other(given.against, folders, given, settings))
    below = broken(floors, first)
    output.write(_text(results, comparison, chosen, view, folders, settings), path, lang)
    lost = comparison.lost if comparison is not None and given.fail_on_lost else []
    _tell(first, below, lost, lang)
    if first.unread:
        return UNREAD
    return BELOW if below or lost else DONE


def _text(
    results: Sequence[Result],
    comparison: Comparison | None,
    chosen: str | None,
    view: View,
    folders: Sequence[Folder],
    settings: Settings,
) -> str:
    """The report in the format chosen; of several systems the table that sets them side by side."""
    if chosen == "json" and len(results) > 1:
        return f'{{"schema": "{SYSTEMS}", "systems": [\n{",".join(map(report.to_json, results))}]}}\n'
    if chosen == "json":
        return report.to_json(results[0], comparison)
    if chosen == "html":
        return report.page(results[0], comparison, Texts(folders, settings), settings.lang)
    if len(results) > 1:
        return report.beside(results, view, settings.lang)
    return report.render(results[0], comparison, view, settings.lang)


def _format(given: argparse.Namespace, path: Path | None, lang: str) -> str | None:
    if given.format is not None or path is None:
        chosen: str | None = given.format
        return chosen
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise output.UsageError(message("cli.output-suffix", lang, path=path, formats=", ".join(FORMATS)))
    return found


def _floors(given: argparse.Namespace, lang: str) -> list[Floor]:
    try:
        told = stated(given.fail_under or ())
        return told if given.floors is None else [*read_floors(Path(given.floors)), *told]
    except FloorError as error:
        raise output.UsageError(
            message(f"eval.floor.{error.key}", lang, **{"path": "--fail-under", **error.facts})
        ) from None
    except OSError as error:
        raise output.UsageError(
            message("eval.cannot-read", lang, path=given.floors, detail=error.strerror or error)
        ) from None


def _check(folders: Sequence[Folder], given: argparse.Namespace, settings: Settings) -> None:
    """UsageError where labels do not fit their filings."""
    if given.no_lint:
        return
    problems = [problem for folder in folders for problem in serious(lint(folder, settings), certain=True)]
    if problems:
        raise eval_fixtures.refused(problems, settings.lang)


def _results(folders: Sequence[Folder], given: argparse.Namespace, settings: Settings) -> list[Result]:
    """The evaluations asked for: of a saved output, of the systems of --systems, or of narrcheck as it is set."""
    if given.answers:
        return [_evaluated(folders, _saved([Path(name) for name in given.answers], settings))]
    if not given.systems:
        tell_of_model(settings, compare=False)
        return [_live(folders, settings)]
    names = [name.strip() for part in given.systems for name in part.split(",") if name.strip()]
    return [_live(folders, _named(name, given, settings), name) for name in names]


def _live(folders: Sequence[Folder], settings: Settings, name: str | None = None) -> Result:
    """narrcheck with these settings, also over folders with labels across filings."""
    found = evaluate(folders, Live(settings, name))
    across = [one for folder in folders for one in score_across(folder, settings)]
    if not across:
        return found
    both = summed([*found.filings, *across], found.folders)
    return both.model_copy(update={"system": found.system, "cost": found.cost})


def _evaluated(folders: Sequence[Folder], system: Measured) -> Result:
    return evaluate(folders, system)


def _saved(paths: Sequence[Path], settings: Settings) -> Saved:
    try:
        return Saved(paths, settings)
    except SavedError as error:
        facts = {"path": error.path, "reason": error.reason}
        raise output.UsageError(message("eval.no-output", settings.lang, **facts)) from None
    except OSError as error:
        facts = {"path": error.filename, "detail": error.strerror or error}
        raise output.UsageError(message("eval.cannot-read", settings.lang, **facts)) from None


def _other(name: str, folders: Sequence[Folder], given: argparse.Namespace, settings: Settings) -> Result:
    """The evaluation to compare with: a saved one, one of a saved output of `check`, or of another system."""
    path = Path(name)
    if not path.exists() and (name in _USES or name.startswith("profile:")):
        return _live(folders, _named(name, given, settings), name)
    try:
        return read_result(path)
    except ResultError as error:
        first = error.reason
    except OSError as error:
        facts = {"path": name, "detail": error.strerror or error}
        raise output.UsageError(message("eval.cannot-read", settings.lang, **facts)) from None
    try:
        return _evaluated(folders, Saved([path], settings))
    except SavedError:
        facts = {"path": name, "reason": first}
        raise output.UsageError(message("eval.no-result", settings.lang, **facts)) from None


def _named(name: str, given: argparse.Namespace, settings: Settings) -> Settings:
    """The settings of a system by its name: off, auto, full or profile:NAME. UsageError."""
    if name in _USES:
        changed = argparse.Namespace(**{**vars(given), "llm": name, "offline": False})
    elif name.startswith("profile:"):
        changed = argparse.Namespace(**{**vars(given), "profile": name.removeprefix("profile:")})
    else:
        raise output.UsageError(message("eval.no-system", settings.lang, name=name))
    found = options.settings(changed)
    if name in ("auto", "full") and found.model_use == "off":
        raise output.UsageError(message("eval.no-model", settings.lang, name=name))
    return found


def _tell(result: Result, below: Sequence[Broken], lost: Sequence[Change], lang: str) -> None:
    """Say on standard error what was not read, which floors are not reached, and what was lost."""
    for one in result.filings:
        if one.error is not None:
            output.say(message("eval.unread", lang, file=one.file, error=one.error))
    for item in below:
        value = "—" if item.value is None else f"{item.value:.4f}"
        key = "eval.above-ceiling" if item.floor.most else "eval.below-floor"
        output.say(message(key, lang, name=item.floor.name, value=value, limit=item.floor.limit))
    for change in lost[:_LISTED]:
        facts = {"file": change.file, "rule": change.key, "text": change.text or change.name}
        output.say(message(f"eval.lost.{change.now or 'gone'}", lang, **facts))
    if len(lost) > _LISTED:
        output.say(message("eval.more", lang, count=len(lost) - _LISTED))
