"""The rows of a file of oslo.config's, comments among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.files.comment import Closes, Row

_LINE_END = re.compile(r"\r\n|\r|\n")


def comment_rows(text: str) -> Iterator[Row]:
    """Yield the lines of a file; an indented one goes on with the option above, also with a #."""
    row: Row | None = None
    for number, raw in enumerate(_LINE_END.split(text), 1):
        line = raw.rstrip()
        if not line:
            continue
        if line[0] in " \t" and row is not None and not row.comment and not row.opens:
            row = row._replace(last=number)
            continue
        if row is not None:
            yield row
        header = line[0] == "["
        closes = Closes.BEFORE if header else None
        row = Row(number, number, 1, line, line[0] in "#;", header, closes)
    if row is not None:
        yield row
