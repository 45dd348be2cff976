"""The versions at which something changed, each with its source: data, not numbers in rules."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from glance_audit.deployment.versions import Version, parse_version
from glance_audit.record import NamedTuple


class Milestone(NamedTuple):
    """The first version of a program (``glance``, ``httpd``, ``uwsgi``) for which ``what`` is true.

    A major number alone is the whole release. ``source`` is the commit, tag or change log.
    """

    name: str
    program: str
    version: Version
    what: str
    source: str


class Milestones(NamedTuple):
    """The milestones by name; an unknown name is a KeyError, for it is a fault of the caller."""

    by_name: Mapping[str, Milestone]

    def bounds(
        self, since: str | None, before: str | None
    ) -> tuple[Version | None, Version | None]:
        """Return the version of each of two milestones, None where none is named."""
        return (
            self.by_name[since].version if since is not None else None,
            self.by_name[before].version if before is not None else None,
        )

    def program(self, since: str | None, before: str | None) -> str:
        """Return whose milestones they are.

        Raises:
            ValueError: they are of different programs, or none is named.
        """
        programs = {self.by_name[name].program for name in (since, before) if name is not None}
        if len(programs) != 1:
            raise ValueError(f"milestones of one program are needed: {since!r}, {before!r}")
        return programs.pop()


def load_milestones() -> Milestones:
    """Read the table shipped with the package."""
    path = os.path.join(os.path.dirname(__file__), "milestones.json")
    with open(path, encoding="utf-8") as stream:
        table = json.load(stream)
    found = (
        Milestone(
            row["name"],
            row["program"],
            parse_version(row["version"]) or (),
            row["what"],
            row["source"],
        )
        for row in table["milestones"]
    )
    return Milestones({one.name: one for one in found})
