"""The commands of a shell file as a tree: lists, conditions, and what is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from glance_audit.environment.shell_syntax import Token

_LOOPS = frozenset({"for", "while", "until"})
_ENDS = {"for": "done", "while": "done", "until": "done", "case": "esac", "if": "fi", "{": "}"}
_OPENERS = frozenset({"do", "then", "else", "elif", "{", "while", "until", "if"})
_MISPLACED = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_SEPARATORS = frozenset({"\n", ";", "&", ";;"})


class Simple(NamedTuple):
    """Assignments and a command with its arguments; redirections are left out."""

    words: tuple[Token, ...]


class Chain(NamedTuple):
    """``left && right`` or ``left || right``."""

    left: Node
    operator: str
    right: Node


class Not(NamedTuple):
    """``! command``."""

    command: Node


class If(NamedTuple):
    """Conditions with their branches, and the last resort."""

    branches: tuple[tuple[tuple[Node, ...], tuple[Node, ...]], ...]
    otherwise: tuple[Node, ...]


class Group(NamedTuple):
    """``{ …; }``."""

    body: tuple[Node, ...]


class Apart(NamedTuple):
    """What runs in a process of its own and leaves no variable behind."""


class Passed(NamedTuple):
    """A stretch that is not interpreted (a loop, ``case``); it may run or not."""

    start: int
    end: int


class Function(NamedTuple):
    """A definition; nothing runs until its name is called."""

    name: str
    start: int
    end: int


Node = Simple | Chain | Not | If | Group | Apart | Passed | Function


class Malformed(Exception):
    """The tokens make no tree from ``token`` on."""

    def __init__(self, offset: int, done: tuple[Node, ...] = ()) -> None:
        super().__init__(offset)
        self.offset = offset
        self.done = done


def parse(tokens: list[Token]) -> tuple[Node, ...]:
    """Return the commands of a file.

    Raises:
        Malformed: with the commands before the fault.
    """
    parser = _Parser(tokens)
    nodes: list[Node] = []
    while True:
        parser.skip_separators()
        if parser.at == len(tokens):
            return tuple(nodes)
        start = tokens[parser.at].start
        try:
            nodes.append(parser.and_or())
        except IndexError:
            raise Malformed(start, tuple(nodes)) from None
        except Malformed as error:
            raise Malformed(start, tuple(nodes)) from error


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def skip_separators(self) -> None:
        while self._operator() in _SEPARATORS:
            self.at += 1

    def and_or(self) -> Node:
        node = self._pipeline()
        while self._operator() in ("&&", "||"):
            operator = self.tokens[self.at].raw
            self.at += 1
            while self._operator() == "\n":
                self.at += 1
            node = Chain(node, operator, self._pipeline())
        return Apart() if self._operator() == "&" else node

    def _pipeline(self) -> Node:
        if self._word() == "!":
            self.at += 1
            return Not(self._pipeline())
        node = self._command()
        piped = False
        while self._operator() == "|":
            piped = True
            self.at += 1
            while self._operator() == "\n":
                self.at += 1
            self._command()
        return Apart() if piped else node

    def _command(self) -> Node:
        token = self.tokens[self.at]
        if token.operator and token.raw == "(":
            self.at += 1
            self._list(())
            self._expect(")")
            self._redirections()
            return Apart()
        if token.operator and token.raw not in "<>" and token.raw[0] not in "<>":
            raise Malformed(token.start)
        if token.raw in _MISPLACED:
            raise Malformed(token.start)
        if token.raw == "if":
            return self._if()
        if token.raw == "{":
            self.at += 1
            body = self._list(("}",))
            self.at += 1
            self._redirections()
            return Group(body)
        if token.raw in _LOOPS or token.raw == "case":
            self._pass_over()
            return Passed(token.start, self.tokens[self.at - 1].end)
        if self._is_operator(self.at + 1, "(") and not token.operator:
            return self._function(token)
        return self._simple()

    def _simple(self) -> Node:
        words = []
        while self.at < len(self.tokens):
            self._redirections()
            if self.at == len(self.tokens):
                break
            token = self.tokens[self.at]
            if token.operator:
                if token.raw == "(":
                    raise Malformed(token.start)
                break
            words.append(token)
            self.at += 1
        return Simple(tuple(words))

    def _redirections(self) -> None:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
            numbered = (
                token.raw.isdigit()
                and following is not None
                and following.operator
                and following.raw[0] in "<>"
                and following.start == token.end
            )
            if numbered:
                self.at += 1
            elif not (token.operator and token.raw[0] in "<>"):
                return
            self.at += 1
            if self.tokens[self.at].operator:
                raise Malformed(token.start)
            self.at += 1

    def _if(self) -> Node:
        branches = []
        otherwise: tuple[Node, ...] = ()
        while True:
            self.at += 1
            condition = self._list(("then",))
            self.at += 1
            branches.append((condition, self._list(("elif", "else", "fi"))))
            if self._word() == "elif":
                continue
            if self._word() == "else":
                self.at += 1
                otherwise = self._list(("fi",))
            self.at += 1
            self._redirections()
            return If(tuple(branches), otherwise)

    def _list(self, stops: tuple[str, ...]) -> tuple[Node, ...]:
        """Read commands up to one of ``stops``, or a closing parenthesis when there are none."""
        nodes: list[Node] = []
        while True:
            self.skip_separators()
            token = self.tokens[self.at]
            if token.operator and token.raw == ")" and not stops:
                return tuple(nodes)
            if not token.operator and token.raw in stops:
                return tuple(nodes)
            nodes.append(self.and_or())

    def _function(self, name: Token) -> Node:
        self.at += 2
        self._expect(")")
        while self._operator() == "\n":
            self.at += 1
        if self._word() != "{":
            raise Malformed(name.start)
        self._pass_over()
        return Function(name.raw, name.start, self.tokens[self.at - 1].end)

    def _pass_over(self) -> None:
        """Go behind the end of the compound command that begins here."""
        ends: list[str] = []
        first = True
        while True:
            token = self.tokens[self.at]
            self.at += 1
            if token.operator:
                first = True
                continue
            if first and ends and token.raw == ends[-1]:
                ends.pop()
                if not ends:
                    return
            elif first and token.raw in _ENDS:
                ends.append(_ENDS[token.raw])
            first = first and token.raw in _OPENERS

    def _expect(self, operator: str) -> None:
        if not self._is_operator(self.at, operator):
            raise Malformed(self.tokens[self.at].start)
        self.at += 1

    def _is_operator(self, index: int, operator: str) -> bool:
        return (
            index < len(self.tokens)
            and self.tokens[index].operator
            and self.tokens[index].raw == operator
        )

    def _operator(self) -> str:
        if self.at == len(self.tokens) or not self.tokens[self.at].operator:
            return ""
        return self.tokens[self.at].raw

    def _word(self) -> str:
        if self.at == len(self.tokens) or self.tokens[self.at].operator:
            return ""
        return self.tokens[self.at].raw
