"""Small audited systems: trees written file by file, and what an audit says of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from glance_audit.audit import AuditSettings, audit
from glance_audit.report.result import AuditReport, Location, ReportedFinding

# What a file of a tree can be: its text or bytes, None for a directory. A text that starts with
# LINK is a symbolic link to the rest of it.
Content = str | bytes | None
LINK = "-> "

APACHE = "/etc/apache2"
APACHE_CONF = f"{APACHE}/apache2.conf"
GLANCE_CONF = "/etc/glance/glance-api.conf"
UWSGI_INI = "/etc/glance/glance-api-uwsgi.ini"


class AuditTree(Protocol):
    """The fixture ``audit_tree``: writes a system below a directory of its own and audits it.

    ``files`` maps absolute paths of the system to their contents. ``path`` is what is audited;
    the other arguments are fields of :class:`AuditSettings`. File names in the report are relative
    to the system's root: ``etc/apache2/apache2.conf``.
    """

    def __call__(
        self, files: Mapping[str, Content], *, path: str = APACHE, **settings: object
    ) -> AuditReport: ...


def lay_out(root: Path, files: Mapping[str, Content]) -> None:
    """Write the files of a system."""
    for name, content in files.items():
        place = root / name.lstrip("/")
        if content is None:
            place.mkdir(parents=True, exist_ok=True)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        elif content.startswith(LINK):
            place.symlink_to(content.removeprefix(LINK))
        else:
            place.write_bytes(content.encode("utf-8", "surrogateescape"))


def audit_system(root: Path, path: str, settings: Mapping[str, object]) -> AuditReport:
    """Audit a system that lies below ``root``."""
    given = {"root": str(root), "cwd": str(root), "host": False, **settings}
    return audit(AuditSettings(paths=(path,), **given))  # type: ignore[arg-type]


def codes(report: AuditReport) -> list[str]:
    """The codes of all findings, in the report's order."""
    return [finding.code for finding in report.findings]


def findings(report: AuditReport, code: str) -> list[ReportedFinding]:
    """The findings of one rule, in the report's order."""
    return [finding for finding in report.findings if finding.code == code]


def finding(report: AuditReport, code: str) -> ReportedFinding:
    """The only finding of a rule; it is a failure when there is none or a second one."""
    found = findings(report, code)
    assert len(found) == 1, f"{code} found {len(found)} times among {codes(report)}"
    return found[0]


def where(location: Location) -> str:
    """A location as ``file:line:column``."""
    return f"{location.file}:{location.line}:{location.column}"


def judged(finding: ReportedFinding) -> tuple[str, str]:
    """Severity and confidence as words."""
    return finding.severity.value, finding.confidence.value


def notes(finding: ReportedFinding) -> dict[str, str]:
    """The related places: what is said of each, and where it is."""
    return {related.message: where(related.location) for related in finding.related}
