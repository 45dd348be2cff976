"""The report of a fleet for people: each finding with its hosts, then the rules and the hosts."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.report.finding import finding_line, finding_lines, unsuppressed
from glance_audit.report.fleet import Fleet, HostCount
from glance_audit.report.fleet_order import pivoted
from glance_audit.report.hosts import named, share, worded, words
from glance_audit.report.line import BLANK, Line, Span, line, prose
from glance_audit.report.look import Look
from glance_audit.report.result import AuditReport
from glance_audit.report.summary import incomplete_lines, note_lines, summary_line


def fleet_lines(report: AuditReport, fleet: Fleet, seconds: float, look: Look) -> Iterator[Line]:
    """Return what a report of a fleet says, line by line."""
    width, detail = look.width, look.detail
    ellipsis = "\u2026" if look.unicode else "..."
    for one in pivoted(report, look, suppressed=detail > 0, folded=detail == 0):
        yield from finding_lines(one, width, ellipsis)
        yield BLANK
    known = [one for one in unsuppressed(report) if one.known]
    if known:
        yield line(Span("Known, in the baseline", "strong"))
        for finding in known:
            hosts = f" ({words(finding.hosts, look)})" if finding.hosts else ""
            yield (Span("  "), *finding_line(finding), *line(hosts))
        yield BLANK
    yield from _rules(fleet)
    yield from _hosts(fleet, look)
    told_apart = worded(report, look, messages=False)
    yield from note_lines(told_apart, width)
    yield from incomplete_lines(told_apart.incomplete, width)
    yield summary_line(report, seconds)


def _rules(fleet: Fleet) -> Iterator[Line]:
    rules = [rule for rule in fleet.rules if rule.hosts.names]
    if not rules:
        return
    yield line(Span("Rules", "strong"))
    shares = [f"{share(rule.hosts)} host{'' if rule.hosts.of == 1 else 's'}" for rule in rules]
    room = max(map(len, shares))
    for rule, hosts in zip(rules, shares, strict=True):
        severity = rule.severity.value
        more = f", {rule.findings} findings" if rule.findings > 1 else ""
        yield line(
            f"  {hosts:>{room}}  ", Span(f"{severity}[{rule.code}]", severity, rule.url),
            f" {rule.slug}{more}",
        )  # fmt: skip
    yield BLANK


def _hosts(fleet: Fleet, look: Look) -> Iterator[Line]:
    yield line(Span("Hosts", "strong"))
    if look.detail > 0:
        for host in fleet.hosts:
            yield line("  ", Span(f"{host.name}: ", "place"), *_counts(host))
    else:
        for what, style, hosts in (
            ("with findings", "", [host for host in fleet.hosts if host.found]),
            ("clean", "good", [host for host in fleet.hosts if host.clean]),
            ("incomplete", "error", [host for host in fleet.hosts if host.incomplete]),
        ):
            if hosts:
                lead = (Span("  "), Span(f"{len(hosts)} {what}", style), Span(": "))
                text = named([host.name for host in hosts], look)
                yield from prose(lead, text, look.width, 4)
    yield BLANK


def _counts(host: HostCount) -> list[Span]:
    parts = [
        Span(f"{count} {noun}{'' if count == 1 or noun == 'info' else 's'}", noun)
        for noun, count in (("error", host.error), ("warning", host.warning), ("info", host.info))
        if count
    ]
    parts += [Span("clean", "good")] if host.clean else []
    parts += [Span(f"{host.known} known")] if host.known else []
    parts += [Span(f"{host.suppressed} suppressed")] if host.suppressed else []
    parts += [Span("incomplete", "error")] if host.incomplete else []
    return [piece for part in parts for piece in (Span(", "), part)][1:]
