"""The resolved configuration of one Apache."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from glance_audit.apache.directive import Directive
from glance_audit.apache.modules import LoadedModule
from glance_audit.apache.remark import StrayFile, UndefinedVariable
from glance_audit.files import Place, Problem
from glance_audit.record import NamedTuple


class Definition(NamedTuple):
    """One ``Define`` that was carried out; Apache leaves no trace of it in the tree."""

    name: str
    value: str | None
    place: Place


class Directives:
    """Every directive of a configuration, inside sections too, in the order of the files."""

    __slots__ = ("_by_key", "every")

    def __init__(self, every: Sequence[Directive]) -> None:
        self.every = every
        by_key: defaultdict[str, list[int]] = defaultdict(list)
        for index, directive in enumerate(every):
            by_key[directive.key].append(index)
        self._by_key: Mapping[str, list[int]] = dict(by_key)

    def of(self, *keys: str) -> list[Directive]:
        """Return the directives and sections of some names, given in lower case."""
        found = [index for key in keys for index in self._by_key.get(key, ())]
        if len(keys) > 1:
            found.sort()
        return [self.every[index] for index in found]

    @property
    def keys(self) -> frozenset[str]:
        """The names that occur, in lower case."""
        return frozenset(self._by_key)


class ApacheConfig(NamedTuple):
    """What Apache sees after its reading phase.

    ``directives`` are those of the top level, ``all`` those of every level.
    ``problems`` are the faults met while reading; the tree holds what could be read all the same.
    ``used`` are the defined names, in lower case, that a ``${}`` stood for.
    ``defines`` maps every name that is defined at the end to its value, empty when it has none.
    ``files`` are the files read, in first-read order. ``compiled`` are the built-in modules.
    ``undefined`` are the ``${}`` without a value, ``strays`` the backups that an Include took in.
    """

    server_root: str
    main_file: str
    directives: tuple[Directive, ...]
    all: Directives
    problems: tuple[Problem, ...]
    modules: tuple[LoadedModule, ...]
    defines: Mapping[str, str]
    definitions: tuple[Definition, ...]
    used: frozenset[str]
    files: tuple[str, ...]
    compiled: tuple[str, ...]
    undefined: tuple[UndefinedVariable, ...] = ()
    strays: tuple[StrayFile, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether Apache would not start because of what it read."""
        return any(problem.fatal for problem in self.problems)

    def module_loaded(self, identifier: str) -> bool:
        """Whether a module is compiled in or was loaded; ``identifier`` as in LoadModule."""
        return identifier in self.compiled or any(
            module.identifier == identifier for module in self.modules
        )
