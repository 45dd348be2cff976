"""What lines say by themselves: the first words, which are few however many the lines are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from glance_audit.apache.scanner import BLANKS, EMPTY, LONG, LogicalLine
from glance_audit.apache.words import lower_case, next_word

if TYPE_CHECKING:
    from glance_audit.apache.reader import Executed

# A first word without quotes, backslashes and variables, as nearly all are.
_PLAIN = re.compile(r"[^ \t\n\v\f\r\"'\\$][^ \t\n\v\f\r\\$]*")
_NOTHING = " "  # what no section is called
_MOST_LINES = 400_000  # kept, none of them long; far more than a tree has different ones
_MOST_WORDS = 10_000


class Command:
    """What the first word of a line says, the same wherever it stands.

    ``name`` is the directive's or section's, ``key`` the same in lower case; ``closes`` is the
    section that a closing tag names, in lower case. ``executed`` is what carries the directive out
    while reading, for the reader. It is ``plain`` when it is a directive of the tree, as most are.
    An object with slots: they are read for every line.
    """

    __slots__ = ("closes", "executed", "key", "name", "plain", "section")

    def __init__(
        self, name: str, key: str, executed: Executed | None, *, section: bool = False,
        closes: str | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.key = key
        self.executed = executed
        self.section = section
        self.closes = closes
        self.plain = executed is None and closes is None and not section


# A line's command, where its arguments start in the text, and the arguments; a section's lack the
# ``>`` that ends the line. A bare tuple, which is taken apart in a third of a named one's time.
Meaning = tuple[Command, int, str]

_new = tuple.__new__  # a record from its fields, in half the time


class Commands:
    """The commands met so far, by the words that name them."""

    def __init__(self, executed: Mapping[str, Executed]) -> None:
        self._executed = executed
        self._known: dict[str, Command] = {}

    def meaning(self, text: str) -> Meaning | None:
        """Return what a line says; None for an empty quoted word, which Apache passes over."""
        name, _, rest = text.partition(" ")
        command = self._known.get(name)
        if command is not None:
            args = rest.lstrip(BLANKS)
            at = len(text) - len(args)
        else:
            word = next_word(text, 0)
            if not word.text:
                return None
            command = self._command(word.text)
            if len(self._known) < _MOST_WORDS and _PLAIN.fullmatch(word.text):
                self._known[word.text] = command
            at = next_word(text, word.end).start
            args = text[at:]
        return command, at, args.removesuffix(">") if command.section else args

    def _command(self, word: str) -> Command:
        if word.startswith("</"):
            closes = lower_case(word[2:-1]) if word[-1] == ">" else _NOTHING
            return Command(word, "", None, closes=closes)
        # The second byte decides, so not what follows a letter of several bytes.
        single = word[0] < "\x80" or "\udc80" <= word[0] <= "\udcff"
        name = word if single and word[1:2] == "/" else word.removesuffix(">")
        key = lower_case(name)
        executed = self._executed.get(key)
        if name[:1] == "<":
            return Command(name[1:], key[1:], executed, section=True)
        return Command(name, key, executed)


class KnownLines(dict[str, "LogicalLine | None"]):
    """Physical lines and what each is by itself, None for a comment: worked out once.

    Most lines of a large tree are the same few, so that they are looked up and not taken apart.
    """

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    def __missing__(self, raw: str) -> LogicalLine | None:
        """Work out a line that was not met before."""
        text = raw.strip(BLANKS)
        line: LogicalLine | None = None
        width = len(raw) if len(raw) >= LONG else 0
        if not text or (width and text[0] == "#"):
            line = EMPTY._replace(width=width) if width else EMPTY
        elif (first := text[0]) != "#":
            # What variables stand for is another thing each time.
            meaning = None if "${" in text else self._commands.meaning(text)
            line = _new(LogicalLine, (text, raw.index(first) + 1, 0, (), meaning, width))
        if not width and len(self) < _MOST_LINES:
            self[raw] = line
        return line
