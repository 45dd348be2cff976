"""Lists of what configurations are made up from."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """Return what stands between | and line ends."""
    return tuple(word for line in text.splitlines() for word in line.split("|"))
