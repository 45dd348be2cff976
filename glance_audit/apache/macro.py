"""mod_macro: definitions and their expansion."""

from __future__ import annotations

from typing import NamedTuple

from glance_audit.apache.scanner import LogicalLine
from glance_audit.apache.words import next_word

# MAX_STRING_LEN: a longer body line is cut there, and the end of the macro is not found.
LONGEST_LINE = 8191


class Macro(NamedTuple):
    """One ``<Macro name args>``: its body lines and where they stand."""

    name: str
    parameters: tuple[str, ...]
    body: tuple[tuple[int, LogicalLine], ...]
    file: str
    definition: str

    def line(self, line: LogicalLine, values: tuple[str, ...]) -> LogicalLine:
        """Return a body line with the arguments put in."""
        text = substitute(line.text, self.parameters, values)
        return line if text == line.text else line._replace(text=text)


def first_words(line: str) -> list[str]:
    """Split by words, as Macro and Use do."""
    words = []
    word = next_word(line, 0)
    while word.end > word.start:
        words.append(word.text)
        word = next_word(line, word.end)
    return words


def substitute(text: str, names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """Replace the arguments' names: leftmost first, the longest of those that start there.

    What was put in is not looked at again; ``@name`` is put in quoted and escaped.
    """
    out = []
    index = 0
    while True:
        best: tuple[int, int, int] | None = None
        for number, name in enumerate(names):
            found = text.find(name, index) if name else -1
            if found >= 0 and (best is None or (found, -len(name)) < best[:2]):
                best = (found, -len(name), number)
        if best is None:
            out.append(text[index:])
            return "".join(out)
        at, _, number = best
        value = values[number]
        if names[number].startswith("@"):
            value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        out += (text[index:at], value)
        index = at + len(names[number])
