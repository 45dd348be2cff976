"""A rule as SARIF describes it: what a code host shows beside an alert."""

from __future__ import annotations

from typing import Any

from glance_audit.engine.finding import Basis, Severity
from glance_audit.engine.rule import HEADINGS, Rule
from glance_audit.report.result import ReportedFinding

# What a rule is about, by the hundreds of its code.
_TOPICS = {
    "1": "gateway",
    "2": "request-buffering",
    "3": "timeouts",
    "4": "spool-space",
    "5": "python",
    "6": "wsgi",
    "7": "size-limits",
    "8": "exposure",
    "9": "configuration-files",
}
# How often a finding is right, in the words of GitHub's code scanning.
_PRECISION = {Basis.MEASURED: "very-high", Basis.SOURCE: "high", Basis.DOCUMENTED: "medium"}
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {**LEVELS, Severity.INFO: "recommendation"}


def rule_of(finding: ReportedFinding, rule: Rule | None) -> dict[str, Any]:
    """Return the rule of a finding; an operator's own, which is in no catalogue, has no page."""
    severity = finding.severity if rule is None else rule.severity
    topic = _TOPICS.get(finding.code[2:3]) if finding.shipped else None
    return {
        "id": finding.code,
        "name": finding.slug,
        **(_own(finding) if rule is None else _page(rule)),
        **({"helpUri": finding.url} if finding.url else {}),
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {
            "tags": ["openstack", "glance", *([topic] if topic else [])],
            "precision": _PRECISION[finding.basis],
            "problem.severity": _PROBLEMS[severity],
        },
    }


def _own(finding: ReportedFinding) -> dict[str, Any]:
    """Return what code hosts ask for: they take no rule without words."""
    name = {"text": finding.slug.replace("-", " ")}
    told = f"A rule of your own: glance-audit explain {finding.code} --rules-dir DIR"
    return {"shortDescription": name, "fullDescription": name, "help": {"text": told}}


def _page(rule: Rule) -> dict[str, Any]:
    sections = rule.sections()
    what, why = (sections.get(head, rule.title) for head in HEADINGS[:2])
    page = "".join(f"\n## {head}\n\n{body}\n" for head, body in sections.items())
    return {
        "shortDescription": {"text": _plain(rule.title), "markdown": rule.title},
        "fullDescription": {"text": _plain(what), "markdown": what},
        "help": {
            "text": f"{_plain(what)}\n\n{_plain(why)}\n\n{rule.url}",
            "markdown": f"{rule.title}\n{page}",
        },
    }


def _plain(markdown: str) -> str:
    return markdown.replace("`", "")
