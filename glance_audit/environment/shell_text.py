"""One shell file that is being read: its text, and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from glance_audit.files import Place

if TYPE_CHECKING:
    from glance_audit.environment.shell_syntax import Token

_LINE = re.compile("\n")
_TOUCHED = re.compile(
    r"(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)\+?="
    r"|\$\{([A-Za-z_][A-Za-z0-9_]*):?="
    r"|(?<![A-Za-z0-9_])(?:export|unset|read|readonly|local|for)[ \t]+([A-Za-z_][A-Za-z0-9_ \t]*)"
)
_ANYTHING = re.compile(r"(?:^|[\s;&|({])(?:eval|source|\.)[ \t]")
_ARITHMETIC = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)[ \t]*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)")


class ShellText:
    """A file's text with the offsets of its lines."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE.finditer(text))]

    def place(self, start: int, end: int) -> Place:
        """Return the place of ``text[start:end]``."""
        return Place(self.path, *self._position(start), *self._position(end))

    def token_place(self, first: Token, last: Token | None = None) -> Place:
        """Return the place from one token to the end of another."""
        return self.place(first.start, (last or first).end)

    def touched(self, start: int, end: int) -> tuple[frozenset[str], bool]:
        """Return the names a stretch may set, and whether it may set any at all."""
        names: set[str] = set()
        for match in _TOUCHED.finditer(self.text, start, end):
            names.update((match[1] or match[2] or match[3]).split())
        return frozenset(names), _ANYTHING.search(self.text, start, end) is not None

    def words(self, start: int, end: int) -> set[str]:
        """Return all that could be the name of a command in a stretch."""
        return set(re.findall(r"[^\s;&|(){}]+", self.text[start:end]))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def set_by_arithmetic(raw: str) -> list[str]:
    """Return the names that ``$((X = 1))`` in a word sets."""
    return _ARITHMETIC.findall(raw) if "$((" in raw else []
