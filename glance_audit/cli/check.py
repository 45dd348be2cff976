"""``check``: audit, report, and a status that a script can act on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from time import monotonic

from glance_audit.audit.run import audit
from glance_audit.cli.known import beyond, read_baseline
from glance_audit.cli.output import deliver, look_of
from glance_audit.cli.progress import Progress
from glance_audit.cli.reports import Wanted, paired
from glance_audit.cli.request import settings_of
from glance_audit.cli.status import CLEAN, FINDINGS, INCOMPLETE, Refused
from glance_audit.files import FileSource
from glance_audit.report.formats import writer
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome, fails
from glance_audit.report.result import AuditReport


def run(options: Namespace) -> int:
    """Audit what the options name and return the exit status.

    Raises:
        Refused, UsageError, NothingToAudit: nothing was audited.
    """
    if options.watch:
        from glance_audit.cli.watch import watch

        if "-" in options.paths:
            raise Refused("--watch: standard input is read once; name the file instead of -")
        outputs = [one.path for one in paired(options.reports) if one.path is not None]
        watch(partial(audit_once, options), outputs, quiet=options.quiet)
    return audit_once(options)


def audit_once(options: Namespace, follow: Callable[[FileSource], object] | None = None) -> int:
    """Audit what the options name, report it, and return the exit status.

    ``follow`` is given the source of the files at the start.

    Raises:
        Refused, UsageError, NothingToAudit: nothing was audited.
    """
    started = monotonic()
    settings = settings_of(options)
    known = read_baseline(options.baseline) if options.baseline is not None else None
    wanted = paired(options.reports)
    looks = looks_of(options, wanted)
    with Progress(wanted=not options.quiet) as progress:

        def both(source: FileSource) -> None:
            progress.follow(source)
            if follow is not None:
                follow(source)

        report = audit(settings, both)
    if known is not None:
        report = beyond(known, report, settings)
    seconds = monotonic() - started
    status = status_of(report, options.fail_on)
    write_reports(report, wanted, looks, seconds, status, options.fail_on)
    return status


def looks_of(options: Namespace, wanted: list[Wanted]) -> list[Look]:
    """Return how each report is drawn.

    Raises:
        Refused: a width that nothing can be drawn in.
    """
    return [look_of(options, to_file=one.path is not None) for one in wanted]


def write_reports(
    report: AuditReport, wanted: list[Wanted], looks: list[Look], seconds: float, status: int,
    fail_on: str,
) -> None:  # fmt: skip
    """Write each report to its place.

    Raises:
        Refused: one cannot be written; the others are.
    """
    refused = None
    for one, look in zip(wanted, looks, strict=True):
        outcome = Outcome(seconds, status, fail_on, look)
        try:
            deliver(partial(writer(one.format), report, outcome), one.path)
        except Refused as refusal:  # the other reports are written all the same
            refused = refused or refusal
    if refused is not None:
        raise refused


def status_of(report: AuditReport, fail_on: str) -> int:
    """Return the exit status of a report: an incomplete audit proves nothing, whatever it found."""
    if report.incomplete:
        return INCOMPLETE
    return FINDINGS if any(fails(finding, fail_on) for finding in report.findings) else CLEAN
