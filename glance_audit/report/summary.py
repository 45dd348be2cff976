"""The end of a text report: what was assumed, what was left out, and the count."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.report.hosts import fleet_versions, fleet_words
from glance_audit.report.line import BLANK, Line, Span, line, prose
from glance_audit.report.result import AuditReport, CrossCheck, Incomplete, Target, VersionSpan


def note_lines(report: AuditReport, width: int) -> Iterator[Line]:
    """What a reader must know: the versions judged for, then the report's own notes."""
    lead = [Span("note: ", "info")]
    yield from prose(lead, f"judged for {judged(report)}", width, 2)
    for note in report.notes:
        yield from prose(lead, note, width, 2)


def cross_check_lines(check: CrossCheck | None, width: int) -> Iterator[Line]:
    """Where the second reader of ``--cross-check`` sees something else, and why."""
    if check is None:
        return
    read = f" with {check.reader}, {_count(check.files, 'file')}"
    yield line(Span("Cross-check", "strong"), read)
    for one in check.differences:
        where = f"{one.location.file}:{one.location.line}: "
        yield from prose(
            [Span("  "), Span(where, "place")], f"{one.message}; {one.because}", width, 4
        )
    if not check.differences:
        yield line(Span("  both read the same", "good"))
    yield BLANK


def incomplete_line(one: Incomplete) -> Line:
    """Something that could not be audited, on one line, as findings are."""
    return line(Span(one.file, "place"), ": ", Span("incomplete", "error"), f": {one.reason}")


def incomplete_lines(incomplete: tuple[Incomplete, ...], width: int) -> Iterator[Line]:
    """What could not be audited, each with its reason."""
    if not incomplete:
        return
    yield line(Span("The audit is incomplete", "error"))
    for one in incomplete:
        yield from prose([Span("  "), Span(f"{one.file}: ", "place")], one.reason, width, 4)


def summary_line(report: AuditReport, seconds: float) -> Line:
    """The counts and what was read, on one line."""
    return line(*counts(report), f" ({read(report)}, {seconds:.2f} s)")


def read(report: AuditReport) -> str:
    """What was read."""
    if report.fleet is not None:
        return fleet_words(report.fleet)
    summary = report.summary
    return f"{_count(summary.files, 'file')} read, {_count(summary.vhosts, 'virtual host')}"


def counts(report: AuditReport) -> Line:
    """The counts, the worst first."""
    summary = report.summary
    found = []
    for count, noun, style in (
        (summary.error, "error", "error"),
        (summary.warning, "warning", "warning"),
        (summary.info, "info", "info"),
    ):
        if count:
            found += [Span(_count(count, noun), style), Span(", ")]
    if not found:
        found = [Span("No findings", "good" if not report.incomplete else "strong"), Span(", ")]
    if summary.suppressed:
        found += [Span(f"{summary.suppressed} suppressed"), Span(", ")]
    if summary.known:
        found += [Span(f"{summary.known} known"), Span(", ")]
    if report.incomplete:
        found += [Span("incomplete", "error")]
    else:
        found = found[:-1]
    return line(*found)


def judged(report: AuditReport) -> str:
    """The versions judged for, of the one host or of all."""
    return versions(report.target) if report.fleet is None else fleet_versions(report.fleet)


def versions(target: Target) -> str:
    """The versions judged for, and where they come from."""
    spans = [
        ("Glance", target.glance_release, "--glance-release"),
        ("httpd", target.httpd_version, "--httpd-version"),
        ("uWSGI", target.uwsgi_version, "--uwsgi-version"),
    ]
    if target.python_version.min:
        spans.append(("Python", target.python_version, "--python-version"))
    return ", ".join(_version(name, span, option) for name, span, option in spans)


def _version(name: str, span: VersionSpan, option: str) -> str:
    if not span.min:
        return f"{name} of any version (state it with {option})"
    numbers = span.min if span.min == span.max else f"{span.min} to {span.max}"
    if span.source == "option":
        return f"{name} {numbers}"
    if span.source == "unknown":
        return f"{name} {numbers} (not known; state it with {option})"
    return f"{name} {numbers} ({span.source})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 or noun == 'info' else 's'}"
