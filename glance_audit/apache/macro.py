"""mod_macro: definitions and their expansion."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from glance_audit.apache.scanner import BLANKS, LogicalLine
from glance_audit.record import NamedTuple

# MAX_STRING_LEN with the line end and the final NUL: in a body, a longer line ends the reading of
# it, so that the end of the macro is not found; one that grows longer cannot be used.
LONGEST_LINE = 8190


class SubstitutionTooLong(Exception):
    """A body line that would be longer than mod_macro's buffer."""


class Macro(NamedTuple):
    """One ``<Macro name args>``: its body lines, their numbers in the file, and which file."""

    name: str
    parameters: tuple[str, ...]
    body: tuple[LogicalLine, ...]
    numbers: tuple[int, ...]
    file: str
    definition: str

    def expansion(self, values: tuple[str, ...]) -> Iterator[tuple[int, LogicalLine]]:
        """Yield what a ``Use`` puts in its place, each line with its number in the body.

        The lines are read once more, so one that a value makes end in a backslash goes on in the
        next, and one that a value makes begin with ``#`` is a comment. When the last line yielded
        ends in a backslash, it goes on behind the ``Use``.

        Raises:
            SubstitutionTooLong: mod_macro refuses a line.
        """
        names = sorted(zip(self.parameters, values, strict=True), key=lambda p: -len(p[0]))
        lookup = dict(names)
        pattern = re.compile("|".join(re.escape(name) for name in lookup)) if lookup else None
        joined = ""
        for number, line in enumerate(self.body, 1):
            text = line.text if pattern is None else substitute(line.text, pattern, lookup)
            joined += text
            if joined.endswith("\\"):
                if number == len(self.body):
                    yield number, line._replace(text=joined, meaning=None)
                    return
                joined = joined[:-1]
                continue
            text, joined = joined.strip(BLANKS), ""
            if text[:1] != "#":
                yield number, line if text == line.text else line._replace(text=text, meaning=None)


def length(text: str) -> int:
    """Return the bytes of a line."""
    return len(text) if text.isascii() else len(os.fsencode(text))


def substitute(text: str, pattern: re.Pattern[str], values: dict[str, str]) -> str:
    """Replace the arguments' names: leftmost first, the longest of those that start there.

    ``@name`` is put in quoted and escaped. mod_macro then goes on as many bytes further as the
    bare value has, so the end of what it quoted is looked at once more (``substitute_macro_args``).

    Raises:
        SubstitutionTooLong: the line outgrows mod_macro's buffer.
    """
    index = 0
    while (found := pattern.search(text, index)) is not None:
        value = values[found[0]]
        put = value
        if found[0].startswith("@") and value != found[0]:
            put = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text = text[: found.start()] + put + text[found.end() :]
        if length(text) > LONGEST_LINE:
            raise SubstitutionTooLong
        index = found.start() + len(value)
    return text
