"""glob(3) over the audited files, for ``for-glob``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from glance_audit.files import FileSource, Kind, Unreadable

_CLASS = re.compile(r"\[[!^]?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)


def glob(source: FileSource, pattern: str, cwd: str) -> list[str]:
    """Return the matching names as ``GLOB_MARK | GLOB_NOCHECK`` does.

    Directories end in ``/``; without any match the pattern itself is the result. Relative
    patterns start at ``cwd`` and give relative names.
    """
    head = "/" if pattern.startswith("/") else ""
    steps = [step for step in pattern.split("/") if step]
    if not steps:
        return [pattern]
    found = sorted(
        _walk(source, head, steps, cwd), key=lambda name: name.encode("utf-8", "replace")
    )
    return found or [pattern]


def _walk(source: FileSource, head: str, steps: list[str], cwd: str) -> Iterator[str]:
    step, rest = steps[0], steps[1:]
    for name in _names(source, head, step, cwd):
        kind = source.kind(_absolute(head + name, cwd))
        if not rest:
            if kind is not Kind.MISSING:
                yield head + name + ("/" if kind is Kind.DIRECTORY else "")
        elif kind is Kind.DIRECTORY:
            yield from _walk(source, f"{head}{name}/", rest, cwd)


def _names(source: FileSource, head: str, step: str, cwd: str) -> list[str]:
    if not any(character in step for character in "*?[\\"):
        return [step]
    matches = re.compile(_expression(step), re.DOTALL).fullmatch
    try:
        names = source.names(_absolute(head, cwd))
    except Unreadable:
        return []
    hidden = step.startswith(".")
    return [name for name in names if (hidden or not name.startswith(".")) and matches(name)]


def _absolute(name: str, cwd: str) -> str:
    return name if name.startswith("/") else f"{cwd}/{name}"


def _expression(step: str) -> str:
    """Translate one component; stars that follow each other are one, so matching stays quick."""
    parts: list[str] = []
    index = 0
    while index < len(step):
        character = step[index]
        index += 1
        if character == "*":
            if not parts or parts[-1] != ".*":
                parts.append(".*")
        elif character == "?":
            parts.append(".")
        elif character == "[" and (match := _CLASS.match(step, index - 1)):
            index = match.end()
            inner = match.group()[1:-1]
            negated = inner[:1] in ("!", "^")
            members = re.sub(r"([\[\]\\^&|~])", r"\\\1", inner[1:] if negated else inner)
            try:
                re.compile(f"[{members}]")
            except re.error:
                members = re.escape(inner)
            parts.append(f"[{'^' if negated else ''}{members}]")
        else:
            if character == "\\" and index < len(step):
                character = step[index]
                index += 1
            parts.append(re.escape(character))
    return "".join(parts)
