"""One unit as the manager loads it: its file, its drop-ins, its environment and its commands."""

from __future__ import annotations

import re

from glance_audit.environment import read_environment_file
from glance_audit.files import FileSource, Place, Problem, ProblemKind, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.systemd.command import Command, commands
from glance_audit.systemd.directory import UNIT_DIRECTORIES, drop_ins, fragment, is_masked
from glance_audit.systemd.environment import EnvironmentVariable, environment
from glance_audit.systemd.specifier import specifiers
from glance_audit.systemd.unit_file import UnitSetting, parse_unit_file

__all__ = ["EnvironmentVariable", "TemporaryFileSystem", "Unit", "boolean", "read_unit"]

_SPLIT = re.compile(r"[ \t\n\r]+")
_TRUE = frozenset({"1", "yes", "y", "true", "t", "on"})
_FALSE = frozenset({"0", "no", "n", "false", "f", "off"})


class TemporaryFileSystem(NamedTuple):
    """A tmpfs that a unit mounts for itself: where, and its mount options (``size=10G``)."""

    where: str
    options: str
    place: Place


class Unit(NamedTuple):
    """A loaded unit.

    ``fragment`` is the main file, None when the tree holds only drop-ins for it. ``files`` are
    all that were read, in the order they count. ``settings`` are raw, resets included.
    ``environment`` is what EnvironmentFile= and UnsetEnvironment= leave of Environment=.
    """

    name: str
    fragment: str | None
    files: tuple[str, ...]
    settings: tuple[UnitSetting, ...]
    problems: tuple[Problem, ...]
    environment: tuple[EnvironmentVariable, ...]
    exec_start: tuple[Command, ...]

    def last(self, section: str, name: str) -> UnitSetting | None:
        """Return the last assignment, also when it is empty; names are case-sensitive."""
        for setting in reversed(self.settings):
            if setting.name == name and setting.section == section:
                return setting
        return None

    def all(self, section: str, name: str) -> tuple[UnitSetting, ...]:
        """Return the assignments of a list option: those after its last empty assignment."""
        return _effective(self.settings, section, name)

    def variable(self, name: str) -> EnvironmentVariable | None:
        """Return one variable of the unit's environment."""
        return next((found for found in self.environment if found.name == name), None)

    @property
    def private_tmp(self) -> UnitSetting | None:
        """The last PrivateTmp=; its value has yet to be read with :func:`boolean`."""
        return self.last("Service", "PrivateTmp")

    @property
    def user(self) -> UnitSetting | None:
        """The User= that counts, None when it is unset or reset (root, for a system service)."""
        setting = self.last("Service", "User")
        return setting if setting is not None and setting.value else None

    @property
    def temporary_file_systems(self) -> tuple[TemporaryFileSystem, ...]:
        """What TemporaryFileSystem= mounts, word by word."""
        found = []
        for setting in self.all("Service", "TemporaryFileSystem"):
            at = 0
            for word in _SPLIT.split(setting.value):
                at = setting.value.index(word, at)
                where, _, options = word.partition(":")
                place = setting.part(at, at + len(word))
                found.append(TemporaryFileSystem(where, options, place))
                at += len(word)
        return tuple(found)


def boolean(text: str) -> bool | None:
    """Return systemd's reading of a truth value, None when it would ignore the line."""
    word = text.lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def read_unit(
    source: FileSource,
    name: str,
    directories: tuple[str, ...] = UNIT_DIRECTORIES,
) -> Unit | None:
    """Load a unit with its drop-ins; None when there is no trace of it or it is masked.

    ``directories`` is the search path, most important first.
    """
    main = fragment(source, name, directories)
    if main is not None and is_masked(source, name, directories):
        return None
    names: tuple[str, ...] = (name,)
    target = source.real(main).rpartition("/")[2] if main is not None else name
    if target != name and "@." not in target and target.endswith(name.rpartition(".")[2]):
        names = (target, name)  # an alias: the drop-ins of both count
    extra = drop_ins(source, names, directories)
    own = f"/{name}.d/"
    if main is None and not any(own in path for path in extra):
        return None  # a drop-in for all services makes no service
    files: list[str] = []
    settings: list[UnitSetting] = []
    problems: list[Problem] = []
    for path in (main, *extra):
        if path is None:
            continue
        try:
            text = source.text(path)
        except Unreadable as error:
            problems.append(Problem(ProblemKind.UNREADABLE, error.reason, Place(error.path)))
            continue
        files.append(path)
        found, faults = parse_unit_file(path, text)
        settings += found
        problems += faults
    known = specifiers(names[0])
    started: list[Command] = []
    for setting in _effective(settings, "Service", "ExecStart"):
        argued, refused = commands(setting, known)
        started += argued
        problems += refused
    variables, faults = environment(
        _effective(settings, "Service", "Environment"),
        _effective(settings, "Service", "EnvironmentFile"),
        _effective(settings, "Service", "UnsetEnvironment"),
        known,
        lambda path: read_environment_file(source, path),
        source,
    )
    problems += faults
    return Unit(
        names[0],
        main,
        tuple(files),
        tuple(settings),
        tuple(problems),
        variables,
        tuple(started),
    )


def _effective(
    settings: list[UnitSetting] | tuple[UnitSetting, ...], section: str, name: str
) -> tuple[UnitSetting, ...]:
    found: list[UnitSetting] = []
    for setting in settings:
        if setting.name == name and setting.section == section:
            if not setting.value:
                found.clear()
                continue
            found.append(setting)
    return tuple(found)
