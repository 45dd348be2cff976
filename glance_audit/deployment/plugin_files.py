"""Which plugins a uWSGI finds: the files in its plugin directories, looked for and never opened."""

from __future__ import annotations

import posixpath

from glance_audit.files import FileSource, Unreadable
from glance_audit.uwsgi import UwsgiConfig

# The packages of Debian's and of Red Hat's family.
DIRECTORIES = ("/usr/lib/uwsgi/plugins", "/usr/lib64/uwsgi")
_OPTIONS = ("plugins-dir", "plugin-dir")
_SUFFIX = "_plugin.so"


def plugin_files(source: FileSource, config: UwsgiConfig) -> frozenset[str] | None:
    """Return the names of the plugins that are there, such as ``python3`` and ``http``.

    None when no directory of plugins is part of the audited system.
    """
    given = (option.value for option in config.all(*_OPTIONS))
    start = posixpath.dirname(config.file)
    found: set[str] = set()
    for directory in (*given, *DIRECTORIES):
        try:
            names = source.names(posixpath.join(start, directory))
        except Unreadable:
            continue
        found |= {name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)}
    return frozenset(found) or None
