"""Resolving a uWSGI configuration without running uWSGI."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from glance_audit.files import FileSource, Place
from glance_audit.uwsgi.config import UwsgiConfig
from glance_audit.uwsgi.facts import UNKNOWN_HOST, HostFacts
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.resolver import Resolver
from glance_audit.uwsgi.syntax import format_by_name

_NOTHING: Mapping[str, str] = MappingProxyType({})
# core/utils.c, parse_sys_envs: these UWSGI_ variables are uWSGI's own, not options.
_OWN = frozenset(
    f"UWSGI_{name}"
    for name in (
        *("RELOADS", "VASSALS_DIR", "EMPEROR_FD", "BROODLORD_NUM", "EMPEROR_FD_CONFIG"),
        *("EMPEROR_PROXY", "JAIL_PID", "ORIGINAL_PROC_NAME"),
    )
)
_OPTION_OF = {"ini": "ini", "xml": "xml", "yaml": "yaml", "json": "json"}


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
        facts: what is known of the machine and the build.

    Nothing is executed and nothing outside ``source`` is read.
    """
    where = cwd or "/"
    resolver = Resolver(source, where, environment, facts, positional=positional)
    file = path if path.startswith("/") else f"{where.rstrip('/')}/{path}"
    for name, value in environment.items():
        if name.startswith("UWSGI_") and name not in _OWN:
            resolver.give(_given(name[6:].lower().replace("_", "-"), value, "environment"))
    name = path if section is None else f"{path}:{section}"
    option = _OPTION_OF.get(format_by_name(path) or "", "ini")
    main = (option, name)
    for argument in arguments:
        resolver.give(_given(*argument, "command-line", file if argument == main else ""))
    if positional:
        resolver.give_file(name, Place(file))
    elif main not in arguments:
        resolver.give(_given(*main, "command-line", file))
    resolver.finish()
    return UwsgiConfig(
        file,
        tuple(entry.option() for entry in resolver.entries),
        tuple(entry.option() for entry in resolver.applied),
        tuple(resolver.faults.problems),
        tuple(resolver.faults.unknown),
        tuple(resolver.loader.files),
        resolver.loader.header,
    )


def _given(key: str, value: str, origin: str, file: str = "") -> Option:
    place = Place(file)
    return Option(key, value, place, place, place, origin)
