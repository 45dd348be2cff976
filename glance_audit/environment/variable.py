"""Variables of an environment, and what is known of their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glance_audit.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glance_audit.files import Place, Problem


class Variable(NamedTuple):
    """One variable after the whole file was read.

    ``value`` is None when it cannot be known without running something. ``place`` is the
    assignment that gave the value, from the name to the end of the value; a variable that came
    from outside has line 0 of the file it was handed to.
    """

    name: str
    value: str | None
    exported: bool
    place: Place


class Environment(NamedTuple):
    """What a file leaves behind.

    ``problems`` are faults and the stretches that were not understood (those are not fatal: the
    shell understands them). ``files`` are all that were read, those that were sourced as well.
    ``unsure`` is true when the reading broke off, a sourced file is missing, or something that was
    not understood may have set any variable at all (those set before it are unknown then).
    """

    variables: Mapping[str, Variable]
    problems: tuple[Problem, ...]
    files: tuple[str, ...] = ()
    unsure: bool = False

    def get(self, name: str) -> Variable | None:
        """Return a variable, None when it is not set."""
        return self.variables.get(name)

    def values(self) -> dict[str, str]:
        """Return what a child process gets and is known: exported variables with a value."""
        return {
            name: variable.value
            for name, variable in self.variables.items()
            if variable.exported and variable.value is not None
        }
