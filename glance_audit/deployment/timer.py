"""A timer on an upload's way, with the place that sets it."""

from __future__ import annotations

import re

from glance_audit.files import Place
from glance_audit.record import NamedTuple

_UNITS = {"": 1.0, "s": 1.0, "ms": 0.001, "mi": 60.0, "min": 60.0, "h": 3600.0}
_DURATION = re.compile(r"([0-9]{1,18})([a-z]*)\Z", re.IGNORECASE | re.ASCII)


class Timer(NamedTuple):
    """``seconds`` of ``name``; ``place`` None means the server's default applies."""

    name: str
    seconds: float
    place: Place | None = None

    @property
    def text(self) -> str:
        """The timer as a message names it."""
        seconds = int(self.seconds) if self.seconds == int(self.seconds) else self.seconds
        default = "" if self.place else " by default"
        return f"{self.name} {seconds} s{default}"


def parse_duration(text: str) -> float | None:
    """Read Apache's ``30``, ``30s``, ``500ms``, ``5min`` in seconds; None when it is not one.

    Units as server/util.c ``ap_timeout_parameter_parse``: ms, s, mi(n), h.
    """
    match = _DURATION.match(text)
    if match is None:
        return None
    unit = match[2].lower()
    factor = _UNITS.get(unit)
    return None if factor is None else int(match[1]) * factor
