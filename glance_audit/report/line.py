"""A line of a text report: spans of text with the name of a style, before any terminal is known."""

from __future__ import annotations

from collections.abc import Iterable

from glance_audit.record import NamedTuple
from glance_audit.report.escape import visible

# The styles: what the text is, not what it looks like. The words tell the same without them.
STYLES = (
    "", "error", "warning", "info", "strong", "gutter", "related", "place", "dim", "glance", "good"
)  # fmt: skip


class Span(NamedTuple):
    """A stretch of a line; ``style`` is one of ``STYLES``, ``link`` an address of our own or empty.

    Nothing from the audited files is ever an address.
    """

    text: str
    style: str = ""
    link: str = ""


Line = tuple[Span, ...]
BLANK: Line = ()


def line(*parts: str | Span) -> Line:
    """Make a line; nothing invisible from audited files gets further than here."""
    spans = (part if isinstance(part, Span) else Span(part) for part in parts)
    return tuple(span._replace(text=visible(span.text)) for span in spans if span.text)


def plain(lines: Iterable[Line]) -> str:
    """Return lines as text without styles, each with a line end."""
    return "".join("".join(span.text for span in one).rstrip(" ") + "\n" for one in lines)


def cells(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width  # rare, and a library of its own

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrap(text: str, width: int, first: int = 0) -> list[str]:
    """Break prose between words into lines of ``width`` columns; ``first`` are taken already.

    A word that is longer than a line (an address, a path) stays whole.
    """
    rows: list[str] = []
    row, room = "", width - first
    for word in text.split(" "):
        if not word:
            continue
        if row and cells(row) + 1 + cells(word) > room:
            rows.append(row)
            row, room = word, width
        elif not row and not rows and first and cells(word) > room and cells(word) <= width:
            rows.append("")
            row, room = word, width
        else:
            row = f"{row} {word}" if row else word
    return [*rows, row]


def prose(lead: Iterable[Span], text: str, width: int, indent: int, style: str = "") -> list[Line]:
    """Return ``lead`` and a text wrapped behind it, its further lines indented."""
    lead = tuple(lead)
    taken = sum(cells(span.text) for span in lead)
    rows = wrap(visible(text), max(width - indent, 20), max(taken - indent, 0))
    pad = " " * indent
    lines = [line(*lead, Span(rows[0], style))]
    lines += [line(pad, Span(row, style)) for row in rows[1:]]
    return lines
