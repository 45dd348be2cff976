"""The variables of a pretended shell: values, export marks, and what is no longer known."""

from __future__ import annotations

from glance_audit.environment.variable import Variable
from glance_audit.files import Place
from glance_audit.record import NamedTuple


class Snapshot(NamedTuple):
    """The state at one moment."""

    variables: dict[str, Variable]
    pending: dict[str, bool]
    export_all: bool | None


class State:
    """Variables while a file is read.

    ``export_all`` is ``set -a``, None when only one of two branches said it. ``unsure`` is true
    once something may have set any variable.
    """

    def __init__(self, variables: dict[str, Variable]) -> None:
        self.variables = variables
        self.export_all: bool | None = False
        self.unsure = False
        self.place = Place("")  # of what is being evaluated
        self._pending: dict[str, bool] = {}  # exported by name; False: perhaps

    def value_of(self, name: str) -> tuple[bool | None, str | None]:
        """Return whether a variable is set and its value; a None is "not known"."""
        variable = self.variables.get(name)
        if variable is not None:
            # an unknown value may also stand for a variable that is not set
            return (None, None) if variable.value is None else (True, variable.value)
        return (None, None) if self.unsure else (False, None)

    def assign(self, name: str, value: str | None) -> None:
        """Set a variable at the present place; an unknown export mark makes it unknown."""
        old = self.variables.pop(name, None)
        mark = self._pending.get(name)
        exported = self.export_all is True or mark is True
        if not exported and mark is None:
            exported = old is not None and old.exported
        if not exported and (self.export_all is None or mark is False):
            exported, value = True, None
            self._pending[name] = False
        self.variables[name] = Variable(name, value, exported, self.place)

    def doubt(self, name: str) -> None:
        """Something that is not followed may have set, exported or unset a variable."""
        self._pending[name] = False
        self.assign(name, None)

    def export(self, name: str) -> None:
        """Mark a variable, or the name for when it gets a value."""
        self._pending[name] = True
        old = self.variables.get(name)
        if old is not None:
            self.variables[name] = Variable(name, old.value, True, old.place)

    def unset(self, name: str) -> None:
        """Remove a variable and its mark."""
        self.variables.pop(name, None)
        self._pending.pop(name, None)

    def lose_all(self) -> None:
        """Something may have set any variable: none is known any more."""
        self.unsure = True
        self.variables = {
            name: Variable(name, None, variable.exported, variable.place)
            for name, variable in self.variables.items()
        }

    def snapshot(self) -> Snapshot:
        """Return the present state, safe from later changes."""
        return Snapshot(dict(self.variables), dict(self._pending), self.export_all)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back, or over to another branch."""
        self.variables = dict(snapshot.variables)
        self._pending = dict(snapshot.pending)
        self.export_all = snapshot.export_all

    def merge(self, other: Snapshot) -> None:
        """Keep what this state and another way of running agree on."""
        merged: dict[str, Variable] = {}
        doubtful = []
        for name in [*self.variables, *(n for n in other.variables if n not in self.variables)]:
            both = [v for v in (self.variables.get(name), other.variables.get(name)) if v]
            first, last = both[0], both[-1]
            same = (first.value, first.exported) == (last.value, last.exported)
            if len(both) == 2 and same:
                merged[name] = first
                continue
            exported = any(variable.exported for variable in both)
            merged[name] = Variable(name, None, exported, first.place)
            if exported and (len(both) == 1 or first.exported is not last.exported):
                doubtful.append(name)
        self.variables = merged
        names = self._pending.keys() | other.pending.keys()
        self._pending = {
            name: self._pending.get(name, False) and other.pending.get(name, False)
            for name in names
        }
        self._pending.update(dict.fromkeys(doubtful, False))
        if self.export_all is not other.export_all:
            self.export_all = None
