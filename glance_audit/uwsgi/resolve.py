"""Resolving a uWSGI configuration without running uWSGI."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from glance_audit.files import FileSource, Place
from glance_audit.uwsgi.build import Build
from glance_audit.uwsgi.config import UwsgiConfig
from glance_audit.uwsgi.facts import UNKNOWN_HOST, HostFacts
from glance_audit.uwsgi.resolver import Resolver
from glance_audit.uwsgi.start import Start, given, variable_options
from glance_audit.uwsgi.syntax import OPTION_FORMATS, format_by_name

_NOTHING: Mapping[str, str] = MappingProxyType({})
_OPTION_OF = {"ini": "ini", "xml": "xml", "yaml": "yaml", "json": "json", "lua": "config"}


def resolve(
    source: FileSource,
    path: str,
    *,
    section: str | None = None,
    environment: Mapping[str, str] = _NOTHING,
    cwd: str | None = None,
    arguments: tuple[tuple[str, str], ...] = (),
    positional: bool = False,
    facts: HostFacts = UNKNOWN_HOST,
    build: Build | None = None,
) -> UwsgiConfig:
    """Return what uWSGI makes of a configuration file; every fault is in ``problems``.

    Args:
        source: the audited system.
        path: the file as uWSGI is given it, absolute or relative to ``cwd``.
        section: the section asked for with ``path:section``; None is ``uwsgi``.
        environment: uWSGI's environment. ``UWSGI_*`` variables are options, in their order.
        cwd: the directory uWSGI starts in, where relative names begin; None is ``/``, as for a
            systemd unit that does not say.
        arguments: options of the command line, in order. They come before the file, unless a pair
            ``("ini", path)`` among them says where the file stands.
        positional: the file is named without an option (``uwsgi x.ini``).
        facts: what is known of the machine and the version.
        build: how it was compiled, which decides on YAML and JSON; None assumes Debian's.

    Nothing is executed and nothing outside ``source`` is read.
    """
    where = cwd or "/"
    file = path if path.startswith("/") else f"{where.rstrip('/')}/{path}"
    name = path if section is None else f"{path}:{section}"
    main = (_OPTION_OF.get(format_by_name(path) or "", "ini"), name)
    options = [*variable_options(environment)]
    for argument in arguments:
        place = Place(file if argument == main else "")
        options.append(given(*argument, "command-line", place))
    files: tuple[tuple[str, Place], ...] = ()
    if positional:
        files = ((name, Place(file)),)
    elif main not in arguments:
        options.append(given(*main, "command-line", Place(file)))
    start = Start(file, tuple(options), files)
    return resolve_start(
        source, start, environment=environment, cwd=where, facts=facts, build=build
    )


def resolve_start(
    source: FileSource,
    start: Start,
    *,
    environment: Mapping[str, str] = _NOTHING,
    cwd: str = "/",
    facts: HostFacts = UNKNOWN_HOST,
    build: Build | None = None,
) -> UwsgiConfig:
    """Return what uWSGI makes of a start; every fault is in ``problems``.

    ``environment`` answers ``$()`` and ``if-env``; the options in it are those of the start. The
    other arguments are those of :func:`resolve`.
    """
    alone = bool(start.files) and not any(o.key in OPTION_FORMATS for o in start.options)
    resolver = Resolver(source, cwd, environment, facts, positional=alone, build=build)
    resolver.faults.problems += start.problems
    for option in start.options:
        resolver.give(option)
    for name, place in start.files:
        resolver.give_file(name, place)
    resolver.finish()
    return UwsgiConfig(
        start.file,
        tuple(entry.option() for entry in resolver.entries),
        tuple(entry.option() for entry in resolver.applied),
        tuple(resolver.faults.problems),
        tuple(resolver.faults.unknown),
        tuple(resolver.loader.files),
        resolver.loader.headers.get(start.file, next(iter(resolver.loader.headers.values()), None)),
        tuple(resolver.faults.undefined),
        frozenset(resolver.asked),
    )
