"""Reading the audited system, below one root and within bounds."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from enum import Enum

_MAX_LINKS = 40  # as the kernel's MAXSYMLINKS
_IMPOSSIBLE = "no path can contain a NUL byte or a lone half of a character"


class Kind(Enum):
    """What a path is once links are followed."""

    MISSING = "missing"
    FILE = "file"
    DIRECTORY = "directory"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read; each refusal is reported, never silent."""

    file_bytes: int = 16 * 1024 * 1024
    files: int = 200_000


class Unreadable(Exception):
    """A path that could not be read: ``path`` in the audited system and ``reason`` for a person."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class FileSource:
    """The files of one audited system.

    Paths are absolute inside that system. With a ``root`` other than ``/`` every link is followed
    inside the root, as ``chroot`` would: absolute targets start at the root again and ``..`` stops
    there, so nothing outside is ever opened. Only regular files are read. Nothing is executed.
    """

    def __init__(self, root: str = "/", limits: Limits | None = None) -> None:
        self.root = os.path.abspath(root)
        self.limits = limits or Limits()
        self._bytes: dict[str, bytes] = {}
        self._text: dict[str, str] = {}
        self._put: set[str] = set()

    def read(self, path: str) -> bytes:
        """Return the bytes of a regular file.

        Raises:
            Unreadable: missing, not a regular file, too large, no permission, a link loop.
        """
        path = _plain(path)
        known = self._bytes.get(path)
        if known is not None:
            return known
        if len(self._bytes) >= self.limits.files:
            raise Unreadable(path, f"more than {self.limits.files} files were read; stopped here")
        data = self._read(path)
        self._bytes[path] = data
        return data

    def text(self, path: str) -> str:
        """Return a file as UTF-8 text in which every other byte survives as a lone surrogate.

        Raises:
            Unreadable: as :meth:`read`.
        """
        path = _plain(path)
        known = self._text.get(path)
        if known is None:
            known = self.read(path).decode("utf-8", "surrogateescape")
            self._text[path] = known
        return known

    def put(self, path: str, text: str) -> None:
        """Let a text stand for a file, whether it is there or not: standard input's."""
        path = _plain(path)
        self._text[path] = text
        self._bytes[path] = text.encode("utf-8", "surrogateescape")
        self._put.add(path)

    def kind(self, path: str) -> Kind:
        """Say what a path is, following links; an unreachable path is MISSING."""
        if self._put and _plain(path) in self._put:
            return Kind.FILE
        try:
            mode = os.stat(self.host_path(path)).st_mode
        except (OSError, ValueError, Unreadable):
            return Kind.MISSING
        if stat.S_ISREG(mode):
            return Kind.FILE
        return Kind.DIRECTORY if stat.S_ISDIR(mode) else Kind.OTHER

    def is_link(self, path: str) -> bool:
        """Whether the last component of a path is a symbolic link."""
        parent, name = os.path.split(_plain(path))
        try:
            return os.path.islink(os.path.join(self.host_path(parent), name))
        except (ValueError, Unreadable):
            return False

    def names(self, path: str) -> list[str]:
        """Return a directory's entries in the byte order Apache sorts them.

        Raises:
            Unreadable: not a directory, or no permission to list it.
        """
        try:
            return sorted(os.listdir(self.host_path(path)), key=os.fsencode)
        except OSError as error:
            raise Unreadable(path, _reason(error)) from None
        except ValueError:
            raise Unreadable(path, _IMPOSSIBLE) from None

    def real(self, path: str) -> str:
        """Return the path with every link followed, inside the audited system."""
        try:
            host = os.path.realpath(self.host_path(path))
        except (OSError, ValueError, Unreadable):
            return path
        if self.root == "/":
            return host
        inside = os.path.relpath(host, os.path.realpath(self.root))
        return "/" if inside == "." else "/" + inside

    def files_read(self) -> tuple[str, ...]:
        """Return every file whose bytes were read, in the order they were first read."""
        return tuple(self._bytes)

    def host_path(self, path: str) -> str:
        """Return where a path of the audited system lies on this machine.

        Raises:
            Unreadable: a loop of links.
        """
        if self.root == "/":
            return path
        return _walk(self.root, path)

    def _read(self, path: str) -> bytes:
        try:
            host = self.host_path(path)
            # Before it is opened: that alone can start a device or wake the writer of a FIFO.
            self._check(path, os.stat(host))
            # Should it have become one since, O_NONBLOCK does not hang.
            handle = os.open(host, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise Unreadable(path, _reason(error)) from None
        except ValueError:
            raise Unreadable(path, _IMPOSSIBLE) from None
        try:
            self._check(path, os.fstat(handle))
            with os.fdopen(handle, "rb", closefd=False) as stream:
                data = stream.read(self.limits.file_bytes + 1)
        except OSError as error:
            raise Unreadable(path, _reason(error)) from None
        finally:
            os.close(handle)
        if len(data) > self.limits.file_bytes:
            raise Unreadable(path, f"is larger than {self.limits.file_bytes} bytes")
        return data

    def _check(self, path: str, facts: os.stat_result) -> None:
        if stat.S_ISDIR(facts.st_mode):
            raise Unreadable(path, "is a directory")
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable(path, "is not a regular file")
        if facts.st_size > self.limits.file_bytes:
            raise Unreadable(path, f"is larger than {self.limits.file_bytes} bytes")


def _plain(path: str) -> str:
    """Drop what means nothing in a path; ``..`` stays, behind a link it is not the name before."""
    return path if ".." in path.split("/") else os.path.normpath(path)


def _walk(root: str, path: str) -> str:
    """Follow ``path`` below ``root`` component by component, links included."""
    pending = [part for part in reversed(path.split("/")) if part not in ("", ".")]
    done: list[str] = []
    links = 0
    while pending:
        part = pending.pop()
        if part == "..":
            if done:
                done.pop()
            continue
        here = os.path.join(root, *done, part)
        try:
            target = os.readlink(here)
        except (OSError, ValueError):
            done.append(part)
            continue
        links += 1
        if links > _MAX_LINKS:
            raise Unreadable(path, "too many levels of symbolic links")
        if target.startswith("/"):
            done.clear()
        pending.extend(step for step in reversed(target.split("/")) if step not in ("", "."))
    return os.path.join(root, *done)


def _reason(error: OSError) -> str:
    reasons = {
        errno.ENOENT: "does not exist",
        errno.EACCES: "permission denied",
        errno.ENOTDIR: "is not a directory",
        errno.EISDIR: "is a directory",
        errno.ELOOP: "too many levels of symbolic links",
        errno.ENAMETOOLONG: "the name is too long",
    }
    return reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
