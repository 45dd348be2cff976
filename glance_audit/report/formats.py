"""The formats of a report by name. What a format needs is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from glance_audit.report.outcome import Outcome
    from glance_audit.report.result import AuditReport

Writer = Callable[["AuditReport", "Outcome", TextIO], None]


class Format(NamedTuple):
    """A format: the module beside this one that writes it, and what it is for.

    ``hosts``: it has a place for the hosts that a finding of a fleet is on. In the others they are
    told in the message. ``series``: several reports after one another are still of the format.
    """

    module: str
    use: str
    hosts: bool = False
    series: bool = False


FORMATS = {
    "rich": Format("text", "for people, in a terminal or a log (default)", hosts=True, series=True),
    "text": Format("text", "the same as rich", hosts=True, series=True),
    "concise": Format("concise", "one line for each finding, for editors and grep", series=True),
    "json": Format("json_report", "everything, as the published schema has it", hosts=True),
    "jsonl": Format(
        "json_lines", "one JSON object a line, for streams and data bases", hosts=True, series=True
    ),
    "html": Format(
        "html.page", "one page for a browser, with the way of an upload drawn", hosts=True
    ),
    "markdown": Format(
        "markdown", "a table for a job summary or a comment", hosts=True, series=True
    ),
    "sarif": Format("sarif", "SARIF 2.1.0, for code scanning and viewers"),
    "junit": Format("junit", "a test for each finding, for what shows tests beside a build"),
    "checkstyle": Format("checkstyle", "Checkstyle's XML, for what gathers warnings"),
    "github": Format("github", "annotations of a GitHub workflow", series=True),
    "gitlab": Format("gitlab", "a code quality report of GitLab"),
}
DEFAULT = "rich"


def writer(name: str) -> Writer:
    """Return what writes a report in the format of that name."""
    write: Writer = import_module(f"glance_audit.report.{FORMATS[name].module}").write
    return write if FORMATS[name].hosts else partial(_worded, write)


def _worded(write: Writer, report: AuditReport, outcome: Outcome, stream: TextIO) -> None:
    if report.fleet is not None:
        from glance_audit.report.hosts import worded

        report = worded(report, outcome.look)
    write(report, outcome, stream)
