"""Where a server spools uploads, and what is known of the room there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from glance_audit.files import Place
from glance_audit.record import NamedTuple
from glance_audit.storage import DirectoryFacts, format_size

# APR tries these variables, then these directories (apr_temp_dir_get, file_io/unix/tempdir.c);
# the order was measured: TMPDIR, TMP, TEMP.
VARIABLES = ("TMPDIR", "TMP", "TEMP")
DIRECTORIES = ("/tmp", "/usr/tmp", "/var/tmp")


class Wish(NamedTuple):
    """A directory asked for by an environment variable; ``place`` is the assignment."""

    variable: str
    directory: str
    place: Place


class Refusal(NamedTuple):
    """A wish the server silently passes over, and why.

    ``certain``: the files or the host prove it.
    """

    wish: Wish
    reason: str
    certain: bool


class Room(NamedTuple):
    """What is known of a directory's file system; sizes in bytes, None when unknown.

    ``source`` tells where from; ``place`` is the line that sets it, when a file does.
    """

    total: int | None = None
    free: int | None = None
    fstype: str | None = None
    source: str = "unknown"
    place: Place | None = None

    @property
    def in_memory(self) -> bool:
        """Whether the file system is RAM."""
        return self.fstype in ("tmpfs", "ramfs")

    @property
    def text(self) -> str:
        """The size as a person reads it."""
        if self.total is None:
            return "size unknown"
        return f"{format_size(self.total)} ({self.source})"


class Spool(NamedTuple):
    """A server's effective temporary directory.

    ``wish`` is the variable that decided, None when the fallback did. ``refused`` are the wishes
    that were passed over on the way. ``private`` means systemd's PrivateTmp replaces /tmp.
    """

    directory: str
    wish: Wish | None
    refused: tuple[Refusal, ...]
    room: Room
    private: Place | None = None

    @property
    def by(self) -> str:
        """What decided the directory."""
        return self.wish.variable if self.wish is not None else "default"


def choose_spool(
    wishes: Iterable[Wish],
    probe: Callable[[str], DirectoryFacts],
    room: Callable[[str], Room],
    private: Place | None = None,
    *,
    absolute: bool = False,
) -> Spool:
    """Follow APR's search: the first wish that is a writable directory, else the first fallback.

    A directory nothing is known about is believed; ``probe`` answers what is known. When every
    directory is refused the answer is /tmp. ``absolute``: the server has left the directory it was
    started in, so a relative one is found nowhere (measured: "TMPDIR relative").
    """
    refused: list[Refusal] = []
    for wish in wishes:
        if not wish.directory:
            continue  # an empty TMPDIR falls through without a word (measured)
        reason: tuple[str, bool] | None
        if absolute and not wish.directory.startswith("/"):
            reason = "is a relative path", True
        elif private is not None and _inside_private(wish.directory):
            reason = "lies in the private /tmp of the service, which is empty at its start", False
        else:
            reason = _unusable(probe(wish.directory))
        if reason is None:
            return Spool(
                wish.directory, wish, tuple(refused), room(wish.directory),
                private if _private(wish.directory) else None,
            )  # fmt: skip
        refused.append(Refusal(wish, *reason))
    usable = (path for path in DIRECTORIES if _unusable(probe(path)) is None)
    directory = next(usable, DIRECTORIES[0])
    return Spool(
        directory, None, tuple(refused), room(directory), private if _private(directory) else None
    )


def _unusable(facts: DirectoryFacts) -> tuple[str, bool] | None:
    if facts.exists is False:
        return "does not exist", True
    if facts.exists and facts.is_directory is False:
        return "is not a directory", True
    if facts.writable is False:
        return "is not writable for the server", True
    return None


def _private(directory: str) -> bool:
    """Whether PrivateTmp= puts another directory in its place."""
    return any(directory == own or directory.startswith(own + "/") for own in ("/tmp", "/var/tmp"))


def _inside_private(directory: str) -> bool:
    return _private(directory) and directory.rstrip("/") not in ("/tmp", "/var/tmp")
