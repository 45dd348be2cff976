"""A resolved configuration for people: Apache's tree, or uWSGI's option list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from glance_audit.report.line import Line, Span, line


def lines(view: Mapping[str, Any]) -> Iterator[Line]:
    """Draw what ``resolve --format json`` prints: the configuration, then what was refused.

    Apache's directives are grouped under a comment with their file, each with its line number.
    """
    if view["kind"] == "uwsgi":
        for key, value in view["pairs"]:
            yield line(Span(key, "strong"), f" = {value}")
    elif view["tree"] is not None:
        yield from _tree(view["tree"])
    for error in view["errors"]:
        where = f"{error['file']}:{error['line']}" if error["line"] else error["file"]
        yield line(Span("refused: ", "error"), Span(where, "place"), f": {error['message']}")


def _tree(nodes: list[Mapping[str, Any]]) -> Iterator[Line]:
    file = ""
    pending: list[tuple[int, Mapping[str, Any] | str]] = [(0, node) for node in reversed(nodes)]
    while pending:
        depth, node = pending.pop()
        indent = "    " * depth
        if isinstance(node, str):
            yield line(f"{'':>7}{indent}{node}")
            continue
        if node["file"] != file:
            file = node["file"]
            yield line(Span(f"{'':>7}{indent}# {file}", "place"))
        name, args = node["directive"], node["args"]
        number = Span(f"{node['line']:>5}  ", "gutter")
        words = f" {args}" if args else ""
        if node["section"]:
            yield line(number, indent, Span(f"<{name}{words}>", "strong"))
            pending.append((depth, f"</{name}>"))
            pending += [(depth + 1, child) for child in reversed(node.get("children", []))]
        else:
            yield line(number, indent, Span(name, "strong"), words)
