"""Values of a report with the types that the schema promises, or an error with the place.

What a report holds may have been written by anybody: text is made visible, as an audit makes its
own.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, TypeVar

from glance_audit.report.escape import visible

_E = TypeVar("_E", bound=Enum)
_LARGEST = 2**53 - 1  # what every reader of JSON takes for the same number
# An address that is safe as a link, in every format: no blanks, brackets or quotes.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]+")
_KINDS = {
    type(None): "null", bool: "true or false", str: "a text", int: "a number", float: "a number",
    list: "a list", dict: "an object",
}  # fmt: skip


class ReportError(Exception):
    """A text that is no report of one host; the message says what is wrong, and where."""


def value(data: dict[str, Any], key: str, at: str, *kinds: type) -> Any:
    """Return what an object has under a key.

    Raises:
        ReportError: nothing, or something of another type.
    """
    place = f"{at}.{key}" if at else key
    if key not in data:
        raise ReportError(f"{place}: is missing")
    found = data[key]
    if type(found) not in kinds:  # true is no number
        wanted = " or ".join(_KINDS[kind] for kind in kinds)
        raise ReportError(f"{place}: {wanted} is needed, not {kind_of(found)}")
    return found


def kind_of(found: object) -> str:
    """Return what a value is called."""
    return _KINDS[type(found)]


def objects(data: dict[str, Any], key: str, at: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the objects of a list, each with its place."""
    place = f"{at}.{key}" if at else key
    found = [(f"{place}[{number}]", one) for number, one in enumerate(value(data, key, at, list))]
    for where, one in found:
        if type(one) is not dict:
            raise ReportError(f"{where}: an object is needed, not {kind_of(one)}")
    return found


def texts(data: dict[str, Any], key: str) -> list[str]:
    """Return the texts of a list as they may be shown."""
    found = value(data, key, "", list)
    for place, one in enumerate(found):
        if type(one) is not str:
            raise ReportError(f"{key}[{place}]: a text is needed, not {kind_of(one)}")
    return [visible(one) for one in found]


def shown(data: dict[str, Any], key: str, at: str) -> str:
    """Return a text as it may be shown."""
    return visible(value(data, key, at, str))


def shown_if_any(data: dict[str, Any], key: str, at: str) -> str | None:
    """Return a text, or None for null."""
    found = value(data, key, at, str, type(None))
    return None if found is None else visible(found)


def matching(data: dict[str, Any], key: str, at: str, pattern: re.Pattern[str]) -> str:
    """Return a text of a form."""
    found: str = value(data, key, at, str)
    if pattern.fullmatch(found) is None:
        raise ReportError(
            f"{at}.{key}: {visible(found)[:60]!r} is not of the form {pattern.pattern}"
        )
    return found


def address(data: dict[str, Any], key: str, at: str) -> str:
    """Return an address of the web, or an empty text."""
    found: str = value(data, key, at, str)
    if found and _ADDRESS.fullmatch(found) is None:
        raise ReportError(f"{at}.{key}: {visible(found)[:60]!r} is no address of the web")
    return found


def one_of(data: dict[str, Any], key: str, at: str, kind: type[_E]) -> _E:
    """Return a value of an enumeration."""
    found = value(data, key, at, str)
    try:
        return kind(found)
    except ValueError:
        choices = ", ".join(str(one.value) for one in kind)
        raise ReportError(f"{at}.{key}: {visible(found)[:60]!r} is none of {choices}") from None


def number(data: dict[str, Any], key: str, at: str) -> int:
    """Return a whole number from 0 on."""
    found: int = value(data, key, at, int)
    if not 0 <= found <= _LARGEST:
        raise ReportError(f"{at}.{key}: is out of range")
    return found
