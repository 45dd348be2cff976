"""What the init script of Debian's uwsgi package starts: a daemon for each file in apps-enabled.

Each is given the package's own defaults before its file, and its name in two variables, so that its
socket is ``/run/uwsgi/app/NAME/socket`` unless the file says otherwise. Source: /etc/init.d/uwsgi
and /usr/share/uwsgi/init of uwsgi 2.0.21-5.1; ``tests/oracle/test_debian_init_live.py`` asks them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.deployment.uwsgi_start import UwsgiStart
from glance_audit.environment import read_envvars
from glance_audit.files import FileSource, Kind, Place, Unreadable
from glance_audit.uwsgi import Start, given, variable_options

SCRIPT = "/etc/init.d/uwsgi"
DEFAULTS = "/etc/default/uwsgi"
INHERITED = "INHERITED_CONFIG"
APPS = "/etc/uwsgi/apps-enabled"
NAMESPACE = "app"
_LOG = "/var/log/uwsgi"
# The options that the script reads a file with; of two files of one name the first of these is
# started. A data base is not read here.
_OPTIONS = {
    "db": None, "ini": "ini", "js": "json", "json": "json", "sqlite": None, "sqlite3": None,
    "xml": "xmlconfig", "yaml": "yaml", "yml": "yaml",
}  # fmt: skip
_ENDINGS = tuple(_OPTIONS)
_DEEP = 20  # directories in each other


def init_starts(source: FileSource) -> Iterator[UwsgiStart]:
    """Yield what the script starts; nothing unless it and the file of defaults are in the tree."""
    if source.kind(SCRIPT) is not Kind.FILE:
        return
    variable = read_envvars(source, DEFAULTS).get(INHERITED)
    inherited = variable.value if variable is not None else None
    if variable is None or inherited is None or source.kind(inherited) is not Kind.FILE:
        return
    option = _OPTIONS.get(inherited.rpartition(".")[2])
    if option is None:
        return
    defaults = given(option, inherited, "command-line", variable.place)
    for name, file in _files(source).items():
        option = _OPTIONS[file.rpartition(".")[2]]
        if option is None:
            continue
        environment = {"UWSGI_DEB_CONFNAMESPACE": NAMESPACE, "UWSGI_DEB_CONFNAME": name}
        log = given("daemonize", f"{_LOG}/{NAMESPACE}/{name}.log", "command-line", Place(file))
        options = (
            *variable_options(environment),
            defaults,
            given(option, file, "command-line", Place(file)),
            log,
        )
        yield UwsgiStart(Start(file, options), "/", environment)


def _files(source: FileSource) -> dict[str, str]:
    """Return the file of each name; of two with one ending the one that lies less deep."""
    found: dict[str, tuple[int, int, str]] = {}
    for depth, file in _below(source, APPS, 0):
        name, dot, ending = posixpath.basename(file).rpartition(".")
        if dot and name and ending in _ENDINGS:
            rank = (_ENDINGS.index(ending), depth, file)
            found[name] = min(found.get(name, rank), rank)
    return {name: file for name, (_, _, file) in sorted(found.items())}


def _below(source: FileSource, directory: str, depth: int) -> Iterator[tuple[int, str]]:
    """Yield the files below a directory as find does: links to files, no links to directories."""
    if source.kind(directory) is not Kind.DIRECTORY or depth > _DEEP:
        return
    try:
        names = source.names(directory)
    except Unreadable:
        return
    for name in names:
        path = posixpath.join(directory, name)
        kind = source.kind(path)
        if kind is Kind.FILE:
            yield depth, path
        elif kind is Kind.DIRECTORY and not source.is_link(path):
            yield from _below(source, path, depth + 1)
