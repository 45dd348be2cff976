"""A finding as lines: what is wrong, where, what belongs to it, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.engine.finding import Confidence
from glance_audit.report.line import Line, Span, line, prose
from glance_audit.report.result import AuditReport, Location, ReportedFinding
from glance_audit.report.snippet import Mark, Page, digits, position, snippets

_CONFIDENCE = {
    Confidence.MEDIUM: "medium (not for every possible version or request)",
    Confidence.LOW: "low (the files only hint at it)",
}


def ordered(report: AuditReport) -> list[ReportedFinding]:
    """Return the findings in the order of every format: file, line, column, code."""
    return sorted(report.findings, key=_place)


def _place(finding: ReportedFinding) -> tuple[str, int, int, str, str, str]:
    where = finding.location
    return (
        where.file, where.line, where.column, finding.code, finding.message, finding.fingerprint
    )  # fmt: skip


def finding_lines(finding: ReportedFinding, width: int, ellipsis: str) -> Iterator[Line]:
    """Draw one finding in at most ``width`` columns, without a blank line around it."""
    severity = finding.severity.value
    lead = (Span(f"{severity}[{finding.code}]", severity), Span(f" {finding.slug}: ", "strong"))
    yield from prose(lead, finding.message, width, 2, "strong")
    marks = [Mark(finding.location, "", True, severity), *_related(finding)]
    page = Page(width, digits(marks), ellipsis)
    yield from snippets(marks, page)
    for name, text in _tail(finding):
        intro = f"{'':>{page.digits}} = "
        spans = (Span(intro, "gutter"), Span(f"{name}: ", "strong"))
        yield from prose(spans, text, width, len(intro) + 2)


def finding_line(finding: ReportedFinding) -> Line:
    """Return one finding on one line, as compilers do for editors: ``file:line:column: …``."""
    severity = finding.severity.value
    return line(
        Span(position(finding.location), "place"),
        ": ",
        Span(f"{severity}[{finding.code}]", severity),
        f" {finding.slug}: {finding.message}",
    )


def _related(finding: ReportedFinding) -> Iterator[Mark]:
    """Related places, each once: what is said of the same words is said beside one underline."""
    labels: dict[Location, list[str]] = {}
    for related in finding.related:
        said = labels.setdefault(related.location, [])
        if related.message not in said:
            said.append(related.message)
    for location, said in labels.items():
        yield Mark(location, "; ".join(said), False)


def _tail(finding: ReportedFinding) -> Iterable[tuple[str, str]]:
    if finding.caused_by is not None:
        yield "caused by", finding.caused_by
    if finding.confidence in _CONFIDENCE:
        yield "confidence", _CONFIDENCE[finding.confidence]
    if finding.suppressed is not None:
        yield "suppressed", finding.suppressed
    if finding.help:
        yield "help", finding.help
    if finding.url:
        yield "see", finding.url
