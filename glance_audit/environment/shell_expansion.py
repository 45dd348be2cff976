"""What the words of a shell file stand for, as far as that can be known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from glance_audit.environment.shell_syntax import Literal, Opaque, Parameter, Part

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_VALUE = 128 * 1024  # MAX_ARG_STRLEN: with a longer one no program starts
# A pattern is tried at each length of a value, and steps back for each of its stars.
LONGEST_CUT = 1000
MOST_STARS = 2

_SPECIAL = re.compile(r"[ \t\n*?\[\\]")


class Unset(Exception):
    """``${name?word}`` of an unset variable: the shell stops here."""


class Expander:
    """Expands words with the variables that ``value_of`` knows.

    ``value_of`` returns ``(is_set, value)``; ``(True, None)`` and ``(None, None)`` are a variable
    of unknown value and one that may not be set. ``assign`` is called for ``${x:=word}``.
    """

    def __init__(
        self,
        value_of: Callable[[str], tuple[bool | None, str | None]],
        assign: Callable[[str, str | None], None],
    ) -> None:
        self._value_of = value_of
        self._assign = assign

    def text(self, parts: tuple[Part, ...]) -> str | None:
        """Return the text of a word that is not split (an assignment), None when unknown."""
        pieces = [self._part(part) for part in parts]
        known = [piece for piece in pieces if piece is not None]
        return _joined(known) if len(known) == len(pieces) else None

    def fields(self, parts: tuple[Part, ...]) -> list[str] | None:
        """Return the arguments a word becomes, None when they are unknown."""
        text: list[str] = []
        fixed = False
        for part in parts:
            piece = self._part(part)
            if piece is None:
                return None
            bare = not part.quoted
            if bare and not isinstance(part, Literal) and _SPECIAL.search(piece):
                alone = len(parts) == 1 and not re.search(r"[*?\[\\]", piece)
                return re.findall(r"[^ \t\n]+", piece) if alone else None
            if bare and isinstance(part, Literal) and re.search(r"[*?\[]", piece) and piece != "[":
                return None  # names of files
            fixed = fixed or part.quoted or isinstance(part, Literal)
            text.append(piece)
        joined = _joined(text)
        if joined is None:
            return None
        return [joined] if joined or fixed else []

    def _part(self, part: Part) -> str | None:
        if isinstance(part, Literal):
            return part.text
        if isinstance(part, Opaque):
            return None
        return self._parameter(part)

    def _parameter(self, part: Parameter) -> str | None:
        is_set, value = self._value_of(part.name)
        operator = part.operator
        if not operator:
            return ("" if is_set is False else value) if is_set is not None else None
        if operator[0] in "#%":
            if is_set is None or (is_set and value is None):
                return None
            pattern = self._pattern(part.word)
            if (
                pattern is None
                or len(value or "") > LONGEST_CUT
                or pattern.count(".*") > MOST_STARS
            ):
                return None
            return _cut(value or "", operator, pattern)
        present = is_set
        if operator[0] == ":" and is_set is not False:
            present = None if value is None else value != ""
        kind = operator[-1]
        if present is None:
            if kind == "=":
                self._assign(part.name, None)
            return None
        if kind == "+":
            return self.text(part.word) if present else ""
        if present:
            return value
        if kind == "?":
            raise Unset(part.name)
        word = self.text(part.word)
        if kind == "=":
            self._assign(part.name, word)
        return word

    def _pattern(self, parts: tuple[Part, ...]) -> str | None:
        """Return a shell pattern as a regular expression, None when it is unknown."""
        done = []
        for part in parts:
            piece = self._part(part)
            if piece is None:
                return None
            if part.quoted:
                done.append(re.escape(piece))
                continue
            if "[" in piece:
                return None
            done += [{"*": ".*", "?": "."}.get(mark) or re.escape(mark) for mark in piece]
        return "".join(done)


def _joined(pieces: list[str]) -> str | None:
    """Join, up to what any environment can hold: a file that doubles itself grows for ever."""
    return None if sum(map(len, pieces)) > LONGEST_VALUE else "".join(pieces)


def _cut(value: str, operator: str, pattern: str) -> str:
    compiled = re.compile(pattern, re.DOTALL)
    lengths = range(len(value) + 1)
    longest = len(operator) == 2
    for length in reversed(lengths) if longest else lengths:
        if operator[0] == "#" and compiled.fullmatch(value, 0, length):
            return value[length:]
        if operator[0] == "%" and compiled.fullmatch(value, len(value) - length):
            return value[: len(value) - length]
    return value
