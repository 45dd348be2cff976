"""The ini syntax of uWSGI, read by ``configparser`` with a line cleaner in front.

uWSGI's own reader (core/ini.c) knows lines, sections, comments as first character and the first
``=``; no quotes, no escapes, no continuation lines. ``configparser`` agrees on the last two only
when it is told nothing else, so every line reaches it stripped, numbered, on its own and with all
blanks shielded: Python takes vertical tabs, form feeds and no-break spaces for blanks, uWSGI does
not. What comes back is unshielded, and the numbers lead to the places.
"""

from __future__ import annotations

from collections.abc import Iterator
from configparser import RawConfigParser

from glance_audit.uwsgi.record import Record, Section
from glance_audit.uwsgi.text import ConfigText

_BLANKS = " \t\r"
# Stand-ins are high surrogates: neither UTF-8 nor surrogateescape ever yields one.
_MARK, _NOWHERE = "\ud8ff", "\ud8fe"
_PYTHON_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(
    map(chr, [*range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000])
)
_SHIELD = {ord(blank): 0xD800 + number for number, blank in enumerate(_PYTHON_BLANKS)}
_SHIELD[ord("]")] = 0xD8FD
_UNSHIELD = {shielded: blank for blank, shielded in _SHIELD.items()}


class _Parser(RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


class _Cleaner:
    """Yields what ``configparser`` is given and remembers where each line begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts: list[int] = []
        self.headers: list[tuple[str, int, int]] = []

    def __iter__(self) -> Iterator[str]:
        yield f"[{_MARK}]"  # keys above the first header belong to no section
        position = 0
        for raw in self._text.split("\n"):
            start, position = position, position + len(raw) + 1
            line = raw.partition("\0")[0]  # C strings end here
            left = line.lstrip(_BLANKS)
            start += len(line) - len(left)
            line = left.rstrip(_BLANKS)
            if not line or line[0] in ";#":
                continue
            if line[0] == "[":
                name = line[1:-1]  # the last character falls, whatever it is
                self.headers.append((name, start, start + len(line)))
                yield f"[{_MARK}{name.translate(_SHIELD)}]"
                continue
            if "=" not in line:
                line += "="
            yield f"{len(self.starts)}{_MARK}{line.translate(_SHIELD)}"
            self.starts.append(start)


def read_ini(text: ConfigText, asked: str) -> Section:
    """Return what the section ``asked`` holds, in the order of the file. Every text is readable."""
    cleaner = _Cleaner(text.text)
    parser = _Parser(
        delimiters=("=",),
        comment_prefixes=(),
        inline_comment_prefixes=(),
        strict=False,
        empty_lines_in_values=False,
        default_section=_NOWHERE,
        interpolation=None,
    )
    parser.read_file(cleaner)
    name = _MARK + asked.translate(_SHIELD)
    items = parser.items(name) if parser.has_section(name) else []
    records = tuple(_record(text, cleaner.starts, key, value) for key, value in items)
    header = near = None
    for found, start, end in cleaner.headers:
        if found == asked and header is None:
            header = text.place(start, end)
        elif near is None and found.strip().lower().partition("]")[0] == asked.lower():
            near = text.place(start, end)
    return Section(records, header, None if header else near)


def _record(text: ConfigText, starts: list[int], tagged: str, value: str) -> Record:
    number, _, shielded = tagged.partition(_MARK)
    raw_key = shielded.translate(_UNSHIELD)
    raw_value = value.translate(_UNSHIELD)
    start = starts[int(number)]
    key = raw_key.rstrip(_BLANKS)
    left = raw_value.lstrip(_BLANKS)
    after = start + len(raw_key) + 1  # behind the "="
    value_start = after + len(raw_value) - len(left)
    value_end = value_start + len(left)
    if not left and (after > len(text.text) or text.text[after - 1 : after] != "="):
        value_start = value_end = start + len(key)  # no "=" at all
    if not left:
        # A variable that stands for nothing still has its place.
        while text.text[value_end : value_end + 1] in (" ", "\t", "\r"):
            if text.vanished(value_end):
                break
            value_end += 1
        value_start = value_end = value_end if text.vanished(value_end) else value_start
    place = text.place(start, value_end)
    unknown = tuple(
        variable for position, variable in text.unknown if start <= position < value_end
    )
    return Record(
        key,
        left,
        place,
        text.place(start, start + len(key)),
        text.place(value_start, value_end),
        unknown,
    )
