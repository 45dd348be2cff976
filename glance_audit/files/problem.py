"""What could not be read, as a value with a place."""

from __future__ import annotations

from enum import Enum

from glance_audit.files.place import Place
from glance_audit.record import NamedTuple


class ProblemKind(Enum):
    """Which rule of the GA9 family tells about a problem."""

    UNREADABLE = "unreadable"
    INCLUDE_MISSING = "include-missing"
    SYNTAX = "syntax"


class Problem(NamedTuple):
    """Something the server, or we, could not read.

    ``message`` says what is wrong in one sentence without the place; ``help`` names the next step;
    ``fatal`` is true when the server itself would refuse to start because of it.
    """

    kind: ProblemKind
    message: str
    place: Place
    help: str = ""
    fatal: bool = True
