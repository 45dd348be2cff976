"""A finding as lines: what is wrong, where, what belongs to it, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.engine.finding import Confidence, Severity
from glance_audit.record import NamedTuple
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


def unsuppressed(report: AuditReport) -> list[ReportedFinding]:
    """Return the findings in that order without those that are suppressed."""
    return [one for one in ordered(report) if one.suppressed is None]


def pressing(finding: ReportedFinding) -> Severity:
    """Return how much a finding presses: what is in the baseline is for information alone."""
    return Severity.INFO if finding.known else finding.severity


def _place(finding: ReportedFinding) -> tuple[str, int, int, str, str, str]:
    where = finding.location
    return (
        where.file, where.line, where.column, finding.code, finding.message, finding.fingerprint
    )  # fmt: skip


class Told(NamedTuple):
    """A finding with those that fold under it, and the one it follows when it stands for itself.

    ``hosts`` says on which hosts of a fleet it is.
    """

    finding: ReportedFinding
    followers: tuple[ReportedFinding, ...] = ()
    leader: ReportedFinding | None = None
    hosts: str = ""


def told(findings: Iterable[ReportedFinding], *, folded: bool) -> Iterator[Told]:
    """Put what has the same cause together, behind what leads it; ``folded``: in its place.

    A follower whose leader is not among these findings stands for itself.
    """
    findings = list(findings)
    leading = {one.fingerprint: one for one in findings}
    followers: dict[str, list[ReportedFinding]] = {}
    for one in findings:
        if one.caused_by is not None and one.caused_by in leading:
            followers.setdefault(one.caused_by, []).append(one)
    for one in findings:
        if one.caused_by is not None and one.caused_by in leading:
            continue
        behind = followers.get(one.fingerprint, ())
        worst = sorted(behind, key=lambda follower: follower.severity.rank)
        yield Told(one, tuple(worst) if folded else ())
        if not folded:
            yield from (Told(follower, leader=one) for follower in behind)


def finding_lines(one: Told, width: int, ellipsis: str) -> Iterator[Line]:
    """Draw one finding in at most ``width`` columns, without a blank line around it."""
    finding = one.finding
    severity = finding.severity.value
    lead = (rule_span(finding), Span(f" {finding.slug}: ", "strong"))
    yield from prose(lead, finding.message, width, 2, "strong")
    marks = [Mark(finding.location, "", True, severity), *_related(finding)]
    page = Page(width, digits(marks), ellipsis)
    yield from snippets(marks, page)
    intro = f"{'':>{page.digits}} = "
    if one.hosts:
        yield from prose((Span(intro, "gutter"),), one.hosts, width, len(intro) + 2)
    for name, text in _tail(one):
        spans = (Span(intro, "gutter"), Span(f"{name}: ", "strong"))
        yield from prose(spans, text, width, len(intro) + 2)
    for follower in one.followers:
        yield from _follower(follower, finding.location, intro, width)


def _follower(one: ReportedFinding, where: Location, intro: str, width: int) -> list[Line]:
    """Draw what folds under a finding: its message, and its place when it is another line."""
    lead = (Span(intro, "gutter"), Span("also: ", "strong"), rule_span(one), Span(": "))
    here = (one.location.file, one.location.line) == (where.file, where.line)
    place = "" if here else f" ({position(one.location)})"
    return prose(lead, f"{one.message}{place}", width, len(intro) + 2)


def finding_line(finding: ReportedFinding) -> Line:
    """Return one finding on one line, as compilers do for editors: ``file:line:column: …``."""
    return line(
        Span(position(finding.location), "place"),
        ": ",
        rule_span(finding),
        f" {finding.slug}: {finding.message}",
    )


def rule_span(finding: ReportedFinding) -> Span:
    """Return ``error[GA201]``, which leads to the rule's page where a terminal can."""
    severity = finding.severity.value
    return Span(f"{severity}[{finding.code}]", severity, finding.url)


def _related(finding: ReportedFinding) -> Iterator[Mark]:
    """Related places, each once: what is said of the same words is said beside one underline."""
    labels: dict[Location, list[str]] = {}
    for related in finding.related:
        said = labels.setdefault(related.location, [])
        if related.message not in said:
            said.append(related.message)
    for location, said in labels.items():
        yield Mark(location, "; ".join(said), False)


def _tail(one: Told) -> Iterable[tuple[str, str]]:
    finding = one.finding
    if one.leader is not None:
        leader = one.leader
        where = position(leader.location)
        yield "caused by", f"what {leader.severity.value}[{leader.code}] says of {where}"
    if finding.confidence in _CONFIDENCE:
        yield "confidence", _CONFIDENCE[finding.confidence]
    if finding.suppressed is not None:
        yield "suppressed", finding.suppressed
    if finding.known:
        yield "known", "it is in the baseline"
    if finding.help:
        yield "help", finding.help
    if finding.url:
        yield "see", finding.url
