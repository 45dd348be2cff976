"""Reading the audited system, below one root and within bounds."""

from __future__ import annotations

import errno
import os
import stat
from enum import Enum

from glance_audit.files.tree import Confined, LinkLoop, Machine, Tree
from glance_audit.record import NamedTuple

_LOOP = "too many levels of symbolic links"
_IMPOSSIBLE = "no path can contain a NUL byte or a lone half of a character"


class Kind(Enum):
    """What a path is once links are followed."""

    MISSING = "missing"
    FILE = "file"
    DIRECTORY = "directory"
    OTHER = "other"


class Limits(NamedTuple):
    """Bounds on what is read; each refusal is reported, never silent."""

    file_bytes: int = 16 * 1024 * 1024
    files: int = 200_000
    bytes: int = 256 * 1024 * 1024


class Unreadable(Exception):
    """A path that could not be read: ``path`` in the audited system and ``reason`` for a person.

    ``ours``: the server may well read it; a permission or a bound of this audit is in the way.
    """

    def __init__(self, path: str, reason: str, *, ours: bool = False) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.ours = ours


class FileSource:
    """The files of one audited system.

    Paths are absolute inside that system. With a ``root`` other than ``/`` every link is followed
    inside the root, as ``chroot`` would: absolute targets start at the root again and ``..`` stops
    there, so nothing outside is ever opened. Only regular files are read. Nothing is executed.
    """

    def __init__(self, root: str = "/", limits: Limits | None = None) -> None:
        self.root = os.path.abspath(root)
        self.limits = limits or Limits()
        self._tree: Tree = Machine() if self.root == "/" else Confined(self.root)
        self._text: dict[str, str] = {}
        self._bytes: dict[str, bytes] = {}
        self._read: dict[str, None] = {}
        self._listed: dict[str, None] = {}
        self._left = self.limits.bytes
        self._put: set[str] = set()
        self._regular: set[str] = set()
        self._real: dict[str, str] = {}

    def read(self, path: str) -> bytes:
        """Return the bytes of a regular file.

        Raises:
            Unreadable: missing, not a regular file, too large, no permission, a link loop.
        """
        path = self._stood_for(_plain(path))
        known = self._bytes.get(path)
        if known is None:
            text = self._text.get(path)
            known = self._take(path) if text is None else text.encode("utf-8", "surrogateescape")
            self._bytes[path] = known
        return known

    def text(self, path: str) -> str:
        """Return a file as UTF-8 text in which every other byte survives as a lone surrogate.

        Raises:
            Unreadable: as :meth:`read`.
        """
        known = self._text.get(path)
        if known is not None and not self._put:
            return known
        path = self._stood_for(_plain(path))
        known = self._text.get(path)
        if known is None:
            data = self._bytes.get(path)
            known = (self._take(path) if data is None else data).decode("utf-8", "surrogateescape")
            self._text[path] = known
        return known

    def put(self, path: str, text: str) -> None:
        """Let a text stand for a file, whether it is there or not: standard input's."""
        path = self.real(_plain(path))
        self._text[path] = text
        self._read[path] = None
        self._put.add(path)

    def _stood_for(self, path: str) -> str:
        """Return the path of the text that stands for a file, also behind a link, else the path."""
        if not self._put:
            return path
        real = self.real(path)
        return real if real in self._put else path

    def kind(self, path: str) -> Kind:
        """Say what a path is, following links; an unreachable path is MISSING."""
        if path in self._regular or (self._put and self._stood_for(_plain(path)) in self._put):
            return Kind.FILE
        try:
            mode = self._tree.stat(path).st_mode
        except (OSError, ValueError, LinkLoop):
            return Kind.MISSING
        if stat.S_ISREG(mode):
            return Kind.FILE
        return Kind.DIRECTORY if stat.S_ISDIR(mode) else Kind.OTHER

    def is_link(self, path: str) -> bool:
        """Whether the last component of a path is a symbolic link."""
        try:
            return path not in self._regular and self._tree.is_link(_plain(path))
        except (OSError, ValueError, LinkLoop):
            return False

    def names(self, path: str) -> list[str]:
        """Return a directory's entries in the byte order Apache sorts them.

        Raises:
            Unreadable: not a directory, or no permission to list it.
        """
        try:
            entries = self._tree.entries(path)
        except OSError as error:
            raise _unreadable(path, error) from None
        except ValueError:
            raise Unreadable(path, _IMPOSSIBLE) from None
        except LinkLoop:
            raise Unreadable(path, _LOOP) from None
        self._listed[path] = None
        base = path.rstrip("/")
        self._regular.update(f"{base}/{name}" for name, regular in entries if regular)
        names = [name for name, _ in entries]
        plain = all(name.isascii() for name in names)
        return sorted(names) if plain else sorted(names, key=os.fsencode)

    def real(self, path: str) -> str:
        """Return the path with every link followed, inside the audited system."""
        try:
            if path not in self._regular:
                return self._tree.real(path)
            # No link itself, so it lies where its directory does.
            parent, _, name = path.rpartition("/")
            known = self._real.get(parent)
            if known is None:
                known = self._real[parent] = self._tree.real(parent or "/").rstrip("/")
            return f"{known}/{name}"
        except (OSError, ValueError, LinkLoop):
            return path

    @property
    def count(self) -> int:
        """How many files were read so far."""
        return len(self._read)

    def files_read(self) -> tuple[str, ...]:
        """Return every file whose bytes were read, in the order they were first read."""
        return tuple(self._read)

    def directories_listed(self) -> tuple[str, ...]:
        """Return every directory whose entries were asked for, in the order of the first time."""
        return tuple(self._listed)

    def _take(self, path: str) -> bytes:
        """Read a file that was not read before."""
        if len(self._read) >= self.limits.files:
            raise Unreadable(
                path, f"more than {self.limits.files} files were read; stopped here", ours=True
            )
        try:
            if path not in self._regular:
                # Before it is opened: that alone can start a device or wake the writer of a FIFO.
                self._check(path, self._tree.stat(path))
            # Should it have become one since, O_NONBLOCK does not hang.
            handle = self._tree.open(path)
            try:
                data = self._content(path, handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise _unreadable(path, error) from None
        except ValueError:
            raise Unreadable(path, _IMPOSSIBLE) from None
        except LinkLoop:
            raise Unreadable(path, _LOOP) from None
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable(
                path, f"more than {self.limits.bytes} bytes were read; stopped here", ours=True
            )
        self._read[path] = None
        return data

    def _content(self, path: str, handle: int) -> bytes:
        facts = os.fstat(handle)
        self._check(path, facts)
        # One byte more than there should be: a file of /proc says 0, and one may be growing.
        data = os.read(handle, (facts.st_size or self.limits.file_bytes) + 1)
        if facts.st_size == 0 and data:
            while len(data) <= self.limits.file_bytes and (more := os.read(handle, 1 << 16)):
                data += more
        elif len(data) != facts.st_size:
            raise Unreadable(path, "changed while it was read; audit again", ours=True)
        if len(data) > self.limits.file_bytes:
            raise Unreadable(path, f"is larger than {self.limits.file_bytes} bytes", ours=True)
        return data

    def _check(self, path: str, facts: os.stat_result) -> None:
        if stat.S_ISDIR(facts.st_mode):
            raise Unreadable(path, "is a directory")
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable(path, "is not a regular file")
        if facts.st_size > self.limits.file_bytes:
            raise Unreadable(path, f"is larger than {self.limits.file_bytes} bytes", ours=True)


def _plain(path: str) -> str:
    """Drop what means nothing in a path; ``..`` stays, behind a link it is not the name before."""
    if "//" not in path and "/." not in path and path[-1:] != "/":
        return path
    return path if ".." in path.split("/") else os.path.normpath(path)


def _unreadable(path: str, error: OSError) -> Unreadable:
    return Unreadable(path, _reason(error), ours=error.errno == errno.EACCES)


def _reason(error: OSError) -> str:
    reasons = {
        errno.ENOENT: "does not exist",
        errno.EACCES: "permission denied",
        errno.ENOTDIR: "is not a directory",
        errno.EISDIR: "is a directory",
        errno.ELOOP: _LOOP,
        errno.ENAMETOOLONG: "the name is too long",
    }
    return reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
