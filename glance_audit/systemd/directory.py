"""Where units and their drop-ins lie, and which of them count.

Source: systemd.unit(5), "Unit File Load Path"; ``src/basic/unit-file.c`` and
``src/shared/dropin.c`` for the order.
"""

from __future__ import annotations

from glance_audit.files import FileSource, Kind, Unreadable

UNIT_DIRECTORIES = (
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
)


def unit_names(
    source: FileSource,
    suffix: str = ".service",
    directories: tuple[str, ...] = UNIT_DIRECTORIES,
) -> tuple[str, ...]:
    """Return the names of all units of one type, sorted.

    Counted are unit files, instances that ``*.wants`` and ``*.requires`` link to, and units of
    which only a drop-in directory is there. Masked units are not.
    """
    found: set[str] = set()
    for directory in _distinct(source, directories):
        for name in _names(source, directory):
            if name.endswith(suffix):
                found.add(name)
            elif name.endswith(suffix + ".d") and len(name) > len(suffix) + 2:
                found.add(name[:-2])
            elif name.endswith((".wants", ".requires")):
                wanted = _names(source, f"{directory}/{name}")
                found.update(unit for unit in wanted if unit.endswith(suffix))
    # foo-.service.d is for every unit that begins with foo-
    named = {name for name in found if not name.endswith("-" + suffix)}
    return tuple(sorted(name for name in named if not is_masked(source, name, directories)))


def fragment(
    source: FileSource, name: str, directories: tuple[str, ...] = UNIT_DIRECTORIES
) -> str | None:
    """Return the path of the unit file that counts, masked or not; the template's for instances."""
    for candidate in (name, template(name)):
        if candidate is None:
            continue
        for directory in directories:
            path = f"{directory}/{candidate}"
            if source.kind(path) is Kind.FILE or _is_null(source, path):
                return path
    return None


def is_masked(
    source: FileSource, name: str, directories: tuple[str, ...] = UNIT_DIRECTORIES
) -> bool:
    """Whether the unit file that counts is a link to /dev/null, or empty."""
    path = fragment(source, name, directories)
    if path is None:
        return False
    if _is_null(source, path):
        return True
    try:
        return not source.read(path)
    except Unreadable:
        return False


def drop_ins(
    source: FileSource,
    names: tuple[str, ...],
    directories: tuple[str, ...] = UNIT_DIRECTORIES,
) -> tuple[str, ...]:
    """Return the drop-ins of a unit (all its ``names``), in the order they are read.

    Sorted by file name whatever the directory; of equal names the first directory's counts.
    """
    chosen: dict[str, str] = {}
    kept = _distinct(source, directories)
    folders = [f"{place}/{step}.d" for name in names for place in kept for step in _chain(name)]
    folders += [f"{place}/{names[0].rpartition('.')[2]}.d" for place in kept]
    for folder in folders:
        for file in _names(source, folder):
            if file.endswith(".conf") and not file.startswith("."):
                chosen.setdefault(file, f"{folder}/{file}")
    paths = (chosen[file] for file in sorted(chosen))
    return tuple(path for path in paths if not _is_null(source, path))


def template(name: str) -> str | None:
    """Return ``uwsgi@.service`` for ``uwsgi@glance.service``, None for all that is no instance."""
    stem, dot, suffix = name.rpartition(".")
    prefix, at, instance = stem.partition("@")
    return f"{prefix}@{dot}{suffix}" if at and instance else None


def _chain(name: str) -> list[str]:
    """Return the names whose drop-ins count for ``name``, most specific first.

    The recursion of ``unit_file_process_dir``, measured on v252: an instance is followed by its
    template, and a template's prefixes (``a-.service``) lose the ``@``.
    """
    stem, dot, suffix = name.rpartition(".")
    prefix, at, instance = stem.partition("@")
    names = [name]
    general = template(name)
    if general is not None:
        names += _chain(general)
    dash = prefix.rfind("-", 0, -1)
    if dash > 0:
        tail = f"{at}{instance}" if instance else ""
        names += _chain(f"{prefix[: dash + 1]}{tail}{dot}{suffix}")
    return list(dict.fromkeys(names))


def _distinct(source: FileSource, directories: tuple[str, ...]) -> list[str]:
    """Drop directories that are the same one under another name (/lib is often /usr/lib)."""
    seen: dict[str, str] = {}
    for directory in directories:
        if source.kind(directory) is Kind.DIRECTORY:
            seen.setdefault(source.real(directory), directory)
    return list(seen.values())


def _names(source: FileSource, directory: str) -> list[str]:
    try:
        return source.names(directory)
    except Unreadable:
        return []


def _is_null(source: FileSource, path: str) -> bool:
    return source.is_link(path) and source.real(path) == "/dev/null"
