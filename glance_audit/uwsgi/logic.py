"""``if-…`` and ``for…``: which options of a block count, and how often."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from glance_audit.files import FileSource, Kind, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.uwsgi.facts import HostFacts
from glance_audit.uwsgi.glob import glob
from glance_audit.uwsgi.values import atoi

# "end" is no option (unknown under strict), yet it ends a block: core/config.c.
ENDS = frozenset({"end", "endif", "endfor", "end-if", "end-for"})
_PLAIN = re.compile(r"[A-Za-z0-9_ -]*")
_READLINE = 1023  # bytes for-readline takes at once: char line[1024]


class Surroundings(NamedTuple):
    """What conditions ask about."""

    source: FileSource
    cwd: str
    environment: Mapping[str, str]
    facts: HostFacts
    option: Callable[[str], str | None]
    """The first value so far of a key."""
    plugin: Callable[[str], bool | None]
    """Whether a plugin is loaded; None when nobody knows."""


class Undecided(Exception):
    """A condition on what nobody told: ``args[0]`` names it. The block counts as left out."""


def rounds(name: str, argument: str, around: Surroundings) -> Iterable[str | None]:
    """Return what ``%(_)`` stands for in each round of a block's option.

    No round leaves the option out, None keeps ``%(_)`` as it is. Conditions are asked anew for
    every option of the block, as in core/config.c (uwsgi_logic_opt_*).

    Raises:
        Undecided: the answer needs a fact of the machine.
        Unreadable: the file of ``for-readline`` cannot be read.
    """
    loop = _LOOPS.get(name)
    if loop is not None:
        return loop(argument, around)
    positive = name not in _NEGATIVE
    condition = _CONDITIONS[_NEGATIVE.get(name, name)]
    holds, word = condition(argument, around)
    return [word] if holds == positive else []


def _for(argument: str, around: Surroundings) -> Iterable[str]:
    return [word for word in argument.split(" ") if word]


def _for_times(argument: str, around: Surroundings) -> Iterable[str]:
    return map(str, range(1, atoi(argument) + 1))


def _for_glob(argument: str, around: Surroundings) -> Iterable[str]:
    return glob(around.source, argument, around.cwd)


def _for_readline(argument: str, around: Surroundings) -> Iterable[str]:
    data = around.source.read(_path(argument, around.cwd))
    lines = []
    for line in data.split(b"\n"):
        pieces = [line[at : at + _READLINE] for at in range(0, len(line) or 1, _READLINE)]
        lines += [piece.partition(b"\0")[0].rstrip(b"\r") for piece in pieces]
    if not lines[-1]:
        lines.pop()
    return [line.decode("utf-8", "surrogateescape") for line in lines]


def _environment(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    return _equals(argument, around.environment.get)


def _option(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    return _equals(argument, around.option)


def _equals(argument: str, lookup: Callable[[str], str | None]) -> tuple[bool, str | None]:
    name, equal, wanted = argument.partition("=")
    value = lookup(name)
    return value is not None and (not equal or value == wanted), value


def _reload(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    return around.facts.reload, None


def _hostname(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    if around.facts.hostname is None:
        raise Undecided("the host's name")
    return around.facts.hostname == argument, argument


def _hostname_match(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    hostname = around.facts.hostname
    if hostname is None or not _PLAIN.fullmatch(argument):
        # An audited file's expression is not run: it may take forever.
        raise Undecided("whether the host's name matches an expression")
    return argument in hostname, argument


def _plugin(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    loaded = around.plugin(argument)
    if loaded is None:
        raise Undecided("the plugins compiled into uWSGI")
    return loaded, argument


def _exists(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    return _kind(argument, around) is not Kind.MISSING, argument


def _file(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    return _kind(argument, around) is Kind.FILE, argument


def _directory(argument: str, around: Surroundings) -> tuple[bool, str | None]:
    return _kind(argument, around) is Kind.DIRECTORY, argument


def _kind(argument: str, around: Surroundings) -> Kind:
    if not argument:
        return Kind.MISSING
    try:
        return around.source.kind(_path(argument, around.cwd))
    except Unreadable:
        return Kind.MISSING


def _path(name: str, cwd: str) -> str:
    return name if name.startswith("/") else f"{cwd}/{name}"


_LOOPS: Mapping[str, Callable[[str, Surroundings], Iterable[str | None]]] = {
    "for": _for,
    "for-glob": _for_glob,
    "for-times": _for_times,
    "for-readline": _for_readline,
}
_CONDITIONS: Mapping[str, Callable[[str, Surroundings], tuple[bool, str | None]]] = {
    "if-opt": _option,
    "if-env": _environment,
    "ifenv": _environment,
    "if-reload": _reload,
    "if-hostname": _hostname,
    "if-hostname-match": _hostname_match,
    "if-exists": _exists,
    "ifexists": _exists,
    "if-plugin": _plugin,
    "ifplugin": _plugin,
    "if-file": _file,
    "if-dir": _directory,
    "ifdir": _directory,
    "if-directory": _directory,
}
_NEGATIVE: Mapping[str, str] = {
    f"if-not-{name}": f"if-{name}"
    for name in (
        *("opt", "env", "reload", "hostname", "hostname-match"),
        *("exists", "plugin", "file", "dir"),
    )
}
LOGIC = frozenset({*_LOOPS, *_CONDITIONS, *_NEGATIVE})
