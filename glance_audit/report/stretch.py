"""The marked part of each physical line of a place."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.record import NamedTuple
from glance_audit.report.result import Location

_TAIL = 2  # lines that are shown of the end of a long place


class Stretch(NamedTuple):
    """A physical line with its marked characters, from 0, ``end`` exclusive.

    ``open``: the mark goes on behind the line's end, or where it ends is not known.
    """

    number: int
    text: str
    start: int
    end: int
    last: bool
    open: bool


def stretches(location: Location, most: int, head: int) -> Iterator[Stretch | None]:
    """Yield the lines of a place; None stands for those that are left out.

    Of a place with more than ``most`` lines the first ``head`` and the last two are shown. On
    further lines the mark begins behind the indentation.
    """
    total = len(location.lines)
    for offset, text in enumerate(location.lines):
        if total > most and head <= offset < total - _TAIL:
            if offset == head:
                yield None
            continue
        last = offset == total - 1
        indent = len(text) - len(text.lstrip(" \t"))
        start = max(0, min(location.column - 1 if offset == 0 else indent, len(text)))
        goes_on = not last or not location.end_column
        end = len(text) if goes_on else min(location.end_column - 1, len(text))
        yield Stretch(location.line + offset, text, start, max(start, end), last, goes_on)
