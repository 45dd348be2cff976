"""What makes uWSGI run a command or read from elsewhere: for development, or worse."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import OPTION_FORMATS, Option, is_true

_AUTORELOAD = ("py-autoreload", "py-auto-reload", "python-autoreload", "python-auto-reload")
_INCLUDES = frozenset({*OPTION_FORMATS, "include", "inherit", "config", "fallback-config"})
_COMMANDS = ("exec://", "call://", "callint://")
_NETWORK = ("http://", "emperor://")
_RUNS = ("exec:", "safeexec:")


class HookKind(Enum):
    """What a hook does."""

    AUTORELOAD = "autoreload"
    STDIN = "stdin"
    COMMAND = "command"
    COMMAND_FOR_OPTIONS = "command for options"
    NETWORK = "network"


class Hook(NamedTuple):
    """One option that does more than serve; its value may hold secrets, and is not for messages."""

    kind: HookKind
    option: Option


def hooks_of(instance: UwsgiInstance) -> Iterator[Hook]:
    """Yield them in the order of the options. Nothing of them is ever run."""
    config = instance.config
    reload = config.integer(*_AUTORELOAD)
    stdin = config.last("honour-stdin")
    for option in config.pairs:
        key, value = option.key, option.value
        if key in _AUTORELOAD:
            if reload is not None and reload[0] > 0 and reload[1].place == option.place:
                yield Hook(HookKind.AUTORELOAD, option)
        elif key == "honour-stdin":
            if stdin is not None and stdin.place == option.place and is_true(value):
                yield Hook(HookKind.STDIN, option)
        elif key.startswith("exec-") or (
            key.startswith("hook-") and value.lstrip("!").startswith(_RUNS)
        ):
            yield Hook(HookKind.COMMAND, option)
        else:
            kind = _source(key, value)
            if kind is not None:
                yield Hook(kind, option)


def _source(key: str, value: str) -> HookKind | None:
    """Tell where the options or a value come from, when that is no file."""
    name = value if key in _INCLUDES else value.partition("@(")[2]
    if name.startswith(_COMMANDS):
        return HookKind.COMMAND_FOR_OPTIONS
    return HookKind.NETWORK if name.startswith(_NETWORK) else None
