"""From the name of a configuration file to its options: one reader for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from glance_audit.uwsgi.record import Section
from glance_audit.uwsgi.text import ConfigText

Reader = Callable[[ConfigText, str], Section]

# core/io.c, uwsgi_setup_schemes: places that are no files, some of them commands to run.
SCHEMES = tuple(
    f"{scheme}://"
    for scheme in ("emperor", "http", "data", "sym", "section", "fd", "exec", "call", "callint")
)
# Which option reads which format, and which ending include, inherit and an argument without an
# option go by (core/uwsgi.c, uwsgi_opt_load).
OPTION_FORMATS: Mapping[str, str] = {
    "ini": "ini",
    "xml": "xml",
    "xmlconfig": "xml",
    "yaml": "yaml",
    "yml": "yaml",
    "json": "json",
    "js": "json",
    "ldap": "ldap",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "ini-paste": "paste",
    "ini-paste-logged": "paste",
    "pypy-ini-paste": "paste",
}
_ENDINGS = (
    (".ini", "ini"),
    (".xml", "xml"),
    (".yaml", "yaml"),
    (".yml", "yaml"),
    (".json", "json"),
    (".js", "json"),
    (".lua", "lua"),
)


def format_by_name(name: str) -> str | None:
    """Return the format uWSGI takes a file for by its ending; None is one it refuses to load.

    A section behind the name hides the ending: ``x.ini:glance`` is refused.
    """
    for ending, format_name in _ENDINGS:
        if name.endswith(ending):
            return format_name
    return None


def reader_of(format_name: str) -> Reader | None:
    """Return what reads a format, None for one that is not read yet."""
    if format_name != "ini":
        return None
    # configparser is imported when the first file needs it.
    from glance_audit.uwsgi.ini import read_ini

    return read_ini
