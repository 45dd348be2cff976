"""How uWSGI reads the value of an option."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)")
_OFF = frozenset({"false", "off", "no"})
_LONG_MAX = 2**63 - 1
_UNSIGNED_MAX = 2**64 - 1


def strtoll(value: str) -> int:
    """Return the number a value begins with, 0 without one: C's ``strtoll(value, NULL, 10)``."""
    match = _NUMBER.match(value)
    if match is None:
        return 0
    digits = match.group(1)
    if len(digits) > 20:  # more than 64 bits; int() of a very long string is refused by Python
        return -_LONG_MAX - 1 if digits[0] == "-" else _LONG_MAX
    return max(-_LONG_MAX - 1, min(_LONG_MAX, int(digits)))


def atoi(value: str) -> int:
    """Return what ``atoi`` makes of a value: no units, ``10s`` is 10 and ``true`` is 0."""
    number = strtoll(value) & 0xFFFFFFFF
    return number - 2**32 if number >= 2**31 else number


def strtoul(value: str) -> int:
    """Return C's ``strtoul(value, NULL, 10)``, which the 16 and 64 bit options take: -1 is huge."""
    match = _NUMBER.match(value)
    if match is None:
        return 0
    digits = match.group(1).lstrip("+-")
    number = int(digits) if len(digits) <= 20 else _UNSIGNED_MAX
    if number >= _UNSIGNED_MAX:
        return _UNSIGNED_MAX
    return -number & _UNSIGNED_MAX if match.group(1)[0] == "-" else number


def is_true(value: str) -> bool:
    """Whether a value switches a boolean option on.

    Off is only the whole value ``false``, ``off`` or ``no`` in any case, or exactly ``0``;
    ``none``, ``disabled``, ``00`` and the empty value are on (core/uwsgi.c, uwsgi_opt_true).
    """
    # strcasecmp in the C locale folds ASCII alone, and str.lower would turn U+212A into "k".
    return value != "0" and not (value.isascii() and value.lower() in _OFF)
