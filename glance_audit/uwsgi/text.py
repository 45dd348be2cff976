"""The text uWSGI parses, made from what is written, and the way back to where it is written."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from glance_audit.files import Inclusion, Place
from glance_audit.record import NamedTuple

_VARIABLE = re.compile(r"%(.|\Z)", re.DOTALL)


class Piece(NamedTuple):
    """A file's text and how the file came in; several make one text with ``inject-before``."""

    file: str
    text: str
    included_from: tuple[Inclusion, ...] = ()


class ConfigText:
    """A configuration's text after the magic variables were replaced (core/utils.c, magic_sub).

    The replacement knows no lines: ``%`` before a line end removes it and glues the next line on,
    in comments too. ``text`` is the result; :meth:`place` leads from it back to the files.
    ``unknown`` holds (position in ``text``, variable) for each variable without a known value.
    """

    def __init__(self, pieces: Sequence[Piece], magic: Mapping[str, str | None]) -> None:
        self._pieces = pieces
        written = "".join(piece.text for piece in pieces)
        self._piece_starts = [0, *accumulate(len(piece.text) for piece in pieces)][:-1]
        # Line starts, counted inside each piece but as positions in the whole.
        self._line_starts: list[list[int]] = [[] for _ in pieces]
        self.unknown: list[tuple[int, str]] = []
        # Segments: where each begins in the result and in the written text, and the length of a
        # replaced variable there (0 for text that was copied).
        self._made = [0]
        self._written = [0]
        self._replaced = [0]
        self.text = self._replace(written, magic) if "%" in written else written

    def _replace(self, written: str, magic: Mapping[str, str | None]) -> str:
        parts: list[str] = []
        size = end = 0
        self._made, self._written, self._replaced = [], [], []
        for match in _VARIABLE.finditer(written):
            start = match.start()
            if start > end:
                self._segment(size, end, 0)
                parts.append(written[end:start])
                size += start - end
            end = match.end()
            value = _value(match.group(1), magic)
            if value is None:
                value = match.group()
                self.unknown.append((size, value))
                self._segment(size, start, 0)
            else:
                self._segment(size, start, end - start)
            parts.append(value)
            size += len(value)
        self._segment(size, end, 0)
        parts.append(written[end:])
        return "".join(parts)

    def _segment(self, made: int, written: int, replaced: int) -> None:
        self._made.append(made)
        self._written.append(written)
        self._replaced.append(replaced)

    def place(self, start: int, end: int) -> Place:
        """Return where ``text[start:end]`` is written.

        What a variable brought has the place of the variable, also when it brought nothing.
        """
        first, last = self._first(start), self._last(start, end)
        if end > start and self.vanished(end):
            last = self._last(end, end)
        index = max(0, bisect_right(self._piece_starts, first) - 1)
        piece = self._pieces[index]
        line, column = self._point(index, first)
        end_line, end_column = self._point(index, last)
        return Place(piece.file, line, column, end_line, end_column, piece.included_from)

    def vanished(self, position: int) -> bool:
        """Whether a variable that stands for nothing is written at a position of ``text``."""
        index = bisect_left(self._made, position)
        found = self._made[index : index + 2]
        return found == [position, position] and self._replaced[index] > 0

    def _first(self, start: int) -> int:
        index = bisect_left(self._made, start)
        if index < len(self._made) and self._made[index] == start:
            return self._written[index]
        index -= 1
        if self._replaced[index]:
            return self._written[index]
        return self._written[index] + start - self._made[index]

    def _last(self, start: int, end: int) -> int:
        """Return the written end: one past the last character, behind variables that vanished."""
        index = bisect_right(self._made, max(end - 1, start)) - 1
        if end == start:
            while self._replaced[index] == 0 and index and self._made[index - 1] == start:
                index -= 1
            if self._made[index] != start or not self._replaced[index]:
                return self._first(start)
        if self._replaced[index]:
            return self._written[index] + self._replaced[index]
        return self._written[index] + end - self._made[index]

    def _point(self, index: int, position: int) -> tuple[int, int]:
        """Return line and column of a written position, counted from piece ``index``."""
        starts = self._line_starts[index]
        if not starts:
            base, text = self._piece_starts[index], self._pieces[index].text
            starts.append(base)
            starts.extend(base + match.end() for match in re.finditer("\n", text))
        line = bisect_right(starts, position)
        return line, position - starts[line - 1] + 1


def _value(character: str, magic: Mapping[str, str | None]) -> str | None:
    """Return what a variable stands for; magic_sub takes one byte, not one character."""
    if character and ord(character) > 127:
        return character.encode("utf-8", "surrogateescape")[1:].decode("utf-8", "surrogateescape")
    return magic.get(character, "")
