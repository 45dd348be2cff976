"""The first words of lines, which are few however many the lines are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from glance_audit.apache.reader import Executed


class Command(NamedTuple):
    """What the first word of a line says, the same wherever it stands.

    ``name`` is the directive's or section's, ``key`` the same in lower case; ``closes`` is the
    section that a closing tag names, in lower case. ``executed`` is what carries the directive out
    while reading, for the reader.
    """

    name: str
    key: str
    section: bool
    closes: str | None
    executed: Executed | None
