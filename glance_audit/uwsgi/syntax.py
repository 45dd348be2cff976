"""From the name of a configuration file to its options: one reader for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from glance_audit.uwsgi.build import Build
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
# What runs code or asks a server or a data base: core/uwsgi.c (ldap), plugins/lua, plugins/sqlite3.
_UNAUDITED: Mapping[str, str] = {
    "lua": "a program that makes the options",
    "ldap": "a directory service's entry",
    "sqlite": "a data base",
}


def format_by_name(name: str) -> str | None:
    """Return the format uWSGI takes a file for by its ending; None is one it refuses to load.

    A section behind the name hides the ending: ``x.ini:glance`` is refused.
    """
    for ending, format_name in _ENDINGS:
        if name.endswith(ending):
            return format_name
    return None


def reader_of(format_name: str, build: Build | None = None) -> Reader | None:
    """Return what reads a format, None for one that nobody audits.

    The section it is asked for is never empty, but for XML, where it is an id that may be missing.
    What a reader needs is imported when the first file of the format is met.
    """
    if format_name in ("ini", "paste"):
        from glance_audit.uwsgi.ini import read_ini

        return read_ini
    if format_name == "yaml":
        from glance_audit.uwsgi.yaml_builds import read_yaml

        return partial(read_yaml, build=build)
    if format_name == "json":
        from glance_audit.uwsgi.json_object import read_json

        return read_json
    if format_name == "xml":
        from glance_audit.uwsgi.xml_element import read_xml

        return read_xml
    return None


def why_unaudited(format_name: str) -> str:
    """Say what a format is that has no reader."""
    return _UNAUDITED[format_name]
