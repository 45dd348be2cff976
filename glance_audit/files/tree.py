"""Two ways to a path: on the machine as it is, and below a root that is never left."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol

MAX_LINKS = 40  # as the kernel's MAXSYMLINKS
_OPEN_DIRECTORIES = 128
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_LIST = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_PASS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class LinkLoop(Exception):
    """More links than the kernel would follow."""


class Tree(Protocol):
    """Access to paths that are absolute in the audited system.

    Every method raises OSError as the system call does, and ValueError for a path that no system
    can have.
    """

    def stat(self, path: str) -> os.stat_result:
        """Return the facts of what a path leads to, links followed."""

    def open(self, path: str) -> int:
        """Open a file for reading, without waiting for a FIFO's writer; return its descriptor."""

    def entries(self, path: str) -> list[tuple[str, bool]]:
        """Return a directory's names, and whether each is known to be a regular file, no link."""

    def is_link(self, path: str) -> bool:
        """Whether the last component is a symbolic link."""

    def real(self, path: str) -> str:
        """Return the path with every link followed."""


class Machine:
    """The paths of this machine."""

    def stat(self, path: str) -> os.stat_result:
        """As :meth:`Tree.stat`."""
        return os.stat(path)

    def open(self, path: str) -> int:
        """As :meth:`Tree.open`."""
        return os.open(path, _READ)

    def entries(self, path: str) -> list[tuple[str, bool]]:
        """As :meth:`Tree.entries`."""
        return _entries(path)

    def is_link(self, path: str) -> bool:
        """As :meth:`Tree.is_link`."""
        return os.path.islink(path)

    def real(self, path: str) -> str:
        """As :meth:`Tree.real`."""
        return os.path.realpath(path)


class Confined:
    """The paths below a root, links followed as ``chroot`` would.

    An absolute target starts at the root again and ``..`` stops there. Every step is taken from
    the descriptor of the directory before it and never through a link (``openat``, O_NOFOLLOW): a
    link that appears while we read cannot lead outside either.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._directories: dict[tuple[str, ...], int] = {}
        self._known: dict[str, tuple[str, ...]] = {}

    def stat(self, path: str) -> os.stat_result:
        """As :meth:`Tree.stat`."""
        steps = self._walk(path)
        if not steps:
            return os.stat(self._root)
        return os.stat(steps[-1], dir_fd=self._directory(steps[:-1]), follow_symlinks=False)

    def open(self, path: str) -> int:
        """As :meth:`Tree.open`."""
        steps = self._walk(path)
        if not steps:
            raise IsADirectoryError
        return os.open(steps[-1], _READ | os.O_NOFOLLOW, dir_fd=self._directory(steps[:-1]))

    def entries(self, path: str) -> list[tuple[str, bool]]:
        """As :meth:`Tree.entries`."""
        steps = self._walk(path)
        if not steps:
            return _entries(self._root)
        handle = os.open(steps[-1], _LIST | os.O_NOFOLLOW, dir_fd=self._directory(steps[:-1]))
        try:
            return _entries(handle)
        finally:
            os.close(handle)

    def is_link(self, path: str) -> bool:
        """As :meth:`Tree.is_link`."""
        parent, name = os.path.split(path)
        return self._target(self._walk(parent), name) is not None

    def real(self, path: str) -> str:
        """As :meth:`Tree.real`."""
        return "/" + "/".join(self._walk(path))

    def _walk(self, path: str) -> tuple[str, ...]:
        """Return the components of a path once no link is left in it."""
        parent, _, name = path.rpartition("/")
        if name in ("", ".", ".."):
            return self._follow((), path)
        steps = self._known.get(parent)
        if steps is None:
            steps = self._known[parent] = self._follow((), parent)
        return self._follow(steps, name)

    def _follow(self, start: tuple[str, ...], path: str) -> tuple[str, ...]:
        pending = path.split("/")[::-1]
        done = list(start)
        links = 0
        while pending:
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                del done[-1:]
                continue
            target = self._target(tuple(done), part)
            if target is None:
                done.append(part)
                continue
            links += 1
            if links > MAX_LINKS:
                raise LinkLoop
            if target.startswith("/"):
                done.clear()
            pending += target.split("/")[::-1]
        return tuple(done)

    def _target(self, steps: tuple[str, ...], name: str) -> str | None:
        try:
            return os.readlink(name, dir_fd=self._directory(steps))
        except OSError:  # no link, or not there: whoever opens it learns which
            return None

    def _directory(self, steps: tuple[str, ...]) -> int:
        """Return the descriptor of a directory, given by components of which none is a link."""
        known = self._directories.get(steps)
        if known is not None:
            return known
        if not steps:
            handle = os.open(self._root, _PASS & ~os.O_NOFOLLOW)
        else:
            handle = os.open(steps[-1], _PASS, dir_fd=self._directory(steps[:-1]))
            if len(self._directories) >= _OPEN_DIRECTORIES:
                self._forget()
        self._directories[steps] = handle
        return handle

    def _forget(self) -> None:
        for handle in self._directories.values():
            os.close(handle)
        self._directories.clear()

    def __del__(self, _close: Callable[[int], None] = os.close) -> None:
        """Close what is open."""
        for handle in self._directories.values():
            _close(handle)


def _entries(directory: str | int) -> list[tuple[str, bool]]:
    with os.scandir(directory) as listing:
        return [(entry.name, entry.is_file(follow_symlinks=False)) for entry in listing]
