"""``--format rich``: the report for people, in a terminal, a log or read aloud.

What is drawn is decided without any terminal (:func:`report_lines`); rich only gives the styles
their looks. Nothing from the audited files is ever interpreted as rich's markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TextIO

from glance_audit.report.finding import finding_line, finding_lines, ordered, told
from glance_audit.report.line import BLANK, Line, Span, line
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport
from glance_audit.report.summary import (
    cross_check_lines,
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
    write_lines(report_lines(report, outcome.seconds, look), stream, look)


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
        yield from (finding_line(finding) for finding in findings)
        yield from incomplete_lines(report.incomplete, width)
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
    yield from cross_check_lines(report.cross_check, width)
    yield from note_lines(report, width)
    yield from incomplete_lines(report.incomplete, width)
    yield summary_line(report, seconds)


def write_lines(lines: Iterable[Line], stream: TextIO, look: Look) -> None:
    """Write lines, with colours or as they are."""
    paint = _painter() if look.color else _plain
    rows = ["".join(paint(span) for span in one).rstrip(" ") for one in lines]
    # Written at once: what cannot be drawn leaves no half of a report behind.
    stream.write("".join(f"{row}\n" for row in rows))


def _plain(span: Span) -> str:
    return span.text


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
