"""``--format github``: commands of a GitHub workflow, which become annotations of the files.

GitHub shows ten of each severity for a step. Suppressed findings are left out; what is in
the baseline is a notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from glance_audit.engine.finding import Severity
from glance_audit.report.escape import visible
from glance_audit.report.finding import pressing, unsuppressed
from glance_audit.report.outcome import Outcome
from glance_audit.report.reach import opened, reached
from glance_audit.report.result import AuditReport, ReportedFinding, Target

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(report: AuditReport, _outcome: Outcome, stream: TextIO) -> None:
    """Write a command for each finding, and for what could not be audited."""
    stream.writelines(f"{line}\n" for line in lines(report))


def lines(report: AuditReport) -> Iterator[str]:
    """Yield the commands."""
    for one in unsuppressed(report):
        told = [one.message, *([f"help: {one.help}"] if one.help else [])]
        told += [f"see: {one.url}"] if one.url else []
        title = f"{one.code} {one.slug}{' (known)' if one.known else ''}"
        yield command(COMMANDS[pressing(one)], _place(one, report.target), title, told)
    for missing in report.incomplete:
        file = {"file": reached(report.target, missing.file)}
        yield command("error", file, "glance-audit: could not be audited", [missing.reason])


def command(name: str, place: dict[str, str], title: str, told: list[str]) -> str:
    """Return a workflow command; nothing in its parts can end it or begin another."""
    properties = ",".join(
        f"{key}={_escaped(visible(value), ':,')}"
        for key, value in (*place.items(), ("title", title))
    )
    return f"::{name} {properties}::{_escaped(chr(10).join(map(visible, told)))}"


def _place(finding: ReportedFinding, target: Target) -> dict[str, str]:
    """GitHub takes columns only within one line, and draws a whole file's at its first."""
    where = finding.location
    place = {"file": opened(target, where)}
    if where.line:
        place |= {"line": str(where.line), "endLine": str(max(where.end_line, where.line))}
        if where.end_line == where.line:
            place |= {"col": str(max(where.column, 1)), "endColumn": str(max(where.end_column, 1))}
    return place


def _escaped(text: str, more: str = "") -> str:
    """Escape what ends a command or a property, as actions/toolkit does."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
