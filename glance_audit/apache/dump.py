"""The resolved tree as ``apache2 -t -D DUMP_CONFIG`` shows it, as JSON-ready data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from glance_audit.apache.config import ApacheConfig
from glance_audit.apache.directive import Directive


def to_json(config: ApacheConfig) -> dict[str, Any]:
    """Return ``{"kind", "tree", "errors"}``; the tree is None when Apache would refuse."""
    return {
        "kind": "apache",
        "tree": None if config.refused else _nodes(config.directives),
        "errors": [
            {"file": p.place.file, "line": p.place.end_line or p.place.line, "message": p.message}
            for p in config.problems
            if p.fatal
        ],
    }


def _nodes(directives: Sequence[Directive]) -> list[dict[str, Any]]:
    """Turn the tree over without recursion: the depth is the audited tree's to choose."""
    top: list[dict[str, Any]] = []
    pending: list[tuple[Sequence[Directive], list[dict[str, Any]]]] = [(directives, top)]
    while pending:
        level, nodes = pending.pop()
        for directive in level:
            node: dict[str, Any] = {
                "directive": directive.name,
                "section": directive.section,
                "args": directive.args,
                "file": directive.dump_file,
                "line": directive.dump_line,
            }
            nodes.append(node)
            if directive.section:
                node["children"] = []
                pending.append((directive.children, node["children"]))
    return top
