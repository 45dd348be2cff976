"""Lines of an audited file with the marked words set apart."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.record import NamedTuple
from glance_audit.report.escape import visible
from glance_audit.report.result import Location
from glance_audit.report.stretch import stretches

_MOST = 12  # lines of one place that are shown; the middle of longer ones is left out
_HEAD = 8  # lines before it
_LONGEST = 400  # characters of one line


class Row(NamedTuple):
    """One physical line in three parts; ``number`` None: lines are left out here."""

    number: int | None
    before: str
    marked: str
    behind: str


def rows(location: Location) -> Iterator[Row]:
    """Yield the lines of a place, what is marked between what is not."""
    for one in stretches(location, _MOST, _HEAD):
        if one is None:
            yield Row(None, "", "", "")
            continue
        text, start, end = one.text, one.start, one.end
        before, marked, behind = text[:start], text[start:end], text[end:]
        yield Row(one.number, _shown(before), _shown(marked), _shown(behind))


def _shown(text: str) -> str:
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}\u2026"
    return visible(text)
