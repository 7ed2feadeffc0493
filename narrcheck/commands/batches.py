"""`narrcheck batch`: which of its actions is meant. Each is loaded only now."""

import argparse


def batch(given: argparse.Namespace) -> int:
    """Do one action of the batch; its exit code."""
    if given.action == "report":
        from narrcheck.commands.batch_report import report

        return report(given)
    if given.action == "decide":
        from narrcheck.commands.batch_decide import decide

        return decide(given)
    if given.action == "export":
        from narrcheck.commands.batch_export import export

        return export(given)
    from narrcheck.commands.batch import resume, run, show_status

    return {"run": run, "resume": resume, "status": show_status}[given.action](given)
