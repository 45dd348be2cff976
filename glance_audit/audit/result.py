"""Making the report: findings with their text, what is incomplete, and the summary."""

from __future__ import annotations

import os
from collections.abc import Iterator

from glance_audit.audit.locate import Locator
from glance_audit.audit.paths import AuditedPaths
from glance_audit.audit.settings import AuditSettings
from glance_audit.audit.topology import draw
from glance_audit.deployment.model import Deployment, Versions
from glance_audit.deployment.versions import VersionRange, format_version
from glance_audit.engine.cause import leaders
from glance_audit.engine.finding import Finding, Severity
from glance_audit.engine.rule import Rule
from glance_audit.engine.run import MOST_FINDINGS, Findings
from glance_audit.files import ProblemKind
from glance_audit.report.escape import mask, visible
from glance_audit.report.result import (
    AuditReport,
    Incomplete,
    RelatedLocation,
    ReportedFinding,
    Summary,
    Target,
    VersionSpan,
)


def make_report(
    settings: AuditSettings,
    paths: AuditedPaths,
    deployment: Deployment,
    rules: tuple[Rule, ...],
    findings: Findings,
) -> AuditReport:
    """Fill in what a reader sees; findings below the wished severity or confidence are left out."""
    locator = Locator(paths)
    by_code = {rule.code: rule for rule in rules}
    shown = [
        (finding, occurrence)
        for finding, occurrence in _occurrences(findings.all, locator)
        if (finding.severity or Severity.INFO).rank <= settings.severity.rank
        and finding.confidence.rank <= settings.confidence.rank
    ]
    reported = _led(
        shown,
        [
            _reported(finding, by_code[finding.code], locator, occurrence)
            for finding, occurrence in shown
        ],
        rules,
    )
    counts = dict.fromkeys(Severity, 0)
    suppressed = 0
    for finding in reported:
        if finding.suppressed is None:
            counts[finding.severity] += 1
        else:
            suppressed += 1
    return AuditReport(
        _target(settings, paths, deployment.versions),
        draw(deployment, locator),
        reported,
        (*_incomplete(deployment, locator), *_cut(findings, settings)),
        _notes(deployment),
        Summary(
            counts[Severity.ERROR],
            counts[Severity.WARNING],
            counts[Severity.INFO],
            suppressed,
            len(paths.source.files_read()),
            sum(len(server.hosts) for server in deployment.servers),
        ),
    )


def _occurrences(findings: tuple[Finding, ...], locator: Locator) -> list[tuple[Finding, int]]:
    """Number findings of the same identity, so that each has a fingerprint of its own."""
    seen: dict[tuple[object, ...], int] = {}
    numbered = []
    for finding in findings:
        key = locator.identity(finding)
        seen[key] = seen.get(key, 0) + 1
        numbered.append((finding, seen[key]))
    return numbered


def _led(
    shown: list[tuple[Finding, int]], reported: list[ReportedFinding], rules: tuple[Rule, ...]
) -> tuple[ReportedFinding, ...]:
    """Say of each finding which one leads it; what is hidden or suppressed leads nothing."""
    numbers = [number for number, (finding, _) in enumerate(shown) if finding.suppressed is None]
    led = leaders([shown[number][0] for number in numbers], rules)
    for follower, leader in led.items():
        cause = reported[numbers[leader]].fingerprint
        reported[numbers[follower]] = reported[numbers[follower]]._replace(caused_by=cause)
    return tuple(reported)


def _reported(finding: Finding, rule: Rule, locator: Locator, occurrence: int) -> ReportedFinding:
    return ReportedFinding(
        finding.code,
        rule.slug,
        finding.severity or rule.severity,
        finding.confidence,
        rule.basis,
        visible(finding.message),
        visible(finding.help),
        rule.url,
        locator.fingerprint(finding, occurrence),
        locator.locate(finding.place),
        tuple(
            RelatedLocation(visible(related.message), locator.locate(related.place))
            for related in finding.related
        ),
        suppressed=None if finding.suppressed is None else visible(mask(finding.suppressed)),
    )


def _incomplete(deployment: Deployment, locator: Locator) -> tuple[Incomplete, ...]:
    """What was not audited as a whole: unreadable input, and files the server itself refuses."""
    entries: dict[Incomplete, None] = {}
    for problem in deployment.problems:
        if problem.kind is ProblemKind.UNREADABLE or problem.fatal:
            location = locator.locate(problem.place)
            line = f"line {location.line}: " if location.line else ""
            entries[Incomplete(location.file, visible(f"{line}{problem.message}"))] = None
    for template in deployment.marks.templates:
        location = locator.locate(template.place)
        reason = f"line {location.line}: the file is a template, and not what a server reads"
        entries[Incomplete(location.file, reason)] = None
    return tuple(entries)


def _cut(findings: Findings, settings: AuditSettings) -> Iterator[Incomplete]:
    for code in findings.cut:
        reason = f"{code} has more than {MOST_FINDINGS} findings; the rest is left out"
        yield Incomplete(visible(settings.paths[0]), reason)


def _notes(deployment: Deployment) -> tuple[str, ...]:
    unknown = [s.spool for s in deployment.servers if s.buffered and s.spool.room.total is None]
    unknown += [spool for _, spool in deployment.uwsgi_spools if spool.room.total is None]
    notes = [
        f"uploads are spooled in {spool.directory}, whose size is unknown: "
        "give --tmpdir-size to have it checked"
        for spool in unknown
    ]
    notes += [
        f"{server.name} was read alone: what the server around it sets is not seen"
        for server in deployment.servers
        if not server.whole
    ]
    stated = deployment.expectations.glance_routes
    if stated:
        paths = {route.path.rstrip("/") for server in deployment.servers for route in server.routes}
        notes += [
            f"--glance-route {one or '/'}: no route has that path" for one in sorted(stated - paths)
        ]
    if not deployment.glance_routes and not deployment.glance_instances:
        notes.append("no route and no uWSGI configuration that reaches Glance was found")
    return tuple(dict.fromkeys(visible(note) for note in notes))


def _target(settings: AuditSettings, paths: AuditedPaths, versions: Versions) -> Target:
    root = paths.source.root if settings.root is not None else None
    python = versions.python
    return Target(
        tuple(visible(path) for path in settings.paths),
        None if root is None else visible(_short(root, settings.cwd)),
        _span(versions.glance),
        _span(versions.httpd),
        _span(versions.uwsgi),
        VersionSpan("", "", "unknown") if python is None else _span(python),
        visible(paths.base),
        visible(settings.cwd),
    )


def _short(path: str, cwd: str) -> str:
    relative = os.path.relpath(path, cwd)
    return path if relative.startswith("..") else os.path.join(".", relative)


def _span(span: VersionRange) -> VersionSpan:
    return VersionSpan(format_version(span.first), format_version(span.last), span.source)
