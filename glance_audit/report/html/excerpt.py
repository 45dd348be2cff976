"""Lines of an audited file with the marked words set apart."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.record import NamedTuple
from glance_audit.report.escape import visible
from glance_audit.report.result import Location

_MOST = 12  # lines of one place that are shown; the middle of longer ones is left out
_LONGEST = 400  # characters of one line


class Row(NamedTuple):
    """One physical line in three parts; ``number`` None: lines are left out here."""

    number: int | None
    before: str
    marked: str
    behind: str


def rows(location: Location) -> Iterator[Row]:
    """Yield the lines of a place, what is marked between what is not."""
    last = len(location.lines) - 1
    for offset, text in enumerate(location.lines):
        if last >= _MOST and _MOST - 4 <= offset < last - 1:
            if offset == _MOST - 4:
                yield Row(None, "", "", "")
            continue
        start = location.column - 1 if offset == 0 else len(text) - len(text.lstrip(" \t"))
        end = location.end_column - 1 if offset == last and location.end_column else len(text)
        start = max(0, min(start, len(text)))
        end = max(start, min(end, len(text)))
        yield Row(
            location.line + offset,
            _shown(text[:start]), _shown(text[start:end]), _shown(text[end:]),
        )  # fmt: skip


def _shown(text: str) -> str:
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}\u2026"
    return visible(text)
