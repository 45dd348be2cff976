"""The formats of a report by name. What a format needs is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from glance_audit.report.outcome import Outcome
    from glance_audit.report.result import AuditReport

Writer = Callable[["AuditReport", "Outcome", TextIO], None]


class Format(NamedTuple):
    """A format: the module beside this one that writes it, and what it is for."""

    module: str
    use: str


FORMATS = {
    "rich": Format("text", "for people, in a terminal or a log (default)"),
    "text": Format("text", "the same as rich"),
    "concise": Format("concise", "one line for each finding, for editors and grep"),
    "json": Format("json_report", "everything, as the published schema has it"),
    "jsonl": Format("json_lines", "one JSON object a line, for streams and data bases"),
    "html": Format("html.page", "one page for a browser, with the way of an upload drawn"),
    "markdown": Format("markdown", "a table for a job summary or a comment"),
    "sarif": Format("sarif", "SARIF 2.1.0, for code scanning and viewers"),
    "junit": Format("junit", "a test for each finding, for what shows tests beside a build"),
    "checkstyle": Format("checkstyle", "Checkstyle's XML, for what gathers warnings"),
    "github": Format("github", "annotations of a GitHub workflow"),
    "gitlab": Format("gitlab", "a code quality report of GitLab"),
}
DEFAULT = "rich"


def writer(name: str) -> Writer:
    """Return what writes a report in the format of that name."""
    write: Writer = import_module(f"glance_audit.report.{FORMATS[name].module}").write
    return write
