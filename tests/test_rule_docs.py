"""Every rule's docstring: its examples behave as printed, its statement is one sentence, its sentences exist."""

import ast
import importlib
import inspect
import pkgutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import narrcheck.rules
from narrcheck import catalogue
from narrcheck.brief import Example, read_doc
from narrcheck.filing import Finding, Severity
from narrcheck.rules.case import Case
from narrcheck.rules.engine import run_rules
from narrcheck.rules.registry import Rule, all_rules

CATALOGUE = {
    "N01": ("value-contradiction", Severity.ERROR),
    "N02": ("rounded-value", Severity.INFO),
    "N03": ("goal-shortfall", Severity.WARNING),
    "N04": ("goal-target-mismatch", Severity.WARNING),
    "N05": ("unreported-goal", Severity.WARNING),
    "N06": ("note-contradiction", Severity.ERROR),
    "N07": ("status-contradiction", Severity.ERROR),
    "N08": ("internal-contradiction", Severity.ERROR),
    "N09": ("period-mismatch", Severity.WARNING),
    "N10": ("empty-narrative", Severity.INFO),
    "N11": ("copied-goal", Severity.INFO),
    "F01": ("execution-rate-mismatch", Severity.ERROR),
    "F02": ("funds-score-mismatch", Severity.ERROR),
    "F03": ("funds-sum-mismatch", Severity.ERROR),
    "F04": ("narrative-funds-contradiction", Severity.ERROR),
    "F05": ("budget-changed", Severity.INFO),
    "S01": ("total-score-mismatch", Severity.ERROR),
    "S02": ("weights-sum", Severity.ERROR),
    "S03": ("score-over-weight", Severity.ERROR),
    "S04": ("full-score-missed-target", Severity.WARNING),
    "S05": ("unexplained-deduction", Severity.INFO),
    "S06": ("unexplained-shortfall", Severity.WARNING),
    "S07": ("grade-mismatch", Severity.ERROR),
    "S08": ("score-off-rule", Severity.WARNING),
    "S09": ("over-achievement", Severity.INFO),
    "S10": ("score-ahead-of-spending", Severity.INFO),
    "R01": ("duplicate-row", Severity.WARNING),
    "R02": ("sibling-contradiction", Severity.ERROR),
    "R03": ("unit-mismatch", Severity.ERROR),
    "R04": ("malformed-value", Severity.WARNING),
    "R05": ("actual-copies-target", Severity.INFO),
    "R06": ("status-for-count", Severity.INFO),
    "L01": ("goal-unanswered", Severity.WARNING),
    "L02": ("note-without-reason", Severity.WARNING),
    "L03": ("wording-contradiction", Severity.WARNING),
}
"""The public contract: a code keeps its name and severity."""

RULES = all_rules()
EXAMPLES = [(rule, example) for rule in RULES for example in read_doc(rule.doc).examples]


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{rule.code}-{i}" for i, (rule, _) in enumerate(EXAMPLES)]
)
def test_example_behaves_as_printed(rule: Rule, example: Example) -> None:
    from narrcheck.claims.offline import extract
    from narrcheck.linking import link

    filing = example.filing
    assert filing.form in rule.forms
    claims = link(filing, extract(filing).claims)
    findings, failures = run_rules(Case(filing, claims, judgements=example.judgements), [rule])
    assert not failures
    assert bool(findings) == example.faulty, example.text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_docstring_has_statement_and_both_kinds_of_example(rule: Rule) -> None:
    text = read_doc(rule.doc)
    assert text.statement.endswith("。") and "\n" not in text.statement
    assert {example.faulty for example in text.examples} == {True, False}


def test_catalogue_is_the_public_contract() -> None:
    assert {rule.code: (rule.name, rule.severity) for rule in RULES} == CATALOGUE


def test_rules_run_in_code_order() -> None:
    assert [rule.code for rule in RULES] == sorted(rule.code for rule in RULES)


def test_only_rows_rules_speak_on_target_tables() -> None:
    assert {rule.code for rule in RULES if "target_table" in rule.forms} == {"R01", "R03", "R04"}


def test_every_function_that_looks_like_a_rule_is_registered() -> None:
    """A generator of findings that takes a Case and nothing else is a rule, and must not be forgotten."""
    registered = {rule.check for rule in RULES}
    forgotten = []
    for info in pkgutil.iter_modules(narrcheck.rules.__path__, "narrcheck.rules."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != info.name or name.startswith("_") or function in registered:
                continue
            if function.__annotations__ == {"case": Case, "return": Iterator[Finding]}:
                forgotten.append(f"{info.name}.{name}")
    assert not forgotten


def test_every_finding_has_its_sentences() -> None:
    """Each key that a rule can state exists, with advice, in both languages, with the same placeholders."""
    entries = catalogue.entries()
    keys = [key for key in entries if key[:3] in CATALOGUE]
    assert {key[:3] for key in keys} == set(CATALOGUE)
    for key in keys:
        if key.endswith(".fix"):
            assert key.removesuffix(".fix") in entries
            continue
        assert f"{key}.fix" in entries
        names = [set(_placeholders(entries[key][lang])) for lang in catalogue.LANGUAGES]
        assert names[0] == names[1], key


def test_every_variant_in_the_code_has_its_sentences() -> None:
    entries = catalogue.entries()
    folder = Path(narrcheck.rules.__file__).parent
    for rule in RULES:
        source = folder / f"{inspect.getmodule(rule.check).__name__.rpartition('.')[2]}.py"  # type: ignore[union-attr]
        for variant in _literal_variants(source, rule.check.__name__):
            assert (f"{rule.code}.{variant}" if variant else rule.code) in entries, (rule.code, variant)


def _literal_variants(source: Path, function: str) -> set[str]:
    """The literal `variant=` arguments of case.finding calls inside one function."""
    tree = ast.parse(source.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "finding":
                    given = {k.arg: k.value for k in call.keywords}
                    value = given.get("variant", ast.Constant(""))
                    if isinstance(value, ast.Constant):
                        found.add(str(value.value))
    return found


def _placeholders(template: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]
