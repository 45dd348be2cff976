"""``--format sarif``: SARIF 2.1.0, for code hosts and viewers.

Nothing in it differs between two runs of the same audit, nor names the machine, unless files lie
outside the directory the audit ran in. Section numbers are those of the OASIS standard.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from glance_audit import __version__
from glance_audit.engine.rule import DOCS, Rule
from glance_audit.report.finding import ordered
from glance_audit.report.json_report import head_to_json
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport, ReportedFinding
from glance_audit.report.sarif_place import Places
from glance_audit.report.sarif_rule import LEVELS, rule_of

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# The name says how it is made; another way of making it gets another number.
FINGERPRINT = "glanceAudit/v1"

_NOTIFICATIONS = {
    "incomplete": "Something could not be audited.",
    "note": "A fact that a reader must know.",
    "cross-check": "The second reader of Apache's files sees something else.",
}


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write a report, with the pages of the rules that have findings."""
    from glance_audit.engine.catalogue import load

    json.dump(to_sarif(report, outcome, load()), stream, indent=2)
    stream.write("\n")


def to_sarif(report: AuditReport, outcome: Outcome, rules: Iterable[Rule]) -> dict[str, Any]:
    """Return a report as a SARIF log of one run; a rule of no finding is left out."""
    findings = ordered(report)
    catalogue = {rule.code: rule for rule in rules}
    first = {finding.code: finding for finding in reversed(findings)}
    codes = sorted(first)
    places = Places(report.target)
    results = [_result(one, codes.index(one.code), places) for one in findings]
    if any(one.known for one in findings):  # all results have a state, or none (§3.27.24)
        for one, result in zip(findings, results, strict=True):
            result["baselineState"] = "unchanged" if one.known else "new"
    invocation = _invocation(report, outcome, places)
    run = {
        "tool": {
            "driver": {
                "name": "glance-audit",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": DOCS.removesuffix("rules/"),
                "rules": [rule_of(first[code], catalogue.get(code)) for code in codes],
                "notifications": [
                    {"id": name, "shortDescription": {"text": text}}
                    for name, text in _NOTIFICATIONS.items()
                ],
            }
        },
        "invocations": [invocation],
        "originalUriBaseIds": places.bases(),
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": _about(report),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _about(report: AuditReport) -> dict[str, Any]:
    """What was audited: one host, or how many and which of them not as a whole."""
    fleet = report.fleet
    if fleet is None:
        return {"target": head_to_json(report)["target"]}
    return {
        "hosts": len(fleet.hosts),
        "cleanHosts": sum(host.clean for host in fleet.hosts),
        "incompleteHosts": [host.name for host in fleet.hosts if host.incomplete],
    }


def message(text: str) -> dict[str, str]:
    """Return a plain text message in which nothing is a link (§3.11.6).

    Braces stay as they are: they are placeholders only where there are arguments, and no viewer
    that was looked at undoubles them without.
    """
    return {"text": text.replace("](", "] (")}


def _result(finding: ReportedFinding, index: int, places: Places) -> dict[str, Any]:
    text = f"{finding.message}." if not finding.message.endswith(".") else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": message(f"{text}\nhelp: {finding.help}" if finding.help else text),
        "locations": [places.location(finding.location)],
        "relatedLocations": [
            {"id": number, **place}
            for number, place in enumerate(_related(finding, places), start=1)
        ],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {
            "confidence": finding.confidence.value,
            "basis": finding.basis.value,
            "causedBy": finding.caused_by,
        },
    }
    if finding.hosts is not None:
        hosts = finding.hosts
        result["occurrenceCount"] = len(hosts.names) or len(hosts.known) or len(hosts.suppressed)
        result["properties"] |= {
            "hosts": list(hosts.names),
            "knownOn": list(hosts.known),
            "suppressedOn": list(hosts.suppressed),
        }
    if finding.suppressed is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.suppressed}]
    return result


def _related(finding: ReportedFinding, places: Places) -> Iterator[dict[str, Any]]:
    """Related places, then how the server came to the file: through a link, and includes."""
    for related in finding.related:
        yield {**places.location(related.location), "message": message(related.message)}
    where = finding.location
    if where.file != where.real_file:
        link = where._replace(real_file=where.file)
        yield {**places.location(link), "message": message("the link that the server opens")}
    for step in where.included_from:
        yield {**places.line(step.file, step.line), "message": message("included from here")}


def _invocation(report: AuditReport, outcome: Outcome, places: Places) -> dict[str, Any]:
    notifications = [
        _notification("incomplete", "error", one.reason, places.file(one.file))
        for one in report.incomplete
    ]
    notifications += [_notification("note", "note", note) for note in report.notes]
    for one in report.cross_check.differences if report.cross_check else ():
        where = places.location(one.location)
        text = f"{one.message}; {one.because}"
        notifications.append(_notification("cross-check", "warning", text, where))
    return {
        "executionSuccessful": not report.incomplete,
        "exitCode": outcome.status,
        "toolExecutionNotifications": notifications,
    }


def _notification(
    name: str, level: str, text: str, where: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "descriptor": {"id": name, "index": list(_NOTIFICATIONS).index(name)},
        "level": level,
        "message": message(text),
        **({} if where is None else {"locations": [where]}),
    }
