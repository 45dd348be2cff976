"""``${NAME}``: Define's values and the server's environment."""

from __future__ import annotations

from collections.abc import Mapping

from glance_audit.apache.words import lower_case
from glance_audit.record import NamedTuple

# Apache has no bound, and a Define that doubles itself a few dozen times fills any memory.
LONGEST_LINE = 1024 * 1024
MOST_TEXT = 64 * 1024 * 1024


class Segment(NamedTuple):
    """A stretch of expanded text and the stretch of the line it came from."""

    start: int
    end: int
    source_start: int
    source_end: int


class Unset(NamedTuple):
    """A ``${NAME}`` that nothing defines, and the stretch of the line it takes."""

    name: str
    start: int
    end: int


class Expanded(NamedTuple):
    """A line after ``${}``; ``segments`` are the replaced stretches, in order.

    ``unset`` are those that stay as they are written. Apache says nothing of a name with a colon,
    which RewriteMap may mean (AH00111).
    """

    text: str
    segments: tuple[Segment, ...] = ()
    unset: tuple[Unset, ...] = ()


class TooLong(Exception):
    """What ``${}`` brings in goes beyond a bound of ours."""


def source_offset(segments: tuple[Segment, ...], offset: int, *, end: bool = False) -> int:
    """Return where an offset of expanded text comes from; ``end``: it ends a stretch."""
    shift = 0
    for segment in segments:
        if offset < segment.start or (end and offset <= segment.start):
            break
        if offset < segment.end or (end and offset <= segment.end):
            return segment.source_end if end else segment.source_start
        shift = segment.source_end - segment.end
    return offset + shift


class Variables:
    """Define's state: names for IfDefine, values for ``${}``.

    ``used`` are the defined names, in lower case, that a ``${}`` stood for. Values are found
    without regard to case, then the environment with it; a name that was
    defined without a value has none (measured: ``Define X ""`` leaves ``${X}`` as it is).
    """

    def __init__(self, defines: Mapping[str, str | None], environment: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {name: value or "" for name, value in defines.items()}
        self._values = {lower_case(name): value for name, value in defines.items() if value}
        self._environment = environment
        self.used: set[str] = set()
        self._left = MOST_TEXT

    def define(self, name: str, value: str | None) -> None:
        """Carry out ``Define name [value]``."""
        self._names[name] = value or ""
        if value:
            self._values[lower_case(name)] = value

    def undefine(self, name: str) -> None:
        """Carry out ``UnDefine name``."""
        self._names.pop(name, None)
        self._values.pop(lower_case(name), None)

    def defined(self, name: str) -> bool:
        """Whether IfDefine finds the name; case matters."""
        return name in self._names

    def all(self) -> dict[str, str]:
        """Return every defined name with its value, empty when it has none."""
        return dict(self._names)

    def expand(self, line: str) -> Expanded:
        """Replace each ``${NAME}`` once; what is unknown stays as written.

        Raises:
            TooLong: the line, or all that was put in so far, is beyond a bound of ours.
        """
        if "${" not in line:
            return Expanded(line)
        out: list[str] = []
        segments: list[Segment] = []
        unset: list[Unset] = []
        length = index = 0
        while (start := line.find("${", index)) >= 0:
            end = line.find("}", start + 2)
            if end < 0:
                break
            name = line[start + 2 : end]
            value = self._values.get(lower_case(name))
            if value is None:
                value = self._environment.get(name)
            else:
                self.used.add(lower_case(name))
            before = line[index:start]
            replaced = line[start:end] if value is None else value
            out += (before, replaced)
            length += len(before)
            index = end if value is None else end + 1
            if value is None:
                if ":" not in name:
                    unset.append(Unset(name, start, end + 1))
            else:
                segments.append(Segment(length, length + len(replaced), start, index))
                self._left -= len(replaced)
            length += len(replaced)
            if self._left < 0 or length > LONGEST_LINE:
                raise TooLong
        out.append(line[index:])
        return Expanded("".join(out), tuple(segments), tuple(unset))
