"""`narrcheck eval run`: how good a system is over labelled fixtures, and whether it is better than another."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from narrcheck.catalogue import message
from narrcheck.commands import eval_fixtures, options, output
from narrcheck.commands.check import tell_of_model
from narrcheck.evaluation import report
from narrcheck.evaluation.across import score_across
from narrcheck.evaluation.compare import Comparison, compare
from narrcheck.evaluation.fixtures import Folder
from narrcheck.evaluation.gate import Broken, Floor, FloorError, broken, read_floors, stated
from narrcheck.evaluation.report.wording import named
from narrcheck.evaluation.result import Result, ResultError, read_result
from narrcheck.evaluation.run import evaluate, summed
from narrcheck.evaluation.saved import SavedError
from narrcheck.evaluation.systems import Live, Saved
from narrcheck.evaluation.texts import Texts
from narrcheck.reports import View
from narrcheck.reports.wording import shown
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
    settings = replace(options.settings(given), waivers=())
    lang = settings.lang
    path = output.target(given.output, lang)
    chosen = _format(given, path, lang)
    _check_options(given, chosen, lang)
    printed = None if chosen in ("json", "html") else chosen
    view = output.view(printed, None if chosen else path, lang, given.verbose, given.quiet)
    floors = _floors(given, lang)
    folders = eval_fixtures.folders(given.folders, given.suffix, lang)
    others = (given.against, given.floors, given.config, given.record, given.replay)
    eval_fixtures.spare(given.output, folders, lang, *(given.answers or ()), *others)
    if not given.no_lint:
        eval_fixtures.check(folders, settings)
    results = _results(folders, given, settings)
    first = results[0]
    comparison = None
    if given.against:
        comparison = compare(first, _other(given.against, folders, given, settings))
    below = broken(floors, first)
    output.write(_text(results, comparison, chosen, view, folders, settings), path, lang)
    _tell(first, below, lang)
    worse = given.fail_on_lost and comparison is not None and _tell_lost(comparison, lang)
    if first.unread:
        return UNREAD
    return BELOW if below or worse else DONE


def _check_options(given: argparse.Namespace, chosen: str | None, lang: str) -> None:
    """UsageError for options that make no sense together."""
    if given.systems is not None and (chosen == "html" or given.against or given.answers):
        raise output.UsageError(message("eval.systems-alone", lang))
    if given.fail_on_lost and not given.against:
        raise output.UsageError(message("eval.needs-against", lang))


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


def _results(folders: Sequence[Folder], given: argparse.Namespace, settings: Settings) -> list[Result]:
    """The evaluations asked for: of a saved output, of the systems of --systems, or of narrcheck as it is set."""
    if given.answers:
        try:
            return [_saved(folders, [Path(name) for name in given.answers], settings)]
        except SavedError as error:
            raise _refused(error, settings.lang) from None
    if given.systems is None:
        tell_of_model(settings, compare=False)
        return [_live(folders, settings)]
    names = [name.strip() for part in given.systems for name in part.split(",") if name.strip()]
    if not names:
        raise output.UsageError(message("eval.no-systems", settings.lang))
    return [_live(folders, _named(name, given, settings), name) for name in names]


def _live(folders: Sequence[Folder], settings: Settings, name: str | None = None) -> Result:
    """narrcheck with these settings, also over folders with labels across filings."""
    if not any(folder.across for folder in folders):
        return evaluate(folders, Live(settings, name))
    found = evaluate(folders, Live(settings, name), resample=False)
    across = [one for folder in folders for one in score_across(folder, settings)]
    both = summed([*found.filings, *across], found.folders)
    return both.model_copy(update={"system": found.system, "cost": found.cost})


def _saved(folders: Sequence[Folder], paths: Sequence[Path], settings: Settings) -> Result:
    """The evaluation of saved output. SavedError; UsageError where a file cannot be read."""
    try:
        return evaluate(folders, Saved(paths, settings))
    except OSError as error:
        facts = {"path": error.filename, "detail": error.strerror or error}
        raise output.UsageError(message("eval.cannot-read", settings.lang, **facts)) from None


def _refused(error: SavedError, lang: str) -> output.UsageError:
    return output.UsageError(message(f"eval.{error.key}", lang, path=error.path, reason=shown(error.reason)))


def _other(name: str, folders: Sequence[Folder], given: argparse.Namespace, settings: Settings) -> Result:
    """The evaluation to compare with: a saved one, one of a saved output of `check`, or of another system."""
    path, lang = Path(name), settings.lang
    if not path.exists() and (name in _USES or name.startswith("profile:")):
        return _live(folders, _named(name, given, settings), name)
    try:
        return read_result(path)
    except ResultError as error:
        if not error.foreign:
            raise output.UsageError(message("eval.no-result", lang, path=name, reason=shown(error.reason))) from None
    except OSError as error:
        facts = {"path": name, "detail": error.strerror or error}
        raise output.UsageError(message("eval.cannot-read", lang, **facts)) from None
    try:
        return _saved(folders, [path], settings)
    except SavedError as error:
        key = "no-result" if error.key == "no-output" else error.key
        raise output.UsageError(message(f"eval.{key}", lang, path=name, reason=shown(error.reason))) from None


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


def _tell(result: Result, below: Sequence[Broken], lang: str) -> None:
    """Say on standard error what was not read, and which floors are not reached."""
    for one in result.filings:
        if one.error is not None:
            output.say(message("eval.unread", lang, file=shown(one.file), error=shown(named("error", one.error, lang))))
    for item in below:
        value = "—" if item.value is None else f"{item.value:.4f}"
        key = "eval.above-ceiling" if item.floor.most else "eval.below-floor"
        output.say(message(key, lang, name=item.floor.name, value=value, limit=item.floor.limit))


def _tell_lost(comparison: Comparison, lang: str) -> bool:
    """Say on standard error what was lost, and what could not be compared any more; whether there was anything."""
    for change in comparison.lost[:_LISTED]:
        facts = {"file": change.file, "rule": change.key, "text": change.text or change.name}
        facts = {name: shown(fact) for name, fact in facts.items()}
        output.say(message(f"eval.lost.{change.now or 'gone'}", lang, **facts))
    if len(comparison.lost) > _LISTED:
        output.say(message("eval.more", lang, count=len(comparison.lost) - _LISTED))
    if comparison.only_old:
        output.say(message("eval.only-old", lang, files=shown(", ".join(comparison.only_old[:_LISTED]))))
    unshared = comparison.verdict == "nothing-shared"
    if unshared:
        output.say(message("eval.nothing-shared", lang))
    return bool(comparison.lost or comparison.only_old or unshared)
