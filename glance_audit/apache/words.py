"""Arguments: words as ``ap_getword_conf`` (server/util.c) takes them from a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice

from glance_audit.apache.scanner import BLANKS
from glance_audit.record import NamedTuple

_TO_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


_BARE = re.compile(f"[^{BLANKS}]+")
# Words of a line without backslashes; of the groups, the one that matched is the value.
WORDS = re.compile(rf"""\"([^\"]*)\"?|'([^']*)'?|([^{BLANKS}\"'][^{BLANKS}]*)""")


class RawWord(NamedTuple):
    """A word's value and the offsets of its first character (quote included) and of its end."""

    text: str
    start: int
    end: int


_word = partial(tuple.__new__, RawWord)


def lower_case(text: str) -> str:
    """Lower ASCII letters alone, as C does: Python's ``lower`` turns a Kelvin sign into a k."""
    return text.lower() if text.isascii() else text.translate(_TO_LOWER)


def next_word(line: str, start: int) -> RawWord:
    """Take the next word from ``start`` on; at the end of the line an empty one.

    A quote counts only as the first character of a word; inside, the quote and the backslash can
    be escaped. The closing quote ends the word even when no blank follows; a missing one runs to
    the end of the line.
    """
    found = _BARE.search(line, start)
    if found is None:
        return RawWord("", len(line), len(line))
    start, end = found.span()
    quote = line[start]
    if quote not in "\"'":
        return _word((_unescape(found[0], ""), start, end))
    length = len(line)
    end = line.find(quote, start + 1)
    if end > 0 and "\\" not in line[start:end]:
        return _word((line[start + 1 : end], start, end + 1))
    end = start + 1
    while end < length and line[end] != quote:
        end += 2 if line[end] == "\\" and line[end + 1 : end + 2] in (quote, "\\") else 1
    end = min(end, length)
    text = _unescape(line[start + 1 : end], quote)
    return RawWord(text, start, min(end + 1, length))


def split_words(line: str, start: int = 0) -> Iterator[RawWord]:
    """Take every word from ``start`` on."""
    if "\\" not in line:
        for one in WORDS.finditer(line, start):
            yield _word((one[one.lastindex or 0], one.start(), one.end()))
        return
    word = next_word(line, start)
    while word.end > word.start:
        yield word
        word = next_word(line, word.end)


def arguments(line: str, start: int, fewest: int, most: int) -> list[str] | None:
    """Return the arguments when their number fits, else None.

    As ``invoke_cmd`` (server/config.c) counts: an empty word is no argument where one is needed.
    """
    words = [word.text for word in islice(split_words(line, start), most + 1)]
    if fewest <= len(words) <= most and all(words[:fewest]):
        return words
    return None


def _unescape(text: str, quote: str) -> str:
    if "\\" not in text:
        return text
    out = []
    index = 0
    while index < len(text):
        character = text[index]
        following = text[index + 1 : index + 2]
        if character == "\\" and following and (following == "\\" or following == quote):
            character = following
            index += 1
        out.append(character)
        index += 1
    return "".join(out)
