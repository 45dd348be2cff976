"""Wording shared by the rules: lists and shortened lists in a sentence."""

from __future__ import annotations

from collections.abc import Iterable


def listing(items: Iterable[str], most: int = 4) -> str:
    """Join as ``a, b and c``; past ``most`` the rest is counted."""
    unique = list(dict.fromkeys(items))
    if len(unique) > most:
        rest = len(unique) - most
        unique = [*unique[:most], f"{rest} more"]
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} and {unique[-1]}"
