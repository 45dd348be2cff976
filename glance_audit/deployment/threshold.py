"""The numbers below or above which something is called wrong, each with where it comes from."""

from __future__ import annotations

import json
import os

from glance_audit.record import NamedTuple


class Threshold(NamedTuple):
    """One number that an operator can set: ``--`` and its name is the option."""

    name: str
    value: int
    unit: str
    what: str
    source: str


class Thresholds(NamedTuple):
    """The numbers shipped with the tool, in the order of ``thresholds.json``."""

    all: tuple[Threshold, ...]

    def value(self, name: str) -> int:
        """Return a threshold's number.

        Raises:
            KeyError: there is none of that name.
        """
        for one in self.all:
            if one.name == name:
                return one.value
        raise KeyError(name)


def load_thresholds() -> Thresholds:
    """Read the table shipped with the package."""
    path = os.path.join(os.path.dirname(__file__), "thresholds.json")
    with open(path, encoding="utf-8") as stream:
        table = json.load(stream)
    return Thresholds(tuple(Threshold(**row) for row in table["thresholds"]))
