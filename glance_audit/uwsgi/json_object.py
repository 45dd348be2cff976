"""JSON as uWSGI reads it: the members of one object (core/json.c with yajl, as Debian builds it).

The standard library's decoder does the work. Its scanner is told to keep where each value
stands, numbers stay as they are written, and what yajl allows beyond JSON (comments, two more
blanks) is blanked before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from json import JSONDecodeError, JSONDecoder
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from glance_audit.record import NamedTuple
from glance_audit.uwsgi.record import Record, Section, Span, record, refused, stopped
from glance_audit.uwsgi.text import ConfigText

# What is not closed reaches to the end, lest every quote in it be tried as a beginning.
_STRING_OR_BLANK = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|/\*(?:.*?\*/|.*)|//[^\n]*|[\v\f]', re.DOTALL
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {True: "1", False: "0", None: "0"}

_Scan = Callable[[str, int], tuple[Any, int]]


class _Node(NamedTuple):
    """A value and where it stands. Strings and numbers are text, an object is a list of pairs."""

    value: Any
    start: int
    end: int


class _Pairs(NamedTuple):
    """The members of an object, in order and with repetitions."""

    pairs: tuple[tuple[str, _Node], ...]
    start: int


class _Decoder(JSONDecoder):
    """The decoder of the standard library; every value in an object or array is a node."""

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=_no_constant
        )
        self.parse_object = _object
        self.parse_array = _array
        self.scan_once = py_make_scanner(self)


def read_json(text: ConfigText, asked: str) -> Section:
    """Return the members of the object ``asked``; without one uWSGI ends."""
    written = text.text.partition("\0")[0]
    stray = _SURROGATE.search(written)
    if stray is not None:
        fault = refused(text, "yajl refuses bytes that are no UTF-8", stray.start())
        return Section((), problems=(fault,))
    plain = _STRING_OR_BLANK.sub(_blank, written)
    try:
        root = _Decoder().decode(plain)
    except JSONDecodeError as error:
        fault = refused(text, f"the file is no JSON: {error.msg.lower()}", error.pos)
        return Section((), problems=(fault,))
    except RecursionError:
        return Section((), problems=(stopped(text, "the JSON lies too deep to be read here", 0),))
    members = list(_members(root, plain)) if isinstance(root, _Pairs) else []
    found = next((member for member in members if member[0] == asked), None)
    if found is None:
        fault = refused(text, f"uWSGI asks for an object named {asked} in this file", 0)
        return Section((), problems=(fault,))
    _, node, span = found
    header = text.place(*span)
    if not isinstance(node.value, _Pairs):
        message = f"uWSGI asks for an object named {asked}, and this is none"
        return Section((), header, None, (refused(text, message, node.start),))
    return Section(tuple(_records(text, node.value, plain)), header)


def _records(text: ConfigText, members: _Pairs, plain: str) -> Iterator[Record]:
    for key, node, span in _members(members, plain):
        # An array is the option once for each item; objects, and arrays in arrays, are nothing.
        for one in node.value if isinstance(node.value, list) else [node]:
            if isinstance(one.value, (_Pairs, list)):
                continue
            quoted = isinstance(one.value, str) and plain[one.start] == '"'
            inner = Span(one.start + quoted, one.end - quoted)
            yield record(text, _shown(key), _shown(one.value), span, inner)


def _members(members: _Pairs, plain: str) -> Iterator[tuple[str, _Node, Span]]:
    """Yield key, value and where the key stands: only blanks and a comma precede its quote."""
    behind = members.start
    for key, node in members.pairs:
        start = plain.index('"', behind) + 1
        # Blanks and a colon lie between the key's second quote and the value.
        end = plain.rindex('"', start, node.start)
        yield key, node, Span(start, end)
        behind = node.end


def _shown(value: str | bool | None) -> str:
    """Return the text of a value; yajl puts a question mark for half a surrogate pair."""
    return _SURROGATE.sub("?", value) if isinstance(value, str) else _WORDS[value]


def _object(s_and_end: tuple[str, int], strict: bool, scan: _Scan, *rest: Any) -> tuple[Any, int]:
    pairs, end = JSONObject(s_and_end, strict, _located(scan), *rest)
    return _Pairs(pairs, s_and_end[1]), end


def _array(s_and_end: tuple[str, int], scan: _Scan, *rest: Any) -> tuple[Any, int]:
    values, end = JSONArray(s_and_end, _located(scan), *rest)
    return values, end


def _located(scan: _Scan) -> _Scan:
    def located(text: str, index: int) -> tuple[_Node, int]:
        value, end = scan(text, index)
        return _Node(value, index, end), end

    return located


def _no_constant(name: str) -> Any:
    raise JSONDecodeError(f"{name} is no number", name, 0)


def _blank(match: re.Match[str]) -> str:
    found = match[0]
    return found if found[0] == '"' else re.sub(r"[^\n]", " ", found)
