"""Files that are no text, by the NUL bytes in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glance_audit.files import FileSource, Place, Problem, ProblemKind, Unreadable


def binary_files(source: FileSource, files: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each file that holds NUL bytes, at the line of the first.

    Apache and uWSGI start all the same: a line ends for them where its first NUL is.
    """
    for file in files:
        try:
            text = source.text(file)
        except Unreadable:  # told where it was to be read
            continue
        at = text.find("\0")
        if at < 0:
            continue
        line = text.count("\n", 0, at) + 1
        column = at - text.rfind("\n", 0, at)
        yield Problem(
            ProblemKind.UNREADABLE,
            "the file holds NUL bytes and is no text; a server reads each line up to its first one",
            Place(file, line, column, line, column + 1),
            "restore the file, or take the bytes out: nobody sees in an editor what lies behind",
            fatal=False,
        )
