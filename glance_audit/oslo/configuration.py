"""One oslo.config configuration: the settings of all its files, in the order they count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from glance_audit.oslo import value
from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glance_audit.files import Place, Problem

# string.Template as oslo_config.cfg.ConfigOpts.Template narrows it; names ignore case there.
_REFERENCE = re.compile(
    r"\$(?:(?P<escaped>\$)|(?P<named>[_a-z][._a-z0-9]*)|\{(?P<braced>[_a-z][._a-z0-9]*)\})",
    re.IGNORECASE,
)
_DEPTH = 20


class Setting(NamedTuple):
    """One assignment.

    ``section`` and ``name`` are as written. ``value`` is what oslo.config keeps: stripped, one
    pair of matching quotes removed, continuation lines joined with a newline. ``place`` runs from
    the first character of the name to the end of the value, ``value_place`` is the value alone,
    without quotes, and has no width when the value is empty.
    """

    section: str
    name: str
    value: str
    place: Place
    value_place: Place


class OsloConfig(NamedTuple):
    """Several files read as one configuration; what comes later wins.

    ``files`` are those that were read, ``settings`` stand in file order. ``section_places`` maps
    the normal form of a section name (see :func:`normal_section`) to its first header line.
    """

    files: tuple[str, ...]
    settings: tuple[Setting, ...]
    problems: tuple[Problem, ...]
    section_places: Mapping[str, Place]

    def all(self, section: str, name: str) -> tuple[Setting, ...]:
        """Return every assignment of an option, first to last, as a MultiOpt takes them.

        ``name`` is compared exactly: oslo.config looks for the underscore form and for nothing
        else, so ``bind-port`` in a file sets nothing. Sections ignore case, except DEFAULT.
        """
        wanted = normal_section(section)
        return tuple(
            setting
            for setting in self.settings
            if setting.name == name and normal_section(setting.section) == wanted
        )

    def last(self, section: str, name: str) -> Setting | None:
        """Return the assignment that counts for a single-valued option."""
        found = self.all(section, name)
        return found[-1] if found else None

    def boolean(self, section: str, name: str, default: bool) -> bool:
        """Return a BoolOpt's value; the default when it is unset or not a truth value."""
        text = self._text(section, name)
        found = None if text is None else value.boolean(text)
        return default if found is None else found

    def integer(self, section: str, name: str, default: int) -> int:
        """Return an IntOpt's value; the default when it is unset, blank or not a number."""
        text = self._text(section, name)
        found = None if text is None else value.integer(text)
        return default if found is None else found

    def list(self, section: str, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a ListOpt's items; the default when it is unset."""
        text = self._text(section, name)
        return default if text is None else value.listing(text)

    def bounded(self, section: str, name: str) -> tuple[str, ...] | None:
        """Return the items of a list that stands in brackets; None: unset, or refused."""
        text = self._text(section, name)
        return None if text is None else value.bounded_listing(text)

    def pairs(self, section: str, name: str) -> tuple[tuple[str, str], ...]:
        """Return a DictOpt's pairs (enabled_backends); none when it is unset or refused."""
        text = self._text(section, name)
        return () if text is None else value.pairs(text) or ()

    def followed_by(self, other: OsloConfig) -> OsloConfig:
        """Return both as one configuration, in which ``other`` wins."""
        return OsloConfig(
            self.files + other.files,
            self.settings + other.settings,
            self.problems + other.problems,
            {**other.section_places, **self.section_places},
        )

    def expanded(self, setting: Setting) -> str | None:
        """Return a value with its ``$name`` and ``${group.name}`` references replaced.

        None when a reference names an option that no file sets: its default is the service's.
        """
        return self._expand(setting.value, setting.section, 0)

    def _text(self, section: str, name: str) -> str | None:
        setting = self.last(section, name)
        if setting is None:
            return None
        expanded = self.expanded(setting)
        return setting.value if expanded is None else expanded

    def _expand(self, text: str, section: str, depth: int) -> str | None:
        if "$" not in text:
            return text
        if depth > _DEPTH:
            return None
        done = []
        start = 0
        text = text.replace("\\$", "$$")
        for match in _REFERENCE.finditer(text):
            done.append(text[start : match.start()])
            start = match.end()
            if match["escaped"]:
                done.append("$")
                continue
            found = self._referenced(match["named"] or match["braced"], section)
            if found is None:
                return None
            replaced = self._expand(found.value, found.section, depth + 1)
            if replaced is None:
                return None
            done.append(replaced)
        return "".join(done) + text[start:]

    def _referenced(self, name: str, section: str) -> Setting | None:
        group, dot, option = name.partition(".")
        if dot:
            return self.last(group, option)
        return self.last(section, name) or self.last("DEFAULT", name)


def normal_section(name: str) -> str:
    """Return the form in which oslo.config compares sections: lower case, but for DEFAULT."""
    return name if name == "DEFAULT" else name.lower()
