"""Which plugins a uWSGI has: it decides which options exist."""

from __future__ import annotations

import posixpath

from glance_audit.files import FileSource, Kind, Unreadable
from glance_audit.uwsgi.facts import HostFacts
from glance_audit.uwsgi.options import OptionFact

DIRECTORIES = ("/usr/lib/uwsgi/plugins", "/usr/lib64/uwsgi")
_SUFFIX = "_plugin.so"
_BLANKS = " \t\r\n"


class Plugins:
    """The plugins that are there so far; an answer of None means that the files do not tell."""

    def __init__(self, source: FileSource, cwd: str, facts: HostFacts) -> None:
        self._source = source
        self._cwd = cwd
        self._embedded = facts.embedded_plugins
        self._version = (facts.version or "").partition("-")[0]
        self._loaded: set[str] = set()
        self._directories: list[str] = []

    def search(self, directory: str) -> None:
        """Add a directory of ``plugins-dir``."""
        self._directories.append(directory)

    def load(self, names: str) -> list[str]:
        """Load the plugins of a list with commas; return those that certainly are not there.

        A plugin file is never opened, only looked for.
        """
        missing = []
        for part in names.split(","):
            name = part.strip(_BLANKS).partition("|")[0].rpartition(":")[2]
            if not name:
                continue
            found = self._find(name)
            if found is not False:
                self._loaded.add(_family(name))
            else:
                missing.append(name)
        return missing

    def has(self, name: str) -> bool | None:
        """Whether a plugin is there."""
        if name in self._loaded or (self._embedded is not None and name in self._embedded):
            return True
        return None if self._embedded is None else False

    def offers(self, fact: OptionFact | None) -> bool | None:
        """Whether this uWSGI knows an option."""
        if fact is None:
            return False
        if self._version in fact.versions or (not self._version and fact.released):
            return True if fact.plugin == "core" else self.has(fact.plugin)
        return bool(self._version) and fact.released and None

    def _find(self, name: str) -> bool | None:
        file = name if name.endswith(_SUFFIX) else name + _SUFFIX
        if "/" in file:
            return self._source.kind(posixpath.join(self._cwd, file)) is not Kind.MISSING
        places = [*self._directories, *DIRECTORIES]
        if any(
            self._source.kind(posixpath.join(self._cwd, place, file)) is not Kind.MISSING
            for place in places
        ):
            return True
        if self._embedded is None or not any(self._listed(place) for place in places):
            return None
        return False

    def _listed(self, place: str) -> bool:
        try:
            return bool(self._source.names(posixpath.join(self._cwd, place)))
        except Unreadable:
            return False


def _family(name: str) -> str:
    """Return the plugin behind a file: python3 and python311_plugin.so are the python plugin."""
    base = posixpath.basename(name).removesuffix(_SUFFIX)
    return "python" if base.startswith("python") else base
