"""``--watch``: audit again when a file of the deployment changes, until Ctrl-C."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import NoReturn

from glance_audit.audit.settings import NothingToAudit, UsageError
from glance_audit.cli.output import DRAFT
from glance_audit.cli.status import Refused
from glance_audit.files import FileSource
from glance_audit.record import NamedTuple
from glance_audit.report.escape import visible

_PATIENCE = 500  # milliseconds until the first "nothing yet", which tells that the watch is set
_TOGETHER = 200  # milliseconds in which several changes are one
_CLOCK = 20_000_000  # nanoseconds that the kernel's times of files lie behind the clock at most
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"

Once = Callable[[Callable[[FileSource], object]], object]


class Watched(NamedTuple):
    """What to wait for, as paths of this machine.

    A change of one of ``files`` counts (another file put in its place is one), and an entry that
    comes or goes in one of the directories ``listed``. ``ignored`` are the reports we write.
    """

    files: frozenset[str]
    listed: frozenset[str]
    ignored: frozenset[str]

    @property
    def directories(self) -> list[str]:
        """The directories to watch: a file that is replaced is another one, of the same name."""
        around = {os.path.dirname(file) for file in self.files}
        return sorted(filter(os.path.isdir, around | self.listed))

    def counts(self, path: str, *, modified: bool) -> bool:
        """Tell whether a change is one of the deployment."""
        if path in self.files:
            return True
        directory, name = os.path.split(path)
        ours = path in self.ignored or name.startswith(DRAFT)
        return not modified and not ours and directory in self.listed

    def changed_since(self, then: int) -> bool:
        """Tell whether a file, or a list of files, is newer than a time in nanoseconds."""
        ours = {os.path.dirname(path) for path in self.ignored}  # changed by our own reports
        return any(_changed(path) >= then for path in (*self.files, *(self.listed - ours)))


def watch(once: Once, outputs: Iterable[str], *, quiet: bool) -> NoReturn:
    """Audit by ``once``, which is given who follows the source, again and again.

    Raises:
        Refused: watchfiles is not installed, or as ``once`` does the first time.
        UsageError, NothingToAudit: as ``once`` does the first time; later they are told.
        KeyboardInterrupt: that is its end.
    """
    _check()
    gc.enable()  # this process does not end with the audit
    ignored = frozenset(map(os.path.realpath, outputs))
    watched: Watched | None = None
    while True:
        began = time.time_ns() - _CLOCK
        sources: list[FileSource] = []
        before = None
        try:
            once(sources.append)
        except (Refused, UsageError, NothingToAudit) as error:
            if watched is None:
                raise
            _say(visible(str(error).replace("\n", " ")))
            before = watched  # what it found then may come back
        found = [watched_of(source, ignored) for source in sources]
        watched = _all(found if before is None else [*found, before], ignored)
        _wait(watched, began, quiet=quiet)
        if sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
            sys.stdout.write(_CLEAR)
            sys.stdout.flush()


def watched_of(source: FileSource, ignored: frozenset[str] = frozenset()) -> Watched:
    """Return the files that were read, under the names they were opened by and their real ones."""
    root = source.root.rstrip("/")
    read = source.files_read()
    files = {f"{root}{path}" for file in read for path in (file, source.real(file))}
    listed = {f"{root}{source.real(path)}" for path in source.directories_listed()}
    return Watched(frozenset(files), frozenset(listed), ignored)


def _all(several: list[Watched], ignored: frozenset[str]) -> Watched:
    files = frozenset[str]().union(*(one.files for one in several))
    listed = frozenset[str]().union(*(one.listed for one in several))
    return Watched(files, listed, ignored)


def _wait(watched: Watched, began: int, *, quiet: bool) -> None:
    from watchfiles import Change
    from watchfiles import watch as changes_in

    told = False
    for changes in changes_in(
        *watched.directories,
        watch_filter=None, recursive=False, ignore_permission_denied=True,
        rust_timeout=_PATIENCE, yield_on_timeout=True, debounce=_TOGETHER,
    ):  # fmt: skip
        if not told:
            if watched.changed_since(began):  # between the audit and the watch
                return
            if not quiet:
                count = len(watched.files)
                _say(f"watching {count} file{'' if count == 1 else 's'}; Ctrl-C ends it")
            told = True
        if any(watched.counts(path, modified=one is Change.modified) for one, path in changes):
            return


def _check() -> None:
    try:
        import watchfiles  # noqa: F401
    except ModuleNotFoundError:
        raise Refused(
            "--watch needs the package watchfiles: pip install 'glance-audit[watch]'"
        ) from None


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_ctime_ns
    except OSError:  # gone
        return 0


def _say(text: str) -> None:
    print(f"glance-audit: {text}", file=sys.stderr, flush=True)
