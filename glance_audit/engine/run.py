"""Running rules over a deployment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Finding, Related
from glance_audit.engine.rule import Rule


def run(rules: Iterable[Rule], deployment: Deployment) -> tuple[Finding, ...]:
    """Return every finding of the rules, one for each cause, with code and severity filled in.

    Findings that a rule yields twice for the same place and message (a file that is included
    twice) are one, with all their related places. The order is file, line, column, code.
    """
    merged: dict[tuple[object, ...], Finding] = {}
    for rule in rules:
        for finding in rule.check(deployment):
            whole = replace(finding, code=rule.code, severity=finding.severity or rule.severity)
            place = whole.place
            key = (rule.code, place.file, place.line, place.column, whole.message)
            known = merged.get(key)
            merged[key] = whole if known is None else _joined(known, whole)
    return tuple(sorted(merged.values(), key=_order))


def _joined(first: Finding, second: Finding) -> Finding:
    related: dict[Related, None] = dict.fromkeys((*first.related, *second.related))
    return replace(first, related=tuple(related))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.file, place.line, place.column, finding.code, finding.message
