"""What is wrong with a configuration, and what nobody knows about it, as it is read."""

from __future__ import annotations

from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.record import NamedTuple

_MOST_UNDEFINED = 1_000
_RECENT = 8  # a loop asks the same question in every round


class UndefinedName(NamedTuple):
    """A ``$(name)`` or ``%(name)`` in a value, of which nothing is known. ``symbol`` is its sign.

    uWSGI keeps it as it is written; in an expression (``%(name + 1)``) it stands for nothing.
    ``place`` is the value.
    """

    symbol: str
    name: str
    place: Place


class Faults:
    """Collects problems (``fatal``: uWSGI ends there) and open questions."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unknown: list[Problem] = []
        self.undefined: list[UndefinedName] = []

    def refuse(self, message: str, place: Place) -> None:
        """Note an option with which uWSGI ends."""
        self.problems.append(Problem(ProblemKind.SYNTAX, message, place))

    def endless(self, message: str, place: Place) -> None:
        """Note what uWSGI never comes to the end of, or crashes on: nobody can read that."""
        self.problems.append(Problem(ProblemKind.UNREADABLE, message, place))

    def missing(self, message: str, place: Place, advice: str = "") -> None:
        """Note a file that is not there; the main file has a place of line 0."""
        kind = ProblemKind.INCLUDE_MISSING if place.line else ProblemKind.UNREADABLE
        self.problems.append(Problem(kind, message, place, advice))

    def incomplete(self, message: str, place: Place) -> None:
        """Note something that uWSGI would read and that is not read here."""
        self.problems.append(Problem(ProblemKind.UNREADABLE, message, place, fatal=False))

    def ignored(self, message: str, place: Place, advice: str = "") -> None:
        """Note something that uWSGI passes over in silence."""
        self.problems.append(Problem(ProblemKind.SYNTAX, message, place, advice, fatal=False))

    def undefined_name(self, symbol: str, name: str, place: Place) -> None:
        """Note a name in a value that nothing defines."""
        if len(self.undefined) < _MOST_UNDEFINED:
            self.undefined.append(UndefinedName(symbol, name, place))

    def question(self, message: str, place: Place) -> None:
        """Note something that depends on the machine."""
        problem = Problem(ProblemKind.UNREADABLE, message, place, fatal=False)
        if problem not in self.unknown[-_RECENT:]:
            self.unknown.append(problem)
