"""``--format concise``: ``file:line:column: severity CODE message``, as editors and grep take it.

A finding about a whole file stands at its first line. What could not be audited is an error without
a code, so that nobody takes an incomplete audit for a clean one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from glance_audit.report.escape import visible
from glance_audit.report.finding import unsuppressed
from glance_audit.report.outcome import Outcome
from glance_audit.report.reach import reached
from glance_audit.report.result import AuditReport


def write(report: AuditReport, _outcome: Outcome, stream: TextIO) -> None:
    """Write one line for each finding that is not suppressed."""
    stream.writelines(f"{visible(line)}\n" for line in lines(report))


def lines(report: AuditReport) -> Iterator[str]:
    """Yield the lines, the findings in the order of every format."""
    for finding in unsuppressed(report):
        where = finding.location
        file = reached(report.target, where.file)
        yield (
            f"{file}:{max(where.line, 1)}:{max(where.column, 1)}: "
            f"{'known' if finding.known else finding.severity.value} {finding.code} "
            f"{finding.message}"
        )
    for one in report.incomplete:
        yield f"{reached(report.target, one.file)}:1:1: error incomplete {one.reason}"
