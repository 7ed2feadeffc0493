"""The command line of `narrcheck eval`."""

from narrcheck.commands.parsing import Parser, both, model, output, settings, settings_file


def fill(command: Parser) -> None:
    """Add the actions of `eval` to its parser."""
    actions = command.add_subparsers(
        dest="action", required=True, metavar="ACTION", title=both("help.group.commands"), parser_class=Parser
    )
    for name, fill_action in (("run", _run), ("lint", _lint), ("perturb", _perturb), ("ablate", _ablate)):
        fill_action(actions.add_parser(name, help=both(f"help.eval.{name}"), description=both(f"help.eval.{name}")))


def _fixtures(command: Parser, nargs: str = "+") -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("folders", nargs=nargs, metavar="FIXTURES", help=both("help.fixtures"))


def _run(command: Parser) -> None:
    _fixtures(command)
    group = command.add_argument_group(both("help.group.eval"))
    group.add_argument("--suffix", metavar="SUFFIX", help=both("help.suffix"))
    group.add_argument("--no-lint", action="store_true", help=both("help.no-lint"))
    group.add_argument("--answers", action="append", metavar="FILE", help=both("help.answers"))
    group.add_argument("--systems", action="append", metavar="NAMES", help=both("help.systems"))
    group.add_argument("--against", metavar="SYSTEM", help=both("help.against"))
    group.add_argument("--fail-on-lost", action="store_true", help=both("help.fail-on-lost"))
    group.add_argument("--floors", metavar="FILE", help=both("help.floors"))
    group.add_argument("--fail-under", action="append", metavar="LIMIT", help=both("help.fail-under"))
    shown = output(command, ("terminal", "markdown", "json", "html"))
    shown.add_argument("-v", "--verbose", action="store_true", help=both("help.eval-verbose"))
    shown.add_argument("-q", "--quiet", action="store_true", help=both("help.eval-quiet"))
    settings(command, fail_on=False)
    model(command)


def _lint(command: Parser) -> None:
    _fixtures(command, nargs="*")
    command.other.add_argument("--schema", action="store_true", help=both("help.schema"))
    output(command, ("terminal", "markdown", "json"))
    settings_file(command)


def _perturb(command: Parser) -> None:
    group = command.add_argument_group(both("help.group.input"))
    group.add_argument("paths", nargs="+", metavar="PATH", help=both("help.perturbed"))
    group = command.add_argument_group(both("help.group.eval"))
    group.add_argument("--kinds", metavar="NAMES", help=both("help.kinds"))
    group.add_argument("--each", type=int, default=2, metavar="N", help=both("help.each"))
    group.add_argument("--seed", type=int, default=0, metavar="N", help=both("help.seed"))
    group.add_argument("--synonyms", metavar="FILE", help=both("help.synonyms"))
    output(command, ("terminal", "markdown", "json"))
    settings(command, fail_on=False)


def _ablate(command: Parser) -> None:
    _fixtures(command)
    group = command.add_argument_group(both("help.group.eval"))
    group.add_argument("--suffix", metavar="SUFFIX", help=both("help.suffix"))
    output(command, ("terminal", "markdown", "json"))
    settings(command, fail_on=False)
    model(command)
