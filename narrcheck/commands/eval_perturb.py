"""`narrcheck eval perturb`: plant faults and harmless rewrites, and tell what share of them comes out well."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from narrcheck.catalogue import message
from narrcheck.commands import eval_fixtures, options, output
from narrcheck.commands.tables import print_table
from narrcheck.evaluation.fixtures import FixtureError
from narrcheck.evaluation.perturb.faults import FAULTS
from narrcheck.evaluation.perturb.measure import (
    REWRITES,
    Families,
    Outcome,
    Share,
    by_family,
    by_kind,
    chosen,
    families,
    measure,
)
from narrcheck.evaluation.perturb.rewording import find_synonyms
from narrcheck.evaluation.perturb.rewrites import rewrites
from narrcheck.evaluation.perturb.subjects import subjects
from narrcheck.reports import View
from narrcheck.reports.wording import shown
from narrcheck.settings import Settings

DONE, UNREAD = 0, 3
_LISTED = 40
_LONGEST = 60


def perturb(given: argparse.Namespace) -> int:
    """Change the filings and check them; exit code 3 where an input could not be read.

    Of `given`: paths, seed and each (int), kinds (names joined by commas, or None), synonyms (a file, or None), and
    what every command has.
    """
    settings = replace(options.settings(given), waivers=())
    lang = settings.lang
    path = output.target(given.output, lang, [*given.paths, *([given.synonyms] if given.synonyms else [])])
    view = output.view(given.format, path, lang)
    makers, pairs = _makers(given, lang)
    try:
        found, problems = subjects(given.paths, settings, options.stdin(given.paths))
    except FixtureError as error:
        raise output.UsageError(eval_fixtures.explained(error, lang)) from None
    for problem in problems:
        output.say(shown(problem.message))
    if not found and not problems:
        raise output.UsageError(message("perturb.no-filing", lang))
    outcomes = list(measure(found, settings, makers, each=given.each, seed=given.seed))
    facts: dict[str, Any] = {"filings": len(found), "labelled": sum(subject.labelled for subject in found)}
    facts |= {"seed": given.seed, "each": given.each, "synonyms": None if pairs is None else str(pairs)}
    text = _as_json(outcomes, facts, settings) if view.format == "json" else _as_text(outcomes, facts, view, lang)
    output.write(text, path, lang)
    return UNREAD if problems else DONE


def _makers(given: argparse.Namespace, lang: str) -> tuple[Families, Path | None]:
    """The kinds asked for, and the file of synonyms where they are among them; UsageError for a kind that there is not,
    or where a number makes no sense."""
    if given.each < 1:
        raise output.UsageError(message("perturb.each", lang, each=given.each))
    pairs = Path(given.synonyms) if given.synonyms else find_synonyms(Path(path) for path in given.paths)
    known, without = rewrites(pairs)
    kinds = [kind.strip() for kind in (given.kinds or "").split(",") if kind.strip()]
    if without is not None:
        text = message(without.key, lang, fact=shown(without.fact))
        if given.synonyms or "synonyms" in kinds:
            raise output.UsageError(text)
        if not kinds:
            output.say(text)
    try:
        makers = chosen(families(known), kinds)
    except KeyError as error:
        names = ", ".join([*FAULTS, *known])
        raise output.UsageError(message("perturb.no-kind", lang, kind=shown(error.args[0]), kinds=names)) from None
    return makers, pairs if any("synonyms" in kinds for kinds in makers.values()) else None


def _as_text(outcomes: Sequence[Outcome], facts: Mapping[str, Any], view: View, lang: str) -> str:
    parts = [message("perturb.head", lang, **facts)]
    if facts["synonyms"] is not None:
        parts.append(message("perturb.synonyms-used", lang, path=shown(facts["synonyms"])))
    if outcomes:
        parts.append(print_table(view, _heads("family", lang), _rows(by_family(outcomes), "family", lang)).rstrip("\n"))
        parts.append(print_table(view, _heads("kind", lang), _rows(by_kind(outcomes), "kind", lang)).rstrip("\n"))
    parts += _missed(outcomes, view, lang)
    return "\n\n".join(parts) + "\n"


def _heads(first: str, lang: str) -> list[str]:
    return [message(f"perturb.column.{key}", lang) for key in (first, "filings", "made", "good", "share")]


def _rows(shares: Mapping[str, Share], what: str, lang: str) -> Iterator[list[str]]:
    for name, share in shares.items():
        told = message(f"perturb.{what}.{name}", lang)
        yield [told, str(share.filings), str(share.made), str(share.good), f"{share.share:.3f}"]


def _missed(outcomes: Sequence[Outcome], view: View, lang: str) -> Iterator[str]:
    """What did not come out well: the faults that were missed, then the rewrites that changed something."""
    bad = [outcome for outcome in outcomes if not outcome.good]
    for key, listed in (
        ("missed", [outcome for outcome in bad if outcome.family != REWRITES]),
        ("changed", [outcome for outcome in bad if outcome.family == REWRITES]),
    ):
        if listed:
            yield message(f"perturb.{key}", lang, count=len(listed))
            heads = [message(f"perturb.column.{name}", lang) for name in ("filing", "kind", "place", "passage", key)]
            yield print_table(view, heads, (_miss(outcome, lang) for outcome in listed[:_LISTED])).rstrip("\n")
        if len(listed) > _LISTED:
            yield message("perturb.more", lang, count=len(listed) - _LISTED)


def _miss(outcome: Outcome, lang: str) -> list[str]:
    variant = outcome.variant
    place = message(f"field.{variant.field}", lang) + (f" {variant.row}" if variant.row else "")
    passage = f"{_short(variant.before)} → {_short(variant.after)}"
    reported = "; ".join(map(_short, outcome.reported)) or message("perturb.nothing", lang)
    return [
        shown(outcome.filing),
        message(f"perturb.kind.{variant.kind}", lang),
        shown(place),
        shown(passage),
        shown(reported),
    ]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _as_json(outcomes: Sequence[Outcome], facts: Mapping[str, Any], settings: Settings) -> str:
    document = {
        "schema": "narrcheck-perturb/1",
        "profile": settings.profile,
        **facts,
        "families": {name: _share(share) for name, share in by_family(outcomes).items()},
        "kinds": {name: _share(share) for name, share in by_kind(outcomes).items()},
        "missed": [_outcome(outcome) for outcome in outcomes if not outcome.good],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _share(share: Share) -> dict[str, Any]:
    return {"filings": share.filings, "made": share.made, "good": share.good, "share": round(share.share, 4)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    variant = outcome.variant
    return {
        "filing": outcome.filing,
        "family": outcome.family,
        "kind": variant.kind,
        "field": variant.field,
        "row": variant.row,
        "before": variant.before,
        "after": variant.after,
        "rules": sorted(variant.rules),
        "reported": list(outcome.reported),
    }
