"""Finding and reading the inputs of an audit: Apache roots, uWSGI files, Glance's own, units."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from glance_audit.apache import find_layout, invalid_commands
from glance_audit.apache import resolve as resolve_apache
from glance_audit.deployment.binary import binary_files
from glance_audit.deployment.config_directory import apache_directory, uwsgi_directory
from glance_audit.deployment.dormant import without_dormant
from glance_audit.deployment.glance_reading import of_named, of_servers, read_glances
from glance_audit.deployment.inputs import ApacheInput, Inputs, ReadingOptions, UwsgiInput
from glance_audit.deployment.uwsgi_reading import read_uwsgis
from glance_audit.deployment.uwsgi_start import values_of
from glance_audit.environment import Environment, read_environment_file, read_envvars
from glance_audit.files import FileSource, Kind, Place, Problem, ProblemKind, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.storage import mounts as read_mounts
from glance_audit.systemd import Unit, read_unit, unit_names
from glance_audit.uwsgi import UWSGI_ENDINGS, is_uwsgi_file

__all__ = ["ApacheInput", "Inputs", "ReadingOptions", "UwsgiInput", "collect"]

# Where distributions and deployment projects keep uWSGI configurations.
UWSGI_PLACES = (
    "/etc/glance",
    "/etc/uwsgi",
    "/etc/uwsgi/apps-enabled",
    "/etc/uwsgi/vassals",
    "/etc/uwsgi/vassals-enabled",
    "/etc/uwsgi-emperor",
    "/etc/uwsgi-emperor/vassals",
    "/etc/uwsgi.d",
)
# Apache and Glance have no files with these endings.
_NOT_INI = tuple(ending for ending in UWSGI_ENDINGS if ending != ".ini")
APACHE_UNITS = ("apache2.service", "httpd.service")


class _Found(NamedTuple):
    apache: dict[str, None]
    uwsgi: dict[str, None]
    glance: dict[str, None]
    glance_places: dict[str, None]
    problems: list[Problem]


def collect(source: FileSource, paths: Iterable[str], options: ReadingOptions) -> Inputs:
    """Read what the paths name and, unless they say so, the uWSGI and Glance files beside it.

    ``paths`` are absolute in the audited system and exist. Unless ``options.whole_system`` they
    are all there is: what else lies on this machine has nothing to do with them.
    """
    found = _Found({}, {}, {}, {}, [])
    for path in paths:
        _sort(source, path, found)
    whole = options.whole_system
    units = tuple(_units(source)) if whole else ()
    searching = whole and not found.uwsgi
    if searching:
        for place in UWSGI_PLACES:
            _directory(source, place, found, quiet=True)
    by_name = {unit.name: unit for unit in units}
    apaches = _without_parts(
        source, tuple(_apache(source, path, options, by_name) for path in found.apache)
    )
    uwsgis = read_uwsgis(source, found.uwsgi, units, only=not searching, whole=whole)
    uwsgi_files = dict.fromkeys(one.config.file for one in uwsgis)
    glances = of_named(source, found.glance_places, found.glance)
    if whole and not glances:
        glances = of_servers(source, _config_directories(apaches, uwsgis))
    glance_files = dict.fromkeys(file for one in glances for file in one.files)
    read = read_glances(source, glances)
    if searching and options.standalone:
        uwsgis = without_dormant(source, uwsgis, units, read)
    for files in (*(a.config.files for a in apaches), uwsgi_files, glance_files):
        found.problems.extend(binary_files(source, files))
    return Inputs(
        apaches,
        uwsgis,
        read,
        read_mounts(source) if whole else (),
        tuple(found.problems),
        units,
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
    if is_uwsgi_file(path, text) or path.endswith(_NOT_INI):
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
        if name.endswith(UWSGI_ENDINGS) and source.kind(file) is Kind.FILE:
            try:
                text = source.text(file)
            except Unreadable as error:
                found.problems.append(_unreadable(file, error))
                continue
            if is_uwsgi_file(file, text):
                found.uwsgi.setdefault(file, None)
    if not quiet:
        found.glance_places[path] = None


def _config_directories(
    apaches: Iterable[ApacheInput], uwsgis: Iterable[UwsgiInput]
) -> Iterator[str]:
    """Yield the directories that servers are told to read Glance's configuration from."""
    places = [
        *(apache_directory(one) for one in apaches),
        *(uwsgi_directory(one.config, one.unit) for one in uwsgis),
    ]
    yield from (place.path for place in places if place.path is not None)


def _units(source: FileSource) -> Iterator[Unit]:
    for name in unit_names(source):
        if name in APACHE_UNITS or "uwsgi" in name or "glance" in name:
            unit = read_unit(source, name)
            if unit is not None:
                yield unit


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
    values = values_of(unit)
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
        # Alone, a file says nothing of what the server around it loads.
        assume_modules=family == "single",
    )
    faults = (*config.problems, *invalid_commands(config))
    return ApacheInput(config._replace(problems=faults), family, environment, unit)


def _without_parts(source: FileSource, apaches: tuple[ApacheInput, ...]) -> tuple[ApacheInput, ...]:
    """Leave out a file that was named beside the server that reads it: it is no second one."""
    kept: dict[str, ApacheInput] = {}
    for apache in sorted(apaches, key=lambda one: one.family == "single"):
        main = source.real(apache.config.main_file)
        read = {source.real(file) for one in kept.values() for file in one.config.files}
        if main not in read:
            kept[main] = apache
    return tuple(apache for apache in apaches if apache in kept.values())


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
