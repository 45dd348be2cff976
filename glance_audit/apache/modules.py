"""Modules: which are loaded, by identifier and by source name, and which directives they bring."""

from __future__ import annotations

import json
import os

from glance_audit.apache.words import lower_case
from glance_audit.files import Place
from glance_audit.record import NamedTuple

# Compiled into Debian's binary (apache2 -l, and the identifiers of -D DUMP_MODULES).
DEBIAN_STATIC = (
    "core_module", "so_module", "watchdog_module", "http_module", "log_config_module",
    "logio_module", "version_module", "unixd_module",
)  # fmt: skip

# Source names that do not follow from the identifier.
_SOURCES = {
    "core_module": "core.c",
    "http_module": "http_core.c",
    "mpm_event_module": "event.c",
    "mpm_worker_module": "worker.c",
    "mpm_prefork_module": "prefork.c",
    "ldap_module": "util_ldap.c",
    "php_module": "mod_php.c",
    "php5_module": "mod_php5.c",
    "php7_module": "mod_php7.c",
}


class LoadedModule(NamedTuple):
    """One LoadModule: the identifier, the path as written, the directive's place."""

    identifier: str
    path: str
    place: Place


def source_name(identifier: str) -> str:
    """Return the name of a module's main source file, which IfModule accepts too."""
    known = _SOURCES.get(identifier)
    return known or f"mod_{identifier.removesuffix('_module')}.c"


class Modules:
    """The modules loaded so far. ``assumed``: every module counts as loaded (a lone fragment)."""

    def __init__(self, compiled: tuple[str, ...], *, assumed: bool = False) -> None:
        self.loaded: list[LoadedModule] = []
        self._assumed = assumed
        self._names: set[str] = set()
        self._directives: dict[str, tuple[str, ...]] | None = None  # read when first needed
        for identifier in compiled:
            self._names |= {identifier, source_name(identifier)}

    def load(self, module: LoadedModule) -> None:
        """Carry out a LoadModule."""
        self.loaded.append(module)
        self._names |= {module.identifier, source_name(module.identifier)}

    def has(self, name: str) -> bool:
        """Whether IfModule finds the name; case matters."""
        return self._assumed or name in self._names

    def knows(self, directive: str, *, section: bool) -> bool:
        """Whether a loaded module brings the directive, for IfDirective and IfSection."""
        if self._directives is None:
            self._directives = _directives()
        sources = self._directives.get(("<" if section else "") + lower_case(directive), ())
        return any(self.has(source) for source in sources)


def directive_names() -> frozenset[str]:
    """Return every directive of the modules that come with Apache, sections as ``<name``."""
    return frozenset(_directives())


def _directives() -> dict[str, tuple[str, ...]]:
    """Read the table of directives and the modules that bring them (``apache2 -L``)."""
    path = os.path.join(os.path.dirname(__file__), "directives.json")
    with open(path, encoding="utf-8") as stream:
        table = json.load(stream)
    found: dict[str, tuple[str, ...]] = {}
    for source, names in table["modules"].items():
        for name in names:
            found[name.lower()] = (*found.get(name.lower(), ()), source)
    return found
