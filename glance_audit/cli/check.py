"""``check``: audit, report, and a status that a script can act on."""

from __future__ import annotations

from argparse import Namespace
from time import monotonic
from typing import TextIO

from glance_audit.audit.run import audit
from glance_audit.cli import status
from glance_audit.cli.output import deliver, look_of
from glance_audit.cli.progress import Progress
from glance_audit.cli.request import settings_of
from glance_audit.engine.finding import Severity
from glance_audit.report.result import AuditReport


def run(options: Namespace) -> int:
    """Audit what the options name and return the exit status.

    Raises:
        Refused, UsageError, NothingToAudit: nothing was audited.
    """
    started = monotonic()
    settings = settings_of(options)
    look = look_of(options, to_file=options.output is not None)
    with Progress(wanted=look.detail >= 0) as progress:
        report = audit(settings, progress.follow)
    seconds = monotonic() - started

    def produce(stream: TextIO) -> None:
        if options.format == "json":
            from glance_audit.report import json_report

            json_report.write(report, seconds, stream)
        else:
            from glance_audit.report import text

            text.write(report, seconds, stream, look)

    deliver(produce, options.output)
    return status_of(report, options.fail_on)


def status_of(report: AuditReport, fail_on: str) -> int:
    """Return the exit status of a report: an incomplete audit proves nothing, whatever it found."""
    if report.incomplete:
        return status.INCOMPLETE
    if fail_on == "never":
        return status.CLEAN
    least = Severity(fail_on).rank
    failed = any(
        finding.severity.rank <= least
        for finding in report.findings
        if finding.suppressed is None
    )  # fmt: skip
    return status.FINDINGS if failed else status.CLEAN
