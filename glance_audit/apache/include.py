"""Include and IncludeOptional: which files a path or glob brings in, in Apache's order.

server/config.c ``ap_process_fnmatch_configs``: the pattern is taken component by component,
entries are sorted by bytes, a leading dot needs a dot, a directory is included with everything
in it, hidden files too.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from glance_audit.files import FileSource, Kind, Unreadable

DIRECTORY_DEPTH = 20  # AP_MAX_INCLUDE_DIR_DEPTH


class IncludeFailed(Exception):
    """An include that Apache refuses; ``missing`` tells an absent target from other reasons."""

    def __init__(self, message: str, *, missing: bool) -> None:
        super().__init__(message)
        self.message = message
        self.missing = missing


def included_files(source: FileSource, path: str, *, optional: bool) -> Iterator[str]:
    """Yield the files an absolute path or glob stands for.

    Raises:
        IncludeFailed: nothing matches and it is not optional, or a directory cannot be read.
    """
    if not has_wildcard(path):
        yield from _plain(source, path, optional, 0)
        return
    yield from _matching(source, "/", path.lstrip("/"), optional)


def has_wildcard(pattern: str) -> bool:
    """As apr_fnmatch_test: ``*``, ``?``, or a ``[`` that is closed."""
    return any(c in pattern for c in "*?") or re.search(r"\[[^\]]*\]", pattern) is not None


def _plain(source: FileSource, path: str, optional: bool, depth: int) -> Iterator[str]:
    kind = source.kind(path)
    if kind is Kind.DIRECTORY:
        if depth > DIRECTORY_DEPTH:
            raise IncludeFailed(
                f"Directory {path} exceeds the maximum include directory nesting level of "
                f"{DIRECTORY_DEPTH}",
                missing=False,
            )
        for name in _names(source, path):
            yield from _plain(source, posixpath.join(path, name), optional, depth + 1)
    elif kind is Kind.MISSING:
        if not optional or source.is_link(path) is None:
            raise IncludeFailed(
                f"Could not open configuration file {path}: No such file or directory",
                missing=True,
            )
    else:
        yield path


def _matching(source: FileSource, base: str, pattern: str, optional: bool) -> Iterator[str]:
    component, slash, rest = pattern.partition("/")
    rest = rest.lstrip("/")
    if not has_wildcard(component):
        path = posixpath.join(base, component)
        if slash and rest:
            yield from _matching(source, path, rest, optional)
        else:
            yield from _plain(source, path, optional, 0)
        return
    if source.kind(base) is Kind.MISSING:
        if optional:
            return
        raise IncludeFailed(
            f"Could not open config directory {base}: No such file or directory", missing=True
        )
    compiled = _compile(component)
    matches = [
        posixpath.join(base, name)
        for name in _names(source, base)
        if compiled.match(name) and not (name.startswith(".") and component[0] != ".")
    ]
    if rest:
        # A link in the middle is not a directory to readdir, so Apache passes it over.
        matches = [p for p in matches if source.kind(p) is Kind.DIRECTORY and not source.is_link(p)]
    if not matches and not optional:
        raise IncludeFailed(
            f"No matches for the wildcard '{component}' in '{base}', failing "
            "(use IncludeOptional if required)",
            missing=True,
        )
    for path in sorted(matches, key=os.fsencode):
        if rest:
            yield from _matching(source, path, rest, optional)
        else:
            yield from _plain(source, path, optional, 0)


def _names(source: FileSource, path: str) -> list[str]:
    try:
        return source.names(path)
    except Unreadable as error:
        raise IncludeFailed(
            f"Could not open config directory {path}: {error.reason}", missing=False
        ) from None


@lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    """Translate one component of an apr_fnmatch pattern."""
    out = []
    index = 0
    while index < len(pattern):
        character = pattern[index]
        index += 1
        if character == "*":
            out.append(".*")
        elif character == "?":
            out.append(".")
        elif character == "\\" and index < len(pattern):
            out.append(re.escape(pattern[index]))
            index += 1
        elif character == "[":
            end = pattern.find("]", index + 1)
            if end < 0:
                out.append(r"\[")
                continue
            body = pattern[index:end]
            negated = body[:1] in ("!", "^")
            inner = body[1:] if negated else body
            inner = re.sub(r"([\\\[\]^&~|])", r"\\\1", inner)
            out.append(f"[{'^' if negated else ''}{inner}]")
            index = end + 1
        else:
            out.append(re.escape(character))
    try:
        return re.compile("(?s:" + "".join(out) + r")\Z")
    except re.error:
        return re.compile(re.escape(pattern) + r"\Z")
