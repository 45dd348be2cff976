"""``--format gitlab``: a code quality report of GitLab, for the widget of merge requests.

GitLab compares fingerprints of two branches and shows one finding for each: they hold no line
numbers, are unique, and differ for two trees of one checkout. Suppressed findings are left out;
what is in the baseline is of the severity info.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, TextIO

from glance_audit.engine.finding import Severity
from glance_audit.report.finding import pressing, unsuppressed
from glance_audit.report.outcome import Outcome
from glance_audit.report.reach import opened, reached
from glance_audit.report.result import AuditReport

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def write(report: AuditReport, _outcome: Outcome, stream: TextIO) -> None:
    """Write the list of issues in ASCII; a clean report is an empty list."""
    json.dump(list(issues(report)), stream, indent=2)
    stream.write("\n")


def issues(report: AuditReport) -> Iterator[dict[str, Any]]:
    """Yield an issue for each finding, and for what could not be audited."""
    for one in unsuppressed(report):
        where = one.location
        file = opened(report.target, where)
        line = max(where.line, 1)
        yield {
            "description": f"{one.code} {one.slug}: {one.message}",
            "check_name": one.code,
            "fingerprint": _fingerprint(file, one.fingerprint),
            "severity": SEVERITIES[pressing(one)],
            "location": {"path": file, "lines": {"begin": line, "end": max(where.end_line, line)}},
            "content": {"body": "\n\n".join(filter(None, (one.help, one.url)))},
        }
    for missing in report.incomplete:
        file = reached(report.target, missing.file)
        yield {
            "description": f"could not be audited: {missing.reason}",
            "check_name": "incomplete",
            "fingerprint": _fingerprint(file, "incomplete", missing.reason),
            "severity": "blocker",
            "location": {"path": file, "lines": {"begin": 1, "end": 1}},
        }


def _fingerprint(*parts: str) -> str:
    whole = "\x00".join(parts).encode("utf-8", "backslashreplace")
    return sha256(whole).hexdigest()[:32]
