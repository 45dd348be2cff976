"""What the live host says about a directory: the only place that asks the machine itself."""

from __future__ import annotations

import os
import re
import stat

from glance_audit.record import NamedTuple

_UID_DIGITS = 11
_OCTAL = re.compile(rb"\\([0-7]{3})")


class DirectoryFacts(NamedTuple):
    """Facts of one directory; None is "could not be known".

    ``total_bytes`` and ``free_bytes`` (for unprivileged users) are those of its file system.
    ``writable`` is judged by the mode bits and is None without a known user, or when an ACL or
    a security module may decide otherwise and the bits say no.
    """

    exists: bool | None
    is_directory: bool | None
    writable: bool | None
    total_bytes: int | None
    free_bytes: int | None
    fstype: str | None


_UNKNOWN = DirectoryFacts(None, None, None, None, None, None)


def probe_host(path: str, user: str | None) -> DirectoryFacts:
    """Ask the running system about ``path``, as the account ``user`` would find it.

    Only for audits of the live system itself. Nothing is created or written.
    """
    try:
        facts = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return DirectoryFacts(False, False, False, None, None, None)
    except (OSError, ValueError):
        return _UNKNOWN
    is_directory = stat.S_ISDIR(facts.st_mode)
    total, free = _room(path)
    return DirectoryFacts(
        True,
        is_directory,
        _writable(path, user) if is_directory else False,
        total,
        free,
        _fstype(path),
    )


def _room(path: str) -> tuple[int | None, int | None]:
    try:
        room = os.statvfs(path)
    except OSError:
        return None, None
    return room.f_frsize * room.f_blocks, room.f_frsize * room.f_bavail


def _fstype(path: str) -> str | None:
    """Return the type of the file system of the last mount over the longest prefix."""
    try:
        with open("/proc/self/mounts", "rb") as stream:
            lines = stream.read().split(b"\n")
    except OSError:
        return None
    real = os.fsencode(os.path.realpath(path))
    best, fstype = -1, None
    for line in lines:
        fields = line.split(b" ")
        if len(fields) < 3:
            continue
        where = _OCTAL.sub(lambda match: bytes([int(match[1], 8)]), fields[1]).rstrip(b"/")
        if (real == where or real.startswith(where + b"/")) and len(where) >= best:
            best, fstype = len(where), fields[2].decode("ascii", "replace")
    return fstype


def _writable(path: str, user: str | None) -> bool | None:
    """Judge by the mode bits of the directory and of all above it; root may always."""
    identity = None if user is None else _identity(user)
    if identity is None:
        return None
    uid, groups = identity
    real = os.path.realpath(path)
    try:
        if os.statvfs(real).f_flag & os.ST_RDONLY:
            return False
        if uid == 0:
            return True
        above = real
        needed = stat.S_IWOTH | stat.S_IXOTH
        while True:
            facts = os.stat(above)
            shift = 6 if facts.st_uid == uid else 3 if facts.st_gid in groups else 0
            if (facts.st_mode >> shift) & needed != needed:
                return None if _has_acl(above) else False
            if above == "/":
                return True
            above, needed = os.path.dirname(above), stat.S_IXOTH
    except OSError:
        return None


def _has_acl(path: str) -> bool:
    """Whether an ACL decides; when that cannot be asked, it may."""
    try:
        return "system.posix_acl_access" in os.listxattr(path)
    except OSError:
        return True


def _identity(user: str) -> tuple[int, frozenset[int]] | None:
    """Return the uid and groups of a name or of a number such as ``#33`` or ``33``."""
    import grp
    import pwd

    number = user.removeprefix("#")
    try:
        if number.isascii() and number.isdigit() and len(number) < _UID_DIGITS:
            account = pwd.getpwuid(int(number))
        else:
            account = pwd.getpwnam(user)
        extra = (group.gr_gid for group in grp.getgrall() if account.pw_name in group.gr_mem)
        return account.pw_uid, frozenset({account.pw_gid, *extra})
    except (KeyError, OSError, OverflowError, ValueError):
        return None
