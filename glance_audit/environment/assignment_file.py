"""Files of plain assignments, as systemd's EnvironmentFile= reads them.

The states are those of ``parse_env_file_internal`` in systemd's ``src/basic/env-file.c``:
nothing is expanded, a quote opens only at the beginning of a value or right after another quoted
part, a backslash keeps the next character, and outside quotes joins lines.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from glance_audit.environment.variable import Environment, Variable
from glance_audit.files import FileSource, Place, Problem, ProblemKind, Unreadable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_UNDECODED = re.compile("[\udc80-\udcff]")
_BLANK = " \t\n\r"
_LINE_END = "\n\r"


class _State(Enum):
    PRE_KEY = auto()
    KEY = auto()
    PRE_VALUE = auto()
    VALUE = auto()
    ESCAPE = auto()
    SINGLE = auto()
    DOUBLE = auto()
    DOUBLE_ESCAPE = auto()
    COMMENT = auto()
    COMMENT_ESCAPE = auto()


def read_environment_file(source: FileSource, path: str) -> Environment:
    """Read a file as systemd reads EnvironmentFile= (Red Hat's ``/etc/sysconfig/httpd``).

    An unreadable file is one problem and no variable; a line that systemd ignores is a problem
    that is not fatal. All variables are exported.
    """
    try:
        text = source.text(path)
    except Unreadable as error:
        problem = Problem(ProblemKind.UNREADABLE, error.reason, Place(error.path))
        return Environment({}, (problem,))
    reader = _Reader(path)
    reader.parse(text)
    return Environment(reader.variables, tuple(reader.problems), (path,))


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.variables: dict[str, Variable] = {}
        self.problems: list[Problem] = []
        self._key: list[str] = []
        self._value: list[str] = []
        self._kept = 0  # how much of the value its trailing blanks may not take away
        self._start = self._end = (1, 1)

    def parse(self, text: str) -> None:
        """Run the state machine over the whole text."""
        state = _State.PRE_KEY
        line, column = 1, 1
        for character in text:
            before, state = state, self._step(state, character, line, column)
            if character not in _BLANK and state not in (_State.PRE_KEY, _State.COMMENT):
                self._end = (line, column + 1)
            if before is _State.PRE_KEY and state is _State.KEY:
                self._start = (line, column)
            if character == "\n":
                line, column = line + 1, 1
            else:
                column += 1
        if state not in (_State.PRE_KEY, _State.KEY, _State.COMMENT, _State.COMMENT_ESCAPE):
            self._push(strip=state is _State.VALUE)

    def _step(self, state: _State, character: str, line: int, column: int) -> _State:
        ends = character in _LINE_END
        if state is _State.PRE_KEY:
            return self._begin(character)
        if state is _State.KEY:
            if ends:
                self._ignore("A line without '=' sets nothing")
                return _State.PRE_KEY
            if character == "=":
                self._value, self._kept = [], 0
                return _State.PRE_VALUE
            self._key.append(character)
            return state
        if state is _State.PRE_VALUE:
            return self._open(character, ends)
        if state is _State.VALUE:
            if ends:
                self._push(strip=True)
                return _State.PRE_KEY
            if character == "\\":
                self._kept = len(self._value)
                return _State.ESCAPE
            self._value.append(character)
            return state
        return self._quoted(state, character, ends)

    def _begin(self, character: str) -> _State:
        if character in "#;":
            return _State.COMMENT
        if character in _BLANK:
            return _State.PRE_KEY
        self._key = [character]
        return _State.KEY

    def _open(self, character: str, ends: bool) -> _State:
        if ends:
            self._push(strip=False)
            return _State.PRE_KEY
        opened = {"'": _State.SINGLE, '"': _State.DOUBLE, "\\": _State.ESCAPE}.get(character)
        if opened is not None:
            return opened
        if character in _BLANK:
            return _State.PRE_VALUE
        self._value.append(character)
        return _State.VALUE

    def _quoted(self, state: _State, character: str, ends: bool) -> _State:
        if state is _State.ESCAPE:
            if not ends:
                self._value.append(character)
                self._kept = len(self._value)
            return _State.VALUE
        if state is _State.SINGLE:
            if character == "'":
                return _State.PRE_VALUE
            self._value.append(character)
            return state
        if state is _State.DOUBLE:
            if character == '"':
                return _State.PRE_VALUE
            if character == "\\":
                return _State.DOUBLE_ESCAPE
            self._value.append(character)
            return state
        if state is _State.DOUBLE_ESCAPE:
            if character in '"\\`$':
                self._value.append(character)
            elif character != "\n":
                self._value += ["\\", character]
            return _State.DOUBLE
        if state is _State.COMMENT_ESCAPE:
            return _State.COMMENT
        if character == "\\":
            return _State.COMMENT_ESCAPE
        return _State.PRE_KEY if ends else _State.COMMENT

    def _push(self, strip: bool) -> None:
        name = "".join(self._key).rstrip(_BLANK)
        value = "".join(self._value)
        if strip:
            value = value[: self._kept] + value[self._kept :].rstrip(_BLANK)
        if not _NAME.match(name):
            exported = name.startswith("export ")
            self._ignore(
                f"'{name}' is no name for a variable: the assignment is ignored",
                "remove the word export: this file is not read by a shell" if exported else "",
            )
            return
        if _UNDECODED.search(value):
            self._ignore("The value is not UTF-8: the assignment is ignored")
            return
        self.variables.pop(name, None)
        self.variables[name] = Variable(name, value, True, self._place())

    def _place(self) -> Place:
        return Place(self.path, *self._start, *self._end)

    def _ignore(self, message: str, step: str = "") -> None:
        place = self._place()
        self.problems.append(Problem(ProblemKind.SYNTAX, message, place, step, fatal=False))
