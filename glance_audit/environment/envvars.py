"""Debian's ``/etc/apache2/envvars`` and its like: shell files, read and never executed.

A small evaluator of the subset such files use. What is not understood makes the variables it
touches unknown, never wrong, and is kept as a problem that is not fatal.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from glance_audit.environment.shell_builtin import Commands, Exit, Return
from glance_audit.environment.shell_expansion import Unset
from glance_audit.environment.shell_state import State
from glance_audit.environment.shell_syntax import Unfinished, tokens
from glance_audit.environment.shell_text import ShellText
from glance_audit.environment.shell_tree import (
    Chain,
    Function,
    Group,
    If,
    Malformed,
    Node,
    Not,
    Passed,
    Simple,
    parse,
)
from glance_audit.environment.variable import Environment, Variable
from glance_audit.files import FileSource, Kind, Place, Problem, ProblemKind, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEPTH = 8
_FILES = 100


def read_envvars(
    source: FileSource, path: str, initial: Mapping[str, str] | None = None
) -> Environment:
    """Read a shell file as ``. path`` in ``/bin/sh`` would, without running anything.

    ``initial`` is the whole environment before it; what is not in it counts as unset (Debian's
    apachectl gives APACHE_CONFDIR). ``.`` of another file of the tree is followed.
    """
    given = {
        name: Variable(name, value, True, Place(path)) for name, value in (initial or {}).items()
    }
    shell = _Shell(source, State(given))
    try:
        with suppress(Exit, Unset):
            shell.source_file(path)
    except RecursionError:
        message = "The commands are nested too deeply to be read"
        shell.commands.problems.append(Problem(ProblemKind.UNREADABLE, message, Place(path)))
        shell.state.lose_all()
    for snapshot in shell.stops:
        shell.state.merge(snapshot)
    problems = tuple(shell.commands.problems)
    return Environment(shell.state.variables, problems, tuple(shell.files), shell.state.unsure)


class _Shell:
    """Follows the commands of a file and of those it sources."""

    def __init__(self, source: FileSource, state: State) -> None:
        self.state = state
        self.commands = Commands(source, state, self.source_file)
        self.files: list[str] = []
        self.stops = self.commands.stops
        self._audited = source
        self._depth = 0

    def source_file(self, path: str) -> None:
        """Read one file in the present state.

        Raises:
            Exit, Unset: the shell ended.
        """
        text = self._text(path)
        if text is None:
            self.state.unsure = True
            return
        self.files.append(path)
        before = self.commands.current
        self.commands.current = ShellText(path, text)
        self._depth += 1
        try:
            with suppress(Return):
                self._file(text)
        finally:
            self.commands.current = before
            self._depth -= 1

    def _text(self, path: str) -> str | None:
        place = self.state.place if self._depth else Place(path)
        if self._depth > _DEPTH or len(self.files) >= _FILES:
            message = "Files source each other too often"
            self.commands.problems.append(Problem(ProblemKind.UNREADABLE, message, place))
            return None
        try:
            return self._audited.text(path)
        except Unreadable as error:
            missing = self._depth and self._audited.kind(path) is Kind.MISSING
            kind = ProblemKind.INCLUDE_MISSING if missing else ProblemKind.UNREADABLE
            message = f"{path}: {error.reason}" if self._depth else error.reason
            self.commands.problems.append(Problem(kind, message, place))
            return None

    def _file(self, text: str) -> None:
        rest: tuple[int, str] | None = None
        try:
            words = tokens(text)
        except Unfinished as error:
            words, rest = error.tokens, (error.offset, error.reason)
            # the command in which it happens is not complete
            while words and not (words[-1].operator and words[-1].raw in "\n;"):
                rest = (words.pop().start, error.reason)
        try:
            nodes = parse(words)
        except Malformed as malformed:
            nodes, rest = malformed.done, (malformed.offset, "the syntax is not understood")
        self._run(nodes)
        if rest is not None:
            self._pass_over(rest[0], len(text), f"From here on {rest[1]}")
            self.state.unsure = True

    def _run(self, nodes: tuple[Node, ...]) -> bool | None:
        status: bool | None = True
        for node in nodes:
            status = self._node(node)
        return status

    def _node(self, node: Node) -> bool | None:
        if isinstance(node, Simple):
            return self.commands.run(node.words)
        if isinstance(node, Chain):
            left = self._node(node.left)
            if left is None:
                self._maybe((node.right,), ())
                return None
            return self._node(node.right) if left is (node.operator == "&&") else left
        if isinstance(node, Not):
            status = self._node(node.command)
            return None if status is None else not status
        if isinstance(node, If):
            return self._if(node, 0)
        if isinstance(node, Group):
            return self._run(node.body)
        if isinstance(node, Function):
            self.commands.define(node.name, node.start, node.end)
            return True
        if isinstance(node, Passed):
            self._pass_over(node.start, node.end, "This is not followed")
        return None

    def _if(self, node: If, index: int) -> bool | None:
        if index == len(node.branches):
            return self._run(node.otherwise)
        test, body = node.branches[index]
        status = self._run(test)
        if status is None:
            rest = If(node.branches[index + 1 :], node.otherwise)
            self._maybe(body, (rest,))
            return None
        return self._run(body) if status else self._if(node, index + 1)

    def _maybe(self, one: tuple[Node, ...], other: tuple[Node, ...]) -> None:
        """Run two branches of which only one counts, and keep what they agree on."""
        before = self.state.snapshot()
        one_ended = self._ends(one)
        first = self.state.snapshot()
        self.state.restore(before)
        other_ended = self._ends(other)
        if one_ended:
            self.stops.append(first)
        if other_ended:
            self.stops.append(self.state.snapshot())
            if one_ended:
                raise Return
            self.state.restore(first)
        elif not one_ended:
            self.state.merge(first)

    def _ends(self, nodes: tuple[Node, ...]) -> bool:
        """Run a branch and say whether the shell, or the file, ended in it."""
        try:
            self._run(nodes)
        except (Return, Exit, Unset):
            return True
        return False

    def _pass_over(self, start: int, end: int, message: str) -> None:
        current = self.commands.current
        names, anything = current.touched(start, end)
        self.state.place = current.place(start, end)
        for name in sorted(names):
            self.state.doubt(name)
        words = current.words(start, end)
        if anything or words & self.commands.functions.keys():
            self.state.lose_all()
        if words & {"return", "exit", "exec"}:
            self.stops.append(self.state.snapshot())
        self.commands.note(message, start, end)
