"""A small tree for one test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from glance_audit.apache import ApacheConfig, Directive, resolve
from glance_audit.files import FileSource, Place

# Apache loads what the trees of this project name; here the names are all that matters.
MACRO = "LoadModule macro_module modules/mod_macro.so\n"


def read(
    root: Path, text: str, files: dict[str, str] | None = None, **options: Any
) -> ApacheConfig:
    """Write ``httpd.conf`` and other files below ``root`` and resolve it."""
    for name, content in ({"httpd.conf": text} | (files or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    options = {"server_root": str(root)} | options
    return resolve(FileSource(), f"{root}/httpd.conf", **options)


def plain(config: ApacheConfig) -> list[str]:
    """Return the tree as lines, indented by depth."""
    lines: list[str] = []

    def add(directives: Sequence[Directive], depth: int) -> None:
        for one in directives:
            name = f"<{one.name} {one.args}>" if one.section else f"{one.name} {one.args}"
            lines.append("  " * depth + name.rstrip())
            add(one.children, depth + 1)

    add(config.directives, 0)
    return lines


def messages(config: ApacheConfig) -> list[tuple[int, str]]:
    """Return each problem's first line and message."""
    return [(problem.place.line, problem.message) for problem in config.problems]


def span(place: Place) -> tuple[int, int, int, int]:
    """Return a place without its file."""
    return place.line, place.column, place.end_line, place.end_column


def text_at(content: str, place: Place) -> str:
    """Return the stretch of a file's text that a place of one line names."""
    assert place.line == place.end_line
    return content.split("\n")[place.line - 1][place.column - 1 : place.end_column - 1]
