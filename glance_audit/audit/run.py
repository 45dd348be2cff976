"""One audit: from the settings to the report."""

from __future__ import annotations

import os
from collections.abc import Callable

from glance_audit.audit.cross_check import cross_check
from glance_audit.audit.paths import AuditedPaths, find_paths
from glance_audit.audit.result import make_report
from glance_audit.audit.selection import catalogue_of, select
from glance_audit.audit.settings import AuditSettings, NothingToAudit, UsageError
from glance_audit.audit.versions import find_versions
from glance_audit.deployment.build import build
from glance_audit.deployment.collect import Inputs, ReadingOptions, collect
from glance_audit.deployment.model import Expectations, Versions
from glance_audit.deployment.room import RoomFinder
from glance_audit.deployment.suppression import find_suppressions
from glance_audit.deployment.threshold import load_thresholds
from glance_audit.deployment.versions import Holds
from glance_audit.engine.run import run
from glance_audit.files import FileSource, Kind, Unreadable
from glance_audit.report.result import AuditReport


def audit(
    settings: AuditSettings, follow: Callable[[FileSource], object] | None = None
) -> AuditReport:
    """Audit what the settings name; ``follow`` is given the source of the files at the start.

    Raises:
        UsageError: an unknown path, version, code or define, or own rules that fail.
        NothingToAudit: the paths hold no Apache, uWSGI or Glance configuration.
    """
    catalogue = catalogue_of(settings)
    rules = select(catalogue, settings)
    paths = find_paths(settings)
    source = paths.source
    if follow is not None:
        follow(source)
    versions = find_versions(source, settings, detect=paths.whole)
    inputs = collect(source, paths.inside, _reading(settings, versions, paths))
    if inputs.empty and not inputs.problems:
        raise NothingToAudit(_nothing(settings, inputs))
    rooms = RoomFinder(source, inputs.mounts, host=paths.live, stated=settings.tmpdir_size)
    deployment = build(source, inputs, versions, _expectations(settings), rooms)
    if settings.suppressions:
        available = (one.file for server in deployment.servers for one in server.available)
        found = find_suppressions(source, inputs, settings.today, available)
        deployment = deployment._replace(suppressions=found)
    findings = run(rules, deployment, catalogue)
    notes: tuple[str, ...] = ()
    if settings.severities or settings.overrides:
        from glance_audit.audit.override import overridden  # few settings files have any

        findings, notes = overridden(findings, rules, catalogue, settings, source)
    report = make_report(settings, paths, deployment, rules, findings)
    report = report._replace(notes=(*report.notes, *notes))
    if not settings.cross_check:
        return report
    return report._replace(cross_check=cross_check(source, inputs, paths))


def _reading(settings: AuditSettings, versions: Versions, paths: AuditedPaths) -> ReadingOptions:
    defines: dict[str, str | None] = {}
    for define in settings.defines:
        name, equals, value = define.partition("=")
        if not name:
            raise UsageError(f"-D {define}: give a name, as in -D NAME or -D NAME=VALUE")
        defines[name] = value if equals else None
    last = (*versions.httpd.last, 0, 0, 0)[:3]
    return ReadingOptions(
        defines, _envvars(settings, paths), (last[0], last[1], last[2]), paths.whole,
        versions.holds(before="standalone-removed") is not Holds.NONE,
    )  # fmt: skip


def _envvars(settings: AuditSettings, paths: AuditedPaths) -> str | None:
    """Return where the file of ``--envvars`` is; without --root it is one of this machine."""
    if settings.envvars is None:
        return None
    source = paths.source
    path = os.path.normpath(os.path.join(settings.cwd, settings.envvars))
    if settings.root is not None:
        path = paths.map(settings.envvars)
    elif path.startswith(source.root.rstrip("/") + "/"):
        path = path[len(source.root.rstrip("/")) :]
    else:
        try:
            source.put(path, FileSource().text(path))
        except Unreadable as error:
            raise UsageError(f"--envvars {settings.envvars}: {error.reason}") from None
    if source.kind(path) is not Kind.FILE:
        raise UsageError(f"--envvars {settings.envvars}: is not a file")
    return path


def _expectations(settings: AuditSettings) -> Expectations:
    floors, thresholds = settings.floors, load_thresholds()

    def said(value: int | None, name: str) -> int:
        return thresholds.value(name) if value is None else value

    return Expectations(
        said(settings.largest_image, "largest-image"),
        said(settings.concurrent_uploads, "concurrent-uploads"),
        said(floors.buffering, "buffering-floor"),
        said(floors.streaming, "streaming-floor"),
        said(floors.gateway, "gateway-floor"),
        said(floors.mercy, "mercy-floor"),
        said(floors.header, "header-floor"),
        frozenset(path.rstrip("/") for path in settings.glance_routes),
    )


def _nothing(settings: AuditSettings, inputs: Inputs) -> str:
    reasons = "".join(f"\n  {problem.place.file}: {problem.message}" for problem in inputs.problems)
    where = ", ".join(settings.paths)
    return (
        f"{where}: no Apache, uWSGI or Glance configuration was found "
        "(looked for apache2.conf, httpd.conf, conf/httpd.conf, *.ini with a [uwsgi] section, "
        f"glance-api.conf); name the directory or the file that holds it{reasons}"
    )
