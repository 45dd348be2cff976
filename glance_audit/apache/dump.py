"""The resolved tree as ``apache2 -t -D DUMP_CONFIG`` shows it, as JSON-ready data."""

from __future__ import annotations

from typing import Any

from glance_audit.apache.config import ApacheConfig
from glance_audit.apache.directive import Directive


def to_json(config: ApacheConfig) -> dict[str, Any]:
    """Return ``{"kind", "tree", "errors"}``; the tree is None when Apache would refuse."""
    return {
        "kind": "apache",
        "tree": None if config.refused else [_node(one) for one in config.directives],
        "errors": [
            {"file": p.place.file, "line": p.place.end_line or p.place.line, "message": p.message}
            for p in config.problems
            if p.fatal
        ],
    }


def _node(directive: Directive) -> dict[str, Any]:
    node: dict[str, Any] = {
        "directive": directive.name,
        "section": directive.section,
        "args": directive.args,
        "file": directive.dump_file,
        "line": directive.dump_line,
    }
    if directive.section:
        node["children"] = [_node(child) for child in directive.children]
    return node
