"""The frozen cases: small trees, each with Apache 2.4.71's own view of it (``apache.json``)."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
CASES = sorted(path.name for path in CORPUS.iterdir())

# Refused only after the reading phase, by the directives themselves: a reader that executes
# nothing cannot see it, and reads on. The line that Apache names is still read as a directive.
WALK_PHASE = {
    "03_double_backslash_eol": "number of arguments",
    "05_cr_only": "number of arguments",
    "08_var_as_comment": "unknown directive",
    "39_trailing_comment_args": "number of arguments",
    "41_vhost_nested": "context",
    "43_bom": "unknown directive",
    "57_unknown_directive": "unknown directive",
    "64_error_directive": "the Error directive",
}

_INNERMOST = re.compile(r"Syntax error on line (\d+) of ((?:(?!: ).)+?)(?::|\Z)")


@dataclass(frozen=True)
class Case:
    """One case laid out under ``root``; ``expected`` is Apache's tree, None when it refused."""

    name: str
    root: Path
    defines: dict[str, None]
    environment: dict[str, str]
    expected: list[dict[str, Any]] | None
    refused_at: tuple[str, int] | None


def lay_out(name: str, tmp_path: Path) -> Case:
    """Copy a case's tree to a place of its own and put that place where ``@ROOT@`` stands."""
    root = tmp_path / "tree"
    shutil.copytree(CORPUS / name / "tree", root, symlinks=True)
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if b"@ROOT@" in data:
                path.write_bytes(data.replace(b"@ROOT@", str(root).encode()))
    text = (CORPUS / name / "apache.json").read_text("utf-8")
    view = json.loads(text)
    refusal = None
    if view["tree"] is None:
        line, file = _INNERMOST.findall(view["refusal"][0])[-1]
        refusal = (file.replace("@ROOT@", str(root)), int(line))
    return Case(
        name,
        root,
        dict.fromkeys([*view["defines"], "DUMP_CONFIG"]),
        {"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", **view["environment"]},
        _placed(view["tree"], str(root)),
        refusal,
    )


def _placed(nodes: list[dict[str, Any]] | None, root: str) -> list[dict[str, Any]] | None:
    if nodes is None:
        return None
    for node in nodes:
        node["file"] = node["file"].replace("@ROOT@", root)
        node["args"] = node["args"].replace("@ROOT@", root)
        if node["section"]:
            node["children"] = _placed(node.get("children", []), root)
    return nodes


def comparable(nodes: list[dict[str, Any]] | None) -> list[tuple[Any, ...]] | None:
    """Return a tree without the spelling of names: Apache prints its own, not the file's."""
    if nodes is None:
        return None
    return [
        (
            node["directive"].lower(),
            node["section"],
            node["args"],
            node["file"],
            node["line"],
            comparable(node.get("children", [])),
        )
        for node in nodes
    ]
