"""Values that uWSGI reads otherwise than they are meant: comments, units, words, repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise

from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.unknown_option import option_table
from glance_audit.files import Inclusion
from glance_audit.record import NamedTuple
from glance_audit.uwsgi import Option, OptionFact, UwsgiConfig, atoi, is_true, parse_socket
from glance_audit.uwsgi.logic import ENDS, LOGIC

_UNRESOLVED = re.compile(r"[$@]\(|%")
_COMMENT = re.compile(r"[ \t]+[;#].*\Z")
_NUMBER = re.compile(r"[+-]?[0-9]+")
_SUFFIX = re.compile(r"[ \t]*([A-Za-z]+)\Z|[.,_][0-9]")
_NUMERIC = frozenset({"int", "int>=0", "uint16", "uint64", "megabytes"})
_BOOLEAN = frozenset({"bool", "bool-inverted"})
_SCALAR = _NUMERIC | _BOOLEAN | {"string"}
_OFF = frozenset({"false", "off", "no", "0"})
_MEANT_OFF = frozenset({"n", "f", "none", "null", "nil", "never", "disable", "disabled", "00"})
_MEANT_ON = frozenset({"true", "on", "yes", "y", "t", "enable", "enabled"})
_SECONDS = frozenset({"s", "sec", "secs", "second", "seconds"})
_BYTES = frozenset({"b", "byte", "bytes"})
_MEGABYTES = frozenset({"m", "mb", "mib"})
# Text in which a comment is certainly none of the value.
_NAMES = frozenset(
    {
        *("module", "wsgi", "wsgi-file", "file", "callable", "chdir", "uid", "gid", "stats"),
        *("home", "virtualenv", "venv", "pyhome", "plugins", "plugin", "pythonpath", "pidfile"),
    }
)
_STATS = frozenset({"stats", "stats-server", "http", "https", "httprouter"})
_HOST_OR_PORT = re.compile(r"[0-9]+(?:\.[0-9]+){0,3}\Z")


class TrapKind(Enum):
    """How a value is misread."""

    COMMENT = "comment"
    COMMENT_IGNORED = "comment ignored"
    COMMENT_KEPT = "comment kept"
    ON = "on"
    UNIT = "unit"
    WORD = "word"
    EMPTY = "empty"
    SOCKET = "socket"
    REPEATED = "repeated"
    MODE = "mode"
    INHERITED = "inherited"


class Trap(NamedTuple):
    """A value that is misread.

    ``reads`` is what uWSGI makes of it, where that is a number or a mode; ``winner`` the option
    that counts instead.
    """

    kind: TrapKind
    option: Option
    reads: str = ""
    winner: Option | None = None


def value_traps(instance: UwsgiInstance) -> Iterator[Trap]:
    """Yield the traps in the files of an instance, first those of single values."""
    table = option_table()
    config = instance.config
    seen = set()
    for option in config.pairs:
        if option.origin != "file" or option.place in seen or _UNRESOLVED.search(option.value):
            continue
        seen.add(option.place)
        fact = table.get(option.key)
        trap = _misread(option, fact) if fact is not None and fact.released else None
        if trap is not None:
            yield trap
    yield from _replaced(config)


def _misread(option: Option, fact: OptionFact) -> Trap | None:
    kind, value = fact.value_type, option.value
    comment = _COMMENT.search(value)
    if comment is not None:
        return _comment(option, fact, value[: comment.start()])
    if kind in _BOOLEAN:
        bare = value.strip("\"'").lower()
        meant_off = bare in _MEANT_OFF or (bare in _OFF and bare != value.lower())
        return Trap(TrapKind.ON, option) if meant_off else None
    if kind in _NUMERIC:
        return _number(option, fact)
    if kind == "list(socket)" or option.key in _STATS:
        word = value.lower()
        odd = word in _OFF | _MEANT_OFF | _MEANT_ON or _HOST_OR_PORT.match(value)
        unix = parse_socket(value).kind == "unix"
        return Trap(TrapKind.SOCKET, option) if odd and unix else None
    return None


def _comment(option: Option, fact: OptionFact, before: str) -> Trap | None:
    if fact.value_type in _BOOLEAN:
        same = is_true(before) == is_true(option.value)
        return Trap(TrapKind.COMMENT_IGNORED if same else TrapKind.COMMENT, option)
    if fact.value_type in _NUMERIC and _NUMBER.match(before):
        return Trap(TrapKind.COMMENT_IGNORED, option)
    if option.key in _NAMES or fact.value_type == "list(socket)":
        return Trap(TrapKind.COMMENT_KEPT, option)
    return None


def _number(option: Option, fact: OptionFact) -> Trap | None:
    value = option.value
    number = _NUMBER.match(value)
    if number is None:
        if not value:
            return Trap(TrapKind.EMPTY, option, "0") if fact.argument != "required" else None
        word = value.strip("\"'").lower()
        return None if word in _OFF | _MEANT_OFF else Trap(TrapKind.WORD, option, "0")
    suffix = _SUFFIX.match(value, number.end())
    if suffix is None:
        return None
    unit = (suffix[1] or "").lower()
    harmless = {"megabytes": _MEGABYTES, "uint64": _BYTES | _SECONDS}
    if unit in harmless.get(fact.value_type, _SECONDS):
        return None
    return Trap(TrapKind.UNIT, option, str(atoi(value)))


def _replaced(config: UwsgiConfig) -> Iterator[Trap]:
    """Yield the scalars that a later option replaces, where nobody meant it to."""
    table = option_table()
    inheriting = {(o.place.file, o.place.line) for o in config.pairs if o.key == "inherit"}
    last: dict[str, Option] = {}
    modes: list[Option] = []
    blocked = False
    for option in config.pairs:
        key = option.key
        blocked = (blocked or key in LOGIC) and key not in ENDS
        fact = table.get(key)
        if fact is None or option.origin != "file" or blocked:
            continue
        if key == "chmod-socket":
            modes.append(option)
        if fact.repeatable or (fact.value_type not in _SCALAR and key not in ("uid", "gid")):
            continue
        before, last[key] = last.get(key), option
        if before is None or before.place == option.place or _same(fact, before, option):
            continue
        if _is_inherited(option, inheriting) and not _is_inherited(before, inheriting):
            yield Trap(TrapKind.INHERITED, before, winner=option)
        elif before.place.file == option.place.file:
            yield Trap(TrapKind.REPEATED, before, winner=option)
    yield from _added_modes(modes)


def _same(fact: OptionFact, one: Option, other: Option) -> bool:
    if fact.value_type in _BOOLEAN:
        return is_true(one.value) == is_true(other.value)
    return one.value == other.value


def _is_inherited(option: Option, inheriting: set[tuple[str, int]]) -> bool:
    steps: tuple[Inclusion, ...] = option.place.included_from
    return any((step.file, step.line) in inheriting for step in steps)


def _added_modes(modes: list[Option]) -> Iterator[Trap]:
    """Yield repeated modes: uWSGI shifts the first one to the left and adds the second."""
    octal = re.compile(r"[0-7]{3}\Z")
    for first, second in pairwise(modes):
        if octal.match(first.value) and octal.match(second.value):
            mode = int(first.value + second.value, 8) & 0o7777
            if mode != int(second.value, 8):
                yield Trap(TrapKind.MODE, first, f"{mode:o}", second)
