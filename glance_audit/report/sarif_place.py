"""Places in SARIF: URIs relative to where the audit ran, and regions."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from glance_audit.report.reach import reached
from glance_audit.report.result import Location, Target

# What code hosts call the root of the checkout, which is where pipelines run commands.
CHECKOUT = "%SRCROOT%"
AUDITED = "AUDITED"


class Places:
    """The places of one report."""

    def __init__(self, target: Target) -> None:
        self._target = target
        base = target.base.rstrip("/")
        # Where the audited files lie, when that is not below the current directory.
        self._outside = f"{base}/" if reached(target, f"{base}/x").startswith("/") else None

    def bases(self) -> dict[str, Any]:
        """Return what the URIs are relative to (§3.14.14).

        The current directory has no address: a report of a checkout is the same on all machines.
        """
        described: dict[str, Any] = {
            CHECKOUT: {"description": {"text": "The directory the audit ran in."}}
        }
        if self._outside is not None:
            described[AUDITED] = {
                "uri": f"file://{_quoted(self._outside)}",
                "description": {"text": "What was audited."},
            }
        return described

    def location(self, where: Location) -> dict[str, Any]:
        """Return a place in the file itself, not in the link to it; a whole file has no region."""
        place = self.file(where.real_file)
        if where.line:
            place["physicalLocation"]["region"] = {
                "startLine": where.line,
                "startColumn": max(where.column, 1),
                "endLine": max(where.end_line, where.line),
                "endColumn": max(where.end_column, 1),
                "snippet": {"text": where.text},
            }
        return place

    def line(self, file: str, line: int) -> dict[str, Any]:
        """Return a whole line."""
        place = self.file(file)
        if line:
            place["physicalLocation"]["region"] = {"startLine": line}
        return place

    def file(self, file: str) -> dict[str, Any]:
        """Return a whole file."""
        return {"physicalLocation": {"artifactLocation": self._artifact(file)}}

    def _artifact(self, file: str) -> dict[str, str]:
        path = reached(self._target, file)
        if not path.startswith("/"):
            return {"uri": _quoted(path), "uriBaseId": CHECKOUT}
        if self._outside is not None and path.startswith(self._outside):
            return {"uri": _quoted(path[len(self._outside) :]), "uriBaseId": AUDITED}
        return {"uri": f"file://{_quoted(path)}"}


def _quoted(path: str) -> str:
    """Return a path as a part of a URI; a colon in its first step would look like a scheme."""
    return quote(path, errors="backslashreplace")
