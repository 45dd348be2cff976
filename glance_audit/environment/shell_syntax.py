"""The words of a shell file: a subset of POSIX 2.2 and 2.3, with places. Nothing is run."""

from __future__ import annotations

import re

from glance_audit.record import NamedTuple

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r"&&|\|\||;;|<<-|<<|>>|<&|>&|<>|>\||[;&|()<>\n]")
_EXPANSION_OPERATOR = re.compile(r":[-=+?]|##|%%|[-=+?#%]")


class Literal(NamedTuple):
    """Characters; quoted ones are neither split nor a pattern."""

    text: str
    quoted: bool


class Parameter(NamedTuple):
    """``${name operator word}``; without an operator the word is empty."""

    name: str
    operator: str
    word: tuple[Part, ...]
    quoted: bool


class Opaque(NamedTuple):
    """A part of which only a running shell knows the value: ``$(…)``, ``$1``, ``~``."""

    quoted: bool


Part = Literal | Parameter | Opaque


class Token(NamedTuple):
    """A word (with parts) or an operator; ``start`` and ``end`` are offsets into the text."""

    operator: bool
    raw: str
    parts: tuple[Part, ...]
    start: int
    end: int


class Unfinished(Exception):
    """The text cannot be split further from ``offset`` on: ``reason``."""

    def __init__(self, offset: int, reason: str, tokens: list[Token]) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason
        self.tokens = tokens


def tokens(text: str) -> list[Token]:
    """Split a file into words and operators; comments and blanks are gone.

    Raises:
        Unfinished: an open quote or brace, or a here-document.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
        elif text.startswith("\\\n", at):
            at += 2
        elif text[at] == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            operator = _OPERATOR.match(text, at)
            if operator is not None:
                if operator[0].startswith("<<"):
                    raise Unfinished(at, "a here-document is not read", found)
                found.append(Token(True, operator[0], (), at, operator.end()))
                at = operator.end()
                continue
            scanner = _Scanner(text, at)
            try:
                parts = scanner.word(" \t\n;&|()<>")
            except IndexError:
                raise Unfinished(at, "a quote or brace is not closed", found) from None
            found.append(Token(False, text[at : scanner.at], parts, at, scanner.at))
            at = scanner.at
    return found


class _Scanner:
    """Reads one word; running out of text inside a quote is an IndexError."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def word(self, stops: str, quoted: bool = False) -> tuple[Part, ...]:
        """Read parts up to one of ``stops``, or to the closing quote when ``quoted``."""
        parts: list[Part] = []
        text = self.text
        begin = self.at
        while self.at < len(text) or quoted or stops == "}":
            character = text[self.at]
            if character in stops:
                break
            if character == "\\":
                self._backslash(parts, quoted)
            elif character == "'" and not quoted:
                end = text.find("'", self.at + 1)
                if end < 0:
                    raise IndexError
                parts.append(Literal(text[self.at + 1 : end], True))
                self.at = end + 1
            elif character == '"' and not (quoted and stops == '"'):
                self.at += 1
                parts.append(Literal("", True))
                parts.extend(self.word('"', quoted=True))
                self.at += 1
            elif character == "`":
                self._backquote()
                parts.append(Opaque(quoted))
            elif character == "$":
                parts.append(self._dollar(quoted))
            else:
                tilde = character == "~" and not quoted
                if tilde and (self.at == begin or text[self.at - 1] in "=:"):
                    parts.append(Opaque(quoted))
                else:
                    parts.append(Literal(character, quoted))
                self.at += 1
        return _joined(parts)

    def _backslash(self, parts: list[Part], quoted: bool) -> None:
        following = self.text[self.at + 1]
        self.at += 2
        if following == "\n":
            return
        if quoted and following not in '$`"\\}':
            parts.append(Literal("\\", True))
        parts.append(Literal(following, True))

    def _backquote(self) -> None:
        self.at += 1
        while self.text[self.at] != "`":
            self.at += 2 if self.text[self.at] == "\\" else 1
        self.at += 1

    def _dollar(self, quoted: bool) -> Part:
        text = self.text
        following = text[self.at + 1 : self.at + 2]
        if following == "{":
            return self._braced(quoted)
        if following == "(":
            self.at += 2
            self._parenthesis()
            return Opaque(quoted)
        name = _NAME.match(text, self.at + 1)
        if name is not None:
            self.at = name.end()
            return Parameter(name[0], "", (), quoted)
        if following and (following in "?$!#@*-" or following.isdigit()):
            self.at += 2
            return Opaque(quoted)
        self.at += 1
        # bash reads $'…' and $"…" in its own way, dash keeps the dollar sign
        if following and following in "'\"" and not quoted:
            return Opaque(quoted)
        return Literal("$", True)

    def _parenthesis(self) -> None:
        """Pass over a command substitution or arithmetic, to its closing parenthesis."""
        depth = 1
        while depth:
            character = self.text[self.at]
            if character == "\\":
                self.at += 1
            elif character == "'":
                end = self.text.find("'", self.at + 1)
                self.at = end if end >= 0 else len(self.text)
            elif character == '"':
                self.at += 1
                while self.text[self.at] != '"':
                    self.at += 2 if self.text[self.at] == "\\" else 1
            elif character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            self.at += 1

    def _braced(self, quoted: bool) -> Part:
        text = self.text
        self.at += 2
        name = _NAME.match(text, self.at)
        operator = None
        if name is not None:
            self.at = name.end()
            operator = _EXPANSION_OPERATOR.match(text, self.at)
            if operator is not None:
                self.at = operator.end()
        plain = name is not None and text[self.at : self.at + 1] == "}"
        # inside "${x#pattern}" quotes and patterns count again, inside "${x-word}" they do not
        pattern = operator is not None and operator[0][0] in "#%"
        word = self.word("}", quoted and not pattern)
        self.at += 1
        if name is None or (operator is None and not plain):
            return Opaque(quoted)
        return Parameter(name[0], operator[0] if operator else "", word, quoted)


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Join neighbouring characters of the same quoting."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Literal) and isinstance(last, Literal) and last.quoted == part.quoted:
            joined[-1] = Literal(last.text + part.text, part.quoted)
        else:
            joined.append(part)
    return tuple(joined)
