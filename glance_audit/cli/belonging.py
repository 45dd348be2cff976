"""Which deployment a changed file belongs to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from glance_audit.audit.paths import SYSTEM_SIGNS
from glance_audit.uwsgi import UWSGI_ENDINGS, is_uwsgi_file

# What a server's directory has in it: of Debian or Red Hat, any other one.
_SERVER_SIGNS = (("/apache2.conf", "/conf/httpd.conf"), ("/httpd.conf",))
_MOST = 1024 * 1024  # bytes of a lone file that are looked at
# What tells a lone file for Apache's. Pages and templates show such lines, and are none.
_APACHE_ENDINGS = ("", ".conf", ".load", ".vhost")
_APACHE = re.compile(
    r"^[ \t]*(?:<VirtualHost|ProxyPass(?:Match)?|WSGIScriptAlias(?:Match)?|LoadModule)[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
_ENDINGS = (".conf", ".ini", ".yaml", ".yml", ".json", ".xml")
_NAMES = frozenset({"glance-api.conf"})
# uWSGI takes the block at any depth; deeper ones are mostly the values of a chart.
_YAML_ENDINGS = (".yaml", ".yml")
_YAML = re.compile(r"""^\ufeff?["']?uwsgi["']?[ \t]*:""", re.MULTILINE)


def deployments_of(files: Iterable[str], top: str) -> list[tuple[str, ...]]:
    """Return the paths of each deployment that files belong to, as an audit takes them.

    A file belongs to the system around it, the directory with an ``etc/apache2`` or the like in it;
    else to the server's directory around it; both the nearest, and none above ``top``. A server's
    directory elsewhere in a system, such as ``usr/local/apache2``, is audited with the system. What
    stands outside of these belongs with the files beside it, changed or not, when its words or its
    name tell that it is one of ours, and theirs do; the rest belongs nowhere. ``files`` and the
    paths are relative to ``top``.
    """
    found: dict[str, list[str]] = {}
    for file in map(os.path.normpath, files):
        paths = _surroundings(list(_around(file)), top)
        if paths:
            together = found.setdefault(paths[0], [])
        elif _is_ours(os.path.join(top, file)):
            together = found.setdefault(os.path.join(os.path.dirname(file), "*"), [])
            paths = (file,) if together else (*_beside(file, top), file)
        else:
            continue
        together += [path for path in dict.fromkeys(paths) if path not in together]
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


def _surroundings(directories: Sequence[str], top: str) -> tuple[str, ...]:
    """Return the system, the server's directory, or both, that the directories lead up to."""
    system = _nearest(directories, SYSTEM_SIGNS, top)
    server = next(
        filter(None, (_nearest(directories, signs, top) for signs in _SERVER_SIGNS)), None
    )
    if system is None or server is None:
        return tuple(filter(None, (system, server)))
    if directories.index(server) >= directories.index(system):
        return (system,)
    below = "/" + os.path.relpath(server, system)
    if any(below == place or below.startswith(place + "/") for place in SYSTEM_SIGNS):
        return (system,)  # the audit of a system begins there
    return (system, server)


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
    ending = os.path.splitext(path)[1]
    if ending not in (*_APACHE_ENDINGS, *UWSGI_ENDINGS):
        return False
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            text = file.read(_MOST).decode("utf-8", "surrogateescape")
    except OSError:
        return False
    if is_uwsgi_file(path, text):
        return ending not in _YAML_ENDINGS or _YAML.search(text) is not None
    return ending in _APACHE_ENDINGS and _APACHE.search(text) is not None
