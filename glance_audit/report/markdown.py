"""``--format markdown``: a table for a job summary or a comment on GitHub or GitLab.

Text of the audited files stays text: it cannot make a link, an image, markup or a cell. What has
the same cause is told in one row, as in a terminal. Suppressed findings are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from glance_audit.report.escape import visible
from glance_audit.report.finding import Told, told, unsuppressed
from glance_audit.report.fleet import Fleet, RuleCount
from glance_audit.report.fleet_order import pivoted, with_hosts
from glance_audit.report.hosts import share, worded
from glance_audit.report.line import plain
from glance_audit.report.look import Look
from glance_audit.report.outcome import Outcome
from glance_audit.report.reach import opened, reached
from glance_audit.report.result import AuditReport, Location, ReportedFinding, Target
from glance_audit.report.summary import counts, judged, read

_SPECIAL = re.compile(r"([\\`*_\[\]|~$#!])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TICKS = re.compile(r"`+")


def write(report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    """Write the report."""
    stream.writelines(f"{line}\n" for line in lines(report, outcome.look))


def lines(report: AuditReport, look: Look) -> Iterator[str]:
    """Yield the lines of the report."""
    report = worded(report, look, messages=False)
    target = report.target
    yield f"## glance-audit: {plain([counts(report)]).strip()}"
    yield ""
    paths = ", ".join(code(path) for path in target.paths)
    subject = f"{paths}: " if paths else ""
    yield f"{subject}{text(read(report))}; judged for {text(judged(report))}."
    if report.fleet is not None:
        yield from _rules(report.fleet)
    yield from _table(list(pivoted(report, look)), target)
    known = [one for one in unsuppressed(report) if one.known]
    if known:
        yield from ("", f"<details><summary>{len(known)} known, in the baseline</summary>")
        yield from _table([with_hosts(one, look) for one in told(known, folded=True)], target)
        yield from ("", "</details>")
    if report.incomplete:
        yield from ("", "### Could not be audited", "")
        for one in report.incomplete:
            yield f"- {code(reached(target, one.file))}: {text(one.reason)}"
    if report.cross_check is not None:
        yield from ("", f"### Cross-check with {text(report.cross_check.reader)}", "")
        for seen in report.cross_check.differences:
            yield f"- {_place(seen.location, target)}: {text(seen.message)}; {text(seen.because)}"
        if not report.cross_check.differences:
            yield "Both read the same."
    if report.notes:
        yield from ("", "### Notes", "")
        yield from (f"- {text(note)}" for note in report.notes)


def _rules(fleet: Fleet) -> Iterator[str]:
    rules = [rule for rule in fleet.rules if rule.hosts.names]
    if rules:
        yield from ("", "| Severity | Rule | Hosts |", "| --- | --- | --- |")
        for rule in rules:
            link = f"{_rule(rule)} {text(rule.slug)}"
            yield f"| **{rule.severity.value}** | {link} | {share(rule.hosts)} |"


def _table(findings: list[Told], target: Target) -> Iterator[str]:
    if findings:
        hosts = any(one.hosts for one in findings)
        heads = ("Severity", "Rule", "Place", *(("Hosts",) if hosts else ()), "Finding")
        yield from ("", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}")
        yield from (_row(one, target) for one in findings)


def text(prose: str) -> str:
    """Return text as Markdown that shows just that: no markup, no HTML, no link made of itself."""
    shown = "".join(_HTML.get(one, one) for one in visible(prose))
    shown = _SPECIAL.sub(r"\\\1", shown)
    return shown.replace("://", "&#58;//").replace("www.", "www&#46;")


def code(exact: str) -> str:
    """Return text as a code span."""
    shown = visible(exact)
    fence = "`" * (max(map(len, _TICKS.findall(shown)), default=0) + 1)
    pad = " " if "`" in shown or shown != shown.strip(" ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _row(one: Told, target: Target) -> str:
    finding = one.finding
    cells = [text(finding.message)]
    cells += [f"*help:* {text(finding.help)}"] if finding.help else []
    for follower in one.followers:
        lead = f"*also:* {follower.severity.value} {_rule(follower)}"
        place = _place(follower.location, target)
        cells.append(f"{lead}: {text(follower.message)} ({_cell(place)})")
    hosts = f"| {text(one.hosts)} " if one.hosts else ""
    return (
        f"| **{finding.severity.value}** | {_rule(finding)} {text(finding.slug)} "
        f"| {_cell(_place(finding.location, target))} {hosts}| {'<br>'.join(cells)} |"
    )


def _rule(finding: ReportedFinding | RuleCount) -> str:
    return f"[{finding.code}]({finding.url})" if finding.url else finding.code


def _place(where: Location, target: Target) -> str:
    file = opened(target, where)
    return code(f"{file}:{where.line}:{max(where.column, 1)}" if where.line else file)


def _cell(span: str) -> str:
    """Return a code span for a table, which is cut into cells before its code is seen."""
    return span.replace("|", "\\|")
