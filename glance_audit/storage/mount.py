"""The file systems that the audited files mount: /etc/fstab and systemd's mount units."""

from __future__ import annotations

import re

from glance_audit.files import FileSource, Place, Unreadable
from glance_audit.record import NamedTuple
from glance_audit.storage.size import mount_option_size
from glance_audit.systemd import Unit, read_unit, unit_names

_FIELD = re.compile(r"[^ \t]+")
_OCTAL = re.compile(r"\\([0-7]{3})")
_MEMORY = frozenset({"tmpfs", "ramfs"})


class Mount(NamedTuple):
    """One mount.

    ``size_bytes`` is what tmpfs's ``size=`` limits it to; None when nothing says so (a disk, a
    percentage of memory, tmpfs's default of half of it). ``place`` is the line or value that
    mounts it.
    """

    where: str
    fstype: str
    size_bytes: int | None
    place: Place | None

    @property
    def in_memory(self) -> bool:
        """Whether what is written there fills memory."""
        return self.fstype in _MEMORY


def mounts(source: FileSource) -> tuple[Mount, ...]:
    """Return the mounts that /etc/fstab and ``.mount`` units describe; the later one counts.

    A unit file in /etc hides the fstab line of the same mount point, as the generator's units
    rank below it; the units a distribution ships rank below fstab. A mount unit that nothing
    enables is left out: ``tmp.mount`` in /usr/lib is only a template on Debian.
    """
    found: dict[str, Mount] = {}
    listed = fstab(source)
    for mount in listed:
        found.pop(mount.where, None)
        found[mount.where] = mount
    for name in unit_names(source, ".mount"):
        unit = read_unit(source, name)
        mounted = None if unit is None else _from_unit(unit)
        if unit is None or mounted is None:
            continue
        local = (unit.fragment or "").startswith(("/etc/", "/run/"))
        if not local and (mounted.where in found or not _is_wanted(source, name)):
            continue
        found.pop(mounted.where, None)
        found[mounted.where] = mounted
    return tuple(found.values())


def fstab(source: FileSource, path: str = "/etc/fstab") -> tuple[Mount, ...]:
    """Return the lines of /etc/fstab that are mounted at boot; swap and ``noauto`` are not."""
    try:
        text = source.text(path)
    except Unreadable:
        return ()
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        fields = list(_FIELD.finditer(line.rstrip("\r")))
        if len(fields) < 3 or fields[0][0].startswith("#"):
            continue
        where = _unescaped(fields[1][0])
        options = fields[3][0] if len(fields) > 3 else ""
        if not where.startswith("/") or "noauto" in options.split(","):
            continue
        place = Place(path, number, fields[0].start() + 1, number, fields[-1].end() + 1)
        found.append(_mount(where, fields[2][0], options, place))
    return tuple(found)


def mount_for(mounts: tuple[Mount, ...], path: str) -> Mount | None:
    """Return the mount that holds an absolute path: the deepest, of equals the last."""
    best: Mount | None = None
    for mount in mounts:
        prefix = mount.where.rstrip("/")
        holds = path == prefix or path.startswith(prefix + "/") or not prefix
        if holds and (best is None or len(prefix) >= len(best.where.rstrip("/"))):
            best = mount
    return best


def tmpfs_of(where: str, options: str, place: Place | None) -> Mount:
    """Return the mount of a service's own TemporaryFileSystem=."""
    return _mount(where, "tmpfs", options, place)


def _from_unit(unit: Unit) -> Mount | None:
    where = unit.last("Mount", "Where")
    what = unit.last("Mount", "What")
    if where is None or not where.value.startswith("/"):
        return None
    kind = unit.last("Mount", "Type")
    fstype = kind.value if kind is not None else ""
    if not fstype and what is not None and what.value in _MEMORY:
        fstype = what.value
    options = ",".join(setting.value for setting in unit.all("Mount", "Options")[-1:])
    size = unit.last("Mount", "Options") if "size=" in options else None
    return _mount(where.value, fstype, options, (size or where).place)


def _is_wanted(source: FileSource, name: str) -> bool:
    """Whether some target pulls the unit in by a link."""
    for directory in ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"):
        try:
            targets = source.names(directory)
        except Unreadable:
            continue
        for target in targets:
            if not target.endswith((".wants", ".requires")):
                continue
            try:
                if name in source.names(f"{directory}/{target}"):
                    return True
            except Unreadable:
                continue
    return False


def _mount(where: str, fstype: str, options: str, place: Place | None) -> Mount:
    size = None
    if fstype == "tmpfs":
        for option in options.split(","):
            name, _, value = option.partition("=")
            if name == "size":
                size = mount_option_size(value)
    return Mount(where.rstrip("/") or "/", fstype, size, place)


def _unescaped(field: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), field)
