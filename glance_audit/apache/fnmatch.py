"""Wildcards as ``apr_fnmatch`` (APR 1.7, with APR_FNM_PERIOD): bytes, no character classes.

Not a regular expression: patterns and names are the audited tree's, and a dozen stars would keep a
backtracking one busy for ever.
"""

from __future__ import annotations

import os

_ANY = frozenset(range(256))


def has_wildcard(pattern: str) -> bool:
    """As ``apr_fnmatch_test``: ``*``, ``?``, or a ``[`` that is closed; a backslash hides one."""
    bracket = False
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if character in "*?" or (character == "]" and bracket):
            return True
        if character == "[":
            bracket = True
        index += 2 if character == "\\" else 1
    return False


class Pattern:
    """One component of a pattern."""

    __slots__ = ("_around", "_dot", "_tokens")

    def __init__(self, pattern: str) -> None:
        # A set of bytes stands for one character, None for a star.
        self._tokens: list[frozenset[int] | None] = []
        text = os.fsencode(pattern)
        index = 0
        while index < len(text):
            index = self._take(text, index)
        self._dot = text[:1] == b"."
        self._around = self._around_the_star()

    def matches(self, name: str) -> bool:
        """Whether a file's name matches; a leading dot only a dot does."""
        text = os.fsencode(name)
        if text[:1] == b"." and not self._dot:
            return False
        if self._around is not None:
            before, behind = self._around
            long_enough = len(text) >= len(before) + len(behind)
            return long_enough and text.startswith(before) and text.endswith(behind)
        tokens = self._tokens
        at = token = 0
        star: tuple[int, int] | None = None  # the token behind the last star, and where it began
        while at < len(text):
            wanted = tokens[token] if token < len(tokens) else frozenset[int]()
            if wanted is None:
                token += 1
                star = (token, at)
            elif text[at] in wanted:
                token += 1
                at += 1
            elif star is not None:  # let the star take one more
                token, at = star[0], star[1] + 1
                star = (token, at)
            else:
                return False
        return all(left is None for left in tokens[token:])

    def _around_the_star(self) -> tuple[bytes, bytes] | None:
        """Return what stands before and behind the only wildcard, when that is a star."""
        if self._tokens.count(None) != 1 or any(t and len(t) > 1 for t in self._tokens):
            return None
        star = self._tokens.index(None)
        text = bytes(min(token) for token in self._tokens if token)
        return text[:star], text[star:]

    def _take(self, text: bytes, index: int) -> int:
        character = text[index : index + 1]
        if character == b"*":
            self._tokens.append(None)
            return index + 1
        if character == b"?":
            self._tokens.append(_ANY)
            return index + 1
        if character == b"[":
            found = _bracket(text, index + 1)
            if found is not None:
                self._tokens.append(found[0])
                return found[1]
        elif character == b"\\" and index + 1 < len(text):
            index += 1
        self._tokens.append(frozenset((text[index],)))
        return index + 1


def _bracket(text: bytes, index: int) -> tuple[frozenset[int], int] | None:
    """Read ``[...]`` from behind its ``[``; None when it is not closed."""
    negated = text[index : index + 1] in (b"!", b"^")
    if negated:
        index += 1
    members: set[int] = set()
    first = True  # a ] that comes first is a member
    while index < len(text):
        if text[index] == ord("]") and not first:
            return (_ANY - members if negated else frozenset(members)), index + 1
        if text[index] == ord("\\"):
            index += 1
            if index == len(text):
                return None
        first = False
        if text[index + 1 : index + 2] == b"-" and text[index + 2 : index + 3] not in (b"]", b""):
            low = text[index]
            index += 3 if text[index + 2] == ord("\\") else 2
            if index == len(text):
                return None
            members.update(range(low, text[index] + 1))
        else:
            members.add(text[index])
        index += 1
    return None
