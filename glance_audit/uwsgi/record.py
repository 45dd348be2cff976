"""What a reader of any format returns for the asked section of a file."""

from __future__ import annotations

from typing import NamedTuple

from glance_audit.files import Place


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
    """

    records: tuple[Record, ...]
    header: Place | None
    near: Place | None
