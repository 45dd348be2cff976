"""What a reader of any format returns for the asked section of a file."""

from __future__ import annotations

from bisect import bisect_left

from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.record import NamedTuple
from glance_audit.uwsgi.text import ConfigText


class Record(NamedTuple):
    """One ``key = value``. ``unknown`` names the variables in it that nobody could replace."""

    key: str
    value: str
    place: Place
    key_place: Place
    value_place: Place
    unknown: tuple[str, ...] = ()


class Section(NamedTuple):
    """The asked section of a file, its parts joined.

    ``header`` is its first header line; ``near`` is the first header that a person may take for it
    (blanks, another case or a comment after it), when the section itself is not there.
    ``problems`` are the faults of the text itself; with a fatal one uWSGI ends. ``left_early``
    tells that nothing behind the section was looked at.
    """

    records: tuple[Record, ...]
    header: Place | None = None
    near: Place | None = None
    problems: tuple[Problem, ...] = ()
    left_early: bool = False

    @property
    def refused(self) -> bool:
        """Whether uWSGI ends when it reads the text."""
        return any(problem.fatal for problem in self.problems)


class Span(NamedTuple):
    """Where something stands in a :class:`ConfigText`: from ``start`` up to before ``end``."""

    start: int
    end: int


def record(text: ConfigText, key: str, value: str, key_span: Span, value_span: Span) -> Record:
    """Return a record for two stretches of a text; like C, its strings end at a NUL."""
    unknown = (*_unknown(text, key_span), *_unknown(text, value_span))
    return Record(
        key.partition("\0")[0],
        value.partition("\0")[0],
        text.place(key_span.start, max(key_span.end, value_span.end)),
        text.place(*key_span),
        text.place(*value_span),
        unknown,
    )


def _unknown(text: ConfigText, span: Span) -> tuple[str, ...]:
    first = bisect_left(text.unknown, (span.start, ""))
    last = bisect_left(text.unknown, (span.end, ""))
    return tuple(variable for _, variable in text.unknown[first:last])


def refused(text: ConfigText, message: str, at: int, advice: str = "") -> Problem:
    """Return a fault with which uWSGI ends, at a position of a text."""
    return Problem(ProblemKind.SYNTAX, message, _point(text, at), advice)


def stopped(text: ConfigText, message: str, at: int, advice: str = "") -> Problem:
    """Return a fault at which uWSGI silently reads no further."""
    return Problem(ProblemKind.SYNTAX, message, _point(text, at), advice, fatal=False)


def _point(text: ConfigText, at: int) -> Place:
    start = min(at, max(0, len(text.text) - 1))
    return text.place(start, min(start + 1, len(text.text)))
