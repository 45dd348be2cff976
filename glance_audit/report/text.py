"""``--format rich``: the report for people, in a terminal, a log or read aloud.

What is drawn is decided without any terminal (:func:`report_lines`); rich only gives the styles
their looks. Nothing from the audited files is ever interpreted as rich's markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TextIO

from glance_audit.report.finding import finding_line, finding_lines, ordered, told
from glance_audit.report.fleet_text import fleet_lines
from glance_audit.report.hosts import worded
from glance_audit.report.line import BLANK, Line, Span, line
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport, ReportedFinding
from glance_audit.report.statistics import statistics_lines
from glance_audit.report.summary import (
    cross_check_lines,
    incomplete_line,
    incomplete_lines,
    note_lines,
    summary_line,
)
from glance_audit.report.tree import tree_lines

# The sixteen colours of the terminal's own theme: readable on dark and light alike.
_LOOKS = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "strong": "bold",
    "gutter": "blue",
    "related": "blue",
    "place": "bold",
    "dim": "dim",
    "glance": "bold green",
    "good": "bold green",
}


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write a report."""
    look = outcome.look
    if report.fleet is None or look.detail < 0:
        lines = report_lines(worded(report, look), outcome.seconds, look)
    else:
        lines = fleet_lines(report, report.fleet, outcome.seconds, look)
    write_lines(lines, stream, look)


def write_topology(report: AuditReport, stream: TextIO, look: Look) -> None:
    """Write the topology alone, and what of it may be missing: ``show PATH``."""
    lines = tree_lines(report.topology, look.width, every=look.detail > 0)
    write_lines(chain(lines, incomplete_lines(report.incomplete, look.width)), stream, look)


def report_lines(report: AuditReport, seconds: float, look: Look) -> Iterator[Line]:
    """Return what a report says, line by line."""
    width, detail = look.width, look.detail
    ellipsis = "\u2026" if look.unicode else "..."
    findings = [one for one in ordered(report) if detail > 0 or one.suppressed is None]
    known = [one for one in findings if one.known]
    findings = [one for one in findings if not one.known]
    if detail < 0:
        if look.statistics:
            yield from statistics_lines(report.findings)
        else:
            yield from (finding_line(finding) for finding in findings)
        yield from (incomplete_line(one) for one in report.incomplete)
        return
    for one in told(findings, folded=detail == 0):
        yield from finding_lines(one, width, ellipsis)
        yield BLANK
    if known:
        yield line(Span("Known, in the baseline", "strong"))
        for finding in known:
            yield (Span("  "), *finding_line(finding))
        yield BLANK
    yield line(Span("Deployment", "strong"))
    for row in tree_lines(report.topology, width - 2, every=detail > 0):
        yield (Span("  "), *row)
    yield BLANK
    if look.statistics and report.findings:
        yield from statistics_lines(report.findings)
        yield BLANK
    yield from cross_check_lines(report.cross_check, width)
    yield from note_lines(report, width)
    yield from incomplete_lines(report.incomplete, width)
    yield summary_line(report, seconds)
    if look.hints:
        yield from _hint(findings)


def _hint(findings: list[ReportedFinding]) -> Iterator[Line]:
    """The next step, with the code of the first of the worst; an operator's own has no page."""
    worst = min(
        (one for one in findings if one.shipped and one.suppressed is None),
        key=lambda one: one.severity.rank,
        default=None,
    )
    if worst is not None:
        yield line("why, and the way out: ", Span(f"glance-audit explain {worst.code}", "strong"))


def write_lines(lines: Iterable[Line], stream: TextIO, look: Look) -> None:
    """Write lines, with colours or as they are."""
    paint = _painter() if look.color else _plain
    if look.links:
        paint = _linking(paint)
    rows = ["".join(paint(span) for span in one).rstrip(" ") for one in lines]
    # Written at once: what cannot be drawn leaves no half of a report behind.
    stream.write("".join(f"{row}\n" for row in rows))


def _plain(span: Span) -> str:
    return span.text


def _linking(paint: Callable[[Span], str]) -> Callable[[Span], str]:
    """Return what paints and links: OSC 8, ended with ST in its 7 bits, which most understand."""

    def link(span: Span) -> str:
        text = paint(span)
        return f"\x1b]8;;{span.link}\x1b\\{text}\x1b]8;;\x1b\\" if span.link else text

    return link


def _painter() -> Callable[[Span], str]:
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(looks) for name, looks in _LOOKS.items()}

    def paint(span: Span) -> str:
        style = styles.get(span.style)
        if style is None:
            return span.text
        return style.render(span.text, color_system=ColorSystem.STANDARD)

    return paint
