"""Specifiers (``%i``, ``%n`` …) in the values of a unit."""

from __future__ import annotations

import re

_SPECIFIER = re.compile(r"%(.?)", re.DOTALL)
_HOST = frozenset("aAbBcdDfgGHjJlmMoqrRuUvwWyYhs")  # known to systemd, not to us
_FIXED = {  # of the system manager, systemd.unit(5)
    "%": "%",
    "C": "/var/cache",
    "E": "/etc",
    "L": "/var/log",
    "S": "/var/lib",
    "T": "/tmp",
    "V": "/var/tmp",
    "t": "/run",
}
_HEX = re.compile(r"\\x([0-9a-f]{2})")


class UnknownSpecifier(Exception):
    """A specifier that systemd does not know: it ignores the assignment."""


def specifiers(name: str) -> dict[str, str]:
    """Return what the specifiers mean in the unit ``name`` (``uwsgi@glance.service``)."""
    stem = name.rpartition(".")[0]
    prefix, _, instance = stem.partition("@")
    return _FIXED | {
        "n": name,
        "N": stem,
        "p": prefix,
        "P": _unescape(prefix),
        "i": instance,
        "I": _unescape(instance),
    }


def expand(value: str, known: dict[str, str]) -> str | None:
    """Return a value with its specifiers replaced, None when one depends on the host.

    Raises:
        UnknownSpecifier: systemd would not know it either.
    """
    if "%" not in value:
        return value
    done = []
    start = 0
    for match in _SPECIFIER.finditer(value):
        letter = match[1]
        if letter not in known:
            if letter in _HOST:
                return None
            # A percent sign before a character that is no letter stands for itself.
            if letter.isalpha():
                raise UnknownSpecifier(match[0])
            continue
        done += [value[start : match.start()], known[letter]]
        start = match.end()
    return "".join(done) + value[start:]


def _unescape(text: str) -> str:
    r"""Undo ``systemd-escape``: ``-`` is ``/``, ``\x2d`` is ``-``."""
    return _HEX.sub(lambda match: chr(int(match[1], 16)), text.replace("-", "/"))
