"""Variables of an Apache's files that nothing defines, as far as its environment is known."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache import ApacheConfig
from glance_audit.deployment.inputs import ApacheInput
from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.environment import Environment
from glance_audit.files import Place
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import UndefinedName

# What the service manager and a login add by themselves: systemd.exec(5), "Environment Variables
# Set or Propagated by the Service Manager".
_MANAGERS = frozenset(
    {
        *("PATH", "LANG", "USER", "LOGNAME", "HOME", "SHELL", "TERM", "PWD", "HOSTNAME", "TMPDIR"),
        *("INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "MAINPID", "MANAGERPID"),
        *("NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_USEC"),
        *("WATCHDOG_PID", "RUNTIME_DIRECTORY", "STATE_DIRECTORY", "CACHE_DIRECTORY"),
        *("LOGS_DIRECTORY", "CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "XDG_RUNTIME_DIR"),
    }
)
# uWSGI options whose value a shell gets.
_COMMANDS = (
    "exec-",
    "hook-",
    "attach-",
    "smart-attach-",
    "legion-",
    "cron",
    "unique-cron",
    "alarm",
)


class OpenVariable(NamedTuple):
    """A ``${name}`` that Apache leaves as it is written.

    ``behind`` is a Define of it that comes only later, or an assignment that is not exported;
    ``exported`` is False for the latter.
    """

    name: str
    place: Place
    behind: Place | None = None
    exported: bool = True


def open_variables(apache: ApacheInput) -> tuple[OpenVariable, ...]:
    """Return the variables without a value; none where the environment is not known.

    A file that is read alone misses what the server around it defines. Without envvars, or with
    one that was not understood, nobody knows what the process is started with.
    """
    environment = apache.environment
    if not apache.config.undefined or apache.family == "single":
        return ()
    if environment is None or environment.unsure:
        return ()
    return tuple(_open(apache.config, environment))


def _open(config: ApacheConfig, environment: Environment) -> Iterator[OpenVariable]:
    later = {one.name.lower(): one.place for one in reversed(config.definitions) if one.value}
    for name, line, place in config.undefined:
        if name in _MANAGERS or _runs_a_program(line):
            continue
        known = environment.get(name)
        if known is None:
            yield OpenVariable(name, place, later.get(name.lower()))
        elif not known.exported:
            yield OpenVariable(name, place, known.place, exported=False)


def _runs_a_program(line: str) -> bool:
    """Whether a line hands its text to a program behind a pipe: that one's shell may expand it."""
    words = line.partition("${")[0].split(None, 1)
    return len(words) > 1 and words[0].lower().endswith("log") and "|" in words[1]


def open_names(instance: UwsgiInstance) -> Iterator[UndefinedName]:
    """Yield the ``$()`` and ``%()`` of a uWSGI that nothing defines.

    The environment is known where a unit starts it. ``%()`` is also how log formats name what they
    print, and ``$()`` how a shell runs a command. A file without a listener may be a part of
    another one, which sets the names.
    """
    config = instance.config
    if not config.undefined or not instance.listeners:
        return
    keys = {option.value_place: option.key for option in config.pairs}
    for found in config.undefined:
        key = keys.get(found.place, "")
        if found.symbol == "%":
            if found.name != "_" and "format" not in key:
                yield found
        elif (
            instance.unit is not None
            and found.name not in _MANAGERS
            and instance.unit.variable(found.name) is None
            and not key.startswith(_COMMANDS)
        ):
            yield found
