"""The options uWSGI knows: a table made from the sources of its releases."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from glance_audit.record import NamedTuple

# As tools/compact_uwsgi_options.py packs them: four flags, then the kind of argument.
_REPEATABLE, _IMMEDIATE, _FORCES_MASTER, _RELEASED = 1, 2, 4, 8
_ARGUMENTS = ("required", "none", "optional")
_ARGUMENT_SHIFT = 4


class OptionFact(NamedTuple):
    """What uWSGI's option tables say of one name.

    ``plugin`` is ``core`` or the plugin that brings it; ``argument`` is ``required``, ``none`` or
    ``optional`` on the command line; ``value_type`` is a word such as ``int>=0``, ``bool``,
    ``list(socket)``; ``immediate`` options act while the file is read, before ``$()``, ``@()`` and
    ``%()`` are replaced; ``versions`` are those looked at that have it, and ``released`` is false
    when that is only the development branch.
    """

    name: str
    plugin: str
    argument: str
    value_type: str
    repeatable: bool
    immediate: bool
    forces_master: bool
    released: bool
    versions: tuple[str, ...]


class OptionTable:
    """All names of the looked-at versions; look-ups by exact name, as uWSGI does."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._plugins: list[str] = data["plugins"]
        self._types: list[str] = data["types"]
        self._versions: list[list[str]] = data["versions"]
        self._options: dict[str, list[int]] = data["options"]

    def __contains__(self, name: object) -> bool:
        return name in self._options

    def __iter__(self) -> Iterator[str]:
        return iter(self._options)

    def __len__(self) -> int:
        return len(self._options)

    def get(self, name: str) -> OptionFact | None:
        """Return what is known of an option, None when no version has it."""
        packed = self._options.get(name)
        if packed is None:
            return None
        plugin, value_type, versions, flags = packed
        return OptionFact(
            name,
            self._plugins[plugin],
            _ARGUMENTS[flags >> _ARGUMENT_SHIFT],
            self._types[value_type],
            bool(flags & _REPEATABLE),
            bool(flags & _IMMEDIATE),
            bool(flags & _FORCES_MASTER),
            bool(flags & _RELEASED),
            tuple(self._versions[versions]),
        )


def load_options() -> OptionTable:
    """Read the table that comes with the package."""
    path = os.path.join(os.path.dirname(__file__), "options.json")
    with open(path, encoding="utf-8") as stream:
        return OptionTable(json.load(stream))
