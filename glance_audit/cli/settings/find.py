"""Where the settings file is: the nearest one, from the working directory to the repository's."""

from __future__ import annotations

import os
from collections.abc import Iterator

from glance_audit.cli.status import Refused

NAME = "glance-audit.toml"
SHARED = "pyproject.toml"
TABLE = ("tool", "glance-audit")  # of the shared file
_REPOSITORY = (".git", ".hg")


def find(cwd: str) -> str | None:
    """Return the path of the settings file that holds in a directory, if there is one.

    Outside a repository only that directory is looked at: further up, in ``/tmp`` or ``/home``,
    may be anybody's files. So it is where a directory on the way, or what makes it a repository,
    is another user's: anybody can make a ``.git`` in ``/tmp``.
    """
    for directory in _directories(cwd):
        own = os.path.join(directory, NAME)
        if os.path.lexists(own):
            return own
        shared = os.path.join(directory, SHARED)
        if os.path.isfile(shared) and _speaks_of_us(shared):
            return shared
    return None


def _directories(cwd: str) -> Iterator[str]:
    """Yield the directories from the working directory up to the repository's own."""
    directories = [cwd]
    at = cwd
    while True:
        signs = [os.path.join(at, name) for name in _REPOSITORY]
        found = [sign for sign in signs if os.path.lexists(sign)]
        if found:
            yield from directories if all(map(_ours, found)) else [cwd]
            return
        parent = os.path.dirname(at)
        if parent == at or not _ours(parent):
            yield cwd
            return
        directories.append(parent)
        at = parent


def _ours(path: str) -> bool:
    """Tell whether a path is this user's, who may be root by sudo, or root's."""
    users = {0, os.geteuid()}
    sudo = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and sudo.isascii() and sudo.isdigit():
        users.add(int(sudo))
    try:
        return os.lstat(path).st_uid in users
    except OSError:
        return False


def _speaks_of_us(path: str) -> bool:
    """Tell whether a project's file has a table for us; reading TOML takes longer than looking."""
    try:
        with open(path, "rb") as file:
            if TABLE[1].encode() not in file.read():
                return False
    except OSError:
        return False  # another tool's to complain of
    from glance_audit.cli.settings.document import NoSettings, read

    try:
        read(path)
    except NoSettings:  # the name of a dependency
        return False
    except Refused:
        pass  # told when it is read for its settings
    return True
