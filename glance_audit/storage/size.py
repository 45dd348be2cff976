"""Sizes as people write them, in bytes."""

from __future__ import annotations

import re

_SIZE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,18})?) ?(?:([KMGTPE])(iB?|B)?|B)?", re.IGNORECASE)
_MOUNT_OPTION = re.compile(r"([0-9]{1,18})([kmgtpe]?)", re.IGNORECASE)
_UNITS = "KMGTPE"


def parse_size(text: str) -> int:
    """Return the bytes of ``10G``, ``10GiB``, ``1.5 TiB``, ``512M`` or a bare number.

    All units are powers of 1024, ``GB`` too: too large an estimate is the safe side here.

    Raises:
        ValueError: with a message for the person who wrote it.
    """
    match = _SIZE.fullmatch(text.strip(" \t"))
    if match is None:
        message = f"'{text}' is not a size: write a number and a unit, such as 512M, 10GiB or 1.5T"
        raise ValueError(message)
    factor = _factor(match[2])
    whole, _, fraction = match[1].partition(".")
    # Integers all the way: 1.1 of a unit is no binary fraction.
    scale: int = 10 ** len(fraction)
    return int(whole) * factor + int(fraction or 0) * factor // scale


def mount_option_size(text: str) -> int | None:
    """Return the bytes of tmpfs's ``size=``, None for a percentage of memory or what it refuses.

    Source: tmpfs(5) and the kernel's ``memparse``: k, m, g and larger, powers of 1024.
    """
    match = _MOUNT_OPTION.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) * _factor(match[2])


def format_size(size: int) -> str:
    """Return ``10 GiB``, ``1.5 TiB``, ``20 MiB`` or ``900 B``: at most one decimal."""
    factor, unit = 1, "B"
    for letter in _UNITS:
        if abs(size) < 1024 * factor:
            break
        factor, unit = factor * 1024, f"{letter}iB"
    shown = f"{size / factor:.1f}".removesuffix(".0")
    return f"{shown} {unit}"


def _factor(letter: str | None) -> int:
    return 1 << 10 * (_UNITS.index(letter.upper()) + 1) if letter else 1
