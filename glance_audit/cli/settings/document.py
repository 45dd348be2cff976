"""A settings file as it is written: its table, and the line on which a key stands."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from glance_audit.cli.settings.find import SHARED, TABLE
from glance_audit.cli.status import Refused
from glance_audit.cli.text_file import Unread, read_text
from glance_audit.record import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LARGEST = 1  # MiB
_MOST_TRIES = 500  # to find a line

Path = tuple["str | int", ...]  # such as ("overrides", 0, "ignore")


class NoSettings(Refused):
    """A project's file that has no table for us."""


class Document(NamedTuple):
    """A settings file: its name as messages have it, its directory, its text and our table."""

    name: str
    directory: str
    text: str
    prefix: tuple[str, ...]
    table: Mapping[str, Any]

    def at(self, *path: str | int) -> str:
        """Return where a key stands, as in ``glance-audit.toml:3``."""
        line = _line(self.text, (*self.prefix, *path))
        return f"{self.name}:{line}" if line else self.name

    def refuse(self, path: Path, message: str) -> Refused:
        """Return the refusal of what stands at a path."""
        return Refused(f"{self.at(*path)}: {message}")


def read(path: str) -> Document:
    """Read a settings file; ``pyproject.toml``, or what has its form, holds ours in a table.

    Raises:
        Refused: it cannot be read, is not TOML, or has no settings.
    """
    try:
        text = read_text(path, _LARGEST, pipes=False)
    except Unread as error:
        where = f"{path}:{error.line}" if error.line else path
        raise Refused(f"{where}: {error}") from None
    try:
        whole = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refused(_broken(path, text, error)) from None
    prefix: tuple[str, ...] = ()
    table: Any = whole
    if os.path.basename(path) == SHARED:
        prefix = TABLE
        for key in TABLE:
            table = table.get(key) if isinstance(table, dict) else None
        if table is None:
            raise NoSettings(f"{path}: has no table [{'.'.join(TABLE)}]")
    if not isinstance(table, dict):
        raise Refused(f"{path}: {'.'.join(TABLE)} is no table: write [{'.'.join(TABLE)}]")
    return Document(path, os.path.dirname(os.path.abspath(path)), text, prefix, table)


def _broken(path: str, text: str, error: Exception) -> str:
    """Say what TOML refuses, with the line in front as everywhere else."""
    message, line, column = str(error), text.count("\n") + 1, ""
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if found is not None:
        message = message[: found.start()]
        if found[1]:
            line, column = int(found[1]), f" in column {found[2]}"
    return f"{path}:{line}: is not TOML: {message[:1].lower()}{message[1:]}{column}"


def _line(text: str, path: Path) -> int:
    """Return the line on which what a path leads to is written, 0 when it is not found.

    TOML's reader tells no lines, and a second reader of ours would see other ones. So it is asked
    to read the text up to each row that has the key in it, and on to where that statement ends:
    the first with which the key is there is the one.
    """
    rows = text.splitlines(keepends=True)
    key = [one for one in path if isinstance(one, str)][-1]
    tries = _MOST_TRIES
    for start, row in enumerate(rows):
        if key not in row:
            continue
        for end in range(start + 1, len(rows) + 1):
            tries -= 1
            if tries < 0:
                return 0
            try:
                table = tomllib.loads("".join(rows[:end]))
            except (tomllib.TOMLDecodeError, RecursionError):
                continue
            if _holds(table, path):
                return start + 1
            break
    return 0


def _holds(value: Any, path: Path) -> bool:
    for key in path:
        if isinstance(key, int):
            if not isinstance(value, list) or key >= len(value):
                return False
        elif not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True
