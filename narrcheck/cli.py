"""The command line: options in, exit code out. The commands themselves are in narrcheck/commands."""

import os
import sys
from collections.abc import Sequence
from typing import Any

from narrcheck.catalogue import LANGUAGES
from narrcheck.commands import eval_parser
from narrcheck.commands.output import UsageError, say, use_utf8
from narrcheck.commands.parsing import Parser, both, inputs, model, output, settings, settings_file
from narrcheck.llm.trouble import RecordingError
from narrcheck.reports import FORMATS, PARSED

OK, WRONG_USE, INTERRUPTED = 0, 2, 130
_TOLD = {"compare": "compare-reports", "template": "template-command"}
"""The help texts of commands whose names are those of options too."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code (0, 1, 2 or 3; 130 after Ctrl-C)."""
    use_utf8()
    try:
        options = parser().parse_args(argv)
        code: int = _command(options.command)(options)
        sys.stdout.flush()
        return code
    except (UsageError, RecordingError) as error:
        say(str(error))
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report has seen enough; the interpreter must not try to flush the rest at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _command(name: str) -> Any:
    """The function behind a command, its module loaded only now."""
    if name == "check":
        from narrcheck.commands.check import check

        return check
    if name == "compare":
        from narrcheck.commands.compare import compare

        return compare
    if name == "template":
        from narrcheck.commands.template import template

        return template
    if name == "parse":
        from narrcheck.commands.parse import parse

        return parse
    if name == "rules":
        from narrcheck.commands.rules import rules

        return rules
    if name == "batch":
        from narrcheck.commands.batches import batch

        return batch
    if name == "eval":
        from narrcheck.commands.evals import evaluate

        return evaluate
    from narrcheck.commands.config import config

    return config


def parser() -> Parser:
    """The whole command line."""
    from narrcheck import __version__

    top = Parser(prog="narrcheck", description=both("help.program"), epilog=both("help.exit-codes"))
    top.other.add_argument("--version", action="version", version=f"narrcheck {__version__}", help=both("help.version"))
    commands = top.add_subparsers(
        dest="command", required=True, metavar="COMMAND", title=both("help.group.commands"), parser_class=Parser
    )
    fillings = (
        ("check", _check), ("compare", _compare), ("parse", _parse), ("batch", _batch), ("eval", eval_parser.fill),
        ("rules", _rules), ("template", _template), ("config", _config),
    )  # fmt: skip
    for name, fill in fillings:
        told = both(f"help.{_TOLD.get(name, name)}")
        fill(commands.add_parser(name, help=told, description=told))
    return top


def _check(command: Parser) -> None:
    inputs(command).add_argument("--against", metavar="OLD", help=both("help.against-earlier"))
    shown = output(command, FORMATS, mask=True, folder=True)
    shown.add_argument("-v", "--verbose", action="store_true", help=both("help.verbose"))
    shown.add_argument("-q", "--quiet", action="store_true", help=both("help.quiet"))
    shown.add_argument("--compare", action="store_true", help=both("help.compare"))
    shown.add_argument("--template", metavar="FILE", help=both("help.template"))
    shown.add_argument("--decisions", metavar="URL", help=both("help.decisions"))
    settings(command)
    model(command).add_argument("--llm-dry-run", action="store_true", help=both("help.dry-run"))


def _compare(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("old", metavar="OLD", help=both("help.old"))
    group.add_argument("new", metavar="NEW", help=both("help.new"))
    shown = output(command, FORMATS, mask=True, folder=True)
    shown.add_argument("-v", "--verbose", action="store_true", help=both("help.verbose"))
    shown.add_argument("-q", "--quiet", action="store_true", help=both("help.quiet"))
    shown.add_argument("--template", metavar="FILE", help=both("help.template"))
    settings(command)


def _template(command: Parser) -> None:
    command.add_argument("-o", "--output", required=True, metavar="FILE", help=both("help.template-output"))
    command.add_argument("--lang", choices=LANGUAGES, help=both("help.lang"))
    settings_file(command)


def _parse(command: Parser) -> None:
    inputs(command)
    output(command, PARSED, mask=True)
    settings_file(command)


def _batch(command: Parser) -> None:
    actions = command.add_subparsers(
        dest="action", required=True, metavar="ACTION", title=both("help.group.commands"), parser_class=Parser
    )
    fillings = (
        ("run", _batch_run), ("status", _batch_output), ("resume", _batch_resume), ("report", _batch_report),
        ("decide", _batch_decide), ("export", _batch_export),
    )  # fmt: skip
    for name, fill in fillings:
        action = actions.add_parser(name, help=both(f"help.batch.{name}"), description=both(f"help.batch.{name}"))
        fill(action)
        action.add_argument("--store", metavar="URL", help=both("help.store"))


def _batch_run(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("folder", metavar="FOLDER", help=both("help.folder"))
    _batch_output(command, settings=False)
    settings(command)
    command.add_argument("--again", action="store_true", help=both("help.again"))
    _batch_work(command)


def _batch_resume(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("folder", nargs="?", metavar="FOLDER", help=both("help.resume-folder"))
    _batch_output(command, settings=False)
    settings(command)
    command.add_argument("--degraded", action="store_true", help=both("help.degraded"))
    _batch_work(command)


def _batch_work(command: Parser) -> None:
    command.add_argument("--jobs", metavar="N", help=both("help.jobs"))
    command.add_argument("--engine", choices=("local", "ray"), help=both("help.engine"))
    command.add_argument("--address", metavar="ADDRESS", help=both("help.address"))
    command.add_argument("--mask", action="store_const", const="yes", help=both("help.mask"))
    command.add_argument("-q", "--quiet", action="store_true", help=both("help.batch-quiet"))
    command.add_argument("--max-tokens", metavar="N", help=both("help.max-tokens"))
    command.add_argument("--max-requests", metavar="N", help=both("help.max-requests"))


def _batch_output(
    command: Parser,
    formats: Sequence[str] = ("terminal", "markdown", "json"),
    settings: bool = True,
    told: str = "help.format",
) -> None:
    output(command, formats, told=told)
    if settings:
        settings_file(command)


def _batch_report(command: Parser) -> None:
    _batch_output(command, ("terminal", "markdown", "json", "html", "xlsx"))
    command.add_argument("--limit", type=int, default=30, metavar="N", help=both("help.limit"))


def _batch_decide(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("finding", metavar="FINDING", help=both("help.finding"))
    group.add_argument("verdict", choices=("confirm", "dismiss"), help=both("help.verdict"))
    group.add_argument("--why", required=True, metavar="TEXT", help=both("help.why"))
    group.add_argument("--who", metavar="NAME", help=both("help.who"))
    command.add_argument("--lang", choices=LANGUAGES, help=both("help.lang"))
    settings_file(command)


def _batch_export(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("folder", nargs="?", metavar="FOLDER", help=both("help.export-folder"))
    group.add_argument("--labels", action="store_true", help=both("help.labels"))
    _batch_output(command, ("jsonl", "json", "parquet", "xlsx"), told="help.export-format")


def _rules(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("code", nargs="?", metavar="CODE", help=both("help.code"))
    output(command, ("terminal", "markdown", "json"))
    settings_file(command)


def _config(command: Parser) -> None:
    output(command, ("terminal", "markdown", "json"))
    settings(command)
