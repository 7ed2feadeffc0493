"""`narrcheck rules`: the rule catalogue, or one rule with its examples."""

import argparse
import json

from narrcheck.catalogue import message
from narrcheck.commands import options, output
from narrcheck.commands.tables import print_table
from narrcheck.reports.rulebook import facts, listing, page
from narrcheck.rules.registry import Rule, all_rules, find_rule
from narrcheck.settingsvalues import SETTINGS, nearest

OK = 0


def rules(given: argparse.Namespace) -> int:
    """Print the catalogue, or the rule of one code; UsageError for a code that is not listed."""
    settings = options.settings(given)
    path = output.target(given.output, settings.lang)
    view = output.view(given.format, path, settings.lang)
    chosen = [rule for rule in all_rules() if rule.code.startswith((given.code or "").strip().upper())]
    if given.code is not None and (len(chosen) == 1 or not chosen):
        rule = _rule(given.code, settings.lang)
        if view.format == "json":
            text = json.dumps(facts(rule, settings.lang, settings_of(rule)), ensure_ascii=False, indent=2) + "\n"
        else:
            text = page(rule, settings.lang, settings_of(rule))
    elif view.format == "json":
        catalogue = [facts(rule, settings.lang, settings_of(rule)) for rule in chosen]
        text = json.dumps({"rules": catalogue}, ensure_ascii=False, indent=2) + "\n"
    else:
        heads = [
            message(key, settings.lang) for key in ("rules.code", "rules.severity", "rules.name", "rules.statement")
        ]
        text = print_table(view, heads, listing(chosen, settings.lang))
    output.write(text, path, settings.lang)
    return OK


def settings_of(rule: Rule) -> list[str]:
    """The settings that a rule reads: the meaning of a limit opens with the code of its rule."""
    return [setting.name for setting in SETTINGS if message(setting.meaning, "en").startswith(f"{rule.code}:")]


def _rule(code: str, lang: str) -> Rule:
    rule = find_rule(code.strip().upper())
    if rule is None:
        closest = nearest(code, [rule.code for rule in all_rules()])
        raise output.UsageError(message("cli.unknown-rule", lang, code=code, nearest=closest))
    return rule
