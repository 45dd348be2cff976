"""Reading oslo.config files: the loop of ``oslo_config.iniparser``, with columns.

Blanks are Python's here, Unicode ones included: oslo.config strips with ``str.strip``.
"""

from __future__ import annotations

import re

from glance_audit.files import FileSource, Place, Problem, ProblemKind, Unreadable
from glance_audit.oslo.configuration import OsloConfig, Setting, normal_section

# Files are opened in text mode: a lone carriage return ends a line as well.
_LINE_END = re.compile(r"\r\n|\r|\n")
_UNDECODED = re.compile("[\udc80-\udcff]")


def read(source: FileSource, paths: tuple[str, ...]) -> OsloConfig:
    """Read several files as one configuration.

    Every fault is a :class:`Problem`. Where oslo.config stops at the first one, the rest of the
    file is read on from the next line, so that what is written there is seen as well.
    """
    files = []
    settings: list[Setting] = []
    problems: list[Problem] = []
    sections: dict[str, Place] = {}
    for path in paths:
        try:
            text = source.text(path)
        except Unreadable as error:
            # oslo.config passes over a missing or forbidden file and complains once at the end.
            problems.append(Problem(ProblemKind.UNREADABLE, error.reason, Place(error.path)))
            continue
        files.append(path)
        reader = _Reader(path)
        reader.parse(text)
        settings.extend(reader.settings)
        problems.extend(reader.problems)
        for name, place in reader.sections:
            sections.setdefault(normal_section(name), place)
    return OsloConfig(tuple(files), tuple(settings), tuple(problems), sections)


class _Reader:
    """One pass over one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.settings: list[Setting] = []
        self.problems: list[Problem] = []
        self.sections: list[tuple[str, Place]] = []
        self._section: str | None = None
        self._name = ""
        self._lines: list[str] = []
        self._place = Place(path)
        self._value_place = Place(path)

    def parse(self, text: str) -> None:
        """Read the whole text of the file."""
        self._check_encoding(text)
        for number, raw in enumerate(_LINE_END.split(text), 1):
            line = raw.rstrip()
            if not line:
                self._flush()
            elif line[0] in " \t":
                self._continue(number, line)
            else:
                self._flush()
                if line[0] == "[":
                    self._header(number, line)
                elif line[0] not in "#;":
                    self._assign(number, line)
        self._flush()

    def _check_encoding(self, text: str) -> None:
        match = _UNDECODED.search(text)
        if match is None:
            return
        before = _LINE_END.split(text[: match.start()])
        place = self._at(len(before), len(before[-1]) + 1, len(before[-1]) + 2)
        self._refuse("A byte that is not UTF-8: the service cannot decode the file", place)

    def _header(self, number: int, line: str) -> None:
        place = self._at(number, 1, len(line) + 1)
        if line[-1] != "]":
            self._refuse(
                "Invalid section (must end with ])",
                place,
                "put a comment on a line of its own" if "]" in line else "",
            )
            line = line.partition("]")[0] + "]"
        if len(line) <= 2:
            self._refuse("Empty section name", place)
            return
        self._section = line[1:-1]
        self.sections.append((self._section, place))

    def _assign(self, number: int, line: str) -> None:
        equal, colon = line.find("="), line.find(":")
        at = min(index for index in (equal, colon, len(line)) if index >= 0)
        place = self._at(number, 1, len(line) + 1)
        if at == len(line):
            self._refuse("No ':' or '=' found in assignment", place)
            return
        name = line[:at].strip()
        if not name:
            self._refuse("Key cannot be empty", place)
            return
        rest = line[at + 1 :]
        value = rest.strip()
        column = at + 2 + (len(rest) - len(rest.lstrip()) if value else 0)
        # A single quote character alone matches itself and vanishes, as in iniparser.
        if value and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
            column += 1
        self._name, self._lines = name, [value]
        first = len(line) - len(line.lstrip()) + 1
        self._place = self._at(number, first, len(line) + 1)
        self._value_place = self._at(number, column, column + len(value))

    def _continue(self, number: int, line: str) -> None:
        text = line.lstrip()
        column = len(line) - len(text) + 1
        if not self._name:
            self._refuse(
                "Unexpected continuation line",
                self._at(number, column, len(line) + 1),
                "an indented line continues the option above it: remove the indentation",
            )
            return
        self._lines.append(text)
        end = len(line) + 1
        first, value = self._place, self._value_place
        self._place = Place(self.path, first.line, first.column, number, end)
        self._value_place = Place(self.path, value.line, value.column, number, end)

    def _flush(self) -> None:
        if not self._name:
            return
        if self._section is None:
            self._refuse("Section must be started before assignment", self._place)
        else:
            self.settings.append(
                Setting(
                    self._section,
                    self._name,
                    "\n".join(self._lines),
                    self._place,
                    self._value_place,
                )
            )
        self._name = ""

    def _at(self, line: int, column: int, end: int) -> Place:
        return Place(self.path, line, column, line, end)

    def _refuse(self, message: str, place: Place, step: str = "") -> None:
        self.problems.append(Problem(ProblemKind.SYNTAX, message, place, step))
