"""The rule catalogue as text: `narrcheck rules`, `narrcheck rules CODE` and docs/rules.md are this one text."""

from collections.abc import Iterable, Iterator
from typing import Any

from narrcheck.brief import read_doc
from narrcheck.catalogue import entries, message
from narrcheck.rules.registry import Rule


def listing(rules: Iterable[Rule], lang: str) -> list[list[str]]:
    """Code, severity, name and statement of each rule."""
    return [[rule.code, _severity(rule, lang), rule.name, read_doc(rule.doc).statement] for rule in rules]


def page(rule: Rule, lang: str, settings: Iterable[str] = ()) -> str:
    """One rule as Markdown: statement, what it says, the settings it reads, and forms with and without the finding."""
    return "\n".join(_page(rule, lang, settings))


def facts(rule: Rule, lang: str, settings: Iterable[str] = ()) -> dict[str, Any]:
    """One rule as data."""
    text = read_doc(rule.doc)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.label,
        "forms": list(rule.forms),
        "statement": text.statement,
        "details": text.details,
        "messages": _messages(rule, lang),
        "settings": list(settings),
        "examples": [{"finding": example.faulty, "form": example.text} for example in text.examples],
    }


def _page(rule: Rule, lang: str, settings: Iterable[str]) -> Iterator[str]:
    separator = message("label.separator", lang)
    text = read_doc(rule.doc)
    yield from (f"## {rule.code} {rule.name}", "", text.statement, "")
    if text.details:
        yield from (text.details, "")
    yield f"- {message('rules.severity', lang)}{separator}{_severity(rule, lang)}"
    forms = (message(f"form.{form}", lang) for form in rule.forms)
    yield f"- {message('rules.forms', lang)}{separator}{', '.join(forms)}"
    names = [f"`{name}`" for name in settings]
    if names:
        yield f"- {message('rules.settings', lang)}{separator}{', '.join(names)}"
    for sentence, suggestion in _messages(rule, lang):
        yield f"- {message('rules.message', lang)}{separator}{sentence}"
        yield f"- {message('rules.suggestion', lang)}{separator}{suggestion}"
    for key, faulty in (("rules.faulty", True), ("rules.sound", False)):
        forms_shown = [example.text for example in text.examples if example.faulty is faulty]
        if forms_shown:
            yield from ("", f"{message(key, lang)}{separator}")
        for form in forms_shown:
            yield from ("", "```", form, "```")
    yield ""


def _messages(rule: Rule, lang: str) -> list[list[str]]:
    """What the rule says and suggests, with its placeholders; a rule with variants has several."""
    known = entries()
    keys = [key for key in known if (key == rule.code or key.startswith(f"{rule.code}.")) and f"{key}.fix" in known]
    return [[known[key][lang], known[f"{key}.fix"][lang]] for key in keys]


def _severity(rule: Rule, lang: str) -> str:
    return message(f"severity.{rule.severity.label}", lang)
