"""``--format jsonl``: one JSON object a line, each with its ``type``; the last one is the summary.

A finding is the object that ``--format json`` has. The same audit writes the same lines: the time
it took is left out. A stream without a summary was cut off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from glance_audit.report.finding import ordered
from glance_audit.report.json_report import cross_check_to_json, finding_to_json, head_to_json
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write a report in ASCII, one object a line."""
    stream.writelines(f"{json.dumps(row)}\n" for row in rows(report, outcome))


def rows(report: AuditReport, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Yield the objects: findings, what was not audited, differences, notes, and the summary."""
    if report.fleet is not None:
        from glance_audit.report import fleet_json

        yield from fleet_json.rows(report, report.fleet, outcome)
        return
    for finding in ordered(report):
        yield {"type": "finding", **finding_to_json(finding)}
    for one in report.incomplete:
        yield {"type": "incomplete", "file": one.file, "reason": one.reason}
    if report.cross_check is not None:
        for seen in cross_check_to_json(report.cross_check)["differences"]:
            yield {"type": "difference", **seen}
    for note in report.notes:
        yield {"type": "note", "message": note}
    yield {
        "type": "summary",
        **head_to_json(report),
        "status": outcome.status,
        **report.summary._asdict(),
    }
