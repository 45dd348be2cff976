"""The resolved configuration of one Apache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from glance_audit.apache.directive import Directive
from glance_audit.apache.modules import LoadedModule
from glance_audit.files import Place, Problem


@dataclass(frozen=True, slots=True)
class Definition:
    """One ``Define`` that was carried out; Apache leaves no trace of it in the tree."""

    name: str
    value: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class ApacheConfig:
    """What Apache sees after its reading phase.

    ``problems`` are the faults met while reading; the tree holds what could be read all the same.
    ``defines`` maps every name that is defined at the end to its value, empty when it has none.
    ``files`` are the files read, in first-read order. ``compiled`` are the built-in modules.
    """

    server_root: str
    main_file: str
    directives: tuple[Directive, ...]
    problems: tuple[Problem, ...]
    modules: tuple[LoadedModule, ...]
    defines: Mapping[str, str]
    definitions: tuple[Definition, ...]
    files: tuple[str, ...]
    compiled: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether Apache would not start because of what it read."""
        return any(problem.fatal for problem in self.problems)

    def walk(self) -> Iterator[Directive]:
        """Yield every directive, depth first, in order."""
        pending = list(reversed(self.directives))
        while pending:
            directive = pending.pop()
            yield directive
            pending.extend(reversed(directive.children))

    def module_loaded(self, identifier: str) -> bool:
        """Whether a module is compiled in or was loaded; ``identifier`` as in LoadModule."""
        return identifier in self.compiled or any(
            module.identifier == identifier for module in self.modules
        )
