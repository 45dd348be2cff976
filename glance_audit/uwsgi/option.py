"""One option of a uWSGI configuration, and where it is written."""

from __future__ import annotations

from glance_audit.files import Place
from glance_audit.record import NamedTuple


class Option(NamedTuple):
    """A key and its value as uWSGI holds them, after every substitution.

    ``place`` is the whole ``key = value`` as it is written, before substitution; ``key_place`` and
    ``value_place`` are its two sides. An option that another one brings (``set``, a declared
    option, the body of a loop) has the place it comes from. ``origin`` is ``file``,
    ``command-line`` or ``environment``; the last two have a place of line 0.
    """

    key: str
    value: str
    place: Place
    key_place: Place
    value_place: Place
    origin: str = "file"
