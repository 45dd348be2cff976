"""One file as it stands: its directives and sections, nothing carried out and nothing replaced."""

from __future__ import annotations

from glance_audit.apache.directive import Directive
from glance_audit.apache.modules import Modules
from glance_audit.apache.reader import Reader
from glance_audit.apache.variables import Variables
from glance_audit.files import FileSource, Problem


def read_raw(source: FileSource, path: str) -> tuple[list[Directive], list[Problem]]:
    """Return the directives of the top level of one file, and what Apache's reader refuses in it.

    Include, Define and ``<If...>`` are directives and sections like all others here.
    """
    reader = Reader(source, "/", Variables({}, {}), (2, 4, 71), Modules(()), {})
    reader.read(path, None, (), 0, None)
    return reader.directives, reader.problems
