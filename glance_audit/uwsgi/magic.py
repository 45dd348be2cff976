"""The magic variables: ``%`` and one character, replaced in the whole text of a file."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from glance_audit.uwsgi.facts import HostFacts

# Upper-case twins keep what the first file given with --ini set (config_magic_table_fill).
_FIRST_FILE = ("o", "d", "s", "p", "c", "e", "n", "x", "i", "j")
_DIGITS = "0123456789"


class MagicTable:
    """What each character after ``%`` stands for while one configuration is read.

    Every character not in the table stands for nothing; ``None`` is a fact of the machine that
    nobody told, and its variable is left as it is written. Source: core/uwsgi.c
    (config_magic_table_fill, uwsgi_setup) and core/utils.c (init_magic_table).
    """

    def __init__(self, facts: HostFacts, cwd: str, *, first_file_counts: bool) -> None:
        self._values: dict[str, str | None] = {
            "%": "%",
            "(": "%(",
            "[": "\033",
            "v": cwd,
            "V": facts.version,
            "h": facts.hostname,
            "k": _text(facts.cpus),
            "t": _text(facts.time),
            "T": _text(facts.microseconds),
            "u": _text(facts.uid),
            "U": facts.user,
            "g": _text(facts.gid),
            "G": facts.group,
        }
        self._binary = facts.binary
        self._open = first_file_counts

    @property
    def values(self) -> Mapping[str, str | None]:
        """The table as it stands now."""
        return self._values

    def enter(self, name: str, path: str | None, section: str, *, first_file: bool) -> None:
        """Fill the table for a file.

        ``name`` is the file as it was asked for, ``path`` its full path with links followed unless
        the file itself is one, or None to keep the file of before (``:section``); ``first_file``
        tells that it may set the upper-case variables (not so with ``include`` and ``inherit``).
        """
        values = self._values
        values["o"] = name
        if path is not None:
            self._fill(path)
        values["x"] = section
        if self._open and first_file:
            self._open = False
            for letter in _FIRST_FILE:
                values[letter.upper()] = values.get(letter, "")

    def _fill(self, path: str) -> None:
        base = path[path.rfind("/") + 1 :]
        directory = path[: len(path) - len(base)]
        stem, dot, extension = base.rpartition(".")
        bare = directory[:-1]
        self._values |= {
            "b": self._binary,
            "p": path,
            "j": _hash(path),
            "i": None,  # the inode
            "s": base,
            "d": directory,
            "c": posixpath.basename(bare),
            "e": extension if dot else "",
            "n": stem if dot else base,
        }
        parts = [part for part in bare.split("/") if part]
        for digit, part in zip(_DIGITS, [*parts, *[""] * 10], strict=False):
            self._values[digit] = part


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _hash(path: str) -> str:
    """djb33x over signed characters, as eight hexadecimal digits in memory order (x86, ARM)."""
    number = 5381
    for byte in path.encode("utf-8", "surrogateescape"):
        signed = byte - 256 if byte > 127 else byte
        number = ((number * 33) ^ signed) & 0xFFFFFFFF
    return number.to_bytes(4, "little").hex().upper()
