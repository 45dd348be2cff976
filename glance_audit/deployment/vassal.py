"""The vassals of an emperor: one uWSGI for each configuration file in a directory.

Source: core/emperor.c (emperor_build_scanners, uwsgi_imperial_monitor_directory,
uwsgi_emperor_spawn_vassal) and the command line it makes for a vassal.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.deployment.uwsgi_start import UwsgiStart, file_option
from glance_audit.files import FileSource, Kind, Unreadable
from glance_audit.uwsgi import (
    UWSGI_ENDINGS,
    Option,
    Start,
    UwsgiConfig,
    glob,
    variable_options,
)

_LONGEST = 0xFF  # uwsgi_emperor_is_valid takes shorter names alone
# In this order before and behind the vassal's own file: the options of the emperor that tell what
# each vassal is given, and the option it is given them with.
_BEFORE = (
    (("vassals-inherit-before",), "inherit"),
    (("vassals-include-before",), "include"),
    (("vassals-set", "vassal-set"), "set"),
)
_BEHIND = ((("vassals-inherit",), "inherit"), (("vassals-include",), "include"))


def vassals(source: FileSource, emperor: UwsgiStart, config: UwsgiConfig) -> Iterator[UwsgiStart]:
    """Yield the starts of the vassals that a configuration's ``emperor`` options find.

    What no file names (zmq://, pg:// and the like) is not seen. A vassal lives in its directory,
    with the emperor's environment and what its ``env`` options add.
    """
    environment = {
        name: value
        for name, value in emperor.environment.items()
        if not name.startswith("UWSGI_VASSAL_")
    }
    for option in config.all("env"):
        name, equal, value = option.value.partition("=")
        if equal:
            environment[name] = value
    before, behind = _templates(config, _BEFORE), _templates(config, _BEHIND)
    variables = variable_options(environment)
    for option in config.all("emperor"):
        for cwd, name in _names(source, option.value, emperor.cwd):
            file = posixpath.normpath(posixpath.join(cwd, name))
            options = (*variables, *before, file_option(name, file), *behind)
            yield UwsgiStart(Start(file, options), cwd, environment, emperor.unit)


def _templates(
    config: UwsgiConfig, kinds: tuple[tuple[tuple[str, ...], str], ...]
) -> tuple[Option, ...]:
    return tuple(
        Option(key, one.value, one.place, one.key_place, one.value_place, "command-line")
        for names, key in kinds
        for one in config.all(*names)
    )


def _names(source: FileSource, value: str, cwd: str) -> Iterator[tuple[str, str]]:
    """Yield the directory each vassal starts in and its name as it is given there."""
    pattern = value.removeprefix("glob://").removeprefix("dir://")
    if "://" in pattern or not pattern:
        return
    found = glob(source, pattern, cwd)
    if len(found) == 1 and found[0].endswith("/"):
        directory = posixpath.normpath(posixpath.join(cwd, found[0]))
        try:
            candidates = [(directory, name) for name in source.names(directory)]
        except Unreadable:
            return
    else:
        candidates = [(cwd, name) for name in found]
    for where, name in candidates:
        valid = name.endswith(UWSGI_ENDINGS) and len(name) < _LONGEST
        if valid and source.kind(posixpath.join(where, name)) is Kind.FILE:
            yield where, name
