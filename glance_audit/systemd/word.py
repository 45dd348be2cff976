"""Splitting a value into words, as ``extract_first_word`` of systemd does.

Source: ``src/basic/extract-word.c`` with EXTRACT_UNQUOTE and EXTRACT_CUNESCAPE, and
``cunescape_one`` in ``src/basic/escape.c``. A quote may open anywhere in a word.
"""

from __future__ import annotations

import re

from glance_audit.record import NamedTuple

_BLANK = " \t\n\r"
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_CODE = re.compile(r"x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-3][0-7]{2}")


class Word(NamedTuple):
    """A word without its quoting, and where in the value it stands."""

    text: str
    start: int
    end: int


class Unbalanced(Exception):
    """The value breaks off inside a quote or has an escape that is refused."""


def next_word(value: str, start: int, lenient: bool) -> Word | None:
    """Return the first word at or after ``start``, None when there is none.

    ``lenient`` keeps unknown escapes as written (commands), else they are refused (Environment=).

    Raises:
        Unbalanced: an open quote, a lone backslash at the end, a refused escape.
    """
    while start < len(value) and value[start] in _BLANK:
        start += 1
    if start == len(value):
        return None
    done: list[str] = []
    at = start
    quote = ""
    while at < len(value):
        character = value[at]
        if character == "\\":
            text, width = _escape(value, at + 1, lenient)
            done.append(text)
            at += 1 + width
            continue
        if quote:
            if character == quote:
                quote = ""
            else:
                done.append(character)
        elif character in "'\"":
            quote = character
        elif character in _BLANK:
            break
        else:
            done.append(character)
        at += 1
    if quote:
        raise Unbalanced
    # An escape may give one byte of a character: put the bytes together again.
    joined = "".join(done).encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return Word(joined, start, at)


def _escape(value: str, at: int, lenient: bool) -> tuple[str, int]:
    if at == len(value):
        if lenient:
            return "\\", 0
        raise Unbalanced
    character = value[at]
    if character in "\\\"'":
        return character, 1
    if character in _SIMPLE:
        return _SIMPLE[character], 1
    match = _CODE.match(value, at)
    if match is not None:
        digits = match[0]
        code = int(digits, 8) if digits[0] in "0123" else int(digits[1:], 16)
        byte = digits[0] not in "uU"
        if code and not (byte and code > 0xFF) and not 0xD800 <= code < 0xE000 and code < 0x110000:
            return chr(0xDC00 + code) if byte and code > 0x7F else chr(code), len(digits)
    if lenient:
        return "\\" + character, 1
    raise Unbalanced
