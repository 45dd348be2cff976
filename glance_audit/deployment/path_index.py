"""Which of many path prefixes and patterns take a request, without trying each of them."""

from __future__ import annotations

import re

from glance_audit.apache import Directive
from glance_audit.deployment.pattern import (
    has_wildcard,
    literal_prefix,
    pattern_matches,
    wildcard_matches,
)
from glance_audit.record import NamedTuple

# Patterns tried for one request; whether a further one takes it is not known.
_MOST_TRIES = 200


class Match(NamedTuple):
    """One directive that takes a request: ``certain`` False when that depends on the request."""

    order: int
    directive: Directive
    certain: bool


class PathIndex:
    """Directives by the paths they are for, in the order of the configuration.

    Of those for one and the same path only one counts: the first, or with ``last`` the last.
    """

    __slots__ = ("_any", "_last", "_longest", "_next", "_plain", "_possible", "_regular", "_wild")

    def __init__(self, *, last: bool = False) -> None:
        self._last = last
        self._next = 0
        self._longest = 0
        self._plain: dict[str, Match] = {}
        self._possible: dict[str, Match] = {}
        # Regular expressions by the text they start with, wildcards by the same.
        self._regular: dict[str, list[tuple[str, Match]]] = {}
        self._wild: dict[str, list[tuple[str, Match]]] = {}
        self._any: list[Match] = []

    def add_prefix(self, path: str, directive: Directive, *, certain: bool = True) -> None:
        """Add a prefix that ends at a path segment."""
        table = self._plain if certain else self._possible
        if self._last or path not in table:
            table[path] = self._match(directive, certain)

    def add_pattern(self, pattern: str, directive: Directive, *, certain: bool = True) -> None:
        """Add a regular expression."""
        anchored = pattern.startswith("^/") and "|" not in pattern
        self._keep(
            self._regular, literal_prefix(pattern) if anchored else "", pattern, directive, certain
        )

    def add_wildcard(self, pattern: str, directive: Directive, *, certain: bool = True) -> None:
        """Add a section's wildcard, which has to take the whole path."""
        start = re.split(r"[*?\[\\]", pattern, maxsplit=1)[0]
        self._keep(self._wild, start, pattern, directive, certain)

    def add_any(self, directive: Directive, *, certain: bool = True) -> None:
        """Add a directive for every request."""
        if self._last and certain:
            self._any = [one for one in self._any if not one.certain]
        if self._last or len(self._any) < _MOST_TRIES:
            self._any.append(self._match(directive, certain))

    def matching(self, uri: str) -> list[Match]:
        """Return who takes a request, who comes first at the head."""
        found = [*self._any]
        for table in (self._plain, self._possible):
            if table:
                found += [table[key] for key in _prefixes(uri) if key in table]
        tries = 0
        for patterns in (self._regular, self._wild):
            for length in range(min(len(uri), self._longest) + 1) if patterns else ():
                for pattern, match in patterns.get(uri[:length], ()):
                    tries += 1
                    taken = (
                        None
                        if tries > _MOST_TRIES
                        else _takes(patterns is self._wild, pattern, uri)
                    )
                    if taken is not False:
                        found.append(match._replace(certain=match.certain and bool(taken)))
                    if tries > _MOST_TRIES:
                        break
        found.sort(key=lambda match: match.order, reverse=self._last)
        return found

    def _match(self, directive: Directive, certain: bool) -> Match:
        self._next += 1
        return Match(self._next, directive, certain)

    def _keep(
        self,
        table: dict[str, list[tuple[str, Match]]],
        start: str,
        pattern: str,
        directive: Directive,
        certain: bool,
    ) -> None:
        self._longest = max(self._longest, len(start))
        table.setdefault(start, []).append((pattern, self._match(directive, certain)))


def _takes(wild: bool, pattern: str, uri: str) -> bool | None:
    return wildcard_matches(pattern, uri, path=True) if wild else pattern_matches(pattern, uri)


def _prefixes(uri: str) -> list[str]:
    """Return the prefixes of a path that end at a segment, each without and with its slash."""
    found = []
    at = uri.find("/")
    while at >= 0:
        found += [uri[:at], uri[: at + 1]]
        at = uri.find("/", at + 1)
    return [*found, uri] if not uri.endswith("/") else found


def add_section(
    index: PathIndex, section: Directive, directive: Directive, *, certain: bool = True
) -> None:
    """Add a directive for the requests that a ``<Location>`` or ``<LocationMatch>`` takes."""
    words = section.words
    if not words:
        return
    path = words[0].text
    if section.key == "locationmatch":
        index.add_pattern(path, directive, certain=certain)
    elif path == "~" and len(words) > 1:
        index.add_pattern(words[1].text, directive, certain=certain)
    elif has_wildcard(path):
        index.add_wildcard(path, directive, certain=certain)
    else:
        index.add_prefix(path, directive, certain=certain)
