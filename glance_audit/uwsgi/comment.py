"""The rows of a configuration of uWSGI's, comments among them. JSON has none."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.files.comment import BLANKS, Closes, Row, ini_rows
from glance_audit.uwsgi.syntax import format_by_name


def comment_rows(file: str, text: str) -> Iterator[Row]:
    """Yield the lines of a file by the format its name stands for; one without a name is ini."""
    lines = text.split("\n")
    match format_by_name(file):
        case "yaml":
            yield from _yaml_rows(lines)
        case "xml":
            yield from _plain_rows(lines, "<!--")
        case "json":
            pass
        case _:
            yield from ini_rows(lines)


def _yaml_rows(lines: list[str]) -> Iterator[Row]:
    """Take each key without indentation for a block; ``---`` and directives are nothing."""
    for row in _plain_rows(lines, "#"):
        outermost = row.column == 1 and not row.comment and row.text[0] != "-"
        if row.text.startswith(("---", "%")):
            continue
        opens = outermost and row.text.partition(" #")[0].rstrip(BLANKS).endswith(":")
        yield row._replace(opens=opens, closes=Closes.BEFORE if outermost else None)


def _plain_rows(lines: list[str], mark: str) -> Iterator[Row]:
    for number, raw in enumerate(lines, 1):
        text = raw.strip(BLANKS)
        if text and not text.startswith("<?"):
            column = raw.index(text) + 1
            yield Row(number, number, column, text, text.startswith(mark))
