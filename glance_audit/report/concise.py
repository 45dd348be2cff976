"""``--format concise``: ``file:line:column: severity CODE message``, as editors and grep take it.

A finding about a whole file stands at its first line. What could not be audited is an error without
a code, so that nobody takes an incomplete audit for a clean one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from glance_audit.report.escape import visible
from glance_audit.report.finding import unsuppressed
from glance_audit.report.line import plain
from glance_audit.report.outcome import Outcome
from glance_audit.report.reach import reached
from glance_audit.report.result import AuditReport
from glance_audit.report.statistics import statistics_lines


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write one line for each finding that is not suppressed.

    Statistics stand below, with ``detail`` -1 in the place of the findings.
    """
    look = outcome.look
    instead = look.statistics and look.detail < 0
    findings = () if instead else _findings(report)
    stream.writelines(f"{visible(one)}\n" for one in chain(findings, _incomplete(report)))
    if look.statistics and report.findings:
        stream.write(("" if instead else "\n") + plain(statistics_lines(report.findings)))


def _findings(report: AuditReport) -> Iterator[str]:
    for finding in unsuppressed(report):
        where = finding.location
        file = reached(report.target, where.file)
        yield (
            f"{file}:{max(where.line, 1)}:{max(where.column, 1)}: "
            f"{'known' if finding.known else finding.severity.value} {finding.code} "
            f"{finding.message}"
        )


def _incomplete(report: AuditReport) -> Iterator[str]:
    for one in report.incomplete:
        yield f"{reached(report.target, one.file)}:1:1: error incomplete {one.reason}"
