"""A line on standard error while an audit takes its time."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING

from glance_audit.files import FileSource

if TYPE_CHECKING:
    from threading import Event, Thread

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
        self._running: tuple[Thread, Event] | None = None

    def follow(self, source: FileSource) -> None:
        """Tell whose files are counted."""
        self._source = source

    def __enter__(self) -> Progress:
        if self._watched:
            from threading import Event, Thread  # only for somebody who watches

            done = Event()
            thread = Thread(target=self._show, args=(done,), daemon=True)
            self._running = (thread, done)
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running is not None:
            thread, done = self._running
            done.set()
            thread.join()

    def _show(self, done: Event) -> None:
        if done.wait(PATIENCE):
            return
        while True:
            count = self._source.count if self._source is not None else 0
            files = "file" if count == 1 else "files"
            sys.stderr.write(f"\rglance-audit: {count:,} {files} read, auditing \x1b[K")
            sys.stderr.flush()
            if done.wait(_PAUSE):
                break
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
