"""Running rules over a deployment."""

from __future__ import annotations

from collections.abc import Iterable

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Finding, Related
from glance_audit.engine.rule import Rule
from glance_audit.record import NamedTuple

# Of one rule. Nobody reads as many; a file that repeats one fault has no end of them.
MOST_FINDINGS = 10_000


class Findings(NamedTuple):
    """The findings in the order of a report, and the codes of the rules that have even more."""

    all: tuple[Finding, ...]
    cut: tuple[str, ...]


def run(
    rules: Iterable[Rule], deployment: Deployment, catalogue: Iterable[Rule] | None = None
) -> Findings:
    """Return the findings of the rules, one for each cause, with code and severity filled in.

    Findings that a rule yields twice for the same place and message (a file that is included
    twice) are one, with all their related places. The order is file, line, column, code. What the
    files suppress is among them, with its reason. ``catalogue`` are all the rules that there are,
    whether they run or not; by default, those that run.
    """
    rules = tuple(rules)
    first = [rule for rule in rules if not rule.afterwards]
    found, cut = _carry_out(first, deployment)
    if deployment.suppressions:
        from glance_audit.engine.suppress import Suppressor  # most trees suppress nothing

        suppressor = Suppressor(deployment, catalogue or rules)
        found = suppressor.apply(found)
        told = suppressor.told(frozenset(rule.code for rule in first) - frozenset(cut))
        late, late_cut = _carry_out(
            (rule for rule in rules if rule.afterwards), deployment._replace(suppressions=told)
        )
        found, cut = [*found, *suppressor.apply(late)], [*cut, *late_cut]
    return Findings(tuple(sorted(found, key=_order)), tuple(cut))


def _carry_out(rules: Iterable[Rule], deployment: Deployment) -> tuple[list[Finding], list[str]]:
    merged: dict[tuple[object, ...], Finding] = {}
    cut = []
    for rule in rules:
        for count, finding in enumerate(rule.check(deployment)):
            if count == MOST_FINDINGS:
                cut.append(rule.code)
                break
            whole = finding._replace(code=rule.code, severity=finding.severity or rule.severity)
            place = whole.place
            key = (rule.code, place.file, place.line, place.column, whole.message)
            known = merged.get(key)
            merged[key] = whole if known is None else _joined(known, whole)
    return list(merged.values()), cut


def _joined(first: Finding, second: Finding) -> Finding:
    related: dict[Related, None] = dict.fromkeys((*first.related, *second.related))
    return first._replace(related=tuple(related))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.file, place.line, place.column, finding.code, finding.message
