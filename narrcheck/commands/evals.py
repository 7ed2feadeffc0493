"""`narrcheck eval`: which of its actions is meant. Each is loaded only now."""

import argparse


def evaluate(given: argparse.Namespace) -> int:
    """Do one action of the evaluation; its exit code."""
    if given.action == "lint":
        from narrcheck.commands.eval_lint import lint

        return lint(given)
    if given.action == "perturb":
        from narrcheck.commands.eval_perturb import perturb

        return perturb(given)
    if given.action == "ablate":
        from narrcheck.commands.eval_ablate import ablate

        return ablate(given)
    from narrcheck.commands.eval_run import run

    return run(given)
