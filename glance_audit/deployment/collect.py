"""Finding and reading the inputs of an audit: Apache roots, uWSGI files, Glance's own, units."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from glance_audit.apache import find_layout, invalid_commands
from glance_audit.apache import resolve as resolve_apache
from glance_audit.deployment.binary import binary_files
from glance_audit.deployment.inputs import ApacheInput, Inputs, ReadingOptions, UwsgiInput
from glance_audit.environment import Environment, read_environment_file, read_envvars
from glance_audit.files import FileSource, Kind, Place, Problem, ProblemKind, Unreadable
from glance_audit.oslo import find_glance_files
from glance_audit.oslo import read as read_oslo
from glance_audit.storage import mounts as read_mounts
from glance_audit.systemd import Unit, read_unit, unit_names
from glance_audit.uwsgi import is_uwsgi_ini
from glance_audit.uwsgi import resolve as resolve_uwsgi

__all__ = ["ApacheInput", "Inputs", "ReadingOptions", "UwsgiInput", "collect"]

# Where distributions and deployment projects keep uWSGI configurations.
UWSGI_PLACES = (
    "/etc/glance",
    "/etc/uwsgi",
    "/etc/uwsgi/apps-enabled",
    "/etc/uwsgi/vassals",
    "/etc/uwsgi/vassals-enabled",
    "/etc/uwsgi-emperor/vassals",
    "/etc/uwsgi.d",
)
GLANCE_PLACE = "/etc/glance"
APACHE_UNITS = ("apache2.service", "httpd.service")


@dataclass(slots=True)
class _Found:
    apache: dict[str, None]
    uwsgi: dict[str, Unit | None]
    glance: dict[str, None]
    problems: list[Problem]


def collect(source: FileSource, paths: Iterable[str], options: ReadingOptions) -> Inputs:
    """Read what the paths name and, unless they say so, the uWSGI and Glance files beside it.

    ``paths`` are absolute in the audited system and exist. Unless ``options.whole_system`` they
    are all there is: what else lies on this machine has nothing to do with them.
    """
    found = _Found({}, {}, {}, [])
    for path in paths:
        _sort(source, path, found)
    whole = options.whole_system
    units = tuple(_units(source)) if whole else ()
    if whole and not found.uwsgi:
        for place in UWSGI_PLACES:
            _directory(source, place, found, quiet=True)
        for unit in units:
            for file in _started_files(source, unit):
                found.uwsgi.setdefault(file, unit)
            for directory in _emperor_directories(unit):
                _directory(source, directory, found, quiet=True)
    if whole and not found.glance:
        for file in find_glance_files(source, GLANCE_PLACE):
            found.glance[file] = None
    by_file = {file: unit for unit in units for file in _started_files(source, unit)}
    by_name = {unit.name: unit for unit in units}
    apaches = tuple(_apache(source, path, options, by_name) for path in found.apache)
    uwsgis = tuple(
        _uwsgi(source, file, by_file.get(file, unit)) for file, unit in found.uwsgi.items()
    )
    for files in (*(a.config.files for a in apaches), found.uwsgi, found.glance):
        found.problems += binary_files(source, files)
    return Inputs(
        apaches,
        uwsgis,
        read_oslo(source, tuple(found.glance)) if found.glance else None,
        read_mounts(source) if whole else (),
        tuple(found.problems),
    )


def _sort(source: FileSource, path: str, found: _Found) -> None:
    kind = source.kind(path)
    if kind is Kind.DIRECTORY:
        if find_layout(source, path) is not None:
            found.apache[path] = None
        else:
            _directory(source, path, found, quiet=False)
        return
    try:
        text = source.text(path)
    except Unreadable as error:
        found.problems.append(_unreadable(path, error))
        return
    first = next((line for line in _significant(text)), "")
    if is_uwsgi_ini(text) or path.endswith((".yaml", ".yml", ".json", ".xml")):
        found.uwsgi[path] = None
    elif first.startswith("["):
        if not path.endswith("-paste.ini"):  # PasteDeploy's pipelines, which nobody judges here
            found.glance[path] = None
    else:
        found.apache[path] = None


def _directory(source: FileSource, path: str, found: _Found, *, quiet: bool) -> None:
    """Take the uWSGI and Glance files of a directory; a missing usual place is no problem."""
    if source.kind(path) is not Kind.DIRECTORY:
        return
    try:
        names = source.names(path)
    except Unreadable as error:
        found.problems.append(_unreadable(path, error))
        return
    for name in names:
        file = posixpath.join(path, name)
        if name.endswith(".ini") and source.kind(file) is Kind.FILE:
            try:
                text = source.text(file)
            except Unreadable as error:
                found.problems.append(_unreadable(file, error))
                continue
            if is_uwsgi_ini(text):
                found.uwsgi.setdefault(file, None)
    if not quiet:
        for file in find_glance_files(source, path):
            found.glance[file] = None


def _units(source: FileSource) -> Iterator[Unit]:
    for name in unit_names(source):
        if name in APACHE_UNITS or "uwsgi" in name or "glance" in name:
            unit = read_unit(source, name)
            if unit is not None:
                yield unit


def _started_files(source: FileSource, unit: Unit) -> tuple[str, ...]:
    """The ini files that a unit's uWSGI is started with."""
    files = []
    for argument in _uwsgi_arguments(unit):
        path = argument.removeprefix("--ini=").split(":", 1)[0]
        if path.startswith("/") and path.endswith(".ini") and source.kind(path) is Kind.FILE:
            files.append(path)
    return tuple(files)


def _emperor_directories(unit: Unit) -> Iterator[str]:
    """The directories of vassals that a unit's uWSGI watches."""
    arguments = _uwsgi_arguments(unit)
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--emperor" and (equals or index + 1 < len(arguments)):
            path = value if equals else arguments[index + 1]
            if path.startswith("/"):
                yield path


def _uwsgi_arguments(unit: Unit) -> tuple[str, ...]:
    return tuple(
        argument
        for command in unit.exec_start
        if "uwsgi" in posixpath.basename(command.path)
        for argument in command.arguments(_values(unit))[1:]
    )


def _uwsgi(source: FileSource, file: str, unit: Unit | None) -> UwsgiInput:
    """Read a file as its unit starts it; without one, as from the directory it lies in."""
    where = unit.last("Service", "WorkingDirectory") if unit is not None else None
    cwd = where.value.lstrip("-") if where is not None else ""
    values = _values(unit)
    config = resolve_uwsgi(
        source,
        file,
        cwd=cwd if cwd.startswith("/") else posixpath.dirname(file),
        environment=values,
    )
    return UwsgiInput(config, unit)


def _values(unit: Unit | None) -> dict[str, str]:
    """Return what is known of a unit's environment."""
    known = unit.environment if unit is not None else ()
    return {variable.name: variable.value for variable in known if variable.value is not None}


def _apache(
    source: FileSource, path: str, options: ReadingOptions, units: Mapping[str, Unit]
) -> ApacheInput:
    layout = find_layout(source, path)
    if layout is None:  # a single file that is no server's main file by name
        main_file, server_root, family = path, posixpath.dirname(path), "single"
        environment_files: tuple[str, ...] = ()
    else:
        main_file, server_root, family = layout.main_file, layout.server_root, layout.family
        environment_files = layout.environment_files
    name = "httpd.service" if family == "redhat" else "apache2.service"
    unit = units.get(name) if family != "single" else None
    values = _values(unit)
    before = {**values, "APACHE_CONFDIR": server_root}
    environment: Environment | None = None
    if options.envvars is not None:
        environment = read_envvars(source, options.envvars, before)
    else:
        for file in environment_files:
            if source.kind(file) is Kind.FILE:
                environment = (
                    read_envvars(source, file, before)
                    if posixpath.basename(file) == "envvars"
                    else read_environment_file(source, file)
                )
    values.update(environment.values() if environment is not None else {})
    config = resolve_apache(
        source,
        main_file,
        server_root=server_root,
        defines=options.defines,
        environment=values,
        httpd_version=options.httpd_version,
    )
    faults = (*config.problems, *invalid_commands(config))
    return ApacheInput(replace(config, problems=faults), family, environment, unit)


def _significant(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        stripped = line.strip(" \t\r")
        if stripped and stripped[0] not in "#;":
            yield stripped


def _unreadable(path: str, error: Unreadable) -> Problem:
    return Problem(
        ProblemKind.UNREADABLE,
        f"cannot be read: {error.reason}",
        Place(path),
        "make it readable for the user who audits, or audit as one who may read it",
        fatal=False,
    )
