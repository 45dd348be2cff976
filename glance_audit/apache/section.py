"""Reading one file: its lines, the macros spliced into them, and the sections open in it."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache.directive import Directive, Reading
from glance_audit.apache.scanner import EMPTY, FileLines, LogicalLine, continued_behind
from glance_audit.record import NamedTuple


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
    conditionals. ``lines`` are those being read, the file's or a macro's, with their ``numbers`` if
    it is a macro's; ``at`` is the index of the next one, and ``number`` the one Apache gives the
    line taken last. ``parent`` is the section that the next directive belongs to, at first the one
    that the including directive stands in; ``level`` is how many sections that is deep.
    """

    __slots__ = (
        "_lost", "_outer", "_top", "at", "depth", "level", "lines", "number", "numbers", "parent",
        "reading", "siblings", "stack",
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
        self.lines = lines
        self.numbers: list[int] | None = None
        self.at = self.number = 0
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
        """Take the lines one by one: those of the innermost macro in use, then of the file."""
        while self.more():
            index = self.at
            line = self.lines[index]
            self.take(index)
            if line is not None:
                yield line

    def more(self) -> bool:
        """Whether there are lines left; when those of a macro are used up, go on behind its Use."""
        while self.at >= len(self.lines):
            if not self._outer:
                return False
            self.lines, self.numbers, self.reading, self.at = self._outer.pop()
            if self._lost and not self._outer:
                self._lose()
        return True

    def take(self, index: int) -> None:
        """Note that a line was taken: what carries it out may take the next ones too."""
        self.at = index + 1
        self.number = index + 1 if self.numbers is None else self.numbers[index]

    def _lose(self) -> None:
        """Drop the file's last line when it has no line end and stands right behind a Use.

        mod_macro takes it character by character, meets the end of the file and forgets it
        (``array_getstr``). Measured: a last ``</VirtualHost>`` there leaves the section open.
        """
        if self.at + 1 == self._lost:
            self.at += 1

    def join_next(self, start: str, text: str) -> None:
        """Let a line that a macro left open go on in the line that comes next.

        ``start`` is what there is of it, ``text`` the file being read: the next line of a file may
        be one that was left out as a comment.
        """
        index = self.at
        if self.numbers is not None:  # inside a macro
            end = index
            column = 1
            while end < len(self.lines) and (end == index or start.endswith("\\")):
                line = self.lines[end] or EMPTY  # in a macro's expansion there is always one
                start, column = start.removesuffix("\\") + line.text, line.column
                end += 1
            taken = LogicalLine(start.removesuffix("\\"), column)
            number = self.numbers[end - 1]
            self.numbers = [*self.numbers[:index], number, *self.numbers[end:]]
            self.lines = [*self.lines[:index], taken, *self.lines[end:]]
            return
        joined, end = continued_behind(start, text, index)
        rest = [
            None if one is not None and number - one.above <= end else one
            for number, one in enumerate(self.lines[end:], end + 1)
        ]
        self.lines = [*self.lines[:index], *[None] * (end - index - 1), joined, *rest]

    def splice(self, lines: FileLines, numbers: list[int], reading: Reading) -> None:
        """Let the lines of a macro come next."""
        self._outer.append(_Outer(self.lines, self.numbers, self.reading, self.at))
        self.lines, self.numbers, self.reading, self.at = lines, numbers, reading, 0

    def enter(self, section: Directive, inner: list[Directive]) -> None:
        """Open a section; ``inner`` is the list of what it holds."""
        self.stack.append(section)
        self.parent = section
        self.siblings = inner
        self.level += 1

    def close(self) -> None:
        """Close the innermost entry."""
        entry = self.stack.pop()
        if isinstance(entry, Directive):
            self.level -= 1
            self.parent = parent = entry.parent
            self.siblings = self._top if parent is None else parent.growing()
