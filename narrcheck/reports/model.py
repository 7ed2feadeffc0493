"""What the reports say about the language model: cost, trouble, authors, and both sides beside each other."""

from collections.abc import Iterator
from typing import Any

from narrcheck.advice import Advice, ModelUse, Trouble
from narrcheck.catalogue import message
from narrcheck.filing import Checked, Claim, Finding
from narrcheck.reports.wording import claim_place, claim_row, claim_value, shown


def trouble(item: Trouble, lang: str) -> str:
    """Why a task got no answer."""
    task = message(f"task.{item.task}", lang)
    return message("model.trouble", lang, task=task, reason=_reason(item, lang))


def _reason(item: Trouble, lang: str) -> str:
    facts = {key: shown(str(value)) for key, value in item.facts.items()}
    if item.code == "gone":
        facts["reason"] = message(f"llm.{facts['last']}", lang, **facts).strip()
    return message(f"llm.{item.code}", lang, **facts).strip()


def troubles(advice: Advice, lang: str) -> str:
    """All troubles of a filing, each reason once with its tasks."""
    tasks: dict[str, dict[str, None]] = {}
    for item in advice.troubles:
        tasks.setdefault(_reason(item, lang), {})[message(f"task.{item.task}", lang)] = None
    between = message("model.between-tasks", lang)
    told = (message("model.trouble", lang, task=between.join(names), reason=why) for why, names in tasks.items())
    return message("model.between-troubles", lang).join(told)


def stopped(model: ModelUse, lang: str) -> str:
    """Why the model was no longer asked."""
    assert model.stopped is not None
    return message("model.stopped", lang, reason=_reason(model.stopped, lang))


def filing_lines(checked: Checked, lang: str) -> Iterator[str]:
    """What a filing's section says about the model's part, where something went wrong with it."""
    advice = checked.advice
    if advice is None:
        return
    if advice.troubles:
        yield message("model.filing-degraded", lang, troubles=troubles(advice, lang))
    dropped = sum(advice.dropped.values())
    if dropped:
        yield message("model.dropped", lang, count=dropped)


def run_lines(model: ModelUse, lang: str) -> Iterator[str]:
    """Which model was used and what it cost, at the end of a report."""
    facts = {"use": model.use, "mode": model.mode, "prompts": model.prompts}
    yield message("model.run", lang, model=shown(model.model), endpoint=shown(model.endpoint), **facts)
    usage = model.usage
    estimated = message("model.estimated", lang, count=usage.estimated) if usage.estimated else ""
    counts = {"requests": usage.requests, "cached": usage.cached, "sent": usage.sent, "received": usage.received}
    yield message("model.cost", lang, **counts, estimated=estimated, money=_money(model, lang))
    if model.replayed is not None:
        yield message("model.replayed", lang, path=shown(model.replayed))
    if model.not_recorded:
        yield message("model.not-recorded", lang, count=model.not_recorded)
    if model.use == "auto" and model.full_tokens:
        share = max(0, round(100 * (1 - model.sent_tokens / model.full_tokens)))
        facts_saved = {"asked": model.sent_tokens, "full": model.full_tokens, "share": share}
        yield message("model.saved", lang, **facts_saved)
    if model.degraded:
        yield message("model.degraded", lang, count=model.degraded)
    if model.stopped is not None:
        yield stopped(model, lang)
    if model.cache is not None:
        yield message("model.cache", lang, detail=shown(model.cache))
    if model.record is not None:
        yield message("model.record", lang, detail=shown(model.record))


def _money(model: ModelUse, lang: str) -> str:
    """What the tokens come to at the prices of the settings, to four decimals; empty without prices."""
    if model.cost is None or model.price is None:
        return ""
    return message("model.money", lang, amount=f"{model.cost:.4f}", currency=shown(model.price.currency))


def _cost_to_json(model: ModelUse) -> dict[str, str] | None:
    if model.cost is None or model.price is None:
        return None
    return {"amount": format(model.cost, "f"), "currency": model.price.currency}


def by_model(finding: Finding, lang: str) -> str:
    """A remark behind a finding that rests on the model's word alone; the messages of the L rules say so themselves."""
    return message("report.by-model", lang) if finding.by == "llm" and not finding.rule.startswith("L") else ""


def comparison(checked: Checked, lang: str) -> Iterator[tuple[str, list[str], list[tuple[str, ...]]]]:
    """What the model changed, as tables with heading and column heads: claims that differ, and all findings."""
    keys = ("claims.place", "claims.quote", "compare.offline", "compare.model", "compare.by")
    claims = list(_compared_claims(checked, lang))
    if claims:
        yield message("compare.claims", lang), [message(key, lang) for key in keys], claims
    heads = [message(key, lang) for key in ("rules.code", "compare.by", "compare.message")]
    findings: list[tuple[str, ...]] = [_told_by(finding, lang) for finding in checked.findings]
    if findings:
        yield message("compare.findings", lang), heads, findings


def _compared_claims(checked: Checked, lang: str) -> Iterator[tuple[str, ...]]:
    """The claims that the model confirmed or changed: place, quote, value and row on either side, who says so."""
    alone = {_key(claim): claim for claim in checked.alone[0]}
    for claim in checked.claims:
        own = alone.get(_key(claim))
        if claim.by != "offline" or own is None or own.row != claim.row:
            place, author = claim_place(claim, checked.filing, lang), message(f"author.{claim.by}", lang)
            yield place, shown(claim.quote), _side(own, checked, lang), _side(claim, checked, lang), author


def _told_by(finding: Finding, lang: str) -> tuple[str, ...]:
    said = shown(finding.message + by_model(finding, lang))
    return f"{finding.rule} {finding.id}", message(f"author.{finding.by}", lang), said


def _key(claim: Claim) -> tuple[str, int | None, int]:
    return claim.field, claim.in_row, claim.number_start


def _side(claim: Claim | None, checked: Checked, lang: str) -> str:
    if claim is None:
        return message("compare.none", lang)
    return f"{claim_value(claim, lang)} → {claim_row(claim, checked.filing, lang)}"


def use_to_json(model: ModelUse, lang: str) -> dict[str, Any]:
    """The run's use of the model."""
    usage = model.usage
    return {
        "model": model.model,
        "endpoint": model.endpoint,
        "use": model.use,
        "mode": model.mode,
        "prompts": model.prompts,
        "requests": usage.requests,
        "cached": usage.cached,
        "tokens": {"sent": usage.sent, "received": usage.received, "estimated": usage.estimated},
        "seconds": usage.seconds,
        "cost": _cost_to_json(model),
        "questions": {"asked": model.sent_tokens, "full": model.full_tokens},
        "degraded": model.degraded,
        "cache_trouble": model.cache,
        "record_trouble": model.record,
        "replayed": model.replayed,
        "not_recorded": model.not_recorded,
        "stopped": None if model.stopped is None else _trouble_to_json(model.stopped, lang),
    }


def advice_to_json(checked: Checked, lang: str) -> dict[str, Any] | None:
    """The model's part in one filing: what it cost, what was not used of it, and what went wrong."""
    advice = checked.advice
    if advice is None:
        return None
    usage = advice.usage
    return {
        "requests": usage.requests,
        "cached": usage.cached,
        "tokens": {"sent": usage.sent, "received": usage.received, "estimated": usage.estimated},
        "seconds": usage.seconds,
        "dropped": dict(advice.dropped),
        "degraded": [_trouble_to_json(item, lang) for item in advice.troubles],
        "offline": {"links": _links(checked.alone[0]), "findings": [finding.id for finding in checked.alone[1]]},
    }


def _links(claims: tuple[Claim, ...]) -> list[dict[str, Any]]:
    """Where the rules alone took a claim and which row they linked it to."""
    return [{"field": c.field, "in_row": c.in_row, "start": c.start, "end": c.end, "row": c.row} for c in claims]


def _trouble_to_json(item: Trouble, lang: str) -> dict[str, Any]:
    return {"task": item.task, "code": item.code, "message": trouble(item, lang)}
