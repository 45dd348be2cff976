"""Comments of a file and what they stand before, whatever the format: it tells its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from glance_audit.files.place import Place
from glance_audit.record import NamedTuple

BLANKS = " \t\r"
# What begins a comment, or frames it as in XML.
_FRAME = re.compile(r"(?:<!--|[#;])[#; \t]*")
_END = re.compile(r"[ \t]*-->\Z")


class Closes(Enum):
    """What a row does to the section that is open: it is its last one, or no more in it."""

    WITH = "with"
    BEFORE = "before"


class Row(NamedTuple):
    """A line of a file that is not blank, with its continuations, stripped.

    ``first`` and ``last`` are its physical lines, ``column`` where it starts. A row that ``opens``
    a section belongs to it.
    """

    first: int
    last: int
    column: int
    text: str
    comment: bool
    opens: bool = False
    closes: Closes | None = None


class Comment(NamedTuple):
    """A comment: its ``text`` without what makes it one, which starts ``skipped`` behind its place.

    ``first`` and ``last`` are the lines of what it stands before: one directive or option, or a
    section as a whole, and ``before`` is the row that begins with; when nothing follows they are 0
    and None. One that is not ``alone`` stands behind something on its line, where most formats
    have no comments.
    """

    text: str
    skipped: int
    place: Place
    first: int = 0
    last: int = 0
    section: bool = False
    before: Place | None = None
    alone: bool = True


def comments_with(name: str, file: str, rows: Iterable[Row]) -> list[Comment]:
    """Return the comments that begin with a name, in the order of the file."""
    found: list[Comment] = []
    pending: list[Comment] = []
    opened: list[list[Comment]] = []
    last = 0

    def close(end: int) -> None:
        found.extend(one._replace(last=end, section=True) for one in opened.pop())

    for row in rows:
        if row.comment:
            # In between it ends nothing, and is no part of what it may stand behind.
            comment = _named(name, file, row)
            if comment is not None:
                pending.append(comment)
            continue
        if name in row.text:
            found.extend(_behind(name, file, row))
        if row.closes is Closes.BEFORE and opened:
            close(last)
        if row.closes is not Closes.WITH:
            end = row.column + len(row.text) if row.first == row.last else row.column
            before = Place(file, row.first, row.column, row.first, end)
            pending = [
                one._replace(first=row.first, last=row.last, before=before) for one in pending
            ]
        # What stands before the end of a section stands before nothing.
        if row.opens:
            opened.append(pending)
        else:
            found += pending
        pending = []
        if row.closes is Closes.WITH and opened:
            close(row.last)
        last = row.last
    while opened:
        close(last)
    return sorted([*found, *pending], key=lambda one: (one.place.line, one.place.column))


def _named(name: str, file: str, row: Row) -> Comment | None:
    if name not in row.text:
        return None
    frame = _FRAME.match(row.text)
    skipped = frame.end() if frame is not None else 0
    text = _END.sub("", row.text[skipped:])
    if not text.startswith(name):
        return None
    end = row.column + len(row.text)
    return Comment(text, skipped, Place(file, row.first, row.column, row.last, end))


def _behind(name: str, file: str, row: Row) -> Iterator[Comment]:
    match = re.search(rf"(?<=[ \t])[#;][#; \t]*(?={re.escape(name)})", row.text)
    if match is not None and row.first == row.last:
        text = row.text[match.end() :]
        column = row.column + match.start()
        place = Place(file, row.first, column, row.last, row.column + len(row.text))
        yield Comment(text, match.end() - match.start(), place, row.first, row.last, alone=False)


def ini_rows(
    lines: Iterable[str],
    marks: str = "#;",
    *,
    blanks: str = BLANKS,
    headers: bool = True,
    continued: bool = False,
) -> Iterator[Row]:
    """Yield the rows of a file of ``name = value`` lines below ``[headers]``.

    ``marks`` begin comments. With ``continued`` a backslash at a line's end joins it with the next
    one, comments in between left out.
    """
    open_row: Row | None = None
    for number, raw in enumerate(lines, 1):
        left = raw.lstrip(blanks)
        text = left.rstrip(blanks)
        if open_row is not None and text[:1] not in tuple(marks):
            open_row = open_row._replace(last=number)
            if not text.endswith("\\"):
                yield open_row
                open_row = None
            continue
        if not text:
            continue
        comment = text[0] in marks
        header = headers and text[0] == "["
        row = Row(
            number, number, len(raw) - len(left) + 1, text, comment, header,
            Closes.BEFORE if header else None,
        )  # fmt: skip
        if continued and not comment and text.endswith("\\"):
            open_row = row
        else:
            yield row
    if open_row is not None:
        yield open_row
