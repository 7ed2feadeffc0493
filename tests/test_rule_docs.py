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
from narrcheck.claims.offline import extract
from narrcheck.filing import Finding, Severity
from narrcheck.linking import link
from narrcheck.rules.across import across_unit
from narrcheck.rules.across.members import CrossFinding, Group, Member
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
    "X01": ("copied-narrative", Severity.WARNING),
    "X02": ("cross-filing-contradiction", Severity.ERROR),
    "X03": ("target-changed", Severity.WARNING),
    "X04": ("target-lowered", Severity.INFO),
    "X05": ("output-counted-twice", Severity.WARNING),
}
"""The public contract: a code keeps its name and severity."""

RULES = all_rules()
RULE_TYPES = (
    {"case": Case, "return": Iterator[Finding]},
    {"group": Group, "return": Iterator[CrossFinding]},
)
EXAMPLES = [(rule, example) for rule in RULES for example in read_doc(rule.doc).examples]
SINGLE = [(rule, example) for rule, example in EXAMPLES if rule.across is None]
ACROSS = [(rule, example) for rule, example in EXAMPLES if rule.across is not None]


def members(example: Example) -> list[Member]:
    """The filings of an example as members of a batch, with their claims linked."""
    return [Member(key, filing, link(filing, extract(filing).claims)) for key, filing in enumerate(example.filings)]


@pytest.mark.parametrize(("rule", "example"), SINGLE, ids=[f"{rule.code}-{i}" for i, (rule, _) in enumerate(SINGLE)])
def test_example_behaves_as_printed(rule: Rule, example: Example) -> None:
    filing = example.filing
    assert filing.form in rule.forms
    claims = link(filing, extract(filing).claims)
    findings, failures = run_rules(Case(filing, claims, judgements=example.judgements), [rule])
    assert not failures
    assert bool(findings) == example.faulty, example.text


@pytest.mark.parametrize(("rule", "example"), ACROSS, ids=[f"{rule.code}-{i}" for i, (rule, _) in enumerate(ACROSS)])
def test_example_across_filings_behaves_as_printed(rule: Rule, example: Example) -> None:
    findings, failures = across_unit(members(example), rules=[rule.code])
    assert not failures
    assert bool(findings) == example.faulty, example.text


@pytest.mark.parametrize(("rule", "example"), ACROSS, ids=[f"{rule.code}-{i}" for i, (rule, _) in enumerate(ACROSS)])
def test_no_other_rule_across_filings_speaks_on_the_example(rule: Rule, example: Example) -> None:
    every = [known.code for known in RULES if known.across is not None]
    findings, _ = across_unit(members(example), rules=every)
    assert {found.finding.rule for found in findings} <= {rule.code}, example.text


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
    alone = {rule.code for rule in RULES if "target_table" in rule.forms and rule.across is None}
    assert alone == {"R01", "R03", "R04"}


def test_every_function_that_looks_like_a_rule_is_registered() -> None:
    """A generator of findings that takes a Case or a Group and nothing else is a rule, and must not be forgotten."""
    registered = {rule.across or rule.check for rule in RULES}
    forgotten = []
    for info in pkgutil.walk_packages(narrcheck.rules.__path__, "narrcheck.rules."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != info.name or name.startswith("_") or function in registered:
                continue
            if function.__annotations__ in RULE_TYPES:
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
    for rule in RULES:
        check = rule.across or rule.check
        for variant in _literal_variants(Path(inspect.getfile(check)), check.__name__):
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
