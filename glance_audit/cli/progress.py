"""A line on standard error while an audit takes its time."""

from __future__ import annotations

import sys
from threading import Event, Thread
from types import TracebackType

from glance_audit.files import FileSource

PATIENCE = 1.0  # seconds in which nothing is said
_PAUSE = 0.2


class Progress:
    """Shows how many files were read, from a second on, when a person watches.

    A context manager: on the way out the line is gone. Nothing is written to what is no terminal.
    """

    def __init__(self, *, wanted: bool) -> None:
        stream = sys.stderr
        self._watched = wanted and stream is not None and stream.isatty()
        self._source: FileSource | None = None
        self._done = Event()
        self._thread: Thread | None = None

    def follow(self, source: FileSource) -> None:
        """Tell whose files are counted."""
        self._source = source

    def __enter__(self) -> Progress:
        if self._watched:
            self._thread = Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _show(self) -> None:
        if self._done.wait(PATIENCE):
            return
        while True:
            count = self._source.count if self._source is not None else 0
            files = "file" if count == 1 else "files"
            sys.stderr.write(f"\rglance-audit: {count:,} {files} read, auditing \x1b[K")
            sys.stderr.flush()
            if self._done.wait(_PAUSE):
                break
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
