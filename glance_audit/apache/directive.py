"""A directive of the resolved configuration, with the places it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import cast

from glance_audit.apache.command import Command
from glance_audit.apache.scanner import LogicalLine
from glance_audit.apache.variables import Segment, source_offset
from glance_audit.apache.words import WORDS, next_word, split_words
from glance_audit.files import Inclusion, Place
from glance_audit.record import NamedTuple

MOST_WORDS = 1000


class Word(NamedTuple):
    """One argument: its value, unquoted, the directive it is of, and where in its ``args``."""

    text: str
    directive: Directive
    start: int
    end: int

    @property
    def place(self) -> Place:
        """Where the word stands; for one that ``${}`` made, where the ``${}`` does."""
        return self.directive.word_place(self.start, self.end)


# From their fields, in half the time.
_word = partial(tuple.__new__, Word)
_place = partial(tuple.__new__, Place)


class Reading:
    """One inclusion of a file, or one use of a macro: what the lines read from it share.

    ``dump_file`` is how Apache names it in a dump. ``use`` is the place of the ``Use`` directive
    for a macro's lines, None for a file's, and ``numbers`` are those of the macro's lines in the
    file.
    """

    __slots__ = ("dump_file", "file", "included_from", "numbers", "use")

    def __init__(
        self,
        file: str,
        included_from: tuple[Inclusion, ...] = (),
        dump_file: str | None = None,
        use: Place | None = None,
        numbers: Sequence[int] = (),
    ) -> None:
        self.file = file
        self.included_from = included_from
        self.dump_file = dump_file if dump_file is not None else file
        self.use = use
        self.numbers = numbers

    def file_line(self, number: int) -> int:
        """Return the line of the file behind a number that Apache gives."""
        return number if self.use is None else self.numbers[number - 1]

    def place(
        self, line: LogicalLine, number: int, start: int = 0, end: int | None = None
    ) -> Place:
        """Return the place of a stretch of a line, in the file's own numbering.

        The whole line ends on its last physical line, which may be an empty one.
        """
        ends = self.file_line(number)
        if end is None and not line.above:
            column = line.column
            stop = column + len(line.text)
            return _place((self.file, ends, column + start, ends, stop, self.included_from))
        first, column = line.position(ends, start)
        last, stop = line.position(ends, max((len(line.text) if end is None else end) - 1, start))
        if end is None and last < ends:
            last, stop = ends, 0
        return Place(self.file, first, column, last, stop + 1, self.included_from)


@lru_cache(maxsize=1000)  # the same for many directives
def _texts(args: str) -> tuple[str, ...]:
    return tuple([double or single or bare for double, single, bare in WORDS.findall(args)])


class _Fields(NamedTuple):
    key: str
    args: str
    parent: Directive | None
    children: Sequence[Directive]
    dump_line: int
    command: Command
    reading: Reading
    line: LogicalLine
    segments: tuple[Segment, ...]
    at: int


class Directive(_Fields):
    """A node of the resolved tree; ``children`` are the directives inside a section.

    ``name`` is as written, ``key`` the same in lower case. ``args`` are the raw arguments after
    ``${}``, as ``apache2 -t -D DUMP_CONFIG`` prints them. ``dump_line`` is the last physical line,
    as Apache numbers it; in a macro, that of its body. The rest is for the places: the ``line`` it
    was, what ``${}`` put into it, and where in the line its arguments start.

    A tuple because that takes a third of an object's time, and large trees have hundreds of
    thousands; but each is itself alone, whatever another one's fields are.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"Directive({self.name!r}, {self.args!r}, {self.dump_file}:{self.dump_line})"

    @property
    def name(self) -> str:
        """The name as written."""
        return self.command.name

    @property
    def section(self) -> bool:
        """Whether it is a section."""
        return self.command.section

    def growing(self) -> list[Directive]:
        """Return the children of a section that is being read, to append to."""
        return cast("list[Directive]", self.children)

    @property
    def file(self) -> str:
        """The file of its place."""
        return self.reading.file if self.reading.use is None else self.reading.use.file

    @property
    def place(self) -> Place:
        """The whole directive; for one out of a macro, the ``Use`` that made it."""
        return self.reading.use or self.reading.place(self.line, self.dump_line)

    @property
    def whole_text(self) -> str | None:
        """The directive as written, when it stands on one line of a file; else None."""
        line = self.line
        return line.text if not line.pieces and self.reading.use is None else None

    @property
    def stretch(self) -> tuple[int, int, int] | None:
        """Its line, column and end column, when it stands on one line of a file; else None."""
        line = self.line
        if line.above or line.pieces or self.reading.use is not None:
            return None
        column = line.column
        return self.dump_line, column, column + len(line.text)

    @property
    def header_place(self) -> Place:
        """A section's opening line: the same as its place, which never spans the children."""
        return self.place

    @property
    def macro_place(self) -> Place | None:
        """The line of the macro's body, for a directive out of a macro."""
        if self.reading.use is None:
            return None
        return self.reading.place(self.line, self.dump_line)

    @property
    def dump_file(self) -> str:
        """The file as Apache's dump names it."""
        return self.reading.dump_file

    @property
    def words(self) -> tuple[Word, ...]:
        """The first arguments as words, as many as any directive means something with.

        What stands behind a section's last ``>`` is none of them.
        """
        args = self._arguments()
        if len(args) < MOST_WORDS and "\\" not in args:
            found = WORDS.finditer(args)
            return tuple([_word((one[one.lastindex or 0], self, *one.span())) for one in found])
        return tuple(islice(self.every_word(), MOST_WORDS))

    @property
    def texts(self) -> tuple[str, ...]:
        """The same words without their places, in half the time."""
        args = self._arguments()
        if len(args) < MOST_WORDS and "\\" not in args:
            return _texts(args)
        return tuple(word.text for word in self.words)

    @property
    def first_word(self) -> str:
        """The first argument, empty when there is none."""
        return next_word(self._arguments(), 0).text

    def every_word(self) -> Iterator[Word]:
        """Yield the arguments as words: a line of megabytes has millions."""
        for text, start, end in split_words(self._arguments()):
            yield _word((text, self, start, end))

    def _arguments(self) -> str:
        args = self.args
        if self.command.section and ">" in args and not self._closed():
            return args[: args.rindex(">")]
        return args

    def _closed(self) -> bool:
        """Whether ``args`` lacks the ``>`` that ended the line."""
        return len(self.args) < self._args_length()

    def _args_length(self) -> int:
        length = len(self.line.text) - self.at
        for segment in self.segments:
            length += segment.end - segment.start - (segment.source_end - segment.source_start)
        return length

    def word_place(self, start: int, end: int) -> Place:
        """Return the place of a stretch of ``args``."""
        if self.reading.use is not None:
            return self.reading.use
        start = source_offset(self.segments, self.at + start)
        end = source_offset(self.segments, self.at + end, end=True)
        return self.reading.place(self.line, self.dump_line, start, end)
