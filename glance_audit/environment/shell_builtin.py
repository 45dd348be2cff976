"""The commands of a shell file: assignments and the builtins that change variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from glance_audit.environment.shell_condition import condition
from glance_audit.environment.shell_expansion import Expander
from glance_audit.environment.shell_syntax import Literal, Part, Token
from glance_audit.environment.shell_text import ShellText, set_by_arithmetic
from glance_audit.files import FileSource, Problem, ProblemKind
from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from glance_audit.environment.shell_state import Snapshot, State

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# assignments in front of these outlive them, POSIX 2.14
_SPECIAL = frozenset({"export", "readonly", "unset", ":", ".", "set", "exit", "return", "eval"})
# builtins that can set a variable in a way that is not followed here
_SETTERS = frozenset(
    {"read", "getopts", "let", "declare", "typeset", "local", "mapfile", "readarray", "printf"}
)


class Return(Exception):
    """``return``: the file that is being sourced ends here."""


class Exit(Exception):
    """``exit``, ``exec``: the shell ends here."""


class Effects(NamedTuple):
    """What calling a function may do to the variables, and whether it may end the shell."""

    names: frozenset[str]
    anything: bool
    ends: bool


class Commands:
    """Runs simple commands on a state, as far as they concern variables.

    ``source_file`` reads another file in the same state. ``current`` is the file being read.
    """

    def __init__(
        self, source: FileSource, state: State, source_file: Callable[[str], None]
    ) -> None:
        self.state = state
        self.current = ShellText("", "")
        self.problems: list[Problem] = []
        self.functions: dict[str, Effects] = {}
        self.stops: list[Snapshot] = []  # ways of running that ended early
        self._audited = source
        self._source_file = source_file
        self._expander = Expander(state.value_of, state.assign)

    def run(self, words: tuple[Token, ...]) -> bool | None:
        """Return the status of a command, None when it cannot be known.

        Raises:
            Return, Exit, Unset: the file or the shell ends.
        """
        arithmetic = [name for token in words for name in set_by_arithmetic(token.raw)]
        for name in arithmetic:
            self.state.assign(name, None)
        status = self._run(words)
        for name in arithmetic:
            self.state.assign(name, None)
        return status

    def define(self, name: str, start: int, end: int) -> None:
        """Keep what a function may do; of several definitions any may count."""
        names, anything = self.current.touched(start, end)
        ends = bool(self.current.words(start, end) & {"exit", "exec"})
        known = self.functions.get(name, Effects(frozenset(), False, False))
        self.functions[name] = Effects(
            names | known.names, anything or known.anything, ends or known.ends
        )

    def note(self, message: str, start: int, end: int) -> None:
        """Keep that a stretch was not understood."""
        message = f"{message}: the variables it sets are not known"
        place = self.current.place(start, end)
        self.problems.append(Problem(ProblemKind.SYNTAX, message, place, fatal=False))

    def _run(self, words: tuple[Token, ...]) -> bool | None:
        index = 0
        while index < len(words) and _ASSIGNMENT.match(words[index].raw):
            index += 1
        assignments, rest = words[:index], words[index:]
        if not rest:
            for token in assignments:
                self._assignment(token)
            substituted = any("`" in token.raw or "$(" in token.raw for token in assignments)
            return None if substituted else True
        self.state.place = self.current.token_place(rest[0])
        command = self._expander.fields(rest[0].parts)
        if command is None or len(command) != 1:
            return self._lost("The command is not known before the shell runs", rest)
        return self._command(command[0], assignments, rest)

    def _command(
        self, name: str, assignments: tuple[Token, ...], words: tuple[Token, ...]
    ) -> bool | None:
        arguments = words[1:]
        if name in ("command", "builtin") and arguments and arguments[0].raw[0] != "-":
            return self._run(arguments)
        for token in assignments:
            if name in _SPECIAL:
                self._assignment(token)
            else:
                self._expander.text(_after_equal(token))
        if name in self.functions:
            return self._call(name, words)
        if name in ("export", "readonly"):
            for token in arguments:
                self._export(token, name == "export")
            return True
        if name == "unset":
            return self._unset(arguments)
        if name in ("[", "test"):
            return self._test(name, arguments)
        if name in (".", "source"):
            return self._source(words)
        if name == "set":
            return self._set(arguments)
        if name == "return":
            raise Return
        if name == "exit" or (name == "exec" and arguments):
            raise Exit
        if name == "eval":
            return self._lost("eval is not followed", words)
        # a program cannot set a variable of the shell that starts it, but its words are expanded
        for token in arguments:
            self.state.place = self.current.token_place(token)
            self._expander.text(token.parts)
        if name in _SETTERS:
            self.note(f"{name} is not followed", words[0].start, words[-1].end)
            for token in arguments:
                if _NAME.match(token.raw.partition("=")[0]):
                    self.state.assign(token.raw.partition("=")[0], None)
        return {":": True, "true": True, "false": False}.get(name)

    def _call(self, name: str, words: tuple[Token, ...]) -> bool | None:
        effects = self.functions[name]
        self.state.place = self.current.token_place(words[0], words[-1])
        for touched in sorted(effects.names):
            self.state.doubt(touched)
        if effects.anything:
            self.state.lose_all()
        if effects.ends:
            self.stops.append(self.state.snapshot())
        self.note("A function is not followed", words[0].start, words[-1].end)
        return None

    def _assignment(self, token: Token) -> None:
        match = _ASSIGNMENT.match(token.raw)
        if match is None:
            return
        self.state.place = self.current.token_place(token)
        if match[2]:
            self.note("+= is not sh", token.start, token.end)
        value = None if match[2] else self._expander.text(_after_equal(token))
        self.state.place = self.current.token_place(token)
        self.state.assign(match[1], value)

    def _export(self, token: Token, exported: bool) -> None:
        if token.raw in ("-p", "--"):
            return
        match = _ASSIGNMENT.match(token.raw)
        name = match[1] if match is not None else token.raw
        if match is not None:
            parts = _after_equal(token)
            value = self._expander.text(parts)
            # shells differ on whether export X=$Y splits the value
            bare = any(not part.quoted and not isinstance(part, Literal) for part in parts)
            if match[2] or (value is not None and bare and re.search(r"[ \t\n]", value)):
                value = None
            self.state.place = self.current.token_place(token)
            self.state.assign(name, value)
        elif not _NAME.match(name):
            self._lost("The name is not known before the shell runs", (token,))
            return
        if exported:
            self.state.export(name)

    def _unset(self, arguments: tuple[Token, ...]) -> bool:
        for token in arguments:
            if token.raw == "-f":
                return True
            if _NAME.match(token.raw):
                self.state.unset(token.raw)
            elif token.raw != "-v":
                self._lost("The name is not known before the shell runs", (token,))
        return True

    def _test(self, name: str, arguments: tuple[Token, ...]) -> bool | None:
        words: list[str] = []
        known = True
        for token in arguments:
            self.state.place = self.current.token_place(token)
            fields = self._expander.fields(token.parts)
            known = known and fields is not None
            words += fields or []
        if not known:
            return None
        if name == "[" and (not words or words.pop() != "]"):
            return False
        return condition(self._audited, words)

    def _source(self, words: tuple[Token, ...]) -> bool | None:
        fields = self._expander.fields(words[1].parts) if len(words) > 1 else None
        if not fields or not fields[0].startswith("/"):
            return self._lost("The file is not known before the shell runs", words)
        self.state.place = self.current.token_place(words[0], words[-1])
        self._source_file(fields[0])
        return None  # the status of its last command

    def _set(self, arguments: tuple[Token, ...]) -> bool:
        raws = [token.raw for token in arguments]
        for index, raw in enumerate(raws):
            if raw == "--" or raw[:1] not in "+-":
                break
            named = raw[1:] == "o" and raws[index + 1 : index + 2] == ["allexport"]
            if named or "a" in raw[1:]:
                self.state.export_all = raw[0] == "-"
        return True

    def _lost(self, message: str, words: tuple[Token, ...]) -> bool | None:
        self.note(message, words[0].start, words[-1].end)
        self.state.lose_all()
        return None


def _after_equal(token: Token) -> tuple[Part, ...]:
    """Return the parts of ``NAME=value`` without the name."""
    first = token.parts[0]
    rest = first.text.partition("=")[2] if isinstance(first, Literal) else ""
    head = (Literal(rest, False),) if rest else ()
    return (*head, *token.parts[1:])
