"""Logical lines: the bytes of a configuration file as Apache's reader cuts them.

Continuation, trimming and comments follow server/util.c ``ap_cfg_getline`` and were compared with
Apache 2.4.71 on the corpus (``tests/apache/corpus``).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from glance_audit.apache.command import Meaning

# C isspace(); Python's own idea of blanks (NBSP, U+2028 ...) is not Apache's.
BLANKS = " \t\n\v\f\r"


class LogicalLine(NamedTuple):
    """One logical line, trimmed; the same one wherever it stands.

    Its number is that of its last physical line, ``above`` how many lines higher it starts, and
    ``column`` where its first character stands, from 1. ``pieces`` is empty for a line of one
    piece; else, for each physical line it was joined from, the offset in ``text`` at which that
    line's characters start, how far above the last line it stands, and the column of the first of
    them. ``meaning`` is known for a line that is always taken alike. ``width`` is that of a long
    line, with what was trimmed; a comment that long is a line without text.
    """

    text: str
    column: int
    above: int = 0
    pieces: tuple[tuple[int, int, int], ...] = ()
    meaning: Meaning | None = None
    width: int = 0

    def position(self, number: int, offset: int) -> tuple[int, int]:
        """Return the physical line and column of the character at ``offset``."""
        if not self.pieces:
            return number - self.above, self.column + offset
        start, above, column = self.pieces[0]
        for piece in self.pieces[1:]:
            if piece[0] > offset:
                break
            start, above, column = piece
        return number - above, column + offset - start


_MOST_PIECES = 100_000  # of which the places are told apart; the rest counts to the last

EMPTY = LogicalLine("", 1)
LONG = 1000  # characters

# The logical lines of a file, each in the place of its last physical line; None stands for a
# comment, and for what is joined to a later one.
FileLines = list[LogicalLine | None]


def logical_lines(
    text: str, known: Mapping[str, LogicalLine | None], most: int = sys.maxsize
) -> FileLines:
    """Cut a file into its logical lines; ``known`` has what each physical one is by itself.

    No more than ``most`` physical lines are looked at.
    """
    physical = text.split("\n", most)
    whole = len(physical) <= most
    del physical[most:]
    if ("\\" in text and ("\\\n" in text or "\\\r\n" in text)) or "\0" in text:
        lines = _joined(physical, known)
    else:
        lines = list(map(known.__getitem__, physical))
    # Behind the last line end is no line.
    if whole and lines[-1] is not None and not lines[-1].text:
        lines.pop()
    return lines


def _joined(physical: list[str], known: Mapping[str, LogicalLine | None]) -> FileLines:
    lines: FileLines = []
    last = len(physical) - 1
    index = 0
    while index <= last:
        raw = physical[index]
        index += 1
        if "\0" in raw:  # a C string ends there, its line end is gone with it
            raw = raw[: raw.index("\0")]
        elif raw.endswith(("\\", "\\\r")) and index <= last:
            line, index = _continued(physical, index - 1, last)
            lines += [None] * (index - len(lines) - 1)
            lines.append(line)
            continue
        lines.append(known[raw])
    return lines


class _Buffer:
    """Text that grows and loses last characters, however long it is, without being copied."""

    __slots__ = ("_ends", "_texts", "length")

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._ends: list[int] = []  # how much of each counts
        self.length = 0

    def add(self, text: str) -> None:
        if text:
            self._texts.append(text)
            self._ends.append(len(text))
            self.length += len(text)

    def ends_in(self, character: str) -> bool:
        return bool(self._ends) and self._texts[-1][self._ends[-1] - 1] == character

    def drop(self) -> None:
        self._ends[-1] -= 1
        self.length -= 1
        if not self._ends[-1]:
            self._texts.pop()
            self._ends.pop()

    def text(self) -> str:
        return "".join(one[:end] for one, end in zip(self._texts, self._ends, strict=True))


def _continued(physical: list[str], index: int, last: int) -> tuple[LogicalLine | None, int]:
    """Join from ``index`` on while the whole buffer ends in a backslash before the line end."""
    joined = _Buffer()
    pieces: list[tuple[int, int, int]] = []
    while True:
        raw = physical[index]
        if len(pieces) < _MOST_PIECES:
            pieces.append((joined.length, index + 1, 1))
        index += 1
        ended = index <= last  # the last element has no line end behind it
        if "\0" in raw:
            joined.add(raw[: raw.index("\0")])
            break
        joined.add(raw)
        if not ended:
            break
        # The test looks at the whole buffer: `x\\` and an empty line continue twice.
        feed = joined.ends_in("\r")
        if feed:
            joined.drop()
        if not joined.ends_in("\\"):
            joined.add("\r" * feed)
            break
        joined.drop()
        if index == last and not physical[last]:
            index += 1
            break
    buffer = joined.text()
    # At the end of the file Apache has counted the line that it looked for in vain.
    end = index
    stripped = buffer.strip(BLANKS)
    width = len(buffer) if len(buffer) >= LONG else 0
    if not stripped or (width and stripped[0] == "#"):
        return EMPTY._replace(width=width) if width else EMPTY, index
    if stripped[0] == "#":
        return None, index
    lead = buffer.index(stripped[0])
    moved = [(start - lead, end - line, column) for start, line, column in pieces]
    behind = sum(1 for offset, _, _ in moved if offset <= 0)  # the last of these has the first
    del moved[: behind - 1]
    start, above, column = moved[0]
    moved[0] = (0, above, column - start)
    return LogicalLine(stripped, moved[0][2], above, tuple(moved), None, width), index


def continued_behind(start: str, text: str, line: int) -> tuple[LogicalLine | None, int]:
    """Go on with an open line behind a physical line of a file.

    Returns the logical line, None for a comment, and its number, that of the last physical line
    it takes; at the end of the file that is one that is not there.
    """
    physical = text.split("\n")[line:]
    if not physical or physical == [""]:
        stripped = start.strip(BLANKS)
        return None if stripped[:1] == "#" else LogicalLine(stripped, 1, 1), line + 1
    first = physical[0]
    physical[0] = start + first
    joined, taken = _continued(physical, 0, len(physical) - 1)
    if joined is not None and joined.text:
        joined = LogicalLine(joined.text, 1, taken - 1)
    return joined, line + taken
