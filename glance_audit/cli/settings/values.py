"""The values of a settings file: their kinds, and what is said of those that are none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from glance_audit.cli.settings.document import Document, Path
from glance_audit.cli.settings.keys import LEFT_OUT, Key, Kind
from glance_audit.cli.status import Refused


class Values:
    """Reads the values of a document.

    ``trusted``: the file was named on the command line. ``places`` has, for what a message of the
    audit may begin with (an option, a path), what tells where the file says it.
    """

    def __init__(self, document: Document, cwd: str, *, trusted: bool) -> None:
        self.document = document
        self.trusted = trusted
        self.places: dict[str, Callable[[], str]] = {}
        self._cwd = cwd

    def value(self, path: Path, value: Any, key: Key) -> Any:
        """Return a value of the key's kind, its paths as seen from the working directory.

        Raises:
            Refused: it is of another kind.
        """
        if key.kind is Kind.TEXTS and isinstance(value, list):
            return [self._text((*path, at), one, key) for at, one in enumerate(value)]
        if key.kind is Kind.SWITCH and isinstance(value, bool):
            return value
        if key.kind is Kind.NUMBER and isinstance(value, int) and not isinstance(value, bool):
            return value
        if key.kind is Kind.TEXT:
            return self._text(path, value, key)
        raise self.odd(path, key)

    def _text(self, path: Path, value: Any, key: Key) -> str:
        if not isinstance(value, str) or not value:
            raise self.odd(path, key)
        if key.choices and value not in key.choices:
            raise self.wrong(path, unheard(value, key.choices))
        return self.from_here(value) if key.path else value

    def from_here(self, path: str) -> str:
        """Return a path of the file's, relative ones from the working directory on."""
        if os.path.isabs(path):
            return path
        return os.path.relpath(os.path.join(self.document.directory, path), self._cwd)

    def tables(
        self, name: str, value: Any, known: tuple[str, ...]
    ) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield the tables of a list and their paths.

        Raises:
            Refused: it is no list of tables, or one has a key that is not ``known``.
        """
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong((name,), f"write tables under the heading [[{name}]]")
        for at, table in enumerate(value):
            self.check_keys((name, at), table, known)
            yield (name, at), table

    def check_keys(self, path: Path, table: Mapping[str, Any], known: Iterable[str]) -> None:
        """Refuse a key that is not known, with the nearest that is."""
        names = tuple(known)
        for name in table:
            if name not in names:
                raise self.document.refuse((*path, name), unheard(name, names))

    def note(self, about: str, path: Path, name: str | None = None) -> None:
        """Note where the file says what a message begins with; the line is found when needed."""
        self.places[about] = lambda: f"{self.document.at(*path)}: {name or shown(path)}"

    def odd(self, path: Path, key: Key) -> Refused:
        """Return the refusal of a value of another kind."""
        return self.wrong(path, f"write {key.kind.value.format(key.example)}")

    def wrong(self, path: Path, message: str) -> Refused:
        """Return the refusal of what stands at a path."""
        return self.document.refuse(path, f"{shown(path)}: {message}")


def shown(path: Path) -> str:
    """Return a key as messages have it: ``overrides[1].ignore``, counted from 1."""
    name = ""
    for step in path:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name


def unheard(name: str, known: tuple[str, ...]) -> str:
    """Say that nothing has that name, and which one may be meant."""
    from difflib import get_close_matches

    left_out = LEFT_OUT.get(name.replace("-", "_"))
    if left_out is not None:
        return f"{name}: belongs on the command line: {left_out}"
    plain = name.lower().lstrip("-").replace("_", "-")
    close = [plain] if plain in known else get_close_matches(plain, known, n=1)
    meant = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
    return f"{name!r} is not known; {meant}"
