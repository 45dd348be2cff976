"""How the units start uWSGI: which command line, which file, where and with which variables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from glance_audit.files import FileSource, Kind, Place
from glance_audit.record import NamedTuple
from glance_audit.systemd import Command, Unit
from glance_audit.uwsgi import (
    OPTION_FORMATS,
    UWSGI_ENDINGS,
    Option,
    Start,
    given,
    parse_command_line,
    variable_options,
)

# uWSGI itself, by the names of its packages; other programs only have it in their name.
_PROGRAM = re.compile(r"uwsgi(?:[-_](?:core|debug|plugin\w*|python\w*))?\Z")


class UwsgiStart(NamedTuple):
    """One uWSGI as something starts it; ``unit`` is None when only its file is known.

    An emperor's unit starts its vassals too. ``configured``: there is a configuration file.
    """

    start: Start
    cwd: str
    environment: Mapping[str, str] = MappingProxyType({})
    unit: Unit | None = None
    configured: bool = True


def file_start(file: str) -> UwsgiStart:
    """Return the start of a file nobody is known to start: with --ini, from its own directory."""
    return UwsgiStart(Start(file, (file_option(file, file),)), posixpath.dirname(file))


def file_option(name: str, file: str) -> Option:
    """Return the option that reads a file; its place is the file, not what names it."""
    ending = name.rpartition(".")[2]
    return given(OPTION_FORMATS.get(ending, "ini"), name, "command-line", Place(file))


def unit_starts(source: FileSource, unit: Unit) -> Iterator[UwsgiStart]:
    """Yield a start for each of the unit's commands that runs uWSGI, or is given a file of its."""
    for command in unit.exec_start:
        program = posixpath.basename(command.path)
        if _PROGRAM.match(program):
            yield _started(source, unit, command)
        elif "uwsgi" in program:
            yield from _wrapped(source, unit, command)


def values_of(unit: Unit | None) -> dict[str, str]:
    """Return what is known of a unit's environment."""
    known = unit.environment if unit is not None else ()
    return {variable.name: variable.value for variable in known if variable.value is not None}


def _started(source: FileSource, unit: Unit, command: Command) -> UwsgiStart:
    environment = values_of(unit)
    cwd = _directory(unit)
    line = parse_command_line(command.arguments(environment)[1:], command.place)
    places = {variable.name: variable.place for variable in unit.environment}
    options = (*variable_options(environment, places), *line.options)
    named = [option.value for option in options if option.key in OPTION_FORMATS]
    named += [name for name, _ in line.files]
    files = [file for name in named if (file := _file(source, name, cwd)) is not None]
    start = Start(
        files[0] if files else command.place.file,
        tuple(_located(source, option, cwd) for option in options),
        tuple((name, _main_place(source, name, cwd, place)) for name, place in line.files),
        line.problems,
    )
    return UwsgiStart(start, cwd, environment, unit, bool(files))


def _wrapped(source: FileSource, unit: Unit, command: Command) -> Iterator[UwsgiStart]:
    """A script around uWSGI: what it does with its words is its own, a file is a file."""
    environment = values_of(unit)
    for word in command.arguments(environment)[1:]:
        name = word.partition("=")[2] if word.startswith("--") else word
        file = _file(source, name, "/") if name.startswith("/") else None
        if file is not None and file.endswith(UWSGI_ENDINGS):
            options = (*variable_options(environment), file_option(name, file))
            yield UwsgiStart(Start(file, options), _directory(unit), environment, unit)


def _directory(unit: Unit) -> str:
    """Return where a unit's commands run; systemd.exec(5): / unless it says."""
    setting = unit.last("Service", "WorkingDirectory")
    path = setting.value.lstrip("-") if setting is not None else ""
    return path if path.startswith("/") else "/"


def _file(source: FileSource, name: str, cwd: str) -> str | None:
    """Return the file that a name with or without ``:section`` stands for."""
    for one in (name, name.rpartition(":")[0]):
        path = posixpath.normpath(posixpath.join(cwd, one))
        if one and source.kind(path) is Kind.FILE:
            return path
    return None


def _located(source: FileSource, option: Option, cwd: str) -> Option:
    if option.key not in OPTION_FORMATS:
        return option
    place = _main_place(source, option.value, cwd, option.place)
    return option._replace(value_place=place)


def _main_place(source: FileSource, name: str, cwd: str, place: Place) -> Place:
    """Return the main file as a whole, as if nothing included it; what names a missing file."""
    file = _file(source, name, cwd)
    return place if file is None else Place(file)
