"""The options that several commands share, and a parser that explains itself in both languages."""

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NoReturn

from narrcheck.catalogue import LANGUAGES, message
from narrcheck.commands.output import say

WRONG_USE = 2
FAIL_ON = ("error", "warning", "info", "never")
MODEL_USE = ("auto", "full", "off")


class Parser(argparse.ArgumentParser):
    """A parser that explains itself in Chinese first and English behind it, and refuses abbreviated options."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **options)
        self._given: list[str] = []
        self.other = self.add_argument_group(both("help.group.other"))
        self.other.add_argument("-h", "--help", action="help", help=both("help.help"))

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse has it; the language asked for is known to what is said of a wrong command line."""
        self._given = sys.argv[1:] if args is None else list(args)
        return super().parse_known_args(self._given, namespace)

    def error(self, detail: str) -> NoReturn:
        english = "--lang=en" in self._given or ("--lang", "en") in pairwise(self._given)
        say(message("cli.usage", "en" if english else "zh", detail=detail, program=self.prog))
        raise SystemExit(WRONG_USE)


class _Formatter(argparse.HelpFormatter):
    """Wide enough that no Chinese line is broken; options keep a column of their own."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=34, width=110)


def both(key: str) -> str:
    """A help text in both languages."""
    return f"{message(key, 'zh')} / {message(key, 'en')}".replace("%", "%%")


def model(command: Parser) -> Any:
    """The options of a language model; the group, to be added to."""
    group = command.add_argument_group(both("help.group.model"))
    group.add_argument("--max-tokens", metavar="N", help=both("help.max-tokens"))
    group.add_argument("--max-requests", metavar="N", help=both("help.max-requests"))
    group.add_argument("--record", metavar="FILE", help=both("help.record"))
    group.add_argument("--replay", metavar="FILE", help=both("help.replay"))
    return group


def inputs(command: Parser) -> Any:
    """Files, folders or standard input; the group, to be added to."""
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("paths", nargs="+", metavar="PATH", help=both("help.paths"))
    return group


def output(
    command: Parser, formats: Sequence[str], mask: bool = False, told: str = "help.format", folder: bool = False
) -> Any:
    """Format, file (or `folder`) and language of what is written; the group, to be added to."""
    group = command.add_argument_group(both("help.group.output"))
    group.add_argument("--format", choices=formats, help=both(told))
    group.add_argument("-o", "--output", metavar="FILE", help=both("help.output-folder" if folder else "help.output"))
    group.add_argument("--lang", choices=LANGUAGES, help=both("help.lang"))
    if mask:
        group.add_argument("--mask", action="store_const", const="yes", help=both("help.mask"))
    return group


def settings_file(command: Parser) -> Any:
    """The file of settings; the group, to be added to."""
    group = command.add_argument_group(both("help.group.rules"))
    group.add_argument("--config", metavar="FILE", help=both("help.config-file"))
    return group


def settings(command: Parser, fail_on: bool = True) -> None:
    """The settings that a command line may override."""
    group = settings_file(command)
    group.add_argument("--select", action="append", metavar="CODES", help=both("help.select"))
    group.add_argument("--ignore", action="append", metavar="CODES", help=both("help.ignore"))
    group.add_argument("--profile", metavar="NAME", help=both("help.profile"))
    if fail_on:
        group.add_argument("--fail-on", choices=FAIL_ON, help=both("help.fail-on"))
    group.add_argument("--llm", choices=MODEL_USE, help=both("help.llm"))
    group.add_argument("--offline", action="store_true", help=both("help.offline"))
