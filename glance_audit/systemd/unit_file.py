"""The lines of one unit file or drop-in, as ``config_parse`` of systemd joins and splits them.

Source: ``src/shared/conf-parser.c`` (v252). Blanks are space, tab, newline, carriage return.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.record import NamedTuple

_LINE_END = re.compile(r"\r\n|\n\r|\r|\n|\0")  # EndOfLineMarker in src/basic/fileio.c
BLANK = " \t\n\r"


class UnitSetting(NamedTuple):
    """One assignment; ``value`` is raw: blanks stripped, continued lines joined by a space.

    ``place`` is the value (without width when it is empty). ``origins`` say where the parts of
    the value stand: offset in the value, line, column, in rising order.
    """

    section: str
    name: str
    value: str
    place: Place
    origins: tuple[tuple[int, int, int], ...] = ()

    def part(self, start: int, end: int) -> Place:
        """Return the place of ``value[start:end]``."""
        line, column = _locate(self.origins, start)
        if end <= start:
            return Place(self.place.file, line, column, line, column)
        end_line, end_column = _locate(self.origins, end - 1)
        return Place(self.place.file, line, column, end_line, end_column + 1)


def parse_unit_file(path: str, text: str) -> tuple[list[UnitSetting], list[Problem]]:
    """Return the assignments of a unit file, and what systemd ignores or refuses in it."""
    settings: list[UnitSetting] = []
    problems: list[Problem] = []
    section = ""
    outside_told = False
    for joined, origins in _logical_lines(text.removeprefix("\ufeff")):
        line = joined.strip(BLANK)
        if not line:
            continue
        skipped = len(joined) - len(joined.lstrip(BLANK))
        whole = UnitSetting("", "", line, Place(path), _shift(origins, skipped))
        place = whole.part(0, len(line))
        if line[0] == "[":
            if line[-1] != "]":
                message = "Invalid section header: the unit does not load"
                problems.append(Problem(ProblemKind.SYNTAX, message, place))
            section = line[1:].partition("]")[0]
            continue
        if not section:
            if not outside_told:
                problems.append(_ignored("Assignment outside of a section is ignored", place))
            outside_told = True
            continue
        name, equal, rest = line.partition("=")
        if not equal or not name:
            missing = "'='" if name else "the name before '='"
            problems.append(_ignored(f"Missing {missing}: the line is ignored", place))
            continue
        value = rest.strip(BLANK)
        start = len(name) + 1 + (len(rest) - len(rest.lstrip(BLANK)) if value else 0)
        where = whole.part(start, start + len(value))
        shifted = _shift(whole.origins, start)
        settings.append(UnitSetting(section, name.rstrip(BLANK), value, where, shifted))
    return settings, problems


def _logical_lines(text: str) -> list[tuple[str, tuple[tuple[int, int, int], ...]]]:
    """Join continued lines; comment lines in between are left out, blank ones end the value."""
    lines = []
    pending = ""
    origins: list[tuple[int, int, int]] = []
    continued = False
    for number, line in enumerate(_LINE_END.split(text), 1):
        bare = line.lstrip(BLANK)
        if bare[:1] in ("#", ";"):
            continue
        if not continued and not bare:
            continue
        origins.append((len(pending), number, 1))
        pending += line
        slashes = len(line) - len(line.rstrip("\\"))
        continued = slashes % 2 == 1
        if continued:
            pending = pending[:-1] + " "
            continue
        lines.append((pending, tuple(origins)))
        pending, origins = "", []
    if continued:
        lines.append((pending, tuple(origins)))
    return lines


def _shift(origins: tuple[tuple[int, int, int], ...], by: int) -> tuple[tuple[int, int, int], ...]:
    """Return the origins of a text without its first ``by`` characters."""
    line, column = _locate(origins, by)
    later = tuple((at - by, row, first) for at, row, first in origins if at > by)
    return ((0, line, column), *later)


def _locate(origins: tuple[tuple[int, int, int], ...], offset: int) -> tuple[int, int]:
    index = bisect_right(origins, offset, key=lambda origin: origin[0]) - 1
    at, line, column = origins[index]
    return line, column + offset - at


def _ignored(message: str, place: Place) -> Problem:
    return Problem(ProblemKind.SYNTAX, message, place, fatal=False)
