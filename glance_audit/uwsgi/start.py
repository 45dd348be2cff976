"""What a uWSGI is given when it starts: environment, command line, files."""

from __future__ import annotations

from collections.abc import Mapping

from glance_audit.files import Place, Problem
from glance_audit.record import NamedTuple
from glance_audit.uwsgi.option import Option

# core/utils.c, parse_sys_envs: these UWSGI_ variables are uWSGI's own, not options.
_OWN = frozenset(
    f"UWSGI_{name}"
    for name in (
        *("RELOADS", "VASSALS_DIR", "EMPEROR_FD", "BROODLORD_NUM", "EMPEROR_FD_CONFIG"),
        *("EMPEROR_PROXY", "JAIL_PID", "ORIGINAL_PROC_NAME"),
    )
)
_NOWHERE = Place("")


class Start(NamedTuple):
    """One start of uWSGI, in the order in which it takes what it is given.

    ``file`` is the configuration file it is known by, absolute; the file that starts it when it
    has none. ``options`` are those of the environment, then those of the command line; ``files``
    are the names without an option and their places, loaded after all options. ``problems`` are
    faults of the command line itself.
    """

    file: str
    options: tuple[Option, ...]
    files: tuple[tuple[str, Place], ...] = ()
    problems: tuple[Problem, ...] = ()


def given(key: str, value: str, origin: str, place: Place = _NOWHERE) -> Option:
    """Return an option that stands in no configuration file."""
    return Option(key, value, place, place, place, origin)


def variable_options(
    environment: Mapping[str, str], places: Mapping[str, Place] | None = None
) -> tuple[Option, ...]:
    """Return the options that variables are: ``UWSGI_HTTP_SOCKET`` is ``http-socket``."""
    return tuple(
        given(
            name[6:].lower().replace("_", "-"),
            value,
            "environment",
            (places or {}).get(name, _NOWHERE),
        )
        for name, value in environment.items()
        if name.startswith("UWSGI_") and name not in _OWN
    )
