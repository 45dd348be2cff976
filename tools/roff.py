r"""Text as roff's man macros take it: what would be a request or an escape is written as text.

The text is ASCII: other characters are written ``\[uXXXX]``, which groff and mandoc both read
whatever the locale is (groff_char(7), mandoc_char(7)). A hyphen is always written ``\-``, so that
options can be copied and searched for; lines are not broken after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CHARACTERS = {
    "\\": r"\e",
    "-": r"\-",
    "`": r"\(ga",
    "^": r"\(ha",
    "~": r"\(ti",
}
_LITERAL = {**_CHARACTERS, "'": r"\(aq", '"': r"\(dq"}
# What stands in `backquotes`, and options.
_CODE = re.compile(r"`([^`]+)`|(?<![\w=-])(--?[A-Za-z][\w-]*)")


def escape(text: str) -> str:
    """Return prose; its apostrophes may be drawn as such."""
    return _translate(text, _CHARACTERS)


def literal(text: str) -> str:
    """Return what is typed: its quotes stay straight."""
    return _translate(text, _LITERAL)


def bold(text: str) -> str:
    """Return what is typed, in bold."""
    return rf"\fB{literal(text)}\fR"


def italic(text: str) -> str:
    """Return what stands for a value, in italics."""
    return rf"\fI{literal(text)}\fR"


def prose(text: str) -> str:
    """Return prose of one line; options and what stands in backquotes are bold."""
    done, position = "", 0
    for found in _CODE.finditer(text):
        done += escape(text[position : found.start()]) + bold(found[1] or found[2])
        position = found.end()
    return _guarded(done + escape(text[position:]))


def verbatim(text: str) -> str:
    """Return lines that stay as they are; after ``.EE`` groff 1.22 would hyphenate again."""
    rows = (_guarded(literal(row)) for row in text.splitlines())
    return "\n".join((".PP", ".RS 4", ".nf", *rows, ".fi", ".RE"))


def section(title: str) -> str:
    """Return a section's heading."""
    return f'.SH "{literal(title.upper())}"'


def subsection(title: str) -> str:
    """Return a heading below a section's."""
    return f'.SS "{literal(title)}"'


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f".PP\n{prose(text)}"


def tagged(tag: str, text: str) -> str:
    """Return a paragraph below a tag, which is roff already."""
    return f".TP\n{_guarded(tag)}\n{prose(text)}"


def assembled(parts: Iterable[str]) -> str:
    """Return a page; a paragraph right below a heading needs no request, mandoc warns of it."""
    return re.sub(r"^(\.S[HS] .*)\n\.PP$", r"\1", "\n".join(parts), flags=re.MULTILINE) + "\n"


def _translate(text: str, characters: dict[str, str]) -> str:
    return "".join(
        characters.get(one, one if one.isascii() else rf"\[u{ord(one):04X}]") for one in text
    )


def _guarded(line: str) -> str:
    """A full stop or an apostrophe in front would make the line a request."""
    return rf"\&{line}" if line.startswith((".", "'")) else line
