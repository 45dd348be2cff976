"""A fleet for programs: ``merge --format json`` as its published schema has it, and as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from glance_audit import __version__
from glance_audit.report.finding import ordered
from glance_audit.report.fleet import Fleet, HostCount, Hosts, RuleCount
from glance_audit.report.json_report import OneLine, dump, finding_to_json
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport, ReportedFinding

SCHEMA = 1


def write(report: AuditReport, fleet: Fleet, outcome: Outcome, stream: TextIO) -> None:
    """Write a report of a fleet as JSON and a line end."""
    dump(to_json(report, fleet, outcome.seconds), stream)


def to_json(report: AuditReport, fleet: Fleet, seconds: float) -> dict[str, Any]:
    """Return the report as JSON-ready data; ``seconds`` is how long the merging took."""
    return {
        **_head(),
        "hosts": [_host(host) for host in fleet.hosts],
        "rules": [_rule(rule) for rule in fleet.rules],
        "findings": [_finding(one) for one in ordered(report)],
        "incomplete": _incomplete(report),
        "notes": _notes(fleet),
        "versions": _versions(fleet),
        "summary": {**_summary(report, fleet), "seconds": round(seconds, 3)},
    }


def rows(report: AuditReport, fleet: Fleet, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Yield the same as objects with a ``type``; the last one is the summary."""
    for kind, objects in (
        ("finding", [_finding(one) for one in ordered(report)]),
        ("incomplete", _incomplete(report)),
        ("note", _notes(fleet)),
        ("rule", [_rule(rule) for rule in fleet.rules]),
        ("version", _versions(fleet)),
        ("host", [_host(host) for host in fleet.hosts]),
    ):
        for one in objects:
            yield {"type": kind, **one}
    yield {"type": "summary", **_head(), "status": outcome.status, **_summary(report, fleet)}


def _head() -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kind": "merge",
        "tool": {"name": "glance-audit", "version": __version__},
    }


def _host(host: HostCount) -> dict[str, Any]:
    return host._asdict()


def _rule(rule: RuleCount) -> dict[str, Any]:
    return {
        "code": rule.code,
        "slug": rule.slug,
        "url": rule.url,
        "severity": rule.severity.value,
        "findings": rule.findings,
        **_on(rule.hosts),
        **_apart(rule.hosts),
    }


def _finding(finding: ReportedFinding) -> dict[str, Any]:
    hosts = finding.hosts
    told = finding_to_json(finding)
    if hosts is None:
        return told
    return {
        **told,
        **_on(hosts),
        **_apart(hosts),
        "example": hosts.example,
        "varies": list(hosts.varies),
    }


def _on(hosts: Hosts | None) -> dict[str, Any]:
    names = hosts.names if hosts is not None else ()
    return {"host_count": len(names), "hosts": OneLine(names)}


def _apart(hosts: Hosts) -> dict[str, Any]:
    return {"known_on": OneLine(hosts.known), "suppressed_on": OneLine(hosts.suppressed)}


def _incomplete(report: AuditReport) -> list[dict[str, Any]]:
    return [{"file": one.file, "reason": one.reason, **_on(one.hosts)} for one in report.incomplete]


def _notes(fleet: Fleet) -> list[dict[str, Any]]:
    return [{"message": note.message, **_on(note.hosts)} for note in fleet.notes]


def _versions(fleet: Fleet) -> list[dict[str, Any]]:
    return [
        {
            "product": one.product,
            "min": one.min or None,
            "max": one.max or None,
            "source": one.source,
            **_on(one.hosts),
        }
        for one in fleet.versions
    ]


def _summary(report: AuditReport, fleet: Fleet) -> dict[str, Any]:
    summary = report.summary
    return {
        "error": summary.error,
        "warning": summary.warning,
        "info": summary.info,
        "suppressed": summary.suppressed,
        "known": summary.known,
        "hosts": len(fleet.hosts),
        "clean": sum(host.clean for host in fleet.hosts),
        "incomplete": sum(bool(host.incomplete) for host in fleet.hosts),
    }
