"""Logical lines: the bytes of a configuration file as Apache's reader cuts them.

Continuation, trimming and comments follow server/util.c ``ap_cfg_getline`` and were compared with
Apache 2.4.71 on the corpus (``tests/apache/corpus``).
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

# C isspace(); Python's own idea of blanks (NBSP, U+2028 ...) is not Apache's.
BLANKS = " \t\n\v\f\r"


class LogicalLine(NamedTuple):
    """One logical line, trimmed.

    ``line`` and ``end_line`` are its first and last physical lines, from 1. ``column`` is where
    its first character stands, from 1. ``pieces`` is empty for a line of one piece; else, for
    each physical line it was joined from, the offset in ``text`` at which that line's characters
    start, the line number, and the column of the first of them.
    """

    text: str
    line: int
    end_line: int
    column: int
    pieces: tuple[tuple[int, int, int], ...] = ()

    def position(self, offset: int) -> tuple[int, int]:
        """Return the physical line and column of the character at ``offset``."""
        if not self.pieces:
            return self.line, self.column + offset
        start, line, column = self.pieces[0]
        for piece in self.pieces[1:]:
            if piece[0] > offset:
                break
            start, line, column = piece
        return line, column + offset - start


# A line from its five fields, in a third of the time: large trees have hundreds of thousands.
_line = partial(tuple.__new__, LogicalLine)


def logical_lines(text: str, *, blanks: bool = False) -> list[LogicalLine]:
    """Cut a file into its logical lines; comments are left out.

    Empty lines too unless ``blanks``: mod_macro counts them in a body.
    """
    lines: list[LogicalLine] = []
    if not blanks and "\\" not in text and "\0" not in text:
        append = lines.append
        for index, raw in enumerate(text.split("\n"), 1):
            stripped = raw.strip(BLANKS)
            if stripped and (first := stripped[0]) != "#":
                append(_line((stripped, index, index, raw.index(first) + 1, ())))
        return lines
    physical = text.split("\n")
    last = len(physical) - 1
    index = 0
    append = lines.append
    while index <= last:
        raw = physical[index]
        index += 1
        if "\0" in raw:  # a C string ends there, its line end is gone with it
            raw = raw[: raw.index("\0")]
        elif raw.endswith(("\\", "\\\r")) and index <= last:
            joined, index = _continued(physical, index - 1, last)
            if joined is not None and (joined.text or blanks):
                append(joined)
            continue
        stripped = raw.strip(BLANKS)
        if stripped:
            if stripped[0] != "#":
                append(_line((stripped, index, index, raw.index(stripped[0]) + 1, ())))
        elif blanks and index <= last:
            append(LogicalLine("", index, index, 1))
    return lines


def _continued(physical: list[str], index: int, last: int) -> tuple[LogicalLine | None, int]:
    """Join from ``index`` on while the whole buffer ends in a backslash before the line end."""
    first = index
    buffer = ""
    pieces: list[tuple[int, int, int]] = []
    while True:
        raw = physical[index]
        pieces.append((len(buffer), index + 1, 1))
        index += 1
        ended = index <= last  # the last element has no line end behind it
        if "\0" in raw:
            buffer += raw[: raw.index("\0")]
            break
        buffer += raw
        if not ended:
            break
        # The test looks at the whole buffer: `x\\` and an empty line continue twice.
        if buffer.endswith("\\"):
            buffer = buffer[:-1]
        elif buffer.endswith("\\\r"):
            buffer = buffer[:-2]
        else:
            break
        if index == last and not physical[last]:
            index += 1
            break
    # At the end of the file Apache has counted the line that it looked for in vain.
    end = index
    stripped = buffer.strip(BLANKS)
    if not stripped:
        return LogicalLine("", first + 1, end, 1), index
    if stripped[0] == "#":
        return None, index
    lead = buffer.index(stripped[0])
    moved = [(start - lead, line, column) for start, line, column in pieces]
    while len(moved) > 1 and moved[1][0] <= 0:
        moved.pop(0)
    start, line, column = moved[0]
    moved[0] = (0, line, column - start)
    return LogicalLine(stripped, moved[0][1], end, moved[0][2], tuple(moved)), index


def continued_behind(start: str, text: str, line: int) -> tuple[list[LogicalLine], int]:
    """Go on with an open line behind a physical line of a file.

    Returns the logical line, none when it is empty or a comment, and the last physical line it
    takes; at the end of the file that is one that is not there.
    """
    physical = text.split("\n")[line:]
    if not physical or physical == [""]:
        stripped = start.strip(BLANKS)
        plain = stripped[:1] not in ("", "#")
        return [LogicalLine(stripped, line, line + 1, 1)] if plain else [], line + 1
    first = physical[0]
    physical[0] = start + first
    joined, taken = _continued(physical, 0, len(physical) - 1)
    if joined is None or not joined.text:
        return [], line + taken
    moved = joined._replace(line=line + 1, end_line=line + joined.end_line, column=1, pieces=())
    return [moved], moved.end_line
