"""What of a report is known already."""

from __future__ import annotations

from collections.abc import Iterable

from glance_audit.baseline.file import Entry
from glance_audit.record import NamedTuple
from glance_audit.report.result import AuditReport


class Compared(NamedTuple):
    """A report whose known findings are marked, and the entries that no finding matches."""

    report: AuditReport
    stale: tuple[Entry, ...]


def compare(report: AuditReport, entries: Iterable[Entry], looked_for: frozenset[str]) -> Compared:
    """Mark what is known: it is counted apart, and fails nothing.

    ``looked_for`` are the codes that this audit reports: an entry of another rule is not stale.
    """
    entries = tuple(entries)
    fingerprints = {entry.fingerprint for entry in entries}
    found = {one.fingerprint for one in report.findings}
    marked = tuple(
        one._replace(known=True)
        if one.suppressed is None and one.fingerprint in fingerprints
        else one
        for one in report.findings
    )
    counts = dict.fromkeys(("error", "warning", "info", "known"), 0)
    for one in marked:
        if one.suppressed is None:
            counts["known" if one.known else one.severity.value] += 1
    stale = tuple(
        entry for entry in entries if entry.fingerprint not in found and entry.code in looked_for
    )
    return Compared(
        report._replace(findings=marked, summary=report.summary._replace(**counts)), stale
    )
