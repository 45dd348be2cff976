"""``--format checkstyle``: the XML of Checkstyle, which most tools that gather warnings read.

A finding about a whole file stands at line 0, as Checkstyle's own do. Suppressed findings are left
out; what is in the baseline is of the severity info.
"""

from __future__ import annotations

from typing import TextIO

from glance_audit.report.finding import pressing, unsuppressed
from glance_audit.report.outcome import Outcome
from glance_audit.report.reach import opened, reached
from glance_audit.report.result import AuditReport
from glance_audit.report.xml_text import Element, child, root, write_document

_VERSION = "10.0"  # of Checkstyle: readers want one, and the elements have not changed since 4


def write(report: AuditReport, _outcome: Outcome, stream: TextIO) -> None:
    """Write an element for each file, and in it one for each finding."""
    top = root("checkstyle", version=_VERSION)
    files: dict[str, Element] = {}

    def error(where: tuple[str, int, int | None], severity: str, text: str, code: str) -> None:
        file, line, column = where
        if file not in files:
            files[file] = child(top, "file", name=file)
        child(
            files[file], "error", line=line, column=column, severity=severity, message=text,
            source=f"glance-audit.{code}",
        )  # fmt: skip

    for one in unsuppressed(report):
        where = one.location
        column = max(where.column, 1) if where.line else None
        text = f"{one.message}; help: {one.help}" if one.help else one.message
        text += "; known: it is in the baseline" if one.known else ""
        place = opened(report.target, where), where.line, column
        error(place, pressing(one).value, text, one.code)
    for missing in report.incomplete:
        file = reached(report.target, missing.file)
        told = f"could not be audited: {missing.reason}"
        error((file, 0, None), "error", told, "incomplete")
    write_document(top, stream)
