"""Versions as ranges: what is not known is a span, never a guess."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from enum import Enum

from glance_audit.record import NamedTuple

Version = tuple[int, ...]

_OPEN = 999  # the end of a series: 33.999 is the last of release 33


class Holds(Enum):
    """Whether a condition holds on a version range: on all of it, on part of it, on none."""

    ALL = "all"
    PART = "part"
    NONE = "none"


class VersionRange(NamedTuple):
    """Every version from ``first`` to ``last``, both included, and where that is known from.

    ``source`` is "unknown" for the whole span the tool knows about, "option" when the operator
    said so, or the file that told.
    """

    first: Version
    last: Version
    source: str = "unknown"

    @property
    def known(self) -> bool:
        """Whether the range was narrowed by evidence."""
        return self.source != "unknown"

    def holds(self, since: Version | None = None, before: Version | None = None) -> Holds:
        """Say on how much of the range ``since <= version < before`` is true."""
        low_in = since is None or _cut(self.first, since, 0) >= since
        high_in = before is None or _cut(self.last, before, _OPEN) < before
        if low_in and high_in:
            return Holds.ALL
        if since is not None and _cut(self.last, since, _OPEN) < since:
            return Holds.NONE
        if before is not None and _cut(self.first, before, 0) >= before:
            return Holds.NONE
        return Holds.PART

    def __str__(self) -> str:
        first, last = format_version(self.first), format_version(self.last)
        return first if first == last else f"{first} to {last}"


def _cut(version: Version, bound: Version, missing: int) -> Version:
    """Bring a version to a bound's precision: 2.4.71 against 2.4 is 2.4.

    What is missing is ``missing``: a range from 2.4 to 2.4 holds every 2.4.x.
    """
    return (version + (missing,) * len(bound))[: len(bound)]


class Release(NamedTuple):
    """One Glance release: its major number, its names and the oldest Python it runs on."""

    number: int
    names: tuple[str, ...]
    python: Version

    @property
    def title(self) -> str:
        """The number with the name people know, such as ``20 (Ussuri)``."""
        name = self.names[0]
        return f"{self.number} ({name if name[0].isdigit() else name.capitalize()})"


class Advice(Enum):
    """What a release's own documentation advises about Glance under a web server."""

    AGAINST = "against"
    STANDALONE = "standalone"
    FOR = "for"


class Verdict(NamedTuple):
    """What the documentation of the releases ``since`` to ``before`` (excluded) says of WSGI.

    ``says`` is a clause that a message can quote, ``source`` where it is written.
    """

    since: Version
    before: Version | None
    advice: Advice
    says: str
    source: str


class UnknownVersion(ValueError):
    """A release or version name nobody knows; the message lists what is understood."""


class Releases(NamedTuple):
    """The Glance releases known to this version of the tool, oldest first.

    ``verdicts`` are what their documentation says of WSGI, one after the other without a gap.
    """

    all: tuple[Release, ...]
    verdicts: tuple[Verdict, ...] = ()

    def whole(self) -> VersionRange:
        """Return the span of every known release."""
        return VersionRange((self.all[0].number,), (self.all[-1].number, _OPEN))

    def parse(self, text: str, source: str) -> VersionRange:
        """Read ``ussuri``, ``2025.2``, ``33``, ``25.1.0`` as a range.

        Raises:
            UnknownVersion: no such release.
        """
        wanted = text.strip().lower()
        for release in self.all:
            if wanted in release.names or wanted == str(release.number):
                return VersionRange((release.number,), (release.number, _OPEN), source)
        version = parse_version(wanted)
        if version is not None and len(version) > 1 and self.find(version[0]):
            return VersionRange(version, version, source)
        first, last = self.all[0], self.all[-1]
        raise UnknownVersion(
            f"unknown Glance release {text!r}: use a number from {first.number} to {last.number} "
            f"or a name from {first.names[0]} to {last.names[0]}"
        )

    def find(self, number: int) -> Release | None:
        """Return the release with that major number."""
        return next((r for r in self.all if r.number == number), None)

    def titles(self, wanted: Callable[[Release], bool], span: VersionRange) -> tuple[str, ...]:
        """Return the titles of the releases in ``span`` that are wanted."""
        return tuple(
            release.title
            for release in self.all
            if span.first[0] <= release.number <= span.last[0] and wanted(release)
        )


def load_releases() -> Releases:
    """Read the release table shipped with the package."""
    path = os.path.join(os.path.dirname(__file__), "releases.json")
    with open(path, encoding="utf-8") as stream:
        table = json.load(stream)
    return Releases(
        tuple(
            Release(row["number"], tuple(row["names"]), parse_version(row["python"]) or ())
            for row in table["releases"]
        ),
        tuple(
            Verdict(
                parse_version(row["since"]) or (),
                parse_version(row["before"]) if row["before"] is not None else None,
                Advice(row["advice"]),
                row["says"],
                row["source"],
            )
            for row in table["documentation"]
        ),
    )


def parse_version(text: str) -> Version | None:
    """Read the leading dotted number of ``2.4.57-1~deb12u1``; None when there is none."""
    match = re.match(r"(?:[0-9]{1,9}:)?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})(?![0-9])", text)
    return tuple(int(part) for part in match[1].split(".")) if match else None


def format_version(version: Version) -> str:
    """Write a version; the open end of a release (``33.999``) is its major number."""
    return ".".join(str(part) for part in version if part != _OPEN)
