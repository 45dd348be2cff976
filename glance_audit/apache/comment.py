"""The rows of a file of Apache's, comments among them."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.apache.scanner import BLANKS
from glance_audit.files.comment import Closes, Row


def comment_rows(text: str) -> Iterator[Row]:
    """Yield the lines of a file joined as Apache joins them, which it does before it looks for #.

    Any section is told by its angle bracket: conditions and macros are as good as containers.
    """
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        first = index
        while index + 1 < len(lines) and lines[index].removesuffix("\r").endswith("\\"):
            index += 1
        left = lines[first].lstrip(BLANKS)
        column = len(lines[first]) - len(left) + 1
        if first < index:
            pieces = [line.removesuffix("\r")[:-1] for line in lines[first:index]]
            left = "".join((*pieces, lines[index])).lstrip(BLANKS)
        joined = left.rstrip(BLANKS)
        index += 1
        if not joined:
            continue
        opens = joined[0] == "<" and joined[1:2] != "/"
        closes = Closes.WITH if joined.startswith("</") else None
        yield Row(first + 1, index, column, joined, joined[0] == "#", opens, closes)
