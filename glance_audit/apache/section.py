"""Reading one file: its lines, the macros spliced into them, and the sections open in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from glance_audit.apache.directive import Directive, Reading
from glance_audit.apache.scanner import EMPTY, FileLines, LogicalLine, continued_behind


class Line(NamedTuple):
    """A logical line with the number Apache gives it and the reading it belongs to."""

    logical: LogicalLine
    number: int
    reading: Reading


class Conditional(NamedTuple):
    """An active If* section: the line that closes it, in lower case, and where it opened."""

    closer: str
    line: Line


class _Outer(NamedTuple):
    """Where to go on when the lines of a macro are used up."""

    lines: FileLines
    numbers: list[int] | None
    reading: Reading
    at: int


class OpenFile:
    """The state of one file being read.

    ``stack`` holds what was opened in this file and is still open: sections and active
    conditionals. ``number`` is the one Apache gives the line taken last. ``parent`` is the section
    that the next directive belongs to, at first the one that the including directive stands in;
    ``level`` is how many sections that is deep.
    """

    __slots__ = (
        "_index", "_lines", "_lost", "_numbers", "_outer", "_top",
        "depth", "level", "number", "parent", "reading", "siblings", "stack",
    )  # fmt: skip

    def __init__(
        self,
        lines: FileLines,
        reading: Reading,
        parent: Directive | None,
        top: list[Directive],
        level: int,
        depth: int,
        lost: int = 0,
    ) -> None:
        self._lines = lines
        self._numbers: list[int] | None = None
        self._index = self.number = 0
        self._lost = lost
        self._outer: list[_Outer] = []
        self._top = top
        self.reading = reading
        self.parent = parent
        self.siblings = parent.growing() if parent is not None else top
        self.level = level
        self.depth = depth
        self.stack: list[Directive | Conditional] = []

    def __iter__(self) -> Iterator[LogicalLine]:
        """Take the lines one by one: those of the innermost macro in use, then of the file.

        What carries a line out may take the next ones too, and open a macro.
        """
        while True:
            lines, numbers = self._lines, self._numbers
            while (index := self._index) < len(lines):
                self._index = index + 1
                line = lines[index]
                if line is None:
                    continue
                self.number = index + 1 if numbers is None else numbers[index]
                yield line
                if self._lines is not lines:
                    break
            else:
                if not self._outer:
                    return
                self._lines, self._numbers, self.reading, self._index = self._outer.pop()
                if self._lost and not self._outer:
                    self._lose()

    def _lose(self) -> None:
        """Drop the file's last line when it has no line end and stands right behind a Use.

        mod_macro takes it character by character, meets the end of the file and forgets it
        (``array_getstr``). Measured: a last ``</VirtualHost>`` there leaves the section open.
        """
        if self._index + 1 == self._lost:
            self._index += 1

    def join_next(self, start: str, text: str) -> None:
        """Let a line that a macro left open go on in the line that comes next.

        ``start`` is what there is of it, ``text`` the file being read: the next line of a file may
        be one that was left out as a comment.
        """
        index = self._index
        if self._numbers is not None:  # inside a macro
            end = index
            column = 1
            while end < len(self._lines) and (end == index or start.endswith("\\")):
                line = self._lines[end] or EMPTY  # in a macro's expansion there is always one
                start, column = start.removesuffix("\\") + line.text, line.column
                end += 1
            taken = LogicalLine(start.removesuffix("\\"), column)
            number = self._numbers[end - 1]
            self._numbers = [*self._numbers[:index], number, *self._numbers[end:]]
            self._lines = [*self._lines[:index], taken, *self._lines[end:]]
            return
        joined, end = continued_behind(start, text, index)
        rest = [
            None if one is not None and number - one.above <= end else one
            for number, one in enumerate(self._lines[end:], end + 1)
        ]
        self._lines = [*self._lines[:index], *[None] * (end - index - 1), joined, *rest]

    def splice(self, lines: FileLines, numbers: list[int], reading: Reading) -> None:
        """Let the lines of a macro come next."""
        self._outer.append(_Outer(self._lines, self._numbers, self.reading, self._index))
        self._lines, self._numbers, self.reading, self._index = lines, numbers, reading, 0

    def push(self, entry: Directive | Conditional) -> None:
        """Open a section or an active conditional."""
        self.stack.append(entry)
        if isinstance(entry, Directive):
            self.parent = entry
            self.siblings = entry.growing()
            self.level += 1

    def close(self, count: int = 1) -> None:
        """Close the innermost ``count`` entries."""
        for _ in range(count):
            entry = self.stack.pop()
            if isinstance(entry, Directive):
                self.level -= 1
                self.parent = entry.parent
                self.siblings = self._top if self.parent is None else self.parent.growing()
