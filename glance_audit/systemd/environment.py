"""The environment block of a service: Environment=, EnvironmentFile=, UnsetEnvironment=."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from glance_audit.files import FileSource, Kind, Place, Problem, ProblemKind, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.systemd.specifier import UnknownSpecifier, expand
from glance_audit.systemd.word import Unbalanced, Word, next_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from glance_audit.environment import Environment
    from glance_audit.systemd.unit_file import UnitSetting

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_UNDECODED = re.compile("[\udc80-\udcff]")


class EnvironmentVariable(NamedTuple):
    """One variable; ``value`` is None when it depends on the host (a specifier like ``%m``)."""

    name: str
    value: str | None
    place: Place


def environment(
    assignments: tuple[UnitSetting, ...],
    files: tuple[UnitSetting, ...],
    unset: tuple[UnitSetting, ...],
    known: dict[str, str],
    read: Callable[[str], Environment],
    source: FileSource,
) -> tuple[tuple[EnvironmentVariable, ...], list[Problem]]:
    """Merge the block as ``exec_context_load_environment`` and ``exec_child`` do.

    Files override Environment= whatever the order of the lines; UnsetEnvironment= comes last.
    """
    block: dict[str, EnvironmentVariable] = {}
    problems: list[Problem] = []
    for setting in assignments:
        _assign(setting, known, block, problems)
    once = cache(read)
    told: set[str] = set()
    for setting in files:
        _load(setting, known, block, problems, once, told, source)
    for setting in unset:
        words, _ = _words(setting)
        for word in words:
            name, equal, value = word.text.partition("=")
            found = block.get(name)
            if found is not None and (not equal or found.value == value):
                del block[name]
    return tuple(block.values()), problems


def _assign(
    setting: UnitSetting,
    known: dict[str, str],
    block: dict[str, EnvironmentVariable],
    problems: list[Problem],
) -> None:
    words, broken = _words(setting)
    for word in words:
        place = setting.part(word.start, word.end)
        try:
            text = expand(word.text, known)
        except UnknownSpecifier as error:
            problems.append(_ignored(f"An unknown {error}: the assignment is ignored", place))
            continue
        name, equal, value = word.text.partition("=")
        if not equal or not _NAME.match(name) or _UNDECODED.search(value):
            problems.append(_ignored("Not a valid assignment: it is ignored", place))
            continue
        known_value = None if text is None else text.partition("=")[2]
        block[name] = EnvironmentVariable(name, known_value, place)
    if broken:
        message = "An unclosed quote or unknown escape: the rest of the line is ignored"
        problems.append(_ignored(message, setting.place))


def _load(
    setting: UnitSetting,
    known: dict[str, str],
    block: dict[str, EnvironmentVariable],
    problems: list[Problem],
    read: Callable[[str], Environment],
    told: set[str],
    source: FileSource,
) -> None:
    optional = setting.value.startswith("-")
    try:
        pattern = expand(setting.value[optional:], known)
    except UnknownSpecifier as error:
        problems.append(_ignored(f"An unknown {error}: the file is ignored", setting.place))
        return
    if pattern is None:
        return
    if not pattern.startswith("/"):
        problems.append(_ignored("The path is not absolute: it is ignored", setting.place))
        return
    paths = _matches(source, pattern)
    if not paths and not optional:
        problems.append(
            Problem(
                ProblemKind.INCLUDE_MISSING,
                f"EnvironmentFile= names {pattern}, which does not exist: the service fails",
                setting.place,
                "write the path with a - in front when the file is optional",
            )
        )
    for path in paths:
        loaded = read(path)
        if path not in told and not (optional and path not in loaded.files):
            problems += loaded.problems
            told.add(path)
        for variable in loaded.variables.values():
            block[variable.name] = EnvironmentVariable(
                variable.name, variable.value, variable.place
            )


def _matches(source: FileSource, pattern: str) -> list[str]:
    """Return what ``glob`` gives, component by component, sorted."""
    paths = [""]
    for step in pattern.strip("/").split("/"):
        if not any(mark in step for mark in "*?["):
            paths = [f"{path}/{step}" for path in paths]
            continue
        grown = []
        for path in paths:
            try:
                names = source.names(path or "/")
            except Unreadable:
                continue
            hidden = step.startswith(".")
            matching = (n for n in names if fnmatchcase(n, step) and (hidden or n[0] != "."))
            grown += [f"{path}/{name}" for name in matching]
        paths = grown
    return [path for path in paths if source.kind(path) is not Kind.MISSING]


def _words(setting: UnitSetting) -> tuple[list[Word], bool]:
    words: list[Word] = []
    at = 0
    while True:
        try:
            word = next_word(setting.value, at, lenient=False)
        except Unbalanced:
            return words, True
        if word is None:
            return words, False
        words.append(word)
        at = word.end


def _ignored(message: str, place: Place) -> Problem:
    return Problem(ProblemKind.SYNTAX, message, place, fatal=False)
