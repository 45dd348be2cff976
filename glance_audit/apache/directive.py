"""A directive of the resolved configuration, with the places it comes from."""

from __future__ import annotations

from typing import NamedTuple

from glance_audit.apache.scanner import LogicalLine
from glance_audit.apache.variables import Segment, source_offset
from glance_audit.apache.words import split_words
from glance_audit.files import Inclusion, Place


class Word(NamedTuple):
    """One argument: its value, unquoted, and its exact place.

    The place of a word that ``${}`` made is that of the ``${}``.
    """

    text: str
    place: Place


class Reading:
    """One inclusion of a file, or one use of a macro: what the lines read from it share.

    ``dump_file`` is how Apache names it in a dump. ``use`` is the place of the ``Use`` directive
    for a macro's lines, None for a file's.
    """

    __slots__ = ("dump_file", "file", "included_from", "use")

    def __init__(
        self,
        file: str,
        included_from: tuple[Inclusion, ...] = (),
        dump_file: str | None = None,
        use: Place | None = None,
    ) -> None:
        self.file = file
        self.included_from = included_from
        self.dump_file = dump_file if dump_file is not None else file
        self.use = use

    def place(self, line: LogicalLine, start: int = 0, end: int | None = None) -> Place:
        """Return the place of a stretch of a line, in the file's own numbering.

        The whole line ends on its last physical line, which may be an empty one.
        """
        first, column = line.position(start)
        last, stop = line.position(max((len(line.text) if end is None else end) - 1, start))
        if end is None and last < line.end_line:
            last, stop = line.end_line, 0
        return Place(self.file, first, column, last, stop + 1, self.included_from)


class Directive:
    """A node of the resolved tree; children belong to sections alone.

    ``name`` is as written, ``key`` the same in lower case. ``args`` are the raw arguments after
    ``${}``, as ``apache2 -t -D DUMP_CONFIG`` prints them.
    """

    # A tree of 10,000 virtual hosts has 200,000 of these: no more than what must be kept.
    __slots__ = (
        "_at", "_children", "_line", "_number", "_reading", "_segments",
        "args", "key", "name", "parent", "section",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        key: str,
        args: str,
        section: bool,
        parent: Directive | None,
        reading: Reading,
        line: LogicalLine,
        segments: tuple[Segment, ...],
        at: int,
        number: int,
    ) -> None:
        self.name = name
        self.key = key
        self.args = args
        self.section = section
        self.parent = parent
        self._children: list[Directive] | tuple[Directive, ...] = [] if section else ()
        self._reading = reading
        self._line = line
        self._segments = segments
        self._at = at
        self._number = number

    def __repr__(self) -> str:
        return f"Directive({self.name!r}, {self.args!r}, {self.dump_file}:{self.dump_line})"

    @property
    def children(self) -> tuple[Directive, ...]:
        """The directives inside a section."""
        if isinstance(self._children, list):  # first asked for when the tree is complete
            self._children = tuple(self._children)
        return self._children

    def adopt(self, child: Directive) -> None:
        """Append a child while the tree is being built."""
        if isinstance(self._children, tuple):
            self._children = list(self._children)
        self._children.append(child)

    @property
    def place(self) -> Place:
        """The whole directive; for one out of a macro, the ``Use`` that made it."""
        return self._reading.use or self._reading.place(self._line)

    @property
    def header_place(self) -> Place:
        """A section's opening line: the same as its place, which never spans the children."""
        return self.place

    @property
    def macro_place(self) -> Place | None:
        """The line of the macro's body, for a directive out of a macro."""
        return self._reading.place(self._line) if self._reading.use is not None else None

    @property
    def dump_file(self) -> str:
        """The file as Apache's dump names it."""
        return self._reading.dump_file

    @property
    def dump_line(self) -> int:
        """The last physical line, as Apache numbers it; in a macro, the line of its body."""
        return self._number

    @property
    def words(self) -> tuple[Word, ...]:
        """The arguments as words; what stands behind a section's last ``>`` is none of them."""
        args = self.args
        if self.section and ">" in args and not self._closed():
            args = args[: args.rindex(">")]
        return tuple(
            Word(word.text, self._word_place(word.start, word.end)) for word in split_words(args)
        )

    def _closed(self) -> bool:
        """Whether ``args`` lacks the ``>`` that ended the line."""
        return len(self.args) < self._args_length()

    def _args_length(self) -> int:
        length = len(self._line.text) - self._at
        for segment in self._segments:
            length += segment.end - segment.start - (segment.source_end - segment.source_start)
        return length

    def _word_place(self, start: int, end: int) -> Place:
        if self._reading.use is not None:
            return self._reading.use
        start = source_offset(self._segments, self._at + start)
        end = source_offset(self._segments, self._at + end, end=True)
        return self._reading.place(self._line, start, end)
