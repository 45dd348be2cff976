"""Where something stands in the files of the audited system."""

from __future__ import annotations

from glance_audit.record import NamedTuple


class Inclusion(NamedTuple):
    """One step of an include chain: the directive that brought a file in."""

    file: str
    line: int


class Place(NamedTuple):
    """A stretch of one file.

    ``file`` is the absolute path inside the audited system, as the server opened it (a link in
    ``sites-enabled`` stays a link). Lines and columns count from 1, columns count characters, and
    ``end_column`` is one past the last character. A place that is a whole file has line 0.
    ``included_from`` leads from the server's main file to this one, outermost first.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    included_from: tuple[Inclusion, ...] = ()
