"""Reading every Glance configuration: those that are named, else those that servers point at."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from glance_audit.deployment.config_directory import CONFIG_DIRECTORY
from glance_audit.deployment.inputs import GlanceInput
from glance_audit.files import FileSource
from glance_audit.oslo import find_glance_files, read
from glance_audit.record import NamedTuple

PROGRAM = "glance-api"
_DROP_INS = f"{PROGRAM}.conf.d"
# Where oslo.config looks for drop-ins, wherever OS_GLANCE_CONFIG_DIR leads; home directories aside.
_SEARCH = (CONFIG_DIRECTORY, posixpath.dirname(CONFIG_DIRECTORY))


class GlanceFiles(NamedTuple):
    """The files of one configuration, least important first; ``drop_ins`` come after them all."""

    directory: str
    files: tuple[str, ...]
    drop_ins: tuple[str, ...] = ()


def of_directory(
    source: FileSource, directory: str, search: tuple[str, ...] = ()
) -> GlanceFiles | None:
    """Return what Glance reads whose configuration lies in a directory; None: nothing is there."""
    files = find_glance_files(source, directory, search=search)
    every = find_glance_files(source, directory, PROGRAM, search)
    if not every:
        return None
    return GlanceFiles(directory, files, every[len(files) :])


def of_named(
    source: FileSource, directories: Iterable[str], files: Iterable[str]
) -> list[GlanceFiles]:
    """Return one configuration for each directory that is named or holds a file that is named."""
    found: dict[str, GlanceFiles] = {}
    for directory in directories:
        one = of_directory(source, directory)
        if one is not None:
            found[directory] = one
    for file in files:
        directory = posixpath.dirname(file)
        folder = posixpath.basename(directory)
        if folder.endswith(".conf.d"):
            directory = posixpath.dirname(directory)
        one = found.get(directory, GlanceFiles(directory, ()))
        if file in one.files or file in one.drop_ins:
            continue
        if folder == _DROP_INS:
            found[directory] = one._replace(drop_ins=(*one.drop_ins, file))
        else:
            found[directory] = one._replace(files=(*one.files, file))
    return list(found.values())


def of_servers(source: FileSource, directories: Iterable[str]) -> list[GlanceFiles]:
    """Return the configuration of the usual directory and of those that servers point at."""
    wanted = dict.fromkeys((CONFIG_DIRECTORY, *directories))
    found = (of_directory(source, directory, _SEARCH) for directory in wanted)
    return [one for one in found if one is not None]


def read_glances(source: FileSource, found: Iterable[GlanceFiles]) -> tuple[GlanceInput, ...]:
    """Read each configuration."""
    return tuple(
        GlanceInput(
            one.directory,
            read(source, one.files),
            read(source, one.drop_ins) if one.drop_ins else None,
        )
        for one in found
    )
