"""`narrcheck eval lint`: whether labels fit their filings."""

import argparse
import json

from narrcheck.catalogue import message
from narrcheck.commands import eval_fixtures, options, output
from narrcheck.evaluation.fixtures import Folder
from narrcheck.evaluation.labels import schema
from narrcheck.evaluation.lint import Problem, serious
from narrcheck.evaluation.lint import lint as problems_of

CLEAN, PROBLEMS = 0, 1


def lint(given: argparse.Namespace) -> int:
    """List what is wrong with the labels; exit code 1 where something is, 2 where there are no fixtures."""
    settings = options.settings(given)
    lang, path = settings.lang, output.target(given.output, settings.lang)
    if given.schema:
        output.write(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n", path, lang)
        return CLEAN
    if not given.folders:
        raise output.UsageError(message("eval.no-fixtures", lang))
    folders = eval_fixtures.folders(given.folders, None, lang)
    eval_fixtures.spare(given.output, folders, lang, given.config)
    problems = [problem for folder in folders for problem in problems_of(folder, settings)]
    as_json = given.format == "json" or (given.format is None and path is not None and path.suffix.lower() == ".json")
    text = _as_json(problems, lang) if as_json else _as_text(problems, folders, lang)
    output.write(text, path, lang)
    return PROBLEMS if serious(problems) else CLEAN


def _as_text(problems: list[Problem], folders: tuple[Folder, ...], lang: str) -> str:
    fixtures = sum(len(folder.fixtures) for folder in folders)
    across = sum(folder.across is not None for folder in folders)
    bad = len(serious(problems))
    lines = [eval_fixtures.told(problem, lang) for problem in problems]
    facts = {"fixtures": fixtures, "across": across, "serious": bad, "light": len(problems) - bad}
    return "\n".join([*lines, message("eval.linted", lang, **facts)]) + "\n"


def _as_json(problems: list[Problem], lang: str) -> str:
    found = [
        {
            "path": str(problem.path),
            "where": problem.where,
            "code": problem.key,
            "fact": problem.fact,
            "serious": problem.serious,
            "message": eval_fixtures.told(problem, lang),
        }
        for problem in problems
    ]
    return json.dumps({"schema": "narrcheck-lint/1", "problems": found}, ensure_ascii=False, indent=1) + "\n"
