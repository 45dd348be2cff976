"""Reading one file: its lines, the macros spliced into them, and the sections open in it."""

from __future__ import annotations

from typing import NamedTuple

from glance_audit.apache.directive import Directive, Reading
from glance_audit.apache.scanner import LogicalLine


class Conditional(NamedTuple):
    """An active If* section: the line that closes it, in lower case, and where it opened."""

    closer: str
    line: Line


class Line(NamedTuple):
    """A logical line with the number Apache gives it and the reading it belongs to."""

    logical: LogicalLine
    number: int
    reading: Reading


class _Stream:
    __slots__ = ("index", "lines", "macro", "numbers", "reading")

    def __init__(
        self,
        lines: list[LogicalLine],
        reading: Reading,
        numbers: list[int] | None = None,
        macro: str | None = None,
    ) -> None:
        self.lines = lines
        self.reading = reading
        self.numbers = numbers
        self.macro = macro
        self.index = 0


class OpenFile:
    """The state of one file being read.

    ``stack`` holds what was opened in this file and is still open: sections and active
    conditionals. ``outer`` is the section that the including directive stands in.
    """

    __slots__ = ("_streams", "depth", "outer", "stack")

    def __init__(
        self, lines: list[LogicalLine], reading: Reading, outer: Directive | None, depth: int
    ) -> None:
        self._streams = [_Stream(lines, reading)]
        self.outer = outer
        self.depth = depth
        self.stack: list[Directive | Conditional] = []

    def next_line(self) -> Line | None:
        """Take the next line: of the innermost macro in use, then of the file."""
        while True:
            stream = self._streams[-1]
            if stream.index < len(stream.lines):
                line = stream.lines[stream.index]
                numbers = stream.numbers
                number = line.end_line if numbers is None else numbers[stream.index]
                stream.index += 1
                return Line(line, number, stream.reading)
            if len(self._streams) == 1:
                return None
            self._streams.pop()

    def splice(
        self, lines: list[LogicalLine], numbers: list[int], reading: Reading, macro: str
    ) -> None:
        """Let the lines of a macro come next."""
        self._streams.append(_Stream(lines, reading, numbers, macro))

    def using(self, macro: str) -> bool:
        """Whether a macro is being expanded now."""
        return any(stream.macro == macro for stream in self._streams)

    @property
    def parent(self) -> Directive | None:
        """The section that the next directive belongs to."""
        for entry in reversed(self.stack):
            if isinstance(entry, Directive):
                return entry
        return self.outer
