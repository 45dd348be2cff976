"""Which deployment a changed file belongs to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from glance_audit.audit.paths import SYSTEM_SIGNS

# What a directory has in it: a system's, a server's of Debian or Red Hat, any other server's.
_SURROUNDINGS = (SYSTEM_SIGNS, ("/apache2.conf", "/conf/httpd.conf"), ("/httpd.conf",))
_MOST = 1024 * 1024  # bytes of a lone file that are looked at
# What tells a lone file for one of Apache's, uWSGI's or Glance's, by its words or its name.
_SIGNS = re.compile(
    rb"^[ \t]*(?:(?:<VirtualHost|ProxyPass(?:Match)?|WSGIScriptAlias(?:Match)?|LoadModule)[ \t]"
    rb"|\[uwsgi\]|uwsgi:)|<uwsgi[ \t\r\n>]|\"uwsgi\"[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_ENDINGS = (".conf", ".ini", ".yaml", ".yml", ".json", ".xml")
_NAMES = frozenset({"glance-api.conf"})


def deployments_of(files: Iterable[str], top: str) -> list[tuple[str, ...]]:
    """Return the paths of each deployment that files belong to, as an audit takes them.

    A file belongs to the system around it, the directory with an ``etc/apache2`` or the like in it;
    else to the server's directory around it; both the nearest, and none above ``top``. What stands
    outside of these belongs with the files beside it, changed or not, when its words or its name
    tell that it is one of ours, and theirs do; the rest belongs nowhere. ``files`` and the paths
    are relative to ``top``.
    """
    found: dict[str, list[str]] = {}
    for file in map(os.path.normpath, files):
        directories = list(_around(file))
        around = next(
            filter(None, (_nearest(directories, signs, top) for signs in _SURROUNDINGS)), None
        )
        if around is not None:
            found[around] = [around]
        elif _is_ours(os.path.join(top, file)):
            beside = found.setdefault(os.path.join(os.path.dirname(file), "*"), [])
            beside += [] if beside else _beside(file, top)
            beside += [] if file in beside else [file]
    return [tuple(paths) for paths in found.values()]


def among(files: Iterable[str], paths: Sequence[str], top: str) -> bool:
    """Tell whether a file is one of the paths, or below one, by its own name or a link's."""
    places = {spelled for path in paths for spelled in _spelled(os.path.join(top, path))}
    return any(
        spelled == place or spelled.startswith(place.rstrip("/") + "/")
        for file in files
        for spelled in _spelled(os.path.join(top, file))
        for place in places
    )


def _spelled(path: str) -> set[str]:
    return {os.path.normpath(path), os.path.realpath(path)}


def _around(file: str) -> Iterator[str]:
    """Yield the directories around a file, the nearest first, ``.`` last, and never ``/``."""
    at = os.path.dirname(os.path.normpath(file))
    while at not in ("", "/"):
        yield at
        at = os.path.dirname(at)
    if not at:
        yield "."


def _nearest(directories: Sequence[str], signs: Sequence[str], top: str) -> str | None:
    """Return the first directory in which one of the signs is."""
    for directory in directories:
        base = os.path.join(top, directory)
        if any(os.path.exists(base + sign) for sign in signs):
            return directory
    return None


def _beside(file: str, top: str) -> list[str]:
    """Return the files of a file's directory that are ours by their words or names."""
    directory = os.path.dirname(file)
    try:
        names = sorted(os.listdir(os.path.join(top, directory)))
    except OSError:
        return []
    paths = (os.path.join(directory, name) for name in names if name.endswith(_ENDINGS))
    return [path for path in paths if _is_ours(os.path.join(top, path))]


def _is_ours(path: str) -> bool:
    if os.path.basename(path) in _NAMES:
        return True
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return _SIGNS.search(file.read(_MOST)) is not None
    except OSError:
        return False
